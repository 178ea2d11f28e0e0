"""Contents of notes, made by hand: the fields that a test names, empty ones for the rest."""

from __future__ import annotations

from collections.abc import Mapping

from ankigen.data import Content, Html, OwnNoteType
from ankigen.note_types import (
    BASIC,
    CLOZE,
    OCCLUSION,
    NoteKind,
    OwnKind,
    content_fields,
    content_names,
    content_of,
    kind_named,
)


def basic_content(front: str, back: str = "", forward: str | bool = True, **fields: str | bool) -> Content:
    """A basic note's content; names of fields in lower case, `_` for blanks, and a flag is true or false."""
    return _made(BASIC.name, {"front": front, "back": back, "forward": forward, **fields})


def cloze_content(text: str, **fields: str | bool) -> Content:
    """A cloze note's content."""
    return _made(CLOZE.name, {"text": text, **fields})


def occlusion_content(**fields: str | bool) -> Content:
    """The content of a picture with hidden parts."""
    return _made(OCCLUSION.name, fields)


def changed(content: Content, **fields: str | bool) -> Content:
    """The content with other texts in some fields."""
    held = {name.lower().replace(" ", "_"): text for name, text in content_fields(content).items()}
    if content.own is not None:
        return own_content(content.own, **{**held, **fields})
    return _made(content.kind, {**held, **fields})


def own_content(own: OwnNoteType, **fields: str | bool) -> Content:
    """The content of a note whose type the user made."""
    return _filled(OwnKind(own), fields)


def _made(kind: str, fields: Mapping[str, str | bool]) -> Content:
    return _filled(kind_named(kind), fields)  # type: ignore[arg-type]


def _filled(made: NoteKind, fields: Mapping[str, str | bool]) -> Content:
    names = {name.lower().replace(" ", "_"): name for name in content_names(made.note_type)}
    assert fields.keys() <= names.keys(), f"{made.name} has no field {fields.keys() - names.keys()}"
    return content_of(made, {name: _text(fields.get(key, "")) for key, name in names.items()})


def _text(given: str | bool) -> Html:
    return Html(given) if isinstance(given, str) else Html("y" if given else "")


def field(content: Content, name: str) -> str:
    """The text of one field."""
    return content_fields(content)[name]
