"""Decides field by field and tag by tag what stands in a note from now on.

Each field is decided by three texts: ours from the notes, theirs in Anki, and the one that ankigen wrote last, of which
the note's base holds the hash. Whatever only the reader changed stays the reader's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum, auto
from typing import assert_never

from ankigen.data import FieldChange, Html, Side
from ankigen.note_types import field_hash
from ankigen.support.normal_forms import tag_key
from ankigen.support.structs import Struct


class Fate(Enum):
    """What becomes of a field."""

    SAME = auto()
    """Notes and Anki agree."""

    WRITE = auto()
    """Our text replaces theirs."""

    KEEP = auto()
    """Only the reader changed the field: their text stays, and counts as an edit."""

    ACCEPT_THEIRS = auto()
    """Both changed the field, and the user prefers Anki: their text stays until ours changes again."""

    CONFLICT = auto()
    """Both changed the field: their text stays until somebody decides."""


class Field(Struct, frozen=True):
    """What becomes of a field: its text from now on, and the hash that its base will hold."""

    change: FieldChange
    fate: Fate
    text: str
    hash: str


def merge_fields(
    ours: Mapping[str, Html], theirs: Mapping[str, str], hashes: Sequence[str], prefer: Side | None
) -> list[Field]:
    """Decide each of our fields; `hashes` are those of the base, in the order of `ours`, none if there is no base.

    A base lacks the fields that came with a later ankigen; they were empty when it was written.
    """
    unwritten = field_hash("") if hashes else ""
    known = [*hashes, *(unwritten for _ in ours)]
    return [
        _merge_field(FieldChange(name, theirs[name], text), hash_, prefer)
        for (name, text), hash_ in zip(ours.items(), known, strict=False)
    ]


def _merge_field(change: FieldChange, base: str, prefer: Side | None) -> Field:
    ours, theirs = change.desired, change.existing
    fate = _fate(ours == theirs, field_hash(theirs) == base, field_hash(ours) == base, prefer)
    match fate:
        case Fate.SAME | Fate.WRITE:
            return Field(change, fate, ours, field_hash(ours))
        case Fate.ACCEPT_THEIRS:
            return Field(change, fate, theirs, field_hash(ours))
        case Fate.KEEP | Fate.CONFLICT:
            return Field(change, fate, theirs, base)
        case _:
            assert_never(fate)


def _fate(is_equal: bool, theirs_is_base: bool, ours_is_base: bool, prefer: Side | None) -> Fate:
    if is_equal:
        return Fate.SAME
    if theirs_is_base:
        return Fate.WRITE
    if ours_is_base:
        return Fate.KEEP
    return {None: Fate.CONFLICT, Side.NOTES: Fate.WRITE, Side.ANKI: Fate.ACCEPT_THEIRS}[prefer]


def changes_of(fields: Iterable[Field], fate: Fate) -> tuple[FieldChange, ...]:
    """The changes of the fields that have this fate."""
    return tuple(field.change for field in fields if field.fate is fate)


class Tags(Struct, frozen=True):
    """A note's tags from now on; `remembered` are those that ankigen wrote and may take away again."""

    final: tuple[str, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    remembered: tuple[str, ...]


def merge_tags(ours: Sequence[str], theirs: Sequence[str], base: Sequence[str]) -> Tags:
    """Add what the author added, remove what the author removed; one of ours that the reader took away stays away."""
    held, written = {*map(tag_key, theirs)}, {*map(tag_key, base)}
    wanted = {tag_key(tag): tag for tag in ours}
    added = tuple(tag for key, tag in wanted.items() if key not in written and key not in held)
    removed = tuple(tag for tag in theirs if tag_key(tag) in written and tag_key(tag) not in wanted)
    return Tags(
        final=(*(tag for tag in theirs if tag not in removed), *added),
        added=added,
        removed=removed,
        remembered=tuple(tag for key, tag in wanted.items() if key in written or tag in added),
    )
