"""How a sync ends that did not bring a card to Anki: its last lines, its exit code, and what Anki holds then."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ankigen.data import LeftAlone, Reason
from ankigen.errors import ExitCode
from ankigen.identity import LOCK_NAME
from ankigen.source import load
from tests.cli.test_lost_lock import committed, git
from tests.helpers.anki_server import AnkiServer, Fault
from tests.helpers.building import NOON, build, write
from tests.helpers.desk import Desk
from tests.helpers.foreign_notes import add
from tests.helpers.killing import gone_from

pytestmark = pytest.mark.thorough

ID = "5b6f0c1e-2d3a-4f7b-9c8d-0e1f2a3b4c5d"
CELL = f"- What is a cell? #card\n  id:: {ID}\n\t- The smallest living thing\n"
LENS = "- What bends light? #card\n\t- A lens\n"
WAVE = "- What is a wave? #card\n\t- A motion\n"
FAULTY = "- Why? #card\n- How? #card\n"
MANY = "".join(f"- Question {number}? #card\n\t- Answer {number}\n" for number in range(12))
NOT_MADE = "2 cards were not made"


def unwritten(count: int) -> str:
    return f"{count} card{'s' * (count > 1)} could not be written: see above"


@pytest.fixture
def desk(tmp_path: Path, server: AnkiServer) -> Desk:
    desk = Desk(tmp_path, server)
    write(desk.notes, optics=LENS)
    return desk


def planned(desk: Desk, *options: str) -> Any:
    return json.loads(desk.run("plan", "notes", "--json", *options).stdout)


# Cards that stay out of a sync which goes on


def another_set_has_it(desk: Desk) -> None:
    write(desk.folder / "ann", cells=CELL)
    desk.run("sync", "ann", "--yes")
    write(desk.notes, cells=CELL)


def a_lost_lock_had_it(desk: Desk) -> None:
    git(desk.notes, "init", "--quiet")
    committed(desk.notes)
    waves = "- What is a long wave? #card\n\t- A motion that travels\n"
    write(desk.notes, waves=waves)
    desk.invoke("sync", "--yes")
    write(desk.notes, waves=waves.replace("a long wave", "a very long wave"))
    desk.invoke("sync", "--yes")
    (desk.notes / LOCK_NAME).unlink()


def it_has_another_note_type(desk: Desk) -> None:
    models = desk.server.collection.models
    desk.invoke("sync", "--yes")
    [id_] = desk.server.collection.find_notes("Front:*bends*")
    ours = models.by_name("ankigen Basic")
    assert ours is not None
    mine = models.copy(ours)
    models.rename_field(mine, mine["flds"][0], "Question")
    models.update_dict(mine)
    note = desk.server.collection.get_note(id_)
    fields = {"Question": "q", "Guid": note["Guid"], "Base": note["Base"]}
    desk.server.actions.updateNoteModel(note={"id": id_, "modelName": mine["name"], "fields": fields, "tags": []})


def its_type_lacks_a_field(desk: Desk) -> None:
    models = desk.server.collection.models
    desk.invoke("sync", "--yes")
    ours = models.by_name("ankigen Basic")
    assert ours is not None
    models.rename_field(ours, ours["flds"][2], "More")
    models.update_dict(ours)
    write(desk.notes, optics=LENS.replace("A lens", "A lens made of glass"))


def its_type_lacks_a_template(desk: Desk) -> None:
    models = desk.server.collection.models
    write(desk.notes, optics=LENS.replace("#card", "#card #bidirectional"))
    desk.invoke("sync", "--yes")
    ours = models.by_name("ankigen Basic")
    assert ours is not None
    models.remove_template(ours, ours["tmpls"][0])
    models.update_dict(ours)
    write(desk.notes, optics=LENS.replace("#card", "#card #bidirectional").replace("A lens", "A lens made of glass"))


def its_deck_is_a_filtered_one(desk: Desk) -> None:
    desk.server.collection.decks.new_filtered("optics")


WAYS: dict[str, Callable[[Desk], None]] = {
    "other-source": another_set_has_it,
    "lost-lock": a_lost_lock_had_it,
    "other-note-type": it_has_another_note_type,
    "field-missing": its_type_lacks_a_field,
    "template-missing": its_type_lacks_a_template,
    "filtered-deck": its_deck_is_a_filtered_one,
}


@pytest.mark.parametrize("is_answered", [None, "n", "y"], ids=["unattended", "no", "yes"])
@pytest.mark.parametrize("reason", WAYS)
def test_a_card_that_cannot_be_brought_to_anki_is_counted_last_and_makes_the_exit_code_4(
    desk: Desk, reason: str, is_answered: str | None
) -> None:
    """Whatever becomes of all else: of a new card, and of two that make no note."""
    WAYS[reason](desk)
    write(desk.notes, more="deck:: More\n\n- The {{cloze sun}} is a star #card\n" + FAULTY)
    told = planned(desk)
    named = [notice for notice in told["notices"] if notice.get("unwritten") and notice.get("path")]
    assert [notice["reason"] for notice in named] == [reason], told
    assert told["unwritten"] == 1
    shown = desk.run("plan", "notes")
    assert (shown.returncode, shown.stdout.splitlines()[-1]) == (ExitCode.ERRORS_IN_NOTES, unwritten(1))
    done = desk.run("sync", "notes", *(["--yes"] if is_answered is None else []), answer=f"{is_answered}\n")
    assert done.returncode == ExitCode.PROTECTED, done.stderr
    assert done.stderr.removeprefix("Apply these changes? [y/N]: ").endswith(f"{unwritten(1)}\n{NOT_MADE}\n")
    assert len(desk.server.collection.find_notes("Text:*sun*")) == (is_answered != "n")
    again = desk.run("sync", "notes", "--yes")
    assert (again.returncode, again.stderr.splitlines()[-2:]) == (ExitCode.PROTECTED, [unwritten(1), NOT_MADE])


def test_every_reason_why_a_card_stays_out_is_a_row() -> None:
    note = load(Path(__file__).parents[2] / "decks", NOON).notes[0]
    assert {reason.value for reason in Reason if LeftAlone(reason, note).is_unwritten} == {*WAYS}


# A sync that stops before it has done anything


def many_are_gone(desk: Desk) -> None:
    write(desk.notes, many=MANY)
    desk.run("sync", "notes", "--yes")
    write(desk.notes, many=LENS.replace("light", "it"))


def many_pages_are_gone(desk: Desk) -> None:
    write(desk.notes, a=WAVE.replace("wave", "sea"), b=WAVE.replace("wave", "lake"))
    desk.run("sync", "notes", "--yes")
    for page in "ab":
        (desk.notes / f"{page}.md").unlink()


def a_folder_is_gone(desk: Desk) -> None:
    write(desk.notes / "disk", waves=WAVE)
    desk.run("sync", "notes", "--yes")
    shutil.rmtree(desk.notes / "disk")


def the_lock_of_all_is_lost(desk: Desk) -> None:
    desk.run("sync", "notes", "--yes")
    (desk.notes / LOCK_NAME).unlink()


def an_adoption_is_unfinished(desk: Desk) -> None:
    add(desk.server.collection, "Basic", {"Front": "What bends light?", "Back": "A lens"})
    with gone_from(desk, "updateNoteModel", Fault.CUT_BEFORE):
        desk.run("adopt", "notes", "--yes")


def nothing_is_wrong(_: Desk) -> None:
    pass


def a_lock_is_not_tracked(desk: Desk) -> None:
    git(desk.notes, "init", "--quiet")
    committed(desk.notes)
    build(desk.notes, desk.folder / "a.apkg")


CI = {"CI": "true"}
STOPS: list[tuple[str, Callable[[Desk], None], list[str], dict[str, str]]] = [
    ("this would remove 12 of 13 notes", many_are_gone, ["--yes"], {}),
    ("2 of 3 pages are gone at once", many_pages_are_gone, ["--yes"], {}),
    ("disk is gone with all its pages", a_folder_is_gone, ["--yes"], {}),
    ("1 of these cards is in Anki already, as a note of", the_lock_of_all_is_lost, ["--yes"], {}),
    ("ankigen.lock has adopted 1 of the notes, but", an_adoption_is_unfinished, ["--yes"], {}),
    ("no answer, so nothing was changed", nothing_is_wrong, [], {}),
    ("ankigen.lock is missing", nothing_is_wrong, ["--yes"], CI),
    ("ankigen.lock is not tracked", a_lock_is_not_tracked, ["--yes"], CI),
]


@pytest.mark.parametrize(("why", "lay", "options", "environment"), STOPS, ids=[stop[0] for stop in STOPS])
def test_a_sync_that_stops_says_why_in_its_last_line_and_changes_nothing(
    desk: Desk, why: str, lay: Callable[[Desk], None], options: list[str], environment: dict[str, str]
) -> None:
    lay(desk)
    write(desk.notes, new=WAVE.replace("wave", "shore"))
    lock = desk.notes / LOCK_NAME
    before = (desk.server.collection.mod, lock.read_bytes() if lock.exists() else None)
    for _ in range(2):
        done = desk.run("sync", "notes", *options, **environment)
        assert done.returncode == ExitCode.PROTECTED, done.stderr
        last = done.stderr.splitlines()[-1]
        assert last.startswith("ankigen: ")
        assert why in last
        assert (desk.server.collection.mod, lock.read_bytes() if lock.exists() else None) == before
    if options:
        shown = desk.run("plan", "notes", **environment)
        assert (shown.returncode, f"! a sync would stop: {last.removeprefix('ankigen: ')}" in shown.stdout) == (0, True)


def test_where_a_sync_stops_the_cards_that_it_could_not_have_brought_are_counted_before_the_reason(
    desk: Desk,
) -> None:
    another_set_has_it(desk)
    write(desk.notes, faulty=FAULTY)
    done = desk.run("sync", "notes")
    assert done.returncode == ExitCode.PROTECTED
    counted, not_made, last = done.stderr.splitlines()[-3:]
    assert (counted, not_made) == (unwritten(1), NOT_MADE)
    assert last == "ankigen: no answer, so nothing was changed: add --yes to sync unattended"


# Anki that is closed, and what it does not take


@pytest.mark.parametrize("fault", [Fault.CUT_BEFORE, Fault.CUT_AFTER])
def test_an_anki_that_is_closed_in_the_middle_is_a_failure_with_the_counts_before_it(desk: Desk, fault: Fault) -> None:
    another_set_has_it(desk)
    write(desk.notes, faulty=FAULTY)
    with gone_from(desk, "importPackage", fault):
        done = desk.run("sync", "notes", "--yes")
    assert done.returncode == ExitCode.FAILED
    assert done.stderr.splitlines()[-3:-1] == [unwritten(1), NOT_MADE]
    assert done.stderr.splitlines()[-1].startswith("ankigen: the connection to Anki broke during `")
    again = desk.run("sync", "notes", "--yes")
    assert (again.returncode, again.stderr.splitlines()[-2:]) == (ExitCode.PROTECTED, [unwritten(1), NOT_MADE])
    assert len(desk.server.collection.find_notes("Front:*bends*")) == 1


def test_a_card_that_is_not_in_anki_afterwards_is_counted_and_a_failure_of_ankis(desk: Desk) -> None:
    """Such as one that an add-on deletes again; 3 comes before 4."""
    another_set_has_it(desk)
    collection = desk.server.collection

    def delete(_number: int) -> None:
        if found := collection.find_notes("Front:*bends*"):
            collection.remove_notes(found)

    desk.server.carried_out = delete
    done = desk.run("sync", "notes", "--yes")
    assert done.returncode == ExitCode.FAILED
    assert "! not found in Anki afterwards: + optics.md:1 What bends light? in optics" in done.stderr
    assert done.stderr.splitlines()[-1] == unwritten(2)
