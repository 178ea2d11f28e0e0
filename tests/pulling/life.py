"""A set of notes and what Anki has of them, as values: synced, edited, pulled, and looked at with other eyes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from ankigen import api, identity, note_types, pulling, source
from ankigen.api.notes import own_note_types
from ankigen.data import (
    Collection,
    Desired,
    ExistingCard,
    ExistingNote,
    ExistingNoteType,
    Note,
    PackedNote,
    Plan,
    Pull,
    UpdateNote,
)
from ankigen.support.structs import replace
from ankigen.syncing import plan_sync
from tests.helpers.building import NOON
from tests.pulling.seen import seen


@dataclass
class Life:
    """Notes in a folder, and a collection that has them."""

    folder: Path
    collection: Collection = field(init=False)

    def __post_init__(self) -> None:
        desired = self.read()
        identity.write_lock(self.folder / identity.LOCK_NAME, desired.lock)
        types = [
            ExistingNoteType(kind.id, kind.name, kind.fields, kind.templates, kind.css)
            for kind in own_note_types(desired)
        ]
        notes = [_existing(number, note) for number, note in enumerate(desired.notes, 1)]
        decks = {note.deck for note in desired.notes}
        media = frozenset(file.name for file in desired.media)
        self.collection = Collection("tests", tuple(notes), tuple(types), tuple(sorted(decks)), media=media)

    def read(self) -> Desired:
        return source.load([self.folder], NOON)

    def edit(self, note: Note, name: str, html: str) -> None:
        """What a reader does in Anki."""
        self.collection = replace(
            self.collection,
            notes=tuple(
                replace(known, fields={**known.fields, name: html}) if known.guid == note.identity.guid else known
                for known in self.collection.notes
            ),
        )

    def plan(self, desired: Desired | None = None) -> Plan:
        desired = desired or self.read()
        return plan_sync(desired, self.collection, own=own_note_types(desired))

    def pull(self, *, with_tags: bool = False, has_conflicts: bool = False) -> Pull:
        """What a pull would write."""
        desired = self.read()
        plan = self.plan(desired)
        existing = self.collection.notes if with_tags else ()
        return pulling.plan_pull(
            desired,
            plan,
            source.Rehearsal(desired),
            lambda instead: source.load([self.folder], NOON, lock=desired.lock, instead=instead),
            existing,
            has_conflicts=has_conflicts,
        )

    def write(self, pull: Pull) -> None:
        api.write_pull(self.read(), pull)

    def sync(self) -> Plan:
        """Do what a sync of notes does that only change: their fields and tags become those of the plan."""
        plan = self.plan()
        written = {change.existing.guid: change.packed for change in plan.changes if isinstance(change, UpdateNote)}
        notes = tuple(_rewritten(known, written.get(known.guid)) for known in self.collection.notes)
        self.collection = replace(self.collection, notes=notes)
        return plan

    def shown(self) -> dict[str, tuple[dict[str, object], str, frozenset[str]]]:
        """What is seen of each note that the folder makes, by GUID: fields, deck, tags."""
        return {
            note.identity.guid: (
                {name: seen(html) for name, html in note_types.content_fields(note.content).items()},
                note.deck,
                frozenset(note.tags),
            )
            for note in self.read().notes
        }

    def files(self) -> Mapping[Path, bytes]:
        return {path: path.read_bytes() for path in sorted(self.folder.rglob("*.*")) if path.is_file()}


def _rewritten(known: ExistingNote, packed: PackedNote | None) -> ExistingNote:
    if packed is None:
        return known
    return replace(known, fields=dict(zip(packed.note_type.fields, packed.values, strict=True)), tags=packed.tags)


def _existing(number: int, note: Note) -> ExistingNote:
    fields = note_types.fields_of(note)
    cards = tuple(ExistingCard(number * 100 + ordinal, note.deck) for ordinal in note.content.ordinals)
    name = note_types.note_type_of(note.content).name
    return ExistingNote(number, note.identity.guid, name, NOON // 1000, note.tags, fields, cards)


def random_field(chance: Random, desired: Desired) -> tuple[Note, str, str]:
    """A field of a note that a reader may edit."""
    note = chance.choice(desired.notes)
    fields = note_types.content_fields(note.content)
    names = [name for name in ("Front", "Back", "Text") if fields.get(name)]
    name = chance.choice(names)
    return note, name, fields[name]
