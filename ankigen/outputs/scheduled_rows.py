"""The package rows of cards that were reviewed in another program.

Anki's importer shifts due days by the difference between "today" in the two collections. In a collection without a
scheduler version, a day begins at 11:00 UTC, whatever the time of the import; in ours it begins at 4:00, the default.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from ankigen.data import Schedule

_NEW, _REVIEW = 0, 2
_NEW_QUEUE, _REVIEW_QUEUE, _SUSPENDED = 0, 2, -1
_BIRTH = datetime(2006, 1, 1, 12, tzinfo=UTC)

CREATED = int(_BIRTH.timestamp())
"""The creation time of a collection with schedules, in seconds since 1970; its days count from then."""
DAYS: Mapping[str, object] = {"schedVer": 2, "sched2021": True, "creationOffset": 0, "rollover": 4}
"""How such a collection counts its days."""

CardState = tuple[int, int, int, int, int, int, int, str]
"""A card row's type, queue, due, interval, ease, reviews, lapses and data."""


def new_card(place: int, *, is_suspended: bool) -> CardState:
    """A new card at its place among the new cards."""
    return (_NEW, _SUSPENDED if is_suspended else _NEW_QUEUE, place, 0, 0, 0, 0, "")


def review_card(schedule: Schedule, place: int, reviewed: int | None, *, is_suspended: bool) -> CardState:
    """A review card; `reviewed` is the time of its last review, in milliseconds.

    It keeps its place among the new cards, because an import without learning progress makes it new.
    """
    data: dict[str, object] = {"pos": place}
    if schedule.memory:
        data |= dict(zip(("s", "d"), schedule.memory, strict=True))
    if reviewed is not None:
        data["lrt"] = reviewed // 1000
    return (
        _REVIEW,
        _SUSPENDED if is_suspended else _REVIEW_QUEUE,
        (schedule.due - _BIRTH.date()).days,
        schedule.interval,
        schedule.ease,
        schedule.reps,
        schedule.lapses,
        json.dumps(data, separators=(",", ":")),
    )


def review_row(id: int, card: int, schedule: Schedule) -> tuple[int, ...]:
    """The last review of a card, the only known one: id, card, rating, interval, previous interval, ease."""
    assert schedule.rating is not None, "an answer that is not known makes no row"
    before = max(1, round(schedule.interval * 1000 / schedule.ease))
    return (id, card, schedule.rating, schedule.interval, before, schedule.ease)
