"""What does a note hold if nobody but ankigen wrote to it?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ankigen.base import format_base
from ankigen.data import Base, Guid, Html, Note
from ankigen.notes import base_of, content_fields
from ankigen.values import Struct


class Writing(Struct, frozen=True):
    """The fields of the content, and the base: as such, and as a field holds it."""

    fields: Mapping[str, Html]
    base: Base
    base_field: Html


def first_writings(notes: Iterable[Note]) -> dict[Guid, Writing]:
    """What the notes say, by GUID: all that can be told of them before Anki is asked."""
    return {note.identity.guid: _writing(note) for note in notes}


def _writing(note: Note) -> Writing:
    base = base_of(note)
    return Writing(content_fields(note.content), base, format_base(base))
