"""Finds cards of one deck with the same question and answer: most are forgotten duplicates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ankigen import note_types
from ankigen.data import Position, Problem, Severity
from ankigen.source.make_notes import CardNote


def same_cards(notes: Iterable[CardNote], decks: Mapping[str, str]) -> Iterator[Problem]:
    """A problem for each note with a card that an earlier note in the same deck has, too.

    `decks` are the spelling in Anki, by the spelling in the notes.
    """
    first: dict[tuple[str, str, str, str, int], Position] = {}
    for note in notes:
        if note.note is None or not note.note.composed.content.ordinals:
            continue
        content, position = note.note.composed.content, note.card.evidence.position
        side = (decks[note.card.deck], content.kind, *note_types.sides_of(content))
        places = {first.setdefault((*side, ordinal), position) for ordinal in content.ordinals} - {position}
        if places:
            place = min(places)
            message = (
                f"this asks and answers the same as {place.path}:{place.line}, in the same deck: delete one of the "
                "two, or say more in one of them"
            )
            yield Problem(position, Severity.WARNING, "same-card", message)
