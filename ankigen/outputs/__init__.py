"""Writes notes and media into files that others open. A new output is a module here, and a name in the tuple."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from ankigen.data import MediaFile, Note, NoteType
from ankigen.outputs.apkg import APKG, pack
from ankigen.outputs.output import Output
from ankigen.outputs.reading import read_package

__all__ = ["OUTPUTS", "Output", "default_suffix", "is_output", "pack", "read_package", "write"]

OUTPUTS: tuple[Output, ...] = (APKG,)
"""The first is what a folder gets."""


def default_suffix() -> str:
    """The suffix of the files that a folder gets."""
    return OUTPUTS[0].suffix


def is_output(path: Path) -> bool:
    """Whether the suffix names an output; any other path is a folder."""
    return any(output.suffix == path.suffix for output in OUTPUTS)


def write(notes: Sequence[Note], media: Iterable[MediaFile], path: Path, own: Sequence[NoteType]) -> None:
    """Write the notes and the media that they show into a file whose suffix names an output."""
    [output] = [output for output in OUTPUTS if output.suffix == path.suffix]
    shown = {name for note in notes for name in note.media}
    output.write(notes, [file for file in media if file.name in shown], path, own)
