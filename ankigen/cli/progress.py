"""Shows that long work goes on: by a bar on a terminal, by plain lines elsewhere, on stderr alone."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from typing import TextIO

import typer

Tell = Callable[[str, int, int], None]
"""Says what is being done, how much of it is done, and how much there is; 0 of 0 where nobody can know."""

_LONG = 200
"""So many pages take long enough that one begins to wonder."""

_PER_LINE = 2000


def is_watched(stream: TextIO) -> bool:
    """Whether a person looks at the stream, on a terminal that can do more than print."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


@contextlib.contextmanager
def shown(*, is_quiet: bool) -> Iterator[Tell]:
    """Show how work goes on for the length of a `with` block."""
    if is_quiet:
        yield lambda _what, _done, _all: None
    elif is_watched(sys.stderr):
        with _bar() as tell:
            yield tell
    else:
        yield _line


def _line(what: str, done: int, total: int) -> None:
    if not total:
        typer.echo(f"{what} …", err=True)
    elif done and done % _PER_LINE == 0:
        typer.echo(f"{what}: {done:,} of {total:,}", err=True)


@contextlib.contextmanager
def _bar() -> Iterator[Tell]:
    """A bar that appears with the first long work and leaves nothing behind."""
    with contextlib.ExitStack() as stack:
        moves: list[Tell] = []

        def tell(what: str, done: int, total: int) -> None:
            if total and (total < _LONG or done % max(1, total // 100)):
                return
            if not moves:
                moves.append(stack.enter_context(_drawn()))
            moves[0](what, done, total)

        yield tell


@contextlib.contextmanager
def _drawn() -> Iterator[Tell]:
    from rich.console import Console  # noqa: PLC0415 - most work is done before a bar is worth loading
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn())
    # Drawn when something is told, and not by a thread: a process that has one cannot be forked to share the work.
    with Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False) as progress:
        task = progress.add_task("", total=None)
        yield lambda what, done, total: progress.update(
            task, description=what, completed=done, total=total or None, refresh=True
        )
