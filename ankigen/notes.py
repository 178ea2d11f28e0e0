"""Which note type does a card block become, and what stands in its fields?"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from ankigen import note_types, render
from ankigen.base import deck_hash, field_hash, format_base
from ankigen.data import (
    Base,
    Basic,
    Block,
    CardBlock,
    Cloze,
    Content,
    Direction,
    Html,
    MediaFile,
    Note,
    NoteType,
    PackedNote,
    Problem,
)
from ankigen.digest import digest

_NOT_IN_ANKI = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?=\n)")


@dataclass(frozen=True, slots=True)
class Composed:
    """What a card's note says, the files it shows, and what was wrong on the way."""

    content: Content
    media: tuple[MediaFile, ...]
    problems: tuple[Problem, ...]


def compose(card: CardBlock) -> Composed:
    """Make what the card's note says."""
    front = render.question(card.question, card.position)
    back = render.answer(card.answer, card.page.path)
    content = Basic(
        front=_stored(front.html),
        back=_stored(back.html),
        context=_stored(_context(card.page.name, card.ancestors)),
        forward=card.direction is not Direction.REVERSE,
        reverse=card.direction is not Direction.FORWARD,
    )
    return Composed(content, front.media + back.media, front.problems + back.problems)


def _context(page: str, ancestors: Sequence[Block]) -> str:
    steps = [page, *(block.lines[0].text.lstrip("# ") for block in ancestors if block.lines)]
    return " › ".join(map(html.escape, steps))


def _stored(text: str) -> Html:
    """The text as Anki will store it, so that what is read back compares equal."""
    return Html(_NOT_IN_ANKI.sub("", unicodedata.normalize("NFC", text)))


def note_type_of(content: Content) -> NoteType:
    """Name the note type that shows this content."""
    match content:
        case Basic():
            return note_types.BASIC
        case Cloze():
            return note_types.CLOZE
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
    return Html("y" if is_set else "")


def fields_of(note: Note) -> dict[str, Html]:
    """All fields of a note, as its note type names and orders them."""
    return {**content_fields(note.content), "Guid": Html(note.identity.guid), "Base": base_of(note)}


def base_of(note: Note) -> Html:
    """What ankigen writes, for the note to remember."""
    hashes = tuple(field_hash(field) for field in content_fields(note.content).values())
    return format_base(Base(note.source_id, deck_hash(note.deck), hashes, note.tags))


def packed(note: Note) -> PackedNote:
    """The note as a package holds it, for a collection that has none of it."""
    return PackedNote(
        guid=note.identity.guid,
        created=note.identity.created,
        modified=note.identity.modified,
        note_type=note_type_of(note.content),
        values=tuple(fields_of(note).values()),
        tags=note.tags,
        deck=note.deck,
        ordinals=card_ordinals(note.content),
    )


def content_digest(content: Content, tags: Sequence[str]) -> str:
    """Hash what importing the note would write; it changes when `modified` must."""
    fields = content_fields(content)
    parts = (f"{name}={field}" for name, field in fields.items())
    return digest(note_type_of(content).name, *parts, *tags, length=16)


def card_ordinals(content: Content) -> tuple[int, ...]:
    """The cards that Anki makes of the note: a template's place, or a cloze number less one."""
    match content:
        case Basic():
            return tuple(ordinal for ordinal, is_asked in enumerate((content.forward, content.reverse)) if is_asked)
        case Cloze():
            return ()
        case _:
            assert_never(content)
