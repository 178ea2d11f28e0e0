"""`ankigen adopt` of notes that another program wrote its reviews into, with the option `schedule`.

What Anki has keeps the schedule that it has there, be it none; what is new to Anki gets that of the notes.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from anki.collection import Collection

from ankigen import api
from ankigen.errors import ExitCode
from tests.helpers.anki_library import import_as_ankiconnect
from tests.helpers.anki_server import AnkiServer, Fault
from tests.helpers.building import write
from tests.helpers.desk import Desk
from tests.helpers.foreign_notes import add, live, note_type, witness
from tests.helpers.killing import gone_from
from tests.helpers.reviewed import logseq, with_schedules

pytestmark = pytest.mark.thorough

AT_NOON = {"SOURCE_DATE_EPOCH": "1779278400"}  # 2026-05-20
DUE = "2026-06-15"


def by_logseq(question: str, answer: str) -> str:
    return logseq(question, due=DUE, last="2026-05-16", answer=answer)


def by_obsidian(question: str, answer: str) -> str:
    return f"- {question} #card\n\t- {answer} <!--SR:!{DUE},30,230!{DUE},30,230-->\n"


def by_org_drill(question: str, answer: str) -> str:
    return f"""* {question} :card:
SCHEDULED: <{DUE} Mon>
:PROPERTIES:
:DRILL_LAST_INTERVAL: 30
:DRILL_TOTAL_REPEATS: 3
:DRILL_EASE: 2.3
:DRILL_LAST_QUALITY: 5
:DRILL_LAST_REVIEWED: [2026-05-16 Sat 12:00]
:END:
{answer}
"""


def by_org_fc(question: str, answer: str) -> str:
    return f"""* {question} :card:
:REVIEW_DATA:
| position | ease | box | interval | due |
|----------+------+-----+----------+-----|
| front | 2.30 | 3 | 30.00 | {DUE}T12:00:00Z |
:END:
{answer}
"""


Writer = Callable[[str, str], str]
TOOLS: dict[str, tuple[Writer, str]] = {
    "logseq": (by_logseq, "md"),
    "obsidian": (by_obsidian, "md"),
    "org-drill": (by_org_drill, "org"),
    "org-fc": (by_org_fc, "org"),
}
every_tool = pytest.mark.parametrize("tool", TOOLS)


def desk_of(tmp_path: Path, server: AnkiServer, tool: str, *cards: tuple[str, str]) -> Desk:
    desk = Desk(tmp_path, server)
    desk.notes.mkdir()
    (desk.notes / "ankigen.toml").write_text(with_schedules(tool), "utf-8")
    write_cards(desk, tool, *cards)
    return desk


def write_cards(desk: Desk, tool: str, *cards: tuple[str, str]) -> None:
    writes, suffix = TOOLS[tool]
    (desk.notes / f"optics.{suffix}").write_text("".join(writes(*card) for card in cards), "utf-8")


LENS = ("What bends light?", "A lens made of glass")
PRISM = ("What splits light?", "A prism made of glass")
NEW = ("What is light?", "A wave of two fields")


def fill(collection: Collection) -> None:
    """Two notes of the reader's own: one reviewed and suspended, one never seen."""
    note_type(collection, "Mine", ["Front", "Back"])
    for front, back in (LENS, PRISM):
        add(collection, "Mine", {"Front": front, "Back": back})
    live(collection)


def states(collection: Collection) -> dict[str, list[tuple[int, int, int, int]]]:
    """Type, interval, ease and reviews of the cards of each note."""
    notes = [collection.get_note(id_) for id_ in collection.find_notes("")]
    return {
        note.fields[0]: [(int(card.type), card.ivl, card.factor, card.reps) for card in note.cards()] for note in notes
    }


@every_tool
def test_adopted_cards_keep_their_own_schedule_and_those_that_are_new_get_the_one_of_the_notes(
    tmp_path: Path, server: AnkiServer, tool: str
) -> None:
    collection = server.collection
    fill(collection)
    desk = desk_of(tmp_path, server, tool, LENS, PRISM, NEW)
    before = witness(collection)
    done = desk.invoke("adopt", "--yes", **AT_NOON)
    assert "2 notes adopted" in done.stderr, done.output
    assert witness(collection) == before
    synced = desk.invoke("sync", "--yes", **AT_NOON)
    assert synced.exit_code == ExitCode.DONE, synced.output
    assert "1 new, 1 with their schedule from" in synced.stdout
    after = witness(collection)
    old = {row[0] for row in before["cards"]}
    assert [row for row in after["cards"] if row[0] in old] == before["cards"]
    assert [row for row in after["reviews"] if row[1] in old] == before["reviews"]
    ours = states(collection)
    assert ours[LENS[0]] == [(2, 30, 2350, 7)]
    assert ours[PRISM[0]] == [(0, 0, 0, 0)], "Anki has this card, though nobody reviewed it there"
    [(kind, interval, ease, _)] = ours[NEW[0]]
    assert (kind, interval, ease) == (2, 30, 2300)
    assert desk.invoke("plan", "--exit-code", **AT_NOON).exit_code == ExitCode.DONE


@every_tool
def test_an_adopted_note_that_changes_keeps_its_own_schedule(tmp_path: Path, server: AnkiServer, tool: str) -> None:
    fill(server.collection)
    desk = desk_of(tmp_path, server, tool, LENS, PRISM)
    desk.invoke("adopt", "--yes", **AT_NOON)
    before = witness(server.collection)
    write_cards(desk, tool, *((question, f"{answer}, or of water") for question, answer in (LENS, PRISM)))
    assert "2 changed" in desk.invoke("sync", "--yes", **AT_NOON).stderr
    after = witness(server.collection)
    assert {key: after[key] for key in ("cards", "reviews")} == {key: before[key] for key in ("cards", "reviews")}


def test_a_direction_that_an_adopted_note_gets_besides_is_new(tmp_path: Path, server: AnkiServer) -> None:
    fill(server.collection)
    desk = desk_of(tmp_path, server, "obsidian", LENS)
    write(desk.notes, optics=by_obsidian(*LENS).replace("#card", "#card #bidirectional"))
    desk.invoke("adopt", "--yes", **AT_NOON)
    desk.invoke("sync", "--yes", **AT_NOON)
    assert states(server.collection)[LENS[0]] == [(2, 30, 2350, 7), (0, 0, 0, 0)]


@pytest.mark.parametrize("fault", [Fault.CUT_BEFORE, Fault.CUT_AFTER])
def test_an_adoption_that_was_cut_off_gives_no_card_another_schedule(
    tmp_path: Path, server: AnkiServer, fault: Fault
) -> None:
    fill(server.collection)
    desk = desk_of(tmp_path, server, "logseq", LENS, PRISM, NEW)
    before = witness(server.collection)
    with gone_from(desk, "updateNoteModel", fault):
        assert desk.run("adopt", "notes", "--yes", **AT_NOON).returncode == ExitCode.FAILED
    assert [row for row in witness(server.collection)["cards"] if row in before["cards"]] == before["cards"]
    if fault is Fault.CUT_BEFORE:
        assert desk.run("sync", "notes", "--yes", **AT_NOON).returncode == ExitCode.PROTECTED
    assert desk.run("adopt", "notes", "--yes", **AT_NOON).returncode == ExitCode.DONE
    assert witness(server.collection) == before
    desk.invoke("sync", "--yes", **AT_NOON)
    assert [row for row in witness(server.collection)["cards"] if row in before["cards"]] == before["cards"]


def test_a_package_with_schedules_leaves_adopted_cards_as_they_are(tmp_path: Path, server: AnkiServer) -> None:
    collection = server.collection
    fill(collection)
    desk = desk_of(tmp_path, server, "logseq", LENS, PRISM, NEW)
    desk.invoke("adopt", "--yes", **AT_NOON)
    before = witness(collection)
    api.build(api.load(desk.notes), tmp_path / "own.apkg", with_schedule=True)
    import_as_ankiconnect(collection, tmp_path / "own.apkg")
    after = witness(collection)
    assert [row for row in after["cards"] if row in before["cards"]] == before["cards"]
    assert [row for row in after["reviews"] if row in before["reviews"]] == before["reviews"]
    assert states(collection)[NEW[0]] == [(2, 30, 2300, 3)]


def test_a_card_of_a_lost_lock_that_is_taken_over_keeps_its_own_schedule(tmp_path: Path, server: AnkiServer) -> None:
    desk = desk_of(tmp_path, server, "logseq", LENS, PRISM)
    (desk.notes / "ankigen.toml").write_text("")
    desk.invoke("sync", "--yes", **AT_NOON)
    live(server.collection)
    before = witness(server.collection)
    (desk.notes / "ankigen.lock").unlink()
    (desk.notes / "ankigen.toml").write_text(with_schedules("logseq"))
    write_cards(desk, "logseq", LENS, PRISM, NEW)
    done = desk.invoke("sync", "--adopt", "--yes", **AT_NOON)
    assert done.exit_code == ExitCode.DONE, done.output
    after = witness(server.collection)
    assert [row for row in after["cards"] if row in before["cards"]] == before["cards"]
    assert states(server.collection)[NEW[0]] == [(2, 30, 2300, 3)]
