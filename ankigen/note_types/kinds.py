"""All kinds of notes. A new one is a file beside this one, with its templates, and a name in the tuple."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ankigen import render
from ankigen.data import Base, CardBlock, Content, Html, KindName, NoteType, OwnNoteType
from ankigen.note_types.basic import BASIC
from ankigen.note_types.cloze import CLOZE
from ankigen.note_types.kind import OWN_FIELDS, NoteKind, content_names
from ankigen.note_types.occlusion import OCCLUSION
from ankigen.note_types.own import SHARED_FIELDS, OwnKind, own_kind_name
from ankigen.note_types.own_texts import with_css
from ankigen.support.structs import replace

KINDS: tuple[NoteKind, ...] = (OCCLUSION, BASIC, CLOZE)
"""The first kind that takes a card block gets it."""


def kind_of(card: CardBlock) -> NoteKind:
    """The kind of note that a card block becomes."""
    if card.own is not None:
        return OwnKind(card.own)
    return next(kind for kind in KINDS if kind.takes(card))


def kind_named(name: KindName) -> NoteKind:
    """The kind with this name."""
    return next(kind for kind in KINDS if kind.name == name)


def kind_in(content: Content) -> NoteKind:
    """The kind of note with this content."""
    return kind_named(content.kind) if content.own is None else OwnKind(content.own)


def note_types() -> tuple[NoteType, ...]:
    """The note types of all kinds except the user's own."""
    return tuple(kind.note_type for kind in KINDS)


def styled(css: str, changed: int = 0, own: Iterable[OwnNoteType] = ()) -> tuple[NoteType, ...]:
    """All note types, including the user's own, with the user's CSS after theirs.

    `changed` is when that CSS last changed, in seconds since 1970.
    """
    return tuple(
        replace(note_type, css=with_css(note_type, css), changed=max(note_type.changed, changed))
        for note_type in (*note_types(), *(made.note_type for made in own))
    )


def note_type_of(content: Content) -> NoteType:
    """The note type for this content."""
    return kind_in(content).note_type


def question_of(content: Content) -> Html:
    """The text by which people recognise the note."""
    return sides_of(content)[0]


def sides_of(content: Content) -> tuple[Html, Html]:
    """The question and the answer of the content."""
    kind = kind_in(content)
    fields = dict(zip(content_names(kind.note_type), content.texts, strict=True))
    return Html(kind.question(fields)), Html(kind.answer(fields))


def shown_in(fields: Mapping[str, str]) -> tuple[str, str, str]:
    """The context, question and answer in a note's fields; the answer may be empty."""
    kind = next((kind for kind in KINDS if fields.keys() >= {*content_names(kind.note_type)}), None)
    if kind is None:
        first, *others = (name for name in fields if name not in OWN_FIELDS)
        said = [fields[name] for name in others if name not in SHARED_FIELDS]
        return fields.get("Context", ""), fields[first], "\n".join(said)
    question, answer = kind.question(fields), kind.answer(fields)
    answers = [answer if answer != question else "", render.without_aids(fields.get("Extra", ""))]
    return fields.get("Context", ""), question, "\n".join(answers)


def wrote(base: Base, note_type: NoteType) -> bool:
    """Whether ankigen wrote a note with this base with this note type.

    Version 1 of `Base` does not name the kind; the number of its hashes shows which of the two kinds it was.
    """
    if base.kind:
        is_built_in = any(kind.name == base.kind and kind.note_type.name == note_type.name for kind in KINDS)
        return is_built_in or base.kind == own_kind_name(note_type.name)
    return len(base.fields) == _HASHES_IN_VERSION_1.get(note_type.name)


_HASHES_IN_VERSION_1 = {kind.note_type.name: len(content_names(kind.note_type)) for kind in (BASIC, CLOZE)}


def hashes_as(base: Base, note_type: NoteType) -> tuple[str, ...]:
    """The hashes of a base for the fields of this type; none if ankigen wrote the note with another type."""
    return base.fields if wrote(base, note_type) else ()
