"""Which pages does another process make? Where there is much to make, each processor that is free takes a share.

A process is forked, so that it has everything at hand. Whoever is done with a page takes the next one from a list that
all share. What a process made it leaves in a file; whatever becomes of it, the pages that it leaves unmade are made
here.
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

from ankigen.source.cache.entries import MadePage
from ankigen.source.pages import CardPage
from ankigen.support import structs

Make = Callable[[CardPage], MadePage]
Share = list[tuple[int, bytes]]
"""Pages as bytes, each with its place."""

_WORTH_A_PROCESS = 150_000
"""Bytes of notes; to make fewer takes no longer than to start a process and take over what it made."""

_ENTRY = 4
"""Bytes of an entry in the list of what is to do."""


def make_pages(pages: Sequence[CardPage], make: Make, tell: Callable[[int], None]) -> list[MadePage]:
    """Make the pages, in their order; `tell` hears how many were begun before."""
    size = sum(len(page.read.content) for page in pages)
    count = min(_processors(), size // _WORTH_A_PROCESS)
    made: dict[int, MadePage] = {}
    if count > 1:
        with contextlib.suppress(OSError):  # where there is no room for a file or a process, all are made below
            made = _shared(pages, make, tell, count)
    for place, page in enumerate(pages):
        if place not in made:
            tell(len(made))
            made[place] = make(page)
    return [made[place] for place in range(len(pages))]


def _shared(pages: Sequence[CardPage], make: Make, tell: Callable[[int], None], count: int) -> dict[int, MadePage]:
    """The pages by their places, as far as so many processes make them, this one among them."""
    by_size = sorted(range(len(pages)), key=lambda place: -len(pages[place].read.content))
    made: dict[int, MadePage] = {}
    with contextlib.ExitStack() as stack:
        todo = stack.enter_context(tempfile.TemporaryFile(buffering=0))
        todo.write(b"".join(place.to_bytes(_ENTRY, "big") for place in by_size))
        todo.seek(0)
        helpers = [stack.enter_context(_helper(pages, todo, make)) for _ in range(count - 1)]
        for place in _taken(todo):
            tell(todo.tell() // _ENTRY - 1)
            made[place] = make(pages[place])
        for helper in helpers:
            made |= helper()
    return made


def _processors() -> int:
    """How many processes may run at once; a process with threads must not be forked, and one on macOS neither."""
    if sys.platform != "linux" or threading.active_count() > 1:
        return 1
    return len(os.sched_getaffinity(0))


def _taken(todo: IO[bytes]) -> Iterator[int]:
    """Take one place after the other; forked processes share where they are in the file, and each read moves it on."""
    while entry := todo.read(_ENTRY):
        yield int.from_bytes(entry, "big")


@contextlib.contextmanager
def _helper(pages: Sequence[CardPage], todo: IO[bytes], make: Make) -> Iterator[Callable[[], dict[int, MadePage]]]:
    """A process that makes its share; the call waits for what it made: all of it, or nothing if it failed."""
    with tempfile.TemporaryFile() as file:
        process = os.fork()
        if not process:
            _work(pages, todo, make, file)
        is_running = True

        def result() -> dict[int, MadePage]:
            nonlocal is_running
            _, status = os.waitpid(process, 0)
            is_running = False
            file.seek(0)
            share = [] if status else structs.from_bytes(Share, file.read())
            return {place: structs.from_bytes(MadePage, data) for place, data in share}

        try:
            yield result
        finally:
            if is_running:
                os.kill(process, signal.SIGKILL)
                os.waitpid(process, 0)


def _work(pages: Sequence[CardPage], todo: IO[bytes], make: Make, file: IO[bytes]) -> NoReturn:
    """All that the forked process ever does; no handler and no buffer of its parent's is run or written there."""
    status = 1
    try:
        share = [(place, structs.to_bytes(make(pages[place]))) for place in _taken(todo)]
        file.write(structs.to_bytes(share))
        file.flush()
        status = 0
    finally:
        os._exit(status)
