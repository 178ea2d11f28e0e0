"""A sync that is killed at any of its requests, or meets a full disk at any of its writes: the next one finishes it."""

from __future__ import annotations

import errno
import itertools
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

import pytest

from ankigen import note_types
from ankigen.errors import CannotWrite, ExitCode
from ankigen.targets.anki_connect import AnkiConnect
from tests.helpers.anki_server import AnkiServer, running
from tests.helpers.building import write
from tests.helpers.desk import Desk
from tests.helpers.documents import ROOT
from tests.helpers.killing import has_died_at
from tests.helpers.syncing import Held, Reader, contents

pytestmark = pytest.mark.thorough

AFTERWARDS = "1790000000"
"""The time of the author's changes, in seconds: a run that repeats them writes the same lock file."""

SAME = "".join(f"- Same {n}? #card #t\n\t- yes\n" for n in range(10))
OLD = "".join(f"- Reworded {n}? #card #old\n\t- old\n" for n in range(12))
NEW = OLD.replace("#old", "#new").replace("- old", "- new")
MOVED = "".join(f"- Moved {n}? #card\n\t- yes\n" for n in range(5))
BASIC = "".join(f"- Turned {n}? #card\n  id:: 6f000000-0000-4000-8000-00000000000{n}\n\t- yes\n" for n in range(2))
CLOZE = BASIC.replace("? #card", " {{cloze a}} {{cloze b}} #card").replace("\t- yes\n", "")
REMOVED = "".join(f"- Removed {n}? #card\n  direction:: <->\n\t- yes\n" for n in range(6))
BACK = "".join(f"- Back {n}? #card\n  direction:: <->\n\t- yes\n" for n in range(4))
ADDED = "".join(f"- Added {n}? ![](one.png) #card\n\t- ![](two.png)\n" for n in range(20))


def author(notes: Path, what: str) -> None:
    """The notes as they are at first, without some cards, and in the end."""
    match what:
        case "first":
            write(notes, cards=SAME + OLD + BASIC + REMOVED, moved=f"deck:: From\n\n{MOVED}", back=BACK)
        case "fewer":
            write(notes, back="")
        case "last":
            write(notes, cards=SAME + NEW + CLOZE, moved=f"deck:: To\n\n{MOVED}", back=BACK, added=ADDED)


def before(folder: Path) -> None:
    """A collection in which author and reader have been at work for a while."""
    with running(folder) as server:
        desk, reader = Desk(folder, server), Work(server)
        author(desk.notes, "first")
        assert desk.run("sync", "notes", "--yes").returncode == ExitCode.DONE
        for front in ("Moved 1?", "Removed 1?", "Turned 1?", "Back 1?"):
            reader.review(front)
        reader.suspend("Back 2?")
        author(desk.notes, "fewer")
        assert desk.run("sync", "notes", "--yes").returncode == ExitCode.DONE
        reader.suspend("Removed 2?")
        reader.edit("Reworded 3?", "a conflict")
        reader.edit("Same 3?", "an edit")
        reader.tag("Reworded 4?", "theirs")
        reader.move("Moved 4?", "Mine")
        AnkiConnect(server.url).restyle(
            "ankigen Basic", [], note_types.with_css(note_types.BASIC.note_type, ".older {}")
        )
        for name in ("one.png", "two.png"):
            (desk.notes / name).write_bytes(name.encode())
        author(desk.notes, "last")


class Work:
    """What the reader does, to notes that are named by their question."""

    def __init__(self, server: AnkiServer) -> None:
        self.reader = Reader(server.collection)

    def _guid(self, front: str) -> str:
        (id_,) = self.reader.collection.find_notes(f'"Front:{front}"')
        return self.reader.collection.get_note(id_)["Guid"]

    def review(self, front: str) -> None:
        self.reader.review(self._guid(front))

    def suspend(self, front: str) -> None:
        cards = self.reader.note(self._guid(front)).card_ids()
        self.reader.collection.sched.suspend_cards(cards[:1])

    def edit(self, front: str, back: str) -> None:
        self.reader.edit(self._guid(front), Back=back)

    def tag(self, front: str, tag: str) -> None:
        self.reader.tag(self._guid(front), tag)

    def move(self, front: str, deck: str) -> None:
        self.reader.move(self._guid(front), deck)


@dataclass(frozen=True)
class End:
    """How it stands when all is done: in the collection, and on disk on both sides."""

    notes: dict[str, Held]
    bases: dict[str, str]
    media: list[str]
    notes_folder: dict[str, bytes]
    home: list[bytes]


def end(desk: Desk) -> End:
    collection = desk.server.collection
    held = [collection.get_note(id_) for id_ in collection.find_notes("")]
    return End(
        notes=contents(collection),
        bases={one.guid: one["Base"] for one in held},
        media=sorted(path.name for path in Path(collection.media.dir()).iterdir()),
        notes_folder={path.name: path.read_bytes() for path in desk.notes.iterdir()},
        # A memory is named by its collection, whose folder is another one for each test. What was kept of pages never
        # shows, and may be older or newer.
        home=sorted(path.read_bytes() for path in desk.home.rglob("*") if path.is_file() and path.suffix != ".sqlite"),
    )


def finish(desk: Desk) -> End:
    done = desk.invoke("sync", "--yes", SOURCE_DATE_EPOCH=AFTERWARDS)
    assert done.exit_code == ExitCode.PROTECTED, done.output  # the conflict waits for the user
    return end(desk)


@dataclass(frozen=True)
class Journey:
    """The folder to start from, the end to reach, and the number of requests on the way."""

    start: Path
    end: End
    requests: int


@pytest.fixture(scope="session")
def journey(tmp_path_factory: pytest.TempPathFactory) -> Journey:
    start, done = tmp_path_factory.mktemp("start"), tmp_path_factory.mktemp("done")
    before(start)
    shutil.copytree(start, done, dirs_exist_ok=True)
    with running(done) as server:
        reached = finish(Desk(done, server))
        requests = len(server.requests)
        assert Desk(done, server).run("plan", "notes", "--exit-code").returncode == ExitCode.DONE
        return Journey(start, reached, requests)


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("third", [0, *(pytest.param(third, marks=pytest.mark.thorough) for third in (1, 2))])
def test_a_sync_that_is_killed_at_any_request_is_finished_by_the_next(
    journey: Journey, tmp_path: Path, moment: str, third: int
) -> None:
    for point in range(1 + third, journey.requests + 1, 3):
        folder = tmp_path / str(point)
        shutil.copytree(journey.start, folder)
        with running(folder) as server:
            desk = Desk(folder, server)
            assert has_died_at(desk, moment, point, "sync", "--yes", SOURCE_DATE_EPOCH=AFTERWARDS)
            assert finish(desk) == journey.end, f"killed {moment} request {point} of {journey.requests}"


# A closed Anki.


def sync_closed(folder: Path, dies_at: int | None = None) -> int:
    """Sync with the collection's file, in a process that may kill itself at one of its writes; its exit code."""
    begun = [sys.executable, "-m", *(["ankigen"] if dies_at is None else ["tests.helpers.killed", str(dies_at)])]
    command = [*begun, "sync", "notes", "--yes", "--to", str(folder / "collection.anki2")]
    homes = dict.fromkeys(("HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"), str(folder / "home"))
    environment = {**os.environ, **homes, "SOURCE_DATE_EPOCH": AFTERWARDS, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False).returncode


def end_closed(folder: Path) -> End:
    """How it stands once Anki is open again."""
    with running(folder) as server:
        assert server.collection.fix_integrity() == ("Database rebuilt and optimized.", True)
        return end(Desk(folder, server))


@pytest.mark.parametrize("third", range(3))
def test_a_sync_with_a_closed_anki_that_is_killed_at_any_write_is_finished_by_the_next(
    journey: Journey, tmp_path: Path, third: int
) -> None:
    for point in itertools.count(1 + third, 3):
        folder = tmp_path / str(point)
        shutil.copytree(journey.start, folder)
        code = sync_closed(folder, point)
        if code != -signal.SIGKILL:
            assert (code, point > 15) == (ExitCode.PROTECTED, True)
            assert end_closed(folder) == journey.end
            return
        assert sync_closed(folder) == ExitCode.PROTECTED  # the conflict waits for the user
        assert end_closed(folder) == journey.end, f"killed at write {point}"


WRITTEN = ["ankigen.lock", "the changed notes", "a note that brings a note type", "what the collection has had"]


@pytest.mark.parametrize("number", range(len(WRITTEN)), ids=WRITTEN)
def test_a_disk_that_is_full_at_any_write_is_one_line_of_advice_and_the_next_sync_goes_on(
    journey: Journey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    shutil.copytree(journey.start, tmp_path / "desk")
    with running(tmp_path / "desk") as server:
        desk = Desk(tmp_path / "desk", server)
        with monkeypatch.context() as patch:
            _fill_at(number, patch)
            failure = desk.invoke("sync", "--yes", SOURCE_DATE_EPOCH=AFTERWARDS).exception
        assert isinstance(failure, CannotWrite)
        assert str(failure).endswith("No space left on device")
        assert not any(path.suffix in {".tmp", ".apkg"} for path in desk.folder.rglob("*"))
        assert finish(desk) == journey.end


def _fill_at(number: int, patch: pytest.MonkeyPatch) -> None:
    """Leave no room for a file that is the last of so many to be written."""
    count = itertools.count()

    def full(true_open: Callable[..., IO[Any]]) -> Callable[..., IO[Any]]:
        def opened(path: object, mode: str = "r", *more: Any, **named: Any) -> IO[Any]:
            file = true_open(path, mode, *more, **named)
            return cast("IO[Any]", FullDisk(file)) if mode in {"wb", "xb"} and next(count) == number else file

        return opened

    patch.setattr(Path, "open", full(Path.open))
    patch.setattr(os, "fdopen", full(os.fdopen))


class FullDisk:
    """A file on a disk with room for one byte."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file

    def __enter__(self) -> FullDisk:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def write(self, data: bytes) -> int:
        self.file.write(data[:1])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
