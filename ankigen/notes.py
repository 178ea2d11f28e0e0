"""Which note type does a card block become, and what stands in its fields?"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from ankigen import clozes, note_types, render
from ankigen.base import deck_hash, field_hash, format_base
from ankigen.config import ContextKind
from ankigen.data import (
    Base,
    Basic,
    Block,
    CardBlock,
    Cloze,
    Content,
    Direction,
    Face,
    Html,
    Kind,
    Markdown,
    MediaFile,
    Note,
    NoteType,
    PackedNote,
    Problem,
    Severity,
)
from ankigen.digest import digest
from ankigen.render import NO_LINKS, Links


@dataclass(frozen=True, slots=True)
class Composed:
    """What a card's note says, the files it shows, and what was wrong on the way; `digest` stands for all it says."""

    content: Content
    digest: str
    media: tuple[MediaFile, ...]
    problems: tuple[Problem, ...]
    makes_cards: bool


def compose(
    card: CardBlock,
    numbers: Sequence[int],
    links: Links = NO_LINKS,
    context: ContextKind = "ancestors",
    source: str = "",
) -> Composed:
    """Make what the card's note says; `numbers` are those of its clozes in their order, `source` an address."""
    path = card.page.path
    extra = render.answer(card.extra, path, links)
    place = _context(card, context, links)
    link = _source(card, source)
    match card.kind:
        case Kind.BASIC:
            front = render.question(card.question, path, card.block.line, links)
            back = render.answer(card.answer, path, links)
            return _composed(card, _basic(card, front, back, extra, place, link), (front, back, extra, place))
        case Kind.CLOZE:
            text = _cloze_face(card, numbers, links)
            return _composed(card, _cloze(card, text, extra, place, link), (text, extra, place))
        case _:
            assert_never(card.kind)


def _context(card: CardBlock, kind: ContextKind, links: Links) -> Face:
    """Where the card stands: nothing, its page, also the first lines above it, or also all lines above it."""
    page, path = Markdown(card.page.name), card.page.path
    match kind:
        case "none":
            return Face(Html(""))
        case "page":
            return render.breadcrumb([page], path, links)
        case "ancestors":
            return render.breadcrumb([page, *(one.text for one in card.ancestors)], path, links)
        case "full":
            return _joined(render.breadcrumb([page], path, links), render.answer(_chain(card.ancestors), path, links))
        case _:
            assert_never(kind)


def _chain(ancestors: Sequence[Block]) -> tuple[Block, ...]:
    """The ancestors, each with nothing below it but the next one."""
    below: tuple[Block, ...] = ()
    for block in reversed(ancestors):
        below = (replace(block, children=below),)
    return below


def _joined(one: Face, other: Face) -> Face:
    return Face(Html(one.html + other.html), one.media + other.media, one.problems + other.problems)


def _source(card: CardBlock, address: str) -> Html:
    """A link back to the notes."""
    if not address:
        return Html("")
    return Html(f'<a href="{html.escape(address)}">{html.escape(card.page.name)}</a>')


def _cloze_face(card: CardBlock, numbers: Sequence[int], links: Links) -> Face:
    path, line = card.page.path, card.block.line
    if card.is_incremental:
        return render.incremental(card.question, card.answer, numbers, path, line, links)
    text, blocks = clozes.mark(card.question, card.answer, numbers, card.cloze_syntax)
    return render.cloze(text, blocks, path, line, links)


def _basic(card: CardBlock, front: Face, back: Face, extra: Face, context: Face, source: Html) -> Basic:
    return Basic(
        front=front.html,
        back=back.html,
        extra=extra.html,
        context=context.html,
        source=source,
        forward=card.direction is not Direction.REVERSE,
        reverse=card.direction is not Direction.FORWARD,
        typed=card.is_typed,
    )


def _cloze(card: CardBlock, text: Face, extra: Face, context: Face, source: Html) -> Cloze:
    return Cloze(
        text=text.html,
        extra=extra.html,
        context=context.html,
        source=source,
        typed=card.is_typed,
        hide_others=card.hides_others,
    )


def _composed(card: CardBlock, content: Content, faces: Sequence[Face]) -> Composed:
    problems = [problem for face in faces for problem in face.problems]
    makes_cards = bool(card_ordinals(content))
    if not makes_cards:
        message = "Anki finds no cloze that it could ask for: write {{cloze answer}} where text is shown"
        problems.append(Problem(card.position, Severity.ERROR, "no-card", message))
    return Composed(
        content=content,
        digest=_digest(content, card.tags),
        media=tuple([file for face in faces for file in face.media]),
        problems=tuple(problems),
        makes_cards=makes_cards,
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
    return _SET if is_set else _UNSET


_SET, _UNSET = Html("y"), Html("")


def fields_of(note: Note) -> dict[str, Html]:
    """All fields of a note, as its note type names and orders them."""
    fields = content_fields(note.content)
    hashes = tuple([field_hash(field) for field in fields.values()])
    base = format_base(Base(note.source_id, deck_hash(note.deck), hashes, note.tags))
    return {**fields, "Guid": Html(note.identity.guid), "Base": base}


def packed(note: Note, own: Sequence[NoteType] = note_types.ALL) -> PackedNote:
    """The note as a package holds it, for a collection that has none of it; `own` is how the note types shall look."""
    note_type = note_type_of(note.content)
    return PackedNote(
        guid=note.identity.guid,
        created=note.identity.created,
        modified=note.identity.modified,
        note_type=next(one for one in own if one.id == note_type.id),
        values=tuple(fields_of(note).values()),
        tags=note.tags,
        deck=note.deck,
        ordinals=card_ordinals(note.content),
    )


def _digest(content: Content, tags: Sequence[str]) -> str:
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
