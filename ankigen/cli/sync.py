"""The commands on a collection: plan and sync."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from ankigen import api, report
from ankigen.cli import progress
from ankigen.cli.app import app
from ankigen.cli.options import (
    Adopt,
    Deck,
    Delete,
    NewLock,
    Prefer,
    Quiet,
    Restore,
    Restyle,
    Source,
    Tag,
    To,
    Url,
    Verbose,
    Version,
    verbatim,
)
from ankigen.cli.parameters import Command
from ankigen.cli.terminal import (
    agrees,
    finish,
    is_coloured,
    load_notes,
    print_result,
    problems_for,
    say,
    say_if_git_has_the_lock,
    say_if_library_is_unknown,
    say_if_lock_is_lost,
    wait_for_others,
    who_can_be_asked,
)
from ankigen.data import Change, Desired, ExtendNoteType, Plan, ProblemFormat, Wishes
from ankigen.errors import AnkigenError, CollectionChanged, ExitCode
from ankigen.support.structs import replace
from ankigen.support.visible import Shown, shown
from ankigen.syncing import require_known, require_safe
from ankigen.targets import AdoptingTarget, PendingCollection

_TRIES = 3
"""How often a sync that asks nobody is planned, if the collection changes between plan and work."""


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
    deck: Deck = None,
    tag: Tag = None,
    json: Annotated[bool, typer.Option("--json", help="Print an object.")] = False,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit with 5 if anything would change.")] = False,
    prefer: Prefer = None,
    delete: Delete = False,
    restore: Restore = False,
    restyle: Restyle = False,
    adopt: Adopt = False,
    new_lock: NewLock = False,
    url: Url = None,
    to: To = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    version: Version = False,
) -> None:
    """Show what a sync would do. It reads Anki and changes nothing."""
    target, pending = _reach(url, to)
    desired = load_notes(source, deck, tag, verbose, quiet)
    if desired.errors:
        say(problems_for(desired, ProblemFormat.TEXT, sys.stderr, verbose))
    say_if_git_has_the_lock(desired)
    wishes = Wishes(prefer, delete, restore, restyle, adopt, is_first=new_lock)
    plan = api.plan(desired, target, wishes, pending)
    if _may_take_over(desired, plan, wishes):
        desired = api.take_over(desired, plan)
        plan = api.plan(desired, target, replace(wishes, taken_over=plan))
    _say_what_others_hold(desired, plan, target)
    stops = [str(stop) for stop in _stops(desired, plan, target, is_first=new_lock)]
    if json:
        print_result(report.plan_json(plan, stops))
    else:
        _print_plan(plan, quiet, verbose)
        say(report.edited_in_anki(plan, api.pull_of_few(desired, plan)))
        say(report.excluded_pages(desired))
        print_result(report.stops(stops))
        print_result(report.unwritten(plan))
    finish(desired, code=ExitCode.CHANGES_PENDING if exit_code and plan.changes else ExitCode.DONE)


@app.command(
    "sync",
    cls=Command,
    epilog=verbatim(
        "Examples",
        "ankigen sync decks                      # shows the plan and asks",
        "ankigen sync optics.md --yes            # one page, unattended",
        'ankigen sync decks --to "User 1"        # a profile of an Anki that is closed',
        "ankigen sync decks --prefer notes       # overwrite what was edited on both sides",
        "ankigen sync decks --adopt              # notes that came here from another set, or lost their lock",
    ),
)
def sync_notes(
    context: typer.Context,
    source: Source = None,
    deck: Deck = None,
    tag: Tag = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    prefer: Prefer = None,
    delete: Delete = False,
    restore: Restore = False,
    restyle: Restyle = False,
    adopt: Adopt = False,
    new_lock: NewLock = False,
    force: Annotated[bool, typer.Option("--force", help="Remove even a large share of the notes.")] = False,
    url: Url = None,
    to: To = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    version: Version = False,
) -> None:
    """Sync with Anki, running or closed. It shows the plan, asks, applies it, and checks the result."""
    wait_for_others(context, source)
    target, pending = _reach(url, to)
    wishes = Wishes(prefer, delete, restore, restyle, adopt, is_first=new_lock)
    desired = load_notes(source, deck, tag, verbose, quiet)
    say(problems_for(desired, ProblemFormat.TEXT, sys.stderr, verbose))
    say_if_lock_is_lost(desired, is_new=new_lock)
    plan = api.plan(desired, target, wishes, pending)
    if is_taking_over := _may_take_over(desired, plan, wishes):
        desired, wishes = api.take_over(desired, plan), replace(wishes, taken_over=plan)
        plan = api.plan(desired, target, wishes)
    if _may_extend(plan, yes):
        api.extend(plan, target)
        plan = api.plan(desired, target, wishes)
    say(report.excluded_pages(desired))
    undone: tuple[Change, ...] = ()
    for tries_left in range(_TRIES if yes else 1)[::-1]:
        _print_plan(plan, quiet, verbose)
        say(report.edited_in_anki(plan))
        try:
            with _counted(desired, plan):
                _say_what_others_hold(desired, plan, target)
                require_known(plan)
                api.require_adopted(plan, target)
                if not force:
                    require_safe(plan)
                if not plan.changes:
                    api.remember(desired, plan)
                    if is_taking_over:
                        api.write_lock(desired, is_locked=False)
                if plan.changes and (yes or agrees(_question(plan))):
                    undone = _apply(desired, plan, target, quiet)
            break
        except CollectionChanged:
            if not tries_left:
                raise
        plan = api.plan(desired, target, wishes)
    say(report.unwritten(plan, undone))
    finish(desired, code=_code(plan, undone))


@contextmanager
def _counted(desired: Desired, plan: Plan) -> Iterator[None]:
    """Count what the plan and the notes leave out also where a failure ends the command; its own line comes last."""
    try:
        yield
    except AnkigenError:
        say(report.unwritten(plan))
        say(report.not_made(desired))
        raise


def _stops(desired: Desired, plan: Plan, target: AdoptingTarget, *, is_first: bool) -> Iterator[AnkigenError]:
    """The reason why a sync would stop before this plan."""
    checks: tuple[Callable[[], object], ...] = (
        lambda: api.require_lock(desired, is_first=is_first),
        lambda: require_known(plan),
        lambda: api.require_adopted(plan, target),
        lambda: require_safe(plan),
    )
    for require in checks:
        try:
            require()
        except AnkigenError as failure:
            if failure.exit_code is not ExitCode.PROTECTED:
                raise
            yield failure


def _code(plan: Plan, undone: tuple[Change, ...]) -> ExitCode:
    if undone:
        return ExitCode.FAILED
    return ExitCode.PROTECTED if plan.conflicts or plan.unwritten else ExitCode.DONE


def _may_take_over(desired: Desired, plan: Plan, wishes: Wishes) -> bool:
    """Whether cards take over GUIDs from Anki; after a lost lock file all at once, or some would be duplicated."""
    return bool(plan.claims) and wishes.is_adopting and (desired.selection.is_whole or plan.lost is None)


def _question(plan: Plan) -> str:
    if plan.adopted:
        return f"Take over {report.count(plan.adopted, 'note')} of another set of notes, and apply these changes?"
    return "Apply these changes?"


def _reach(url: str | None, to: str | None) -> tuple[AdoptingTarget, PendingCollection]:
    """Begin to read Anki before the notes. Raises what prevents a sync, such as `AnkiNotRunning`."""
    say_if_library_is_unknown(to)
    target, pending = api.begin_reading(url, to, who_can_be_asked())
    pending.require_ready()
    return target, pending


def _say_what_others_hold(desired: Desired, plan: Plan, target: AdoptingTarget) -> None:
    """Warn about notes of another tool before a first sync duplicates them."""
    if held := api.count_held_by_others(desired, plan, target):
        say(report.held_text(held))


def _apply(desired: Desired, plan: Plan, target: AdoptingTarget, is_quiet: bool) -> tuple[Change, ...]:
    """Apply the plan, and say what was done; return what was not found in Anki afterwards."""
    with progress.shown(is_quiet=is_quiet) as show:
        outcome = api.sync(desired, plan, target, lambda step: show(step, 0, 0))
    say(report.outcome_text(outcome))
    if api.is_first_schedule(desired, plan, outcome):
        say(report.schedule_is_in_anki(plan))
    return outcome.undone


def _may_extend(plan: Plan, is_unattended: bool) -> bool:
    """Whether the user agrees to new fields in note types, which need a full sync and are never added unattended."""
    extended = ", ".join(change.existing.name for change in plan.changes if isinstance(change, ExtendNoteType))
    if extended and is_unattended:
        advice = "new fields or cards, and AnkiWeb wants a full upload then: sync without --yes"
        say(shown([f"{extended}: {advice}"]))
    if not extended or is_unattended:
        return False
    question = (
        f"{extended}: new fields or cards. AnkiWeb will then ask for a full upload, so sync your other devices first. "
        "Add them now?"
    )
    return agrees(question)


_MARK_COLOURS = {"+": "green", "-": "red", "~": "yellow", ">": "cyan", "&": "blue", "!": "magenta"}


def _print_plan(plan: Plan, is_quiet: bool, is_verbose: bool) -> None:
    colours = _MARK_COLOURS if is_coloured(sys.stdout) else {}
    most = None if is_verbose else 0 if is_quiet else report.MOST_OF_A_KIND
    for line in report.plan_text(plan, most).split("\n"):
        colour = colours.get(line.lstrip()[:1])
        print_result(Shown(typer.style(line, fg=colour) if colour else line))
