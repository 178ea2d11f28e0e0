"""The nouns of a pull: what a reader edited in Anki, carried home into the notes, or left there with the reason."""

from __future__ import annotations

from enum import StrEnum

from ankigen.data.notes import Note, Position
from ankigen.data.sync import FieldChange
from ankigen.support.structs import Struct


class NotPulled(StrEnum):
    """Why an edit stays in Anki alone."""

    CONFLICT = "conflict"
    NOTE_TYPE = "note-type"
    ORG = "org"
    FIELD = "field"
    SHAPES = "shapes"
    CLOZES = "clozes"
    MEDIA = "media"
    EMPTY = "empty"
    STYLED = "styled"
    SPOKEN = "spoken"
    ELSEWHERE = "elsewhere"
    TOO_LONG = "too-long"
    OTHER_FIELDS = "other-fields"
    OTHER_CARDS = "other-cards"
    IDENTITY = "identity"
    UNPROVED = "unproved"
    PAGE = "page"
    TAGS = "tags"


class PulledEdit(Struct, frozen=True):
    """An edit that the notes can say: of a field, or, where that has no name, of the `tags` that the reader added."""

    note: Note
    field: FieldChange
    tags: tuple[str, ...] = ()


class RefusedEdit(Struct, frozen=True):
    """An edit that stays in Anki: of a field, or, where that has no name, of tags; `detail` is what is in the way.

    If it is a conflict, a sync stays undecided as well.
    """

    note: Note
    field: FieldChange
    reason: NotPulled
    detail: str = ""
    is_conflict: bool = False

    @property
    def position(self) -> Position:
        return self.note.position


class RewrittenFile(Struct, frozen=True):
    """A file of notes as it was read, and as it will be; `path` is from the root of the notes."""

    path: str
    before: bytes
    after: bytes


class Pull(Struct, frozen=True):
    """What can be carried home from Anki, each edit proved by reading the notes as they would be.

    The notes are proved with all the files together.
    """

    files: tuple[RewrittenFile, ...] = ()
    pulled: tuple[PulledEdit, ...] = ()
    refused: tuple[RefusedEdit, ...] = ()

    @property
    def conflicts(self) -> int:
        return sum(edit.is_conflict for edit in self.refused)
