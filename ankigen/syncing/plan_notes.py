"""Plans the changes of one note, or the reason why it is left alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from ankigen.data import (
    AdoptNote,
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
    hashes_as,
    is_hash_of,
    is_mark,
    note_type_of,
    wrote,
)
from ankigen.support.normal_forms import deck_key
from ankigen.support.structs import replace
from ankigen.syncing.deck_placement import placement_of
from ankigen.syncing.existing import ExistingIndex, missing_fields
from ankigen.syncing.mask_saves import meant_fields
from ankigen.syncing.plan_removals import suspended_by_ankigen
from ankigen.syncing.three_way import Fate, Field, changes_of, merge_fields, merge_tags
from ankigen.syncing.to_package import as_in_collection, missing_templates, pack_note

_NO_BASE = Base(SourceId(""), "", ())
Finding = Change | Notice


def note_findings(note: Note, existing: ExistingIndex, known: AbstractSet[Guid], wishes: Wishes) -> Iterator[Finding]:
    """Yield the changes of a note: none for most."""
    existing_note = existing.notes.get(note.identity.guid)
    if existing_note is None:
        yield _creation(note, existing, is_deleted=note.identity.guid in known and not wishes.is_restoring)
        return
    if _is_as_written(note, existing_note, existing):
        return
    if obstacle := _obstacle(note, existing_note, existing, wishes):
        yield obstacle
        return
    if existing.note_types[existing_note.note_type][0].name == note_type_of(note.content).name:
        findings = [*_update_findings(note, existing_note, existing, wishes)]
    else:
        findings = [*_conversion_findings(note, existing_note, existing, wishes)]
    base = existing.bases[existing_note.guid]
    is_rewritten = any(isinstance(finding, UpdateNote | ConvertNote) for finding in findings)
    if base and base.source_id != note.source_id and is_rewritten:
        yield AdoptNote(note, existing_note, base.source_id)
    yield from findings
    if any(map(is_mark, existing_note.tags)):
        yield RestoreNote(note, existing_note, suspended_by_ankigen(existing_note))


def _creation(note: Note, existing: ExistingIndex, *, is_deleted: bool) -> Finding:
    if is_deleted:
        return LeftAlone(Reason.DELETED_IN_ANKI, note)
    if deck_key(note.deck) in existing.filtered:
        return LeftAlone(Reason.FILTERED_DECK, note, detail=note.deck)
    if obstacle := _note_type_obstacle(note, existing):
        return obstacle
    pristine = existing.pristine[note.identity.guid]
    return CreateNote(note, pack_note(note, _note_type_for(note, existing), pristine.fields, note.tags))


def _note_type_for(note: Note, existing: ExistingIndex) -> NoteType:
    own = existing.own[note_type_of(note.content).name]
    return as_in_collection(own, existing.originals.get(own.name))


def _note_type_obstacle(
    note: Note, existing: ExistingIndex, existing_note: ExistingNote | None = None
) -> LeftAlone | None:
    """Say what the user removed from the note type, if the note would lose a field or all its cards without it."""
    own = existing.own[note_type_of(note.content).name]
    if (existing_type := existing.originals.get(own.name)) is None:
        return None
    if missing := missing_fields(own, existing_type):
        return LeftAlone(Reason.FIELD_MISSING, note, existing_note, ", ".join(missing))
    unshown = missing_templates(note.content, own, existing_type)
    is_blank = len(unshown) == len(note.content.ordinals)
    return LeftAlone(Reason.TEMPLATE_MISSING, note, existing_note, ", ".join(unshown)) if is_blank else None


def _obstacle(note: Note, existing_note: ExistingNote, existing: ExistingIndex, wishes: Wishes) -> LeftAlone | None:
    """The reason why a note in Anki must not be touched, or `None`."""
    base = existing.bases[existing_note.guid]
    if base and base.source_id != note.source_id and not wishes.is_adopting:
        return LeftAlone(Reason.OTHER_SOURCE, note, existing_note, base.source_id)
    if existing_note.note_type not in existing.note_types:
        return LeftAlone(Reason.OTHER_NOTE_TYPE, note, existing_note, existing_note.note_type)
    own, existing_type = existing.note_types[existing_note.note_type]
    if missing := missing_fields(own, existing_type):
        return LeftAlone(Reason.FIELD_MISSING, note, existing_note, ", ".join(missing))
    is_by_reader = own.name != note_type_of(note.content).name and not (base and wrote(base, own))
    return LeftAlone(Reason.OTHER_NOTE_TYPE, note, existing_note, existing_note.note_type) if is_by_reader else None


def _conversion_findings(
    note: Note, existing_note: ExistingNote, existing: ExistingIndex, wishes: Wishes
) -> Iterator[Finding]:
    """Convert a note to the other note type, unless the user's edits would be lost with its fields."""
    base = existing.bases[existing_note.guid]
    assert base is not None, "a note of another type without a base is left alone"
    own = existing.note_types[existing_note.note_type][0]
    meant = meant_fields(existing_note, {}, hashes_as(base, own), own, existing)
    edited = _edited_fields(replace(existing_note, fields={**existing_note.fields, **meant}), own, base)
    if edited and wishes.prefer is not Side.NOTES:
        yield Conflict(note, existing_note, edited, changes_type=True)
        return
    if obstacle := _note_type_obstacle(note, existing, existing_note):
        yield obstacle
        return
    placement = placement_of(note, existing_note, base, existing)
    yield from placement.findings
    tags = merge_tags(note.tags, existing_note.tags, base.tags)
    new = Base(note.source_id, placement.remembered, note.content.hashes, tags.remembered, note.content.kind)
    fields = existing.pristine[existing_note.guid].fields | {"Base": format_base(new)}
    yield ConvertNote(
        note, existing_note, pack_note(note, _note_type_for(note, existing), fields, tags.final, deck=placement.home)
    )


def _edited_fields(existing_note: ExistingNote, own: NoteType, base: Base) -> tuple[FieldChange, ...]:
    """The fields that the user changed; fields newer than the base were empty then."""
    texts = [existing_note.fields[name] for name in content_names(own)]
    written = [*base.fields, *(field_hash("") for _ in texts)]
    return tuple(
        FieldChange(name, text, "")
        for name, text, hash_ in zip(content_names(own), texts, written, strict=False)
        if not is_hash_of(hash_, text, field_hash(text))
    )


def _update_findings(
    note: Note, existing_note: ExistingNote, existing: ExistingIndex, wishes: Wishes
) -> Iterator[Finding]:
    own, existing_type = existing.note_types[existing_note.note_type]
    base = existing.bases[existing_note.guid] or _NO_BASE
    ours, written = content_fields(note.content), hashes_as(base, own)
    meant = meant_fields(existing_note, ours, written, own, existing)
    fields = merge_fields(ours, note.content.hashes, existing_note.fields, written, wishes.prefer, meant)
    tags = merge_tags(note.tags, existing_note.tags, base.tags)
    placement = placement_of(note, existing_note, base, existing)
    yield from placement.findings
    hashes = tuple(field.hash for field in fields)
    new = Base(note.source_id, placement.remembered, hashes, tags.remembered, note.content.kind)
    own_fields = {"Guid": note.identity.guid, "Base": format_base(new)}
    is_unnamed = existing_note.fields["Guid"] != note.identity.guid  # the reader emptied it
    if is_unnamed or _says_more(new, base, fields):  # as it does whenever a field or a tag is written
        texts = _texts_of(fields) | own_fields
        packed = pack_note(note, as_in_collection(own, existing_type), texts, tags.final, existing_note, placement.home)
        yield UpdateNote(note, existing_note, packed, changes_of(fields, Fate.WRITE), tags.added, tags.removed)
    if kept := changes_of(fields, Fate.KEEP):
        yield KeptEdit(note, existing_note, kept)
    if conflicts := changes_of(fields, Fate.CONFLICT):
        yield Conflict(note, existing_note, conflicts)
    if missing := missing_templates(note.content, own, existing_type):
        yield LeftAlone(Reason.TEMPLATE_MISSING, note, existing_note, ", ".join(missing))


def _is_as_written(note: Note, existing_note: ExistingNote, existing: ExistingIndex) -> bool:
    """Whether neither the notes nor Anki changed: true for most notes, and quick to check."""
    pristine = existing.pristine[note.identity.guid]
    return (
        (
            existing_note.fields == pristine.fields
            or pristine.fields.items() <= existing_note.fields.items()
            or _is_as_version_1_wrote(note, existing_note, existing)
        )
        and existing.complete.get(existing_note.note_type) == note_type_of(note.content).name
        and {*existing_note.tags} == {*note.tags}
        and all(card.deck == note.deck for card in existing_note.cards)
    )


def _is_as_version_1_wrote(note: Note, existing_note: ExistingNote, existing: ExistingIndex) -> bool:
    """Whether only the version of the base differs, which alone is no reason to write the note."""
    pristine, base = existing.pristine[note.identity.guid], existing.bases[note.identity.guid]
    return (
        base is not None
        and not base.kind
        and pristine.fields | {"Base": existing_note.fields["Base"]} == existing_note.fields
        and (base.source_id, base.deck, base.tags) == (note.source_id, pristine.base.deck, pristine.base.tags)
        and len(base.fields) == len(note.content.texts)
        and all(map(is_hash_of, base.fields, note.content.texts, note.content.hashes))
    )


def _texts_of(fields: Sequence[Field]) -> dict[str, str]:
    """The texts of the fields from now on.

    Of two equivalent texts Anki's stays, unless the answer begins or ceases to be typed: Anki compares typed answers
    including spaces between blocks, which are invisible otherwise.
    """
    is_new_to_type = any(field.change.name == "Type" and field.fate is Fate.WRITE for field in fields)
    return {
        field.change.name: field.change.desired if is_new_to_type and field.fate is Fate.SAME else field.text
        for field in fields
    }


def _says_more(new: Base, base: Base, fields: Sequence[Field]) -> bool:
    """Whether a base must be rewritten: not for tags in another order, nor for its version."""
    return (
        (new.source_id, new.deck) != (base.source_id, base.deck)
        or {*new.tags} != {*base.tags}
        or not all(field.is_remembered for field in fields)
    )
