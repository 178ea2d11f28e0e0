"""Removes the marks of other tools from notes; all other bytes stay unchanged.

A line with only a mark is removed. A mark stays if its block would change without it, for example a block with children
that contains only the mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from ankigen.data import Property, WrittenMark
from ankigen.errors import ChangedMeanwhile
from ankigen.support import files
from ankigen.support.structs import Struct
from ankigen.syntax import outline
from ankigen.syntax.decode import encoding_of

_NOTHING = re.compile(r"[\s>]*(?:[-*+]\s*)?")
_MARK = re.compile(r"<!--[^<>]*-->|\^\d{13}|ID: \d+")
_OF_FILE = "noteid"
_Said = tuple[int, str, tuple[str, ...]]


def take_out(path: Path, before: bytes, marks: Sequence[WrittenMark]) -> int:
    """Remove marks from a file, and return how many were removed.

    `before` is the content in which they were found. Raises `ChangedMeanwhile` if it has changed.
    """
    byte_order_mark, codec = encoding_of(before)
    text = before[len(byte_order_mark) :].decode(codec)
    page = _Page(path.name, text, frozenset(mark.text for mark in marks))
    lines = text.split("\n")
    out = page.removable([mark for mark in marks if _stands(lines, mark)])
    after = _without(text, out)
    if not out or page.said(after) != page.said(text):
        return 0
    if files.read(path) != before:
        raise ChangedMeanwhile(path)
    files.replace(path, byte_order_mark + after.encode(codec))
    return len(out)


def _stands(lines: Sequence[str], mark: WrittenMark) -> bool:
    line = lines[mark.position.line - 1] if mark.position.line <= len(lines) else ""
    return line.startswith(mark.text, mark.position.column - 1)


class _Page(Struct, frozen=True):
    """A page, and how its marks are written."""

    name: str
    text: str
    marks: frozenset[str]

    def removable(self, marks: Sequence[WrittenMark]) -> list[WrittenMark]:
        """The marks without which the page is unchanged; others are found by bisection."""
        if not marks or self.said(_without(self.text, marks)) == self.said(self.text):
            return [*marks]
        if len(marks) == 1:
            return []
        middle = len(marks) // 2
        return [*self.removable(marks[:middle]), *self.removable(marks[middle:])]

    def said(self, text: str) -> list[_Said]:
        """The text of page and blocks without marks and spaces, and their depth; empty blocks are left out."""
        page = outline.parse(text, self.name, "")
        found = [(0, self._words("\n".join(line.text for line in page.preamble)), _values(page.properties))]
        for root in page.blocks:
            for block in root.walk():
                words = self._words(block.text)
                if words or block.properties or block.children:
                    found.append((block.level, words, _values(block.properties)))
        return found

    def _words(self, text: str) -> str:
        return " ".join(_MARK.sub(lambda mark: "" if mark[0] in self.marks else mark[0], text).split())


def _without(text: str, marks: Iterable[WrittenMark]) -> str:
    """The text without marks; only a line feed ends a line, as everywhere in the notes."""
    lines = text.split("\n")
    for mark in sorted(marks, key=lambda mark: mark.position, reverse=True):
        number, start = mark.position.line - 1, mark.position.column - 1
        before, after = lines[number][:start], lines[number][start + len(mark.text) :]
        if _NOTHING.fullmatch(before + after):
            del lines[number]
        else:
            lines[number] = _joined(before, after)
    return "\n".join(lines)


def _joined(before: str, after: str) -> str:
    """The text around a mark, with the space of only one side."""
    if not after.strip():
        return before.rstrip() + ("\r" if after.endswith("\r") else "")
    return before + (after.lstrip() if not before or before[-1].isspace() else after)


def _values(properties: Iterable[Property]) -> tuple[str, ...]:
    return tuple(f"{prop.key} {prop.value}" for prop in properties if prop.key != _OF_FILE)
