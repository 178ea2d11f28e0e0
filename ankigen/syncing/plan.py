"""Plans a sync: a function of what the notes ask for and what was read from Anki."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from ankigen import note_types
from ankigen.data import (
    Change,
    Collection,
    Desired,
    Guid,
    LeftAlone,
    NoteType,
    Notice,
    Plan,
    Reason,
    SendMedia,
    Wishes,
)
from ankigen.errors import TooManyRemovals
from ankigen.syncing.existing import Here, is_of
from ankigen.syncing.plan_note_types import note_type_findings
from ankigen.syncing.plan_notes import note_findings
from ankigen.syncing.plan_removals import removals
from ankigen.syncing.pristine import Writing, first_writings

__all__ = ["first_writings", "plan_sync", "require_safe"]

_SAFE_REMOVALS = 10
_SAFE_SHARE = 0.1


def plan_sync(
    desired: Desired,
    existing: Collection,
    known: AbstractSet[Guid] = frozenset(),
    wishes: Wishes | None = None,
    own: Sequence[NoteType] | None = None,
    writings: Mapping[Guid, Writing] | None = None,
) -> Plan:
    """Work out what makes `existing` match `desired` without touching what the reader did.

    `known` are the notes that this collection has had before: those that it lacks now the reader deleted. `own` are
    the note types as they shall look; `writings` are the notes' first ones, where they are known already.
    """
    wishes = wishes or Wishes()
    at = Here.of(desired, existing, own or note_types.note_types(), writings or first_writings(desired.notes))
    findings: list[Change | Notice] = [*note_type_findings(at, wishes)]
    for note in desired.notes:
        findings += note_findings(note, at, known, wishes)
    findings += removals(desired, at, wishes)
    findings += _media(desired, existing, findings)
    findings += [LeftAlone(Reason.COPY, existing=copy) for copy in at.copies]
    findings += [LeftAlone(Reason.CARDLESS, detail=str(note)) for note in existing.cardless]
    present = frozenset(guid for guid, base in at.bases.items() if is_of(base, desired))
    return Plan(
        changes=tuple(one for one in findings if isinstance(one, Change)),
        notices=tuple(one for one in findings if isinstance(one, Notice)),
        managed=len(present),
        present=present,
        collection=existing.name,
    )


def require_safe(plan: Plan) -> None:
    """Refuse a plan that takes away many notes, and a large share of them."""
    if plan.removals > _SAFE_REMOVALS and plan.removals > _SAFE_SHARE * plan.managed:
        raise TooManyRemovals(plan.removals, plan.managed)


def _media(desired: Desired, existing: Collection, findings: Iterable[Change | Notice]) -> Iterator[SendMedia]:
    """Send the files that Anki lacks and that a note shows which is not left alone."""
    blocked = {
        one.note.identity.guid for one in findings if isinstance(one, LeftAlone) and one.note and not one.existing
    }
    shown = {name for note in desired.notes if note.identity.guid not in blocked for name in note.media}
    lacking = shown - existing.media
    yield from (SendMedia(file) for file in desired.media if file.name in lacking)
