"""Looks up what closes something, so that a thousand that never close cost no more than one."""

from __future__ import annotations


class Nearest:
    """Where the next of some words stands in a text, asked for from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._offsets: dict[str, int] = {}

    def find(self, word: str, start: int) -> int:
        """The offset of the first such word from `start` on, below zero if there is none."""
        offset = self._offsets.get(word, 0)
        if 0 <= offset < start or word not in self._offsets:
            offset = self._offsets[word] = self._text.find(word, start)
        return offset

    def find_on_line(self, word: str, start: int) -> int:
        """The same, where no line ends before it."""
        offset, line_end = self.find(word, start), self.find("\n", start)
        return -1 if 0 <= line_end < offset else offset
