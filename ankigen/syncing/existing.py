"""The data read from Anki, by name and GUID, with what ankigen last wrote into each note."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from ankigen.data import Base, Collection, Desired, ExistingNote, ExistingNoteType, Guid, NoteType
from ankigen.identity import is_own_guid
from ankigen.note_types import note_types as built_in_types
from ankigen.note_types import read_base
from ankigen.support.normal_forms import deck_key
from ankigen.support.structs import Struct
from ankigen.syncing.pristine import PristineNote

_COPY_MARK = re.compile(r"(\+|-[0-9a-f]{5})+")


class ExistingIndex(Struct, frozen=True):
    """The data read from Anki, by name and GUID, next to what the notes have.

    `note_types` has our note types and the copies that Anki made of them, by their names in the collection: each as
    ankigen has it and as the collection has it. `originals` are those that are not copies, by our name. `complete` are
    those with all our fields and templates: their name in the collection, and our name. `own` are ours by name,
    `copies` the duplicates that the user made of notes, and `filtered` the keys of filtered decks. `media` are
    the files that the notes show, each with its path by its name in Anki.
    """

    pristine: Mapping[Guid, PristineNote]
    notes: Mapping[Guid, ExistingNote]
    bases: Mapping[Guid, Base | None]
    copies: tuple[ExistingNote, ...]
    note_types: Mapping[str, tuple[NoteType, ExistingNoteType]]
    originals: Mapping[str, ExistingNoteType]
    complete: Mapping[str, str]
    own: Mapping[str, NoteType]
    filtered: frozenset[str]
    media: Mapping[str, str]

    @classmethod
    def of(
        cls, desired: Desired, collection: Collection, own: Sequence[NoteType], pristine: Mapping[Guid, PristineNote]
    ) -> ExistingIndex:
        """Index the data; of a note and its duplicates, the one with its own GUID or our creation time is the note."""
        births = {note.identity.guid: note.identity.created for note in desired.notes}
        notes, copies = _originals((note for note in collection.notes if _is_named(note, desired)), births)
        pairs = [(ours, theirs) for theirs in collection.note_types for ours in own if _is_ours(theirs, ours)]
        return cls(
            pristine=pristine,
            notes=notes,
            bases={guid: _base(note, pristine.get(guid)) for guid, note in notes.items()},
            copies=tuple(copy for copy in copies if is_of(read_base(copy.fields["Base"]), desired)),
            note_types={theirs.name: (ours, theirs) for ours, theirs in pairs},
            originals={ours.name: theirs for ours, theirs in pairs if ours.id == theirs.id},
            complete={theirs.name: ours.name for ours, theirs in pairs if _is_complete(theirs, ours)},
            own={note_type.name: note_type for note_type in own},
            filtered=frozenset(deck_key(deck) for deck in collection.filtered),
            media={file.name: file.path for file in desired.media},
        )


def missing_fields(own: NoteType, existing_type: ExistingNoteType) -> tuple[str, ...]:
    """Our fields that the collection's note type lacks."""
    return tuple(field for field in own.fields if field not in existing_type.fields)


def _base(note: ExistingNote, pristine: PristineNote | None) -> Base | None:
    """What ankigen last wrote; usually it equals what it would write now, and is not parsed."""
    text = note.fields["Base"]
    return pristine.base if pristine and pristine.fields["Base"] == text else read_base(text)


def _is_named(note: ExistingNote, desired: Desired) -> bool:
    """Whether a GUID of ours tells which note it is.

    One whose field is empty has only its own: that of a copy, or of a note that the reader wrote, means nothing to us.
    """
    is_ours = note.guid in desired.lock.identities or is_own_guid(note.guid)
    return bool(note.fields["Guid"]) or is_ours


def _originals(
    notes: Iterable[ExistingNote], births: Mapping[Guid, int]
) -> tuple[dict[Guid, ExistingNote], list[ExistingNote]]:
    """Separate notes from the user's duplicates.

    The original has the GUID as its own, where the target tells: without it there are only copies, and an import would
    make one more note. Else it is the one with our creation time.
    """

    def by_age(note: ExistingNote) -> tuple[bool, int]:
        return not note.is_the_note(births.get(note.guid)), note.id

    originals: dict[Guid, ExistingNote] = {}
    copies: list[ExistingNote] = []
    for note in notes:
        if note.is_original is False:
            copies.append(note)
            continue
        other = originals.setdefault(note.guid, note)
        if other is not note:
            originals[note.guid], copy = sorted((other, note), key=by_age)
            copies.append(copy)
    return originals, copies


def _is_ours(existing_type: ExistingNoteType, own: NoteType) -> bool:
    """Whether it is our note type, or the copy that Anki made when a package differed from the collection.

    One of the user's has another id in another set of notes, and where its lock was lost.
    """
    if existing_type.id == own.id:
        return True
    name = existing_type.name
    is_copy = name.startswith(own.name) and _COPY_MARK.fullmatch(name.removeprefix(own.name)) is not None
    is_of_other_set = name == own.name and not is_built_in(own)
    return (is_copy or is_of_other_set) and _is_complete(existing_type, own)


def is_built_in(own: NoteType) -> bool:
    """Whether a note type is one of ankigen's, and none that the user made."""
    return any(note_type.id == own.id for note_type in built_in_types())


def _is_complete(existing_type: ExistingNoteType, own: NoteType) -> bool:
    """Whether a note type of the collection has all our fields and templates, by name."""
    templates = {template.name for template in existing_type.templates}
    return not missing_fields(own, existing_type) and {template.name for template in own.templates} <= templates


def is_of(base: Base | None, desired: Desired) -> bool:
    """Whether ankigen wrote a note from these notes."""
    return base is not None and base.source_id == desired.lock.source_id
