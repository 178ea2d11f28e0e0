"""How long does a sync take, and how many requests? First sync, nothing to do, one edit, a tenth moved.

First AnkiConnect alone, beside Anki's own import of the same package. Then all targets in turns: a running Anki, a
closed one, and a sync server on loopback; within this process, and as `ankigen sync --yes`, which reads the notes as
well. The running Anki is the test server, or a true one whose profile is named for tests:

    python -m benchmarks.sync 300 3000 10000
    ANKIGEN_TEST_ANKI=http://127.0.0.1:8765 python -m benchmarks.sync 3000
"""

from __future__ import annotations

import contextlib
import gc
import itertools
import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from ankigen import note_types
from ankigen.data import Html, Note
from ankigen.note_types import packed
from ankigen.outputs import apkg
from ankigen.support.structs import replace
from ankigen.syncing import plan_sync, pristine_notes
from ankigen.syncing.apply import apply_plan
from ankigen.targets.anki_connect import Action, AnkiConnect
from ankigen.targets.collection import CollectionFile, SyncServer, account_at
from ankigen.targets.target import Target
from benchmarks.measure import program, run
from tests.helpers.anki_library import open_collection
from tests.helpers.anki_server import running
from tests.helpers.sync_server import PASSWORD, USER, Device, serving
from tests.helpers.syncing import desired, note, reworded

_ROUNDS = 5


@dataclass(frozen=True)
class Counted(AnkiConnect):
    """An Anki that counts what it is asked."""

    requests: list[str] = field(default_factory=list)

    def ask(self, wanted: Action) -> Any:
        """Count, then ask."""
        self.requests.append(wanted.name)
        return super().ask(wanted)


@dataclass(frozen=True)
class Run:
    """Seconds in all, seconds of them in which Anki was read, before and after; and changes."""

    seconds: float
    reading: float
    changes: int


def sync(target: Target, notes: Sequence[Note]) -> Run:
    """Sync, and look at the clock."""
    wanted = desired(notes)
    start = time.perf_counter()
    ahead = target.begin_reading([note_type.id for note_type in note_types.note_types()])
    pristine = pristine_notes(notes)
    existing = target.read_around(ahead.collection(), {one.deck for one in notes})
    times = [time.perf_counter()]
    plan = plan_sync(wanted, existing, pristine=pristine)
    if plan.changes:
        outcome = apply_plan(plan, target, lambda _: times.append(time.perf_counter()))
        assert outcome.undone == ()
    end = time.perf_counter()
    read_back = end - times[-1] if plan.changes else 0.0
    return Run(end - start, times[0] - start + read_back, len(plan.changes))


def measure(anki: Counted, size: int) -> None:
    """Print one table row for each thing that an author does to `size` notes."""
    notes = _notes(size)
    edited = [*notes[:5], reworded(notes[5], back=Html("edited")), *notes[6:]]
    moved = [replace(one, deck="Bench::Moved") if place % 10 == 0 else one for place, one in enumerate(edited)]
    states = {"first": notes, "nothing": notes, "one edit": edited, "a tenth moved": moved}
    content = apkg.pack([packed(one) for one in notes])
    alone: list[float] = []
    runs: dict[str, list[Run]] = {what: [] for what in states}
    requests: dict[str, int] = {}
    for _ in range(_ROUNDS):
        for what, state in states.items():
            anki.requests.clear()
            runs[what].append(sync(anki, state))
            requests[what] = len(anki.requests)
        anki.delete_notes(anki.call("findNotes", query="deck:Bench"))
        start = time.perf_counter()
        anki.import_package(content)
        alone.append(time.perf_counter() - start)
        anki.delete_notes(anki.call("findNotes", query="deck:Bench"))
    for what, found in runs.items():
        seconds, reading = median(run.seconds for run in found), median(run.reading for run in found)
        print(
            f"{size:>7,} {what:<14} {seconds:6.2f} s, {reading:.2f} s of it reading,"
            f" {requests[what]:>3} requests {found[-1].changes:>7,} changes"
        )
    print(f"{size:>7,} {'by Anki alone':<14} {median(alone):6.2f} s")


def measure_targets(url: str, folder: Path, size: int) -> None:
    """Print a row for a first sync, and for one with nothing to do, by each target."""
    notes = _notes(size)
    taken: dict[str, list[float]] = {}
    for place in range(_ROUNDS):
        anki = AnkiConnect(url, folder=folder / "transfer")
        file = CollectionFile(closed(folder / f"file{place}"), folder / "packages")
        with serving_empty(folder / f"server{place}") as address:
            server = SyncServer(account_at(address), folder / f"mirror{place}", folder / "packages")
            targets: dict[str, Target] = {"running": anki, "closed": file, "server": server}
            for what, (name, target) in itertools.product(("first", "nothing"), targets.items()):
                done = sync(target, notes)
                assert bool(done.changes) is (what == "first")
                taken.setdefault(f"{what:<14} {name}", []).append(done.seconds)
        anki.delete_notes(anki.call("findNotes", query="deck:Bench"))
    _print_rows(size, taken, "")


def measure_processes(url: str, folder: Path, size: int) -> None:
    """Print a row for each run of the program on pages of a hundred mixed cards, by each target."""
    taken: dict[str, list[float]] = {}
    with serving_empty(folder / "server") as address:
        targets: dict[str, list[str]] = {
            "running": ["--url", url],
            "closed": ["--to", str(closed(folder / "file"))],
            "server": ["--to", address],
        }
        pages = {name: _pages(folder / name / "notes", size) for name in targets}
        for what in ("first", *["nothing"] * _ROUNDS, *["one edit"] * _ROUNDS):
            for name, target in targets.items():
                if what == "one edit":
                    page = pages[name] / "page0.md"
                    page.write_text(page.read_text("utf-8").replace("It is ", "It is so: ", 1), "utf-8")
                command: list[str | Path] = [program(), "sync", pages[name], "--yes", "--quiet", *target]
                taken.setdefault(f"{what:<14} {name}", []).append(run(command, folder / "cache").wall)
    _print_rows(size, taken, ", as a process")


def _print_rows(size: int, taken: Mapping[str, Sequence[float]], how: str) -> None:
    for row, found in taken.items():
        spread = f"{min(found):.2f} to {max(found):.2f} s"
        print(f"{size:>7,} {row:<22} {median(found):6.2f} s, {spread}{how}", flush=True)


def _pages(folder: Path, size: int) -> Path:
    folder.mkdir(parents=True)
    for number in range(size // 100):
        cards = "".join(_card(number * 100 + one) for one in range(100))
        (folder / f"page{number}.md").write_text(f"deck:: Bench\n\n{cards}", "utf-8")
    return folder


@contextlib.contextmanager
def serving_empty(folder: Path) -> Iterator[str]:
    """The address of a sync server whose collection has no notes yet."""
    folder.mkdir(parents=True)
    with serving(folder) as address:
        device = Device(folder / "device", address)
        device.upload()
        device.close()
        yield address


def _notes(size: int) -> list[Note]:
    return [
        note(f"n{n}", f"front <b>{n}</b>", f"back {n} " * 10, deck=f"Bench::{n % 20}", tags=(f"t{n % 7}",))
        for n in range(size)
    ]


def closed(folder: Path) -> Path:
    """The collection of an Anki that is closed."""
    folder.mkdir(parents=True)
    with open_collection(folder):
        return folder / "collection.anki2"


def _card(number: int) -> str:
    match number % 3:
        case 0:
            return f"- What is **term** {number}? #card\n\t- It is *thing* {number}\n"
        case 1:
            return f"- What is $x_{{{number}}}$? #card\n\t- $$y = {number}$$\n\t- ```python\n\t  f({number})\n\t  ```\n"
        case _:
            return f"- The {{{{cloze organ {number}}}}} makes {{{{cloze power}}}}. #card\n"


@contextlib.contextmanager
def reached(folder: Path) -> Iterator[str]:
    """The address of the Anki to measure."""
    if url := os.environ.get("ANKIGEN_TEST_ANKI"):
        profile = AnkiConnect(url).call("getActiveProfile")
        if "test" not in profile:
            sys.exit(f"the profile {profile!r} is not named for tests")
        yield url
    else:
        with running(folder) as server:
            yield server.url


def main() -> None:
    """Measure each size that the command line names."""
    gc.disable()  # as the program does
    with TemporaryDirectory() as name, reached(Path(name)) as url:
        os.environ |= dict.fromkeys(("XDG_STATE_HOME", "XDG_CACHE_HOME"), name)
        os.environ |= {"ANKIGEN_SYNC_USER": USER, "ANKIGEN_SYNC_PASSWORD": PASSWORD}
        for size in map(int, sys.argv[1:] or ["300", "3000"]):
            measure(Counted(url, folder=Path(name, "transfer")), size)
            measure_targets(url, Path(name, f"targets{size}"), size)
            measure_processes(url, Path(name, f"processes{size}"), size)
            anki = AnkiConnect(url)
            anki.delete_notes(anki.call("findNotes", query="deck:Bench"))


if __name__ == "__main__":
    main()
