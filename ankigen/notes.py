"""Which note type does a card block become, and what stands in its fields?"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from ankigen import clozes, note_types, render
from ankigen.data import (
    Basic,
    CardBlock,
    Cloze,
    ClozeNumber,
    Content,
    Direction,
    Face,
    Html,
    Kind,
    Markdown,
    MediaFile,
    Note,
    Problem,
)
from ankigen.digest import digest
from ankigen.note_types import NoteType
from ankigen.render import NO_LINKS, Links

_BASE_VERSION = "1"
_NOTHING = "-"


@dataclass(frozen=True, slots=True)
class Composed:
    """What a card's note says, the files it shows, and what was wrong on the way; `digest` stands for all it says."""

    card: CardBlock
    content: Content
    digest: str
    media: tuple[MediaFile, ...]
    problems: tuple[Problem, ...]


def compose(card: CardBlock, numbers: Sequence[ClozeNumber], links: Links = NO_LINKS) -> Composed:
    """Make what the card's note says; `numbers` are those of its clozes, in their order."""
    path = card.page.path
    extra = render.answer(card.extra, path, links)
    context = render.breadcrumb([Markdown(card.page.name), *(one.text for one in card.ancestors)], path, links)
    match card.kind:
        case Kind.BASIC:
            front = render.question(card.question, path, card.block.line, links)
            back = render.answer(card.answer, path, links)
            return _composed(card, _basic(card, front, back, extra, context), (front, back, extra, context))
        case Kind.CLOZE:
            text = _cloze_face(card, [cloze.number for cloze in numbers if cloze.is_used], links)
            return _composed(card, _cloze(card, text, extra, context), (text, extra, context))
        case _:
            assert_never(card.kind)


def _cloze_face(card: CardBlock, numbers: Sequence[int], links: Links) -> Face:
    path, line = card.page.path, card.block.line
    if card.is_incremental:
        return render.incremental(card.question, card.answer, numbers, path, line, links)
    text, blocks = clozes.mark(card.question, card.answer, numbers, card.cloze_syntax)
    return render.cloze(text, blocks, path, line, links)


def _basic(card: CardBlock, front: Face, back: Face, extra: Face, context: Face) -> Basic:
    return Basic(
        front=front.html,
        back=back.html,
        extra=extra.html,
        context=context.html,
        forward=card.direction is not Direction.REVERSE,
        reverse=card.direction is not Direction.FORWARD,
        typed=card.is_typed,
    )


def _cloze(card: CardBlock, text: Face, extra: Face, context: Face) -> Cloze:
    return Cloze(
        text=text.html, extra=extra.html, context=context.html, typed=card.is_typed, hide_others=card.hides_others
    )


def _composed(card: CardBlock, content: Content, faces: Sequence[Face]) -> Composed:
    return Composed(
        card=card,
        content=content,
        digest=_digest(content, card.tags),
        media=tuple(file for face in faces for file in face.media),
        problems=tuple(problem for face in faces for problem in face.problems),
    )


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
