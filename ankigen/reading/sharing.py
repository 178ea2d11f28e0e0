"""Which pages does another process make? Where there is much to make, each processor that is free takes a share.

A process is forked, so that it has everything at hand, and leaves what it made in a file. Whatever becomes of it, the
pages that it leaves unmade are made here.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import IO, NoReturn

from ankigen import values
from ankigen.reading.kept import MadePage
from ankigen.reading.pages import CardPage

Make = Callable[[CardPage], MadePage]
Shares = list[tuple[int, MadePage]]

_WORTH_A_PROCESS = 150_000
"""Bytes of notes; to make fewer takes no longer than to start a process and take over what it made."""


def make_pages(pages: Sequence[CardPage], make: Make, tell: Callable[[int], None]) -> list[MadePage]:
    """Make the pages, in their order; `tell` hears the place of the page that is begun."""
    by_size = sorted(range(len(pages)), key=lambda place: -len(pages[place].read.content))
    size = sum(len(page.read.content) for page in pages)
    count = min(_processors(), max(1, size // _WORTH_A_PROCESS))
    made: dict[int, MadePage] = {}
    if count > 1:  # what a page needs is loaded once, before a process is forked
        place = by_size.pop()
        made[place] = make(pages[place])
    shares = [[(place, pages[place]) for place in by_size[number::count]] for number in range(count)]
    with contextlib.ExitStack() as stack:
        helpers = [stack.enter_context(_helper(share, make)) for share in shares[1:]]
        for begun, (place, page) in enumerate(shares[0]):
            tell(begun * count)
            made[place] = make(page)
        for helper in helpers:
            made |= helper()
    return [made[place] if place in made else make(page) for place, page in enumerate(pages)]


def _processors() -> int:
    """How many processes may run at once; a process with threads must not be forked, and one on macOS neither."""
    if sys.platform != "linux" or threading.active_count() > 1:
        return 1
    return len(os.sched_getaffinity(0))


@contextlib.contextmanager
def _helper(share: Sequence[tuple[int, CardPage]], make: Make) -> Iterator[Callable[[], dict[int, MadePage]]]:
    """A process that makes its share; the call waits for what it made: all of it, or nothing if it failed."""
    with tempfile.TemporaryFile() as file:
        process = os.fork()
        if not process:
            _work(share, make, file)
        is_running = True

        def result() -> dict[int, MadePage]:
            nonlocal is_running
            _, status = os.waitpid(process, 0)
            is_running = False
            file.seek(0)
            return {} if status else dict(values.from_bytes(Shares, file.read()))

        try:
            yield result
        finally:
            if is_running:
                os.kill(process, signal.SIGKILL)
                os.waitpid(process, 0)


def _work(share: Sequence[tuple[int, CardPage]], make: Make, file: IO[bytes]) -> NoReturn:
    """All that the forked process ever does; no handler and no buffer of its parent's is run or written there."""
    status = 1
    try:
        file.write(values.to_bytes([(place, make(page)) for place, page in share]))
        file.flush()
        status = 0
    finally:
        os._exit(status)
