"""The command that brings edits made in Anki home: pull."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer

from ankigen import api, report
from ankigen.cli.app import app
from ankigen.cli.options import Deck, Quiet, Source, Tag, To, Url, Verbose, Version, verbatim
from ankigen.cli.parameters import Command
from ankigen.cli.terminal import (
    agrees,
    finish,
    is_coloured,
    load_notes,
    print_result,
    problems_for,
    say,
    say_if_lock_is_lost,
    wait_for_others,
    who_can_be_asked,
)
from ankigen.data import ProblemFormat, Pull, Side
from ankigen.errors import ExitCode
from ankigen.support.visible import Shown


class _Preferred(StrEnum):
    ANKI = Side.ANKI.value


_LINE_COLOURS = {"+": "green", "-": "red", "@": "cyan", "!": "magenta"}


@app.command(
    "pull",
    cls=Command,
    epilog=verbatim(
        "Examples",
        "ankigen pull decks                      # shows the changes and asks",
        "ankigen pull optics.md --yes            # one page, unattended",
        "ankigen pull decks --only optics.md:1   # one note of the plan",
        "ankigen pull decks --prefer anki        # what both sides changed, too",
        "ankigen pull decks --check              # exits with 5 if there is anything to write",
    ),
)
def pull_edits(
    context: typer.Context,
    source: Source = None,
    deck: Deck = None,
    tag: Tag = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit with 5 if there is anything to write.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    tags: Annotated[bool, typer.Option("--tags", help="Also write the tags that you gave in Anki.")] = False,
    prefer: Annotated[
        _Preferred | None,
        typer.Option("--prefer", help="Also write what was changed on both sides, as Anki has it."),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only",
            metavar="NOTE",
            help="Only the note at this place, like optics.md:3, or with this GUID; may be repeated.",
        ),
    ] = None,
    url: Url = None,
    to: To = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    version: Version = False,
) -> None:
    """Write what you edited in Anki into the notes. It shows the changes, asks, and writes what it has proved."""
    wait_for_others(context, source)
    target, pending = api.begin_reading(url, to, who_can_be_asked())
    pending.require_ready()
    desired = load_notes(source, deck, tag, verbose, quiet)
    say(problems_for(desired, ProblemFormat.TEXT, sys.stderr, verbose))
    say_if_lock_is_lost(desired, is_new=False)
    side = Side.ANKI if prefer else None
    pull = api.plan_pull(desired, target, pending, with_tags=tags, prefer=side, only=only or ()).pull
    _print_pull(pull)
    code = ExitCode.PROTECTED if pull.conflicts else ExitCode.DONE
    if check:
        finish(desired, code=ExitCode.CHANGES_PENDING if pull.files else code)
    elif pull.files and (yes or agrees("Write these changes into the notes?")):
        desired = api.write_pull(desired, pull)
        say(report.pulled_text(pull))
    finish(desired, code=code)


def _print_pull(pull: Pull) -> None:
    colours = _LINE_COLOURS if is_coloured(sys.stdout) else {}
    for line in report.pull_text(pull).split("\n"):
        colour = colours.get(line[:1])
        print_result(Shown(typer.style(line, fg=colour) if colour else line))
