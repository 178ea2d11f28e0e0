"""Composes what a card block's note says."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import assert_never

from ankigen import render
from ankigen.config import ContextKind
from ankigen.data import (
    Basic,
    Block,
    CardBlock,
    Cloze,
    Composed,
    Content,
    Direction,
    Face,
    Html,
    Kind,
    Severity,
    Spot,
)
from ankigen.note_types.contents import digest_of, said
from ankigen.render import NO_LINKS, Links
from ankigen.support.structs import replace
from ankigen.syntax import clozes, tracing


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
            front = render.question(card.question, path, card.question_lines, links)
            back = render.answer(card.answer, path, links)
            return _composed(card, _basic(card, front, back, extra, place, link), (front, back, extra, place))
        case Kind.CLOZE:
            text = _cloze_face(card, numbers, links)
            return _composed(card, _cloze(card, text, extra, place, link), (text, extra, place))
        case _:
            assert_never(card.kind)


def _context(card: CardBlock, kind: ContextKind, links: Links) -> Face:
    """Where the card stands: nothing, its page, also the first lines above it, or also all lines above it."""
    page, path = card.page.name, card.page.path
    match kind:
        case "none":
            return Face(Html(""))
        case "page":
            return render.breadcrumb(page, (), path, links)
        case "ancestors":
            return render.breadcrumb(page, card.ancestors, path, links)
        case "full":
            return _joined(render.breadcrumb(page, (), path, links), render.answer(_chain(card.ancestors), path, links))
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
    path, lines = card.page.path, card.question_lines
    if card.is_incremental:
        return render.incremental(card.question, card.answer, numbers, path, lines, links)
    text, blocks = clozes.mark(card.question, card.answer, numbers, card.cloze_syntax)
    return render.cloze(text, blocks, path, lines, links)


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
    what = said(content)
    if not what.ordinals:
        message = "Anki finds no cloze that it could ask for: write {{cloze answer}} where text is shown"
        problems.append(_first_cloze(card).problem(Severity.ERROR, "no-card", message))
    return Composed(
        said=what,
        digest=digest_of(content, card.tags),
        media=tuple([file for face in faces for file in face.media]),
        problems=tuple(problems),
    )


def _first_cloze(card: CardBlock) -> Spot:
    """The first thing that a card hides; the question, if its blocks are what it hides."""
    for text in clozes.texts_of(clozes.Text(card.question, card.question_lines), card.answer):
        for cloze in clozes.find(text.text, card.cloze_syntax).clozes:
            origin = tracing.Origin(card.page.path, card.page.source, text.lines)
            return tracing.trace(origin, text.text, cloze.start, cloze.end)
    return tracing.question_of(card)
