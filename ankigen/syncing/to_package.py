"""Packs a note for this collection: the user's fields and tags are kept, only new cards are added."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ankigen.data import (
    Content,
    ExistingNote,
    ExistingNoteType,
    Note,
    NoteType,
    PackedNote,
    Schedule,
    Template,
)
from ankigen.note_types import cards_with, note_type_of
from ankigen.support.structs import replace


def as_in_collection(own: NoteType, existing_type: ExistingNoteType | None) -> NoteType:
    """Our note type as the collection has it, if it exists there, so that an import has nothing to merge."""
    if existing_type is None:
        return own
    return replace(
        own,
        id=existing_type.id,
        name=existing_type.name,
        fields=existing_type.fields,
        templates=existing_type.templates,
        css=existing_type.css,
        changed=0,
    )


def pack_note(
    note: Note,
    note_type: NoteType,
    fields: Mapping[str, str],
    tags: Iterable[str],
    existing_note: ExistingNote | None = None,
    deck: str | None = None,
) -> PackedNote:
    """The note for a package; `fields` are ours by name, without those that the user added.

    For a note that Anki has, the package keeps the user's own fields and has only the new cards. They go to `deck`, if
    not to the note's own deck. Only notes that Anki does not have get schedules.
    """
    values = {**existing_note.fields, **fields} if existing_note else fields
    cards = cards_with(note.content, fields) if existing_note else note.content.ordinals
    before = cards_with(note.content, existing_note.fields) if existing_note else ()
    own = note_type_of(note.content)
    return PackedNote(
        guid=note.identity.guid,
        created=note.identity.created,
        modified=max(note.identity.modified, existing_note.modified + 1) if existing_note else note.identity.modified,
        note_type=note_type,
        values=tuple([values.get(name, "") for name in note_type.fields]),
        tags=tuple(tags),
        deck=deck or note.deck,
        ordinals=tuple(
            sorted(_ordinals_in_collection(cards, own, note_type) - _ordinals_in_collection(before, own, note_type))
        ),
        is_suspended=note.suspended and existing_note is None,
        schedules=() if existing_note else tuple(_schedules_in_collection(note.schedules, own, note_type)),
    )


def _schedules_in_collection(
    schedules: Iterable[tuple[int, Schedule]], own: NoteType, note_type: NoteType
) -> Iterator[tuple[int, Schedule]]:
    for ordinal, schedule in schedules:
        for place in _ordinals_in_collection([ordinal], own, note_type):
            yield place, schedule


def _ordinals_in_collection(ordinals: Iterable[int], own: NoteType, note_type: NoteType) -> frozenset[int]:
    """The ordinals of our cards in the collection, where the user may have put other templates before ours."""
    if own.is_cloze or own.templates == note_type.templates:
        return frozenset(ordinals)
    ordinal_of = {template.name: ordinal for ordinal, template in enumerate(note_type.templates)}
    names = [own.templates[ordinal].name for ordinal in ordinals]
    return frozenset(ordinal_of[name] for name in names if name in ordinal_of)


def missing_templates(content: Content, own: NoteType, existing_type: ExistingNoteType) -> list[str]:
    """The names of the templates that the content needs and the user removed."""
    names = {template.name for template in existing_type.templates}
    wanted: list[Template] = [] if own.is_cloze else [own.templates[ordinal] for ordinal in content.ordinals]
    return [template.name for template in wanted if template.name not in names]
