"""The program: its help, its exit codes, and how failures are reported."""

from __future__ import annotations

import contextlib
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

import typer

from ankigen.cli.options import Version, verbatim
from ankigen.cli.parameters import Group
from ankigen.cli.terminal import open_closed_streams, say, speak_every_script
from ankigen.errors import AnkigenError, CannotPrint, ExitCode, NoCurrentFolder, Stopped, SystemFailed
from ankigen.support.visible import shown, visible

app = typer.Typer(
    cls=Group,
    help="Turn plain notes into Anki decks and keep the two in sync for years.",
    epilog="\n\n".join(
        [
            verbatim(
                "Exit codes",
                "0    done",
                "1    errors in the notes; everything else is done",
                "2    wrong command line",
                "3    Anki or a file failed",
                "4    stopped to protect something",
                "5    changes are pending (plan --exit-code, pull --check)",
                "130  stopped by Ctrl-C",
            ),
            verbatim(
                "Environment",
                "ANKIGEN_ANKICONNECT_URL  where AnkiConnect listens",
                "ANKIGEN_ANKICONNECT_KEY  its key, if it needs one",
                "ANKIGEN_SYNC_USER        the user of a sync server (--to https://...)",
                "ANKIGEN_SYNC_PASSWORD    the password, if neither a keyring has it nor you are asked",
                "ANKIGEN_PRIVATE_MEDIA    1 also downloads pictures from private networks",
                "SOURCE_DATE_EPOCH        the clock, in seconds since 1970",
                "NO_COLOR                 no colours, if set",
            ),
        ]
    ),
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.callback()
def program(version: Version = False) -> None:
    """Turn plain notes into Anki decks and keep the two in sync for years."""


def main() -> None:
    """Run the program; an `AnkigenError` or `OSError` becomes one line of advice and an exit code.

    Any other exception is a bug in ankigen: its traceback is printed, with foreign text made visible.
    """
    open_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        speak_every_script(stream)
    try:
        app()
    except SystemExit as end:
        if end.code == Stopped.exit_code:  # typer ends a command with this code at an interrupt
            _say_last(f"ankigen: {Stopped()}")
        raise
    except AnkigenError as failure:
        _say_last(f"ankigen: {failure}")
        raise SystemExit(failure.exit_code) from failure
    except OSError as failure:
        _say_last(f"ankigen: {_refusal(failure)}")
        raise SystemExit(AnkigenError.exit_code) from failure
    except Exception as mistake:
        _say_last(*_traceback_of(mistake))
        raise SystemExit(ExitCode.FAILED) from mistake


def _refusal(failure: OSError) -> AnkigenError:
    try:
        Path.cwd()
    except OSError:
        return NoCurrentFolder()
    return SystemFailed(failure)


def _say_last(*lines: str) -> None:
    """Say why the command ends, if stderr still works."""
    with contextlib.suppress(OSError, CannotPrint):
        say(shown(lines))


def _traceback_of(mistake: Exception) -> Iterator[str]:
    """Python's traceback, with the message on one line, since it may quote notes."""
    for part in traceback.format_exception(mistake):
        is_ours = part.startswith(("  ", "Traceback", "\n"))
        yield from part.rstrip("\n").split("\n") if is_ours else [visible(part.rstrip("\n"))]
    yield "ankigen: this is a bug in ankigen, not in your notes: please report it with the lines above"
