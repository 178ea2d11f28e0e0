"""Reads the simple YAML that people write at the top of Logseq notes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from ankigen.data import Property
from ankigen.support.normal_forms import property_key

_FENCE = "---"
_PAIR = re.compile(r"(?P<key>[^\s:#\[{\"'-][^:]*+):(?:[ \t]++(?P<value>.*)|$)")
_ITEM = re.compile(r"[ \t]*+-[ \t]++(?P<value>.*)$")
_IGNORED = re.compile(r"[ \t]|#|$")


def read_front_matter(lines: Sequence[str]) -> tuple[list[Property], int]:
    """Return the properties and the number of lines they take: none of either if this is a rule, not a fence."""
    if lines[0] != _FENCE:
        return [], 0
    inner = list(takewhile(lambda line: line.rstrip() != _FENCE, lines[1:]))
    properties = _properties(inner) if len(inner) + 1 < len(lines) else None
    return ([], 0) if properties is None else (properties, len(inner) + 2)


def _properties(lines: Sequence[str]) -> list[Property] | None:
    """The pairs, with lists joined by commas; `None` if a line is not YAML: text between two rules stays text."""
    pairs: list[tuple[str, list[str], int]] = []
    takes_items = False
    for number, line in enumerate(lines, 2):
        if pair := _PAIR.match(line):
            pairs.append((pair["key"], _values(pair["value"] or ""), number))
            takes_items = not pair["value"]
        elif takes_items and (item := _ITEM.match(line)):
            pairs[-1][1].append(_unquoted(item["value"]))
        elif not _IGNORED.match(line):
            return None
    return [Property(property_key(key.strip()), ", ".join(values), number) for key, values, number in pairs]


def _values(text: str) -> list[str]:
    """The values of `a` or `[a, b]`; an empty value takes the items below it."""
    text = text.strip()
    if text.startswith("[") and text.endswith("]") and not text.startswith("[["):
        return [_unquoted(item) for item in text[1:-1].split(",")]
    return [_unquoted(text)] if text else []


def _unquoted(text: str) -> str:
    text = text.strip()
    is_quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'"
    return text[1:-1] if is_quoted else text
