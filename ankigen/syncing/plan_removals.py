"""Plans removals: notes in Anki without a card block, and which of their cards come back later."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from ankigen.data import (
    Change,
    DeleteNote,
    Desired,
    ExistingNote,
    Guid,
    LeftAlone,
    Notice,
    Reason,
    Severity,
    SuspendNote,
    Wishes,
)
from ankigen.note_types import REMOVED_TAG, REMOVING_TAG
from ankigen.rules import OF_ABSENCE
from ankigen.support.normal_forms import tag_key
from ankigen.syncing.existing import ExistingIndex, is_of

_RESTED = re.compile(re.escape(REMOVED_TAG) + r"::(?P<card>\d+)", re.IGNORECASE)


def removals(
    desired: Desired, existing: ExistingIndex, wishes: Wishes, claimed: AbstractSet[Guid] = frozenset()
) -> Iterator[Change | Notice]:
    """Suspend or delete notes that ankigen made and whose card blocks are gone.

    Nothing is removed if only a part of the notes was read; if they have errors, each such note gives a notice. Notes
    of a page that is absent for now are left alone, and nothing at all is deleted while there is such a page: a card
    may have been moved there. Notes `claimed` by a card are not removed, either.
    """
    wanted = {note.identity.guid for note in desired.notes} | claimed
    gone = [
        note for guid, note in existing.notes.items() if guid not in wanted and is_of(existing.bases[guid], desired)
    ]
    if not desired.selection.is_whole:
        return
    has_faulty_cards = any(
        problem.severity is Severity.ERROR and problem.rule not in OF_ABSENCE for problem in desired.problems
    )
    for note in gone:
        is_unknown = note.guid not in desired.lock.identities and not desired.folder.is_whole
        if note.guid in desired.folder.held or is_unknown or (wishes.is_deleting and not desired.folder.is_whole):
            reason = Reason.ELSEWHERE
        elif has_faulty_cards:
            reason = Reason.NOTES_HAVE_ERRORS
        elif wishes.is_deleting:
            yield DeleteNote(note)
            continue
        else:
            reason = None
        if not _is_removed(note):
            yield LeftAlone(reason, existing=note) if reason else _suspension(note)


def _is_removed(note: ExistingNote) -> bool:
    """Whether a removed note was fully suspended; if that was interrupted, it still has `REMOVING_TAG`."""
    tags = {*map(tag_key, note.tags)}
    return REMOVED_TAG in tags and REMOVING_TAG not in tags


def _suspension(note: ExistingNote) -> SuspendNote:
    is_cut_off = REMOVING_TAG in map(tag_key, note.tags)
    rested = _rested(note) if is_cut_off else {card.id for card in note.cards if card.is_suspended}
    cards = tuple(card.id for card in note.cards if not card.is_suspended)
    return SuspendNote(note, cards, tuple(sorted(rested)))


def _rested(note: ExistingNote) -> set[int]:
    """The ids of the cards that the user had suspended before the note was removed, from its tags."""
    return {int(match["card"]) for tag in note.tags if (match := _RESTED.fullmatch(tag))}


def suspended_by_ankigen(note: ExistingNote) -> tuple[int, ...]:
    """The ids of the cards that ankigen suspended."""
    rested = _rested(note)
    return tuple(card.id for card in note.cards if card.is_suspended and card.id not in rested)
