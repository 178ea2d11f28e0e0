"""The commands on notes: build, check, list, stamp, changelog, init."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from ankigen import api, report
from ankigen.cli.app import app
from ankigen.cli.options import (
    Locked,
    NewLock,
    OutputPath,
    Quiet,
    Removed,
    Rules,
    Since,
    Source,
    Strict,
    Verbose,
    Version,
    verbatim,
)
from ankigen.cli.parameters import Command
from ankigen.cli.terminal import (
    load_notes,
    near,
    print_result,
    problems_for,
    read_notes,
    say,
    say_if_lock_is_lost,
    say_what_was_read,
    wait_for_others,
)
from ankigen.data import ProblemFormat
from ankigen.errors import ErrorsInNotes, ExitCode
from ankigen.support.visible import Shown, shown


@app.command(
    "build",
    cls=Command,
    epilog=verbatim(
        "Examples",
        "ankigen build decks -o dist             # a package for each top deck",
        "ankigen build optics.md -o optics.apkg  # all decks in one package",
        "ankigen build decks --locked --strict   # in CI: nothing may be left to do",
    ),
)
def build_packages(
    context: typer.Context,
    source: Source = None,
    output: OutputPath = None,
    locked: Locked = False,
    new_lock: NewLock = False,
    removed: Removed = None,
    strict: Strict = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    version: Version = False,
) -> None:
    """Build Anki packages from notes."""
    wait_for_others(context, source)
    desired = load_notes(source, verbose, quiet)
    say(problems_for(desired, ProblemFormat.TEXT, sys.stderr, verbose))
    if strict and desired.problems:
        raise ErrorsInNotes
    is_lost = say_if_lock_is_lost(desired, is_new=new_lock)
    built = api.build(desired, output, is_locked=locked, removed=removed)
    if built.lock and not desired.stored_lock and not is_lost:
        say(shown([f"{near(built.lock)} is new: commit it with your notes, it remembers which card is which"]))
    say(report.not_received(built.changed_kind, built.removed, near(desired.root)))
    for path in built.packages:
        print_result(shown([near(path)]))
    if not quiet:
        say(report.summary(desired.notes, desired.problems))


@app.command(
    "check",
    cls=Command,
    epilog=verbatim(
        "Examples",
        "ankigen check decks                     # with the lines that are meant",
        "ankigen check decks --format sarif      # for programs",
        "ankigen check --rules                   # what it looks for",
    ),
)
def check_notes(
    source: Source = None,
    format: Annotated[ProblemFormat, typer.Option("--format", help="How to print the problems.")] = ProblemFormat.TEXT,
    rules: Rules = False,
    strict: Strict = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    version: Version = False,
) -> None:
    """Show what is wrong with the notes, and write nothing."""
    desired = load_notes(source, verbose, quiet)
    print_result(problems_for(desired, format, sys.stdout, verbose))
    if not quiet:
        say(report.tally(desired.problems))
        say(report.summary(desired.notes, desired.problems))
    if desired.errors or (strict and desired.problems):
        raise typer.Exit(ExitCode.ERRORS_IN_NOTES)


@app.command(
    "list",
    cls=Command,
    epilog=verbatim(
        "Examples",
        "ankigen list decks                      # a line for each card block",
        "ankigen list decks --json               # fields, tags, GUIDs and cards",
    ),
)
def list_notes(
    source: Source = None,
    json: Annotated[bool, typer.Option("--json", help="Print an array of objects.")] = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    version: Version = False,
) -> None:
    """Show what ankigen sees: one line for each card block."""
    desired = load_notes(source, verbose, quiet)
    print_result(report.listing_json(desired.notes) if json else report.listing(desired.notes, desired.selection))
    if not quiet:
        say(report.summary(desired.notes, desired.problems))


@app.command(
    "stamp",
    cls=Command,
    epilog=verbatim(
        "Examples",
        "ankigen stamp optics.md                 # one page",
        "ankigen stamp decks                     # all pages",
    ),
)
def stamp_notes(
    context: typer.Context,
    source: Source = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    version: Version = False,
) -> None:
    """Write ids into card blocks that have none. It is the one command that changes notes."""
    wait_for_others(context, source)
    stamped = api.stamp(source)
    if verbose:
        say_what_was_read(stamped.root, stamped.notes)
    for path in stamped.files:
        print_result(shown([near(path)]))
    if not quiet:
        say(report.stamped(stamped.ids, len(stamped.files)))


@app.command(
    "changelog",
    cls=Command,
    epilog=verbatim(
        "Examples",
        "ankigen changelog decks                 # since the last tag",
        "ankigen changelog decks --since v1.0",
    ),
)
def show_changelog(
    source: Source = None,
    since: Since = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    version: Version = False,
) -> None:
    """Show which notes were added, changed, removed. It prints Markdown, by deck."""
    print_result(report.changelog_text(api.changelog(load_notes(source, verbose, quiet), since)))


@app.command(
    "init",
    cls=Command,
    epilog=verbatim(
        "Examples",
        "ankigen init decks",
    ),
)
def init_folder(
    folder: Annotated[Path, typer.Argument(help="The folder of notes.")] = Path(),
    quiet: Quiet = False,
    verbose: Verbose = False,
    version: Version = False,
) -> None:
    """Make a folder ready for check and release. It writes the files for that, and keeps those that are there."""
    scaffolded = api.init(folder)
    for path in scaffolded.written:
        print_result(shown([near(path)]))
    for path, text in scaffolded.kept.items():
        kept = f"{near(path)} exists and is kept; ankigen would have written:"
        say(shown([kept, "", *text.split("\n")]) if not quiet else Shown(""))
    desired = read_notes(folder, verbose, quiet)
    say(problems_for(desired, ProblemFormat.TEXT, sys.stderr, verbose))
    if not quiet:
        say(report.summary(desired.notes, desired.problems))
        say(report.decks(desired.notes))
        say(report.next_steps(bool(desired.notes)))
