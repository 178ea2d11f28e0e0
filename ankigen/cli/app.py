"""The commands: each is a few lines over one call of `api`.

Commands import what they need when they run: mistakes on the command line must not wait for it.
"""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from ankigen.cli import progress
from ankigen.cli.parameters import Command, Group
from ankigen.data import ProblemFormat, Side
from ankigen.errors import AnkigenError, ErrorsInNotes, ExitCode, NobodyAnswered, Stopped, StoppedReading
from ankigen.version import __version__

if TYPE_CHECKING:
    from ankigen.data import Desired, Plan
    from ankigen.targets import Ahead, AnkiConnect


def _verbatim(title: str, *lines: str) -> str:
    """A part of a help text whose lines stay as they are, as click marks it."""
    return "\n".join(["\b", f"{title}:", *(f"  {line}" for line in lines)])


app = typer.Typer(
    cls=Group,
    help="Turn plain notes into Anki decks and keep them in step for years.",
    epilog="\n\n".join(
        [
            _verbatim(
                "Exit codes",
                "0    done",
                "1    errors in the notes",
                "2    wrong command line",
                "3    Anki or a file failed",
                "4    stopped to protect something",
                "5    changes are pending (plan --exit-code)",
                "130  stopped by Ctrl-C",
            ),
            _verbatim(
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


def _show_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"ankigen {__version__}")
        raise typer.Exit


def _show_rules(is_asked: bool) -> None:
    if is_asked:
        from ankigen import report

        typer.echo(report.rules_text())
        raise typer.Exit


Source = Annotated[
    Path | None, typer.Argument(help="A folder or a file of notes.", show_default="the config's, or the current folder")
]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        help="The package to write, or a folder that gets one package for each top deck.",
        show_default="the config's, or the current folder",
    ),
]
Locked = Annotated[bool, typer.Option("--locked", help="Refuse to change the lock file (for CI).")]
Removed = Annotated[
    Path | None,
    typer.Option("--removed", help="Write a search for the notes that were removed, for Anki's browser."),
]
Strict = Annotated[bool, typer.Option("--strict", help="Exit with 1 for a warning, too; build nothing.")]
Rules = Annotated[bool, typer.Option("--rules", help="List all rules and exit.", callback=_show_rules, is_eager=True)]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but results, errors and warnings.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Say what was read and written.")]
Version = Annotated[
    bool, typer.Option("--version", help="Show the version and exit.", callback=_show_version, is_eager=True)
]


@app.callback()
def program(version: Version = False) -> None:
    """Turn plain notes into Anki decks and keep them in step for years."""


@app.command(
    cls=Command,
    epilog=_verbatim(
        "Examples",
        "ankigen build decks -o dist             # a package for each top deck",
        "ankigen build optics.md -o optics.apkg  # all decks in one package",
        "ankigen build decks --locked --strict   # in CI: nothing may be left to do",
    ),
)
def build(
    source: Source = None,
    output: Output = None,
    locked: Locked = False,
    removed: Removed = None,
    strict: Strict = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    version: Version = False,
) -> None:
    """Build Anki packages from notes."""
    from ankigen import api, report

    desired = _load(source, verbose, quiet)
    _say(_problems(desired, ProblemFormat.TEXT, sys.stderr))
    if strict and desired.problems:
        raise ErrorsInNotes
    _say(_lock_warning(desired))
    built = api.build(desired, output, is_locked=locked, removed=removed)
    if built.lock and not desired.stored_lock:
        _say(f"{_near(built.lock)} is new: commit it with your notes, it remembers which card is which")
    _say(report.not_received(built.changed_kind, built.removed, _near(desired.root)))
    for path in built.packages:
        _print(_near(path))
    if not quiet:
        _say(report.summary(desired.notes, desired.problems))


@app.command(
    cls=Command,
    epilog=_verbatim(
        "Examples",
        "ankigen check decks                     # with the lines that are meant",
        "ankigen check decks --format sarif      # for programs",
        "ankigen check --rules                   # what it looks for",
    ),
)
def check(
    source: Source = None,
    format: Annotated[ProblemFormat, typer.Option("--format", help="How to print the problems.")] = ProblemFormat.TEXT,
    rules: Rules = False,
    strict: Strict = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    version: Version = False,
) -> None:
    """Show what is wrong with the notes, and write nothing."""
    from ankigen import report

    desired = _load(source, verbose, quiet)
    _print(_problems(desired, format, sys.stdout))
    if not quiet:
        _say(report.tally(desired.problems))
        _say(report.summary(desired.notes, desired.problems))
    if desired.errors or (strict and desired.problems):
        raise typer.Exit(ExitCode.ERRORS_IN_NOTES)


@app.command(
    "list",
    cls=Command,
    epilog=_verbatim(
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
    from ankigen import report

    desired = _load(source, verbose, quiet)
    wording = report.listing_json if json else report.listing
    _print(wording(desired.notes, desired.selection))
    if not quiet:
        _say(report.summary(desired.notes, desired.problems))


@app.command(
    cls=Command,
    epilog=_verbatim(
        "Examples",
        "ankigen stamp optics.md                 # one page",
        "ankigen stamp decks                     # all pages",
    ),
)
def stamp(
    source: Source = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    version: Version = False,
) -> None:
    """Write ids into card blocks that have none. It is the one command that changes notes."""
    from ankigen import api, report

    stamped = api.stamp(source)
    if verbose:
        _say_what_was_read(stamped.root, stamped.notes)
    for path in stamped.files:
        _print(_near(path))
    if not quiet:
        _say(report.stamped(stamped.ids, len(stamped.files)))


Prefer = Annotated[Side | None, typer.Option("--prefer", help="Who wins where you and the notes changed a field.")]
Delete = Annotated[bool, typer.Option("--delete", help="Delete notes that are gone, instead of suspending them.")]
Restore = Annotated[bool, typer.Option("--restore", help="Bring back notes that you deleted in Anki.")]
Restyle = Annotated[bool, typer.Option("--restyle", help="Replace templates and CSS that you edited in Anki.")]
Url = Annotated[str | None, typer.Option("--url", help="Where AnkiConnect listens.", show_default="127.0.0.1:8765")]


@app.command(
    "plan",
    cls=Command,
    epilog=_verbatim(
        "Examples",
        "ankigen plan decks                      # like a diff",
        "ankigen plan decks --json --exit-code   # for scripts",
    ),
)
def show_plan(
    source: Source = None,
    json: Annotated[bool, typer.Option("--json", help="Print an object.")] = False,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit with 5 if anything would change.")] = False,
    prefer: Prefer = None,
    delete: Delete = False,
    restore: Restore = False,
    restyle: Restyle = False,
    url: Url = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    version: Version = False,
) -> None:
    """Show what a sync would do. It looks at a running Anki and changes nothing."""
    anki, ahead = _reach(url)
    from ankigen import api, report
    from ankigen.data import Wishes

    desired = _load(source, verbose, quiet)
    plan = api.plan(desired, anki, Wishes(prefer, delete, restore, restyle), ahead)
    if json:
        _print(report.plan_json(plan))
    else:
        _show_plan(plan)
    if exit_code and plan.changes:
        raise typer.Exit(ExitCode.CHANGES_PENDING)


@app.command(
    cls=Command,
    epilog=_verbatim(
        "Examples",
        "ankigen sync decks                      # shows the plan and asks",
        "ankigen sync optics.md --yes            # one page, unattended",
        "ankigen sync decks --prefer notes       # overwrite what was edited on both sides",
    ),
)
def sync(
    source: Source = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    prefer: Prefer = None,
    delete: Delete = False,
    restore: Restore = False,
    restyle: Restyle = False,
    force: Annotated[bool, typer.Option("--force", help="Take away even a large share of the notes.")] = False,
    url: Url = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    version: Version = False,
) -> None:
    """Bring a running Anki in step. It shows the plan, asks, does it, and reads it back."""
    anki, ahead = _reach(url)
    from ankigen import api, report
    from ankigen.data import Wishes
    from ankigen.syncing import require_safe

    wishes = Wishes(prefer, delete, restore, restyle)
    desired = _load(source, verbose, quiet)
    _say(_problems(desired, ProblemFormat.TEXT, sys.stderr))
    plan = api.plan(desired, anki, wishes, ahead)
    if _may_extend(plan, yes):
        api.extend(plan, anki)
        plan = api.plan(desired, anki, wishes)
    _show_plan(plan)
    if not force:
        require_safe(plan)
    if not plan.changes:
        api.remember(desired, plan)
    elif yes or _agrees("Change Anki so?"):
        with progress.shown(is_quiet=quiet) as tell:
            outcome = api.sync(desired, plan, anki, lambda step: tell(step, 0, 0))
        _say(report.outcome_text(outcome))
        if outcome.undone:
            raise typer.Exit(ExitCode.FAILED)
    if plan.conflicts:
        raise typer.Exit(ExitCode.PROTECTED)


def _reach(url: str | None) -> tuple[AnkiConnect, Ahead]:
    """Begin to read Anki before all else, and see that it can be synced with before the notes are read."""
    from ankigen.api import read_ahead

    anki, ahead = read_ahead(url)
    from ankigen.api import load, plan, sync  # noqa: F401 - all that comes now, while Anki comes to its first answer

    ahead.require_ready()
    return anki, ahead


def _may_extend(plan: Plan, is_unattended: bool) -> bool:
    """Whether the user agrees to note types with new fields, which cost a full sync and are never made unattended."""
    from ankigen.data import ExtendNoteType

    extended = ", ".join(change.existing.name for change in plan.changes if isinstance(change, ExtendNoteType))
    if extended and is_unattended:
        _say(f"{extended}: this ankigen has new fields, and AnkiWeb wants a full upload for them: sync without --yes")
    if not extended or is_unattended:
        return False
    question = (
        f"{extended}: this ankigen has new fields. AnkiWeb will then ask for a full upload, so sync your "
        "other devices first. Add the fields now?"
    )
    return _agrees(question)


def _agrees(question: str) -> bool:
    try:
        return typer.confirm(question, err=True)
    except typer.Abort as silence:
        typer.echo(err=True)  # ends the line of the question
        raise NobodyAnswered from silence


_COLOURS = {"+": "green", "-": "red", "~": "yellow", ">": "cyan", "!": "magenta"}


def _show_plan(plan: Plan) -> None:
    from ankigen import report

    colours = _COLOURS if _is_coloured(sys.stdout) else {}
    for line in report.plan_text(plan).splitlines():
        colour = colours.get(line.lstrip()[:1])
        _print(typer.style(line, fg=colour) if colour else line)


Since = Annotated[
    str | None,
    typer.Option("--since", help="A commit or tag whose lock file to compare with.", show_default="the last tag"),
]


@app.command(
    cls=Command,
    epilog=_verbatim(
        "Examples",
        "ankigen changelog decks                 # since the last tag",
        "ankigen changelog decks --since v1.0",
    ),
)
def changelog(
    source: Source = None,
    since: Since = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    version: Version = False,
) -> None:
    """Show which notes were added, changed, removed. It prints Markdown, by deck."""
    from ankigen import api, report

    _print(report.changelog_text(api.changelog(_load(source, verbose, quiet), since)))


@app.command(
    cls=Command,
    epilog=_verbatim(
        "Examples",
        "ankigen init decks",
    ),
)
def init(
    folder: Annotated[Path, typer.Argument(help="The folder of notes.")] = Path(),
    quiet: Quiet = False,
    verbose: Verbose = False,
    version: Version = False,
) -> None:
    """Make a folder ready for check and release. It writes the files for that, and keeps those that are there."""
    from ankigen import api, report

    done = api.init(folder)
    for path in done.written:
        _print(_near(path))
    for path, text in done.kept.items():
        _say(f"{_near(path)} exists and is kept; ankigen would have written:\n\n{text}" if not quiet else "")
    desired = _read(folder, verbose, quiet)
    _say(_problems(desired, ProblemFormat.TEXT, sys.stderr))
    if not quiet:
        _say(report.summary(desired.notes, desired.problems))
        _say(report.decks(desired.notes))
        _say(report.next_steps(bool(desired.notes)))


def _load(source: Path | None, is_verbose: bool, is_quiet: bool) -> Desired:
    """Read the notes, before anything is written."""
    try:
        return _read(source, is_verbose, is_quiet)
    except KeyboardInterrupt as interrupt:
        raise StoppedReading from interrupt


def _read(source: Path | None, is_verbose: bool, is_quiet: bool) -> Desired:
    from ankigen import api

    with progress.shown(is_quiet=is_quiet) as tell:
        desired = api.load(source, tell)
    if is_verbose:
        _say_what_was_read(desired.root, len(desired.lock.identities))
    return desired


def _say_what_was_read(root: Path, notes: int) -> None:
    _say(f"read the notes below {root}; {notes} in all")


def _problems(desired: Desired, format: ProblemFormat, stream: TextIO) -> str:
    """The problems as `stream` is to show them, with colours on a terminal alone."""
    if format is ProblemFormat.TEXT and not desired.problems:
        return ""
    from ankigen import api, report

    lines = api.quoted_lines(desired) if format is ProblemFormat.TEXT else {}
    return report.problems_text(desired.problems, _near(desired.root), format, lines, is_coloured=_is_coloured(stream))


def _is_coloured(stream: TextIO) -> bool:
    """Whether a person sees the stream who has not asked to be spared colours (no-color.org)."""
    return progress.is_watched(stream) and not os.environ.get("NO_COLOR")


def _lock_warning(desired: Desired) -> str:
    from ankigen import api, report
    from ankigen.identity import LOCK_NAME

    path = _near(desired.root / LOCK_NAME)
    match api.lock_fault(desired):
        case api.LockFault.MISSING:
            return report.lock_is_missing(path)
        case api.LockFault.UNTRACKED:
            return report.lock_is_untracked(path)
        case None:
            return ""


def _near(path: Path) -> str:
    """The path as the user would type it: relative where it lies below the current folder."""
    return path.relative_to(Path.cwd()).as_posix() if path.is_relative_to(Path.cwd()) else str(path)


def _print(text: str) -> None:
    if text:
        typer.echo(text)


def _say(text: str) -> None:
    if text:
        typer.echo(text, err=True)


def _speak_every_script(stream: TextIO) -> None:
    """Files and programs get UTF-8, also where the system has a code page; a terminal that lacks a letter shows `?`."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")


def main() -> None:
    """Run the program; a failure of the world becomes one line of advice and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        _speak_every_script(stream)
    try:
        app()
    except SystemExit as end:
        if end.code == Stopped.exit_code:  # so typer ends a command at an interrupt
            _say(f"ankigen: {Stopped()}")
        raise
    except AnkigenError as failure:
        _say(f"ankigen: {failure}")
        raise SystemExit(failure.exit_code) from failure
