"""What an output is: one object for one kind of file, chosen by its suffix."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

from ankigen.data import MediaFile, Note, NoteType


class Output(Protocol):
    """Writes notes into a file that others open; `suffix` begins with a dot and is in lower case."""

    @property
    def suffix(self) -> str:
        """What its files end with."""

    def write(self, notes: Sequence[Note], media: Iterable[MediaFile], path: Path, own: Sequence[NoteType]) -> None:
        """Replace the whole file, or raise `CannotWrite`; `own` are the note types with the user's CSS."""
