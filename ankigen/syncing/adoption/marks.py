"""The marks that other tools wrote into the notes: which note in Anki a card is.

Obsidian_to_Anki and flashcards-obsidian write below or into a card, inka and AnkiOps above it, yanki on top of a file
with one card. logseq-anki-sync goes by the `id::` of the block, which the lock knows.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ankigen.data import Guid, Marks, Note, Position

_ID = r"(?P<id>[1-9]\d{8,15})"
_WITHIN = (
    re.compile(rf"<!--\s*ID: {_ID}\s*-->"),  # Obsidian_to_Anki
    re.compile(rf"^[\s>]*(?:[-*+]\s+)?ID: {_ID}\s*$"),  # the same, without a comment
    re.compile(r"(?:^|\s)\^(?P<id>\d{13})\s*$"),  # flashcards-obsidian
)
_ABOVE = re.compile(rf"<!--ID:{_ID}-->")  # inka
_KEY_ABOVE = re.compile(r"<!--\s*note_key:\s*(?P<key>[^\s>]+)\s*-->")  # AnkiOps
_FRONT_MATTER = "---"
_OF_FILE = re.compile(rf"^noteId:\s*[\"']?{_ID}[\"']?\s*$")  # yanki
_NOTHING = Marks()


def marks_of(
    notes: Iterable[Note], lines: Mapping[str, Sequence[str]], others: Iterable[Position] = ()
) -> dict[Guid, Marks]:
    """The marks beside the cards, by GUID; `lines` are those of the pages, `others` where cards stand that make none.

    A card's own lines reach to the next card.
    """
    starts: defaultdict[str, dict[int, Note | None]] = defaultdict(dict)
    for position in others:
        starts[position.path][position.line] = None
    for note in notes:
        starts[note.position.path][note.position.line] = note
    found: dict[Guid, Marks] = {}
    for path, cards in starts.items():
        for note, marks in _of_page(cards, lines.get(path, ())):
            if marks != _NOTHING:
                found[note.identity.guid] = marks
    return found


def _of_page(cards: Mapping[int, Note | None], lines: Sequence[str]) -> Iterator[tuple[Note, Marks]]:
    starts = sorted(cards)
    ids_of_file = _of_front_matter(lines) if len(starts) == 1 else ()
    for start, end in zip(starts, [*starts[1:], len(lines) + 1], strict=True):
        if (note := cards[start]) is not None:
            above = _line_above(lines, start)
            own = _first(lines[start - 1 : end - 1])
            written_above = tuple(int(mark["id"]) for mark in _ABOVE.finditer(above))
            keys = tuple(mark["key"] for mark in _KEY_ABOVE.finditer(above))
            yield note, Marks(own or written_above or ids_of_file, keys)


def _line_above(lines: Sequence[str], start: int) -> str:
    """The nearest line above that is not empty."""
    return next((line for line in reversed(lines[max(0, start - 3) : start - 1]) if line.strip()), "")


def _first(lines: Iterable[str]) -> tuple[int, ...]:
    """The first id in a card's own lines: what comes behind it may be of something that is no card here."""
    for line in lines:
        for pattern in _WITHIN:
            if mark := pattern.search(line):
                return (int(mark["id"]),)
    return ()


def _of_front_matter(lines: Sequence[str]) -> tuple[int, ...]:
    if not lines or lines[0].strip() != _FRONT_MATTER:
        return ()
    for line in lines[1:]:
        if line.strip() == _FRONT_MATTER:
            break
        if mark := _OF_FILE.match(line):
            return (int(mark["id"]),)
    return ()
