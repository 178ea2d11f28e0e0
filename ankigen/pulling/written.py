"""The words of a card as its file has them, and where each stands there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from html import unescape

from ankigen.data import Block, CardBlock
from ankigen.pulling.words import WORD, Sort, Token
from ankigen.support.structs import Struct

MOST_WORDS = 4_000
"""How many words a card may have to be pulled: they are compared with each other."""
MOST_TOKENS = 4 * MOST_WORDS
"""How many words, blanks and things a field may have in Anki."""

_PIECE = re.compile(
    r"(?P<masked>!\[[^\]\n]*\]\([^)\n]*\)|!\[\[[^\]\n]*\]\]|\]\([^)\n]*\)|\(\([0-9a-fA-F-]{36}\)\)"
    r"|\{\{c[0-9]+::|\{\{\s*cloze\s|<!--.*?-->|</?[A-Za-z][^>\n]*>|<)"
    r"|\\(?P<escaped>[!-/:-@\[-`{-~])|(?P<reference>&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);)"
    rf"|(?P<word>{WORD})|(?P<space>\s+)|(?P<character>.)",
    re.DOTALL,
)
_BLANKS = re.compile(r"[ \t]+|\s+")
_KEY = re.compile(r"[ \t]*(?:[-*+][ \t]+)?[^\s:]+::[ \t]*")


class Place(Struct, frozen=True):
    """Where something stands in a text, from one character to another."""

    start: int
    end: int


class CardLines(Struct, frozen=True):
    """The lines that a card was made of, as places in the text of its file, with the block that each belongs to."""

    lines: tuple[Place, ...]
    blocks: tuple[tuple[int, int, int], ...]
    """First line, last own line and last line of all below it, of each block of the card."""


def lines_of_card(card: CardBlock, text: str) -> CardLines:
    """The lines of a card in its file: those of its blocks, and the values of its properties."""
    starts = _line_starts(text)
    columns: dict[int, int] = {}
    blocks = {block.line: block for root in (card.block, *card.answer, *card.extra) for block in root.walk()}
    for block in blocks.values():
        for line in block.lines:
            columns.setdefault(line.number, line.column)
        for prop in block.properties:
            columns.setdefault(prop.line, 0)
    for line in card.question_lines:
        columns.setdefault(line.number, line.column)
    places = []
    for number, column in sorted(columns.items()):
        if number < len(starts):
            start, end = starts[number - 1], _line_end(text, starts[number - 1])
            key = None if column else _KEY.match(text, start, end)
            places.append(Place(key.end() if key else min(start + max(column, 1) - 1, end), end))
    return CardLines(tuple(places), tuple((block.line, block.last_line, _last(block)) for block in blocks.values()))


def _last(block: Block) -> int:
    return max(below.last_line for below in block.walk())


def _line_starts(text: str) -> list[int]:
    """Where each line begins, and behind them where one more would."""
    return [0, *(found.end() for found in re.finditer("\n", text)), len(text) + 1]


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    end = len(text) if end < 0 else end
    return end - 1 if end > start and text[end - 1] == "\r" else end


def places_of(tokens: Iterable[Token], lines: CardLines, text: str) -> list[Place | None] | None:
    """Where each of the tokens that a card shows is written; nothing for those that are not, or if it is too long."""
    tokens = [*tokens]
    written = [word for line in lines.lines for word in _words(text, line)]
    seen = [index for index, token in enumerate(tokens) if token.sort is Sort.WORD]
    if max(len(written), len(seen)) > MOST_WORDS:
        return None
    matcher = SequenceMatcher(None, [tokens[index].text for index in seen], [word for word, _ in written], False)
    places: list[Place | None] = [None] * len(tokens)
    for mine, theirs, size in matcher.get_matching_blocks():
        for offset in range(size):
            places[seen[mine + offset]] = written[theirs + offset][1]
    _place_blanks(tokens, places, text)
    return places


def _words(text: str, line: Place) -> Iterator[tuple[str, Place]]:
    """The words of a line, without what nobody sees of it."""
    for piece in _PIECE.finditer(text, line.start, line.end):
        place = Place(piece.start(), piece.end())
        if piece["escaped"]:
            yield piece["escaped"], place
        elif piece["reference"]:
            yield unescape(piece["reference"]), place
        elif piece["word"] or piece["character"]:
            yield piece[0], place


def _place_blanks(tokens: list[Token], places: list[Place | None], text: str) -> None:
    """Find each blank beside a word that was found: right behind it, or right before it."""
    words = [*places]
    right: Place | None = None
    following: list[Place | None] = [None] * len(tokens)
    for index in reversed(range(len(tokens))):
        following[index], right = right, words[index] or right
    left: Place | None = None
    for index, token in enumerate(tokens):
        after = following[index]
        if token.sort is Sort.SPACE and left is not None and after is not None and 0 < index < len(tokens) - 1:
            found = [*_BLANKS.finditer(text, left.end, after.start)]
            if found and words[index - 1] is not None:
                places[index] = Place(*found[0].span())
            elif found and words[index + 1] is not None:
                places[index] = Place(*found[-1].span())
        left = words[index] or left
