"""Finds the card blocks of a page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ankigen import schedules
from ankigen.cards import choices, lookalikes, own_fields, pointers, ways
from ankigen.cards.candidate import Asked, Candidate
from ankigen.cards.instructions import (
    GROUP,
    Instructions,
    instructions_of,
    is_only_tags,
    with_own_properties,
    without_tags,
)
from ankigen.cards.occlusion import hidden_by, occlusion_of
from ankigen.cards.order import wrong_orders
from ankigen.cards.question_and_answer import Sides, below
from ankigen.cards.speaking import speech_of
from ankigen.cards.surroundings import Surroundings, page_surroundings, value_of
from ankigen.config import Config
from ankigen.data import (
    REVIEW_COMMENT,
    Block,
    CardBlock,
    ClozeAnswer,
    ClozeSyntax,
    Line,
    Markdown,
    Occlusion,
    OwnNoteType,
    Page,
    Position,
    Problem,
    Property,
    Schedule,
    Severity,
)
from ankigen.support.structs import Struct, replace
from ankigen.syntax import clozes
from ankigen.syntax.bounds import DEEPEST_BLOCK, MOST_TAGS
from ankigen.syntax.words import UUID

_UUID = re.compile(UUID)


class FoundCards(Struct, frozen=True):
    """The card blocks of a page in reading order, and their problems."""

    cards: tuple[CardBlock, ...]
    problems: tuple[Problem, ...]


def signs(config: Config) -> tuple[str, ...]:
    """Every text with a card, or a lookalike, contains one of these, in lower case.

    Other texts need not be parsed.
    """
    return tuple(dict.fromkeys([*ways.signs(config), *lookalikes.signs(config)]))


def find_cards(
    page: Page, default_deck: str, config: Config, own: Sequence[OwnNoteType] = (), *, can_ask_by_heading: bool = False
) -> FoundCards:
    """Find the cards of a page, and their problems; `own` are the user's note types.

    With `can_ask_by_heading`, the advice may be to write a heading, which contains the text below it.
    """
    cards: dict[int, CardBlock] = {}
    problems: list[Problem] = []
    left_out: set[int] = set()
    for block, surroundings, instructions, group in _walk(page, config):
        candidate = Candidate(block, surroundings, instructions.with_group(group), group is not None, cards)
        if _is_left_out(candidate):
            left_out.add(block.line)
        elif asked := ways.read(candidate, config):
            card, faults = _card(candidate, asked, default_deck, config, own)
            problems += faults
            is_sound = all(fault.severity is not Severity.ERROR for fault in faults)
            cards[block.line] = card if is_sound else replace(card, is_sound=False)
    problems += _too_deep(page)
    problems += wrong_orders(page) if cards else ()
    problems += lookalikes.find_lookalikes(page, cards.keys() | left_out, config, can_ask_by_heading=can_ask_by_heading)
    blocks = (card.block for card in cards.values())
    problems += lookalikes.second_cards(page, blocks, config, can_ask_by_heading=can_ask_by_heading)
    return FoundCards(tuple(cards.values()), tuple(problems))


def _too_deep(page: Page) -> Iterator[Problem]:
    """One problem for all blocks that are too deep, at the first of them."""
    if page.raised:
        several = f" ({len(page.raised)} on this page)" if len(page.raised) > 1 else ""
        message = f"a block is deeper than {DEEPEST_BLOCK} levels and counts as on level {DEEPEST_BLOCK}{several}"
        position = Position(page.path, page.raised[0])
        yield Problem(position, Severity.WARNING, "too-deep", f"{message}: move it up")


def shown_elsewhere(block: Block, config: Config) -> Block:
    """A block as another card shows it: without instructions, and with its clozes shown."""
    children = tuple(below(block.children, None, config))
    return clozes.plain_block(without_tags(with_own_properties(block, config), config).with_children(children))


def page_elsewhere(page: Page, config: Config) -> Page:
    """A page as a card embeds it: its blocks, and the text above them as a separate block."""
    above = (Block(page.preamble[0].number, page.preamble[-1].number, 1, page.preamble),) if page.preamble else ()
    return replace(page, blocks=tuple(shown_elsewhere(block, config) for block in (*above, *page.blocks)), preamble=())


def _walk(page: Page, config: Config) -> Iterator[tuple[Block, Surroundings, Instructions, Instructions | None]]:
    """All blocks in reading order, with surroundings, instructions, and those of a card group right above."""
    surroundings = page_surroundings(page)
    stack: list[tuple[Block, Surroundings, Instructions | None]]
    stack = [(block, surroundings, None) for block in reversed(page.blocks)]
    while stack:
        block, surroundings, group = stack.pop()
        if value_of(block.properties, "template") is not None:
            continue
        instructions = instructions_of(block, config)
        yield block, surroundings, instructions, group
        if block.children:
            group, below = instructions if GROUP in instructions.pages else None, surroundings.below(block)
            stack += ((child, below, group) for child in reversed(block.children))


def _is_left_out(candidate: Candidate) -> bool:
    is_switched_off = candidate.surroundings.is_on(candidate.block, "disable-anki-sync")
    return is_switched_off or "no-anki-sync" in candidate.instructions.pages


def _card(
    candidate: Candidate, asked: Asked, default_deck: str, config: Config, own: Sequence[OwnNoteType]
) -> tuple[CardBlock, list[Problem]]:
    block, surroundings, instructions = candidate.block, candidate.surroundings, candidate.instructions
    sides = asked.sides
    other = _asking_instead(sides.question, block, surroundings, config)
    is_orphan = other is not None
    if other is not None and config.question_from_parent:
        sides = replace(sides, question=other)
    wanted = own_fields.asked_type(block, surroundings, instructions, own)
    is_incremental = "incremental" in instructions.pages and bool(block.children) and wanted.own is None
    occlusion = None if wanted.own else occlusion_of(block, sides.question.text, sides.answer)
    if wanted.own is not None:
        final = _in_fields(sides, block, wanted.own, asked.syntax, config)
    elif occlusion:
        is_incremental, final = False, _hiding_parts(sides, occlusion)
    else:
        final = _hiding_steps(sides) if is_incremental else _hiding_clozes(sides, asked.syntax, config)
    speech, unsaid = speech_of(block, surroundings)
    parent = _asking_parent(surroundings, config)
    ancestors = surroundings.ancestors[:-1] if is_orphan and parent else surroundings.ancestors
    scheduled, unread = _schedules(block, len(final.clozes), config)
    card = CardBlock(
        page=surroundings.page,
        block=block,
        ancestors=tuple(_shown_ancestors(ancestors, surroundings, instructions, config)),
        question=final.question,
        wording=clozes.plain_text(sides.question.text),
        answer=final.answer,
        extra=final.extra,
        deck=surroundings.deck(block) or default_deck,
        tags=surroundings.tags(block, instructions.tags, config),
        id=_written_id(block, config),
        direction=asked.direction,
        is_typed="type-in" in instructions.pages,
        hides_others="hide-all-test-one" in instructions.pages,
        is_incremental=is_incremental,
        is_suspended=surroundings.is_on(block, "suspend-anki-card"),
        clozes=final.clozes,
        cloze_syntax=asked.syntax,
        question_lines=sides.question.lines,
        schedules=scheduled,
        own=wanted.own,
        parts=final.parts,
        occlusion=occlusion,
        speech=speech,
        hint=next((prop for prop in block.properties if prop.key == "hint" and prop.value), None),
        has_furigana=surroundings.is_on(block, "furigana"),
    )
    faults = [*_faults(card, is_orphan, config), *unsaid]
    faults += own_fields.unknown_type(card, wanted, own)
    if wanted.own is not None or occlusion is not None:
        faults += choices.unheard(card, instructions.pages)
    if wanted.own is not None:
        faults += own_fields.faults(card.page, block, sides, wanted.own, config)
    elif occlusion is None:
        card, of_choices = choices.choosing(card, sides, instructions.pages, config)
        faults += of_choices
    if surroundings.has_too_many_tags(block, instructions.tags):
        message = f"more than {MOST_TAGS:,} characters of tags: the card gets only the first of them"
        faults.append(pointers.spot_of("too-large", card, config).problem(Severity.WARNING, "too-large", message))
    faults += pointers.bad_schedules(surroundings.page, unread)
    return card, faults


def _schedules(
    block: Block, parts: int, config: Config
) -> tuple[tuple[Schedule | None, ...], tuple[schedules.Unread, ...]]:
    """The schedules of a block's cards that another program wrote, and those that cannot be read."""
    if config.schedule is None:
        return (), ()
    written = (*block.properties, *block.reviews, *_reviews_at_the_end(block, config))
    of_cards, reading = schedules.read(config.schedule, written, config.schedule_zone, parts)
    return of_cards, reading.unread


def _reviews_at_the_end(block: Block, config: Config) -> Iterator[Property]:
    """Reviews may be after the last line of a card's answer, but not after another card's."""
    path: list[Block] = []
    last = block
    while last.children:
        last = last.children[-1]
        path.append(last)
    reviews = [review for review in last.reviews if review.key == REVIEW_COMMENT] if path else []
    if reviews and not any(instructions_of(below, config).triggers(config) for below in path):
        yield from reviews


def _asking_instead(question: Block, block: Block, surroundings: Surroundings, config: Config) -> Block | None:
    """The question of a block with only tags: its parent's text, else the words of its own tags.

    Without such words, it is those of its parent's tags, at the top level the page's name.
    """
    if question.lines and not (is_only_tags(block, config) and _is_of(question, block)):
        return None
    parent = _asking_parent(surroundings, config)
    if question.lines and (parent is None or is_only_tags(parent, config)):
        return None
    return without_tags(parent, config) if parent else block.with_lines((Line(block.line, 1, surroundings.page.name),))


def _asking_parent(surroundings: Surroundings, config: Config) -> Block | None:
    """The parent, if it can be the question; headings that contain unindented text only if they are cards."""
    above = surroundings.ancestors[-1] if surroundings.ancestors else None
    if above is None or not (above.is_bullet or instructions_of(above, config).triggers(config)):
        return None
    return with_own_properties(above, config)


def _is_of(question: Block, block: Block) -> bool:
    """Whether the question consists of lines of the block's text."""
    return {line.number for line in question.lines} <= {line.number for line in block.lines}


def _shown_ancestors(
    ancestors: Iterable[Block], surroundings: Surroundings, instructions: Instructions, config: Config
) -> Iterator[Block]:
    if "hide-all-card-parent" not in instructions.pages:
        for ancestor in ancestors:
            if ancestor.line not in surroundings.shown:
                surroundings.shown[ancestor.line] = _shown_above(ancestor, config)
            if shown := surroundings.shown[ancestor.line]:
                yield shown


def _shown_above(ancestor: Block, config: Config) -> Block | None:
    """A block as the cards below it show it; `None` if it is hidden there."""
    is_hidden = "hide-when-card-parent" in instructions_of(ancestor, config).pages
    return None if is_hidden else without_tags(ancestor, config)


def _written_id(block: Block, config: Config) -> str | None:
    if not block.properties:
        return None
    values = (value_of(block.properties, key) for key in (config.id_property, "custom-id"))
    return next((value.lower() for value in values if value and _UUID.fullmatch(value.lower())), None)


class _FinalSides(Struct, frozen=True):
    """The final sides of a card, after its clozes are known."""

    question: Markdown
    answer: tuple[Block, ...]
    extra: tuple[Block, ...]
    clozes: tuple[ClozeAnswer, ...] = ()
    parts: tuple[tuple[str, int], ...] = ()


def _in_fields(sides: Sides, block: Block, own: OwnNoteType, syntax: ClozeSyntax, config: Config) -> _FinalSides:
    """A card with one of the user's note types: all its text is in fields."""
    parted = own_fields.field_parts(block, sides, own, config).hiding(own)
    question = parted.question.text
    hidden = clozes.answers(question, parted.blocks, syntax) if own.note_type.is_cloze else ()
    return _FinalSides(question, parted.blocks, (), hidden, parted.parts)


def _hiding_steps(sides: Sides) -> _FinalSides:
    """A card that hides the blocks of its answer, one after the other."""
    answer = tuple(clozes.plain_block(block) for block in sides.answer)
    hidden = tuple(ClozeAnswer(block.text) for block in answer)
    return _FinalSides(clozes.plain_text(sides.question.text), answer, sides.extra, hidden)


def _hiding_parts(sides: Sides, occlusion: Occlusion) -> _FinalSides:
    """A card that hides parts of its picture."""
    answer = tuple(clozes.plain_block(block) for block in sides.answer)
    return _FinalSides(clozes.plain_text(sides.question.text), answer, sides.extra, hidden_by(occlusion))


def _hiding_clozes(sides: Sides, syntax: ClozeSyntax, config: Config) -> _FinalSides:
    """A card that hides its clozes, if any; blocks below the question without clozes go to the back."""
    question, answer = sides.question.text, sides.answer
    if config.cloze_scope == "block":
        answer = tuple(clozes.plain_block(block) for block in answer)
    hidden = clozes.answers(question, answer, syntax)
    if hidden and (not answer or len(clozes.answers(question, (), syntax)) == len(hidden)):
        return _FinalSides(question, (), answer + sides.extra, hidden)
    return _FinalSides(question, answer, sides.extra, hidden)


def _faults(card: CardBlock, is_orphan: bool, config: Config) -> Iterator[Problem]:
    for severity, rule, message in _judgements(card, is_orphan):
        yield pointers.spot_of(rule, card, config).problem(severity, rule, message)
    yield from pointers.broken_clozes(card)
    yield from pointers.slow_patterns(card)


def _judgements(card: CardBlock, is_orphan: bool) -> Iterator[tuple[Severity, str, str]]:
    if not card.question.strip():
        yield Severity.ERROR, "no-question", "card has no question: write it in front of #card"
    elif is_orphan:
        yield (
            Severity.WARNING,
            "question-from-parent",
            f'card has no question of its own: it asks "{card.wording}"; see question_from_parent',
        )
