"""Where the cards of a page stand: a number for each, which grows down the page, and the gaps between cards.

A card that comes in between gets a number in between, so no other line of the lock file changes, and git merges two
branches that add cards to one page. Edits are local: what stands between two cards that did not change is most likely
what stood there before, whatever was done to its words.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise, takewhile

from ankigen.data import Identity, Position
from ankigen.identity.evidence import CardEvidence
from ankigen.support.structs import Struct, replace

_APART = 1 << 16
"""How far apart two cards are at first: so often two can be parted before all of their page get new numbers."""
_FARTHEST = 1 << 52


class Gap(Struct, frozen=True):
    """What is not known again yet between two neighbours that are, or between one and the end of its page."""

    cards: tuple[CardEvidence, ...]
    notes: tuple[Identity, ...]

    def here(self, card: CardEvidence) -> CardEvidence:
        """The card as if it stood on the page where the notes stood."""
        return replace(card, page=self.notes[0].page)


def places(cards: Sequence[tuple[str, Identity | None]]) -> list[int]:
    """A place for each card, given its page and what the lock knows of it; `cards` are in reading order.

    As many as possible keep theirs.
    """
    by_page: defaultdict[str, list[int]] = defaultdict(list)
    for index, (page, _) in enumerate(cards):
        by_page[page].append(index)
    found = [0] * len(cards)
    for page, indexes in by_page.items():
        known = [_place_on(page, cards[index][1]) for index in indexes]
        for index, place in zip(indexes, _filled(known), strict=True):
            found[index] = place
    return found


def _place_on(page: str, known: Identity | None) -> int | None:
    return known.place if known is not None and known.page == page else None


def _filled(known: Sequence[int | None]) -> list[int]:
    """Growing places: the known ones that grow, and numbers between them; or all anew, where there is no room."""
    kept = set(_growing(known))
    if len(kept) == len(known):
        return [place for place in known if place is not None]
    filled: list[int] = []
    waiting = 0
    for index, place in enumerate(known):
        if index not in kept or place is None:
            waiting += 1
            continue
        filled += _between(filled[-1] if filled else None, place, waiting)
        filled.append(place)
        waiting = 0
    filled += _between(filled[-1] if filled else None, None, waiting)
    is_roomy = all(low < high for low, high in pairwise(filled))
    if is_roomy and all(abs(place) < _FARTHEST for place in filled):
        return filled
    return [_APART * number for number in range(1, len(known) + 1)]


def _between(low: int | None, high: int | None, count: int) -> list[int]:
    """So many numbers between two, or on one side of the one that there is."""
    if low is None:
        low = (high - _APART * (count + 1)) if high is not None else 0
    if high is None:
        high = low + _APART * (count + 1)
    return [low + (high - low) * number // (count + 1) for number in range(1, count + 1)]


def _growing(known: Sequence[int | None]) -> list[int]:
    """The indexes of a longest run of numbers that grow, not counting those between."""
    ends: list[int] = []  # the smallest number that a run of this length, less one, can end with
    at: list[int] = []  # its index
    before: dict[int, int | None] = {}
    for index, place in enumerate(known):
        if place is None:
            continue
        length = bisect_left(ends, place)
        before[index] = at[length - 1] if length else None
        ends[length:] = [place, *ends[length + 1 :]]
        at[length:] = [index, *at[length + 1 :]]
    run: list[int] = []
    last = at[-1] if at else None
    while last is not None:
        run.append(last)
        last = before[last]
    return run[::-1]


def gaps(
    cards: Sequence[CardEvidence], known: Iterable[Identity], matched: Mapping[Position, Identity]
) -> Iterator[Gap]:
    """The gaps that hold cards and notes; `cards` are all of them, in reading order, `known` are the living notes.

    The neighbours may have gone to another page together. What stood at an end of their page stands beside the first
    or the last of them only if none that is known went elsewhere from there.
    """
    taken = {identity.guid for identity in matched.values()}
    ends = _ends(matched.values())
    notes: defaultdict[str, list[Identity]] = defaultdict(list)
    for identity in known:
        if identity.guid not in taken and identity.place is not None:
            notes[identity.page].append(identity)
    if not notes:
        return
    by_page: defaultdict[str, list[CardEvidence]] = defaultdict(list)
    for card in cards:
        by_page[card.page].append(card)
    for page, its_cards in by_page.items():
        if all(card.position in matched for card in its_cards):
            continue
        came_from = (matched[card.position].page for card in its_cards if card.position in matched)
        for old in dict.fromkeys((page, *came_from)):
            if old in notes:
                yield from _gaps(its_cards, notes[old], matched, old, ends.get(old))


def _ends(matched: Iterable[Identity]) -> dict[str, tuple[int, int]]:
    """The places of the first and the last note of each page that is known again, wherever that is."""
    held: defaultdict[str, list[int]] = defaultdict(list)
    for identity in matched:
        if identity.place is not None:
            held[identity.page].append(identity.place)
    return {page: (min(its_places), max(its_places)) for page, its_places in held.items()}


def _gaps(
    cards: Sequence[CardEvidence],
    notes: Iterable[Identity],
    matched: Mapping[Position, Identity],
    old: str,
    ends: tuple[int, int] | None,
) -> Iterator[Gap]:
    """The gaps among the cards of a page that stood on the page `old`.

    Where the page is another, cards of yet other pages part the gaps at its ends from what is not theirs.
    """
    known = [_place_on(old, matched.get(card.position)) for card in cards]
    neighbours = _growing(known)
    bounds = [known[index] for index in neighbours]
    held: defaultdict[int, list[Identity]] = defaultdict(list)
    for note in sorted(notes, key=lambda note: (note.place or 0, note.guid)):
        held[bisect_left(bounds, note.place)].append(note)  # type: ignore[type-var] # neighbours have places
    is_same = bool(cards) and cards[0].page == old
    for number, (first, last) in enumerate(pairwise([-1, *neighbours, len(cards)])):
        if number not in held:
            continue
        between = cards[first + 1 : last]
        if not is_same and number == 0:
            if not bounds or ends is None or bounds[0] != ends[0]:
                continue
            between = list(takewhile(lambda card: card.position not in matched, reversed(between)))[::-1]
        elif not is_same and number == len(neighbours):
            if ends is None or bounds[-1] != ends[1]:
                continue
            between = list(takewhile(lambda card: card.position not in matched, between))
        open_cards = tuple(card for card in between if card.position not in matched)
        if open_cards:
            yield Gap(open_cards, tuple(held[number]))
