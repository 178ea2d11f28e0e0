"""What ankigen last wrote into a note: stored in the note's field `Base`, and in tags after the note is removed.

`Base` is one line of plain text: format version, source id, a hash of the deck, the kind of note, a hash per content
field, the tags. The hashes use the canonical form, so that an editor's rewriting does not count as an edit.

Version 1 does not name the kind, and hashes the raw fields. It is still read, and is no reason to write a
note: the hashes are marked, and such a mark stays in version 2 if the written text is unknown.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache

from ankigen.data import Base, Html, KindName, SourceId
from ankigen.note_types.canonical_form import canonical
from ankigen.support.hashing import digest
from ankigen.support.normal_forms import deck_key, tag_key

REMOVED_TAG = "ankigen::removed"
REMOVING_TAG = "ankigen::removed::now"
"""The extra tag of a removed note until all of its cards are suspended."""

_VERSION = "2"
_NO_TEXT = "-"
_HASH_LENGTH = 12
_AS_WRITTEN = "~"
"""Marks a hash of version 1, of a raw field; that of an empty one needs no mark."""
_NEW_IN_TABLES = re.compile(r"(?<=<table>)<tbody>|</tbody>(?=</table>)")
"""The elements that ankigen writes into tables since version 2."""


def format_base(base: Base) -> Html:
    """Format a base as the line in the field.

    A tag may be `[latex]x[/latex]`: Anki runs its commands in all fields, shown or not.
    """
    assert base.kind, "only a base that was read, of version 1, does not name the kind"
    words = [_VERSION, base.source_id, base.deck, base.kind, ",".join(base.fields), *base.tags]
    return Html(html.escape(" ".join(words), quote=False).replace("[", "&#91;").replace("\\", "&#92;"))


def read_base(field: str) -> Base | None:
    """Parse a base from its field; `None` if it is invalid or of a newer format."""
    match html.unescape(field).split():
        case ["2", source_id, deck, kind, fields, *tags]:
            return Base(SourceId(source_id), deck, tuple(fields.split(",")), tuple(tags), KindName(kind))
        case ["1", source_id, deck, fields, *tags]:
            marked = f"{_AS_WRITTEN}{fields}".replace(",", f",{_AS_WRITTEN}").replace(f"{_AS_WRITTEN}-", _NO_TEXT)
            return Base(SourceId(source_id), deck, tuple(marked.split(",")), tuple(tags))
        case _:
            return None


@lru_cache
def field_hash(field: str) -> str:
    """The hash of a field's canonical form: twelve hex digits, or `-` if it is empty."""
    form = canonical(field)
    return _text_hash(form) if form else _NO_TEXT


def is_hash_of(known: str, field: str, own_hash: str) -> bool:
    """Whether a hash of a base is that of this text, of which `field_hash` returns `own_hash`.

    Version 1 wrote tables without a body, so it is also compared with the text in that form.
    """
    if not known.startswith(_AS_WRITTEN):
        return known == own_hash
    return known[1:] == _text_hash(field) or known[1:] == _text_hash(without_bodies(field))


def without_bodies(field: str) -> str:
    """The text with its tables as they were written before version 2."""
    return _NEW_IN_TABLES.sub("", field) if "<tbody>" in field else field


@lru_cache
def _text_hash(text: str) -> str:
    return digest(text, length=_HASH_LENGTH)


@lru_cache
def deck_hash(deck: str) -> str:
    """The hash of a deck's name, twelve hex digits, ignoring case as Anki does."""
    return digest(deck_key(deck), length=_HASH_LENGTH)


def is_mark(tag: str) -> bool:
    """Whether a tag is one that ankigen adds to a removed note, and removes when the note comes back."""
    return f"{tag_key(tag)}::".startswith(f"{REMOVED_TAG}::")
