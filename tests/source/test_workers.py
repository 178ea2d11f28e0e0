"""Where there is much to make, other processes take shares; what is made is the same, whatever becomes of them."""

from __future__ import annotations

import contextlib
import errno
import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from ankigen.data import Desired
from ankigen.source import load, workers
from ankigen.source.cache import CachedPage, TextSummary
from ankigen.source.pages import CardPage
from ankigen.support import folders
from tests.helpers.building import NOON, named, write

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
    pages = [SimpleNamespace(file=SimpleNamespace(content=b"x" * (number % 4), number=number)) for number in range(10)]

    def make(page: CardPage) -> CachedPage:
        first()
        return CachedPage(f"{page.file.number} {os.getpid()}", TextSummary())  # type: ignore[attr-defined]

    return [one.title.split() for one in workers.make_pages(pages, make, lambda _: None)]  # type: ignore[arg-type]


def met(folder: Path, processes: int) -> None:
    """Wait until so many processes have got here; a barrier would be stuck where one dies while it holds its lock."""
    (folder / str(os.getpid())).touch()
    while len(list(folder.iterdir())) < processes:
        os.sched_yield()


def test_three_processes_make_all_pages_in_their_order(tmp_path: Path) -> None:
    numbers, processes = zip(*made(lambda: met(tmp_path, 3)), strict=True)
    assert numbers == tuple("0123456789")
    assert len({*processes}) == 3


def test_where_there_is_no_room_for_a_process_all_pages_are_made_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> int:
        raise OSError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", full)
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


def test_who_is_interrupted_leaves_no_process_behind(tmp_path: Path) -> None:
    def interrupt() -> None:
        with contextlib.suppress(FileExistsError):  # one interrupt, as from a terminal, though several processes wait
            (tmp_path / "sent").touch(exist_ok=False)
            os.kill(int(HERE), signal.SIGINT)
        signal.pause()

    with pytest.raises(KeyboardInterrupt):
        made(interrupt)
    assert multiprocessing.active_children() == []


COUNTED = """
import _thread, sys
from ankigen.source import workers

if sys.argv[1] == "thread":
    lock = _thread.allocate_lock()
    lock.acquire()
    _thread.start_new_thread(lock.acquire, ())
print(workers._processors())
"""


@pytest.mark.parametrize("kind", ["none", "thread"])
def test_a_process_with_a_thread_that_python_does_not_count_is_not_forked(kind: str) -> None:
    command = [sys.executable, "-c", COUNTED, kind]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert int(said) == (1 if kind == "thread" else len(os.sched_getaffinity(0)))


ORPHANS = """
import os, signal, sys
from pathlib import Path
from types import SimpleNamespace
from ankigen.source import workers

folder, parent = Path(sys.argv[1]), os.getpid()
workers._processors = lambda: 2
workers._WORTH_A_PROCESS = 1
pages = [SimpleNamespace(file=SimpleNamespace(content=b"xx")) for _ in range(2)]

def make(page):
    (folder / str(os.getpid())).touch()
    while len(list(folder.iterdir())) < 2:
        pass
    os.kill(parent, signal.SIGKILL)
    while True:
        signal.pause()

workers.make_pages(pages, make, lambda _: None)
"""


def test_whose_parent_is_killed_ends_too(tmp_path: Path) -> None:
    said, writing = os.pipe()
    command = [sys.executable, "-c", ORPHANS, str(tmp_path)]
    with subprocess.Popen(command, pass_fds=[writing]) as process:  # whoever lives holds the pipe open
        os.close(writing)
        assert process.wait() == -signal.SIGKILL
    assert os.read(said, 1) == b""
    os.close(said)


def test_shared_work_makes_the_same_notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = {
        f"p{number}": f"- Question {number}? #card\n\t- (({ID})) and **{number}**\n"
        f"- The {{{{cloze organ {number}}}}} makes {{{{cloze power}}}} #card\n- No answer {number} #card\n"
        for number in range(9)
    }
    notes = write(tmp_path / "notes", blocks=f"- A block\n  id:: {ID}\n", **pages)

    def read(cache: str) -> Desired:
        monkeypatch.setattr(folders, "cache", lambda: tmp_path / cache)
        return load(named(notes), NOON)

    shared = read("shared")
    monkeypatch.setattr(workers, "_processors", lambda: 1)
    alone = read("alone")
    assert len(alone.notes) == 18
    assert [one.content for one in shared.notes] == [one.content for one in alone.notes]
    assert shared.lock.identities == alone.lock.identities
    assert shared.problems == alone.problems
