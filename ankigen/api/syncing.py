"""A running Anki, kept in step with the notes."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ankigen import folders, memory, package
from ankigen.anki_connect import Ahead, AnkiConnect
from ankigen.api.connecting import read
from ankigen.api.loading import own_note_types
from ankigen.api.packages import write_lock
from ankigen.apply import Step, apply_plan, extend_note_types, had
from ankigen.data import Change, Desired, Outcome, Plan, Wishes
from ankigen.errors import Interrupted
from ankigen.planning import first_writings, plan_sync


def plan(desired: Desired, anki: AnkiConnect, wishes: Wishes | None = None, ahead: Ahead | None = None) -> Plan:
    """Work out what a sync would change; nothing is written, neither in Anki nor on disk.

    `ahead` is what `read_ahead` began to read; without it the collection is read now.
    """
    writings = first_writings(desired.notes)  # while Anki gathers
    seen = ahead.collection() if ahead else read(anki)
    existing = anki.read_around(seen, {note.deck for note in desired.notes}, with_media=bool(desired.media))
    known = memory.recall(folders.state(), existing.name, desired.lock.source_id)
    return plan_sync(desired, existing, known, wishes, own_note_types(desired), writings)


def extend(plan: Plan, anki: AnkiConnect) -> None:
    """Give note types the fields that this ankigen has; plan again afterwards, for AnkiWeb wants a full sync then."""
    extend_note_types(plan, anki)


def sync(desired: Desired, plan: Plan, anki: AnkiConnect, tell: Callable[[Step], None] = lambda _: None) -> Outcome:
    """Do what a plan says, read it back, and remember which notes this collection has had."""
    write_lock(desired, is_locked=False)
    try:
        outcome = apply_plan(plan, anki.beside(plan.collection), package.pack, tell)
    except KeyboardInterrupt as interrupt:
        raise Interrupted from interrupt
    remember(desired, plan, outcome.done)
    return outcome


def remember(desired: Desired, plan: Plan, done: Iterable[Change] = ()) -> None:
    """Remember which notes the collection has had; a sync does so even when there was nothing to do."""
    state, source_id = folders.state(), desired.lock.source_id
    known = memory.recall(state, plan.collection, source_id)
    if (now := had(known, plan, done)) != known:
        memory.remember(state, plan.collection, source_id, now)
