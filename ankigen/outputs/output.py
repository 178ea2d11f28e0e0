"""The interface of an output: one object for one kind of file, chosen by its suffix."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from ankigen.data import Html, MediaFile, Note, NoteType


class Output(Protocol):
    """Turns notes into a file for other programs; `suffix` begins with a dot and is in lower case."""

    @property
    def suffix(self) -> str:
        """The suffix of its files."""

    def content(
        self,
        notes: Sequence[Note],
        media: Iterable[MediaFile],
        own: Sequence[NoteType],
        descriptions: Mapping[str, Html],
    ) -> bytes:
        """The whole file; `own` are the note types with the user's CSS, `descriptions` may include other decks."""
