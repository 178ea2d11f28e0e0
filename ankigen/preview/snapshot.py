"""One reading of the notes, as a page asks for it: cards and problems, faces, media, lines."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from ankigen.data import Desired, MediaFile, Note, NoteType
from ankigen.note_types import note_type_of
from ankigen.preview.cards import Preview
from ankigen.preview.excerpts import SourceLine, excerpt
from ankigen.preview.faces import face_document
from ankigen.source import page_lines


class Snapshot:
    """What the notes say at one moment. Faces are made when they are asked for; nothing else is read but the lines."""

    def __init__(self, desired: Desired, own: Mapping[str, NoteType], preview: Preview) -> None:
        """`own` are the note types by their names, with the user's CSS."""
        self.desired = desired
        self.preview = preview
        self._own = own
        self._notes: Mapping[str, Note] = {note.identity.guid: note for note in desired.notes}
        self._media = {file.name: file for file in desired.media}

    def face(self, guid: str, ordinal: int, side: str) -> str | None:
        """The document of a side (`front` or `back`) of a card; nothing if there is no such card, or side."""
        note = self._notes.get(guid)
        if note is None or ordinal not in note.content.ordinals or side not in {"front", "back"}:
            return None
        return face_document(note, self._own[note_type_of(note.content).name], ordinal, is_back=side == "back")

    def media(self, name: str) -> MediaFile | None:
        """The file that a card shows under this name."""
        return self._media.get(name)

    def media_of(self, guid: str) -> tuple[str, ...]:
        """The names of the files that a note's cards show."""
        return self._notes[guid].media

    def lines(self, path: str, line: int) -> list[SourceLine] | None:
        """The block that a card or a problem is in; nothing where none of them is."""
        if (path, line) not in self._places:
            return None
        return excerpt(page_lines(self.desired.root, [path])[path], line)

    def card_file(self, path: str, line: int) -> Path | None:
        """The file of the card that begins there; nothing where none does."""
        is_card = any((card.path, card.line) == (path, line) for card in self.preview.cards)
        return self.desired.root / path if is_card else None

    @property
    def places(self) -> frozenset[tuple[str, int]]:
        """The files and lines where cards and problems are."""
        return self._places

    @cached_property
    def _places(self) -> frozenset[tuple[str, int]]:
        cards, problems = self.preview.cards, self.preview.problems
        return frozenset([*((card.path, card.line) for card in cards), *((one.path, one.line) for one in problems)])
