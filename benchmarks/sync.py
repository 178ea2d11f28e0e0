"""How long does a sync take, and how many requests? First sync, nothing to do, one edit, a tenth moved.

First the client alone, beside Anki's own import of the same package; then `ankigen sync --yes` as a process, which
reads the notes as well, and the same with a closed Anki. Run against the test server, or against a true Anki whose
profile is named for tests:

    python -m benchmarks.sync 300 3000 10000
    ANKIGEN_TEST_ANKI=http://127.0.0.1:8765 python -m benchmarks.sync 3000
"""

from __future__ import annotations

import contextlib
import gc
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
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
from ankigen.targets.collection import CollectionFile
from benchmarks.measure import program
from tests.helpers.anki_library import open_collection
from tests.helpers.anki_server import running
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
    """Seconds in all, seconds of them in which Anki was read, before and after; requests and changes."""

    seconds: float
    reading: float
    requests: int
    changes: int


def sync(anki: Counted, notes: Sequence[Note]) -> Run:
    """Sync, and look at the clock."""
    wanted = desired(notes)
    anki.requests.clear()
    start = time.perf_counter()
    ahead = anki.begin_reading([note_type.id for note_type in note_types.note_types()])
    pristine = pristine_notes(notes)
    existing = anki.read_around(ahead.collection(), {one.deck for one in notes})
    times = [time.perf_counter()]
    plan = plan_sync(wanted, existing, pristine=pristine)
    if plan.changes:
        outcome = apply_plan(plan, anki, lambda _: times.append(time.perf_counter()))
        assert outcome.undone == ()
    end = time.perf_counter()
    read_back = end - times[-1] if plan.changes else 0.0
    return Run(end - start, times[0] - start + read_back, len(anki.requests), len(plan.changes))


def measure(anki: Counted, size: int) -> None:
    """Print one table row for each thing that an author does to `size` notes."""
    notes = [
        note(f"n{n}", f"front <b>{n}</b>", f"back {n} " * 10, deck=f"Bench::{n % 20}", tags=(f"t{n % 7}",))
        for n in range(size)
    ]
    edited = [*notes[:5], reworded(notes[5], back=Html("edited")), *notes[6:]]
    moved = [replace(one, deck="Bench::Moved") if place % 10 == 0 else one for place, one in enumerate(edited)]
    states = {"first": notes, "nothing": notes, "one edit": edited, "a tenth moved": moved}
    content = apkg.pack([packed(one) for one in notes])
    alone: list[float] = []
    runs: dict[str, list[Run]] = {what: [] for what in states}
    for _ in range(_ROUNDS):
        for what, state in states.items():
            runs[what].append(sync(anki, state))
        anki.delete_notes(anki.call("findNotes", query="deck:Bench"))
        start = time.perf_counter()
        anki.import_package(content)
        alone.append(time.perf_counter() - start)
        anki.delete_notes(anki.call("findNotes", query="deck:Bench"))
    for what, found in runs.items():
        seconds, reading = median(run.seconds for run in found), median(run.reading for run in found)
        print(
            f"{size:>7,} {what:<14} {seconds:6.2f} s, {reading:.2f} s of it reading,"
            f" {found[-1].requests:>3} requests {found[-1].changes:>7,} changes"
        )
    print(f"{size:>7,} {'by Anki alone':<14} {median(alone):6.2f} s")


def measure_closed(path: Path, size: int) -> None:
    """Print a row for a first sync and for one with nothing to do, with a closed Anki."""
    notes = [
        note(f"n{n}", f"front <b>{n}</b>", f"back {n} " * 10, deck=f"Bench::{n % 20}", tags=(f"t{n % 7}",))
        for n in range(size)
    ]
    taken: dict[str, list[float]] = {"first": [], "nothing": []}
    for place in range(_ROUNDS):
        target = CollectionFile(closed(path / str(place)), path / "packages")
        for what, found in taken.items():
            start = time.perf_counter()
            existing = target.begin_reading([kind.id for kind in note_types.note_types()]).collection()
            plan = plan_sync(desired(notes), existing, pristine=pristine_notes(notes))
            if plan.changes:
                assert apply_plan(plan, target).undone == ()
            found.append(time.perf_counter() - start)
            assert bool(plan.changes) is (what == "first")
    for what, found in taken.items():
        print(f"{size:>7,} {what:<14} {median(found):6.2f} s, closed")


def measure_process(target: Sequence[str | Path], size: int, folder: Path) -> None:
    """Print one table row for each run of the program on pages of a hundred mixed cards."""
    folder.mkdir(parents=True)
    pages = [folder / f"page{number}.md" for number in range(size // 100)]
    for number, page in enumerate(pages):
        page.write_text("deck:: Bench\n\n" + "".join(_card(number * 100 + one) for one in range(100)), "utf-8")
    command: list[str | Path] = [program(), "sync", folder, "--yes", "--quiet", *target]
    taken: dict[str, list[float]] = {"first": [], "nothing": [], "one edit": []}
    for what in ("first", *["nothing"] * _ROUNDS, *["one edit"] * _ROUNDS):
        if what == "one edit":
            pages[0].write_text(pages[0].read_text("utf-8").replace("It is ", "It is so: ", 1), "utf-8")
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
        taken[what].append(time.perf_counter() - start)
    for what, found in taken.items():
        how = "closed" if target[0] == "--to" else "running"
        print(
            f"{size:>7,} {what:<14} {median(found):6.2f} s as a process, {min(found):.2f} to {max(found):.2f} s, {how}"
        )


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
        for size in map(int, sys.argv[1:] or ["300", "3000"]):
            measure(Counted(url, folder=Path(name, "transfer")), size)
            measure_closed(Path(name, f"alone{size}"), size)
            measure_process(["--url", url], size, Path(name, f"running{size}", "notes"))
            anki = AnkiConnect(url)
            anki.delete_notes(anki.call("findNotes", query="deck:Bench"))
            collection = closed(Path(name, f"closed{size}"))
            measure_process(["--to", collection], size, collection.parent / "notes")


if __name__ == "__main__":
    main()
