"""The ids and names by which others refer to a page and its blocks, exact or guessed from the raw text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ankigen.data import Block, Page
from ankigen.syntax.words import UUID

_IDS = frozenset({"id", "custom-id"})
_ALIASES = frozenset({"alias", "aliases"})
_NAME = re.compile(r"(?>(?:\[\[[^\[\]]*+\]\]|[^,，])+)")
_ID = re.compile(rf"id::?\s*+({UUID})")


def blocks(page: Page) -> dict[str, Block]:
    """The blocks of a page by their `id::`, in lower case; of several with the same id the first."""
    by_id: dict[str, Block] = {}
    for top in page.blocks:
        for block in top.walk():
            for prop in block.properties:
                if prop.key in _IDS:
                    by_id.setdefault(prop.value.strip().lower(), block)
    return by_id


def aliases(page: Page) -> Iterator[str]:
    """The other names of a page."""
    for prop in page.properties:
        if prop.key in _ALIASES:
            for alias in _NAME.findall(prop.value):
                if name := alias.strip().removeprefix("[[").removesuffix("]]"):
                    yield name


def ids_in(lowered: str) -> tuple[str, ...]:
    """All UUIDs that may be block ids in a file, by its text in lower case; there may be too many."""
    return tuple(dict.fromkeys(_ID.findall(lowered)))


def may_hold_aliases(lowered: str) -> bool:
    """Whether the page of a text, in lower case, may have other names."""
    return "alias" in lowered
