"""Turns contents into fields and packed notes, the same way for every kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ankigen.data import Base, Content, Html, Note, NoteType, PackedNote, Schedule
from ankigen.note_types.base_field import deck_hash, field_hash, format_base, without_bodies
from ankigen.note_types.kind import NoteKind, content_names
from ankigen.note_types.kinds import kind_in, note_type_of, note_types
from ankigen.note_types.own import OwnKind
from ankigen.support.hashing import digest


def content_of(kind: NoteKind, fields: Mapping[str, Html]) -> Content:
    """The content of a note from its content fields, all and in the order of the note type."""
    assert tuple(fields) == content_names(kind.note_type), f"{kind.name} gives the fields that its note type has"
    texts = tuple(fields.values())
    own = kind.made_of if isinstance(kind, OwnKind) else None
    return Content(kind.name, texts, tuple([field_hash(text) for text in texts]), kind.cards(fields), own)


def content_fields(content: Content) -> dict[str, Html]:
    """The fields that come from the notes, in the order of the note type."""
    return dict(zip(content_names(note_type_of(content)), content.texts, strict=True))


def cards_with(content: Content, fields: Mapping[str, str]) -> tuple[int, ...]:
    """The ordinals of the cards of a note of this kind with these fields."""
    return kind_in(content).cards(fields)


def scheduled_cards(content: Content, schedules: Sequence[Schedule | None]) -> tuple[tuple[int, Schedule], ...]:
    """The schedules of a card block, with the ordinals of their cards.

    Schedules are in the order of directions, or of cloze numbers.
    """
    if not schedules:
        return ()
    places = {ordinal: ordinal for ordinal in content.ordinals}
    if note_type_of(content).is_cloze:
        places = {ordinal: place for place, ordinal in enumerate(sorted(content.ordinals))}
    by_ordinal = ((ordinal, schedules[place]) for ordinal, place in places.items() if place < len(schedules))
    return tuple((ordinal, schedule) for ordinal, schedule in by_ordinal if schedule is not None)


def fields_of(note: Note) -> dict[str, Html]:
    """All fields of a note, as its note type names and orders them."""
    fields = content_fields(note.content)
    fields["Guid"] = Html(note.identity.guid)
    fields["Base"] = format_base(base_of(note))
    return fields if note.content.own is None else {name: fields[name] for name in note_type_of(note.content).fields}


def base_of(note: Note) -> Base:
    """The base of a note that only ankigen wrote to."""
    return Base(note.source_id, deck_hash(note.deck), note.content.hashes, note.tags, note.content.kind)


def packed(note: Note, own: Sequence[NoteType] | None = None) -> PackedNote:
    """The note for a package, for a collection that does not have it; `own` are the note types for it."""
    id = note_type_of(note.content).id
    [note_type] = [note_type for note_type in own or note_types() if note_type.id == id]
    return PackedNote(
        guid=note.identity.guid,
        created=note.identity.created,
        modified=note.identity.modified,
        note_type=note_type,
        values=tuple(fields_of(note).values()),
        tags=note.tags,
        deck=note.deck,
        ordinals=note.content.ordinals,
        schedules=note.schedules,
    )


def digest_of(content: Content, tags: Sequence[str]) -> str:
    """Hash what an import of the note would write; it changes when `modified` must, so not for table bodies.

    Nor does it change for a new field of the user's note type that is empty in a note.
    """
    fields = content_fields(content).items()
    parts = [f"{name}={without_bodies(field)}" for name, field in fields if field or content.own is None]
    return digest(note_type_of(content).name, *parts, *tags, length=16)
