"""Cards written with an arrow: `question :-> answer`, `answer :<- question`, `one :<-> other`."""

from __future__ import annotations

import re

from ankigen.data import Block, Direction, Line
from ankigen.support.structs import Struct
from ankigen.syntax import spans
from ankigen.syntax.spans import Kind

_ARROW = re.compile(r"[ \t]*:(?P<direction><->|->|<-)[ \t]*")
_HIDING = frozenset({Kind.FENCE, Kind.MATH, Kind.DISPLAY, Kind.ENVIRONMENT})


class Arrow(Struct, frozen=True):
    """The two sides of the first arrow in a block, and which way it points."""

    left: str
    right: str
    direction: Direction

    def answer(self, block: Block) -> Block:
        """The right side as a block of its own."""
        above = self.left.count("\n")
        return Block(block.line, block.last_line, 1, self.lines(block, self.right, above))

    def lines(self, block: Block, text: str, above: int = 0) -> tuple[Line, ...]:
        """The lines of one side, which stands in the block below that many others."""
        numbers = [line.number for line in block.lines[above:]]
        rows = text.split("\n")
        return tuple(Line(numbers[min(row, len(numbers) - 1)], 1, line) for row, line in enumerate(rows))


def arrow_of(block: Block) -> Arrow | None:
    """Read the block's arrow; one without text on its left is none."""
    text = block.text
    if ":<-" not in text and ":->" not in text:
        return None
    masked = list(text)
    for span in spans.scan(text):
        if span.kind in _HIDING:
            masked[span.start : span.end] = " " * (span.end - span.start)
    found = _ARROW.search("".join(masked))
    if not found or not text[: found.start()].strip() or not text[found.end() :].strip():
        return None
    return Arrow(text[: found.start()], text[found.end() :], Direction(found["direction"]))
