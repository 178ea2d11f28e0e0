"""Reads the reviews of cards, and when they are due."""

from __future__ import annotations

from collections.abc import Sequence

from ankigen.data import Review, Studied
from ankigen.support.structs import Struct
from ankigen.targets import searches
from ankigen.targets.anki_connect.wire import Action, Wire

_CARDS_PER_ACTION = 10_000


class Row(Struct, frozen=True):
    """A review in AnkiConnect's JSON; the interval before it is in days, or negative in seconds."""

    id: int = 0
    ease: int = 0
    lastIvl: int = 0  # noqa: N815 - the wire's spelling
    time: int = 0
    type: int = 0


def read_studied(wire: Wire, cards: Sequence[int], days: int) -> Studied:
    """Read all reviews of these cards, and how many of ankigen's cards are due on each of the next `days`."""
    parts = [cards[start : start + _CARDS_PER_ACTION] for start in range(0, len(cards), _CARDS_PER_ACTION)]
    answers = wire.multi(
        [
            *(Action("getReviewsOfCards", {"cards": part}, dict[str, list[Row]]) for part in parts),
            *(Action("findCards", {"query": query}, list[int]) for query in searches.due(days)),
        ]
    )
    reviews = {
        int(card): tuple(Review(row.id, row.ease, row.lastIvl, row.time, row.type) for row in rows)
        for answer in answers[: len(parts)]
        for card, rows in answer.items()
    }
    return Studied(reviews, tuple(len(found) for found in answers[len(parts) :]))
