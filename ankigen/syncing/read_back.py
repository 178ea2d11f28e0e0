"""Reads Anki again after the work, and sorts changes that arrived from those that did not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import assert_never

from ankigen.data import (
    AdoptNote,
    Change,
    ConvertNote,
    CreateNote,
    DeleteNote,
    ExistingNote,
    ExistingNoteType,
    ExtendNoteType,
    Guid,
    MoveCards,
    Outcome,
    PackedNote,
    Plan,
    RestoreNote,
    RestyleNoteType,
    SendMedia,
    SuspendNote,
    UpdateNote,
)
from ankigen.note_types import REMOVED_TAG, REMOVING_TAG, is_mark, read_base
from ankigen.support.normal_forms import deck_key, tag_key
from ankigen.support.structs import Struct
from ankigen.targets import Target


class _Now(Struct, frozen=True):
    """The state of Anki after the work."""

    notes: Mapping[int, ExistingNote]
    by_guid: Mapping[str, Sequence[ExistingNote]]
    note_types: Mapping[int, ExistingNoteType]
    media: AbstractSet[str]


def read_back(plan: Plan, target: Target) -> Outcome:
    """Check in Anki that each change arrived: a successful reply is no proof."""
    note_type_ids = {id_ for change in plan.changes if (id_ := _note_type_of(change)) is not None}
    guids = {guid for change in plan.changes if (guid := _guid_of(change)) is not None}
    collection = target.read_around(
        target.read(note_type_ids, guids), with_media=any(isinstance(change, SendMedia) for change in plan.changes)
    )
    by_guid: dict[str, list[ExistingNote]] = defaultdict(list)
    for note in collection.notes:
        by_guid[note.guid].append(note)
    now = _Now(
        notes={note.id: note for note in collection.notes},
        by_guid=by_guid,
        note_types={note_type.id: note_type for note_type in collection.note_types},
        media=collection.media,
    )
    checked = [(change, _is_done(change, now)) for change in plan.changes]
    return Outcome(
        done=tuple(change for change, is_done in checked if is_done),
        undone=tuple(change for change, is_done in checked if not is_done),
        existing=collection,
    )


def _note_type_of(change: Change) -> int | None:
    match change:
        case RestyleNoteType() | ExtendNoteType():
            return change.existing.id
        case CreateNote() | UpdateNote() | ConvertNote():
            return change.packed.note_type.id
        case _:
            return None


def _guid_of(change: Change) -> Guid | None:
    match change:
        case CreateNote():
            return change.packed.guid
        case SendMedia() | RestyleNoteType() | ExtendNoteType():
            return None
        case _:
            return change.existing.guid


def _is_done(change: Change, now: _Now) -> bool:
    match change:
        case CreateNote():
            arrived = [note for note in now.by_guid.get(change.packed.guid, ()) if _holds(note, change.packed)]
            is_done = any(not change.packed.is_suspended or _are_suspended(note) for note in arrived)
        case UpdateNote() | ConvertNote():
            note = now.notes.get(change.existing.id)
            is_done = note is not None and _holds(note, change.packed)
        case SendMedia():
            is_done = change.file.name in now.media
        case RestyleNoteType() | ExtendNoteType():
            is_done = _is_restyled_or_extended(change, now.note_types.get(change.existing.id))
        case DeleteNote():
            is_done = change.existing.id not in now.notes
        case AdoptNote():
            note = now.notes.get(change.existing.id)
            base = read_base(note.fields["Base"]) if note else None
            is_done = base is not None and base.source_id == change.note.source_id
        case MoveCards() | SuspendNote() | RestoreNote():
            note = now.notes.get(change.existing.id)
            is_done = note is not None and _is_settled(change, note)
        case _:
            assert_never(change)
    return is_done


def _holds(note: ExistingNote, packed: PackedNote) -> bool:
    """Whether a note has the fields and tags of the package; tags of removed notes are handled separately."""
    fields = dict(zip(packed.note_type.fields, packed.values, strict=True))
    return note.fields == fields and (note.tags == packed.tags or _tag_keys(note.tags) == _tag_keys(packed.tags))


def _tag_keys(tags: Iterable[str]) -> set[str]:
    return {tag_key(tag) for tag in tags if not is_mark(tag)}


def _is_settled(change: MoveCards | SuspendNote | RestoreNote, note: ExistingNote) -> bool:
    tags = {*map(tag_key, note.tags)}
    match change:
        case MoveCards():
            return all(deck_key(card.deck) == deck_key(change.deck) for card in note.cards if card.id in change.cards)
        case SuspendNote():
            return REMOVED_TAG in tags and REMOVING_TAG not in tags and _are_suspended(note, change.cards)
        case RestoreNote():
            is_awake = not any(card.is_suspended for card in note.cards if card.id in change.cards)
            return is_awake and not any(map(is_mark, note.tags))
        case _:
            assert_never(change)


def _are_suspended(note: ExistingNote, cards: Iterable[int] | None = None) -> bool:
    chosen = None if cards is None else {*cards}
    return all(card.is_suspended for card in note.cards if chosen is None or card.id in chosen)


def _is_restyled_or_extended(change: RestyleNoteType | ExtendNoteType, existing_type: ExistingNoteType | None) -> bool:
    if existing_type is None:
        return False
    if isinstance(change, ExtendNoteType):
        names = {template.name for template in existing_type.templates}
        return {*change.fields} <= {*existing_type.fields} and {new.name for new in change.templates} <= names
    return existing_type.css == change.css and {*change.templates} <= {*existing_type.templates}
