"""org-drill: properties of a headline, and its scheduled date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from ankigen.data import SCHEDULED, Property, Schedule
from ankigen.schedules.written import DAY, Reading, Written, days, ease, is_failure, rating


def org_drill(properties: Sequence[Property], zone: tzinfo) -> Reading:
    """The schedule of a headline reviewed by org-drill; its dates have no time zone."""
    written = Written(properties, zone)
    interval, repeats = written.number("drill-last-interval"), written.count("drill-total-repeats")
    failures, factor = written.count("drill-failure-count"), written.number("drill-ease")
    score, last = written.score("drill-last-quality"), written.local("drill-last-reviewed")
    due = written.local(SCHEDULED)
    if not repeats or due is None:
        return written.reading(None)
    lasting = interval if interval is not None else (due - last) / DAY if last else 1
    return written.reading(
        Schedule(
            due=due.astimezone(zone).date(),
            interval=1 if is_failure(score) else days(lasting),
            ease=ease(factor),
            reps=repeats,
            lapses=failures,
            last=last,
            rating=rating(score),
        )
    )
