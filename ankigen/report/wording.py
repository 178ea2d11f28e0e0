"""Words and forms that all reports share."""

from __future__ import annotations

import json

_CONTROL_PICTURES = {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\t\n"} | {0x7F: 0x2421}


def count(number: int, noun: str) -> str:
    """`1 note`, `2 notes`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def visible(text: str) -> str:
    """The text with a picture for each control character but tabs and line ends."""
    return text.translate(_CONTROL_PICTURES)


def dump(value: object) -> str:
    """The value as JSON for people and programs."""
    return json.dumps(value, ensure_ascii=False, indent=2)
