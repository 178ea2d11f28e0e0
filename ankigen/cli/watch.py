"""The commands that show cards in a browser: watch, occlude, preview, report."""

from __future__ import annotations

import contextlib
import importlib.util
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from ankigen import api, report
from ankigen.cli.app import app
from ankigen.cli.options import Deck, Quiet, Source, Tag, To, Url, Verbose, Version, verbatim
from ankigen.cli.parameters import Command
from ankigen.cli.terminal import (
    finish,
    load_notes,
    near,
    print_result,
    problems_for,
    say,
    say_if_library_is_unknown,
    say_what_was_read,
    wait_for_others,
    who_can_be_asked,
)
from ankigen.data import Desired, ProblemFormat
from ankigen.errors import AnkigenError, AnkiNotRunning, ExtraMissing
from ankigen.support.structs import replace
from ankigen.support.visible import shown
from ankigen.targets import ReviewedTarget

_AT_LINE = re.compile(r"(?P<file>.+):(?P<line>[0-9]{1,9})")


@app.command(
    "watch",
    cls=Command,
    epilog=verbatim(
        "Examples",
        "ankigen watch decks                     # opens a page that updates when you save",
        "ankigen watch decks --no-open --port 8001",
    ),
)
def watch_notes(
    source: Source = None,
    deck: Deck = None,
    tag: Tag = None,
    port: Annotated[
        int, typer.Option("--port", help="The port of the page; 0 picks a free one.", min=0, max=65535)
    ] = 0,
    no_open: Annotated[bool, typer.Option("--no-open", help="Do not open a browser.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Only print problems as they come: no page, no browser.")
    ] = False,
    sync: Annotated[
        bool, typer.Option("--sync", help="Also show what a sync would change, with a button to apply it.")
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="With --sync: apply changes at once, except removals and conflicts.")
    ] = False,
    url: Url = None,
    to: To = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    version: Version = False,
) -> None:
    """Preview the cards in a browser, updated while you write."""
    _require_web()
    desired = load_notes(source, deck, tag, verbose, quiet)
    if check:
        _follow_problems(desired, verbose)
        return
    if to is not None:
        _anki_if_there(url, to)  # asks for a password while somebody is at the terminal; its key is kept
    synced = api.PageSync(source, url, to) if sync else None
    _show(desired, synced, port=port, url=url, to=to, is_unattended=yes, no_open=no_open)


def _show(
    desired: Desired,
    sync: api.PageSync | None = None,
    page: str = "",
    *,
    port: int = 0,
    url: str | None = None,
    to: str | None = None,
    is_unattended: bool = False,
    no_open: bool = False,
) -> None:
    """Serve the page of these notes until Ctrl-C, and open it in a browser at `page`."""
    from ankigen import watching, web  # noqa: PLC0415 - few commands need them

    live = web.Live(api.Rereading().snapshot, api.snapshot_of(desired), _tell, sync, is_unattended=is_unattended)
    extras = web.Extras(api.formula_script, lambda desired: api.report_health(desired, _anki_if_there(url, to)))
    door = web.Door.opened(port)
    address = door.address + page

    def tell() -> None:
        say(shown([f"your cards are at {address}", "press Ctrl-C to stop"]))
        if not no_open:
            typer.launch(address)

    with contextlib.suppress(KeyboardInterrupt):
        web.serve(door, live, watching.changes(desired.root, _tell), extras, tell)
    _tell("stopped watching")


@app.command(
    "occlude",
    cls=Command,
    epilog=verbatim(
        "Examples",
        "ankigen occlude optics.md:3             # draws on the picture of the card on this line",
        "ankigen occlude leaf.svg                # draws on the card that shows this picture",
        "ankigen occlude decks --convert         # all pages",
    ),
)
def occlude(
    context: typer.Context,
    source: Annotated[
        list[Path] | None,
        typer.Argument(metavar="TARGET", help="A card as FILE:LINE, or its picture; with --convert, folders or files."),
    ] = None,
    convert: Annotated[
        bool, typer.Option("--convert", help="Write each `occlusion::` of logseq-anki-sync as `area::` below its card.")
    ] = False,
    no_open: Annotated[bool, typer.Option("--no-open", help="Do not open a browser.")] = False,
    deck: Deck = None,
    tag: Tag = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    version: Version = False,
) -> None:
    """Draw the parts of a picture that cards hide. Saving writes them into your notes."""
    if not convert:
        _draw(source or [], no_open=no_open, quiet=quiet, verbose=verbose)
        return
    wait_for_others(context, source)
    converted = api.convert(source, decks=deck or (), tags=tag or ())
    if verbose:
        say_what_was_read(converted.desired)
    for path in converted.files:
        print_result(shown([near(path)]))
    if not quiet:
        say(report.converted(converted.cards, len(converted.files)))
    finish(converted.desired)


@app.command(
    "preview",
    cls=Command,
    epilog=verbatim(
        "Examples",
        "ankigen preview decks --output preview  # open preview/index.html",
    ),
)
def write_preview(
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FOLDER", help="The folder to write.")],
    source: Source = None,
    deck: Deck = None,
    tag: Tag = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    version: Version = False,
) -> None:
    """Write the page of `ankigen watch` as files, to show the cards to others."""
    desired = load_notes(source, deck, tag, verbose, quiet)
    print_result(shown([near(api.write_preview(api.snapshot_of(desired), output))]))
    if not quiet:
        say(report.summary(desired))
    finish(desired)


@app.command(
    "report",
    cls=Command,
    epilog=verbatim(
        "Examples",
        "ankigen report decks --output health.html",
        "ankigen report decks --no-anki --output health.html  # only the notes",
    ),
)
def write_health(
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The HTML file to write.")],
    source: Source = None,
    deck: Deck = None,
    tag: Tag = None,
    no_anki: Annotated[bool, typer.Option("--no-anki", help="Do not ask Anki: report on the notes only.")] = False,
    url: Url = None,
    to: To = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    version: Version = False,
) -> None:
    """Write a report on your decks: cards by deck and age, what you forget, what is easily confused, what is due."""
    desired = load_notes(source, deck, tag, verbose, quiet)
    target = None if no_anki else _anki_if_there(url, to)
    if not (target or no_anki):
        _tell("Anki is not running: the report covers only the notes")
    print_result(shown([near(api.write_report(api.report_health(desired, target), output))]))
    if not quiet:
        say(report.summary(desired))
    finish(desired)


def _draw(targets: Sequence[Path], *, no_open: bool, quiet: bool, verbose: bool) -> None:
    """Open the page for drawing the parts of one card's picture."""
    if len(targets) != 1:
        raise typer.BadParameter("name one card as FILE:LINE, or its picture; or pass --convert", param_hint="TARGET")
    _require_web()
    target = targets[0]
    named = _AT_LINE.fullmatch(str(target))
    file, line = (Path(named["file"]), int(named["line"])) if named else (target, 0)
    is_page = named is not None or not (target.is_file() and target.suffix.lower() not in {".md", ".markdown", ".org"})
    desired = load_notes([file if is_page else target.parent], None, None, verbose, quiet)
    _show(desired, page=api.drawing_of(desired, file, line), no_open=no_open)


def _anki_if_there(url: str | None, to: str | None = None) -> ReviewedTarget | None:
    """A running Anki, or what `to` names; `None` if none runs and no address was given."""
    try:
        target = api.connect(url, to, who_can_be_asked())
    except AnkiNotRunning:
        if url:
            raise
        return None
    say_if_library_is_unknown(to)
    return target


def _follow_problems(desired: Desired, verbose: bool) -> None:
    """Print the problems, and after each change the new ones and how many remain."""
    import asyncio  # noqa: PLC0415 - few commands need these two

    from ankigen import watching  # noqa: PLC0415

    print_result(problems_for(desired, ProblemFormat.TEXT, sys.stdout, verbose))
    say(report.summary(desired))

    async def follow() -> None:
        known, rereading = desired, api.Rereading()
        async for _ in watching.changes(desired.root, _tell):
            try:
                now = await asyncio.to_thread(rereading.notes, known)
            except AnkigenError as failure:
                _tell(str(failure))
                continue
            seen = set(known.problems)
            fresh = tuple(problem for problem in now.problems if problem not in seen)
            print_result(problems_for(replace(now, problems=fresh), ProblemFormat.TEXT, sys.stdout, verbose))
            if (now.problems, now.notes) != (known.problems, known.notes):
                say(report.summary(now))
            known = now

    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(follow())
    _tell("stopped watching")


def _tell(text: str) -> None:
    say(shown([text]))


def _require_web() -> None:
    """Raise `ExtraMissing` if the packages for the page are not installed."""
    for package in ("starlette", "uvicorn", "watchfiles"):
        if importlib.util.find_spec(package) is None:
            raise ExtraMissing("watch", package)
