"""From a content to fields, hashes and cards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from ankigen.data import Base, Basic, Cloze, Content, Html, Note, NoteType, PackedNote, Said
from ankigen.note_types.base_field import deck_hash, field_hash, format_base
from ankigen.note_types.definitions import ALL, BASIC, CLOZE
from ankigen.support.hashing import digest
from ankigen.syntax import clozes


def note_type_of(content: Content) -> NoteType:
    """Name the note type that shows this content."""
    match content:
        case Basic():
            return BASIC
        case Cloze():
            return CLOZE
        case _:
            assert_never(content)


def content_fields(content: Content) -> dict[str, Html]:
    """The fields that the notes decide, in the order of the note type; a flag holds `y` or nothing."""
    match content:
        case Basic():
            return {
                "Front": content.front,
                "Back": content.back,
                "Extra": content.extra,
                "Context": content.context,
                "Source": content.source,
                "Forward": _flag(content.forward),
                "Reverse": _flag(content.reverse),
                "Type": _flag(content.typed),
            }
        case Cloze():
            return {
                "Text": content.text,
                "Extra": content.extra,
                "Context": content.context,
                "Source": content.source,
                "Type": _flag(content.typed),
                "Hide Others": _flag(content.hide_others),
            }
        case _:
            assert_never(content)


def _flag(is_set: bool) -> Html:
    return _SET if is_set else _UNSET


_SET, _UNSET = Html("y"), Html("")


def said(content: Content) -> Said:
    """The content with what follows from it."""
    hashes = tuple([field_hash(field) for field in content_fields(content).values()])
    return Said(content, hashes, card_ordinals(content))


def fields_of(note: Note) -> dict[str, Html]:
    """All fields of a note, as its note type names and orders them."""
    fields = content_fields(note.content)
    fields["Guid"] = Html(note.identity.guid)
    fields["Base"] = format_base(base_of(note))
    return fields


def base_of(note: Note) -> Base:
    """The base of a note that nobody but ankigen wrote to."""
    return Base(note.source_id, deck_hash(note.deck), note.said.hashes, note.tags)


def packed(note: Note, own: Sequence[NoteType] = ALL) -> PackedNote:
    """The note as a package holds it, for a collection that has none of it; `own` is how the note types shall look."""
    id = note_type_of(note.content).id
    [note_type] = [one for one in own if one.id == id]
    return PackedNote(
        guid=note.identity.guid,
        created=note.identity.created,
        modified=note.identity.modified,
        note_type=note_type,
        values=tuple(fields_of(note).values()),
        tags=note.tags,
        deck=note.deck,
        ordinals=note.said.ordinals,
    )


def digest_of(content: Content, tags: Sequence[str]) -> str:
    """Hash what importing the note would write; it changes when `modified` must."""
    parts = [f"{name}={field}" for name, field in content_fields(content).items()]
    return digest(note_type_of(content).name, *parts, *tags, length=16)


def card_ordinals(content: Content) -> tuple[int, ...]:
    """The cards that Anki makes of the note: a template's place, or a cloze number less one."""
    match content:
        case Basic():
            return tuple(ordinal for ordinal, is_asked in enumerate((content.forward, content.reverse)) if is_asked)
        case Cloze():
            return tuple(number - 1 for number in clozes.card_numbers(content.text))
        case _:
            assert_never(content)
