"""Finds the card blocks of a page."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator

from ankigen.cards import instructions, pointers
from ankigen.cards.instructions import Words
from ankigen.cards.lookalikes import asides
from ankigen.cards.question_and_answer import Sides, below, sides_of
from ankigen.cards.surroundings import Place, top, value_of
from ankigen.cards.ways.arrow import arrow_of
from ankigen.config import Config
from ankigen.data import (
    Block,
    CardBlock,
    ClozeAnswer,
    ClozeSyntax,
    Direction,
    Kind,
    Line,
    Markdown,
    Page,
    Problem,
    Severity,
)
from ankigen.support.structs import Struct, replace
from ankigen.syntax import clozes
from ankigen.syntax.words import UUID

_UUID = re.compile(UUID)
_DIRECTIONS = {direction.value: direction for direction in Direction}


class Found(Struct, frozen=True):
    """The card blocks of a page in reading order, and what is wrong with them."""

    cards: tuple[CardBlock, ...]
    problems: tuple[Problem, ...]


def find_cards(page: Page, default_deck: str, config: Config) -> Found:
    """Find the cards of a page, and what is wrong with them."""
    cards: dict[int, CardBlock] = {}
    problems: list[Problem] = []
    left_out: set[int] = set()
    for block, place, words_here, group in _blocks(page, config):
        own = words_here.with_group(group)
        if _is_left_out(block, place, own):
            left_out.add(block.line)
            continue
        asked = _asked(block, place, own, cards, group, config)
        if asked:
            card, faults = _card(block, place, own, asked, default_deck, config)
            problems += faults
            is_sound = all(one.severity is not Severity.ERROR for one in faults)
            cards[block.line] = card if is_sound else replace(card, is_sound=False)
    return Found(tuple(cards.values()), (*problems, *asides(page, cards.keys() | left_out, config)))


class _Asked(Struct, frozen=True):
    """What a card block asks, which way, and how its clozes are read."""

    sides: Sides
    direction: Direction
    syntax: ClozeSyntax


def _asked(
    block: Block, place: Place, own: Words, cards: Container[int], group: Words | None, config: Config
) -> _Asked | None:
    """Read a block as a card if it is one: by its words, or outside the `cards` above by a cloze or an arrow alone."""
    if group is not None or own.triggers(config) or _is_cloze(block, place, cards, config):
        syntax = _cloze_syntax(block, config)
        return _Asked(sides_of(block, place, _depth(block, own), syntax, config), _direction(block, own), syntax)
    if not config.swift_arrows or _is_inside(place, cards):
        return None
    arrow = arrow_of(instructions.without_tags(block, config))
    if arrow is None:
        return None
    parents = [instructions.without_tags(one, config).text for one in place.ancestors[-1:]]
    question = block.with_lines(arrow.lines(block, " > ".join([*parents, arrow.left])))
    sides = Sides(question, (arrow.answer(block), *block.children), ())
    return _Asked(sides, arrow.direction, _cloze_syntax(block, config))


def _is_cloze(block: Block, place: Place, cards: Container[int], config: Config) -> bool:
    return config.cloze_without_card and bool(clozes.find(block.text).clozes) and not _is_inside(place, cards)


def _is_inside(place: Place, cards: Container[int]) -> bool:
    return any(ancestor.line in cards for ancestor in place.ancestors)


def shown(block: Block, config: Config) -> Block:
    """A block as another card shows it: without what speaks to ankigen, and with its clozes shown."""
    children = tuple(below(block.children, None, config))
    return clozes.plain_block(instructions.without_tags(block, config).with_children(children))


def _blocks(page: Page, config: Config) -> Iterator[tuple[Block, Place, Words, Words | None]]:
    """All blocks in reading order, with their places and words, and the words of a card group for its children."""
    place = top(page)
    ahead: list[tuple[Block, Place, Words | None]] = [(block, place, None) for block in reversed(page.blocks)]
    while ahead:
        block, place, group = ahead.pop()
        if value_of(block.properties, "template") is not None:
            continue
        own = instructions.words_of(block, config)
        yield block, place, own, group
        if block.children:
            inner, below = own if instructions.GROUP in own.pages else None, place.below(block)
            ahead += ((child, below, inner) for child in reversed(block.children))


def _is_left_out(block: Block, place: Place, own: Words) -> bool:
    return "no-anki-sync" in own.pages or place.is_on(block, "disable-anki-sync")


def _card(
    block: Block, place: Place, own: Words, asked: _Asked, default_deck: str, config: Config
) -> tuple[CardBlock, list[Problem]]:
    sides = asked.sides
    is_orphan = not sides.question.lines
    if is_orphan and config.question_from_parent:
        sides = replace(sides, question=_parent(block, place, config))
    is_incremental = "incremental" in own.pages and bool(block.children)
    told = _in_steps(sides) if is_incremental else _told(sides, asked.syntax, config)
    card = CardBlock(
        page=place.page,
        block=block,
        ancestors=tuple(_context(place.ancestors[:-1] if is_orphan else place.ancestors, own, config)),
        kind=Kind.CLOZE if told.clozes or is_incremental else Kind.BASIC,
        question=told.question,
        wording=clozes.plain(sides.question.text),
        answer=told.answer,
        extra=told.extra,
        deck=place.deck(block) or default_deck,
        tags=place.tags(block, own.tags, config),
        id=_id(block, config),
        direction=asked.direction,
        is_typed="type-in" in own.pages,
        hides_others="hide-all-test-one" in own.pages,
        is_incremental=is_incremental,
        is_suspended=place.is_on(block, "suspend-anki-card"),
        clozes=told.clozes,
        cloze_syntax=asked.syntax,
        question_lines=sides.question.lines,
    )
    return card, list(_faults(card, is_orphan, config))


def _parent(block: Block, place: Place, config: Config) -> Block:
    """What a block asks that holds nothing but tags: its parent's text, at the top level the page's name."""
    if place.ancestors:
        return instructions.without_tags(place.ancestors[-1], config)
    return block.with_lines((Line(block.line, 1, place.page.name),))


def _context(ancestors: Iterable[Block], own: Words, config: Config) -> Iterator[Block]:
    if "hide-all-card-parent" not in own.pages:
        for ancestor in ancestors:
            if "hide-when-card-parent" not in instructions.words_of(ancestor, config).pages:
                yield instructions.without_tags(ancestor, config)


def _depth(block: Block, own: Words) -> int | None:
    """How many levels of the answer are shown; the tag wins over the property."""
    if (tagged := own.depth()) is not None:
        return tagged
    written = value_of(block.properties, "depth") or ""
    return int(written) if written.isdecimal() else None


def _direction(block: Block, own: Words) -> Direction:
    """The property wins over the tags."""
    if written := _DIRECTIONS.get(value_of(block.properties, "direction") or ""):
        return written
    is_reverse = bool(own.pages & {"reversed", "reverse"})
    if "bidirectional" in own.pages or (is_reverse and "forward" in own.pages):
        return Direction.BOTH
    return Direction.REVERSE if is_reverse else Direction.FORWARD


def _id(block: Block, config: Config) -> str | None:
    if not block.properties:
        return None
    values = (value_of(block.properties, key) for key in (config.id_property, "custom-id"))
    return next((value.lower() for value in values if value and _UUID.fullmatch(value.lower())), None)


def _cloze_syntax(block: Block, config: Config) -> ClozeSyntax:
    return ClozeSyntax(
        colons=config.cloze_hint_colons,
        each=config.cloze_numbers == "each",
        replaced=value_of(block.properties, "replacecloze") or value_of(block.properties, ".replacecloze") or "",
        hints=value_of(block.properties, "replaceclozehint") or "",
    )


class _Told(Struct, frozen=True):
    """What a card says once it is known what it hides."""

    question: Markdown
    answer: tuple[Block, ...]
    extra: tuple[Block, ...]
    clozes: tuple[ClozeAnswer, ...] = ()


def _in_steps(sides: Sides) -> _Told:
    """A card that hides the blocks of its answer, one after the other."""
    answer = tuple(clozes.plain_block(block) for block in sides.answer)
    hidden = tuple(ClozeAnswer(block.text) for block in answer)
    return _Told(clozes.plain(sides.question.text), answer, sides.extra, hidden)


def _told(sides: Sides, syntax: ClozeSyntax, config: Config) -> _Told:
    """A card that hides its clozes, if it has any; what hides nothing below the question goes to the back."""
    question, answer = sides.question.text, sides.answer
    if config.cloze_scope == "block":
        answer = tuple(clozes.plain_block(block) for block in answer)
    hidden = clozes.answers(question, answer, syntax)
    if hidden and (not answer or len(clozes.answers(question, (), syntax)) == len(hidden)):
        return _Told(question, (), answer + sides.extra, hidden)
    return _Told(question, answer, sides.extra, hidden)


def _faults(card: CardBlock, is_orphan: bool, config: Config) -> Iterator[Problem]:
    for severity, rule, message in _judgements(card, is_orphan, config):
        yield pointers.spot_of(rule, card, config).problem(severity, rule, message)
    yield from pointers.broken_clozes(card)


def _judgements(card: CardBlock, is_orphan: bool, config: Config) -> Iterator[tuple[Severity, str, str]]:
    if not card.question.strip():
        yield Severity.ERROR, "no-question", "card has no question: write it in front of #card"
    elif is_orphan:
        yield Severity.WARNING, "question-from-parent", f'card has no question of its own: it asks "{card.wording}"'
    if card.kind is Kind.BASIC and not config.empty_back and not _says_something(card.answer):
        yield Severity.ERROR, "no-answer", "card has no answer: indent it below the question"
    if card.kind is Kind.CLOZE and card.direction is not Direction.FORWARD:
        yield Severity.WARNING, "cloze-direction", "a cloze card has no direction: leave it out, or take the clozes out"


def _says_something(blocks: tuple[Block, ...]) -> bool:
    return any(line.text.strip() for one in blocks for block in one.walk() for line in block.lines)
