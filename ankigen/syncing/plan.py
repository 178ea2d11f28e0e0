"""Plans a sync: a pure function of the notes and the data read from Anki."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from ankigen import note_types
from ankigen.data import (
    Change,
    Collection,
    DeleteNote,
    Desired,
    ExistingNote,
    Guid,
    Html,
    LeftAlone,
    Note,
    NoteType,
    Notice,
    Plan,
    Reason,
    SendMedia,
    SuspendNote,
    Wishes,
)
from ankigen.errors import FolderGone, LockLost, TooManyPagesGone, TooManyRemovals
from ankigen.support.normal_forms import deck_key
from ankigen.syncing.claims import claimed_types, claims_of
from ankigen.syncing.existing import ExistingIndex, is_of
from ankigen.syncing.plan_note_types import note_type_findings
from ankigen.syncing.plan_notes import note_findings
from ankigen.syncing.plan_removals import removals
from ankigen.syncing.pristine import PristineNote, pristine_notes

_SAFE_REMOVALS = 10
_SAFE_PAGES = 1
_SAFE_SHARE = 0.1


def plan_sync(
    desired: Desired,
    collection: Collection,
    known: AbstractSet[Guid] = frozenset(),
    wishes: Wishes | None = None,
    own: Sequence[NoteType] | None = None,
    pristine: Mapping[Guid, PristineNote] | None = None,
    folders: Mapping[Guid, str] | None = None,
) -> Plan:
    """Work out what makes `collection` match `desired` without touching the user's changes.

    `known` are the notes that this collection has had before: the user deleted those that it now lacks. `own` are the
    note types with the user's CSS. `pristine` is the result of `pristine_notes`, if known. `folders` are those of the
    notes at the last sync, as `folder_of` names them.
    """
    wishes = wishes or Wishes()
    own = own or note_types.note_types()
    existing = ExistingIndex.of(desired, collection, own, pristine or pristine_notes(desired.notes))
    findings: list[Change | Notice] = [*note_type_findings(existing, wishes)]
    claims = claims_of(desired, existing, known, wishes)
    for note in desired.notes:
        if (claimed := claims.notes.get(note.identity.guid)) is not None:
            findings.append(LeftAlone(Reason.LOST_LOCK, note, claimed, _source_of(claimed, existing)))
        else:
            findings += note_findings(note, existing, known, wishes)
    findings += (*claims.ambiguous, *claims.unclaimed)
    findings += removals(desired, existing, wishes, {note.guid for note in claims.notes.values()})
    findings += _media(desired, collection, findings)
    findings += _left_alone(collection, existing)
    present = frozenset(guid for guid, base in existing.bases.items() if is_of(base, desired))
    return Plan(
        changes=tuple(finding for finding in findings if isinstance(finding, Change)),
        notices=tuple(finding for finding in findings if isinstance(finding, Notice)),
        managed=len(present),
        present=present,
        collection=collection.name,
        emptied=len(_pages_of(_taken(findings), desired) & desired.folder.gone),
        pages=len(_pages_of(present, desired)),
        gone_folder=_gone_folder(findings, desired, folders or {}),
        claims=claims.notes,
        lost=claims.lost,
        claimed_types=claimed_types(claims.notes, existing),
        descriptions=_descriptions(desired, collection),
    )


def _source_of(note: ExistingNote, existing: ExistingIndex) -> str:
    base = existing.bases[note.guid]
    return base.source_id if base else ""


def _descriptions(desired: Desired, collection: Collection) -> Mapping[str, Html]:
    """Only those of new decks: the user's own description of an existing one would be overwritten unseen."""
    known = set(map(deck_key, collection.decks)) if desired.descriptions else set()
    return {deck: html for deck, html in desired.descriptions.items() if deck_key(deck) not in known}


def folder_of(note: Note) -> str:
    """The folder of a note's page; empty for the root of the notes."""
    return note.position.path.rpartition("/")[0]


def _gone_folder(findings: Iterable[Change | Notice], desired: Desired, folders: Mapping[Guid, str]) -> str:
    """A folder that is gone with all its pages, perhaps because a disk is not mounted; empty if there is none."""
    taken = {folders.get(guid, "") for guid in _taken(findings)}
    return min((folder for folder in taken if folder and folder not in desired.folder.folders), default="")


def _taken(findings: Iterable[Change | Notice]) -> Iterator[Guid]:
    """The notes that a plan removes."""
    return (finding.existing.guid for finding in findings if isinstance(finding, SuspendNote | DeleteNote))


def _pages_of(guids: Iterable[Guid], desired: Desired) -> set[str]:
    """The pages of these notes, according to the lock."""
    identities = desired.lock.identities
    return {identities[guid].page for guid in guids if guid in identities}


def require_safe(plan: Plan) -> None:
    """Raise if a plan removes so much that the notes may just be missing on this machine.

    `TooManyRemovals`: more than ten notes, and more than a tenth of those in Anki. `TooManyPagesGone`: all notes of
    more than one page, and of more than a tenth of the pages with notes in Anki. `FolderGone`: all notes of a folder
    that no longer exists or is empty.
    """
    if plan.removals > _SAFE_REMOVALS and plan.removals > _SAFE_SHARE * plan.managed:
        raise TooManyRemovals(plan.removals, plan.managed)
    if plan.emptied > _SAFE_PAGES and plan.emptied > _SAFE_SHARE * plan.pages:
        raise TooManyPagesGone(plan.emptied, plan.pages)
    if plan.gone_folder:
        raise FolderGone(plan.gone_folder)


def require_known(plan: Plan) -> None:
    """Raise `LockLost` if the lock of all these notes was lost: a partial sync would duplicate notes later."""
    if plan.lost is not None:
        raise LockLost(len(plan.claims), plan.lost)


def _media(desired: Desired, collection: Collection, findings: Iterable[Change | Notice]) -> Iterator[SendMedia]:
    """Send the files that Anki lacks, also of styles, except those used only in notes that will not be created."""
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
    """List the duplicates that the user made of notes, and the notes without cards."""
    yield from (LeftAlone(Reason.COPY, existing=copy) for copy in existing.copies)
    yield from (LeftAlone(Reason.CARDLESS, detail=str(note)) for note in collection.cardless)
