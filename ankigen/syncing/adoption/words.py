"""The words and clozes of a field, whichever tool wrote it."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator

from ankigen.support.structs import Struct

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_PICTURE = re.compile(r"<(?:img|svg|audio|video)\b[^<>]*>|\[sound:[^\[\]]*\]", re.IGNORECASE)
_PARTS = re.compile(r"</?(?:br|p|li|ul|ol|tr|td|th|div|h[1-6]|pre|blockquote|table|dl|dt|dd|hr)\b", re.IGNORECASE)
_ANY_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
_FORMULA = re.compile(r"\\[()\[\]]|\[/?\$\$?\]|\[/?latex\]|</?anki-mathjax\b[^<>]*>|\$\$?", re.IGNORECASE)
_AROUND_FORMULA = re.compile(r"\s*\$\s*")
_MARK = re.compile(r"(?:^|\s)(?:\^\d{13}|id: ?\d{13})(?=\s|$)")
_CLOZE_PART = re.compile(r"\{\{c(?P<numbers>\d{1,3}(?:,\d{1,3})*)::|\}\}|::")
_PUNCTUATION = re.compile(r"[\W_]+")
_SHOWN_PICTURE = " \u25a3 "


class WrittenCloze(Struct, frozen=True):
    """A cloze in a field in Anki: its numbers, and the words that it hides."""

    numbers: tuple[int, ...]
    words: str


def words(field: str) -> str:
    """The words of a field for comparing, without HTML tags, comments, marks and clozes."""
    if "{{c" in field:
        field = _shown(field)
    field = _COMMENT.sub("", field)
    field = _FORMULA.sub("$", field)
    field = _PICTURE.sub(_SHOWN_PICTURE, field)
    field = html.unescape(_ANY_TAG.sub(_blank, field))
    folded = " ".join(unicodedata.normalize("NFKC", field).casefold().split())
    return " ".join(_AROUND_FORMULA.sub(" $ ", _MARK.sub(" ", f" {folded} ")).split())


def letters(text: str) -> str:
    """Words without punctuation."""
    return " ".join(_PUNCTUATION.sub(" ", text).split())


def has_clozes(field: str) -> bool:
    """Whether Anki would make a card of a cloze in this field."""
    return any(True for _ in written_clozes(field))


def written_clozes(field: str) -> Iterator[WrittenCloze]:
    """The clozes of a field, in the order in which they begin."""
    for numbers, start, end in sorted(_spans(field), key=lambda span: span[1]):
        yield WrittenCloze(numbers, words(field[start:end]))


def _spans(field: str) -> Iterator[tuple[tuple[int, ...], int, int]]:
    """The numbers of each cloze, and where its answer begins and ends; the hint is left out."""
    open_clozes: list[tuple[tuple[int, ...], int, int | None]] = []
    for part in _CLOZE_PART.finditer(field):
        if part["numbers"]:
            open_clozes.append((tuple(map(int, part["numbers"].split(","))), part.end(), None))
        elif open_clozes and part[0] == "::":
            numbers, start, hint = open_clozes[-1]
            open_clozes[-1] = (numbers, start, part.start() if hint is None else hint)
        elif open_clozes:
            numbers, start, hint = open_clozes.pop()
            yield numbers, start, part.start() if hint is None else hint


def _shown(field: str) -> str:
    """The field with each cloze replaced by its answer."""
    kept: list[str] = []
    position, hints, depth = 0, [False], 0
    for part in _CLOZE_PART.finditer(field):
        if depth or part["numbers"]:
            kept.append("" if hints[-1] else field[position : part.start()])
            position = part.end()
        if part["numbers"]:
            depth += 1
            hints.append(hints[-1])
        elif depth and part[0] == "::":
            hints[-1] = True
        elif depth:
            depth -= 1
            hints.pop()
    return "".join([*kept, field[position:]])


def _blank(tag: re.Match[str]) -> str:
    """A space for an HTML tag that separates words."""
    return " " if _PARTS.match(tag[0]) else ""
