"""Finds cards of one deck with the same question and answer: most are forgotten duplicates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from ankigen.data import Position, Problem, Severity
from ankigen.source.page_notes import PageNotes, Side, sides_of


def same_cards(pages: Sequence[PageNotes], decks: Mapping[str, str]) -> Iterator[Problem]:
    """A problem for each note with a card that an earlier note in the same deck has, too.

    `decks` are the spelling in Anki, by the spelling in the notes.
    """
    sides = set(chain.from_iterable(page.sides for page in pages))
    if len(sides) == sum(len(page.sides) for page in pages):
        return  # no card says what another says, in whatever deck
    first: dict[tuple[str, Side], Position] = {}
    for note, composed in chain.from_iterable(page.with_cards for page in pages):
        deck, position = decks[note.card.deck], note.card.evidence.position
        places = {first.setdefault((deck, side), position) for side in sides_of(composed.content)} - {position}
        if places:
            place = min(places)
            message = (
                f"this asks and answers the same as {place.path}:{place.line}, in the same deck: delete one of the "
                "two, or say more in one of them"
            )
            yield Problem(position, Severity.WARNING, "same-card", message)
