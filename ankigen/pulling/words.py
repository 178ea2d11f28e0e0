"""The words of a field, whoever wrote it: what is seen, in order, each with the elements that it stands in.

They are read from the canonical form of the field's HTML, in which nothing is left that editors rewrite.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum, auto
from html import unescape

from ankigen.note_types import canonical
from ankigen.support.structs import Struct

INLINE = frozenset({
    "a", "abbr", "bdi", "big", "cite", "code", "del", "dfn", "em", "font", "ins", "kbd", "mark", "q", "samp", "small",
    "span", "strike", "strong", "sub", "sup", "tt", "u", "var",
})  # fmt: skip
"""The elements that are about the words in them, and part no lines."""

_ALONE = r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f]"
WORD = rf"{_ALONE}|(?:(?!{_ALONE})[^\W_])+"
"""A word; where a script parts no words, a character is one."""

_PIECE = re.compile(
    r"(?P<comment><!--.*?-->)|<(?P<slash>/?)(?P<name>[A-Za-z][^\s/>]*)(?P<rest>[^>]*)>"
    r"|(?P<cloze>\{\{c[0-9,]+::|\}\})|(?P<space>[ \t\n\r\f]+)"
    rf"|(?P<word>{WORD})|(?P<character>&(?:#[0-9]+|#x[0-9a-f]+|[a-z]+);|.)",
    re.DOTALL | re.IGNORECASE,
)


class Sort(Enum):
    """What a token is."""

    WORD = auto()
    SPACE = auto()
    THING = auto()
    """What is no text: a picture, a line's end, the mark of a cloze."""


class Element(Struct, frozen=True):
    """An element that words stand in, as its tag is written; `number` tells two of one form apart."""

    name: str
    form: str
    number: int


class Token(Struct, frozen=True):
    """A word, a blank, or a thing, with the elements that it stands in, the outermost first."""

    sort: Sort
    text: str
    within: tuple[Element, ...]

    @property
    def forms(self) -> tuple[str, ...]:
        """The tags of the elements that it stands in."""
        return tuple(element.form for element in self.within)

    @property
    def key(self) -> tuple[Sort, str]:
        """What makes two tokens the same, wherever they stand."""
        return self.sort, self.text


def tokens_of(html: str) -> list[Token]:
    """The tokens of a field."""
    return [*_tokens(canonical(html))]


def _tokens(form: str) -> Iterator[Token]:
    open_elements: list[Element] = []
    for number, piece in enumerate(_PIECE.finditer(form)):
        name = piece["name"]
        if name in INLINE and piece["slash"]:
            at = next((at for at in reversed(range(len(open_elements))) if open_elements[at].name == name), None)
            if at is not None:
                del open_elements[at]
            continue
        if name in INLINE:
            open_elements.append(Element(name, piece[0], number))
            continue
        within = tuple(open_elements)
        if name or piece["comment"] or piece["cloze"]:
            yield Token(Sort.THING, piece[0], within)
        elif piece["space"]:
            yield Token(Sort.SPACE, piece[0], within)
        else:
            yield Token(Sort.WORD, unescape(piece[0]), within)
