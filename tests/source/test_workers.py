"""Where there is much to make, other processes take shares; what is made is the same, whatever becomes of them."""

from __future__ import annotations

import errno
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from ankigen.data import Desired
from ankigen.source import load, workers
from ankigen.source.cache.entries import Look, MadePage
from ankigen.source.pages import CardPage
from ankigen.support import folders
from tests.helpers.building import NOON, write

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="only there a process is forked"),
    pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning"),  # the test runner has threads
]
ID = "5b6f0c1e-2d3a-4f7b-9c8d-0e1f2a3b4c5d"
HERE = str(os.getpid())


@pytest.fixture(autouse=True)
def _three_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_processors", lambda: 3)
    monkeypatch.setattr(workers, "_WORTH_A_PROCESS", 1)


def made(first: Callable[[], None]) -> list[list[str]]:
    """Ten pages of several sizes, each made of its number and of the process that makes it, `first` done before."""
    pages = [SimpleNamespace(read=SimpleNamespace(content=b"x" * (number % 4), number=number)) for number in range(10)]

    def make(page: CardPage) -> MadePage:
        first()
        return MadePage(f"{page.read.number} {os.getpid()}", Look())  # type: ignore[attr-defined]

    return [one.title.split() for one in workers.make_pages(pages, make, lambda _: None)]  # type: ignore[arg-type]


def met(folder: Path, processes: int) -> None:
    """Wait until so many processes have got here."""
    (folder / str(os.getpid())).touch()
    while len(list(folder.iterdir())) < processes:
        time.sleep(0.001)


def test_three_processes_make_all_pages_in_their_order(tmp_path: Path) -> None:
    numbers, processes = zip(*made(lambda: met(tmp_path, 3)), strict=True)
    assert numbers == tuple("0123456789")
    assert len({*processes}) == 3


@pytest.mark.parametrize("processors", [1, 3])
def test_where_there_is_no_room_for_files_all_pages_are_made_here(
    monkeypatch: pytest.MonkeyPatch, processors: int
) -> None:
    def full(**_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(workers, "_processors", lambda: processors)
    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    numbers, processes = zip(*made(lambda: None), strict=True)
    assert numbers == tuple("0123456789")
    assert {*processes} == {HERE}


def fail() -> None:
    raise MemoryError


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize("end", [fail, die])
def test_pages_that_a_process_leaves_unmade_are_made_here(tmp_path: Path, end: Callable[[], None]) -> None:
    def first() -> None:
        met(tmp_path, 3)
        if str(os.getpid()) != HERE:
            end()

    numbers, processes = zip(*made(first), strict=True)
    assert numbers == tuple("0123456789")
    assert {*processes} == {HERE}


def test_who_is_interrupted_leaves_no_process_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    forked: list[int] = []
    fork = os.fork

    def noted() -> int:
        forked.append(fork())
        return forked[-1]

    monkeypatch.setattr(os, "fork", noted)

    def interrupt() -> None:
        if str(os.getpid()) != HERE:
            signal.pause()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        made(interrupt)
    assert len(forked) == 2
    for process in forked:
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


def test_shared_work_makes_the_same_notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = {
        f"p{number}": f"- Question {number}? #card\n\t- (({ID})) and **{number}**\n"
        f"- The {{{{cloze organ {number}}}}} makes {{{{cloze power}}}} #card\n- No answer {number} #card\n"
        for number in range(9)
    }
    notes = write(tmp_path / "notes", blocks=f"- A block\n  id:: {ID}\n", **pages)

    def read(cache: str) -> Desired:
        monkeypatch.setattr(folders, "cache", lambda: tmp_path / cache)
        return load(notes, NOON)

    shared = read("shared")
    monkeypatch.setattr(workers, "_processors", lambda: 1)
    alone = read("alone")
    assert len(alone.notes) == 18
    assert [one.content for one in shared.notes] == [one.content for one in alone.notes]
    assert shared.lock.identities == alone.lock.identities
    assert shared.problems == alone.problems
