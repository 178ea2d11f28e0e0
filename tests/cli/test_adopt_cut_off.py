"""`ankigen adopt`, cut off or killed before or after any of its requests: the same command finishes it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ankigen.errors import AnkigenError, ExitCode, UnfinishedAdoption
from ankigen.identity import read_lock
from ankigen.support.guids import held_guid
from tests.helpers.anki_server import AnkiServer, Fault, running
from tests.helpers.building import write
from tests.helpers.desk import Desk
from tests.helpers.foreign_makers import flashcards_obsidian
from tests.helpers.foreign_notes import live, witness
from tests.helpers.killing import gone_from, has_died_at

pytestmark = pytest.mark.thorough

Witness = dict[str, list[Any]]
WORDS = ("adopt", "--yes", "--clean")


def laid(folder: Path, server: AnkiServer) -> tuple[Desk, Witness]:
    """Notes of two kinds, whose note types both are missing, beside the collection that holds them."""
    desk = Desk(folder, server)
    write(desk.notes, **flashcards_obsidian(server.collection))
    live(server.collection)
    return desk, witness(server.collection)


def require_finished(desk: Desk, before: Witness, moment: object) -> None:
    """All notes are ankigen's, nothing else changed, and there is nothing left to do."""
    collection = desk.server.collection
    assert witness(collection) == before, moment
    lock = read_lock(desk.notes / "ankigen.lock")
    assert lock is not None
    assert {held_guid(guid) for guid in lock.identities} == {guid for _, guid in before["guids"]}, moment
    assert "^1" not in (desk.notes / "page.md").read_text("utf-8")
    assert desk.invoke(*WORDS).stdout == "nothing to adopt\n"
    assert desk.invoke("sync", "--yes").exit_code == ExitCode.DONE  # two kinds of card showed their mark
    assert desk.invoke("plan", "--exit-code").exit_code == ExitCode.DONE
    assert witness(collection) == before, moment


def require_nothing_lost(desk: Desk, before: Witness, moment: object) -> None:
    """All is as it was, but for a note that brings a note type and may be left until the next run."""
    now = witness(desk.server.collection)
    assert all(row in now[table] for table in before for row in before[table]), moment


WRITES = ("exportPackage", "importPackage", "deleteNotes", "updateNoteModel")


@pytest.mark.parametrize("fault", [Fault.CUT_BEFORE, Fault.CUT_AFTER])
@pytest.mark.parametrize("action", WRITES)
def test_an_adoption_that_anki_is_gone_from_at_a_write_is_finished_by_the_same_command(
    tmp_path: Path, action: str, fault: Fault
) -> None:
    (tmp_path / "anki").mkdir()
    with running(tmp_path / "anki") as server:
        desk, before = laid(tmp_path, server)
        with gone_from(desk, action, fault):
            assert isinstance(desk.invoke(*WORDS).exception, AnkigenError)
        require_nothing_lost(desk, before, action)
        assert desk.invoke(*WORDS).exit_code == ExitCode.DONE
        require_finished(desk, before, action)


@pytest.mark.thorough
@pytest.mark.parametrize("moment", ["before", "after"])
def test_an_adoption_that_is_killed_at_any_request_is_finished_by_the_same_command(tmp_path: Path, moment: str) -> None:
    point, has_died = 0, True
    while has_died:
        point += 1
        folder = tmp_path / str(point)
        (folder / "anki").mkdir(parents=True)
        with running(folder / "anki") as server:
            desk, before = laid(folder, server)
            has_died = has_died_at(desk, moment, point, *WORDS)
            require_nothing_lost(desk, before, (moment, point))
            if has_died:
                assert desk.invoke(*WORDS).exit_code == ExitCode.DONE
            require_finished(desk, before, (moment, point))
    assert point > 12


@pytest.mark.parametrize("action", ["importPackage", "updateNoteModel"])
def test_a_sync_after_an_adoption_that_was_cut_off_stops_and_says_what_to_do(tmp_path: Path, action: str) -> None:
    (tmp_path / "anki").mkdir()
    with running(tmp_path / "anki") as server:
        desk, before = laid(tmp_path, server)
        server.fault = lambda _number, request: Fault.CUT_BEFORE if action in json.dumps(request) else None
        desk.invoke(*WORDS)
        server.fault = lambda _number, _request: None
        stopped = desk.invoke("sync", "--yes").exception
        assert isinstance(stopped, UnfinishedAdoption)
        assert f"! a sync would stop: {stopped}\n" in desk.invoke("plan").stdout
        assert "has adopted 12 of the notes" in str(stopped)
        require_nothing_lost(desk, before, action)
        assert len(server.collection.find_notes("")) == len(before["guids"])
        assert desk.invoke(*WORDS).exit_code == ExitCode.DONE
        require_finished(desk, before, action)


def test_notes_of_the_lock_that_this_anki_never_had_are_made_by_a_sync(tmp_path: Path) -> None:
    (tmp_path / "anki").mkdir()
    (tmp_path / "other").mkdir()
    with running(tmp_path / "anki") as server:
        desk, before = laid(tmp_path, server)
        desk.invoke(*WORDS)
    with running(tmp_path / "other") as other:
        assert "12 new" in Desk(tmp_path, other).invoke("sync", "--yes").stdout
        assert {guid for _, guid in witness(other.collection)["guids"]} == {guid for _, guid in before["guids"]}
