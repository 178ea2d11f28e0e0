"""Parses numbers and times as other programs write them, and remembers invalid ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import TypeVar

from ankigen.data import Property, Schedule
from ankigen.support.structs import Struct

Value = TypeVar("Value")

AGAIN, HARD, GOOD = 1, 2, 3
USUAL_EASE = 2.5
DAY = timedelta(days=1)
LONGEST_INTERVAL = 36_500

_LEAST_EASE, _MOST_EASE = 1300, 5000
_LONGEST_QUOTED = 80
_FAILED = 3
"""Below this score a card was forgotten."""
_YEARS = range(1990, 2200)
"""The years of plausible reviews and due dates: Anki uses a review's time as its id."""
_NUMBER = re.compile(r"-?\d{1,9}(?:\.\d{0,30})?(?:[eE][-+]?\d{1,2})?", re.ASCII)
_COUNT = re.compile(r"(?P<count>\d{1,4})(?:\.0*)?", re.ASCII)
_HIGHEST_SCORE = 5
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[-+]\d\d:\d\d)", re.ASCII)
_LOCAL = re.compile(r"[<\[](?P<date>\d{4}-\d\d-\d\d)(?![^ >\]])(?:[^>\]\d]*(?P<time>\d\d:\d\d))?[^>\]]*[>\]]", re.ASCII)
_NOTHING = frozenset({"", "nil"})


class Unread(Struct, frozen=True):
    """An invalid value in a block; `message` says what is wrong with it."""

    written: Property
    message: str


class Reading(Struct, frozen=True):
    """The schedules of a block, `None` for a new card, and the invalid values."""

    schedules: tuple[Schedule | None, ...] = ()
    unread: tuple[Unread, ...] = ()


class Written:
    """The values that a program wrote into a block, by key; invalid ones go to `unread`."""

    def __init__(self, properties: Sequence[Property], zone: tzinfo) -> None:
        self._first = {prop.key: prop for prop in reversed(properties)}
        self._zone = zone
        self.unread: list[Unread] = []

    def number(self, key: str) -> float | None:
        """A number, perhaps with a fraction."""
        return self._read(key, number_in, "not a number")

    def count(self, key: str) -> int:
        """A count; 0 if it is missing."""
        return self._read(key, count_in, "not a whole number from 0 to 9,999") or 0

    def score(self, key: str) -> int | None:
        """How well a card was remembered."""
        return self._read(key, _score_in, "not a score from 0 to 5")

    def instant(self, key: str) -> datetime | None:
        """A time with its time zone."""
        return self._read(key, instant_in, "not a time such as 2024-05-01T22:00:00.000Z")

    def local(self, key: str) -> datetime | None:
        """An org-mode date, perhaps with a time of day, in the given time zone."""
        return self._read(key, lambda text: _local_in(text, self._zone), "not a date such as [2024-05-01 Wed 22:00]")

    def reading(self, schedule: Schedule | None) -> Reading:
        """The block's only schedule, with all invalid values."""
        return Reading((schedule,), tuple(self.unread))

    def _read(self, key: str, understood: Callable[[str], Value | None], fault: str) -> Value | None:
        prop = self._first.get(key)
        if prop is None or prop.value in _NOTHING:
            return None
        if (value := understood(prop.value)) is None:
            self.unread.append(Unread(prop, f'"{shortened(prop.value)}" is {fault}'))
        return value


def shortened(text: str) -> str:
    """The text, shortened for a message."""
    return text if len(text) <= _LONGEST_QUOTED else f"{text[:_LONGEST_QUOTED]}…"


def number_in(text: str) -> float | None:
    """The number in a text; programs write very small ones with an exponent."""
    return float(text) if _NUMBER.fullmatch(text) else None


def count_in(text: str) -> int | None:
    """The count in a text."""
    found = _COUNT.fullmatch(text)
    return int(found["count"]) if found else None


def _score_in(text: str) -> int | None:
    score = count_in(text)
    return score if score is not None and score <= _HIGHEST_SCORE else None


def day_in(text: str) -> date | None:
    """The date in a text, if it is plausible."""
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None
    return day if day and day.year in _YEARS else None


def instant_in(text: str) -> datetime | None:
    """The time in a text, if it is plausible."""
    try:
        moment = datetime.fromisoformat(text).astimezone(UTC) if _INSTANT.fullmatch(text) else None
    except (ValueError, OverflowError):
        return None
    return moment if moment and moment.year in _YEARS else None


def _local_in(text: str, zone: tzinfo) -> datetime | None:
    written = _LOCAL.fullmatch(text)
    try:
        moment = datetime.fromisoformat(f"{written['date']}T{written['time'] or '12:00'}") if written else None
    except ValueError:
        return None
    return moment.replace(tzinfo=zone).astimezone(UTC) if moment and moment.year in _YEARS else None


def days(interval: float) -> int:
    """An interval as in Anki: whole days, at least one."""
    return round(min(max(interval, 1), LONGEST_INTERVAL))


def ease(factor: float | None) -> int:
    """An ease factor as in Anki, in thousandths."""
    return round(min(max((USUAL_EASE if factor is None else factor) * 1000, _LEAST_EASE), _MOST_EASE))


def is_failure(score: int | None) -> bool:
    """Whether a score means that the card was forgotten."""
    return score is not None and score < _FAILED


def rating(score: int | None) -> int | None:
    """Anki's rating for a score."""
    return None if score is None else AGAIN if score < _FAILED else HARD if score == _FAILED else GOOD
