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
from ankigen.syncing.existing import ExistingIndex, is_of
from ankigen.syncing.plan_note_types import note_type_findings
from ankigen.syncing.plan_notes import note_findings
from ankigen.syncing.plan_removals import removals
from ankigen.syncing.pristine import PristineNote, pristine_notes

_SAFE_REMOVALS = 10
_SAFE_SHARE = 0.1


def plan_sync(
    desired: Desired,
    collection: Collection,
    known: AbstractSet[Guid] = frozenset(),
    wishes: Wishes | None = None,
    own: Sequence[NoteType] | None = None,
    pristine: Mapping[Guid, PristineNote] | None = None,
) -> Plan:
    """Work out what makes `collection` match `desired` without touching what the reader did.

    `known` are the notes that this collection has had before: those that it lacks now the reader deleted. `own` are
    the note types with the user's CSS. `pristine` is what `pristine_notes` returns for the notes, if that is known.
    """
    wishes = wishes or Wishes()
    own = own or note_types.note_types()
    existing = ExistingIndex.of(desired, collection, own, pristine or pristine_notes(desired.notes))
    findings: list[Change | Notice] = [*note_type_findings(existing, wishes)]
    for note in desired.notes:
        findings += note_findings(note, existing, known, wishes)
    findings += removals(desired, existing, wishes)
    findings += _media(desired, collection, findings)
    findings += _left_alone(collection, existing)
    present = frozenset(guid for guid, base in existing.bases.items() if is_of(base, desired))
    return Plan(
        changes=tuple(finding for finding in findings if isinstance(finding, Change)),
        notices=tuple(finding for finding in findings if isinstance(finding, Notice)),
        managed=len(present),
        present=present,
        collection=collection.name,
    )


def require_safe(plan: Plan) -> None:
    """Raise `TooManyRemovals` if a plan removes more than ten notes, and more than a tenth of those in Anki."""
    if plan.removals > _SAFE_REMOVALS and plan.removals > _SAFE_SHARE * plan.managed:
        raise TooManyRemovals(plan.removals, plan.managed)


def _media(desired: Desired, collection: Collection, findings: Iterable[Change | Notice]) -> Iterator[SendMedia]:
    """Send the files that Anki lacks, of styles, too, but for those that only notes show which will not be created."""
    blocked = {
        finding.note.identity.guid
        for finding in findings
        if isinstance(finding, LeftAlone) and finding.note and not finding.existing
    }
    shown = {name for note in desired.notes if note.identity.guid not in blocked for name in note.media}
    for file in desired.media:
        if (file.name in shown or file.is_of_style) and file.name not in collection.media:
            yield SendMedia(file)


def _left_alone(collection: Collection, existing: ExistingIndex) -> Iterator[LeftAlone]:
    """Name the copies that the reader made of notes, and the notes that lost their cards."""
    yield from (LeftAlone(Reason.COPY, existing=copy) for copy in existing.copies)
    yield from (LeftAlone(Reason.CARDLESS, detail=str(note)) for note in collection.cardless)
