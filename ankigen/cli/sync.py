"""The commands on a running Anki: plan and sync."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from ankigen import api, report
from ankigen.cli import progress
from ankigen.cli.app import app
from ankigen.cli.options import Delete, Prefer, Quiet, Restore, Restyle, Source, Url, Verbose, Version, verbatim
from ankigen.cli.parameters import Command
from ankigen.cli.terminal import is_coloured, load_notes, print_result, problems_for, say, wait_for_others
from ankigen.data import Desired, ExtendNoteType, Plan, ProblemFormat, Wishes
from ankigen.errors import ExitCode, NobodyAnswered
from ankigen.support.visible import Shown, shown, visible
from ankigen.syncing import require_safe
from ankigen.targets import PendingCollection, Target


@app.command(
    "plan",
    cls=Command,
    epilog=verbatim(
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
    target, pending = _reach(url)
    desired = load_notes(source, verbose, quiet)
    plan = api.plan(desired, target, Wishes(prefer, delete, restore, restyle), pending)
    if json:
        print_result(report.plan_json(plan))
    else:
        _print_plan(plan)
    if exit_code and plan.changes:
        raise typer.Exit(ExitCode.CHANGES_PENDING)


@app.command(
    "sync",
    cls=Command,
    epilog=verbatim(
        "Examples",
        "ankigen sync decks                      # shows the plan and asks",
        "ankigen sync optics.md --yes            # one page, unattended",
        "ankigen sync decks --prefer notes       # overwrite what was edited on both sides",
    ),
)
def sync_notes(
    context: typer.Context,
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
    wait_for_others(context, source)
    target, pending = _reach(url)
    wishes = Wishes(prefer, delete, restore, restyle)
    desired = load_notes(source, verbose, quiet)
    say(problems_for(desired, ProblemFormat.TEXT, sys.stderr, verbose))
    plan = api.plan(desired, target, wishes, pending)
    if _may_extend(plan, yes):
        api.extend(plan, target)
        plan = api.plan(desired, target, wishes)
    _print_plan(plan)
    if not force:
        require_safe(plan)
    if not plan.changes:
        api.remember(desired, plan)
    elif yes or _agrees("Apply these changes?"):
        _apply(desired, plan, target, quiet)
    if plan.conflicts:
        raise typer.Exit(ExitCode.PROTECTED)


def _reach(url: str | None) -> tuple[Target, PendingCollection]:
    """Begin to read Anki before the notes. Raises what keeps a sync from being done, such as `AnkiNotRunning`."""
    target, pending = api.begin_reading(url)
    pending.require_ready()
    return target, pending


def _apply(desired: Desired, plan: Plan, target: Target, is_quiet: bool) -> None:
    """Do what the plan says, and say what was done. Exits with 3 if anything was not found in Anki afterwards."""
    with progress.shown(is_quiet=is_quiet) as show:
        outcome = api.sync(desired, plan, target, lambda step: show(step, 0, 0))
    say(report.outcome_text(outcome))
    if api.is_first_schedule(desired, plan, outcome):
        say(report.schedule_is_in_anki(plan))
    if outcome.undone:
        raise typer.Exit(ExitCode.FAILED)


def _may_extend(plan: Plan, is_unattended: bool) -> bool:
    """Whether the user agrees to note types with new fields, which cost a full sync and are never made unattended."""
    extended = ", ".join(change.existing.name for change in plan.changes if isinstance(change, ExtendNoteType))
    if extended and is_unattended:
        advice = "this version of ankigen adds fields, and AnkiWeb wants a full upload then: sync without --yes"
        say(shown([f"{extended}: {advice}"]))
    if not extended or is_unattended:
        return False
    question = (
        f"{extended}: this version of ankigen adds fields. AnkiWeb will then ask for a full upload, so sync your "
        "other devices first. Add the fields now?"
    )
    return _agrees(question)


def _agrees(question: str) -> bool:
    try:
        return typer.confirm(visible(question), err=True)
    except typer.Abort as silence:
        typer.echo(err=True)  # ends the line of the question
        raise NobodyAnswered from silence


_MARK_COLOURS = {"+": "green", "-": "red", "~": "yellow", ">": "cyan", "!": "magenta"}


def _print_plan(plan: Plan) -> None:
    colours = _MARK_COLOURS if is_coloured(sys.stdout) else {}
    for line in report.plan_text(plan).split("\n"):
        colour = colours.get(line.lstrip()[:1])
        print_result(Shown(typer.style(line, fg=colour) if colour else line))
