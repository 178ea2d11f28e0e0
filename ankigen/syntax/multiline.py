"""Multi-line constructs in which no block begins: fences, `#+BEGIN_…`, `$$`, drawers, HTML."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate

from ankigen.syntax import html_tags

FIRST_CHARACTERS = frozenset("`~#$\\:<")

_OPENER = re.compile(
    r"""[ \t]*+(?:
        (?P<fence>`{3,}+(?=[^`]*+$)|~{3,}+)
      | \#\+BEGIN_(?P<block>\S++)
      | (?P<math>\$\$)
      | \\begin\{(?P<environment>[^}]++)\}
      | :(?P<drawer>[\w-]++):[ \t]*+$
      | (?P<comment><!--)
      | (?P<html><[a-z][\w-]*+(?=[\s>/]|$))
    )""",
    re.IGNORECASE | re.VERBOSE,
)
# Each alternative begins with its own character, a line with the line feed before it: so `re` finds them four times
# faster than with `^`. Nothing can be open on the first line.
_CLOSER = re.compile(
    r"""\n[ \t]*+(?:\#\+END_(?P<block>\S++)|(?P<drawer>:END:)[ \t\r]*+$)
      | \$(?P<math>\$)
      | \\end\{(?P<environment>[^}\n]++)\}
      | -(?P<comment>->)""",
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)
_FENCE_CLOSER = re.compile(r"\n[ \t]*+(?P<marks>`{3,}+|~{3,}+)(?!\w)")
_HTML_TAG = re.compile(r"<(?P<slash>/?)(?P<name>[a-z][\w-]*+)(?=[\s>/]|$)", re.IGNORECASE)
_NAMED = frozenset({"block", "environment"})


class Multiline:
    """The ends of multi-line constructs in a text.

    Closing marks are looked up in an index of the whole text, made when the first one opens, so that a thousand that
    never close cost no more than one.
    """

    def __init__(self, text: str, lines: Sequence[str]) -> None:
        self._text = text
        self._lines = lines

    def opened(self, number: int, at: int) -> tuple[str, int] | None:
        """The kind and last line of a construct that opens at column `at` of the line, if it is closed."""
        opener = _OPENER.match(self._lines[number], at)
        if not opener or not opener.lastgroup:
            return None
        kind = opener.lastgroup
        end = self._end(kind, opener[kind], self._starts[number] + opener.start(kind))
        return None if end is None else (kind, bisect_right(self._starts, end) - 1)

    def _end(self, kind: str, name: str, start: int) -> int | None:
        if kind == "fence":
            return self._fence_end(name, start + len(name))
        if kind == "html":
            if name[1:].lower() not in html_tags.LOGSEQ:
                return None
            return self._html_ends.get(start)
        closers = self._closers[kind, name.lower() if kind in _NAMED else ""]
        index = bisect_left(closers, start + len(name))
        return closers[index] if index < len(closers) else None

    def _fence_end(self, marks: str, start: int) -> int | None:
        """The next line with as many marks of the same kind, or more."""
        closers, lengths, longest = self._fences[marks[0]]
        for index in range(bisect_right(closers, start), len(closers)):
            if longest[index] < len(marks):
                return None
            if lengths[index] >= len(marks):
                return closers[index]
        return None

    @cached_property
    def _starts(self) -> list[int]:
        """The offset of each line."""
        sizes = (len(line) + 1 for line in self._text.split("\n"))
        return [0, *accumulate(sizes)][: len(self._lines)]

    @cached_property
    def _closers(self) -> defaultdict[tuple[str, str], list[int]]:
        closers: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        for closer in _CLOSER.finditer(self._text):
            kind = closer.lastgroup or ""
            offset = closer.start() + closer[0].startswith("\n")
            closers[kind, closer[kind].lower() if kind in _NAMED else ""].append(offset)
        return closers

    @cached_property
    def _fences(self) -> dict[str, tuple[list[int], list[int], list[int]]]:
        """For each mark the positions of closing fences, their lengths, and the longest from there on."""
        closers = [(match.start() + 1, match["marks"]) for match in _FENCE_CLOSER.finditer(self._text)]
        index = {}
        for mark in "`~":
            lengths = [len(marks) for _, marks in closers if marks[0] == mark]
            longest = list(accumulate(reversed(lengths), max))[::-1]
            index[mark] = ([offset for offset, marks in closers if marks[0] == mark], lengths, longest)
        return index

    @cached_property
    def _html_ends(self) -> dict[int, int]:
        """The closing tag of each closed HTML element; elements with the same name may be nested."""
        waiting: defaultdict[str, list[int]] = defaultdict(list)
        ends = {}
        for tag in _HTML_TAG.finditer(self._text):
            openers = waiting[tag["name"].lower()]
            if not tag["slash"]:
                openers.append(tag.start())
            elif openers:
                ends[openers.pop()] = tag.start()
        return ends
