"""The marks that other tools wrote into the notes: which note in Anki a card is, and where the mark is.

Obsidian_to_Anki and flashcards-obsidian write below or into a card, inka and AnkiOps above it, yanki at the top of a
file with one card. logseq-anki-sync uses the `id::` of the block, which is in the lock and is not a mark.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise

from ankigen.data import Guid, Note, Position, WrittenMark
from ankigen.syncing.adoption.matching import is_adopted

_ID = r"(?P<id>[1-9]\d{8,15})"
_WITHIN = (
    re.compile(rf"<!--\s*ID: {_ID}\s*-->"),  # Obsidian_to_Anki
    re.compile(rf"^[\s>]*(?:[-*+]\s+)?(?P<mark>ID: {_ID})\s*$"),  # the same, without a comment
    re.compile(r"(?:^|\s)(?P<mark>\^(?P<id>\d{13}))\s*$"),  # flashcards-obsidian
)
_ABOVE = (
    re.compile(rf"<!--ID:{_ID}-->"),  # inka
    re.compile(r"<!--\s*note_key:\s*(?P<key>[^\s>]+)\s*-->"),  # AnkiOps
)
_FRONT_MATTER = "---"
_OF_FILE = re.compile(rf"^(?P<mark>noteId:\s*[\"']?{_ID}[\"']?)\s*$")  # yanki


def marks_of(
    notes: Iterable[Note], lines: Mapping[str, Sequence[str]], others: Iterable[Position] = ()
) -> dict[Guid, tuple[WrittenMark, ...]]:
    """The marks beside the cards, by GUID; `lines` are those of the pages, `others` where cards stand that make none.

    A card's own lines end at the next card.
    """
    starts: defaultdict[str, dict[int, Note | None]] = defaultdict(dict)
    for position in others:
        starts[position.path][position.line] = None
    for note in notes:
        starts[note.position.path][note.position.line] = note
    found: dict[Guid, tuple[WrittenMark, ...]] = {}
    for path, cards in starts.items():
        for note, marks in _of_page(path, cards, lines.get(path, ())):
            if marks:
                found[note.identity.guid] = marks
    return found


def marks_of_adopted(
    notes: Iterable[Note], marks: Mapping[Guid, Sequence[WrittenMark]], adopted: AbstractSet[Guid]
) -> dict[Guid, tuple[WrittenMark, ...]]:
    """The marks that are no longer needed: the note that they name is now ankigen's note of the card."""
    spent = {
        note.identity.guid: tuple(
            mark for mark in marks.get(note.identity.guid, ()) if mark.key or mark.note_id == note.identity.created
        )
        for note in notes
        if note.identity.guid in adopted and is_adopted(note)
    }
    return {guid: found for guid, found in spent.items() if found}


def _of_page(
    path: str, cards: Mapping[int, Note | None], lines: Sequence[str]
) -> Iterator[tuple[Note, tuple[WrittenMark, ...]]]:
    starts = sorted(line for line in cards if line <= len(lines))
    of_file = tuple(_of_front_matter(path, lines)) if len(starts) == 1 else ()
    for start, end in pairwise([*starts, len(lines) + 1]):
        if (note := cards[start]) is not None:
            above = tuple(_marks_above(path, lines, start))
            own = tuple(_first(path, lines, start, end))
            ids = own or tuple(mark for mark in above if mark.note_id) or of_file
            yield note, (*ids, *(mark for mark in above if mark.key))


def _marks_above(path: str, lines: Sequence[str], start: int) -> Iterator[WrittenMark]:
    """The marks in the nearest non-empty line above."""
    above = range(start - 1, max(0, start - 3), -1)
    number = next((number for number in above if lines[number - 1].strip()), None)
    if number is not None:
        for pattern in _ABOVE:
            for match in pattern.finditer(lines[number - 1]):
                yield _written(path, number, match)


def _first(path: str, lines: Sequence[str], start: int, end: int) -> Iterator[WrittenMark]:
    """The first id in a card's own lines: later ones may belong to text that is not a card here."""
    for number in range(start, end):
        for pattern in _WITHIN:
            if match := pattern.search(lines[number - 1]):
                yield _written(path, number, match)
                return


def _of_front_matter(path: str, lines: Sequence[str]) -> Iterator[WrittenMark]:
    if not lines or lines[0].strip() != _FRONT_MATTER:
        return
    for number, line in enumerate(lines[1:], 2):
        if line.strip() == _FRONT_MATTER:
            return
        if match := _OF_FILE.match(line):
            yield _written(path, number, match)
            return


def _written(path: str, line: int, match: re.Match[str]) -> WrittenMark:
    groups = match.groupdict()
    text = groups.get("mark") or match[0]
    column = match.start("mark" if groups.get("mark") else 0) + 1
    return WrittenMark(Position(path, line, column), text, int(groups.get("id") or 0), groups.get("key") or "")
