"""Is this line a bullet, a property, code? Which block owns it? Markdown outlines as Logseq reads them.

A block starts at `- ` behind any indent, or at a heading without a bullet. It owns every line up to the next start,
blank ones included, but a start inside a fence, `#+BEGIN_…`, `$$`, a drawer, HTML or a comment is text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from ankigen.data import Block, Format, Line, Page, Property

_BULLET = re.compile(r"[ \t]*-(?:[ \t]+|$)")
_HEADING = re.compile(r"#+(?:[ \t]|$)")
_DRAWER = re.compile(r"[ \t]*:(?P<name>[\w-]+):[ \t]*$")
_PROPERTY = re.compile(r"[ \t]*(?P<key>[^\s:\"^(){}#][^\s:\"^(){}]*)::(?:[ \t]+(?P<value>.*)|$)")
_DRAWER_PROPERTY = re.compile(r"[ \t]*:(?P<key>[^\s:]+):(?:[ \t]+(?P<value>.*)|$)")
_FRONT_MATTER_LINE = re.compile(r"[^\s:#-][^:]*:|[ \t]|- |#")
_FRONT_MATTER_PROPERTY = re.compile(r"(?P<key>[^\s:]+):(?:[ \t]+(?P<value>.*)|$)")
_TASK = re.compile(
    r"(?P<heading>#+[ \t]+)?(?:"
    r"(?:TODO|DOING|WAITING|WAIT|DONE|CANCELED|CANCELLED|STARTED|IN-PROGRESS|NOW|LATER)(?:[ \t]+|$)"
    r"(?:\[#.\](?:[ \t]+|$))?|\[#.\](?:[ \t]+|$))"
)
_TIMESTAMP = re.compile(r"[ \t]*(?:SCHEDULED|DEADLINE|CLOSED|CLOCK):[ \t]*[<\[]")
_CONFLICT = re.compile(r"(?:<{7}|\|{7}|>{7})(?: |$)|={7}$")
_OPENER = re.compile(
    r"[ \t]*(?:(?P<fence>`{3,}(?=[^`]*$)|~{3,})|#\+BEGIN_(?P<block>\S+)|(?P<math>\$\$)"
    r"|\\begin\{(?P<environment>[^}]+)\}|:(?P<drawer>[\w-]+):[ \t]*$|(?P<comment><!--)"
    r"|<(?P<html>[a-z][\w-]*)(?=[ \t>/]|$))",
    re.IGNORECASE,
)
_CLOSER = re.compile(
    r"^[ \t]*#\+END_(?P<block>\S+)|(?P<math>\$\$)"
    r"|\\end\{(?P<environment>[^}\n]+)\}|^[ \t]*:(?P<drawer>END):|(?P<comment>-->)|</(?P<html>[a-z][\w-]*)[ \t]*>",
    re.IGNORECASE | re.MULTILINE,
)

_ANCHOR = re.compile(r"(?:^|[ \t]+)\^[A-Za-z0-9-]{6,}[ \t]*$")
_FENCE_CLOSER = re.compile(r"^[ \t]*(?P<fence>`{3,}|~{3,})(?=[ \t\r]|$)", re.MULTILINE)
_NAMELESS = frozenset({"math", "drawer", "comment"})
_OPENING_CHARACTERS = frozenset("`~#$\\:<")


class _Start(NamedTuple):
    """Where a block begins: the width of its indent, and the column (from 0) of its text."""

    indent: int
    text_at: int


@dataclass(slots=True)
class _Draft:
    """A block while its lines are gathered; `indent` is what it counts as when later blocks are compared with it."""

    line: int
    indent: int
    width: int
    level: int
    lines: list[Line] = field(default_factory=list)
    properties: list[Property] = field(default_factory=list)
    children: list[_Draft] = field(default_factory=list)
    last_line: int = 0


def parse(text: str, path: str, name: str) -> Page:
    """Read a page; any text is one, so nothing is refused and nothing dropped."""
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    constructs = _Constructs(text, lines)
    preamble = _Draft(line=1, indent=-1, width=0, level=0)
    drafts = [preamble]
    ancestors: list[_Draft] = []
    number = _take_front_matter(preamble, lines)
    while number < len(lines):
        start = _block_start(lines[number])
        if start:
            drafts.append(_begin(ancestors, start, number))
        number = _take(drafts[-1], lines, number, start.text_at if start else None, constructs)
    return _page(path, name, preamble, drafts)


def _block_start(line: str) -> _Start | None:
    stripped = line.lstrip(" \t")
    if not stripped or stripped[0] not in "-#":
        return None
    if found := _BULLET.match(line):
        return _Start(len(line) - len(stripped), found.end())
    return _Start(0, len(line) - len(stripped)) if _HEADING.match(stripped) else None


def _begin(ancestors: list[_Draft], start: _Start, number: int) -> _Draft:
    """Find the new block's place, and leave its ancestors and itself in `ancestors`.

    The parent is the nearest block with a smaller indent. A block between two indents becomes a sibling of the deeper
    one, and counts as indented like it from then on.
    """
    sibling = None
    while ancestors and ancestors[-1].indent >= start.indent:
        sibling = ancestors.pop()
    indent = sibling.indent if sibling else start.indent
    draft = _Draft(line=number + 1, indent=indent, width=start.indent + 2, level=len(ancestors) + 1)
    if ancestors:
        ancestors[-1].children.append(draft)
    ancestors.append(draft)
    return draft


def _take_front_matter(preamble: _Draft, lines: Sequence[str]) -> int:
    """Read `---`, `key: value` …, `---` at the top of the file; return the number of lines it takes."""
    if lines[0].rstrip() != "---":
        return 0
    for number, line in enumerate(lines[1:], 1):
        if line.rstrip() == "---":
            preamble.last_line = number + 1
            return number + 1
        if line.strip() and not _FRONT_MATTER_LINE.match(line):
            break
        preamble.properties += _properties(_FRONT_MATTER_PROPERTY, [line], number)
    preamble.properties.clear()
    return 0


def _properties(pattern: re.Pattern[str], lines: Iterable[str], number: int) -> Iterator[Property]:
    for line in lines:
        number += 1
        if found := pattern.match(line):
            yield Property(property_key(found["key"]), (found["value"] or "").strip(), number)


def property_key(key: str) -> str:
    """The key as Logseq compares it: lower-case, `-` for `_` and blanks."""
    return key.lower().replace("_", "-").replace(" ", "-")


def _take(draft: _Draft, lines: list[str], number: int, text_at: int | None, constructs: _Constructs) -> int:
    """Give the draft the line, or the whole construct that opens on it; return the number of the next line."""
    line = lines[number]
    end = constructs.end(number, text_at or 0)
    draft.last_line = (number if end is None else end) + 1
    if end is not None and (drawer := _DRAWER.match(line, text_at or 0)):
        if drawer["name"].lower() == "properties":
            draft.properties += _properties(_DRAWER_PROPERTY, lines[number + 1 : end], number + 1)
    elif end is None and (found := _PROPERTY.match(line, text_at or 0)):
        draft.properties.append(Property(property_key(found["key"]), (found["value"] or "").strip(), number + 1))
    elif end is not None or not _is_bookkeeping(line):
        draft.lines.append(_first(line, number, text_at) if text_at is not None else _next(line, number, draft.width))
        draft.lines += (_next(lines[inner], inner, draft.width) for inner in range(number + 1, draft.last_line))
    return draft.last_line


def _is_bookkeeping(line: str) -> bool:
    """Lines that Logseq or git put there, and that nobody wants on a card."""
    return _TIMESTAMP.match(line) is not None or _CONFLICT.match(line) is not None


def _first(line: str, number: int, text_at: int) -> Line:
    """The text behind the bullet, without task word and priority."""
    task = _TASK.match(line, text_at)
    if not task:
        return Line(number + 1, text_at + 1, line[text_at:])
    return Line(number + 1, task.end() + 1, (task["heading"] or "") + line[task.end() :])


def _next(line: str, number: int, width: int) -> Line:
    """A later line without as much indent as the block's text has, or else without any."""
    at = width if not line[:width].strip() else len(line) - len(line.lstrip())
    return Line(number + 1, min(at, len(line)) + 1, line[at:])


class _Constructs:
    """Fences and the like, which hide block starts from their first line to their last.

    What closes them is looked up in an index of the whole text, made when the first one opens, so that a thousand that
    never close cost no more than one.
    """

    def __init__(self, text: str, lines: Sequence[str]) -> None:
        self._text = text
        self._lines = lines

    def end(self, number: int, at: int) -> int | None:
        """The last line of what opens at column `at` of the line; nothing if nothing opens, or it never closes."""
        line = self._lines[number]
        first = line[at:].lstrip(" \t")[:1]
        opened = _OPENER.match(line, at) if first in _OPENING_CHARACTERS else None
        if not opened or not opened.lastgroup:
            return None
        kind, name = opened.lastgroup, opened[opened.lastgroup]
        offset = self._starts[number] + opened.end()
        if kind == "fence":
            return self._fence_end(name, offset)
        closer = self._closers[kind, "" if kind in _NAMELESS else name.lower()]
        place = bisect_right(closer, offset - 1)
        return self._line_of(closer[place]) if place < len(closer) else None

    def _fence_end(self, marks: str, offset: int) -> int | None:
        """The next line of as many marks of the same kind, or more."""
        closers, lengths = self._fences[marks[0]]
        for place in range(bisect_right(closers, offset), len(closers)):
            if lengths[place] < len(marks) and self._longest[marks[0]][place] < len(marks):
                return None
            if lengths[place] >= len(marks):
                return self._line_of(closers[place])
        return None

    def _line_of(self, offset: int) -> int:
        return bisect_right(self._starts, offset) - 1

    @cached_property
    def _starts(self) -> list[int]:
        """The offset of each line."""
        sizes = (len(line) + 1 for line in self._text.split("\n"))
        return [0, *accumulate(sizes)][: len(self._lines)]

    @cached_property
    def _closers(self) -> defaultdict[tuple[str, str], list[int]]:
        closers: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        for found in _CLOSER.finditer(self._text):
            kind = found.lastgroup or ""
            closers[kind, "" if kind in _NAMELESS else found[kind].lower()].append(found.start(kind))
        return closers

    @cached_property
    def _fences(self) -> dict[str, tuple[list[int], list[int]]]:
        found = [(match.start("fence"), match["fence"]) for match in _FENCE_CLOSER.finditer(self._text)]
        return {
            mark: (
                [offset for offset, marks in found if marks[0] == mark],
                [len(marks) for _, marks in found if marks[0] == mark],
            )
            for mark in "`~"
        }

    @cached_property
    def _longest(self) -> dict[str, list[int]]:
        """For each closing fence, the most marks that it or a later one has."""
        return {mark: list(accumulate(reversed(lengths), max))[::-1] for mark, (_, lengths) in self._fences.items()}


def _page(path: str, name: str, preamble: _Draft, drafts: Sequence[_Draft]) -> Page:
    blocks: dict[int, Block] = {}
    for draft in reversed(drafts[1:]):
        children = tuple(blocks.pop(child.line) for child in draft.children)
        blocks[draft.line] = _block(draft, children)
    roots = tuple(blocks[line] for line in sorted(blocks))
    properties = tuple(preamble.properties)
    if roots and _holds_page_properties(roots[0]):
        properties, roots = (*properties, *roots[0].properties), roots[1:]
    return Page(path, name, Format.MARKDOWN, properties, _trimmed(preamble.lines), roots)


def _block(draft: _Draft, children: tuple[Block, ...]) -> Block:
    return Block(
        line=draft.line,
        last_line=draft.last_line,
        level=draft.level,
        lines=_trimmed(draft.lines),
        properties=tuple(draft.properties),
        children=children,
    )


def _holds_page_properties(block: Block) -> bool:
    """Many write the page's properties as a first bullet of their own."""
    return bool(block.properties) and not block.lines and not block.children


def _trimmed(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines without blank ones at either end, and without the anchor that Obsidian puts behind the last."""
    filled = [place for place, line in enumerate(lines) if line.text.strip()]
    if not filled:
        return ()
    *first, last = lines[filled[0] : filled[-1] + 1]
    return (*first, replace(last, text=_ANCHOR.sub("", last.text)))
