"""Finds which note each card is: its entry in the lock, its GUID, its place, and the numbers of its clozes."""

from __future__ import annotations

import itertools
from collections.abc import Container, Mapping, Sequence, Set

from ankigen.data import ClozeNumber, Guid, Identity, Lock, Position, Problem, Severity, SourceId
from ankigen.identity.cloze_numbers import number_clozes
from ankigen.identity.evidence import CardEvidence, doubled_ids, guid_for, ordinals_of
from ankigen.identity.matching import Matches, match
from ankigen.identity.places import places
from ankigen.support.structs import Struct


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
    recognised, ambiguous = named(cards, matches, lock, ordinals, faulty)
    return recognised, [*doubled_ids(cards), *ambiguous]


def named(
    cards: Sequence[CardEvidence],
    matches: Matches,
    lock: Lock,
    ordinals: Mapping[Position, int],
    faulty: Set[Position] = frozenset(),
) -> tuple[list[Recognised], list[Problem]]:
    """The recognised cards, and a problem for each ambiguous one; `cards` are all cards of their pages."""
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
    return recognised, [_ambiguous(evidence, candidates) for evidence, candidates in matches.ambiguous]


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
