"""Author, reader and sync at work on one collection: notes as values, Anki as it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from anki.collection import Collection as AnkiCollection
from anki.consts import CARD_TYPE_REV, QUEUE_TYPE_REV
from anki.notes import Note as AnkiNote

from ankigen import note_types
from ankigen.data import (
    Collection,
    Content,
    Desired,
    Guid,
    Identity,
    Lock,
    MediaFile,
    Note,
    NoteType,
    Outcome,
    Plan,
    Position,
    Problem,
    Selection,
    Severity,
    SourceId,
    Wishes,
)
from ankigen.note_types.base_field import field_hash
from ankigen.support.structs import replace
from ankigen.syncing import plan_sync, recall_seen, record_seen
from ankigen.syncing.apply import apply_plan, seen_after
from ankigen.targets import ReviewedTarget
from ankigen.targets.anki_connect import AnkiConnect
from tests.helpers.anki_server import AnkiServer
from tests.helpers.closed_anki import ClosedAnki
from tests.helpers.contents import basic_content, changed
from tests.helpers.sync_server import Device, ServerOfReader

SOURCE = SourceId("source-of-tests")
NOON = 1_790_000_000


def note(
    name: str,
    front: str | None = None,
    back: str = "back",
    *,
    deck: str = "A",
    tags: Sequence[str] = (),
    content: Content | None = None,
    modified: int = NOON,
    source: SourceId = SOURCE,
    suspended: bool = False,
    media: Sequence[str] = (),
    **flags: str | bool,
) -> Note:
    """A basic note whose GUID is its name, unless `content` is given."""
    content = content or basic_content(name if front is None else front, back, **flags)
    created = 1_700_000_000_000 + int(field_hash(name)[:6], 16) * 10
    identity = Identity(Guid(name), None, content.kind, "page", 0, name, "", "", "", created, modified)
    return Note(Position("page.md"), identity, source, deck, tuple(tags), content, suspended, tuple(media))


def desired(
    notes: Iterable[Note],
    *,
    selection: str = ".",
    errors: int = 0,
    media: Iterable[MediaFile] = (),
    source: SourceId = SOURCE,
) -> Desired:
    problem = Problem(Position("page.md"), Severity.ERROR, "no-answer", "no answer")
    made = tuple(notes)
    lock = Lock(source, {note.identity.guid: note.identity for note in made})
    return Desired(Path("notes"), Selection((selection,)), made, tuple(media), (problem,) * errors, lock, lock)


@dataclass
class Sync:
    """A set of notes that is kept in step with a collection, as the command does it.

    Either over the `wire` of AnkiConnect, or, if it `is_closed`, with Anki closed while the collection is wanted, or by
    the sync server that a `device` syncs with before and after it.
    """

    server: AnkiServer
    folder: Path
    source: SourceId = SOURCE
    packages: Path | None = None
    is_closed: bool = False
    device: Device | None = None
    own: Sequence[NoteType] = note_types.note_types()
    wire: AnkiConnect = field(init=False)
    client: ReviewedTarget = field(init=False)

    def __post_init__(self) -> None:
        self.wire = AnkiConnect(self.server.url, folder=self.packages)
        self.client = ClosedAnki(self.server.collection, self.folder / "packages") if self.is_closed else self.wire
        if self.device:
            self.client = ServerOfReader(self.device, self.folder)

    def read(self, wanted: Desired) -> Collection:
        decks = {note.deck for note in wanted.notes}
        seen = self.client.read([note_type.id for note_type in self.own])
        return self.client.read_around(seen, decks, with_media=bool(wanted.media))

    def plan(self, notes: Iterable[Note], wishes: Wishes | None = None, **more: Any) -> Plan:
        wanted = desired(notes, source=self.source, **more)
        existing = self.read(wanted)
        known = recall_seen(self.folder, existing.name, self.source)
        return plan_sync(wanted, existing, known, wishes, self.own)

    def sync(self, notes: Iterable[Note], wishes: Wishes | None = None, **more: Any) -> Outcome:
        self.client.require_ready()
        wanted = desired(notes, source=self.source, **more)
        existing = self.read(wanted)
        known = recall_seen(self.folder, existing.name, self.source)
        plan = plan_sync(wanted, existing, known, wishes, self.own)
        outcome = apply_plan(plan, self.client)
        record_seen(self.folder, existing.name, self.source, seen_after(known, plan, outcome.done))
        return outcome


def sync_whole(target: ReviewedTarget, notes: Sequence[Note], wishes: Wishes | None = None, **more: Any) -> list[str]:
    """Sync without a memory, see that all was read back and that nothing is left to do; return what was done."""
    wanted = desired(notes, source=SourceId("contract"), **more)

    def plan() -> Plan:
        seen = target.read([kind.id for kind in note_types.note_types()])
        existing = target.read_around(seen, {one.deck for one in notes}, with_media=True)
        return plan_sync(wanted, existing, frozenset(), wishes)

    outcome = apply_plan(plan(), target)
    assert outcome.undone == ()
    assert plan().changes == ()
    return [type(change).__name__ for change in outcome.done]


# The oracle: Anki's own library, asked directly.


@dataclass(frozen=True)
class Held:
    """What a collection holds of a note."""

    note_type: str
    fields: dict[str, str]
    tags: AbstractSet[str]
    decks: tuple[str, ...]
    suspended: tuple[bool, ...]
    reviews: tuple[int, ...]


def contents(collection: AnkiCollection) -> dict[str, Held]:
    """All notes by their true GUID, base left out; a GUID twice is a failure."""
    notes = [collection.get_note(id_) for id_ in collection.find_notes("")]
    held = {note.guid: _held(collection, note) for note in notes}
    assert len(held) == len(notes)
    return held


def _held(collection: AnkiCollection, note: AnkiNote) -> Held:
    note_type = note.note_type()
    assert note_type is not None
    cards = note.cards()
    fields = {name: text for name, text in note.items() if name != "Base"}
    decks = tuple(collection.decks.name(card.odid or card.did) for card in cards)
    suspended = tuple(card.queue == -1 for card in cards)
    reviews = tuple(card.reps for card in cards)
    return Held(note_type["name"], fields, frozenset(note.tags), decks, suspended, reviews)


# The reader


@dataclass(frozen=True)
class Reader:
    """A person at work in Anki's window."""

    collection: AnkiCollection

    def note(self, name: str) -> AnkiNote:
        (id_,) = self.collection.find_notes(f'"Guid:{name}"')
        return self.collection.get_note(id_)

    def edit(self, name: str, **fields: str) -> None:
        found = self.note(name)
        for key, text in fields.items():
            found[key.replace("_", " ")] = text
        self.collection.update_note(found)

    def tag(self, name: str, *tags: str) -> None:
        self.collection.tags.bulk_add([self.note(name).id], " ".join(tags))

    def untag(self, name: str, tag: str) -> None:
        self.collection.tags.bulk_remove([self.note(name).id], tag)

    def delete(self, name: str) -> None:
        self.collection.remove_notes([self.note(name).id])

    def move(self, name: str, deck: str) -> None:
        deck_id = self.collection.decks.id(deck)
        assert deck_id is not None
        self.collection.set_deck(self.note(name).card_ids(), deck_id)

    def suspend(self, name: str) -> None:
        self.collection.sched.suspend_cards(self.note(name).card_ids())

    def unsuspend(self, name: str) -> None:
        self.collection.sched.unsuspend_cards(self.note(name).card_ids())

    def review(self, name: str) -> None:
        """Give the note's cards a past: a review, an interval and a due day."""
        for card in self.note(name).cards():
            card.type, card.queue = CARD_TYPE_REV, QUEUE_TYPE_REV
            card.ivl, card.due, card.reps = 30, 100, 7
            self.collection.update_card(card)

    def reviews(self, name: str) -> list[tuple[int, int, int]]:
        return [(card.reps, card.ivl, card.due) for card in self.note(name).cards()]

    def copy(self, name: str) -> None:
        """Make a copy, as the command of that name in Anki's browser does."""
        original = self.note(name)
        note_type = original.note_type()
        assert note_type is not None
        twin = self.collection.new_note(note_type)
        twin.fields = list(original.fields)
        self.collection.add_note(twin, original.cards()[0].did)


def reworded(note: Note, **content: str | bool) -> Note:
    """The note with other content and a later time of change."""
    identity = replace(note.identity, modified=note.identity.modified + 1)
    return replace(note, identity=identity, content=changed(note.content, **content))
