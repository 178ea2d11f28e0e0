"""The time for dating notes."""

from __future__ import annotations

import os
import re
import time

from ankigen.errors import BadClock, WrongSystemClock

FIRST = 1
"""A note of time 0 makes Anki's check of a collection fail."""
LAST = 2**32 - 1
"""In 2106: the last time that 32 bits can hold, and nearly the last in zip files."""

_SECONDS = re.compile(r"[0-9]{1,10}")


def now() -> int:
    """The time in milliseconds, by SOURCE_DATE_EPOCH if it is set.

    Anki uses a note's creation time as its id, so a wrong date is permanent. An implausible time raises `BadClock` or
    `WrongSystemClock`.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if not epoch:  # a workflow sets a variable without a value to the empty string
        milliseconds = time.time_ns() // 1_000_000
        if not FIRST <= milliseconds // 1000 <= LAST:
            raise WrongSystemClock
        return milliseconds
    if not _SECONDS.fullmatch(epoch) or not FIRST <= int(epoch) <= LAST:
        raise BadClock(FIRST, LAST)
    return int(epoch) * 1000
