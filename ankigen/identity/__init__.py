"""Which note each card is: GUIDs, creation and modification times, and the lock file that remembers them."""

from __future__ import annotations

import itertools
from collections.abc import Container, Iterator, Mapping, Sequence

from ankigen.data import ClozeNumber, Guid, Identity, Lock, Problem, Severity, Style
from ankigen.identity.changelog import changes_since
from ankigen.identity.cloze_numbers import number
from ankigen.identity.evidence import STORED_QUESTION, Claim, claim_of, doubled_ids, guid_for
from ankigen.identity.lock_file import (
    LOCK_NAME,
    format_lock,
    new_lock,
    parse_lock,
    read_lock,
    read_lock_text,
    write_lock,
)
from ankigen.identity.matching import match
from ankigen.support.hashing import digest
from ankigen.support.structs import Struct, replace

__all__ = [
    "LOCK_NAME",
    "Claim",
    "Recognised",
    "changes_since",
    "claim_of",
    "first_numbers",
    "format_lock",
    "guid_for",
    "new_lock",
    "parse_lock",
    "read_lock",
    "read_lock_text",
    "recognise",
    "remember",
    "with_style",
    "write_lock",
]

_MILLISECONDS_APART = 10


class Recognised(Struct, frozen=True):
    """A card with its GUID, what the lock knows of it, and the numbers of its clozes.

    `ordinal` tells equal questions of one page apart.
    """

    claim: Claim
    ordinal: int
    guid: Guid
    known: Identity | None
    clozes: tuple[ClozeNumber, ...]


def recognise(claims: Sequence[Claim], lock: Lock) -> tuple[list[Recognised], list[Problem]]:
    """Say which note each card is, in the order of the claims, which is that of reading.

    The problems stand at the positions of the claims: what they point at there, the cards can say.
    """
    matches = match(claims, list(lock.identities.values()))
    taken = set(lock.identities)
    ordinals: dict[tuple[str, str], int] = {}
    recognised = []
    for claim in claims:
        known = matches.known.get(claim.position)
        question = (claim.page, claim.question)
        ordinal = ordinals.get(question, 0)
        ordinals[question] = ordinal + 1
        guid = known.guid if known else _new_guid(claim, ordinal, taken)
        taken.add(guid)
        clozes = number(claim.clozes, known.clozes if known else ())
        recognised.append(Recognised(claim, ordinal, guid, known, clozes))
    ambiguous = (_ambiguous(claim, candidates) for claim, candidates in matches.ambiguous)
    return recognised, [*doubled_ids(claims), *ambiguous]


def first_numbers(claim: Claim) -> tuple[int, ...]:
    """The cloze numbers of a card that is new."""
    return tuple(cloze.number for cloze in number(claim.clozes, ()))


def _new_guid(claim: Claim, ordinal: int, taken: Container[Guid]) -> Guid:
    """An `id::` is the GUID itself; else it is derived, with another try for each GUID that is taken."""
    if claim.id is not None and claim.id not in taken:
        return Guid(claim.id)
    parts, attempts = (claim.page, claim.question, str(ordinal)), itertools.count(1)
    guid = guid_for(*parts) if ordinal else claim.first_guid
    while guid in taken:
        guid = guid_for(*parts, str(next(attempts)))
    return guid


def _ambiguous(claim: Claim, candidates: Sequence[Identity]) -> Problem:
    known = ", ".join(f'"{identity.question}"' for identity in candidates)
    message = f"cannot tell which earlier card this is ({known}): it starts anew; change one thing at a time to keep it"
    return Problem(claim.position, Severity.WARNING, "ambiguous-identity", message)


def remember(
    recognised: Sequence[Recognised], contents: Mapping[Guid, str], lock: Lock, now: int, *, is_complete: bool
) -> Lock:
    """Return the lock of these cards.

    `contents` are digests of what the notes say, without those of cards that make none; `now` is in milliseconds. An
    unchanged note keeps its times; a changed one becomes newer by a second at least, since Anki compares whole seconds.
    A known note without a card is a removed one, unless a part of the notes could not be read.
    """
    made = [card for card in recognised if card.guid in contents]
    births = _births(lock, now, sum(card.known is None for card in made))
    identities = {}
    for card in made:
        if card.known and _is_unchanged(card, card.known, contents[card.guid]):
            identities[card.guid] = card.known
            continue
        created = card.known.created if card.known else next(births)
        modified = _modified(card.known, contents[card.guid], now)
        identities[card.guid] = _identity(card, contents[card.guid], created, modified)
    kept = {card.guid for card in recognised}
    for guid, identity in lock.identities.items():
        if guid not in identities:
            is_removed_now = is_complete and guid not in kept and identity.removed is None
            identities[guid] = replace(identity, removed=now // 1000) if is_removed_now else identity
    return Lock(lock.source_id, identities, lock.style)


def with_style(lock: Lock, css: str, now: int) -> Lock:
    """The lock that knows the user's own CSS: Anki takes a note type only if it is newer, so its change is dated."""
    known, css_digest = lock.style, digest(css, length=16)
    if (known is None and not css.strip()) or (known and known.digest == css_digest):
        return lock
    changed = max(now // 1000, known.changed + 1) if known else now // 1000
    return replace(lock, style=Style(css_digest, changed))


def _births(lock: Lock, now: int, wanted: int) -> Iterator[int]:
    """Creation times that no note has yet, up to now, far enough apart for the ids of a few cards."""
    taken = {identity.created for identity in lock.identities.values()}
    free = (time for time in itertools.count(now, -_MILLISECONDS_APART) if time not in taken)
    return reversed(list(itertools.islice(free, wanted)))


def _is_unchanged(card: Recognised, known: Identity, content_digest: str) -> bool:
    """Whether the lock says all of this already: true of most, and quickly told."""
    claim = card.claim
    return (
        (content_digest, claim.question_digest, claim.answer_digest, claim.page, claim.id, claim.kind)
        == (known.content_digest, known.question_digest, known.answer_digest, known.page, known.id, known.kind)
        and (card.ordinal, card.clozes) == (known.ordinal, known.clozes)
        and known.removed is None
    )


def _modified(known: Identity | None, content_digest: str, now: int) -> int:
    if known is None:
        return now // 1000
    if known.content_digest == content_digest:
        return known.modified
    return max(now // 1000, known.modified + 1)


def _identity(card: Recognised, content_digest: str, created: int, modified: int) -> Identity:
    claim = card.claim
    return Identity(
        guid=card.guid,
        id=claim.id,
        kind=claim.kind,
        page=claim.page,
        ordinal=card.ordinal,
        question=claim.question[:STORED_QUESTION].rstrip(),
        question_digest=claim.question_digest,
        answer_digest=claim.answer_digest,
        content_digest=content_digest,
        created=created,
        modified=modified,
        clozes=card.clozes,
    )
