"""Composes the content of a card block's note: the fields of its kind, and the problems."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never

from ankigen import render
from ankigen.cards import spot_of
from ankigen.config import Config, ContextKind
from ankigen.data import Block, CardBlock, ComposedNote, Content, Face, Html, Problem, Severity, Spot
from ankigen.note_types.contents import content_fields, content_of, digest_of
from ankigen.note_types.kind import CommonFaces, NoteKind, annotated, joined
from ankigen.note_types.kinds import kind_of
from ankigen.note_types.occlusion import trace_part
from ankigen.render import NO_LINKS, Links
from ankigen.support.structs import replace
from ankigen.syntax import clozes, tracing

_DEFAULTS = Config()
_EMPTY = Face(Html(""))


def compose(
    card: CardBlock,
    numbers: Sequence[int],
    links: Links = NO_LINKS,
    settings: Config = _DEFAULTS,
    source: str = "",
) -> ComposedNote:
    """Compose the content of a card's note; without cards if it shows no question or no answer.

    `numbers` are those of its clozes, in text order. `source` is the address of the page, if any.
    """
    extra = annotated(render.answer(card.extra, card.page.path, links, _outside(card)), card)
    context = annotated(_context(card, settings.context, links), card)
    common = CommonFaces(extra, context, _source(card, source))
    kind = kind_of(card)
    faces = kind.faces(card, numbers, common, links)
    content = content_of(kind, {name: face.html for name, face in faces.items()})
    problems = [problem for face in faces.values() for problem in face.problems]
    problems += _uncounted(card, numbers)
    if all(problem.severity is not Severity.ERROR for problem in problems):
        problems += _blank_sides(card, kind, content, settings)
    if any(problem.severity is Severity.ERROR for problem in problems):
        return ComposedNote(Content(kind.name, (), (), ()), "", (), tuple(problems))
    if not content.ordinals:
        problems.append(_first_cloze(card).problem(Severity.ERROR, "no-card", kind.without_cards))
    return ComposedNote(
        content=content if content.own is None else replace(content, own=None),  # which is not cached with each note
        digest=digest_of(content, card.tags),
        media=tuple([file for face in faces.values() for file in face.media if file.name in face.html]),
        problems=tuple(problems),
    )


def _blank_sides(card: CardBlock, kind: NoteKind, content: Content, settings: Config) -> Iterator[Problem]:
    """A problem for a question or answer that shows nothing on the card, although text was written."""
    fields = content_fields(content)
    sides = {"no-question": kind.question(fields)}
    if not settings.empty_back or kind.asks_for_answer(fields):
        sides["no-answer"] = kind.answer(fields)
    for rule, field in sides.items():
        if not render.shows_something(field):
            message = f"card has {_NAMES[rule]}: nothing of what is written there can be shown on a card"
            yield spot_of(rule, card, settings).problem(Severity.ERROR, rule, message)


_NAMES = {"no-question": "no question", "no-answer": "no answer"}


def _context(card: CardBlock, context: ContextKind, links: Links) -> Face:
    """The context of the card: nothing, its page, also the first lines of its parents, or all their lines."""
    page, path = card.page.name, card.page.path
    match context:
        case "none":
            return _EMPTY
        case "page":
            return render.breadcrumb(page, (), path, links)
        case "ancestors":
            return render.breadcrumb(page, card.ancestors, path, links)
        case "full":
            first = render.breadcrumb(page, (), path, links)
            ancestors = card.ancestors
            if ancestors and len(ancestors[0].lines) == 1:
                is_said = render.breadcrumb(page, ancestors[:1], path, links).html == first.html
                ancestors = ancestors[is_said:]
            size = sum(len(block.text) for block in ancestors)
            return joined(first, render.answer(_chain(ancestors), path, links, size))
        case _:
            assert_never(context)


def _outside(card: CardBlock) -> int:
    """How many characters of its extra are the page's, which all its cards show."""
    first = card.block.line
    return sum(len(line.text) for block in card.extra for line in block.lines if line.number < first)


def _chain(ancestors: Sequence[Block]) -> tuple[Block, ...]:
    """The ancestors, each with only the next one below it."""
    below: tuple[Block, ...] = ()
    for block in reversed(ancestors):
        below = (replace(block, children=below),)
    return below


def _source(card: CardBlock, address: str) -> Face:
    """A link back to the notes."""
    if not address:
        return _EMPTY
    return render.source_link(address, card.page.name)


def _uncounted(card: CardBlock, numbers: Sequence[int]) -> Iterator[Problem]:
    """One problem for all clozes with numbers for which Anki makes no card, at the first of them."""
    uncounted = [unit for unit, number in enumerate(numbers) if number > clozes.LARGEST_NUMBER]
    if uncounted:
        message = (
            f"Anki makes {clozes.LARGEST_NUMBER} cards of a note at most: {len(uncounted)} of its {len(numbers)} "
            "clozes are never asked; part the block into several"
        )
        yield _cloze_of(card, uncounted[0]).problem(Severity.WARNING, "too-large", message)


def _cloze_of(card: CardBlock, unit: int) -> Spot:
    """A cloze or hidden part of a card, by its index."""
    if card.occlusion:
        return trace_part(card, unit)
    if card.is_incremental:
        block = card.answer[unit]
        origin = tracing.Origin(card.page.path, card.page.source, block.lines)
        return tracing.trace(origin, block.text, 0, len(block.text))
    spans = clozes.spans_of(clozes.CardText(card.question, card.question_lines), card.answer, card.cloze_syntax)
    text, cloze = next((text, cloze) for text, cloze, units in spans if unit in units)
    origin = tracing.Origin(card.page.path, card.page.source, text.lines)
    return tracing.trace(origin, text.text, cloze.start, cloze.end)


def _first_cloze(card: CardBlock) -> Spot:
    """The first cloze or hidden part of a card; the question, if its blocks are hidden."""
    for text in clozes.texts_of(clozes.CardText(card.question, card.question_lines), card.answer):
        for cloze in clozes.find(text.text, card.cloze_syntax).clozes:
            origin = tracing.Origin(card.page.path, card.page.source, text.lines)
            return tracing.trace(origin, text.text, cloze.start, cloze.end)
    return tracing.trace_question(card)
