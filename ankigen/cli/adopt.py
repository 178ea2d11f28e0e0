"""The command that adopts notes made by another tool."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from ankigen import api, report
from ankigen.cli import progress
from ankigen.cli.app import app
from ankigen.cli.options import Deck, Quiet, Source, Tag, To, Url, Verbose, Version, verbatim
from ankigen.cli.parameters import Command
from ankigen.cli.terminal import (
    agrees,
    finish,
    print_result,
    problems_for,
    say,
    say_if_library_is_unknown,
    say_if_lock_is_lost,
    say_what_was_read,
    wait_for_others,
    who_can_be_asked,
)
from ankigen.data import AdoptionPlan, AdoptionWishes, Evidence, Pair, ProblemFormat
from ankigen.errors import DoubtfulAdoption, ExitCode, StoppedReading
from ankigen.targets import Target

_LARGE_SHARE = 0.2


@app.command(
    "adopt",
    cls=Command,
    epilog=verbatim(
        "Examples",
        "ankigen adopt decks --plan                # shows which note in Anki matches which card",
        "ankigen adopt decks --query deck:Physics  # looks at these notes only",
        "ankigen adopt decks                       # shows the plan and asks",
    ),
)
def adopt_notes(
    context: typer.Context,
    source: Source = None,
    deck: Deck = None,
    tag: Tag = None,
    plan: Annotated[bool, typer.Option("--plan", help="Show what would be done, but change nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    query: Annotated[
        str | None,
        typer.Option(
            "--query", metavar="SEARCH", help="Look only at notes that this search finds.", show_default="all notes"
        ),
    ] = None,
    similar: Annotated[
        bool, typer.Option("--similar", help="Also match similar questions, asking about each.")
    ] = False,
    drop_cards: Annotated[
        bool, typer.Option("--drop-cards", help="Adopt notes that have cards your notes do not make.")
    ] = False,
    keep_extra: Annotated[
        bool, typer.Option("--keep-extra", help="Put fields that have no place here into Extra.")
    ] = False,
    move: Annotated[bool, typer.Option("--move", help="Let the next sync move the cards to the notes' decks.")] = False,
    clean: Annotated[
        bool, typer.Option("--clean", help="Remove the other tool's tags, and its marks in the notes.")
    ] = False,
    url: Url = None,
    to: To = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    version: Version = False,
) -> None:
    """Take over notes in Anki that another tool made: same cards, same reviews. It shows the plan and asks."""
    wait_for_others(context, source)
    say_if_library_is_unknown(to)
    target = api.connect(url, to, who_can_be_asked())
    try:
        with progress.shown(is_quiet=quiet) as show:
            found = api.find_adoptions(
                source, target, query, decks=deck or (), tags=tag or (), is_similar=similar, progress=show
            )
    except KeyboardInterrupt as interrupt:
        raise StoppedReading from interrupt
    if verbose:
        say_what_was_read(found.desired)
    say(problems_for(found.desired, ProblemFormat.TEXT, sys.stderr, verbose))
    if not plan:
        say_if_lock_is_lost(found.desired, is_new=False)
    refused = () if plan else _refused(found.matched.pairs, is_unattended=yes)
    wishes = AdoptionWishes(drops_cards=drop_cards, keeps_extra=keep_extra, cleans=clean, moves=move)
    planned = api.plan_adoption(found, target, wishes, refused)
    print_result(report.adoption_text(planned))
    say(report.claimed_text(planned.claimed))
    say(report.excluded_pages(found.desired))
    is_done = True
    if not plan and (planned.adoptions or planned.marks) and _is_wanted(planned, is_unattended=yes):
        is_done = _adopt(planned, target, is_quiet=quiet)
    finish(found.desired, code=ExitCode.DONE if is_done else ExitCode.FAILED)


def _refused(pairs: tuple[Pair, ...], *, is_unattended: bool) -> list[Pair]:
    """The similar pairs that the user rejects; all of them if nobody can be asked."""
    refused = []
    for pair in pairs:
        if pair.evidence is Evidence.SIMILAR:
            if not is_unattended:
                say(report.pair_text(pair))
            if is_unattended or not agrees("Are these the same note?"):
                refused.append(pair)
    return refused


def _is_wanted(plan: AdoptionPlan, *, is_unattended: bool) -> bool:
    """Whether the user agrees, also to each doubt. Raises `DoubtfulAdoption` if nobody can be asked."""
    doubts = list(_doubts(plan))
    if is_unattended and doubts:
        raise DoubtfulAdoption(doubts[0])
    if is_unattended:
        return True
    if not plan.adoptions:
        return agrees("Remove these marks from the notes?")
    question = "Adopt these notes? Anki cannot undo it, so make a backup there first (File > Export)."
    return agrees(question) and all(agrees(f"{doubt}. Continue?") for doubt in doubts)


def _doubts(plan: AdoptionPlan) -> list[str]:
    doubts = []
    if plan.differing > _LARGE_SHARE * len(plan.adoptions):
        doubts.append(f"{plan.differing} of {len(plan.adoptions)} notes have different text in Anki")
    if plan.published:
        doubts.append(
            f"ankigen.lock knows {plan.published} of these notes already, under other GUIDs: "
            "people who have a package of yours would get them a second time"
        )
    return doubts


def _adopt(plan: AdoptionPlan, target: Target, *, is_quiet: bool) -> bool:
    """Apply the plan, and return whether all of it was found in Anki afterwards."""
    with progress.shown(is_quiet=is_quiet) as show:
        outcome = api.adopt(plan, target, lambda step: show(step, 0, 0))
    out = api.take_out_marks(plan, outcome) if plan.marks else 0
    say(report.adopted_text(outcome, out, plan.written_marks - out))
    return not outcome.undone
