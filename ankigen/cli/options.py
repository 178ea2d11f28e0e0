"""The options and arguments that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ankigen import report
from ankigen.data import Side
from ankigen.version import __version__


def verbatim(title: str, *lines: str) -> str:
    """A part of a help text whose lines click does not wrap."""
    return "\n".join(["\b", f"{title}:", *(f"  {line}" for line in lines)])


def _show_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"ankigen {__version__}")
        raise typer.Exit


def _show_rules(is_asked: bool) -> None:
    if is_asked:
        typer.echo(report.rules_text())
        raise typer.Exit


Source = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="SOURCE", help="Folders or files of notes.", show_default="the config's, or the current folder"
    ),
]
Deck = Annotated[
    list[str] | None,
    typer.Option("--deck", metavar="NAME", help="Only the cards of this deck and those below it; may be repeated."),
]
Tag = Annotated[
    list[str] | None,
    typer.Option("--tag", metavar="NAME", help="Only the cards with this tag, or one below it; may be repeated."),
]
OutputPath = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="PATH",
        help="The package to write, or a folder that gets one package for each top deck.",
        show_default="the config's, or the current folder",
    ),
]
Locked = Annotated[bool, typer.Option("--locked", help="Refuse to change the lock file (for CI).")]
NewLock = Annotated[
    bool, typer.Option("--new-lock", help="This is the first build of these notes: no lock file is missing.")
]
Removed = Annotated[
    Path | None,
    typer.Option(
        "--removed", metavar="FILE", help="Write a search for the notes that were removed, for Anki's browser."
    ),
]
WithSchedule = Annotated[
    bool,
    typer.Option(
        "--with-schedule", help="Also pack when your cards are due (option `schedule`): for your own use only."
    ),
]
Strict = Annotated[bool, typer.Option("--strict", help="Exit with 1 for warnings too, and build nothing.")]
Rules = Annotated[bool, typer.Option("--rules", help="List all rules and exit.", callback=_show_rules, is_eager=True)]
Quiet = Annotated[
    bool, typer.Option("--quiet", "-q", help="Print only results, errors and warnings, and the counts of a plan.")
]
Verbose = Annotated[
    bool,
    typer.Option("--verbose", "-v", help="Print what was read and written, every problem, and every change of a plan."),
]
Version = Annotated[
    bool, typer.Option("--version", help="Show the version and exit.", callback=_show_version, is_eager=True)
]
Prefer = Annotated[
    Side | None, typer.Option("--prefer", help="Which text wins where a field was changed in Anki and in the notes.")
]
Delete = Annotated[bool, typer.Option("--delete", help="Delete notes that are gone, instead of suspending them.")]
Restore = Annotated[bool, typer.Option("--restore", help="Bring back notes that you deleted in Anki.")]
Restyle = Annotated[bool, typer.Option("--restyle", help="Replace templates and CSS that you edited in Anki.")]
Adopt = Annotated[
    bool, typer.Option("--adopt", help="Take over notes of another set, or those made with a lost lock file.")
]
Url = Annotated[
    str | None, typer.Option("--url", metavar="URL", help="Where AnkiConnect listens.", show_default="127.0.0.1:8765")
]
To = Annotated[
    str | None,
    typer.Option(
        "--to",
        metavar="TARGET",
        help="Instead of a running Anki: a closed one (profile or collection.anki2), or your own sync server (URL).",
        show_default="AnkiConnect",
    ),
]
Since = Annotated[
    str | None,
    typer.Option("--since", metavar="COMMIT", help="The commit or tag to compare with.", show_default="the last tag"),
]
