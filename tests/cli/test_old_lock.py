"""A lock file of an earlier form, before each command that writes one: no note of it is lost. And of a later form."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ankigen import cli
from ankigen.data import Lock
from ankigen.errors import ExitCode
from ankigen.identity import LOCK_NAME, format_lock, read_lock
from ankigen.support.structs import replace
from tests.cli.test_lost_lock import committed, git
from tests.helpers import processes
from tests.helpers.anki_server import AnkiServer
from tests.helpers.building import build, write
from tests.helpers.desk import Desk
from tests.helpers.foreign_makers import flashcards_obsidian
from tests.helpers.foreign_notes import add, live, witness
from tests.helpers.own_types import PERRO, write_type
from tests.identity.test_lock_merges import in_first_form

pytestmark = pytest.mark.thorough

CARDS = "".join(f"- Question number {n}? #card\n\t- The answer to it, {n}\n" for n in range(5))
WAVE = "deck:: Waves\n\n- What is a wave? #card #x\n\t- A motion that travels\n"


def without_places(lock: Lock) -> str:
    """As a lock of today's form is before it is known where its cards stand."""
    return format_lock(
        replace(lock, identities={guid: replace(known, place=None) for guid, known in lock.identities.items()})
    )


FORMS: dict[str, Callable[[Lock], str]] = {"first": in_first_form, "second": format_lock, "placeless": without_places}
PARTS = [("--tag", "x"), ("--deck", "Waves")]
COMMANDS: list[tuple[str, ...]] = [
    ("adopt", "--yes"),
    *(("adopt", *part, "--yes") for part in PARTS),
    ("sync", "--yes"),
    ("sync", "--adopt", "--yes"),
    *(("sync", *part, "--yes") for part in PARTS),
    ("build", "-o", "a.apkg"),
    *(("build", *part, "-o", "a.apkg") for part in PARTS),
    ("stamp",),
    *(("stamp", *part) for part in PARTS),
]


def run(desk: Desk, command: str, *options: str) -> processes.Done:
    if command in {"adopt", "sync", "plan", "pull"}:
        return desk.run(command, "notes", *options)
    return processes.run(command, "notes", *options, folder=desk.folder, **desk.homes)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_lock_of_an_earlier_form_keeps_every_note(
    server: AnkiServer, tmp_path: Path, command: tuple[str, ...], form: str
) -> None:
    desk = Desk(tmp_path, server)
    write(desk.notes, page=CARDS)
    assert desk.invoke("sync", "--yes").exit_code == ExitCode.DONE
    path = desk.notes / LOCK_NAME
    before = read_lock(path)
    assert before is not None
    path.write_text(FORMS[form](before), "utf-8")
    write(desk.notes, more=WAVE)
    if command[0] == "adopt":
        add(server.collection, "Basic", {"Front": "What is a wave?", "Back": "A motion that travels"})
    done = run(desk, *command)
    assert done.returncode == ExitCode.DONE, done.stderr
    after = read_lock(path)
    assert after is not None
    assert {*before.identities} <= {*after.identities}
    assert all(after.identities[guid].created == known.created for guid, known in before.identities.items())
    assert after.source_id == before.source_id
    desk.invoke("sync", "--yes")
    assert desk.invoke("plan", "--exit-code").exit_code == ExitCode.DONE
    assert len(server.collection.find_notes("")) == 6


@pytest.mark.parametrize("form", FORMS)
def test_a_lock_of_an_earlier_form_gains_note_types_and_is_read_again(
    server: AnkiServer, tmp_path: Path, form: str
) -> None:
    desk = Desk(tmp_path, server)
    write(desk.notes, page=CARDS)
    desk.invoke("sync", "--yes")
    before = read_lock(desk.notes / LOCK_NAME)
    assert before is not None
    (desk.notes / LOCK_NAME).write_text(FORMS[form](before), "utf-8")
    write_type(desk.notes)
    write(desk.notes, words=PERRO)
    assert "1 new" in desk.run("sync", "notes", "--yes").stderr
    after = read_lock(desk.notes / LOCK_NAME)
    assert after is not None
    assert ({*before.identities} < {*after.identities}, len(after.note_types)) == (True, 1)
    assert desk.invoke("plan", "--exit-code").exit_code == ExitCode.DONE
    assert len(server.collection.find_notes("")) == 6


# A lock that a newer ankigen wrote


def laid(desk: Desk) -> None:
    write(desk.notes, page=CARDS)
    build(desk.notes, desk.folder / "a.apkg")
    git(desk.folder, "init", "--quiet")
    committed(desk.folder)
    git(desk.folder, "tag", "v1")
    lock = desk.notes / LOCK_NAME
    lock.write_text(lock.read_text("utf-8").replace("version\t2", "version\t4"), "utf-8")


READERS: dict[str, tuple[str, ...]] = {
    "build": ("-o", "b.apkg"),
    "check": (),
    "watch": ("--check",),
    "preview": ("--output", "preview"),
    "list": (),
    "plan": (),
    "sync": ("--yes", "--force", "--new-lock"),
    "pull": ("--yes",),
    "adopt": ("--yes",),
    "report": ("--no-anki", "--output", "report.html"),
    "occlude": ("--convert",),
    "stamp": (),
    "changelog": ("--since", "v1"),
    "init": (),
}


@pytest.mark.parametrize("command", READERS)
def test_a_lock_of_a_newer_ankigen_is_refused_with_advice_and_stays_as_it_is(
    server: AnkiServer, tmp_path: Path, command: str
) -> None:
    desk = Desk(tmp_path, server)
    laid(desk)
    before = {path: path.read_bytes() for path in desk.notes.iterdir()}
    collection = server.collection.mod
    done = run(desk, command, *READERS[command])
    assert done.returncode == ExitCode.PROTECTED, done.stderr
    lock = desk.notes / LOCK_NAME
    assert done.stderr.splitlines()[-1] == (
        f"ankigen: {lock}:2: written by a newer ankigen (version 4): update ankigen"
    )
    assert {path: path.read_bytes() for path in before} == before
    assert server.collection.mod == collection


def test_every_command_that_reads_notes_is_a_row() -> None:
    assert {command.name for command in cli.app.registered_commands} == {*READERS}


def test_a_changelog_since_a_lock_of_a_newer_ankigen_is_refused_with_advice(tmp_path: Path) -> None:
    notes = write(tmp_path / "notes", page=CARDS)
    build(notes, tmp_path / "a.apkg")
    git(tmp_path, "init", "--quiet")
    lock = notes / LOCK_NAME
    text = lock.read_text("utf-8")
    lock.write_text(text.replace("version\t2", "version\t4"), "utf-8")
    committed(tmp_path)
    lock.write_text(text, "utf-8")
    done = processes.run("changelog", "notes", "--since", "HEAD", folder=tmp_path)
    assert done.returncode == ExitCode.PROTECTED
    assert done.stderr.endswith("written by a newer ankigen (version 4): update ankigen\n")


# Two branches


def test_a_branch_that_adopts_and_one_that_adds_cards_merge_and_lose_nothing(
    server: AnkiServer, tmp_path: Path
) -> None:
    desk = Desk(tmp_path, server)
    write(desk.notes, page=CARDS)
    desk.invoke("sync", "--yes")
    git(desk.notes, "init", "--quiet")
    committed(desk.notes)
    git(desk.notes, "checkout", "--quiet", "-b", "adopting")
    pages = flashcards_obsidian(server.collection)
    live(server.collection)
    before = witness(server.collection)
    write(desk.notes, theirs=pages["page"])
    assert desk.run("adopt", "notes", "--yes").returncode == ExitCode.DONE
    committed(desk.notes)
    git(desk.notes, "checkout", "--quiet", "main")
    write(desk.notes, more=WAVE)
    build(desk.notes, tmp_path / "a.apkg")
    committed(desk.notes)
    git(desk.notes, "merge", "--quiet", "--no-edit", "adopting")
    synced = desk.run("sync", "notes", "--yes")
    assert (synced.returncode, "1 new" in synced.stderr) == (ExitCode.DONE, True), synced.stderr
    after = witness(server.collection)
    assert [row for row in after["cards"] if row in before["cards"]] == before["cards"]
    assert after["reviews"] == before["reviews"]
    assert desk.run("plan", "notes", "--exit-code").returncode == ExitCode.DONE
    assert len(server.collection.find_notes("")) == 5 + 1 + 12
