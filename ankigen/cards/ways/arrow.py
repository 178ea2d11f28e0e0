"""Cards with an arrow, if the options allow them: `question :-> answer`, `answer :<- question`, `a :<-> b`."""

from __future__ import annotations

import re

from ankigen.cards import instructions
from ankigen.cards.candidate import Asked, Candidate, cloze_syntax
from ankigen.cards.question_and_answer import Sides
from ankigen.config import Config
from ankigen.data import Block, Direction, Line
from ankigen.support.structs import Struct
from ankigen.syntax import spans
from ankigen.syntax.spans import Kind

_ARROW = re.compile(r"[ \t]*:(?P<direction><->|->|<-)[ \t]*")
_HIDING = frozenset({Kind.FENCE, Kind.MATH, Kind.DISPLAY, Kind.ENVIRONMENT})
_SIGNS = (":->", ":<-")


def signs(config: Config) -> tuple[str, ...]:
    """The arrows; the third begins like the second."""
    return _SIGNS if config.swift_arrows else ()


def read(candidate: Candidate, config: Config) -> Asked | None:
    """Read a block with an arrow, outside other cards; a bullet above it is part of the question."""
    if not config.swift_arrows or candidate.is_inside_card:
        return None
    block = candidate.block
    arrow = _arrow_of(instructions.without_tags(block, config))
    if arrow is None:
        return None
    above = [parent for parent in candidate.surroundings.ancestors[-1:] if parent.is_bullet]
    parents = [instructions.without_tags(parent, config).text for parent in above]
    question = block.with_lines(arrow.lines(block, " > ".join([*parents, arrow.left])))
    sides = Sides(question, (arrow.answer(block), *block.children), ())
    return Asked(sides, arrow.direction, cloze_syntax(block, config))


class _Arrow(Struct, frozen=True):
    """The two sides of the first arrow in a block, and its direction."""

    left: str
    right: str
    direction: Direction

    def answer(self, block: Block) -> Block:
        """The right side as a separate block."""
        above = self.left.count("\n")
        return Block(block.line, block.last_line, 1, self.lines(block, self.right, above))

    def lines(self, block: Block, text: str, above: int = 0) -> tuple[Line, ...]:
        """The lines of one side, which begins `above` lines below the start of the block."""
        numbers = [line.number for line in block.lines[above:]]
        rows = text.split("\n")
        return tuple(Line(numbers[min(row, len(numbers) - 1)], 1, line) for row, line in enumerate(rows))


def _arrow_of(block: Block) -> _Arrow | None:
    """Read the block's arrow; it needs text on both sides."""
    text = block.text
    if not any(sign in text for sign in _SIGNS):
        return None
    masked = list(text)
    for span in spans.scan(text):
        if span.kind in _HIDING:
            masked[span.start : span.end] = " " * (span.end - span.start)
    arrow = _ARROW.search("".join(masked))
    if not arrow or not text[: arrow.start()].strip() or not text[arrow.end() :].strip():
        return None
    return _Arrow(text[: arrow.start()], text[arrow.end() :], Direction(arrow["direction"]))
