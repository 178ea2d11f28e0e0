"""Finds notes in Anki made by another tool or by hand, and takes them over with all their reviews."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from ankigen import source as notes_source
from ankigen.api import clock
from ankigen.api.anki import remember
from ankigen.api.notes import Sources, load_again, own_note_types, paths_of
from ankigen.api.packages import write_lock
from ankigen.data import (
    Adoption,
    AdoptionPlan,
    AdoptionWishes,
    Collection,
    ConvertNote,
    CreateNote,
    Desired,
    ExportedNote,
    Guid,
    Matched,
    NotAdopted,
    Outcome,
    Pair,
    Plan,
    Severity,
    WrittenMark,
)
from ankigen.errors import Interrupted
from ankigen.source import Progress, page_lines, take_out
from ankigen.support import files, folders
from ankigen.support.structs import Struct, replace
from ankigen.syncing import (
    Step,
    adopted_lock,
    apply_plan,
    marks_of,
    marks_of_adopted,
    match,
    plan_adoptions,
    plan_sync,
    recall_folders,
    with_guids,
)
from ankigen.targets import AdoptingTarget, Target

_KEY_FIELD, _UUID_FIELD = "AnkiOps Key", "uuid-type"
"""The fields by which AnkiOps and logseq-anki-sync identify their notes."""


class Found(Struct, frozen=True):
    """What was found in Anki for the notes, before a plan is made."""

    now: int
    desired: Desired
    collection: Collection
    managed: frozenset[Guid]
    matched: Matched


def find_adoptions(
    source: Sources | None,
    target: AdoptingTarget,
    query: str | None = None,
    *,
    decks: Sequence[str] = (),
    tags: Sequence[str] = (),
    is_similar: bool = False,
    progress: Progress = lambda _what, _done, _total: None,
) -> Found:
    """Find for each card the note in Anki that another tool made of it; nothing is written.

    `query` is an Anki search that limits the notes. With `is_similar`, similar questions match, too.
    """
    now = clock.now()
    desired = notes_source.load(paths_of(source), now, progress=progress, decks=decks, tags=tags)
    collection = target.read([note_type.id for note_type in own_note_types(desired)])
    managed = frozenset(note.guid for note in collection.notes)
    everyone = (*desired.notes, *desired.others)  # a note that matches two cards is neither's, whichever was selected
    notes = [note for note in everyone if note.identity.guid not in managed]
    others = [note for note in everyone if note.identity.guid in managed]
    matched = match(notes, target.read_foreign(query), _marks(desired), others, is_similar=is_similar)
    return Found(now, desired, collection, managed, _of_the_selection(matched, desired, managed))


def _of_the_selection(matched: Matched, desired: Desired, managed: AbstractSet[Guid]) -> Matched:
    """The part of a match of all cards that is about the selected ones."""
    if not desired.others:
        return matched
    chosen = {note.identity.guid for note in desired.notes} - managed
    pairs = tuple(pair for pair in matched.pairs if pair.note.identity.guid in chosen)
    ambiguous = tuple(doubt for doubt in matched.ambiguous if doubt.note.identity.guid in chosen)
    unmatched = len(chosen) - len(pairs) - len(ambiguous)
    return replace(matched, pairs=pairs, ambiguous=ambiguous, unmatched_notes=unmatched)


def _marks(desired: Desired, pages: AbstractSet[str] | None = None) -> dict[Guid, tuple[WrittenMark, ...]]:
    """The marks of all cards, or of those of some pages.

    Cards that are not selected still end the lines of the card before them.
    """
    notes = [note for note in (*desired.notes, *desired.others) if pages is None or note.position.path in pages]
    lines = page_lines(desired.root, {note.position.path for note in notes})
    errors = (problem.position for problem in desired.problems if problem.severity is Severity.ERROR)
    return marks_of(notes, lines, (*desired.cards, *errors))


def plan_adoption(
    found: Found, target: AdoptingTarget, wishes: AdoptionWishes, refused: Iterable[Pair] = ()
) -> AdoptionPlan:
    """Work out what an adoption would do, without the pairs that the user `refused`; nothing is written.

    Anki has to export the decks of the notes: only a package contains their GUIDs.
    """
    unwanted = {pair.existing.id for pair in refused}
    pairs = [pair for pair in found.matched.pairs if pair.existing.id not in unwanted]
    decks = {card.deck for pair in pairs for card in pair.existing.cards}
    exported = target.read_exported(found.collection.name, decks) if decks else {}
    pairs, left = with_guids(pairs, exported, found.desired.lock, found.managed)
    desired, adoptions, unfit = _planned(found, pairs, exported, wishes)
    if unfit:  # their cards keep their GUIDs
        refusals = {finding.pair.existing.id for finding in unfit}
        pairs = [pair for pair in pairs if pair.existing.id not in refusals]
        desired, adoptions, _ = _planned(found, pairs, exported, wishes)
    adopted = found.managed | {adoption.pair.existing.guid for adoption in adoptions}
    stored = found.desired.stored_lock.identities if found.desired.stored_lock else {}
    return AdoptionPlan(
        desired=desired,
        collection=found.collection.name,
        adoptions=tuple(adoptions),
        left=(*left, *unfit),
        matched=found.matched,
        published=sum(
            pair.note.identity.guid in stored and pair.note.identity.guid != pair.existing.guid for pair in pairs
        ),
        claimed=0 if adoptions or left or unfit else _claimed(found),
        marks=marks_of_adopted(desired.notes, _marks(desired), adopted) if wishes.cleans else {},
    )


def _claimed(found: Found) -> int:
    """How many cards are in Anki as ankigen's own notes, under another GUID or set: a sync takes those over."""
    desired, collection = found.desired, found.collection
    known = recall_folders(folders.state(), collection.name, desired.lock.source_id)
    return len(plan_sync(desired, collection, known.keys(), own=own_note_types(desired)).claims)


def _planned(
    found: Found, pairs: list[Pair], exported: Mapping[int, ExportedNote], wishes: AdoptionWishes
) -> tuple[Desired, list[Adoption], list[NotAdopted]]:
    """The notes with Anki's GUIDs, and the change for each pair."""
    lock = adopted_lock(found.desired.lock, pairs, found.now)
    desired = load_again(found.desired, found.now, lock)
    own = own_note_types(desired)
    adoptions, left = plan_adoptions(pairs, desired.notes, found.collection, exported, own, wishes)
    return desired, adoptions, left


def adopt(plan: AdoptionPlan, target: Target, progress: Callable[[Step], None] = lambda _: None) -> Outcome:
    """Write the lock, take the notes over, and read them back.

    If it is interrupted, the same command finishes it, from the lock. Raises `Interrupted` at Ctrl-C.
    """
    write_lock(_received(plan.desired, plan), is_locked=False)
    changes = tuple(adoption.conversion for adoption in plan.adoptions)
    work = Plan(changes=changes, collection=plan.collection)
    try:
        outcome = apply_plan(work, target, progress)
    except KeyboardInterrupt as interrupt:
        raise Interrupted from interrupt
    present = frozenset(change.packed.guid for change in outcome.done if change in changes)
    remember(plan.desired, Plan(present=present, collection=plan.collection))
    return outcome


def _received(desired: Desired, plan: AdoptionPlan) -> Desired:
    """The notes with the earlier lock plus the adopted notes.

    Nobody has the other cards of these notes yet. If the lock had their GUIDs, a later adoption (of another tool's
    notes) would warn about readers who have them.
    """
    adopted = {adoption.pair.existing.guid for adoption in plan.adoptions}
    known = adopted | (desired.stored_lock.identities.keys() if desired.stored_lock else set())
    identities = {guid: identity for guid, identity in desired.lock.identities.items() if guid in known}
    return replace(desired, lock=replace(desired.lock, identities=identities))


def count_held_by_others(desired: Desired, plan: Plan, target: AdoptingTarget) -> int:
    """How many of the notes that a sync would create another tool seems to have made, judged by its marks.

    Once Anki has some of these notes (one tool was adopted, the next not yet), only marks with a note id count.
    """
    created = {change.note.identity.guid: change.note for change in plan.changes if isinstance(change, CreateNote)}
    if not created:
        return 0
    pages = {note.position.path for note in created.values()}
    marks = [mark for guid, written in _marks(desired, pages).items() if guid in created for mark in written]
    note_ids = {mark.note_id for mark in marks if mark.note_id}
    if plan.present:
        return target.count_marked(note_ids, ()) if note_ids else 0
    has_ids = any(note.identity.id for note in created.values())
    fields = [_KEY_FIELD] * any(mark.key for mark in marks) + [_UUID_FIELD] * has_ids
    return min(target.count_marked(note_ids, fields), len(created)) if note_ids or fields else 0


def take_out_marks(plan: AdoptionPlan, outcome: Outcome) -> int:
    """Remove the marks of adopted notes from the pages, and return how many were removed.

    A mark stays if the page would mean something else without it, and so do all marks of a page whose duplicate cards
    would swap places. The lock is rewritten: cards that showed their mark have changed.
    """
    left = {change.packed.guid for change in outcome.undone if isinstance(change, ConvertNote)}
    by_path: defaultdict[str, list[WrittenMark]] = defaultdict(list)
    for guid, marks in plan.marks.items():
        for mark in marks if guid not in left else ():
            by_path[mark.position.path].append(mark)
    root = plan.desired.root
    before = {path: files.read(root / path) for path in by_path}
    counts = {path: take_out(root / path, before[path], marks) for path, marks in by_path.items()}
    taken_out = {path for path, count in counts.items() if count}
    while taken_out:
        desired = load_again(plan.desired, clock.now())
        moved = _pages_that_differ(plan.desired, desired)
        if not moved:
            write_lock(_received(desired, plan), is_locked=False)
            break
        restored = moved & taken_out or set(taken_out)
        for path in restored:
            files.replace(root / path, before[path])
        taken_out -= restored
    return sum(counts[path] for path in taken_out)


def _pages_that_differ(before: Desired, after: Desired) -> set[str]:
    """The pages whose notes, or their order, differ."""
    earlier, later = _guids_by_page(before), _guids_by_page(after)
    return {path for path in {*earlier, *later} if earlier.get(path) != later.get(path)}


def _guids_by_page(desired: Desired) -> dict[str, list[Guid]]:
    found: defaultdict[str, list[Guid]] = defaultdict(list)
    for note in (*desired.notes, *desired.others):
        found[note.position.path].append(note.identity.guid)
    return found
