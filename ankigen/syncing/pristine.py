"""The fields of a note that only ankigen wrote to."""

from __future__ import annotations

from collections.abc import Iterable

from ankigen.data import Base, Guid, Html, Note
from ankigen.note_types import base_of, fields_of
from ankigen.support.structs import Struct


class PristineNote(Struct, frozen=True):
    """All fields of a note by name, and the base stored in one of them."""

    fields: dict[str, Html]
    base: Base


def pristine_notes(notes: Iterable[Note]) -> dict[Guid, PristineNote]:
    """What ankigen would write into an empty collection, by GUID; this needs only the notes, not Anki."""
    return {note.identity.guid: PristineNote(fields_of(note), base_of(note)) for note in notes}
