"""How work grows with its input: its steps are counted, and inputs are handled that only linear work gets through.

No clock is read, so that a busy machine changes nothing. What Python does is counted line by line. A regular expression
is one step to Python, however long it takes: so every shape of text is also handled at a size where linear work takes a
moment, and work that explodes does not come to an end. `make test-long` takes texts many times as long, and prints
which took longest: there even the square of a very small step shows.
"""

from __future__ import annotations

import functools
import multiprocessing
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import FrameType
from typing import TypeVar, cast

LINEAR = 4.5
"""The most that four times the size may multiply linear work by; the work of a square comes to nearly sixteen."""
LONGER = int(os.environ.get("ANKIGEN_LONGER", "1"))
"""How many times as long as usual a huge text is."""
_STEPS = 500_000 * LONGER
_CHARACTERS = 500_000 * min(LONGER, 10)
_PATIENCE = 120
"""Seconds after which a process is given up that needs a fraction of one, or a few, if its work is linear."""
_FEW = 200

Shape = Callable[[int], str]
"""Makes a text of so many pieces."""
Work = Callable[[str], object]
Answer = TypeVar("Answer")


class Stuck(AssertionError):
    """Work that does not come to an end."""


def steps(work: Callable[[], object]) -> int:
    """The lines of Python that it runs; each turn of a loop is one, on whatever line it stands."""
    count = 0

    def trace(_frame: FrameType, _event: str, _argument: object) -> object:
        nonlocal count
        count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)  # type: ignore[arg-type]  # the type of a trace function is one that returns itself
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def calls(work: Callable[[], object]) -> int:
    """The functions that it calls, those of C among them: quicker to count than `steps`, and nearly as telling."""
    count = 0

    def note(_frame: FrameType, _event: str, _argument: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def growth(count: Callable[[int], int], size: int = _FEW) -> float:
    """By how much four times the size multiplies the steps."""
    count(size // 2)  # what is imported and compiled at first is no part of them
    small, large = count(size), count(4 * size)
    return large / small


def growth_of_text(shape: Shape, work: Work) -> float:
    """By how much four times the text multiplies the steps."""
    return growth(lambda size: _ask(_count, work, shape(size)))


def get_through(shape: Shape, work: Work) -> None:
    """Do the work on a text that takes some `_STEPS`, or has some `_CHARACTERS`."""
    _ask(_do, work, shape(_FEW // 2))
    few, twice = (_ask(_count, work, shape(size)) for size in (_FEW, 2 * _FEW))
    _ask(_do, work, shape(_FEW * min(_STEPS // max(1, twice - few), _CHARACTERS // len(shape(_FEW)))))


def _count(work: Work, text: str) -> int:
    return steps(functools.partial(work, text))


def _do(work: Work, text: str) -> None:
    work(text)


def _ask(what: Callable[[Work, str], Answer], work: Work, text: str) -> Answer:
    """Have another process do it, so that it can be given up."""
    process, line = _helper()
    try:
        line.send((what, work, text))
    except OSError:  # it has died, as of another text that it was asked for
        _helper.cache_clear()
        process, line = _helper()
        line.send((what, work, text))
    if not line.poll(_PATIENCE):
        process.kill()
        process.join()
        _helper.cache_clear()
        raise Stuck(f"{len(text)} characters take more than {_PATIENCE} seconds: {text[:100]!r}")
    answer, failure = line.recv()
    if failure:
        raise failure
    return cast("Answer", answer)


@functools.cache
def _helper() -> tuple[BaseProcess, Connection]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_help, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    assert ours.recv() == "ready"
    return process, ours


def _help(line: Connection) -> None:
    line.send("ready")
    with suppress(EOFError):
        while True:
            what, work, text = line.recv()
            try:
                line.send((what(work, text), None))
            except Exception as failure:
                line.send((None, failure))
