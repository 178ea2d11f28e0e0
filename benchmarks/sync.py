"""How long does a sync take, and how many requests? First sync, nothing to do, one edit, a tenth moved.

First the client alone, beside Anki's own import of the same package; then `ankigen sync --yes` as a process, which
reads the notes as well. Run against the test server, or against a true Anki whose profile is named for tests:

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
from tempfile import TemporaryDirectory
from typing import Any

from ankigen import note_types, package
from ankigen.anki_connect import Action, AnkiConnect
from ankigen.apply import apply_plan
from ankigen.data import Html, Note
from ankigen.notes import packed
from ankigen.planning import first_writings, plan_sync
from ankigen.values import replace
from tests.anki_server import running
from tests.syncing import desired, note, reworded


@dataclass(frozen=True)
class Counted(AnkiConnect):
    """An Anki that counts what it is asked."""

    requests: list[str] = field(default_factory=list)

    def ask(self, wanted: Action) -> Any:
        """Count, then ask."""
        self.requests.append(wanted.name)
        return super().ask(wanted)


def sync(anki: Counted, notes: Sequence[Note]) -> tuple[float, int, int]:
    """Sync; return seconds, requests and changes."""
    wanted = desired(notes)
    anki.requests.clear()
    start = time.perf_counter()
    ahead = anki.read_ahead(lambda: [kind.id for kind in note_types.ALL])
    writings = first_writings(notes)
    existing = anki.read_around(ahead.collection(), {one.deck for one in notes})
    plan = plan_sync(wanted, existing, writings=writings)
    if plan.changes:
        assert apply_plan(plan, anki, package.pack).undone == ()
    return time.perf_counter() - start, len(anki.requests), len(plan.changes)


def measure(anki: Counted, size: int) -> None:
    """Print one table row for each thing that an author does to `size` notes."""
    notes = [
        note(f"n{n}", f"front <b>{n}</b>", f"back {n} " * 10, deck=f"Bench::{n % 20}", tags=(f"t{n % 7}",))
        for n in range(size)
    ]
    edited = [*notes[:5], reworded(notes[5], back=Html("edited")), *notes[6:]]
    moved = [replace(one, deck="Bench::Moved") if place % 10 == 0 else one for place, one in enumerate(edited)]
    for what, state in [("first", notes), ("nothing", notes), ("one edit", edited), ("a tenth moved", moved)]:
        seconds, requests, changes = sync(anki, state)
        print(f"{size:>7,} {what:<14} {seconds:6.2f} s {requests:>4} requests {changes:>7,} changes")
    anki.delete_notes(anki.call("findNotes", query="deck:Bench"))
    content = package.pack([packed(one) for one in notes])
    start = time.perf_counter()
    anki.import_package(content)
    print(f"{size:>7,} {'by Anki alone':<14} {time.perf_counter() - start:6.2f} s")
    anki.delete_notes(anki.call("findNotes", query="deck:Bench"))


def measure_process(url: str, size: int, folder: Path) -> None:
    """Print one table row for each run of the program on pages of a hundred mixed cards."""
    folder.mkdir()
    pages = [folder / f"page{number}.md" for number in range(size // 100)]
    for number, page in enumerate(pages):
        page.write_text("deck:: Bench\n\n" + "".join(_card(number * 100 + one) for one in range(100)), "utf-8")
    for what in ("first", "nothing", "one edit"):
        if what == "one edit":
            pages[0].write_text(pages[0].read_text("utf-8").replace("*thing* 0", "*thing* again"), "utf-8")
        start = time.perf_counter()
        command = [sys.executable, "-m", "ankigen", "sync", str(folder), "--yes", "--quiet", "--url", url]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
        print(f"{size:>7,} {what:<14} {time.perf_counter() - start:6.2f} s as a process")
    anki = AnkiConnect(url)
    anki.delete_notes(anki.call("findNotes", query="deck:Bench"))


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
            measure_process(url, size, Path(name, f"notes{size}"))


if __name__ == "__main__":
    main()
