"""Traces a stretch of an edited text back to its place in the file.

On its way to a card a text loses its tags and task words, its clozes are marked, org-mode becomes Markdown. The spot of
a problem (a link, a cloze, a tag) survives that unchanged, or nearly so. It is found again in the file's line: of
several equal ones, the one with as many before it. So texts need no source map, and only mistakes cost time.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import takewhile

from ankigen.data import CardBlock, End, Line, Position, Property, Spot
from ankigen.support.structs import Struct
from ankigen.syntax.properties import HEAD

_BULLET = re.compile(r"[ \t]*(?:(?:-|\*+)(?:[ \t]+|$))?")
_TARGET = re.compile(r"\]\((?P<target>[^\n]*)\)(?:\{[^{}]*\})?|\(\((?P<id>[^\n]*)\)\)")
_ORG_LINK = r"\[\[(?:file:|id:)?{address}\](?:\[[^\[\]\n]*\])?\]"
_MACRO = re.compile(r"\{{2,3}[A-Za-z]\w*")
_CONTINUATION = re.compile(r"[ \t]|-[ \t]")
_LONGEST_LABEL = 1000
_CONTEXT = 40
_Range = tuple[int, int]


class Origin(Struct, frozen=True):
    """The origin of a text: some lines of a page, and `source`, all lines of its file as written.

    If the text is a block that ends on `last_line`, the file may have more lines than `lines`.
    """

    path: str
    source: Sequence[str]
    lines: Sequence[Line]
    last_line: int = 0

    def number(self, row: int) -> int:
        """The line of the file for a line of the text."""
        return self.lines[min(row, len(self.lines) - 1)].number if self.lines else 1

    def numbers(self, row: int) -> Iterator[int]:
        """The possible lines of the file for a line of the text, likeliest first: an edit may move it."""
        yield self.number(row)
        for line in (*self.lines[row + 1 :], *self.lines[:row]):
            yield line.number
        yield from range(self.number(len(self.lines)) + 1, self.last_line + 1)

    def written(self, number: int) -> str:
        """A line as written; empty if the file is not known."""
        return self.source[number - 1] if number <= len(self.source) else ""


class _Piece(Struct, frozen=True):
    """A part of one line of a text: the line's number in the text, the line itself, what begins at `at`."""

    row: int
    line: str
    at: int
    words: str


class _Hit(Struct, frozen=True):
    """The place of a piece: the line of the file, and offsets into it."""

    number: int
    start: int
    end: int


def trace(origin: Origin, text: str, start: int, end: int) -> Spot:
    """The place of a stretch of the text in the file; the whole line if it is not found there.

    The end of a link, `](…)`, represents the whole link.
    """
    end -= len(text[start:end]) - len(text[start:end].rstrip())
    start += len(text[start:end]) - len(text[start:end].lstrip())
    first, last = _ends(text, start, end)
    hit = _locate(origin, first) if first.words else None
    if hit is None:
        return Spot(Position(origin.path, origin.number(first.row)))
    begin = _label_start(origin, hit) if origin.written(hit.number).startswith("](", hit.start) else hit
    stop = End(hit.number, hit.end + 1) if last is None else _end(origin, last, hit)
    return Spot(Position(origin.path, begin.number, begin.start + 1), stop)


def trace_question(card: CardBlock) -> Spot:
    """The question's first line; for a card without its own question, the line of its tag."""
    numbers = range(card.block.line, card.block.last_line + 1)
    lines = [line for line in card.question_lines if line.number in numbers] or card.block.lines
    text = lines[0].text if lines else ""
    head = HEAD.match(text)
    origin = Origin(card.page.path, card.page.source, lines or [Line(card.block.line, 1, "")])
    return trace(origin, text, head.end() if head and head.end() < len(text.rstrip()) else 0, len(text))


def trace_property(path: str, source: Sequence[str], prop: Property) -> Spot:
    """A property with its key."""
    origin = Origin(path, source, [Line(prop.line, 1, "")])
    span = _content(origin.written(prop.line))
    return _spot(path, _Hit(prop.line, *span)) if span else Spot(Position(path, prop.line))


def trace_value(path: str, source: Sequence[str], prop: Property, words: str, earlier: int = 0) -> Spot:
    """Some words of a property's value, which may be on separate lines in front matter; `earlier` come before."""
    pattern = re.compile(rf"(?<![\w-]){re.escape(words)}(?![\w-])")
    hits = [_Hit(number, *match.span()) for number, line in _lines_of(source, prop) for match in pattern.finditer(line)]
    return _spot(path, hits[min(earlier, len(hits) - 1)]) if hits else trace_property(path, source, prop)


def _lines_of(source: Sequence[str], prop: Property) -> Iterator[tuple[int, str]]:
    for number in range(prop.line, len(source) + 1):
        if number > prop.line and not _CONTINUATION.match(source[number - 1]):
            return
        yield number, source[number - 1]


def _spot(path: str, hit: _Hit) -> Spot:
    return Spot(Position(path, hit.number, hit.start + 1), End(hit.number, hit.end + 1))


def _ends(text: str, start: int, end: int) -> tuple[_Piece, _Piece | None]:
    """The part of a stretch on its first line, and that on its last one if this is another."""
    row, line_start = text.count("\n", 0, start), text.rfind("\n", 0, start) + 1
    line = text[line_start : _line_end(text, start)]
    first = _Piece(row, line, start - line_start, text[start : min(end, line_start + len(line))].rstrip())
    if "\n" not in text[start:end]:
        return first, None
    line_start = text.rfind("\n", 0, end) + 1
    line, words = text[line_start : _line_end(text, end)], text[line_start:end]
    stripped = words.lstrip()
    return first, _Piece(text.count("\n", 0, end), line, len(words) - len(stripped), stripped)


def _line_end(text: str, offset: int) -> int:
    end = text.find("\n", offset)
    return end if end >= 0 else len(text)


def _end(origin: Origin, last: _Piece, begin: _Hit) -> End:
    """The end of a multi-line stretch: the end of its line if unknown."""
    hit = _locate(origin, last)
    if hit and hit.number > begin.number:
        return End(hit.number, hit.end + 1)
    number = max(origin.number(last.row), begin.number)
    return End(number, max(len(origin.written(number).rstrip()), begin.end if number == begin.number else 0) + 1)


def _locate(origin: Origin, piece: _Piece) -> _Hit | None:
    number = origin.number(piece.row)
    written = origin.written(number)
    if span := _as_it_is(written, piece) or _as_macro(written, piece):
        return _Hit(number, *span)
    for other in origin.numbers(piece.row):
        if span := _as_it_is(origin.written(other), piece):
            return _Hit(other, *span)
    span = _as_line(written, piece)
    return _Hit(number, *span) if span else None


def _as_it_is(written: str, piece: _Piece) -> _Range | None:
    """The same words: with as many of them before, or in the most similar surroundings if there are more."""
    equal = _ranges(piece.line, piece.words)
    before = bisect_left(equal, (piece.at, 0))
    ranges = _behind_bullet(written, _ranges(written, piece.words))
    if len(ranges) < len(equal):
        ranges = sorted([*ranges, *_org_links(written, piece.words)])
    surplus = len(ranges) - len(equal)
    if surplus > 0:
        return max(ranges[before : before + surplus + 1], key=lambda candidate: _likeness(written, candidate, piece))
    return ranges[min(before, len(ranges) - 1)] if ranges else None


def _behind_bullet(written: str, ranges: list[_Range]) -> list[_Range]:
    """The ranges that are not part of the line's bullet, if any: a text has no bullet."""
    bullet = _BULLET.match(written)
    start = bullet.end() if bullet else 0
    return [found for found in ranges if found[0] >= start] or ranges


@lru_cache(maxsize=64)
def _ranges(text: str, words: str) -> list[_Range]:
    """The ranges of the words; cached, since a line may be full of the same mistake."""
    ranges, start = [], text.find(words)
    while start >= 0:
        ranges.append((start, start + len(words)))
        start = text.find(words, start + len(words))
    return ranges


def _org_links(written: str, words: str) -> Iterator[_Range]:
    """The ranges of a link or reference in org-mode syntax: `[[address][label]]`."""
    target = _TARGET.fullmatch(words)
    address = (target["target"] or target["id"]) if target else None
    if address:
        for link in re.finditer(_ORG_LINK.format(address=re.escape(address)), written):
            yield link.span()


def _likeness(written: str, candidate: _Range, piece: _Piece) -> int:
    """The number of equal characters around the words."""
    start, end = candidate
    behind = piece.at + len(piece.words)
    sides = (
        (written[max(start - _CONTEXT, 0) : start][::-1], piece.line[max(piece.at - _CONTEXT, 0) : piece.at][::-1]),
        (written[end : end + _CONTEXT], piece.line[behind : behind + _CONTEXT]),
    )
    return sum(1 for side in sides for _ in takewhile(lambda pair: pair[0] == pair[1], zip(*side, strict=False)))


def _as_macro(written: str, piece: _Piece) -> _Range | None:
    """A macro or cloze whose inside was edited: from its name to as many closing marks as it has."""
    opening = _MACRO.match(piece.words)
    start = _as_it_is(written, _Piece(piece.row, piece.line, piece.at, opening[0])) if opening else None
    if start is None:
        return None
    closing = [marks.end() for marks in re.finditer(r"\}\}+", written) if marks.start() >= start[1]]
    count = len(re.findall(r"\}\}+", piece.words))
    return start[0], closing[count - 1] if 0 < count <= len(closing) else len(written.rstrip())


def _as_line(written: str, piece: _Piece) -> _Range | None:
    """The whole content of the line, if the piece is the whole line of the text."""
    return _content(written) if piece.words == piece.line[piece.at :].strip() and _is_first(piece) else None


def _is_first(piece: _Piece) -> bool:
    """Whether only heading or quote marks are before the piece."""
    return not piece.line[: piece.at].strip("#*>+ \t")


def _content(written: str) -> _Range | None:
    """The content of a line after its bullet and task word."""
    bullet = _BULLET.match(written)
    start = bullet.end() if bullet else 0
    head, end = HEAD.match(written, start), len(written.rstrip())
    start = head.end() if head and head.end() < end else start
    return (start, end) if start < end else None


def _label_start(origin: Origin, target: _Hit) -> _Hit:
    """The start of a link whose end is known: the bracket of its label, or the picture mark before it."""
    first = min((line.number for line in origin.lines), default=target.number)
    number, text = target.number, origin.written(target.number)[: target.start]
    depth, seen = 0, 0
    while seen < _LONGEST_LABEL:
        for offset in range(len(text) - 1, -1, -1):
            depth += {"]": 1, "[": -1}.get(text[offset], 0) if text[offset - 1 : offset] != "\\" else 0
            if depth < 0:
                return _Hit(number, offset - text.startswith("!", offset - 1) if offset else 0, target.end)
        seen += len(text) + 1
        number -= 1
        if number < first or not (text := origin.written(number)):
            break
    return target
