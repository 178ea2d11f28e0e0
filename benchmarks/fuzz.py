"""Makes many folders of notes by chance and judges what becomes of each: `make fuzz FOLDERS=5000 SEED=1`.

A folder that fails is made smaller while it fails in the same way, and kept, with the seed that makes it again.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import sys
import tempfile
import time
import traceback
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from ankigen.support.visible import shown
from tests.fuzz.folders import Folder, made, put, smaller
from tests.fuzz.judge import judge

_MOST_TRIES = 400
_MOST_TOLD = 20


@dataclass(frozen=True)
class Failure:
    """A folder that failed: its number, how it failed, and where it is kept."""

    number: int
    kind: str
    told: str
    kept: str


def main(folders: int, seed: int) -> int:
    """Judge so many folders; the number of those that failed."""
    start = time.perf_counter()
    failures: list[Failure] = []
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count(), context) as pool:
        numbers = ((seed, number) for number in range(folders))
        for done, failure in enumerate(pool.map(_judged, numbers, chunksize=10), 1):
            if failure:
                failures.append(failure)
                _tell(failure, seed, len(failures))
            if done % 500 == 0:
                print(f"{done:,} folders, {done / (time.perf_counter() - start):.1f} each second", flush=True)
    seconds = time.perf_counter() - start
    print(f"{folders:,} folders of seed {seed}, {folders / seconds:.1f} each second: {len(failures)} failed")
    kinds = {failure.kind: failure for failure in reversed(failures)}
    for kind, first in sorted(kinds.items()):
        print(f"  {sum(failure.kind == kind for failure in failures)} x {kind}, such as {first.kept}")
    return len(failures)


def _tell(failure: Failure, seed: int, count: int) -> None:
    if count <= _MOST_TOLD:
        print(shown([f"folder {failure.number} of seed {seed} failed: {failure.kept}", *failure.told.split("\n")]))
        sys.stdout.flush()


def _judged(which: tuple[int, int]) -> Failure | None:
    seed, number = which
    files = made(seed, number)
    failed = _failing(files)
    if failed is None:
        return None
    kind, _ = failed
    files = _shrunk(files, kind)
    _, told = _failing(files) or failed
    kept = Path(tempfile.mkdtemp(prefix=f"ankigen-fuzz-{seed}-{number}-"))
    put(kept, files)
    return Failure(number, kind, told, str(kept))


def _failing(files: Folder) -> tuple[str, str] | None:
    """How a folder fails: the place in the code and the failure, and the whole story; `None` if it does not."""
    work = Path(tempfile.mkdtemp(prefix="ankigen-fuzz-"))
    try:
        judge(files, work)
    except Exception as failure:
        last = traceback.extract_tb(failure.__traceback__)[-1]
        kind = f"{type(failure).__name__} in {Path(last.filename).name}, {last.name}: {last.line}"
        return kind, "".join(traceback.format_exception(failure, limit=-4))
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return None


def _shrunk(files: dict[str, bytes], kind: str) -> dict[str, bytes]:
    """The smallest folder that is found to fail in this way."""
    tries = 0
    is_smaller = True
    while is_smaller and tries < _MOST_TRIES:
        is_smaller = False
        for candidate in smaller(files):
            tries += 1
            failed = _failing(candidate) if tries < _MOST_TRIES else None
            if failed and failed[0] == kind:
                files, is_smaller = candidate, True
                break
    return files


if __name__ == "__main__":
    sys.exit(min(main(int(sys.argv[1]), int(sys.argv[2])), 1))
