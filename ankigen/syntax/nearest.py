"""Looks up closing marks, so that a thousand unclosed ones cost no more than one."""

from __future__ import annotations


class Nearest:
    """Finds the next of some words in a text, for queries from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._offsets: dict[str, int] = {}

    def find(self, word: str, start: int) -> int:
        """The offset of the first such word from `start` on, negative if there is none."""
        offset = self._offsets.get(word, 0)
        if 0 <= offset < start or word not in self._offsets:
            offset = self._offsets[word] = self._text.find(word, start)
        return offset

    def find_on_line(self, word: str, start: int) -> int:
        """The same, if it is on the same line."""
        offset, line_end = self.find(word, start), self.find("\n", start)
        return -1 if 0 <= line_end < offset else offset
