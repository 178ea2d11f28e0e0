"""The lines of a file around the words of a card: where they begin and end, and what comes before their words."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from itertools import accumulate

from ankigen.pulling.written import CardLines, Place

_PREFIX = re.compile(r"(?P<indent>[ \t]*)(?P<bullet>(?:[-*+]|[0-9]+[.)])[ \t]+)?")


class FileLines:
    """The lines of a text; those of the card in it are `lines`. They are counted from 1."""

    def __init__(self, text: str, lines: CardLines) -> None:
        self.text = text
        self._lines = lines

    @cached_property
    def _texts(self) -> list[str]:
        return self.text.split("\n")

    @cached_property
    def _starts(self) -> list[int]:
        """Where each line begins, and where one more would behind the last."""
        return [0, *accumulate(len(line) + 1 for line in self._texts)]

    def number(self, position: int) -> int:
        """The number of the line at a position."""
        return min(bisect_right(self._starts, position), len(self._texts))

    def whole(self, position: int) -> Place:
        """The line at a position, without its end."""
        number = self.number(position)
        return Place(self._starts[number - 1], self._starts[number] - 1 - self._texts[number - 1].endswith("\r"))

    def part_of_card(self, position: int) -> Place:
        """The part of a line that the card is made of."""
        lines = self._lines.lines
        return next((line for line in lines if line.start <= position <= line.end), Place(position, position))

    def item_prefix(self, position: int) -> str | None:
        """What begins the list item that the position is in: indent and bullet; nothing if it is in none."""
        number = self.number(position)
        first = max((first for first, last, _ in self._lines.blocks if first <= number <= last), default=number)
        for above in range(number, first - 1, -1):
            found = self._prefix(above)
            if found["bullet"]:
                return found[0]
        return None

    def indent(self, position: int) -> str:
        """What comes before a further line of the block that the position is in."""
        found = self._prefix(self.number(position))
        return found["indent"] + " " * len(found["bullet"] or "")

    def _prefix(self, number: int) -> re.Match[str]:
        found = _PREFIX.match(self._texts[number - 1])
        assert found is not None, "the pattern matches any line"
        return found

    def block_end(self, position: int) -> int:
        """The end of the last line of the innermost block that the position is in."""
        number = self.number(position)
        around = [(first, last) for first, last, _ in self._lines.blocks if first <= number <= last]
        last = max(around)[1] if around else number
        while last > number and not self._texts[last - 1].strip():
            last -= 1
        return self.whole(self._starts[last - 1]).end

    def with_end(self, first: int, last: int) -> Place:
        """Some lines with the end of the last one, or, if that has none, with the end of the line above them."""
        start, end = self._starts[first - 1], self._starts[last]
        if end <= len(self.text):
            return Place(start, end)
        start = max(start - 1, 0)
        return Place(start - (self.text[start - 1 : start] == "\r"), len(self.text))
