"""The three-way merge: decides for each field and tag what a note contains from now on.

Each field is decided by three texts: ours from the notes, theirs in Anki, and the one that ankigen last wrote, whose
hash is in the note's base. What only the user changed in Anki is kept. Texts are compared by meaning: one that Anki's
editor only rewrote is the same, and stays as it is. Where only the size of a picture tells that, `meant` is the text
from before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum, auto
from typing import assert_never

from ankigen.data import FieldChange, Html, Side
from ankigen.note_types import field_hash, is_hash_of
from ankigen.support.normal_forms import tag_key
from ankigen.support.structs import Struct


class Fate(Enum):
    """The decision about a field."""

    SAME = auto()
    """Notes and Anki agree: the text in Anki stays, whoever wrote it."""

    WRITE = auto()
    """Our text replaces theirs."""

    KEEP = auto()
    """Only Anki's side changed: their text stays, and counts as an edit."""

    ACCEPT_THEIRS = auto()
    """Both changed the field, and the user prefers Anki: their text stays until ours changes again."""

    CONFLICT = auto()
    """Both changed the field: their text stays until somebody decides."""


class Field(Struct, frozen=True):
    """The decision about a field: its text from now on, and its hash for the base.

    `is_remembered` means that the base already has this hash, whatever its version.
    """

    change: FieldChange
    fate: Fate
    text: str
    hash: str
    is_remembered: bool


def merge_fields(
    ours: Mapping[str, Html],
    own_hashes: Sequence[str],
    theirs: Mapping[str, str],
    hashes: Sequence[str],
    prefer: Side | None,
    meant: Mapping[str, str] | None = None,
) -> list[Field]:
    """Decide each of our fields; `own_hashes` are theirs, `hashes` those of the base, none if there is no base.

    All are in the order of `ours`.

    A base lacks the fields of a later ankigen; they were empty when it was written.
    """
    unwritten = field_hash("") if hashes else ""
    known = [*hashes, *(unwritten for _ in ours)]
    said = {**theirs, **(meant or {})}
    return [
        _merge_field(FieldChange(name, theirs[name], text), said[name], own_hash, hash_, prefer)
        for (name, text), own_hash, hash_ in zip(ours.items(), own_hashes, known, strict=False)
    ]


def _merge_field(change: FieldChange, said: str, own_hash: str, base: str, prefer: Side | None) -> Field:
    ours, theirs = change.desired, change.existing
    their_hash = own_hash if said == ours else field_hash(said)
    ours_is_base = is_hash_of(base, ours, own_hash)
    theirs_is_base = ours_is_base if said == ours else is_hash_of(base, said, their_hash)
    fate = _fate(own_hash == their_hash, theirs_is_base, ours_is_base, prefer)
    match fate:
        case Fate.SAME:
            return Field(change, fate, theirs, own_hash, is_remembered=ours_is_base or theirs_is_base)
        case Fate.WRITE:
            return Field(change, fate, ours, own_hash, is_remembered=False)
        case Fate.ACCEPT_THEIRS:
            return Field(change, fate, theirs, own_hash, is_remembered=False)
        case Fate.KEEP | Fate.CONFLICT:
            return Field(change, fate, theirs, own_hash if ours_is_base else base, is_remembered=True)
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
    """A note's tags from now on; `remembered` are those that ankigen wrote and may remove again."""

    final: tuple[str, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    remembered: tuple[str, ...]


def merge_tags(ours: Sequence[str], theirs: Sequence[str], base: Sequence[str]) -> Tags:
    """Add the tags that the notes added, remove those that they removed; one removed in Anki stays removed."""
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
