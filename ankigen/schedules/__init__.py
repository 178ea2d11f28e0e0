"""Schedules of other programs, read from what they wrote into a block: each one is a function, and none has a clock.

A day is that of the zone that is named; the machine's own zone is never asked for, or it would make other packages.
"""

from __future__ import annotations

from collections.abc import Sequence

from ankigen.data import Property, Schedule
from ankigen.schedules.logseq import logseq
from ankigen.schedules.obsidian import obsidian
from ankigen.schedules.org_drill import org_drill
from ankigen.schedules.org_fc import org_fc
from ankigen.schedules.written import Reading, Unread

__all__ = ["Reading", "Unread", "logseq", "obsidian", "org_drill", "org_fc", "read"]

_OF_BLOCKS = {"logseq": logseq, "org-drill": org_drill}
"""Programs that ask for all of a block at once."""
_OF_CARDS = {"obsidian": obsidian, "org-fc": org_fc}
"""Programs with a schedule for each card of a block."""


def read(tool: str, written: Sequence[Property], zone: str, parts: int) -> tuple[tuple[Schedule | None, ...], Reading]:
    """The schedules of a block's cards, in their order, and all that was read.

    `written` are the block's properties and other reviews, `parts` counts what the block hides. A program that asks for
    all at once has one schedule for each part, or for the first direction of what hides nothing.
    """
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - most notes have no schedules

    if tool in _OF_CARDS:
        reading = _OF_CARDS[tool](written, ZoneInfo(zone))
        return reading.schedules, reading
    reading = _OF_BLOCKS[tool](written, ZoneInfo(zone))
    return reading.schedules * max(parts, 1), reading
