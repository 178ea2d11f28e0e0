"""Lets runs that write wait for each other, if they use the same notes.

Two first builds at once would each give the notes their own name, and one package would not match the other's lock
file. The queue works for this user on this machine; other writers cause `ChangedMeanwhile`.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from ankigen.api.notes import Sources, paths_of
from ankigen.source import root_of
from ankigen.support import folders
from ankigen.support.hashing import content_hash

_DIGITS = 32


@contextlib.contextmanager
def alone(source: Sources | None, waits: Callable[[Path], None]) -> Iterator[None]:
    """Block other runs that call this for these notes; `waits` is called with their folder if one is running.

    A killed run blocks nobody. If locking is not possible, nobody waits.
    """
    import filelock  # noqa: PLC0415 - it loads for ten milliseconds, and commands that only look do not need it

    root = root_of(paths_of(source))
    name = content_hash(os.fsencode(os.path.realpath(root)), _DIGITS)
    queue = filelock.FileLock(folders.cache() / "runs" / name)
    with contextlib.ExitStack() as held:
        with contextlib.suppress(OSError, NotImplementedError):
            Path(queue.lock_file).parent.mkdir(parents=True, exist_ok=True)
            try:
                held.enter_context(queue.acquire(timeout=0))
            except filelock.Timeout:
                waits(root)
                held.enter_context(queue.acquire())
        yield
