"""Obsidian's plugin Spaced Repetition: a comment at the end of a block, with an entry for each card.

An entry has the due date, the interval in days and the ease in percent; or, since 2026, `fsrs`, the due time, interval,
stability, difficulty, state, number of reviews and of lapses, steps, and the time of the last review.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, tzinfo
from typing import TypeVar

from ankigen.data import REVIEW_COMMENT, Property, Schedule
from ankigen.schedules.written import (
    LONGEST_INTERVAL,
    Reading,
    Unread,
    count_in,
    day_in,
    days,
    ease,
    instant_in,
    number_in,
    shortened,
)

Value = TypeVar("Value")

_NEW_CARD = date(2000, 1, 1)
_NEW_STATE = "0"
_EASIEST, _HARDEST = 1, 10


class _UnreadableError(Exception):
    """An entry is in neither form."""


def obsidian(properties: Sequence[Property], zone: tzinfo) -> Reading:
    """The schedules of a block's cards, in order; of several comments the last one counts."""
    comments = [prop for prop in properties if prop.key == REVIEW_COMMENT]
    schedules: list[Schedule | None] = []
    unread: list[Unread] = []
    for entry in comments[-1].value.split("!")[1:] if comments else ():
        try:
            schedules.append(_schedule(entry.strip(), zone))
        except _UnreadableError:
            schedules.append(None)
            unread.append(
                Unread(comments[-1], f'"{shortened(entry.strip())}" is not an entry such as "2024-05-01,3,250"')
            )
    return Reading(tuple(schedules), tuple(unread[:1]))


def _schedule(entry: str, zone: tzinfo) -> Schedule | None:
    match [part.strip() for part in entry.split(",")]:
        case [day, interval, percent]:
            due, lasting, factor = _needed(day_in(day)), _needed(number_in(interval)), _needed(number_in(percent))
            return None if due == _NEW_CARD else Schedule(due, days(lasting), ease(factor / 100), reps=1)
        case ["fsrs", moment, interval, stability, difficulty, state, reviews, lapses, _, last]:
            return None if state == _NEW_STATE else Schedule(
                due=_needed(instant_in(moment)).astimezone(zone).date(),
                interval=days(_needed(number_in(interval))),
                ease=ease(None),
                reps=max(_needed(count_in(reviews)), 1),
                lapses=_needed(count_in(lapses)),
                last=_needed(instant_in(last)),
                memory=_memory(_needed(number_in(stability)), _needed(number_in(difficulty))),
            )  # fmt: skip
        case _:
            raise _UnreadableError


def _memory(stability: float, difficulty: float) -> tuple[float, float]:
    if not (0 < stability <= LONGEST_INTERVAL and _EASIEST <= difficulty <= _HARDEST):
        raise _UnreadableError
    return stability, difficulty


def _needed(value: Value | None) -> Value:
    if value is None:
        raise _UnreadableError
    return value
