"""Words and forms that all reports share."""

from __future__ import annotations

import json
import re

from ankigen.support.visible import UNSEEN_IN_LINES, Shown


def count(number: int, noun: str) -> str:
    """`1 note`, `2 notes`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def dump(value: object) -> Shown:
    """The value as JSON for people and programs; what may not be printed as it is stands there by its number."""
    written = json.dumps(value, ensure_ascii=False, indent=2)
    return Shown(UNSEEN_IN_LINES.sub(_by_number, written).replace("##", "#\\u0023"))


def _by_number(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
