"""What a command prints: results on stdout, everything else on stderr. Also reads the notes, showing progress.

Only what is `Shown` is printed: see `support.visible`.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Sequence
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
"""Decks or tags from the command line."""


def load_notes(source: Sequence[Path] | None, decks: Named, tags: Named, is_verbose: bool, is_quiet: bool) -> Desired:
    """Read the notes before anything is written. Raises `StoppedReading` at Ctrl-C: nothing has changed then."""
    try:
        return read_notes(source, decks, tags, is_verbose, is_quiet)
    except KeyboardInterrupt as interrupt:
        raise StoppedReading from interrupt


def finish(*courses: Desired, code: ExitCode = ExitCode.DONE) -> None:
    """Print the number of cards not made as the last line, and exit: with 1 for errors if `code` is no failure."""
    for desired in courses:
        say(report.not_made(desired))
    if any(desired.errors for desired in courses) and code in {ExitCode.DONE, ExitCode.CHANGES_PENDING}:
        code = ExitCode.ERRORS_IN_NOTES
    if code:
        raise typer.Exit(code)


def wait_for_others(context: typer.Context, source: Sequence[Path] | None) -> None:
    """Wait until no other run writes to these notes, and block others until the command ends."""
    context.with_resource(api.alone(source, _say_who_waits))


def _say_who_waits(root: Path) -> None:
    say(shown([f"another run of ankigen is working on {root}: waiting for it"]))


def read_notes(source: Sequence[Path] | None, decks: Named, tags: Named, is_verbose: bool, is_quiet: bool) -> Desired:
    """Read the notes, with a bar for long work."""
    with progress.shown(is_quiet=is_quiet) as show:
        desired = api.load(source, show, decks=decks or (), tags=tags or ())
    if is_verbose:
        say_what_was_read(desired)
    return desired


def say_if_library_is_unknown(to: str | None) -> None:
    """Warn if a target is reached with a library of Anki's that the tests have not run with."""
    if to is not None and (release := api.unknown_release()):
        say(
            shown(
                [f"Anki's library {release} is newer than this ankigen knows: if anything looks wrong, update ankigen"]
            )
        )


def say_what_was_read(desired: Desired) -> None:
    """Say where the notes are, for `--verbose`."""
    say(shown([f"read the notes in {desired.root}; {len(desired.lock.identities)} in all"]))


def problems_for(desired: Desired, format: ProblemFormat, stream: TextIO, verbose: bool) -> Shown:
    """The problems for `stream`, with colours only on a terminal; many of one kind are grouped."""
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
    """Say so if git has a missing lock file. Raises what stops a run without one in CI."""
    api.require_lock(desired, is_first=is_new)
    return say_if_git_has_the_lock(desired)


def say_if_git_has_the_lock(desired: Desired) -> bool:
    """Say so if git has a missing lock file, with the command that restores it."""
    restoring = api.lost_lock(desired)
    if restoring:
        say(report.lock_is_lost(near(desired.root / LOCK_NAME), restoring))
    return restoring is not None


def near(path: Path) -> str:
    """The path as the user would type it: relative if it is in the current folder."""
    current = Path.cwd()
    return path.relative_to(current).as_posix() if path.is_relative_to(current) else str(path)


def open_closed_streams() -> None:
    """Replace closed streams by the null device; else the next opened file would take their place."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode, encoding="utf-8"))


def print_result(text: Shown) -> None:
    """Print a result on stdout; an empty text prints no line."""
    _echo(text, is_result=True)


def say(text: Shown) -> None:
    """Print a message on stderr; an empty text prints no line."""
    _echo(text, is_result=False)


def _echo(text: Shown, *, is_result: bool) -> None:
    try:
        if text:
            typer.echo(text, err=not is_result)
    except BrokenPipeError:  # the reader closed the pipe: typer ends the command
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


def who_can_be_asked() -> Callable[[str], str] | None:
    """What asks for a secret, which is not shown while it is typed; none where nobody sits at a terminal."""
    return _secret if sys.stdin is not None and sys.stdin.isatty() else None


def _secret(question: str) -> str:
    try:
        return str(typer.prompt(visible(question), hide_input=True, err=True))
    except typer.Abort as silence:
        raise NobodyAnswered from silence


def speak_every_script(stream: TextIO) -> None:
    """Write UTF-8 to files and pipes, whatever the system's code page; on a terminal, `?` for letters it lacks."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")
