"""Which note each card is: GUIDs, creation and modification times, and the lock file that remembers them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence, Set
from types import MappingProxyType

from ankigen.data import Guid, Identity, KnownNoteType, Lock, Position, Style
from ankigen.identity.changelog import changes_since, extended_since
from ankigen.identity.evidence import (
    STORED_QUESTION,
    CardEvidence,
    evidence_of,
    guid_for,
    is_own_guid,
    ordinals_of,
)
from ankigen.identity.lock_file import (
    LOCK_NAME,
    format_lock,
    lock_text,
    new_lock,
    parse_lock,
    read_lock,
    read_lock_text,
    write_lock,
)
from ankigen.identity.lock_lines import LATEST
from ankigen.identity.matching import Matches, match
from ankigen.identity.recogniser import Recogniser
from ankigen.identity.recognition import Recognised, first_numbers, recognise
from ankigen.identity.similarity import similar_pairs
from ankigen.support.hashing import digest
from ankigen.support.structs import replace

__all__ = [
    "LOCK_NAME",
    "CardEvidence",
    "Matches",
    "Recognised",
    "Recogniser",
    "changes_since",
    "evidence_of",
    "extended_since",
    "first_numbers",
    "format_lock",
    "guid_for",
    "is_own_guid",
    "lock_text",
    "match",
    "new_lock",
    "ordinals_of",
    "parse_lock",
    "read_lock",
    "read_lock_text",
    "recognise",
    "settled_lock",
    "similar_pairs",
    "update_lock",
    "with_note_types",
    "with_style",
    "write_lock",
]

_MILLISECONDS_APART = 10
Recognise = Callable[[Lock, Set[Position]], Sequence[Recognised]]
"""Recognises cards by a lock, without those that make no note."""


def update_lock(
    recognised: Sequence[Recognised],
    contents: Mapping[Guid, str],
    lock: Lock,
    now: int,
    held: Container[Guid] = frozenset(),
    order: Mapping[Guid, int] = MappingProxyType({}),
) -> Lock:
    """Return the lock with these cards.

    `contents` are digests of the notes' content; a card without one makes no note. `now` is in milliseconds. An
    unchanged note keeps its times; a changed one becomes newer by at least a second, since Anki compares whole seconds.
    A known note without a card counts as removed, unless it is `held`: its card may be where nothing is readable now.
    New notes are created by the numbers in `order`, or else in the order of the cards.
    """
    noted = [card for card in recognised if card.guid in contents]
    new = sorted([card.guid for card in noted if card.known is None], key=lambda guid: order.get(guid, 0))
    creation_times = dict(zip(new, _creation_times(lock, now, len(new)), strict=True))
    identities = {}
    for card in noted:
        if card.known and _is_unchanged(card, card.known, contents[card.guid]):
            identities[card.guid] = card.known
            continue
        created = card.known.created if card.known else creation_times[card.guid]
        modified = _modified(card.known, contents[card.guid], now)
        identities[card.guid] = _identity(card, contents[card.guid], created, modified)
    present = {card.guid for card in recognised}
    for guid, identity in lock.identities.items():
        if guid not in identities:
            is_removed_now = guid not in held and guid not in present and identity.removed is None
            identities[guid] = replace(identity, removed=now // 1000) if is_removed_now else identity
    return Lock(lock.source_id, identities, lock.style, note_types=lock.note_types)


def settled_lock(
    recognised: Sequence[Recognised],
    contents: Mapping[Guid, str],
    lock: Lock,
    now: int,
    held: Container[Guid] = frozenset(),
    order: Mapping[Guid, int] = MappingProxyType({}),
    again: Recognise | None = None,
) -> Lock:
    """The lock as `update_lock` returns it, repeated until it no longer changes.

    The text of a faulty card is not stored, so it is matched again in each run; and which note it is can depend on
    which others are removed by now. `again` recognises the same cards by another lock.
    """
    updated = update_lock(recognised, contents, lock, now, held, order)
    faulty = {card.evidence.position for card in recognised if card.guid not in contents}
    while faulty and updated != lock:  # each turn but the last marks one more note as removed
        lock = updated
        cards = again(lock, faulty) if again else recognise([card.evidence for card in recognised], lock, faulty)[0]
        updated = update_lock(cards, contents, lock, now, held, order)
    return updated


def with_style(lock: Lock, css: str, now: int) -> Lock:
    """The lock with the user's own CSS; `now` is in milliseconds.

    A change is dated, because Anki imports a note type only if it is newer.
    """
    known, css_digest = lock.style, digest(css, length=16)
    if (known is None and not css.strip()) or (known and known.digest == css_digest):
        return lock
    changed = _later(known.changed, now) if known else now // 1000
    return replace(lock, style=Style(css_digest, changed))


def with_note_types(lock: Lock, used: Iterable[KnownNoteType]) -> Lock:
    """The lock with the user's note types that are in use; it keeps its entries of others."""
    records = {record.id: record for record in (*lock.note_types, *used)}
    return replace(lock, note_types=tuple(sorted(records.values(), key=lambda record: (record.name, record.id))))


def _creation_times(lock: Lock, now: int, count: int) -> Iterator[int]:
    """`count` unused creation times up to now, in milliseconds, far enough apart for a few card ids."""
    taken = {identity.created for identity in lock.identities.values()}
    free = (time for time in itertools.count(now, -_MILLISECONDS_APART) if time not in taken)
    return reversed(list(itertools.islice(free, count)))


def _is_unchanged(card: Recognised, known: Identity, content_digest: str) -> bool:
    """Whether the lock has all of this already: quick to check, and true for most cards."""
    evidence = card.evidence
    return (
        (content_digest, evidence.question_digest, evidence.answer_digest, evidence.page, evidence.id, evidence.kind)
        == (known.content_digest, known.question_digest, known.answer_digest, known.page, known.id, known.kind)
        and (card.ordinal, card.place, card.clozes) == (known.ordinal, known.place, known.clozes)
        and known.removed is None
    )


def _modified(known: Identity | None, content_digest: str, now: int) -> int:
    if known is None:
        return now // 1000
    if known.content_digest == content_digest:
        return known.modified
    return _later(known.modified, now)


def _later(known: int, now: int) -> int:
    """The time of a change, in seconds: now, but always later than the previous one, up to the lock's limit."""
    return min(max(now // 1000, known + 1), LATEST)


def _identity(card: Recognised, content_digest: str, created: int, modified: int) -> Identity:
    evidence = card.evidence
    return Identity(
        guid=card.guid,
        id=evidence.id,
        kind=evidence.kind,
        page=evidence.page,
        ordinal=card.ordinal,
        question=evidence.question[:STORED_QUESTION].rstrip(),
        question_digest=evidence.question_digest,
        answer_digest=evidence.answer_digest,
        content_digest=content_digest,
        created=created,
        modified=modified,
        clozes=card.clozes,
        place=card.place,
    )
