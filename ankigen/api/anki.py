"""A running Anki, reached, compared with the notes, and kept in step with them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable

from ankigen import outputs
from ankigen.api.notes import own_note_types
from ankigen.api.packages import write_lock
from ankigen.data import Change, Collection, Desired, Outcome, Plan, Wishes
from ankigen.errors import Interrupted
from ankigen.support import folders
from ankigen.syncing import (
    Step,
    apply_plan,
    extend_note_types,
    first_writings,
    had,
    plan_sync,
    recall_seen,
    record_seen,
)
from ankigen.targets import DEFAULT_URL, Ahead, AnkiConnect


def connect(url: str | None = None) -> AnkiConnect:
    """Reach a running Anki: at `url`, else ANKIGEN_ANKICONNECT_URL, with the key in ANKIGEN_ANKICONNECT_KEY."""
    anki = _at(url)
    anki.require_ready()
    return anki


def read_ahead(url: str | None = None) -> tuple[AnkiConnect, Ahead]:
    """Reach a running Anki as `connect` does, and begin to read it: it gathers what it has while the notes are read."""
    anki = _at(url)
    return anki, anki.read_ahead(_own_note_types)


def read(anki: AnkiConnect) -> Collection:
    """Read the notes that carry a GUID, with their cards and note types, and our note types in any case."""
    return anki.read(_own_note_types())


def plan(desired: Desired, anki: AnkiConnect, wishes: Wishes | None = None, ahead: Ahead | None = None) -> Plan:
    """Work out what a sync would change; nothing is written, neither in Anki nor on disk.

    `ahead` is what `read_ahead` began to read; without it the collection is read now.
    """
    writings = first_writings(desired.notes)  # while Anki gathers
    seen = ahead.collection() if ahead else read(anki)
    existing = anki.read_around(seen, {note.deck for note in desired.notes}, with_media=bool(desired.media))
    known = recall_seen(folders.state(), existing.name, desired.lock.source_id)
    return plan_sync(desired, existing, known, wishes, own_note_types(desired), writings)


def extend(plan: Plan, anki: AnkiConnect) -> None:
    """Give note types the fields that this ankigen has; plan again afterwards, for AnkiWeb wants a full sync then."""
    extend_note_types(plan, anki)


def sync(desired: Desired, plan: Plan, anki: AnkiConnect, tell: Callable[[Step], None] = lambda _: None) -> Outcome:
    """Do what a plan says, read it back, and remember which notes this collection has had."""
    write_lock(desired, is_locked=False)
    try:
        outcome = apply_plan(plan, anki.beside(plan.collection), outputs.pack, tell)
    except KeyboardInterrupt as interrupt:
        raise Interrupted from interrupt
    remember(desired, plan, outcome.done)
    return outcome


def remember(desired: Desired, plan: Plan, done: Iterable[Change] = ()) -> None:
    """Remember which notes the collection has had; a sync does so even when there was nothing to do."""
    state, source_id = folders.state(), desired.lock.source_id
    known = recall_seen(state, plan.collection, source_id)
    if (now := had(known, plan, done)) != known:
        record_seen(state, plan.collection, source_id, now)


def _at(url: str | None) -> AnkiConnect:
    return AnkiConnect(
        url or os.environ.get("ANKIGEN_ANKICONNECT_URL") or DEFAULT_URL,
        os.environ.get("ANKIGEN_ANKICONNECT_KEY"),
        folder=folders.cache(),
    )


def _own_note_types() -> list[int]:
    from ankigen import note_types  # noqa: PLC0415 - Anki is asked before

    return [one.id for one in note_types.note_types()]
