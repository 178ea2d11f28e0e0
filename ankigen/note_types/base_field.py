"""What ankigen wrote into a note last: it stands in the note's field `Base`, and in tags once the note is removed.

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
"""The tag that a removed note has, beside the other one, until all of its cards are suspended."""

_VERSION = "1"
_NO_TEXT = "-"
_HASH_LENGTH = 12


def format_base(base: Base) -> Html:
    """Put a base on a line, as the field holds it.

    A tag may be `[latex]x[/latex]`: Anki looks for its own commands in all fields, shown or not.
    """
    words = [_VERSION, base.source_id, base.deck, ",".join(base.fields), *base.tags]
    return Html(html.escape(" ".join(words), quote=False).replace("[", "&#91;"))


def read_base(field: str) -> Base | None:
    """Read a base from its field; None if it is not one, or one of a newer format."""
    match html.unescape(field).split():
        case [version, source_id, deck, fields, *tags] if version == _VERSION:
            return Base(SourceId(source_id), deck, tuple(fields.split(",")), tuple(tags))
        case _:
            return None


@lru_cache
def field_hash(field: str) -> str:
    """The hash of a field's text: twelve hex digits, or `-` for an empty text."""
    return digest(field, length=_HASH_LENGTH) if field else _NO_TEXT


@lru_cache
def deck_hash(deck: str) -> str:
    """The hash of a deck's name, twelve hex digits, the same in upper and lower case, as decks are to Anki."""
    return digest(deck_key(deck), length=_HASH_LENGTH)


def is_mark(tag: str) -> bool:
    """Whether a tag is one of those that ankigen gives to a removed note, and takes away when the note comes back."""
    return f"{tag_key(tag)}::".startswith(f"{REMOVED_TAG}::")
