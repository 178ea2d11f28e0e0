"""Reads a note type as Anki has it, to be copied into files."""

from __future__ import annotations

from ankigen.data import NoteType
from ankigen.targets.anki_connect.wire import Wire
from ankigen.targets.copied import note_type_of, require_name


def read_note_type(wire: Wire, name: str) -> NoteType:
    """Read a note type by its name."""
    require_name(name, wire.call("modelNamesAndIds"))
    [found] = wire.call("findModelsByName", modelNames=[name])
    return note_type_of(found)
