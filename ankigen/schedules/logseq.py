"""Logseq: six properties that it writes into a block after a review."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from ankigen.data import Property, Schedule
from ankigen.schedules.written import AGAIN, DAY, LONGEST_INTERVAL, Reading, Written, days, ease, is_failure, rating


def logseq(properties: Sequence[Property], zone: tzinfo) -> Reading:
    """The schedule of a block reviewed in Logseq."""
    written = Written(properties, zone)
    interval, repeats = written.number("card-last-interval"), written.count("card-repeats")
    factor, score = written.number("card-ease-factor"), written.score("card-last-score")
    due, last = written.instant("card-next-schedule"), written.instant("card-last-reviewed")
    if not repeats or due is None or last is None:
        return written.reading(None)
    forgotten = is_failure(score) or (interval is not None and interval < 0)
    lasting = (due - last) / DAY if interval is None else interval
    return written.reading(
        Schedule(
            due=(due if forgotten else _due(due, last, lasting)).astimezone(zone).date(),
            interval=1 if forgotten else days(lasting),
            ease=ease(factor),
            reps=repeats,
            lapses=int(forgotten),
            last=last,
            rating=AGAIN if forgotten else rating(score),
        )
    )


def _due(written: datetime, last: datetime, interval: float) -> datetime:
    """The card's due time: early in 2023, Logseq wrote it a year too early."""
    is_off = abs((written - last) / DAY - interval) > 1
    return last + DAY * min(interval, LONGEST_INTERVAL) if is_off else written
