"""What would change in one note, or why it is left alone."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from ankigen.data import (
    Base,
    Change,
    Conflict,
    ConvertNote,
    CreateNote,
    ExistingNote,
    FieldChange,
    Guid,
    KeptEdit,
    LeftAlone,
    Note,
    NoteType,
    Notice,
    Reason,
    RestoreNote,
    Side,
    SourceId,
    UpdateNote,
    Wishes,
)
from ankigen.note_types import (
    content_fields,
    content_names,
    field_hash,
    format_base,
    is_mark,
    note_type_of,
    wrote,
)
from ankigen.support.normal_forms import deck_key
from ankigen.support.structs import replace
from ankigen.syncing.deck_placement import places_of
from ankigen.syncing.existing import Here
from ankigen.syncing.plan_removals import resting
from ankigen.syncing.three_way import Fate, changes_of, merge_fields, merge_tags
from ankigen.syncing.to_package import as_here, pack_note, unshown

_NO_BASE = Base(SourceId(""), "", ())
Finding = Change | Notice


def note_findings(note: Note, at: Here, known: AbstractSet[Guid], wishes: Wishes) -> Iterator[Finding]:
    """Say what becomes of a note: nothing for most."""
    found = at.notes.get(note.identity.guid)
    if found is None:
        yield _missing(note, at, is_deleted=note.identity.guid in known and not wishes.is_restoring)
        return
    if _is_as_written(note, found, at):
        return
    if obstacle := _obstacle(note, found, at):
        yield obstacle
        return
    if at.kinds[found.note_type][0].name == note_type_of(note.content).name:
        yield from _present(note, found, at, wishes)
    else:
        yield from _conversion(note, found, at, wishes)
    if any(map(is_mark, found.tags)):
        yield RestoreNote(note, found, resting(found))


def _missing(note: Note, at: Here, *, is_deleted: bool) -> Finding:
    if is_deleted:
        return LeftAlone(Reason.DELETED_IN_ANKI, note)
    if deck_key(note.deck) in at.filtered:
        return LeftAlone(Reason.FILTERED_DECK, note, detail=note.deck)
    if obstacle := _no_room(note, at):
        return obstacle
    first = at.writings[note.identity.guid]
    return CreateNote(note, pack_note(note, _type_here(note, at), first.fields, note.tags))


def _type_here(note: Note, at: Here) -> NoteType:
    own = at.own[note_type_of(note.content).name]
    return as_here(own, at.homes.get(own.name))


def _no_room(note: Note, at: Here, found: ExistingNote | None = None) -> LeftAlone | None:
    """Say what the reader took out of the note type without which the note loses a field, or has no card, if so."""
    own = at.own[note_type_of(note.content).name]
    if (kind := at.homes.get(own.name)) is None:
        return None
    if missing := at.missing_fields(own, kind):
        return LeftAlone(Reason.FIELD_MISSING, note, found, ", ".join(missing))
    wanting = unshown(note.content, own, kind)
    is_blank = len(wanting) == len(note.content.ordinals)
    return LeftAlone(Reason.TEMPLATE_MISSING, note, found, ", ".join(wanting)) if is_blank else None


def _obstacle(note: Note, found: ExistingNote, at: Here) -> LeftAlone | None:
    """Say why a note that Anki has must not be touched, if so."""
    base = at.bases[found.guid]
    if base and base.source_id != note.source_id:
        return LeftAlone(Reason.OTHER_SOURCE, note, found, base.source_id)
    if found.note_type not in at.kinds:
        return LeftAlone(Reason.OTHER_NOTE_TYPE, note, found, found.note_type)
    own, kind = at.kinds[found.note_type]
    if missing := at.missing_fields(own, kind):
        return LeftAlone(Reason.FIELD_MISSING, note, found, ", ".join(missing))
    is_by_reader = own.name != note_type_of(note.content).name and not (base and wrote(base, own))
    return LeftAlone(Reason.OTHER_NOTE_TYPE, note, found, found.note_type) if is_by_reader else None


def _conversion(note: Note, found: ExistingNote, at: Here, wishes: Wishes) -> Iterator[Finding]:
    """Turn a note into one of the other type, unless the reader edited what would be lost with its fields."""
    base = at.bases[found.guid]
    assert base is not None, "a note of another type without a base is left alone"
    edited = _edited(found, at.kinds[found.note_type][0], base)
    if edited and wishes.prefer is not Side.NOTES:
        yield Conflict(note, found, edited)
        return
    if obstacle := _no_room(note, at, found):
        yield obstacle
        return
    places = places_of(note, found, base, at)
    yield from places.findings
    tags = merge_tags(note.tags, found.tags, base.tags)
    new = Base(note.source_id, places.remembered, note.content.hashes, tags.remembered)
    fields = at.writings[found.guid].fields | {"Base": format_base(new)}
    yield ConvertNote(note, found, pack_note(note, _type_here(note, at), fields, tags.final, deck=places.home))


def _edited(found: ExistingNote, own: NoteType, base: Base) -> tuple[FieldChange, ...]:
    return tuple(
        FieldChange(name, found.fields[name], "")
        for name, written in zip(content_names(own), base.fields, strict=True)
        if field_hash(found.fields[name]) != written
    )


def _present(note: Note, found: ExistingNote, at: Here, wishes: Wishes) -> Iterator[Finding]:
    own, kind = at.kinds[found.note_type]
    base = at.bases[found.guid] or _NO_BASE
    fields = merge_fields(content_fields(note.content), found.fields, base.fields, wishes.prefer)
    tags = merge_tags(note.tags, found.tags, base.tags)
    places = places_of(note, found, base, at)
    yield from places.findings
    new = Base(note.source_id, places.remembered, tuple(field.hash for field in fields), tags.remembered)
    if _says_more(new, base):  # as it does whenever a field or a tag is written
        texts = {field.change.name: field.text for field in fields} | {"Base": format_base(new)}
        packed = pack_note(note, as_here(own, kind), texts, tags.final, found, places.home)
        yield UpdateNote(note, found, packed, changes_of(fields, Fate.WRITE), tags.added, tags.removed)
    if kept := changes_of(fields, Fate.KEEP):
        yield KeptEdit(note, found, kept)
    if conflicts := changes_of(fields, Fate.CONFLICT):
        yield Conflict(note, found, conflicts)
    if wanting := unshown(note.content, own, kind):
        yield LeftAlone(Reason.TEMPLATE_MISSING, note, found, ", ".join(wanting))


def _is_as_written(note: Note, found: ExistingNote, at: Here) -> bool:
    """Whether neither author nor reader did anything: true of most notes, and quickly told."""
    first = at.writings[note.identity.guid]
    return (
        (found.fields == first.fields or first.fields.items() <= found.fields.items())
        and at.whole.get(found.note_type) == note_type_of(note.content).name
        and {*found.tags} == {*note.tags}
        and all(card.deck == note.deck for card in found.cards)
    )


def _says_more(new: Base, base: Base) -> bool:
    """Whether a base must be written anew: not for tags in another order."""
    return replace(new, tags=()) != replace(base, tags=()) or {*new.tags} != {*base.tags}
