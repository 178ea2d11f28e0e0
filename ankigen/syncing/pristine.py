"""What a note holds if nobody but ankigen wrote to it."""

from __future__ import annotations

from collections.abc import Iterable

from ankigen.data import Base, Guid, Html, Note
from ankigen.note_types import base_of, fields_of
from ankigen.support.structs import Struct


class Writing(Struct, frozen=True):
    """All fields, and the base that one of them holds."""

    fields: dict[str, Html]
    base: Base


def first_writings(notes: Iterable[Note]) -> dict[Guid, Writing]:
    """What the notes say, by GUID: all that can be told of them before Anki is asked."""
    return {note.identity.guid: Writing(fields_of(note), base_of(note)) for note in notes}
