"""The commands that write the files of note types: an example, or a copy of what Anki has."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ankigen import api
from ankigen.cli.app import app
from ankigen.cli.options import Quiet, To, Url, Verbose, Version, verbatim
from ankigen.cli.parameters import Command, Group
from ankigen.cli.terminal import near, print_result, say, say_if_library_is_unknown, who_can_be_asked
from ankigen.support.visible import shown

Name = Annotated[str, typer.Argument(metavar="NAME", help="The note type, as it is called in Anki.")]
Folder = Annotated[Path | None, typer.Argument(metavar="SOURCE", help="The notes.")]

note_type = typer.Typer(
    cls=Group,
    help="Write the files of a note type of your own, for you to edit.",
    epilog=verbatim("Examples", "ankigen note-type new Vocabulary", "ankigen note-type copy Basic"),
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(note_type, name="note-type")


@note_type.command("new", cls=Command, epilog=verbatim("Examples", "ankigen note-type new Vocabulary"))
def new(
    name: Name, source: Folder = None, quiet: Quiet = False, verbose: Verbose = False, version: Version = False
) -> None:
    """Write a working example into the folder note_types of the notes."""
    _tell(api.new_note_type(name, source), quiet)


@note_type.command("copy", cls=Command, epilog=verbatim("Examples", 'ankigen note-type copy "My vocabulary" notes'))
def copy(
    name: Name,
    source: Folder = None,
    url: Url = None,
    to: To = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    version: Version = False,
) -> None:
    """Copy a note type from Anki: fields, templates, style and its id. Nothing changes in Anki."""
    say_if_library_is_unknown(to)
    _tell(api.copy_note_type(name, api.connect(url, to, who_can_be_asked()), source), quiet)


def _tell(written: tuple[Path, ...], is_quiet: bool) -> None:
    for path in written:
        print_result(shown([near(path)]))
    if not is_quiet:
        say(shown([f"write `note-type:: {written[0].parent.name}` below a card, or on a page, to make notes of it"]))
