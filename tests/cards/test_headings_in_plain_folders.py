"""Outside Logseq a heading holds what stands below it: a card's answer, and where the cards below it stand."""

from pathlib import Path

import pytest

from ankigen import api, note_types
from ankigen.identity import guid_for
from ankigen.source import load
from tests.helpers import pages
from tests.helpers.building import NOON, write


def sides(text: str) -> list[str]:
    return pages.sides(text, is_graph=False)


def contexts(folder: Path, text: str, name: str = "page") -> list[str]:
    return [note_types.fields_of(note)["Context"] for note in load(write(folder, **{name: text}), NOON).notes]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("## Q #card\n\none\n\n### More\n\ntwo\n", "<h2>Q</h2> = <p>one</p><h3>More</h3><p>two</p>"),
        ("## Q #card\n### More\ntwo\n", "<h2>Q</h2> = <h3>More</h3><p>two</p>"),
        ("## Q #card\none\n### More\n- a\n\t- b\n#### Deep\nc\n### End\n",
         "<h2>Q</h2> = <p>one</p><h3>More</h3><ul><li>a<ul><li>b</li></ul></li></ul><h4>Deep</h4><p>c</p><h3>End</h3>"),
        ("## Q #card\none\n## Other\ntwo\n", "<h2>Q</h2> = one"),
        ("## Q #card\none\n# Other\ntwo\n### Deep\nthree\n", "<h2>Q</h2> = one"),
        ("## Q #card\none\n- two\n", "<h2>Q</h2> = <p>one</p><ul><li>two</li></ul>"),
        ("## Q #card\n- one\n- two\n", "<h2>Q</h2> = <ul><li>one</li><li>two</li></ul>"),
        ("## Q #card #depth-1\none\n### More\n#### Deep\ntwo\n", "<h2>Q</h2> = <p>one</p><h3>More</h3>"),
        ("###### Q #card\none\n####### More\ntwo\n", "<h6>Q</h6> = one"),
        ("## Steps #card #incremental\none\n### More\n- two\n",
         "<h2>Steps</h2><p>{{c1::one}}</p>{{c2::<h3>More</h3><ul><li>two</li></ul>}}"),
    ],
)  # fmt: skip
def test_deeper_headings_are_a_part_of_the_answer(text: str, shown: str) -> None:
    assert sides(text)[0] == shown


def test_a_deeper_heading_may_be_a_card_of_its_own() -> None:
    assert sides("# Q #card\none\n## Inner #card\ntwo\n") == [
        "<h1>Q</h1> = <p>one</p><h2>Inner</h2><p>two</p>",
        "<h2>Inner</h2> = two",
    ]


def test_a_group_of_headings_makes_a_card_of_each() -> None:
    assert sides("# French #card-group\n## le chien\n- the dog\n## le chat\n- the cat\n") == [
        "<h2>le chien</h2> = the dog",
        "<h2>le chat</h2> = the cat",
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("## Light\n\n- Q #card\n\t- A\n", ["page › Light"]),
        ("# Optics\nsome words\n\n## Light\n\n- waves\n\t- Q #card\n\t\t- A\n", ["page › Optics › Light › waves"]),
        ("# Optics\n## Q #card\nA\n", ["page › Optics"]),
        ("# Optics\n## Light\n- Q #card\n\t- A\n# Sound\n- R #card\n\t- A\n",
         ["page › Optics › Light", "page › Sound"]),
        ("- Q #card\n\t- A\n# Optics\n", ["page"]),
        ("# Optics #hide-when-card-parent\n- Q #card\n\t- A\n", ["page"]),
    ],
)  # fmt: skip
def test_headings_above_a_card_are_its_context(tmp_path: Path, text: str, shown: list[str]) -> None:
    assert contexts(tmp_path, text) == shown


def test_in_a_graph_of_logseq_a_heading_holds_nothing_that_is_not_indented(tmp_path: Path) -> None:
    write(tmp_path / "pages", page="## Light\n- Q #card\n\t- A\n## R #card\n\t- A\n### Deep\n")
    (tmp_path / "journals").mkdir()
    notes = load(tmp_path, NOON).notes
    assert [note_types.fields_of(note)["Context"] for note in notes] == ["page", "page"]
    assert note_types.fields_of(notes[1])["Back"] == "A"


def test_properties_of_a_heading_reach_the_cards_below_it(tmp_path: Path) -> None:
    text = "# Optics\ndeck:: Physics\n\n## Light\n- Q #card\n\t- A\n# Sound\n- R #card\n\t- A\n"
    assert [note.deck for note in load(write(tmp_path, page=text), NOON).notes] == ["Physics", "page"]


def test_more_context_and_longer_answers_leave_each_note_its_guid(tmp_path: Path) -> None:
    """A GUID is derived from page and question: so none of these questions may take in a heading, or lose one."""
    text = (
        "# Book\n## Q #card\none\n### More\ntwo\n## Section\nWhat? #card\nA\n## Section\n- R #card\n\t- A\n"
        "- #card\n\t- B\n### Deep\n- S :-> C\n"
    )
    (tmp_path / "ankigen.toml").write_text("swift_arrows = true\n")
    desired = load(write(tmp_path, page=text), NOON)
    questions = ["## Q", "## Section What?", "R", "page", "S"]
    assert [note.identity.guid for note in desired.notes] == [
        guid_for(desired.lock.source_id, "page", each, "0") for each in questions
    ]


def test_a_heading_that_is_a_part_of_a_question_holds_nothing_else() -> None:
    text = "## Section\nWhat? #card\nA\n- b\n"
    assert sides(text) == ["<h2>Section</h2><p>What?</p> = A"]


def test_a_new_lock_of_plain_notes_says_the_same_twice(tmp_path: Path) -> None:
    write(tmp_path, page="# Q #card\none\n## More\n- two\n")
    first = load(tmp_path, NOON)
    api.build(first, tmp_path / "x.apkg")
    assert load(tmp_path, NOON + 1000).lock == first.lock
