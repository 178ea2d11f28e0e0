"""Which note each card is: GUIDs, creation and modification times, and the lock file that remembers them."""

from __future__ import annotations

import itertools
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence, Set
from types import MappingProxyType

from ankigen.data import ClozeNumber, Guid, Identity, KnownNoteType, Lock, Position, Problem, Severity, SourceId, Style
from ankigen.identity.changelog import changes_since, extended_since
from ankigen.identity.cloze_numbers import number_clozes
from ankigen.identity.evidence import (
    STORED_QUESTION,
    CardEvidence,
    doubled_ids,
    evidence_of,
    guid_for,
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
from ankigen.identity.places import places
from ankigen.identity.similarity import similar_pairs
from ankigen.support.hashing import digest
from ankigen.support.structs import Struct, replace

__all__ = [
    "LOCK_NAME",
    "CardEvidence",
    "Matches",
    "Recognised",
    "changes_since",
    "evidence_of",
    "extended_since",
    "first_numbers",
    "format_lock",
    "guid_for",
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


class Recognised(Struct, frozen=True):
    """A card with its GUID, its entry in the lock, and the numbers of its clozes.

    `ordinal` distinguishes equal questions on a page, `place` grows down the page.
    """

    evidence: CardEvidence
    ordinal: int
    place: int
    guid: Guid
    known: Identity | None
    clozes: tuple[ClozeNumber, ...]


def recognise(
    cards: Sequence[CardEvidence], lock: Lock, faulty: Set[Position] = frozenset()
) -> tuple[list[Recognised], list[Problem]]:
    """Find which note each card is; `cards` and the result are in reading order. `faulty` cards make no note.

    Problems have the positions of the cards; only the card blocks know the exact spot.
    """
    ordinals = ordinals_of(cards)
    matches = match(cards, list(lock.identities.values()), ordinals, faulty)
    taken = set(lock.identities)
    sound = [(evidence, matches.known.get(evidence.position)) for evidence in cards if evidence.position not in faulty]
    its_places = places([(evidence.page, known) for evidence, known in sound])
    place_of = {evidence.position: place for (evidence, _), place in zip(sound, its_places, strict=True)}
    recognised = []
    for evidence in cards:
        known = matches.known.get(evidence.position)
        ordinal = ordinals[evidence.position]
        place = place_of.get(evidence.position, known.place or 0 if known else 0)
        guid = known.guid if known else _new_guid(evidence, ordinal, lock.source_id, taken)
        taken.add(guid)
        clozes = number_clozes(evidence.clozes, known.clozes if known else ())
        recognised.append(Recognised(evidence, ordinal, place, guid, known, clozes))
    ambiguous = (_ambiguous(evidence, candidates) for evidence, candidates in matches.ambiguous)
    return recognised, [*doubled_ids(cards), *ambiguous]


def first_numbers(evidence: CardEvidence) -> tuple[int, ...]:
    """The cloze numbers of a card that is new."""
    return tuple(cloze.number for cloze in number_clozes(evidence.clozes, ()))


def _new_guid(evidence: CardEvidence, ordinal: int, source_id: SourceId, taken: Container[Guid]) -> Guid:
    """An `id::` is the GUID itself; else it is derived, again and again until it is not taken.

    The source is included: two authors may ask the same on a page of the same name, and have a reader in common.
    """
    if evidence.id is not None and evidence.id not in taken:
        return Guid(evidence.id)
    parts, attempts = (source_id, evidence.page, evidence.question, str(ordinal)), itertools.count(1)
    guid = guid_for(*parts)
    while guid in taken:
        guid = guid_for(*parts, str(next(attempts)))
    return guid


def _ambiguous(evidence: CardEvidence, candidates: Sequence[Identity]) -> Problem:
    known = ", ".join(f'"{identity.question}"' for identity in candidates)
    message = (
        f"cannot tell which earlier card this is ({known}): treated as new; "
        "change one thing at a time to keep its history"
    )
    return Problem(evidence.position, Severity.WARNING, "ambiguous-identity", message)


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
) -> Lock:
    """The lock as `update_lock` returns it, repeated until it no longer changes.

    The text of a faulty card is not stored, so it is matched again in each run; and which note it is can depend on
    which others are removed by now.
    """
    updated = update_lock(recognised, contents, lock, now, held, order)
    faulty = {card.evidence.position for card in recognised if card.guid not in contents}
    while faulty and updated != lock:  # each turn but the last marks one more note as removed
        lock = updated
        again, _ = recognise([card.evidence for card in recognised], lock, faulty)
        updated = update_lock(again, contents, lock, now, held, order)
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
