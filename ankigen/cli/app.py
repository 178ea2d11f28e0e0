"""The program: its help, its exit codes, and what becomes of a failure."""

from __future__ import annotations

import sys

import typer

from ankigen.cli.options import Version, verbatim
from ankigen.cli.parameters import Group
from ankigen.cli.terminal import say, speak_every_script
from ankigen.errors import AnkigenError, Stopped

app = typer.Typer(
    cls=Group,
    help="Turn plain notes into Anki decks and keep them in step for years.",
    epilog="\n\n".join(
        [
            verbatim(
                "Exit codes",
                "0    done",
                "1    errors in the notes",
                "2    wrong command line",
                "3    Anki or a file failed",
                "4    stopped to protect something",
                "5    changes are pending (plan --exit-code)",
                "130  stopped by Ctrl-C",
            ),
            verbatim(
                "Environment",
                "ANKIGEN_ANKICONNECT_URL  where AnkiConnect listens",
                "ANKIGEN_ANKICONNECT_KEY  its key, if it wants one",
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
    """Turn plain notes into Anki decks and keep them in step for years."""


def main() -> None:
    """Run the program; an `AnkigenError` becomes one line of advice and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        speak_every_script(stream)
    try:
        app()
    except SystemExit as end:
        if end.code == Stopped.exit_code:  # typer ends a command with this code at an interrupt
            say(f"ankigen: {Stopped()}")
        raise
    except AnkigenError as failure:
        say(f"ankigen: {failure}")
        raise SystemExit(failure.exit_code) from failure
