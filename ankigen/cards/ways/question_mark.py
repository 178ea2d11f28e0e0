"""Cards of Obsidian's Spaced Repetition, if the options allow them: `question::answer`, or a `?` between.

`:::` and `??` add the reverse card.
"""

from __future__ import annotations

from ankigen.cards import instructions, questions
from ankigen.cards.candidate import Asked, Candidate, cloze_syntax
from ankigen.cards.question_and_answer import Sides
from ankigen.config import Config
from ankigen.data import Block, Direction, Line


def signs(config: Config) -> tuple[str, ...]:
    """The sign within a line, and the one alone on a line."""
    return ("::", "?") if config.question_marks else ()


def read(candidate: Candidate, config: Config) -> Asked | None:
    """Read a block with such a sign, outside other cards."""
    block = candidate.block
    if not config.question_marks or candidate.is_inside_card or not block.lines:
        return None
    parted = questions.parted(block.lines)
    if parted is None or not (parted.answer or block.children):
        return None
    question = instructions.without_tags(block.with_lines(parted.question), config)
    answer = instructions.without_tags(_answer(block, parted.answer), config) if parted.answer else None
    sides = Sides(question, (*([answer] if answer else []), *block.children), ())
    direction = Direction.BOTH if parted.is_both_ways else Direction.FORWARD
    return Asked(sides, direction, cloze_syntax(block, config))


def _answer(block: Block, lines: tuple[Line, ...]) -> Block:
    return Block(lines[0].number, block.last_line, 1, lines)
