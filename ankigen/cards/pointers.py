"""The spots of a card's problems: its question, an instruction, a cloze."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from ankigen import schedules
from ankigen.cards import instructions
from ankigen.config import Config
from ankigen.data import Block, CardBlock, Format, Page, Position, Problem, Severity, Spot
from ankigen.syntax import clozes, tags, tracing


def spot_of(rule: str, card: CardBlock, config: Config) -> Spot:
    """The spot of a problem of that rule."""
    if rule == "no-answer" and _line_in_text(card, config):
        return _asking_word(card, config.card_tags.__contains__, "tags")
    if rule in {"no-answer", "ambiguous-identity", "same-card"} and card.block.lines:
        return tracing.trace_question(card)
    if rule == "duplicate-id":
        return _id_value(card)
    if rule == "cloze-direction":
        return _asking_word(card, instructions.DIRECTION_TAGS.__contains__, "direction")
    return _asking_word(card, config.card_tags.__contains__, "tags")


def choice_spot(card: CardBlock) -> Spot:
    """The instruction that makes a card a choice, or its question."""
    return _asking_word(card, instructions.CHOICE.__eq__, "tags")


def hint_spot(card: CardBlock) -> Spot:
    """The `hint::` of a card that has one."""
    assert card.hint, "a problem of a hint is one of a card that has it"
    return tracing.trace_property(card.page.path, card.page.source, card.hint)


def no_answer_advice(card: CardBlock, config: Config) -> str:
    """What to do about a card without an answer: its line may be meant as a block."""
    line = _line_in_text(card, config)
    if line is None:
        return "indent it below the question, or set `empty_back = true`"
    why = f"the line of its tag is no block, but a part of the one on line {card.block.line}"
    return f"{why}: {block_advice(line, card.page.format)}, and indent the answer below it, or set `empty_back = true`"


def block_advice(line: str, format: Format, *, can_ask_by_heading: bool = False) -> str:
    """How to make a line a block: a bullet, or a heading if that can be a question."""
    bullet = "* " if format is Format.ORG else "- "
    if item := _ITEM.match(line):
        return f"write `{bullet}` in place of `{item['mark']}`, which begins an item of a list"
    if can_ask_by_heading and format is Format.MARKDOWN:
        return "write `## ` in front of it, which asks for the text below, or `- ` and indent the answer below it"
    return f"write `{bullet}` in front of it"


def _line_in_text(card: CardBlock, config: Config) -> str | None:
    """The line of the card's tag, if it is not the first line of its block."""
    block, first = card.block, card.block.lines[:1]
    number = instructions.marked_line(block, config)
    if number is None or number == block.line or (first and number == first[0].number):
        return None
    return next(line.text for line in block.lines if line.number == number)


_ITEM = re.compile(r"[ \t]*(?P<mark>[*+-]|\d{1,9}[.)])[ \t]")


def spot_of_deck(page: Page, is_meant: Callable[[str], bool]) -> Spot:
    """The first `deck::` of the page with this deck; the page itself if there is none."""
    props = (*page.properties, *(prop for block in page.blocks for inner in block.walk() for prop in inner.properties))
    named = (prop for prop in props if prop.key == "deck" and is_meant(instructions.deck_name(prop.value)))
    prop = next(named, None)
    return tracing.trace_property(page.path, page.source, prop) if prop else Spot(Position(page.path))


def _asking_word(card: CardBlock, is_meant: Callable[[str], bool], key: str) -> Spot:
    """The tag or property with an instruction in the card's own block; its question if it is elsewhere."""
    page, block = card.page, card.block
    named = [prop for prop in block.properties if prop.key == key]
    if key == "direction" and named:
        return tracing.trace_property(page.path, page.source, named[0])
    for tag in tags.references(block.text):
        if any(map(is_meant, instructions.said_by(tag.name, is_tag=tag.is_tag))):
            return _trace_in(page, block, tag.start, tag.end)
    for prop in block.properties:
        for name in instructions.referred(prop):
            if any(map(is_meant, instructions.said_by(name, is_tag=True))):
                return tracing.trace_value(page.path, page.source, prop, name)
    return tracing.trace_question(card)


def _id_value(card: CardBlock) -> Spot:
    prop = next(prop for prop in card.block.properties if prop.value.lower() == card.id)
    return tracing.trace_value(card.page.path, card.page.source, prop, prop.value)


def _trace_in(page: Page, block: Block, start: int, end: int) -> Spot:
    return tracing.trace(tracing.Origin(page.path, page.source, block.lines), block.text, start, end)


def broken_clozes(card: CardBlock) -> Iterator[Problem]:
    """Text that looks like a cloze but hides nothing, and invalid patterns of `replacecloze`."""
    page, question = card.page, clozes.CardText(card.question, card.question_lines)
    below = [block for block in card.extra if all(line.number >= card.block.line for line in block.lines)]
    for mistake in clozes.mistakes(question, (*card.answer, *below), card.cloze_syntax):
        origin, broken = tracing.Origin(page.path, page.source, mistake.text.lines), mistake.broken
        spot = tracing.trace(origin, mistake.text.text, broken.start, broken.end)
        yield spot.problem(Severity.WARNING, "broken-cloze", broken.message)
    for pattern in clozes.invalid_patterns(card.cloze_syntax.replaced):
        message = f"replacecloze: {pattern} is no valid pattern"
        yield _replacecloze_value(card, pattern).problem(Severity.WARNING, "broken-cloze", message)


def bad_schedules(page: Page, unread: Iterable[schedules.Unread]) -> Iterator[Problem]:
    """Schedules of other programs that cannot be read."""
    for fault in unread:
        spot = tracing.trace_property(page.path, page.source, fault.written)
        message = f"{fault.message}: fix or delete it, or the card starts without it in Anki"
        yield spot.problem(Severity.WARNING, "bad-schedule", message)


def slow_patterns(card: CardBlock) -> Iterator[Problem]:
    """The patterns of `replacecloze` that were given up: too slow, or too many."""
    question = clozes.CardText(card.question, card.question_lines)
    for pattern in clozes.slow_patterns(question, (*card.answer, *card.extra), card.cloze_syntax):
        message = (
            f"replacecloze: {pattern} takes too long, or is one of too many: it hides nothing; take repetitions "
            "within repetitions out, or write {{cloze answer}}"
        )
        yield _replacecloze_value(card, pattern).problem(Severity.WARNING, "too-large", message)


def _replacecloze_value(card: CardBlock, pattern: str) -> Spot:
    props = (prop for prop in card.block.properties if prop.value == card.cloze_syntax.replaced)
    return tracing.trace_value(card.page.path, card.page.source, next(props), pattern)
