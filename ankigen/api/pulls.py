"""Edits made in Anki, carried home into the notes."""

from __future__ import annotations

import dataclasses
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from ankigen import pulling
from ankigen import source as notes_source
from ankigen.api import clock
from ankigen.api.anki import plan_of, read_collection
from ankigen.api.notes import load_again
from ankigen.api.packages import write_lock
from ankigen.data import Desired, ExistingNote, Guid, LeftAlone, Note, Notice, Plan, Pull, Side
from ankigen.errors import ChangedMeanwhile, NoSuchNote
from ankigen.source import Rehearsal
from ankigen.support import files
from ankigen.support.structs import Struct
from ankigen.syncing import require_known
from ankigen.targets import PendingCollection, Target

_FEW = 20
"""How many edited notes are tried only to count those that can be pulled: each takes about a fortieth of a second."""


class PlannedPull(Struct, frozen=True):
    """What can be carried home, and the plan of a sync that says what was edited."""

    plan: Plan
    pull: Pull


def plan_pull(
    desired: Desired,
    target: Target,
    pending: PendingCollection | None = None,
    *,
    with_tags: bool = False,
    prefer: Side | None = None,
    only: Collection[str] = (),
) -> PlannedPull:
    """Work out which edits in Anki the notes can say; nothing is written, neither in Anki nor on disk.

    `pending` is what `begin_reading` began to read. `with_tags` are the tags that the reader gave as well. With
    `Side.ANKI` what both sides changed is carried home, too. `only` names notes, each by its GUID or as a plan does,
    like `optics.md:3`, or all of a page, like `optics.md`. Raises `NoSuchNote`, and `LockLost`: without its lock no
    card is known to be the note that was edited.
    """
    chosen = _chosen(desired, only)
    collection = read_collection(desired, target, pending)
    plan = plan_of(desired, collection)
    require_known(plan)
    existing = collection.notes if with_tags else ()
    if chosen is not None:
        plan = dataclasses.replace(plan, notices=tuple(notice for notice in plan.notices if _guid_of(notice) in chosen))
        existing = tuple(note for note in existing if note.guid in chosen)
    return PlannedPull(plan, _pull_of(desired, plan, existing, prefer))


def pull_of_few(desired: Desired, plan: Plan) -> Pull | None:
    """What a pull would write, unless it takes long to find out, or has to wait until notes are taken over."""
    return _pull_of(desired, plan) if 0 < len(plan.kept_edits) <= _FEW and not plan.adopted else None


def _pull_of(desired: Desired, plan: Plan, existing: Sequence[ExistingNote] = (), prefer: Side | None = None) -> Pull:
    """Work out which of the edits that the plan of a sync tells of the notes can say, and which tags of `existing`."""
    now = clock.now()

    def read_as(instead: Mapping[str, bytes]) -> Desired:
        decks, tags = desired.selection.decks, desired.selection.tags
        return notes_source.load(desired.sources, now, lock=desired.lock, decks=decks, tags=tags, instead=instead)

    rehearsal, has_conflicts = Rehearsal(desired), prefer is Side.ANKI
    return pulling.plan_pull(desired, plan, rehearsal, read_as, existing, has_conflicts=has_conflicts)


def _chosen(desired: Desired, only: Collection[str]) -> frozenset[Guid] | None:
    """The notes that are named; nothing if none is, which means all."""
    if not only:
        return None
    by_name: defaultdict[str, set[Guid]] = defaultdict(set)
    for note in desired.notes:
        for name in _names_of(note):
            by_name[_key(name)].add(note.identity.guid)
    if unknown := [name for name in only if _key(name) not in by_name]:
        raise NoSuchNote(unknown[0])
    return frozenset(guid for name in only for guid in by_name[_key(name)])


def _key(name: str) -> str:
    """A name as it is compared: a keyboard writes `é` in one way, and some file systems in the other."""
    return unicodedata.normalize("NFC", name)


def _names_of(note: Note) -> tuple[str, str, str]:
    path = note.position.path
    return note.identity.guid, path, f"{path}:{note.position.line}"


def _guid_of(notice: Notice) -> Guid | None:
    return None if isinstance(notice, LeftAlone) else notice.note.identity.guid


def write_pull(desired: Desired, pull: Pull) -> Desired:
    """Write the files of a pull, and then the lock file, and return the notes as they are now.

    The lock file is brought up to date first: whatever is cut off, each card is known by what it says then. Raises
    `ChangedMeanwhile` if a file is not what it was when it was read; nothing is written then.
    """
    for file in pull.files:
        files.require_replaceable(desired.root / file.path)
    _require_unchanged(desired, pull)
    write_lock(desired, is_locked=False)
    with files.together() as replaced:
        for file in pull.files:
            replaced(desired.root / file.path, file.after)
        _require_unchanged(desired, pull)
    now = load_again(desired, clock.now())
    for file in pull.files:
        if files.read(desired.root / file.path) != file.after:
            raise ChangedMeanwhile(desired.root / file.path)
    write_lock(now, is_locked=False)
    return now


def _require_unchanged(desired: Desired, pull: Pull) -> None:
    for file in pull.files:
        if files.read(desired.root / file.path) != file.before:
            raise ChangedMeanwhile(desired.root / file.path)
