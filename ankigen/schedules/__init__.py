"""Reads the schedules that other programs wrote into a block: one function per program, none reads a clock.

Days are in the given time zone, never in the machine's: packages must not depend on the machine.
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
"""Programs with one schedule per block."""
_OF_CARDS = {"obsidian": obsidian, "org-fc": org_fc}
"""Programs with one schedule per card of a block."""


def read(tool: str, written: Sequence[Property], zone: str, parts: int) -> tuple[tuple[Schedule | None, ...], Reading]:
    """The schedules of a block's cards, in order, and the whole reading.

    `written` are the block's properties and other review data, `parts` is the number of its clozes. The schedule of a
    program with one per block applies to every cloze, or to the first direction of a block without clozes.
    """
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - most notes have no schedules

    if tool in _OF_CARDS:
        reading = _OF_CARDS[tool](written, ZoneInfo(zone))
        return reading.schedules, reading
    reading = _OF_BLOCKS[tool](written, ZoneInfo(zone))
    return reading.schedules * max(parts, 1), reading
