"""Footnotes: a mark `[^name]` in a text, and its definition `[^name]: text`, anywhere on the page."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Container, Iterable, Iterator, Mapping

from ankigen.data import Line, Page
from ankigen.support.structs import Struct
from ankigen.syntax.spans import Kind, Span, clean, scan
from ankigen.syntax.words import OPAQUE_BLOCKS

MARK = re.compile(r"(?<!\\)\[\^(?P<name>[^\]\s^\[]+)\]")
_DEFINITION = re.compile(
    r"^[ ]{0,3}\[\^(?P<name>[^\]\s^\[]+)\]:[ \t]+(?P<text>[^\n]+(?:\n(?![ \t]*\n|[ ]{0,3}\[\^)[^\n]+)*)", re.MULTILINE
)
_SIGN = "[^"
_OPAQUE = frozenset(
    {Kind.CODE, Kind.FENCE, Kind.MATH, Kind.DISPLAY, Kind.ENVIRONMENT, Kind.URL, Kind.TARGET, Kind.HTML}
)


class Footnote(Struct, frozen=True):
    """The text of a footnote, and its lines on the page."""

    text: str
    lines: tuple[Line, ...]


class Parted(Struct, frozen=True):
    """A text without its footnotes, and these by name."""

    text: str
    notes: Mapping[str, str]

    def marks(self) -> set[str]:
        """The names of the footnotes that the text, or a footnote in it, has marks for."""
        return set().union(*(marks(part) for part in (self.text, *self.notes.values())))


def parted(text: str, staying: Container[str] = ()) -> Parted:
    """Remove the footnotes from a text, except those `staying`; of two with the same name the second is text."""
    if _SIGN not in text:
        return Parted(text, {})
    kept, notes, position = [], {}, 0
    for match in _found(text):
        if match["name"] not in notes and match["name"] not in staying:
            notes[match["name"]] = match["text"]
            kept.append(text[position : match.start()])
            position = match.end()
    return Parted("".join([*kept, text[position:]]), notes)


def is_alone(lines: Iterable[Line]) -> bool:
    """Whether the lines are only footnotes."""
    return not parted("\n".join([line.text for line in lines])).text.strip()


def of_page(page: Page) -> dict[str, Footnote]:
    """The footnotes with a mark somewhere on the page; others stay in the text."""
    notes: dict[str, Footnote] = {}
    marked: set[str] = set()
    for lines in _texts(page):
        text = "\n".join([line.text for line in lines])
        if _SIGN in text:
            rest = parted(text)
            for match in _found(text):
                first = text.count("\n", 0, match.start())
                number = match["text"].count("\n") + 1
                notes.setdefault(match["name"], Footnote(clean(match["text"]), tuple(lines[first : first + number])))
            marked |= rest.marks()
    return {name: note for name, note in notes.items() if name in marked}


def _texts(page: Page) -> Iterator[tuple[Line, ...]]:
    yield page.preamble
    for outermost in page.blocks:
        yield from (block.lines for block in outermost.walk())


def _found(text: str) -> Iterator[re.Match[str]]:
    """The footnotes that are not in code or the like."""
    return _outside(_DEFINITION.finditer(text), scan(text))


def marks(text: str) -> set[str]:
    """The names of the footnotes that a text has marks for."""
    spans = [
        span for span in scan(text) if span.kind in _OPAQUE or (span.kind is Kind.BLOCK and span.name in OPAQUE_BLOCKS)
    ]
    return {mark["name"] for mark in _outside(MARK.finditer(text), spans)}


def _outside(matches: Iterable[re.Match[str]], spans: Iterable[Span]) -> Iterator[re.Match[str]]:
    """The matches that begin in none of the spans; both are in reading order."""
    coming = deque(spans)
    for match in matches:
        while coming and coming[0].end <= match.start():
            coming.popleft()
        if not coming or match.start() < coming[0].start:
            yield match
