"""Words what a folder of notes holds, and what comes next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ankigen.data import Note
from ankigen.report.wording import count
from ankigen.support.visible import Shown, shown

_MOST_DECKS = 20


def decks(notes: Sequence[Note]) -> Shown:
    """A line for each deck, with its number of notes; the largest ones where there are many."""
    counted = Counter(note.deck for note in notes)
    lines = [f"  {deck}: {count(number, 'note')}" for deck, number in counted.most_common(_MOST_DECKS)]
    if (rest := len(counted) - _MOST_DECKS) > 0:
        lines.append(f"  and {count(rest, 'deck')} more")
    return shown(lines)


def next_steps(has_notes: bool) -> Shown:
    """What to do after `init`."""
    if not has_notes:
        return Shown("next: tag a question with #card, indent its answer below it, and run `ankigen build`")
    return Shown("next: run `ankigen build`, then commit these files and ankigen.lock; a pushed tag becomes a release")
