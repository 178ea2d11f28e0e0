"""What ankigen wrote into a note last: the note remembers it in its field `Base`, and in tags once it is removed.

`Base` is one line of plain text: format version, source id, a hash of the deck, a hash per content field, the tags.
"""

from __future__ import annotations

import html
from functools import lru_cache

from ankigen.data import Base, Html, SourceId
from ankigen.support.hashing import digest
from ankigen.support.normal_forms import deck_key, tag_key

REMOVED_TAG = "ankigen::removed"
REMOVING_TAG = "ankigen::removed::now"
"""Stands beside the other one until a removed note's cards are all suspended."""

_VERSION = "1"
_NOTHING = "-"
_HASH_LENGTH = 12


def format_base(base: Base) -> Html:
    """Put a base on a line, as the field holds it."""
    words = [_VERSION, base.source_id, base.deck, ",".join(base.fields), *base.tags]
    return Html(html.escape(" ".join(words), quote=False))


def read_base(field: str) -> Base | None:
    """Read a base from its field; None if it is not one, or one of a newer format."""
    match html.unescape(field).split():
        case [version, source_id, deck, fields, *tags] if version == _VERSION:
            return Base(SourceId(source_id), deck, tuple(fields.split(",")), tuple(tags))
        case _:
            return None


@lru_cache
def field_hash(field: str) -> str:
    """Stand for a field's text: twelve hex digits, or `-` for an empty one."""
    return digest(field, length=_HASH_LENGTH) if field else _NOTHING


@lru_cache
def deck_hash(deck: str) -> str:
    """Stand for a deck, whose name Anki compares without regard to case."""
    return digest(deck_key(deck), length=_HASH_LENGTH)


def is_mark(tag: str) -> bool:
    """Whether a tag is one of those that a removed note bears, which go when it comes back."""
    return f"{tag_key(tag)}::".startswith(f"{REMOVED_TAG}::")
