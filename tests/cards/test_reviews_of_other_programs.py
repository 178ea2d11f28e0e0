"""What other programs write about their reviews is on no card, and says nothing about which note it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from ankigen.data import Note
from ankigen.source import load
from tests.helpers.building import NOON
from tests.helpers.pages import complaints, sides

SR = "<!--SR:!2024-01-01,3,250!2000-01-01,1,250-->"
FSRS = "<!--SR:!fsrs,2026-10-23T00:00:00.000Z,8,8.2956,2.5,2,3,1,0,2026-10-15T00:00:00.000Z-->"
PLAIN = "- What bends light? #card\n\t- A lens\n"


def notes_of(folder: Path, name: str, text: str, tool: str) -> tuple[Note, ...]:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, "utf-8")
    (folder / "ankigen.toml").write_text(f'schedule = "{tool}"\n', "utf-8")
    return load(folder, NOON).notes


def due(note: Note) -> list[tuple[int, str]]:
    return [(ordinal, schedule.due.isoformat()) for ordinal, schedule in note.schedules]


@pytest.mark.parametrize("comment", [SR, FSRS])
@pytest.mark.parametrize(
    "text",
    [
        "- What bends light? #card {}\n\t- A lens\n",
        "- What bends light? {} #card\n\t- A lens\n",
        "- What bends light? #card\n  {}\n\t- A lens\n",
        "- What bends light? #card\n\t- A lens {}\n",
        "- What bends light? #card\n\t- A lens\n\t  {}\n",
        "- What bends light? #card\n\t- A lens {} ^a1b2c3\n",
        "- What bends light? #card\n\t- A lens\n\t- {}\n",
    ],
)
def test_a_comment_of_obsidians_plugin_is_not_shown_and_is_no_part_of_the_note(
    tmp_path: Path, text: str, comment: str
) -> None:
    [plain] = notes_of(tmp_path / "plain", "optics.md", PLAIN, "obsidian")
    [reviewed] = notes_of(tmp_path / "reviewed", "optics.md", text.format(comment), "obsidian")
    assert reviewed.content == plain.content
    assert reviewed.identity.question_digest == plain.identity.question_digest
    assert reviewed.identity.answer_digest == plain.identity.answer_digest


@pytest.mark.parametrize(
    "text",
    [
        "- What bends light? #card {}\n\t- A lens\n",
        "- What bends light? #card\n  {}\n\t- A lens\n",
        "- What bends light? #card\n\t- A lens {}\n",
        "- What bends light? #card\n\t- A lens\n\t\t- of glass\n\t\t  {} ^a1b2c3\n",
        "- What bends light? #card\n\t- ```\n\t  lens\n\t  ```\n\t  {}\n",
        "- What bends light? #card\n\t- ```\n\t  lens\n\t  ``` {}\n",
        "- What bends light? #card\n\t- $$\n\t  x\n\t  $$ {}\n",
        "# What bends light? #card\nA lens\n{}\n",
    ],
)
def test_the_comment_at_the_end_of_a_block_or_its_answer_is_its_schedule(tmp_path: Path, text: str) -> None:
    [note] = notes_of(tmp_path, "optics.md", text.format(SR), "obsidian")
    assert due(note) == [(0, "2024-01-01")]
    assert not any("SR" in text for text in note.content.texts)


def test_the_comment_of_a_card_inside_an_answer_is_that_cards_alone(tmp_path: Path) -> None:
    text = f"- What bends light? #card\n\t- A lens\n\t- What is a lens? #card\n\t\t- Glass {SR}\n"
    outer, inner = notes_of(tmp_path, "optics.md", text, "obsidian")
    assert (due(outer), due(inner)) == ([], [(0, "2024-01-01")])


def test_entries_are_for_the_cards_in_their_order(tmp_path: Path) -> None:
    comment = "<!--SR:!2024-01-01,3,250!2024-01-02,4,250!2024-01-03,4,250-->"
    cloze, both, forward = notes_of(
        tmp_path,
        "optics.md",
        f"- {{{{c2::a}}}} {{{{c5::b}}}} {{{{c3::c}}}} #card {comment}\n"
        f"- Q #card {comment}\n  direction:: <->\n\t- A\n- R #card {comment}\n\t- A\n",
        "obsidian",
    )
    assert due(cloze) == [(1, "2024-01-01"), (2, "2024-01-02"), (4, "2024-01-03")]
    assert due(both) == [(0, "2024-01-01"), (1, "2024-01-02")]
    assert due(forward) == [(0, "2024-01-01")]


@pytest.mark.parametrize(
    "text",
    [f"- Q #card\n\t- say `{SR}`\n", f"- Q #card\n\t- ```\n\t  {SR}\n\t  x\n\t  ```\n", "- Q #card\n\t- `<!--SR:!`\n"],
)
def test_code_that_is_such_a_comment_is_code(text: str) -> None:
    assert "SR:!" in sides(text)[0]


@pytest.mark.parametrize("count", [1, 3])
def test_only_what_is_not_understood_is_told(count: int) -> None:
    text = "".join(f"- Q{number} #card <!--SR:!soon,3,250-->\n\t- A\n" for number in range(count))
    assert complaints(text, schedule="obsidian") == [f"{2 * number + 1}:3 bad-schedule" for number in range(count)]
    assert complaints(text) == []
    assert complaints(text, schedule="logseq") == []


def test_logseqs_reviews_are_for_the_question_and_for_every_cloze(tmp_path: Path) -> None:
    reviews = (
        "  card-repeats:: 3\n  card-next-schedule:: 2024-05-01T12:00:00.000Z\n"
        "  card-last-reviewed:: 2024-04-01T12:00:00.000Z\n"
    )
    text = (
        f"- {{{{cloze a}}}} {{{{cloze b}}}} {{{{cloze c}}}} #card\n{reviews}"
        f"- Both #card\n{reviews}  direction:: <->\n\t- A\n- Back #card\n{reviews}  direction:: <-\n\t- A\n"
        f"- ```\n{reviews}  code\n  ``` #card\n\t- A\n"
        f"- Steps #card #incremental\n{reviews}\t- one\n\t- two\n"
    )
    day = "2024-05-01"
    cloze, both, back, code, steps = notes_of(tmp_path, "optics.md", text, "logseq")
    assert due(cloze) == [(0, day), (1, day), (2, day)]
    assert due(both) == [(0, day)]
    assert due(back) == []
    assert due(code) == [(0, day)]
    assert due(steps) == [(0, day), (1, day)]


ORG = """* What bends light? :card:
SCHEDULED: <2014-05-28 Wed 10:00 .+1d>
:PROPERTIES:
:DRILL_LAST_INTERVAL: 30.3
:DRILL_TOTAL_REPEATS: 7
:DRILL_EASE: 2.36
:DRILL_LAST_QUALITY: 4
:DRILL_LAST_REVIEWED: [2014-04-28 Mon 10:54]
:END:
:REVIEW_DATA:
| position | ease | box | interval | due                  |
|----------+------+-----+----------+----------------------|
| front    | 2.5  | 3   | 7.5      | 2024-05-01T22:30:00Z |
:END:
** A lens
:PROPERTIES:
:DRILL_LAST_INTERVAL: 30.3
:FC_TYPE: normal
:END:
"""


@pytest.mark.parametrize(("tool", "day"), [("org-drill", "2014-05-28"), ("org-fc", "2024-05-01")])
def test_org_mode_keeps_schedules_in_drawers_and_dates_that_no_card_shows(tmp_path: Path, tool: str, day: str) -> None:
    [note] = notes_of(tmp_path, "optics.org", ORG, tool)
    assert due(note) == [(0, day)]
    assert [text for text in note.content.texts if text and text != "y"] == ["What bends light?", "A lens", "optics"]


@pytest.mark.parametrize(
    "text",
    [
        "What bends light?::A lens {}\n",
        "What bends light?::A lens\n{}\n",
        "# Optics\n\nIt is old.\n\nWhat bends light?::A lens {}\n\nWhat parts it?::A prism\n",
        "# Optics\n\nWhat bends light?\n?\nA lens\n{}\n",
        "What bends light?\n?\n- A lens\n- A prism {}\n",
        "- What bends light?::A lens {}\n",
        "Lens:: what bends light {}\n",
    ],
)
def test_the_questions_of_the_plugin_itself_have_the_schedule_that_stands_behind_them(
    text: str, tmp_path: Path
) -> None:
    options = 'schedule = "obsidian"\nquestion_marks = true\n'
    without, with_reviews = (
        notes_with(tmp_path / name, text.format(comment), options) for name, comment in (("a", ""), ("b", FSRS))
    )
    assert [note.content for note in with_reviews] == [note.content for note in without]
    assert [due(note) for note in with_reviews] == [[(0, "2026-10-23")], *([] for _ in without[1:])]


def notes_with(folder: Path, text: str, options: str) -> tuple[Note, ...]:
    folder.mkdir()
    (folder / "a.md").write_text(text, "utf-8")
    (folder / "ankigen.toml").write_text(options, "utf-8")
    return load(folder, NOON).notes
