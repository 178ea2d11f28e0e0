"""Edits made in Anki, carried home into the notes."""

from __future__ import annotations

from collections.abc import Mapping

from ankigen import pulling
from ankigen import source as notes_source
from ankigen.api import clock
from ankigen.api.anki import plan_of, read_collection
from ankigen.api.notes import load_again
from ankigen.api.packages import write_lock
from ankigen.data import Desired, Plan, Pull
from ankigen.errors import ChangedMeanwhile
from ankigen.source import Rehearsal
from ankigen.support import files
from ankigen.support.structs import Struct
from ankigen.syncing import require_known
from ankigen.targets import PendingCollection, Target


class PlannedPull(Struct, frozen=True):
    """What can be carried home, and the plan of a sync that says what was edited."""

    plan: Plan
    pull: Pull


def plan_pull(
    desired: Desired, target: Target, pending: PendingCollection | None = None, *, with_tags: bool = False
) -> PlannedPull:
    """Work out which edits in Anki the notes can say; nothing is written, neither in Anki nor on disk.

    `pending` is what `begin_reading` began to read. `with_tags` are the tags that the reader gave as well. Raises
    `LockLost`: without its lock no card is known to be the note that was edited.
    """
    collection = read_collection(desired, target, pending)
    plan = plan_of(desired, collection)
    require_known(plan)
    now = clock.now()

    def read_as(instead: Mapping[str, bytes]) -> Desired:
        decks, tags = desired.selection.decks, desired.selection.tags
        return notes_source.load(desired.sources, now, lock=desired.lock, decks=decks, tags=tags, instead=instead)

    existing = collection.notes if with_tags else ()
    return PlannedPull(plan, pulling.plan_pull(desired, plan, Rehearsal(desired), read_as, existing))


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
