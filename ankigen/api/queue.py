"""Lets the runs that write wait for each other, if they are about the same notes.

Two first builds at once would each give the notes a name of their own, and the package of the one would not be that of
the other's lock file. The queue is kept by this user on this machine; who writes from elsewhere is met by
`ChangedMeanwhile`.
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
    """Let no other run that does the same write to these notes; `waits` hears of their folder if there is one now.

    A run that is killed is in nobody's way. Where the queue cannot be kept, there is none.
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
