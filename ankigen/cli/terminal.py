"""What a command says: results on stdout, all else on stderr, and reading the notes with progress shown.

Only what is `Shown` is printed: see `support.visible`.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

import typer

from ankigen import api, report
from ankigen.cli import progress
from ankigen.data import Desired, ProblemFormat
from ankigen.errors import CannotPrint, ExitCode, NobodyAnswered, StoppedReading
from ankigen.identity import LOCK_NAME
from ankigen.support.visible import Shown, shown, visible

Named = Sequence[str] | None
"""Decks, or tags, of the command line."""


def load_notes(source: Sequence[Path] | None, decks: Named, tags: Named, is_verbose: bool, is_quiet: bool) -> Desired:
    """Read the notes before anything is written. Raises `StoppedReading` at Ctrl-C: nothing has changed then."""
    try:
        return read_notes(source, decks, tags, is_verbose, is_quiet)
    except KeyboardInterrupt as interrupt:
        raise StoppedReading from interrupt


def finish(*courses: Desired, code: ExitCode = ExitCode.DONE) -> None:
    """Count, as the last line, the cards that errors kept from being made, and exit: with 1 if `code` is no failure."""
    for desired in courses:
        say(report.not_made(desired))
    if any(desired.errors for desired in courses) and code in {ExitCode.DONE, ExitCode.CHANGES_PENDING}:
        code = ExitCode.ERRORS_IN_NOTES
    if code:
        raise typer.Exit(code)


def wait_for_others(context: typer.Context, source: Sequence[Path] | None) -> None:
    """Go on when no other run writes to these notes, and let none do so until the command has ended."""
    context.with_resource(api.alone(source, _say_who_waits))


def _say_who_waits(root: Path) -> None:
    say(shown([f"another run of ankigen is at work on {root}: waiting for it"]))


def read_notes(source: Sequence[Path] | None, decks: Named, tags: Named, is_verbose: bool, is_quiet: bool) -> Desired:
    """Read the notes, with a bar for long work."""
    with progress.shown(is_quiet=is_quiet) as show:
        desired = api.load(source, show, decks=decks or (), tags=tags or ())
    if is_verbose:
        say_what_was_read(desired)
    return desired


def say_what_was_read(desired: Desired) -> None:
    """Tell `--verbose` where the notes are."""
    say(shown([f"read the notes below {desired.root}; {len(desired.lock.identities)} in all"]))


def problems_for(desired: Desired, format: ProblemFormat, stream: TextIO, verbose: bool) -> Shown:
    """The problems as `stream` is to show them, with colours on a terminal alone; many of a kind are told at once."""
    if format is ProblemFormat.TEXT and not desired.problems:
        return Shown("")

    lines = api.quoted_lines(desired) if format is ProblemFormat.TEXT else {}
    return report.problems_text(
        desired.problems,
        near(desired.root),
        format,
        lines,
        is_coloured=is_coloured(stream),
        is_grouped=not verbose,
    )


def is_coloured(stream: TextIO) -> bool:
    """Whether the stream is a terminal, and NO_COLOR is not set (no-color.org)."""
    return progress.is_watched(stream) and not os.environ.get("NO_COLOR")


def say_if_lock_is_lost(desired: Desired, *, is_new: bool) -> bool:
    """Say so, if git has a lock file that is missing. Raises what keeps a run from going on without it in CI."""
    api.require_lock(desired, is_first=is_new)
    return say_if_git_has_the_lock(desired)


def say_if_git_has_the_lock(desired: Desired) -> bool:
    """Say so, if git has a lock file that is missing, with the command that brings it back."""
    restoring = api.lost_lock(desired)
    if restoring:
        say(report.lock_is_lost(near(desired.root / LOCK_NAME), restoring))
    return restoring is not None


def near(path: Path) -> str:
    """The path as the user would type it: relative where it lies below the current folder."""
    current = Path.cwd()
    return path.relative_to(current).as_posix() if path.is_relative_to(current) else str(path)


def open_closed_streams() -> None:
    """Print into nothing where the user closed a stream; else the next file that is opened would take its place."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode, encoding="utf-8"))


def print_result(text: Shown) -> None:
    """Print a result on stdout; an empty text prints no line."""
    _echo(text, is_result=True)


def say(text: Shown) -> None:
    """Say something beside the result, on stderr; an empty text prints no line."""
    _echo(text, is_result=False)


def _echo(text: Shown, *, is_result: bool) -> None:
    try:
        if text:
            typer.echo(text, err=not is_result)
    except BrokenPipeError:  # nobody reads on: typer ends the command
        raise
    except OSError as failure:
        raise CannotPrint(failure) from failure


def agrees(question: str) -> bool:
    """Ask, and wait for an answer. Raises `NobodyAnswered`."""
    try:
        return typer.confirm(visible(question), err=True)
    except typer.Abort as silence:
        typer.echo(err=True)  # ends the line of the question
        raise NobodyAnswered from silence


def speak_every_script(stream: TextIO) -> None:
    """Write UTF-8 to files and programs, whatever the system's code page; on a terminal, `?` for letters it lacks."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")
