"""A sync that is cut off at any of its requests is finished by the next one, as if nothing had happened."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ankigen import note_types
from ankigen.data import MediaFile, Notice
from ankigen.errors import AnkigenError
from ankigen.support.structs import replace
from tests.helpers.anki_server import AnkiServer, Fault, running
from tests.helpers.contents import cloze_content
from tests.helpers.syncing import Held, Reader, Sync, contents, note, reworded

pytestmark = pytest.mark.thorough

Faulty = Callable[[int, int], Fault | None]
FULL = "the disk is full"

FAULTS: dict[str, Faulty] = {
    "the connection breaks before the request": lambda number, point: Fault.CUT_BEFORE if number == point else None,
    "the reply is lost": lambda number, point: Fault.CUT_AFTER if number == point else None,
    "the reply is garbage": lambda number, point: Fault.GARBAGE if number == point else None,
    FULL: lambda number, point: Fault.DISK_FULL if number == point else None,
}


BEFORE = [
    *(note(f"same {n}", tags=("t",)) for n in range(10)),
    *(note(f"reworded {n}", tags=("old",)) for n in range(12)),
    *(note(f"moved {n}", deck="From") for n in range(5)),
    *(note(f"removed {n}", reverse=True) for n in range(6)),
    *(note(f"converted {n}") for n in range(2)),
]
BACK = [note(f"back {n}", reverse=True) for n in range(4)]
AFTER = [
    *BEFORE[:10],
    *(replace(reworded(one, back="new"), tags=("new",)) for one in BEFORE[10:22]),
    *(replace(one, deck="To") for one in BEFORE[22:27]),
    *(note(f"converted {n}", content=cloze_content("{{c1::a}} {{c2::b}}")) for n in range(2)),
    *BACK,
    *(note(f"new {n}", media=("one.png", "two.png"), suspended=n == 0) for n in range(20)),
]
CHANGES = 50
READING = {
    *("apiReflect", "requestPermission", "deckNamesAndIds", "findCards", "findNotes", "getDecks", "getMediaDirPath"),
    *("getMediaFilesNames", "guiSelectedNotes", "modelFieldNames", "modelNamesAndIds", "modelStyling"),
    *("modelTemplates", "notesInfo"),
}
"""Actions that need no room on a disk."""


def before(folder: Path) -> None:
    """A collection in which author and reader have been at work for a while."""
    with running(folder) as server:
        sync = Sync(server, folder / "memory")
        reader = Reader(server.collection)
        sync.sync([*BEFORE, *BACK])
        for name in ("moved 1", "removed 1", "converted 1", "back 1"):
            reader.review(name)
        server.collection.sched.suspend_cards(reader.note("back 2").card_ids()[:1])
        sync.sync(BEFORE)
        server.collection.sched.suspend_cards(reader.note("removed 2").card_ids()[:1])
        reader.edit("reworded 3", Back="a conflict")
        reader.edit("same 3", Back="an edit")
        reader.tag("reworded 4", "theirs")
        reader.move("moved 4", "Mine")
        sync.wire.restyle("ankigen Basic", [], note_types.with_css(note_types.BASIC.note_type, ".older {}"))
    for name in ("one.png", "two.png"):
        (folder / name).write_bytes(name.encode())


def media(folder: Path) -> list[MediaFile]:
    return [MediaFile(name, str(folder / name)) for name in ("one.png", "two.png")]


@dataclass(frozen=True)
class End:
    """How it stands when all is done."""

    notes: dict[str, Held]
    notices: tuple[type[Notice], ...]
    files: tuple[str, ...]


def end(sync: Sync, folder: Path) -> End:
    plan = sync.plan(AFTER, media=media(folder))
    assert plan.changes == ()
    files = tuple(sorted(path.name for path in Path(sync.server.collection.media.dir()).iterdir()))
    return End(contents(sync.server.collection), tuple(type(notice) for notice in plan.notices), files)


@dataclass(frozen=True)
class Journey:
    """The folder to start from, the end to reach, and the actions of each request on the way."""

    start: Path
    end: End
    requests: tuple[frozenset[str], ...]

    def points(self, fault: str) -> list[int]:
        """The requests that can go wrong so."""
        numbered = enumerate(self.requests, 1)
        return [number for number, actions in numbered if fault != FULL or not actions <= READING]


def actions_of(request: dict[str, Any]) -> frozenset[str]:
    inner = request["params"]["actions"] if request["action"] == "multi" else [request]
    return frozenset(action["action"] for action in inner)


@pytest.fixture(scope="session")
def journey(tmp_path_factory: pytest.TempPathFactory) -> Journey:
    start, done = tmp_path_factory.mktemp("start"), tmp_path_factory.mktemp("done")
    before(start)
    shutil.copytree(start, done, dirs_exist_ok=True)
    with running(done) as server:
        sync = Sync(server, done / "memory")
        plan = sync.plan(AFTER, media=media(done))
        assert sum(getattr(change, "is_visible", True) for change in plan.changes) >= CHANGES
        server.requests.clear()
        assert sync.sync(AFTER, media=media(done)).undone == ()
        requests = tuple(map(actions_of, server.requests))
        return Journey(start, end(sync, done), requests)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("third", [0, *(pytest.param(third, marks=pytest.mark.thorough) for third in (1, 2))])
def test_a_sync_that_is_cut_off_anywhere_is_finished_by_the_next(
    journey: Journey, tmp_path: Path, fault: str, third: int
) -> None:
    for point in journey.points(fault)[third::3]:
        folder = tmp_path / str(point)
        shutil.copytree(journey.start, folder)
        with running(folder) as server:
            sync = Sync(server, folder / "memory")
            _sync_with(FAULTS[fault], point, server, sync, folder)
            sync.sync(AFTER, media=media(folder))
            assert end(sync, folder) == journey.end, f"{fault}: request {point} of {len(journey.requests)}"


def _sync_with(fault: Faulty, point: int, server: AnkiServer, sync: Sync, folder: Path) -> None:
    def failing(number: int, _request: dict[str, Any]) -> Fault | None:
        return fault(number, point)

    server.fault = failing
    try:
        sync.sync(AFTER, media=media(folder))
    except AnkigenError:
        pass
    finally:
        server.fault = lambda _number, _request: None
