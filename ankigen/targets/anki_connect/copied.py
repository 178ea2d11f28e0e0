"""Reads a note type in Anki, for copying it into files."""

from __future__ import annotations

import difflib
from typing import Any

from ankigen.data import FieldOptions, NoteType, Template
from ankigen.errors import NoSuchNoteType
from ankigen.support.structs import Struct, field, from_plain
from ankigen.targets.anki_connect.wire import Wire

_USUAL = {"font": "Arial", "size": 20, "rtl": False, "description": ""}
"""Anki's defaults for a field."""


class _Field(Struct, frozen=True):
    name: str
    rtl: bool = False
    font: str = ""
    size: int = 0
    description: str = ""


class _Template(Struct, frozen=True):
    name: str
    qfmt: str
    afmt: str


class _Model(Struct, frozen=True):
    """The parts of a note type that are read, with Anki's names."""

    id: int
    name: str
    type: int
    css: str = ""
    flds: list[_Field] = field(default_factory=list)
    tmpls: list[_Template] = field(default_factory=list)


def read_note_type(wire: Wire, name: str) -> NoteType:
    """Read a note type by its name."""
    names: list[str] = list(wire.call("modelNamesAndIds"))
    if name not in names:
        raise NoSuchNoteType(name, next(iter(difflib.get_close_matches(name, names, n=1)), ""))
    [found] = wire.call("findModelsByName", modelNames=[name])
    model = from_plain(_Model, {**found, "id": int(found["id"])})
    return NoteType(
        id=model.id,
        name=model.name,
        fields=tuple(known.name for known in model.flds),
        templates=tuple(Template(known.name, known.qfmt, known.afmt) for known in model.tmpls),
        css=model.css,
        is_cloze=model.type == 1,
        changed=0,
        options=tuple(options for known in model.flds if (options := _options(known)) is not None),
    )


def _options(known: _Field) -> FieldOptions | None:
    """The options of a field that differ from Anki's defaults."""
    said: dict[str, Any] = {key: getattr(known, key) for key in _USUAL if getattr(known, key) != _USUAL[key]}
    return FieldOptions(known.name, **said) if said else None
