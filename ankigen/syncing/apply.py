"""Applies a plan: the one writer.

Because of the order, a run can be interrupted anywhere, and the next plan finishes the work. Cards move before their
note remembers the new deck. A removed note is tagged before and after it is suspended, to distinguish cards that the
user suspended from those that ankigen suspended. Tags make a note newer than a package, so they come after the import.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from enum import StrEnum
from typing import TypeVar

from ankigen.data import (
    AdoptNote,
    Change,
    ConvertNote,
    CreateNote,
    DeleteNote,
    ExtendNoteType,
    Guid,
    MoveCards,
    Outcome,
    Plan,
    RestoreNote,
    RestyleNoteType,
    SendMedia,
    SuspendNote,
    UpdateNote,
)
from ankigen.note_types import REMOVED_TAG, REMOVING_TAG
from ankigen.syncing.read_back import read_back
from ankigen.targets import Target, Writer

SomeChange = TypeVar("SomeChange", bound=Change)


class Step(StrEnum):
    """What is being done, in words for the user."""

    MEDIA = "sending media"
    DECKS = "moving cards"
    NOTES = "writing notes"
    CONVERSIONS = "converting notes"
    REMOVALS = "suspending removed notes"
    STYLES = "updating card styles"
    READING = "reading back"


def extend_note_types(plan: Plan, target: Target) -> None:
    """Add new fields and cards; this makes every note of the type newer, so read and plan again.

    AnkiWeb needs a full sync afterwards: the user must have agreed to exactly that.
    """
    for change in _of(plan, ExtendNoteType):
        target.extend(change.existing.name, change.fields, change.templates)


def apply_plan(plan: Plan, target: Target, progress: Callable[[Step], None] = lambda _: None) -> Outcome:
    """Apply the plan, except note types that must be extended, and read back the result.

    `progress` is called as each step begins. Raises what the target raises; part of the plan may be done then.
    """
    plan = plan.without_extensions()
    imports = [change.packed for change in plan.changes if isinstance(change, CreateNote | UpdateNote)]
    with target.writing(plan.collection, _written(plan), imports, plan.descriptions) as writer:
        for step, change_types, work in _steps(plan, writer):
            if any(isinstance(change, change_types) for change in plan.changes):
                progress(step)
                work()
        progress(Step.READING)
    return read_back(plan, target)


def _written(plan: Plan) -> set[int]:
    """The ids of the notes whose fields or tags change."""
    rewritten = UpdateNote | ConvertNote | SuspendNote | RestoreNote
    return {change.existing.id for change in plan.changes if isinstance(change, rewritten)}


def _steps(plan: Plan, writer: Writer) -> Iterator[tuple[Step, tuple[type[Change], ...], Callable[[], None]]]:
    """The steps in order, each with its changes."""
    yield Step.MEDIA, (SendMedia,), lambda: writer.send_media(change.file for change in _of(plan, SendMedia))
    yield Step.DECKS, (MoveCards,), lambda: _move(_of(plan, MoveCards), writer)
    yield Step.NOTES, (CreateNote, UpdateNote), writer.import_notes
    yield Step.CONVERSIONS, (ConvertNote,), lambda: _convert(_of(plan, ConvertNote), writer)
    yield Step.REMOVALS, (SuspendNote, DeleteNote, RestoreNote), lambda: _remove_and_restore(plan, writer)
    yield Step.STYLES, (RestyleNoteType,), lambda: _restyle(_of(plan, RestyleNoteType), writer)


def seen_after(known: AbstractSet[Guid], plan: Plan, done: Iterable[Change] = ()) -> frozenset[Guid]:
    """The notes that a collection has had after `done`, if it has had `known` before.

    The user deleted those that it lacks; notes that ankigen deleted are not included, so that they can come back.
    """
    changes = list(done)
    created = {change.packed.guid for change in changes if isinstance(change, CreateNote)}
    created |= {change.existing.guid for change in changes if isinstance(change, AdoptNote)}
    deleted = {change.existing.guid for change in changes if isinstance(change, DeleteNote)}
    return frozenset((known | plan.present | created) - deleted)


def _of(plan: Plan, change_type: type[SomeChange]) -> list[SomeChange]:
    return [change for change in plan.changes if isinstance(change, change_type)]


def _move(changes: Iterable[MoveCards], writer: Writer) -> None:
    decks: dict[str, list[int]] = defaultdict(list)
    for change in changes:
        decks[change.deck] += change.cards
    for deck, cards in decks.items():
        writer.move(cards, deck)


def _convert(changes: Sequence[ConvertNote], writer: Writer) -> None:
    writer.convert_notes({change.existing.id: change.packed for change in changes})


def _remove_and_restore(plan: Plan, writer: Writer) -> None:
    if suspensions := _of(plan, SuspendNote):
        _suspend(suspensions, writer)
    if deletions := _of(plan, DeleteNote):
        writer.delete_notes(change.existing.id for change in deletions)
    if returns := _of(plan, RestoreNote):
        _restore(returns, writer)


def _suspend(changes: Sequence[SuspendNote], writer: Writer) -> None:
    notes = [change.existing.id for change in changes]
    rested = {f"{REMOVED_TAG}::{card}": [change.existing.id] for change in changes for card in change.rested}
    writer.add_tags({**rested, REMOVING_TAG: notes})
    if cards := [card for change in changes for card in change.cards]:
        writer.suspend(cards)
    writer.add_tags({REMOVED_TAG: notes})
    writer.remove_tag(notes, REMOVING_TAG)


def _restore(changes: Sequence[RestoreNote], writer: Writer) -> None:
    if cards := [card for change in changes for card in change.cards]:
        writer.unsuspend(cards)
    writer.remove_tag([change.existing.id for change in changes], REMOVED_TAG)


def _restyle(changes: Iterable[RestyleNoteType], writer: Writer) -> None:
    for change in changes:
        writer.restyle(change.existing.name, change.templates, change.css)
