"""A note as the package for this collection has it: the reader's fields and tags kept, only new cards added."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ankigen.data import (
    Content,
    ExistingNote,
    ExistingNoteType,
    Note,
    NoteType,
    PackedNote,
    Template,
)
from ankigen.note_types import cards_with, note_type_of
from ankigen.support.structs import replace


def as_here(own: NoteType, kind: ExistingNoteType | None) -> NoteType:
    """The note type as the collection has it, so that an import finds nothing to merge."""
    if kind is None:
        return own
    return replace(
        own, id=kind.id, name=kind.name, fields=kind.fields, templates=kind.templates, css=kind.css, changed=0
    )


def pack_note(
    note: Note,
    note_type: NoteType,
    fields: Mapping[str, str],
    tags: Iterable[str],
    found: ExistingNote | None = None,
    deck: str | None = None,
) -> PackedNote:
    """The note for a package; of one that Anki has, with the reader's own fields, and only the cards that are new."""
    values = {**found.fields, **fields} if found else fields
    cards = cards_with(note.content, fields) if found else note.content.ordinals
    before = cards_with(note.content, found.fields) if found else ()
    own = note_type_of(note.content)
    return PackedNote(
        guid=note.identity.guid,
        created=note.identity.created,
        modified=max(note.identity.modified, found.modified + 1) if found else note.identity.modified,
        note_type=note_type,
        values=tuple([values.get(name, "") for name in note_type.fields]),
        tags=tuple(tags),
        deck=deck or note.deck,
        ordinals=tuple(sorted(_places(cards, own, note_type) - _places(before, own, note_type))),
        is_suspended=note.suspended and found is None,
    )


def _places(ordinals: Iterable[int], own: NoteType, note_type: NoteType) -> frozenset[int]:
    """Which cards they are in the collection, where the reader may have put other templates before ours."""
    if own.is_cloze or own.templates == note_type.templates:
        return frozenset(ordinals)
    places = {template.name: place for place, template in enumerate(note_type.templates)}
    names = [own.templates[ordinal].name for ordinal in ordinals]
    return frozenset(places[name] for name in names if name in places)


def unshown(content: Content, own: NoteType, kind: ExistingNoteType) -> list[str]:
    """The templates that the content needs and the reader removed."""
    names = {template.name for template in kind.templates}
    wanted: list[Template] = [] if own.is_cloze else [own.templates[ordinal] for ordinal in content.ordinals]
    return [template.name for template in wanted if template.name not in names]
