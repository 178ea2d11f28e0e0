"""Which characters of a text are code, a tag, a reference?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_CODE = re.compile(r"(`+)[^`].*?(?<!`)\1(?!`)|\\.|https?://\S+", re.DOTALL)
_TAG = re.compile(r"#(?:\[\[(?P<page>[^\]\n]+)\]\]|(?P<name>[^\s#,!?'\":]+))|\[\[(?P<link>[^\]\n]+)\]\]")


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag or page reference; `start` and `end` are offsets into the text."""

    name: str
    start: int
    end: int


def tags(text: str) -> Iterator[Tag]:
    """Yield the tags that stand outside code."""
    masked = _CODE.sub(lambda found: " " * len(found[0]), text)
    for found in _TAG.finditer(masked):
        name = (found["page"] or found["link"] or found["name"]).rstrip(".;")
        if found["name"]:
            yield Tag(name, found.start(), found.start() + 1 + len(name))
        else:
            yield Tag(name, *found.span())
