"""Applies a plan: the one writer.

The order is such that a run may be cut off anywhere, and the next plan finishes the work. Cards move before their note
remembers the new deck. A removed note is marked before and after it is suspended, so that cards which the reader
suspended are told from those that ankigen did. Tags make a note newer than a package, so they come after the import.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Collection as Group
from collections.abc import Set as AbstractSet
from concurrent.futures import Future
from enum import StrEnum
from typing import Protocol, TypeVar, assert_never

from ankigen.data import (
    Change,
    Collection,
    ConvertNote,
    CreateNote,
    DeleteNote,
    ExistingNote,
    ExistingNoteType,
    ExtendNoteType,
    Guid,
    MediaFile,
    MoveCards,
    Outcome,
    PackedNote,
    Plan,
    RestoreNote,
    RestyleNoteType,
    SendMedia,
    SuspendNote,
    Template,
    UpdateNote,
)
from ankigen.note_types import CARRIER, REMOVED_TAG, REMOVING_TAG, is_mark
from ankigen.support.normal_forms import deck_key, tag_key
from ankigen.support.structs import Struct, replace

Pack = Callable[[Sequence[PackedNote]], bytes]
Kind = TypeVar("Kind", bound=Change)

_BROWSER_SECONDS = 1.5
"""How long an editor in Anki's browser took to write back what it held: measured, with a margin."""


class Step(StrEnum):
    """What is being done, for who waits."""

    MEDIA = "sending media"
    DECKS = "moving cards"
    NOTES = "writing notes"
    KINDS = "changing the kind of notes"
    REMOVALS = "taking notes away and back in"
    STYLE = "changing looks"
    READING = "reading back"


class Anki(Protocol):
    """A running Anki, as far as it is written to and read back; `anki_connect` has one and says what each does."""

    # fmt: off
    def read(self, note_types: Group[int] = ..., guids: Group[Guid] | None = ...) -> Collection: ...
    def read_around(self, collection: Collection, decks: Group[str] = ..., *, with_media: bool = ...
                    ) -> Collection: ...
    def find_notes(self, guid: Guid) -> Sequence[int]: ...
    def note_type_names(self) -> Mapping[int, str]: ...
    def prepare(self) -> Future[frozenset[int]]: ...
    def clear_browser(self) -> None: ...
    def largest_package(self) -> int | None: ...
    def import_package(self, content: bytes) -> None: ...
    def send_media(self, media: Iterable[MediaFile]) -> None: ...
    def move(self, cards: Iterable[int], deck: str) -> None: ...
    def suspend(self, cards: Iterable[int]) -> None: ...
    def unsuspend(self, cards: Iterable[int]) -> None: ...
    def add_tags(self, notes: Mapping[str, Iterable[int]]) -> None: ...
    def remove_tag(self, notes: Iterable[int], tag: str) -> None: ...
    def delete_notes(self, notes: Iterable[int]) -> None: ...
    def convert_notes(self, notes: Mapping[int, PackedNote], names: Mapping[int, str]) -> None: ...
    def add_field(self, note_type: str, name: str) -> None: ...
    def restyle(self, note_type: str, templates: Iterable[Template], css: str) -> None: ...
    # fmt: on


def extend_note_types(plan: Plan, anki: Anki) -> None:
    """Add the fields that a newer ankigen has; every note of the type is newer then, so read and plan again.

    Anki wants a full sync afterwards: the user has to have agreed to just that.
    """
    for change in _of(plan, ExtendNoteType):
        for field in change.fields:
            anki.add_field(change.existing.name, field)


def apply_plan(
    plan: Plan,
    anki: Anki,
    pack: Pack,
    tell: Callable[[Step], None] = lambda _: None,
    pause: Callable[[float], None] = time.sleep,
) -> Outcome:
    """Do what the plan says, but for note types that must be extended, and read back what became of it."""
    plan = plan.without_extensions()
    preparation = anki.prepare()
    packages = _packages(plan, anki, pack)  # while Anki prepares
    is_browser_open = _free_browser(plan, preparation.result(), anki, pause)
    for step, kinds, work in _steps(plan, packages, anki, pack):
        if any(isinstance(change, kinds) for change in plan.changes):
            tell(step)
            work()
    tell(Step.READING)
    if is_browser_open:
        pause(_BROWSER_SECONDS)
    return read_back(plan, anki)


def _steps(
    plan: Plan, packages: Iterable[bytes], anki: Anki, pack: Pack
) -> Iterator[tuple[Step, tuple[type[Change], ...], Callable[[], None]]]:
    """The work in its order, each step with the changes that ask for it."""
    yield Step.MEDIA, (SendMedia,), lambda: anki.send_media(change.file for change in _of(plan, SendMedia))
    yield Step.DECKS, (MoveCards,), lambda: _move(_of(plan, MoveCards), anki)
    yield Step.NOTES, (CreateNote, UpdateNote), lambda: _import(packages, anki)
    yield Step.KINDS, (ConvertNote,), lambda: _convert(_of(plan, ConvertNote), anki, pack)
    yield Step.REMOVALS, (SuspendNote, DeleteNote, RestoreNote), lambda: _remove_and_restore(plan, anki)
    yield Step.STYLE, (RestyleNoteType,), lambda: _restyle(_of(plan, RestyleNoteType), anki)


def had(known: AbstractSet[Guid], plan: Plan, done: Iterable[Change] = ()) -> frozenset[Guid]:
    """The notes that a collection has had, now that this much is done: what it lacks of them the reader deleted.

    What ankigen deleted itself may come back when the author brings it back.
    """
    changes = list(done)
    made = {change.packed.guid for change in changes if isinstance(change, CreateNote)}
    deleted = {change.existing.guid for change in changes if isinstance(change, DeleteNote)}
    return frozenset((known | plan.present | made) - deleted)


def _of(plan: Plan, kind: type[Kind]) -> list[Kind]:
    return [change for change in plan.changes if isinstance(change, kind)]


def _packages(plan: Plan, anki: Anki, pack: Pack) -> list[bytes]:
    """New and changed notes, in as many packages as their size asks for."""
    notes = [change.packed for change in plan.changes if isinstance(change, CreateNote | UpdateNote)]
    return [*_pieces(notes, pack, anki.largest_package())] if notes else []


def _free_browser(plan: Plan, selected: AbstractSet[int], anki: Anki, pause: Callable[[float], None]) -> bool:
    """Empty a browser that shows a note about to be written: its editor writes back what it holds, unasked."""
    kinds = UpdateNote | ConvertNote | SuspendNote | RestoreNote
    written = {change.existing.id for change in plan.changes if isinstance(change, kinds)}
    if written & selected:
        anki.clear_browser()
        pause(_BROWSER_SECONDS)
    return bool(selected)


def _move(changes: Iterable[MoveCards], anki: Anki) -> None:
    decks: dict[str, list[int]] = defaultdict(list)
    for change in changes:
        decks[change.deck] += change.cards
    for deck, cards in decks.items():
        anki.move(cards, deck)


def _import(packages: Iterable[bytes], anki: Anki) -> None:
    for content in packages:
        anki.import_package(content)


def _pieces(notes: Sequence[PackedNote], pack: Pack, largest: int | None) -> Iterable[bytes]:
    content = pack(notes)
    if largest is None or len(content) <= largest or len(notes) == 1:
        yield content
        return
    middle = len(notes) // 2
    yield from _pieces(notes[:middle], pack, largest)
    yield from _pieces(notes[middle:], pack, largest)


def _convert(changes: Sequence[ConvertNote], anki: Anki, pack: Pack) -> None:
    names = anki.note_type_names()
    missing = {change.packed.note_type.id: change for change in changes if change.packed.note_type.id not in names}
    if missing:
        _carry(missing.values(), anki, pack)
        names = anki.note_type_names()
    anki.convert_notes({change.existing.id: change.packed for change in changes}, names)


def _carry(changes: Iterable[ConvertNote], anki: Anki, pack: Pack) -> None:
    """Bring note types in with a note that is deleted at once; a run cut off here leaves it to the next plan."""
    for change in changes:
        fields = dict(zip(change.packed.note_type.fields, change.packed.values, strict=True))
        values = tuple((fields | {"Guid": CARRIER, "Base": ""}).values())
        anki.import_package(pack([replace(change.packed, guid=CARRIER, values=values, ordinals=(0,))]))
    anki.delete_notes(anki.find_notes(CARRIER))


def _remove_and_restore(plan: Plan, anki: Anki) -> None:
    if suspensions := _of(plan, SuspendNote):
        _suspend(suspensions, anki)
    if deletions := _of(plan, DeleteNote):
        anki.delete_notes(change.existing.id for change in deletions)
    if returns := _of(plan, RestoreNote):
        _restore(returns, anki)


def _suspend(changes: Sequence[SuspendNote], anki: Anki) -> None:
    notes = [change.existing.id for change in changes]
    rested = {f"{REMOVED_TAG}::{card}": [change.existing.id] for change in changes for card in change.rested}
    anki.add_tags({**rested, REMOVING_TAG: notes})
    if cards := [card for change in changes for card in change.cards]:
        anki.suspend(cards)
    anki.add_tags({REMOVED_TAG: notes})
    anki.remove_tag(notes, REMOVING_TAG)


def _restore(changes: Sequence[RestoreNote], anki: Anki) -> None:
    if cards := [card for change in changes for card in change.cards]:
        anki.unsuspend(cards)
    anki.remove_tag([change.existing.id for change in changes], REMOVED_TAG)


def _restyle(changes: Iterable[RestyleNoteType], anki: Anki) -> None:
    for change in changes:
        anki.restyle(change.existing.name, change.templates, change.css)


# Reading back


class _Now(Struct, frozen=True):
    """What Anki holds after the work."""

    notes: Mapping[int, ExistingNote]
    by_guid: Mapping[str, Sequence[ExistingNote]]
    note_types: Mapping[int, ExistingNoteType]
    media: AbstractSet[str]


def read_back(plan: Plan, anki: Anki) -> Outcome:
    """Look in Anki for what each change should have left there: an answer of Anki's is no proof."""
    types = {id_ for change in plan.changes if (id_ := _note_type_of(change)) is not None}
    guids = {guid for change in plan.changes if (guid := _guid_of(change)) is not None}
    collection = anki.read_around(anki.read(types, guids), with_media=bool(_of(plan, SendMedia)))
    by_guid: dict[str, list[ExistingNote]] = defaultdict(list)
    for note in collection.notes:
        by_guid[note.guid].append(note)
    now = _Now(
        notes={note.id: note for note in collection.notes},
        by_guid=by_guid,
        note_types={kind.id: kind for kind in collection.note_types},
        media=collection.media,
    )
    found = [(change, _is_done(change, now)) for change in plan.changes]
    return Outcome(
        done=tuple(change for change, is_done in found if is_done),
        undone=tuple(change for change, is_done in found if not is_done),
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
            made = [note for note in now.by_guid.get(change.packed.guid, ()) if _holds(note, change.packed)]
            is_done = any(not change.packed.is_suspended or _are_suspended(note) for note in made)
        case UpdateNote() | ConvertNote():
            note = now.notes.get(change.existing.id)
            is_done = note is not None and _holds(note, change.packed)
        case SendMedia():
            is_done = change.file.name in now.media
        case RestyleNoteType() | ExtendNoteType():
            is_done = _looks_so(change, now.note_types.get(change.existing.id))
        case DeleteNote():
            is_done = change.existing.id not in now.notes
        case MoveCards() | SuspendNote() | RestoreNote():
            note = now.notes.get(change.existing.id)
            is_done = note is not None and _is_settled(change, note)
        case _:
            assert_never(change)
    return is_done


def _holds(note: ExistingNote, packed: PackedNote) -> bool:
    """Whether a note has the fields and the tags of the package; the tags of removed notes come and go apart."""
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


def _looks_so(change: RestyleNoteType | ExtendNoteType, kind: ExistingNoteType | None) -> bool:
    if kind is None:
        return False
    if isinstance(change, ExtendNoteType):
        return {*change.fields} <= {*kind.fields}
    return kind.css == change.css and {*change.templates} <= {*kind.templates}
