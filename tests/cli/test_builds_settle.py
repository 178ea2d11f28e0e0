"""After each command that gives cards their notes a second build is the first, and nothing is left to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ankigen.errors import ExitCode
from ankigen.identity import LOCK_NAME
from tests.cli.test_lost_lock import committed, git
from tests.helpers import processes
from tests.helpers.anki_library import import_package
from tests.helpers.anki_server import AnkiServer
from tests.helpers.building import write
from tests.helpers.desk import Desk
from tests.helpers.foreign_makers import flashcards_obsidian, logseq_anki_sync, obsidian_to_anki, yanki
from tests.helpers.foreign_notes import live, witness
from tests.helpers.own_types import PERRO, write_type

pytestmark = pytest.mark.thorough

OTHERS = """\
- What bends light? #card #bidirectional
	- A lens made of glass
- The {{cloze sun}} is a {{cloze star}} #card
- dog #card
	- yes
- dog #card
	- no
"""
DAY = 86_400


def adopt(desk: Desk, *options: str) -> None:
    done = desk.run("adopt", "notes", *options, answer="y\ny\ny\n", SOURCE_DATE_EPOCH="1790000000")
    assert done.returncode == ExitCode.DONE, done.stderr


def adopted(desk: Desk) -> None:
    write(desk.notes, **flashcards_obsidian(desk.server.collection))
    adopt(desk)


def adopted_with_ids(desk: Desk) -> None:
    write(desk.notes, **logseq_anki_sync(desk.server.collection))
    adopt(desk)


def adopted_and_cleaned(desk: Desk) -> None:
    write(desk.notes, **obsidian_to_anki(desk.server.collection))
    adopt(desk, "--clean")


def files_adopted_and_cleaned(desk: Desk) -> None:
    write(desk.notes, **yanki(desk.server.collection))
    adopt(desk, "--clean")


def cleaned_later(desk: Desk) -> None:
    adopted(desk)
    adopt(desk, "--clean")


def stamped(desk: Desk) -> None:
    assert processes.run("stamp", "notes", folder=desk.folder, **desk.homes).returncode == ExitCode.DONE


def synced_and_stamped(desk: Desk) -> None:
    desk.invoke("sync", "--yes")
    stamped(desk)


def adopted_and_stamped(desk: Desk) -> None:
    adopted(desk)
    stamped(desk)


def taken_over(desk: Desk) -> None:
    assert desk.run("sync", "notes", "--yes").returncode == ExitCode.DONE
    (desk.notes / LOCK_NAME).unlink()
    assert desk.run("sync", "notes", "--yes", "--adopt").returncode == ExitCode.DONE


def taken_over_in_a_repository(desk: Desk) -> None:
    git(desk.notes, "init", "--quiet")
    committed(desk.notes)
    taken_over(desk)


def taken_over_from_another_set(desk: Desk) -> None:
    stamped(desk)
    write(desk.folder / "other", others=(desk.notes / "others.md").read_text("utf-8"))
    assert desk.run("sync", "other", "--yes").returncode == ExitCode.DONE
    assert desk.run("sync", "notes", "--yes", "--adopt").returncode == ExitCode.DONE


COMMANDS: list[Callable[[Desk], None]] = [
    adopted,
    adopted_with_ids,
    adopted_and_cleaned,
    files_adopted_and_cleaned,
    cleaned_later,
    stamped,
    synced_and_stamped,
    adopted_and_stamped,
    taken_over,
    taken_over_in_a_repository,
    taken_over_from_another_set,
]


def build(desk: Desk, name: str, day: int, *options: str) -> bytes:
    clock = {"SOURCE_DATE_EPOCH": str(1_790_000_000 + day * DAY)}
    done = processes.run("build", "notes", "-o", name, *options, folder=desk.folder, **desk.homes, **clock)
    assert done.returncode == ExitCode.DONE, done.stderr
    return (desk.folder / name).read_bytes()


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.__name__)
def test_a_second_build_is_the_first_and_a_sync_has_nothing_to_do(
    tmp_path: Path, server: AnkiServer, command: Callable[[Desk], None]
) -> None:
    desk = Desk(tmp_path, server)
    write_type(desk.notes)
    write(desk.notes, others=OTHERS, words=PERRO)
    command(desk)
    live(server.collection)
    lock = desk.notes / LOCK_NAME
    first, remembered = build(desk, "first.apkg", 1), lock.read_bytes()
    assert build(desk, "second.apkg", 2) == first
    assert build(desk, "third.apkg", 3, "--locked") == first
    assert lock.read_bytes() == remembered

    synced = desk.run("sync", "notes", "--yes")
    assert synced.returncode == ExitCode.DONE, synced.stderr
    plan = desk.run("plan", "notes", "--exit-code")
    assert (plan.returncode, plan.stdout.splitlines()[-1]) == (ExitCode.DONE, "nothing to do"), plan.stdout
    before = witness(server.collection)
    log = import_package(server.collection, tmp_path / "first.apkg")
    assert (len(log.new), len(log.conflicting)) == (0, 0)
    assert witness(server.collection) == before
    assert desk.run("plan", "notes", "--exit-code").returncode == ExitCode.DONE
    assert build(desk, "fourth.apkg", 4) == first
    assert lock.read_bytes() == remembered
