"""Which note type does a card block become, and what stands in its fields?"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from ankigen import clozes, note_types, render
from ankigen.data import (
    Basic,
    Block,
    CardBlock,
    Cloze,
    ClozeNumber,
    Content,
    Direction,
    Html,
    Kind,
    MediaFile,
    Note,
    Problem,
)
from ankigen.digest import digest
from ankigen.note_types import NoteType

_BASE_VERSION = "1"
_NOTHING = "-"
_NOT_IN_ANKI = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?=\n)")


@dataclass(frozen=True, slots=True)
class Composed:
    """What a card's note says, the files it shows, and what was wrong on the way; `digest` stands for all it says."""

    card: CardBlock
    content: Content
    digest: str
    media: tuple[MediaFile, ...]
    problems: tuple[Problem, ...]


def compose(card: CardBlock, numbers: Sequence[ClozeNumber]) -> Composed:
    """Make what the card's note says; `numbers` are those of its clozes, in their order."""
    used = [cloze.number for cloze in numbers if cloze.is_used]
    text, blocks = clozes.mark(card.question, card.answer, used, card.cloze_syntax)
    question = render.question(text, card.position)
    answer = render.answer(blocks, card.page.path)
    extra = render.answer(card.extra, card.page.path)
    content = _content(card, question.html, answer.html, extra.html)
    faces = (question, answer, extra)
    return Composed(
        card=card,
        content=content,
        digest=_digest(content, card.tags),
        media=tuple(file for face in faces for file in face.media),
        problems=tuple(problem for face in faces for problem in face.problems),
    )


def _content(card: CardBlock, question: Html, answer: Html, extra: Html) -> Content:
    context = _stored(_context(card.page.name, card.ancestors))
    match card.kind:
        case Kind.BASIC:
            return Basic(
                front=_stored(question),
                back=_stored(answer),
                extra=_stored(extra),
                context=context,
                forward=card.direction is not Direction.REVERSE,
                reverse=card.direction is not Direction.FORWARD,
                typed=card.is_typed,
            )
        case Kind.CLOZE:
            return Cloze(
                text=_stored(question + answer),
                extra=_stored(extra),
                context=context,
                typed=card.is_typed,
                hide_others=card.hides_others,
            )
        case _:
            assert_never(card.kind)


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
    """What ankigen writes: a version, the source id, a hash per content field in their order, the tags."""
    hashes = (field_hash(field) for field in content_fields(note.content).values())
    words = [_BASE_VERSION, note.source_id, ",".join(hashes), *note.tags]
    return Html(html.escape(" ".join(words), quote=False))


def field_hash(field: str) -> str:
    """Twelve hex digits that stand for a field's text in `Base`; an empty field is `-`."""
    return digest(field, length=12) if field else _NOTHING


def _digest(content: Content, tags: Sequence[str]) -> str:
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
            return tuple(number - 1 for number in clozes.card_numbers(content.text))
        case _:
            assert_never(content)
