"""Words and formats that all reports share."""

from __future__ import annotations

from ankigen.support.visible import Shown, as_json


def count(number: int, noun: str) -> str:
    """`1 note`, `2 notes`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def a(noun: str) -> str:
    """`a basic`, `an occlusion`."""
    return f"{'an' if noun[:1] in 'aeiou' else 'a'} {noun}"


def dump(value: object) -> Shown:
    """The value as JSON for people and programs."""
    return as_json(value, indent=2)
