"""What does a note hold if nobody but ankigen wrote to it?"""

from __future__ import annotations

from collections.abc import Iterable

from ankigen.base import format_base
from ankigen.data import Base, Guid, Html, Note
from ankigen.notes import base_of, content_fields
from ankigen.values import Struct


class Writing(Struct, frozen=True):
    """All fields, and the base that one of them holds."""

    fields: dict[str, Html]
    base: Base


def first_writings(notes: Iterable[Note]) -> dict[Guid, Writing]:
    """What the notes say, by GUID: all that can be told of them before Anki is asked."""
    return {note.identity.guid: _writing(note) for note in notes}


def _writing(note: Note) -> Writing:
    base = base_of(note)
    fields = {**content_fields(note.content), "Guid": Html(note.identity.guid), "Base": format_base(base)}
    return Writing(fields, base)
