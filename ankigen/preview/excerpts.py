"""The source lines of a card, to show beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ankigen.support.structs import Struct

MOST_LINES = 80
_BULLET = re.compile(r"[-*+](?=\s|$)")
_HEADING = re.compile(r"#{1,6}(?=\s)|\*+(?=\s)")
_FENCE = re.compile(r"\s*(?:[-*+]\s+)?(```|~~~)")


class SourceLine(Struct, frozen=True):
    """A line of a file with its number, from 1."""

    number: int
    text: str


def excerpt(lines: Sequence[str], first: int) -> list[SourceLine]:
    """The block that begins in line `first`, counted from 1, with all that stands below it; at most `MOST_LINES`."""
    if not 1 <= first <= len(lines):
        return []
    last = min(_end(lines, first), first + MOST_LINES)
    while last > first + 1 and not lines[last - 2].strip():
        last -= 1
    return [SourceLine(number, lines[number - 1]) for number in range(first, last)]


def _end(lines: Sequence[str], first: int) -> int:
    """The number of the first line after the block."""
    above = lines[first - 1]
    heading = _HEADING.match(above)
    is_fenced = _FENCE.match(above) is not None
    for number in range(first + 1, len(lines) + 1):
        line = lines[number - 1]
        if _FENCE.match(line):
            is_fenced = not is_fenced
        elif not is_fenced and (_is_next_heading(line, heading[0]) if heading else _is_next_block(line, above)):
            return number
    return len(lines) + 1


def _is_next_heading(line: str, above: str) -> bool:
    found = _HEADING.match(line)
    return found is not None and found[0][0] == above[0] and len(found[0]) <= len(above)


def _is_next_block(line: str, above: str) -> bool:
    """Whether a bullet or a heading stands at the indent of the block's own bullet, or further left.

    A paragraph without a bullet ends where a line is empty.
    """
    text = line.lstrip()
    if not text:
        return not _BULLET.match(above.lstrip())
    return _indent(line) <= _indent(above) and bool(_BULLET.match(text) or _HEADING.match(text))


def _indent(line: str) -> int:
    return len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())
