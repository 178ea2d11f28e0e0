"""A note type as Anki has it, to be copied into files."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from ankigen.data import FieldOptions, NoteType, Template
from ankigen.errors import NoSuchNoteType
from ankigen.support.structs import Struct, field, from_plain

_USUAL = {"font": "Arial", "size": 20, "rtl": False, "description": ""}
"""What Anki gives a field of which nobody said anything."""


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
    """What is read of a note type, in Anki's own words."""

    id: int
    name: str
    type: int
    css: str = ""
    flds: list[_Field] = field(default_factory=list)
    tmpls: list[_Template] = field(default_factory=list)


def require_name(name: str, names: Iterable[str]) -> None:
    """Raise `NoSuchNoteType` if there is none of this name."""
    known = list(names)
    if name not in known:
        raise NoSuchNoteType(name, next(iter(difflib.get_close_matches(name, known, n=1)), ""))


def note_type_of(found: Mapping[str, Any]) -> NoteType:
    """A note type with all that a copy of it says, from Anki's own object."""
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
    """What was said of a field; nothing if that is what Anki says of every field."""
    said: dict[str, Any] = {key: getattr(known, key) for key in _USUAL if getattr(known, key) != _USUAL[key]}
    return FieldOptions(known.name, **said) if said else None
