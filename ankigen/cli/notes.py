"""The commands on notes: build, check, list, stamp, changelog, init."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from ankigen import api, report
from ankigen.cli.app import app
from ankigen.cli.options import (
    Deck,
    Locked,
    NewLock,
    OutputPath,
    Quiet,
    Removed,
    Rules,
    Since,
    Source,
    Strict,
    Tag,
    Verbose,
    Version,
    WithSchedule,
    verbatim,
)
from ankigen.cli.parameters import Command
from ankigen.cli.terminal import (
    finish,
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
    deck: Deck = None,
    tag: Tag = None,
    output: OutputPath = None,
    locked: Locked = False,
    new_lock: NewLock = False,
    removed: Removed = None,
    with_schedule: WithSchedule = False,
    strict: Strict = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    version: Version = False,
) -> None:
    """Build Anki packages from notes."""
    wait_for_others(context, source)
    desired = load_notes(source, deck, tag, verbose, quiet)
    say(problems_for(desired, ProblemFormat.TEXT, sys.stderr, verbose))
    if strict and desired.problems:
        raise ErrorsInNotes
    is_lost = say_if_lock_is_lost(desired, is_new=new_lock)
    if with_schedule and not desired.scheduling:
        say(shown(["warning: --with-schedule does nothing: no option `schedule` says where schedules come from"]))
    built = api.build(desired, output, is_locked=locked, removed=removed, with_schedule=with_schedule)
    if built.lock and not desired.stored_lock and not is_lost:
        say(shown([f"{near(built.lock)} is new: commit it with your notes, it remembers which card is which"]))
    say(report.extended_types(built.extended))
    say(report.not_received(built.changed_kind, built.removed, near(desired.root)))
    say(report.replaced_packages(near(path) for path in built.replaced))
    say(report.left_packages(near(path) for path in built.left))
    for path in built.packages:
        print_result(shown([near(path)]))
    if not quiet:
        say(report.summary(desired))
    finish(desired)


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
    deck: Deck = None,
    tag: Tag = None,
    format: Annotated[ProblemFormat, typer.Option("--format", help="How to print the problems.")] = ProblemFormat.TEXT,
    rules: Rules = False,
    strict: Strict = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    version: Version = False,
) -> None:
    """Show what is wrong with the notes, and how to fix it. It writes nothing."""
    desired = load_notes(source, deck, tag, verbose, quiet)
    print_result(problems_for(desired, format, sys.stdout, verbose))
    if not quiet:
        say(report.tally(desired.problems))
        say(report.summary(desired))
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
    deck: Deck = None,
    tag: Tag = None,
    json: Annotated[bool, typer.Option("--json", help="Print an array of objects.")] = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    version: Version = False,
) -> None:
    """Show what ankigen sees: one line for each card block."""
    desired = load_notes(source, deck, tag, verbose, quiet)
    print_result(report.listing_json(desired.notes) if json else report.listing(desired.notes, desired.selection))
    if not quiet:
        say(report.summary(desired))
    finish(desired)


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
    deck: Deck = None,
    tag: Tag = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    version: Version = False,
) -> None:
    """Write ids into card blocks that have none. Besides it, only `occlude` and `pull` change notes."""
    wait_for_others(context, source)
    stamped = api.stamp(source, decks=deck or (), tags=tag or ())
    if verbose:
        say_what_was_read(stamped.desired)
    for path in stamped.files:
        print_result(shown([near(path)]))
    if not quiet:
        has_cards = bool(stamped.desired.notes or stamped.desired.unmade)
        say(report.stamped(stamped.ids, len(stamped.files)) if has_cards else report.no_cards(stamped.desired))
    finish(stamped.desired)


@app.command(
    "changelog",
    cls=Command,
    epilog=verbatim(
        "Examples",
        "ankigen changelog decks                 # since the last tag",
        "ankigen changelog decks --since v1.0",
        "ankigen changelog law physics           # two courses of a repository: one text",
    ),
)
def show_changelog(
    source: Source = None,
    deck: Deck = None,
    tag: Tag = None,
    since: Since = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    version: Version = False,
) -> None:
    """Show which notes were added, changed or removed, as Markdown by deck, or by course for several."""
    courses = [load_notes(paths, deck, tag, verbose, quiet) for paths in api.courses(source)]
    if len(courses) == 1:
        print_result(report.changelog_text(api.changelog(courses[0], since)))
    else:
        print_result(report.changelogs_text(api.course_changelogs(courses, since)))
    finish(*courses)


@app.command(
    "init",
    cls=Command,
    epilog=verbatim(
        "Examples",
        "ankigen init decks",
    ),
)
def init_folder(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder of notes.")] = Path(),
    quiet: Quiet = False,
    verbose: Verbose = False,
    version: Version = False,
) -> None:
    """Set up a folder for checks and releases. It writes the files that are missing, and keeps those that exist."""
    scaffolded = api.init(folder)
    for path in scaffolded.written:
        print_result(shown([near(path)]))
    if not quiet and not scaffolded.written:
        say(shown(["nothing to write: all files are there"]))
    for path, text in scaffolded.kept.items():
        kept = f"{near(path)} says something else and is kept; ankigen would have written:"
        say(shown([kept, "", *text.split("\n")]) if not quiet else Shown(""))
    desired = read_notes([folder], None, None, verbose, quiet)
    say(problems_for(desired, ProblemFormat.TEXT, sys.stderr, verbose))
    if not quiet:
        say(report.summary(desired))
        say(report.found(desired.kinds))
        say(report.decks(desired.notes))
        named = [] if folder == Path() else [str(folder)]
        say(report.next_steps(desired, shlex.join(["ankigen", "build", *named])))
