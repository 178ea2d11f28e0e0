"""Connects to a running Anki, compares it with the notes, and syncs."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from ankigen import note_types, targets
from ankigen.api import clock
from ankigen.api.notes import load_again, own_note_types
from ankigen.api.packages import write_lock
from ankigen.data import Change, Collection, CreateNote, Desired, Guid, Outcome, Plan, Scheduling, Wishes
from ankigen.errors import Interrupted, UnfinishedAdoption
from ankigen.support import folders
from ankigen.support.structs import replace
from ankigen.syncing import (
    PristineNote,
    Step,
    apply_plan,
    extend_note_types,
    folder_of,
    is_adopted,
    plan_sync,
    pristine_notes,
    recall_folders,
    record_first_schedule,
    record_seen,
    seen_after,
    taken_over,
)
from ankigen.targets import AdoptingTarget, Ask, PendingCollection, ReviewedTarget, Target


def connect(url: str | None = None, to: str | None = None, ask: Ask | None = None) -> ReviewedTarget:
    """Connect to a running Anki at `url`, else ANKIGEN_ANKICONNECT_URL, with the key in ANKIGEN_ANKICONNECT_KEY.

    Or what `to` names: while Anki is closed, its collection, by the file or a profile; or a sync server of one's own,
    whose password `ask` asks for if neither ANKIGEN_SYNC_PASSWORD nor the keyring has it. Raises what prevents a
    sync, such as `AnkiNotRunning` or `CollectionOpen`.
    """
    target = targets.reach(url, to, ask)
    target.require_ready()
    return target


def begin_reading(
    url: str | None = None, to: str | None = None, ask: Ask | None = None
) -> tuple[AdoptingTarget, PendingCollection]:
    """Connect as `connect` does, without waiting until the target is ready: it is read while the notes are."""
    target = targets.reach(url, to, ask)
    return target, target.begin_reading(_note_type_ids())


def plan(
    desired: Desired, target: Target, wishes: Wishes | None = None, pending: PendingCollection | None = None
) -> Plan:
    """Work out what a sync would change; nothing is written, neither in Anki nor on disk.

    `pending` is what `begin_reading` began to read; without it the collection is read now.
    """
    pristine = pristine_notes(desired.notes)  # while Anki gathers
    return plan_of(desired, read_collection(desired, target, pending), wishes, pristine)


def read_collection(desired: Desired, target: Target, pending: PendingCollection | None = None) -> Collection:
    """What a plan has to know of Anki's data."""
    collection = pending.collection() if pending else target.read(_note_type_ids())
    collection = target.read_around(collection, {note.deck for note in desired.notes}, with_media=bool(desired.media))
    return with_own_types(desired, collection, target)


def plan_of(
    desired: Desired,
    collection: Collection,
    wishes: Wishes | None = None,
    pristine: Mapping[Guid, PristineNote] | None = None,
) -> Plan:
    """Work out what a sync would change of what was read."""
    known = recall_folders(folders.state(), collection.name, desired.lock.source_id)
    had = known.keys() or _buried(desired, collection)
    planned = plan_sync(desired, collection, had, wishes, own_note_types(desired), pristine, known)
    return _dated(planned, desired.scheduling) if desired.scheduling else planned


def _buried(desired: Desired, collection: Collection) -> frozenset[Guid]:
    """The notes that the reader deleted, as far as the collection tells: what a new machine, or CI, can know of it."""
    return frozenset(note.identity.guid for note in desired.notes if note.identity.created in collection.graves)


def with_own_types(desired: Desired, collection: Collection, target: Target) -> Collection:
    """The collection with the user's note types of which it has no note by ankigen.

    They are known only after the notes are read, and the collection may be read at the same time.
    """
    lacking = {made.note_type.id for made in desired.own if not made.fault} - {
        known.id for known in collection.note_types
    }
    if not lacking:
        return collection
    more = target.read(lacking, ()).note_types
    return replace(collection, note_types=(*collection.note_types, *more)) if more else collection


def _dated(plan: Plan, scheduling: Scheduling) -> Plan:
    """The plan with today's date in the zone of the schedules, so that it shows which cards are due."""
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - most notes have no schedules

    moment = datetime.fromtimestamp(clock.now() / 1000, ZoneInfo(scheduling.zone))
    return dataclasses.replace(plan, schedules_from=scheduling.tool, today=moment.date())


def take_over(desired: Desired, plan: Plan) -> Desired:
    """Read the notes again, with the GUIDs from Anki for cards that a plan has claims for; nothing is written.

    Plan again afterwards, with `is_adopting`, and with this plan as `taken_over`.
    """
    lock = taken_over(plan.claims, plan.claimed_types, desired)
    return load_again(desired, clock.now(), lock)


def extend(plan: Plan, target: Target) -> None:
    """Add this ankigen's new fields to note types; plan again afterwards. AnkiWeb then needs a full sync."""
    extend_note_types(plan, target)


def require_adopted(plan: Plan, target: AdoptingTarget) -> None:
    """Raise `UnfinishedAdoption` if the plan would create notes that an interrupted adoption has yet to take over."""
    created = [change.note for change in plan.changes if isinstance(change, CreateNote)]
    note_ids = {note.identity.created for note in created if is_adopted(note)}
    if note_ids and (waiting := target.count_marked(note_ids, ())):
        raise UnfinishedAdoption(waiting)


def sync(
    desired: Desired, plan: Plan, target: AdoptingTarget, progress: Callable[[Step], None] = lambda _: None
) -> Outcome:
    """Apply a plan, read it back, and remember which notes this collection has had.

    `progress` is called as each step begins. Raises `UnfinishedAdoption`, and `Interrupted` at Ctrl-C: part of the plan
    may be done then.
    """
    require_adopted(plan, target)
    write_lock(desired, is_locked=False)
    try:
        outcome = apply_plan(plan, target, progress)
    except KeyboardInterrupt as interrupt:
        raise Interrupted from interrupt
    remember(desired, plan, outcome.done)
    return outcome


def is_first_schedule(desired: Desired, plan: Plan, outcome: Outcome) -> bool:
    """Whether this collection got schedules of these notes for the first time; true once, since it is remembered.

    Raises `CannotWrite` if it cannot be.
    """
    brought = any(isinstance(change, CreateNote) and change.packed.schedules for change in outcome.done)
    return brought and record_first_schedule(folders.state(), plan.collection, desired.lock.source_id)


def remember(desired: Desired, plan: Plan, done: Iterable[Change] = ()) -> None:
    """Remember which notes the collection has had, even if the sync changed nothing."""
    state, source_id = folders.state(), desired.lock.source_id
    known = recall_folders(state, plan.collection, source_id)
    now = seen_after(known.keys(), plan, done)
    places = known | {note.identity.guid: folder_of(note) for note in desired.notes}
    if {guid: places.get(guid, "") for guid in now} != known:
        record_seen(state, plan.collection, source_id, now, places)


def _note_type_ids() -> list[int]:
    return [note_type.id for note_type in note_types.note_types()]
