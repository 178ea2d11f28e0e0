"""The health of the notes, without Anki."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime

from ankigen.data import Desired, Note
from ankigen.health.confusable import Confusable, confusables
from ankigen.support.structs import Struct

Counts = tuple[tuple[str, int], ...]
"""Names with their counts, in display order."""


class NotesHealth(Struct, frozen=True):
    """Cards by deck, by kind, and by the month of their first build; problems by rule; pairs easily confused."""

    name: str
    notes: int
    cards: int
    by_deck: Counts
    by_kind: Counts
    by_month: Counts
    problems: Counts
    confusable: tuple[Confusable, ...]


def health_of_notes(desired: Desired) -> NotesHealth:
    """Count cards and problems, and find pairs that are easily confused."""
    notes = desired.notes
    months = _cards_by(notes, [_month(note) for note in notes])
    return NotesHealth(
        name=desired.root.name,
        notes=len(notes),
        cards=sum(len(note.content.ordinals) for note in notes),
        by_deck=_largest_first(_cards_by(notes, [note.deck for note in notes])),
        by_kind=_largest_first(_cards_by(notes, [note.content.kind for note in notes])),
        by_month=tuple(sorted(months.items())),
        problems=_largest_first(Counter(problem.rule for problem in desired.problems)),
        confusable=tuple(confusables(notes)),
    )


def _month(note: Note) -> str:
    return datetime.fromtimestamp(note.identity.created / 1000, UTC).strftime("%Y-%m")


def _cards_by(notes: Iterable[Note], names: Iterable[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for note, name in zip(notes, names, strict=True):
        counts[name] += len(note.content.ordinals)
    return counts


def _largest_first(counts: Counter[str]) -> Counts:
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
