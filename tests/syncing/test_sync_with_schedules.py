"""`ankigen sync` with the schedule of another program, over a real collection."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ankigen import report
from ankigen.errors import ExitCode
from ankigen.source import load
from tests.helpers.anki_server import AnkiServer
from tests.helpers.building import NOON, write
from tests.helpers.desk import Desk
from tests.helpers.reviewed import logseq, with_schedules

NOTES = (
    logseq("What bends light?", due="2026-05-15", last="2026-04-15")
    + logseq("What splits it?", due="2099-06-01", last="2026-05-02", last_interval=26692)
    + "- What is new? #card\n\t- a photon\n"
)
AT_NOON = {"SOURCE_DATE_EPOCH": "1779278400"}  # 2026-05-20
TOLD = "Anki has the schedule now: later reviews in Logseq are not transferred"


@pytest.fixture
def desk(tmp_path: Path, server: AnkiServer) -> Desk:
    notes = write(tmp_path / "notes", optics=NOTES)
    (notes / "ankigen.toml").write_text(with_schedules("logseq"), "utf-8")
    return Desk(tmp_path, server)


def reviews(server: AnkiServer) -> dict[str, tuple[int, int, int, int]]:
    """Type, interval, ease and reviews of each note's first card."""
    collection = server.collection
    found = [collection.get_note(id) for id in collection.find_notes("")]
    cards = {note.fields[0]: note.cards()[0] for note in found}
    return {front: (card.type, card.ivl, card.factor, card.reps) for front, card in cards.items()}


def test_new_cards_bring_their_schedule_and_the_plan_says_so(desk: Desk) -> None:
    planned = desk.invoke("plan", **AT_NOON)
    assert planned.stdout.splitlines()[-1] == "optics: 3 new, 2 with their schedule from Logseq (1 due by today)"
    done = desk.invoke("sync", "--yes", **AT_NOON)
    assert done.exit_code == ExitCode.DONE
    assert reviews(desk.server) == {
        "What bends light?": (2, 30, 2300, 3),
        "What splits it?": (2, 26692, 2300, 3),
        "What is new?": (0, 0, 0, 0),
    }
    assert desk.invoke("plan", **AT_NOON).stdout == "nothing to do\n"


def test_that_reviews_elsewhere_do_not_arrive_any_more_is_told_once(desk: Desk) -> None:
    assert TOLD in desk.invoke("sync", "--yes", **AT_NOON).stderr
    write(desk.notes, optics=NOTES + logseq("Late?", due="2026-05-15", last="2026-04-15"))
    late = desk.invoke("sync", "--yes", **AT_NOON)
    assert "1 new" in late.stderr
    assert TOLD not in late.stderr
    assert reviews(desk.server)["Late?"] == (2, 30, 2300, 3)


def test_without_a_schedule_nothing_is_told(desk: Desk) -> None:
    write(desk.notes, optics="- What is new? #card\n\t- a photon\n")
    done = desk.invoke("sync", "--yes", **AT_NOON)
    assert "1 new" in done.stderr
    assert "schedule" not in done.stdout + done.stderr


def test_a_card_that_anki_has_is_never_touched(desk: Desk) -> None:
    (desk.notes / "ankigen.toml").write_text("")
    desk.invoke("sync", "--yes", **AT_NOON)
    before = reviews(desk.server)
    assert {kind for kind, *_ in before.values()} == {0}
    (desk.notes / "ankigen.toml").write_text(with_schedules("logseq"))
    assert desk.invoke("plan", **AT_NOON).stdout == "nothing to do\n"
    write(desk.notes, optics=NOTES.replace("an answer", "another answer"))  # the notes are sent, their cards stay
    assert "2 changed" in desk.invoke("sync", "--yes", **AT_NOON).stderr
    assert reviews(desk.server) == before


def test_a_direction_and_a_cloze_that_come_later_are_new(desk: Desk) -> None:
    cloze = logseq("{{cloze red}}", due="2026-05-15", last="2026-04-15")
    write(desk.notes, optics=NOTES + cloze)
    desk.invoke("sync", "--yes", **AT_NOON)
    both = NOTES.replace("light? #card\n", "light? #card\n  direction:: <->\n", 1)
    write(desk.notes, optics=both + cloze.replace("{{cloze red}}", "{{cloze red}} {{cloze blue}}"))
    desk.invoke("sync", "--yes", **AT_NOON)
    collection = desk.server.collection
    kinds = [
        [card.type for card in collection.get_note(id).cards()]
        for search in ("Front:What*bends*", "Text:*red*")
        for id in collection.find_notes(search)
    ]
    assert kinds == [[2, 0], [2, 0]]


def test_a_note_that_becomes_one_of_the_other_type_gets_no_schedule_and_no_review(desk: Desk) -> None:
    """The note type that it becomes of is brought by a note of its own, which is gone at once."""
    (desk.notes / "ankigen.toml").write_text("")
    desk.invoke("sync", "--yes", **AT_NOON)
    (desk.notes / "ankigen.toml").write_text(with_schedules("logseq"))
    write(desk.notes, optics=NOTES.replace("an answer", "{{cloze an answer}}", 1))
    assert "1 converted" in desk.invoke("sync", "--yes", **AT_NOON).stderr
    assert {kind for kind, *_ in reviews(desk.server).values()} == {0}
    assert desk.server.collection.db is not None
    assert desk.server.collection.db.scalar("select count() from revlog") == 0


def test_a_suspended_card_keeps_its_schedule(desk: Desk) -> None:
    text = logseq("What bends light?", due="2026-05-15", last="2026-04-15").replace(
        "#card\n", "#card\n  suspend-anki-card:: true\n"
    )
    write(desk.notes, optics=text)
    desk.invoke("sync", "--yes", **AT_NOON)
    collection = desk.server.collection
    [card] = [collection.get_card(id) for id in collection.find_cards("")]
    assert (card.type, card.queue, card.ivl) == (2, -1, 30)


def test_a_list_as_json_has_the_schedules(desk: Desk) -> None:
    listed = json.loads(report.listing_json(load(desk.notes, NOON).notes))
    assert [note["schedule"] for note in listed][1:] == [
        [
            {
                "card": 0,
                "due": "2099-06-01",
                "interval": 26692,
                "ease": 2.3,
                "reps": 3,
                "lapses": 0,
                "last": "2026-05-02T12:00:00+00:00",
            }
        ],
        [],
    ]
