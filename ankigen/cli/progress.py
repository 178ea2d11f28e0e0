"""Shows the progress of long work on stderr: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from typing import TextIO

import typer

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much is done, and the total; 0 and 0 if unknown."""

_LONG = 200
"""From this many pages on, the work takes long enough for a bar."""

_PER_LINE = 2000


def is_watched(stream: TextIO) -> bool:
    """Whether the stream is a terminal that can move the cursor."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


@contextlib.contextmanager
def shown(*, is_quiet: bool) -> Iterator[Progress]:
    """Show progress during a `with` block."""
    if is_quiet:
        yield lambda _work, _done, _total: None
    elif is_watched(sys.stderr):
        with _bar() as show:
            yield show
    else:
        yield _line


def _line(work: str, done: int, total: int) -> None:
    if not total:
        typer.echo(f"{work} …", err=True)
    elif done and done % _PER_LINE == 0:
        typer.echo(f"{work}: {done:,} of {total:,}", err=True)


@contextlib.contextmanager
def _bar() -> Iterator[Progress]:
    """A bar that appears with the first long work, and is erased at the end."""
    with contextlib.ExitStack() as stack:
        bars: list[Progress] = []

        def show(work: str, done: int, total: int) -> None:
            if total and (total < _LONG or done % max(1, total // 100)):
                return
            if not bars:
                bars.append(stack.enter_context(_rich_bar()))
            bars[0](work, done, total)

        yield show


@contextlib.contextmanager
def _rich_bar() -> Iterator[Progress]:
    from rich.console import Console  # noqa: PLC0415 - most work is done before a bar is worth loading
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn())
    # Drawn by the calls, not by a thread: a process with threads cannot be forked safely.
    with Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False) as progress:
        task = progress.add_task("", total=None)
        yield lambda work, done, total: progress.update(
            task, description=work, completed=done, total=total or None, refresh=True
        )
