"""The data types of reviews."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

from ankigen.support.structs import Struct, field


class ReviewKind(IntEnum):
    """The kind of a review, as numbered in Anki's review log."""

    LEARNING = 0
    REVIEW = 1
    RELEARNING = 2
    FILTERED = 3
    MANUAL = 4
    RESCHEDULED = 5


class Review(Struct, frozen=True):
    """One answer: `moment` in milliseconds since 1970, `button` 1 (Again) to 4 (Easy), `taken` in milliseconds.

    `interval` is what the card had before: days if positive, seconds if negative.
    """

    moment: int
    button: int
    interval: int
    taken: int
    kind: int

    @property
    def tests_memory(self) -> bool:
        """Whether it shows if a card was remembered: the first answer after a day or more."""
        return self.kind == ReviewKind.REVIEW and self.interval >= 1 and self.button > 0


class Studied(Struct, frozen=True):
    """The reviews and due days in a collection, by the cards' ids.

    `due` counts the cards that are due on each of the days from today on; those that are late count today.
    """

    reviews: Mapping[int, tuple[Review, ...]] = field(default_factory=dict)
    due: tuple[int, ...] = ()
