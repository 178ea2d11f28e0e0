"""Finds the card blocks of a page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ankigen.cards import instructions, lookalikes, pointers, ways
from ankigen.cards.candidate import Asked, Candidate
from ankigen.cards.instructions import Words
from ankigen.cards.question_and_answer import Sides, below
from ankigen.cards.surroundings import Place, top, value_of
from ankigen.config import Config
from ankigen.data import (
    Block,
    CardBlock,
    ClozeAnswer,
    ClozeSyntax,
    Direction,
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


def signs(config: Config) -> tuple[str, ...]:
    """What every text with a card, or with what looks like one, contains one of, in lower case.

    A text without any of them need not be parsed.
    """
    return tuple(dict.fromkeys([*ways.signs(config), *lookalikes.signs()]))


def find_cards(page: Page, default_deck: str, config: Config) -> Found:
    """Find the cards of a page, and what is wrong with them."""
    cards: dict[int, CardBlock] = {}
    problems: list[Problem] = []
    left_out: set[int] = set()
    for block, place, own, group in _blocks(page, config):
        candidate = Candidate(block, place, own.with_group(group), group is not None, cards)
        if _is_left_out(candidate):
            left_out.add(block.line)
        elif asked := ways.read(candidate, config):
            card, faults = _card(candidate, asked, default_deck, config)
            problems += faults
            is_sound = all(fault.severity is not Severity.ERROR for fault in faults)
            cards[block.line] = card if is_sound else replace(card, is_sound=False)
    return Found(tuple(cards.values()), (*problems, *lookalikes.find(page, cards.keys() | left_out, config)))


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


def _is_left_out(candidate: Candidate) -> bool:
    is_switched_off = candidate.place.is_on(candidate.block, "disable-anki-sync")
    return is_switched_off or "no-anki-sync" in candidate.words.pages


def _card(candidate: Candidate, asked: Asked, default_deck: str, config: Config) -> tuple[CardBlock, list[Problem]]:
    block, place, own, sides = candidate.block, candidate.place, candidate.words, asked.sides
    is_orphan = not sides.question.lines
    if is_orphan and config.question_from_parent:
        sides = replace(sides, question=_parent(block, place, config))
    is_incremental = "incremental" in own.pages and bool(block.children)
    told = _in_steps(sides) if is_incremental else _told(sides, asked.syntax, config)
    card = CardBlock(
        page=place.page,
        block=block,
        ancestors=tuple(_context(place.ancestors[:-1] if is_orphan else place.ancestors, own, config)),
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


def _id(block: Block, config: Config) -> str | None:
    if not block.properties:
        return None
    values = (value_of(block.properties, key) for key in (config.id_property, "custom-id"))
    return next((value.lower() for value in values if value and _UUID.fullmatch(value.lower())), None)


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
    for severity, rule, message in _judgements(card, is_orphan):
        yield pointers.spot_of(rule, card, config).problem(severity, rule, message)
    yield from pointers.broken_clozes(card)


def _judgements(card: CardBlock, is_orphan: bool) -> Iterator[tuple[Severity, str, str]]:
    if not card.question.strip():
        yield Severity.ERROR, "no-question", "card has no question: write it in front of #card"
    elif is_orphan:
        yield Severity.WARNING, "question-from-parent", f'card has no question of its own: it asks "{card.wording}"'
