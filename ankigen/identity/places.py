"""Where the cards of a page stand: a number for each, which grows down the page, and the gaps between cards.

A card that comes in between gets a number in between, so no other line of the lock file changes, and git merges two
branches that add cards to one page. Edits are local: what stands between two cards that did not change is most likely
what stood there before, whatever was done to its words.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
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

    The neighbours may have gone to another page together. What is beside the first or the last of them, there and where
    they came from, stands in a gap as well, if no other gap lays claim to it: so where a page was split or joined.
    """
    taken = {identity.guid for identity in matched.values()}
    notes: defaultdict[str, list[Identity]] = defaultdict(list)
    for identity in known:
        if identity.guid not in taken and identity.place is not None:
            notes[identity.page].append(identity)
    if not notes:
        return
    bounds = _bounds(matched.values())
    by_page: defaultdict[str, list[CardEvidence]] = defaultdict(list)
    for card in cards:
        by_page[card.page].append(card)
    sure: list[Gap] = []
    at_ends: list[Gap] = []
    for page, its_cards in by_page.items():
        if all(card.position in matched for card in its_cards):
            continue
        came_from = (matched[card.position].page for card in its_cards if card.position in matched)
        for old in dict.fromkeys((page, *came_from)):
            if old in notes:
                for gap, is_end in _gaps(its_cards, notes[old], matched, old, bounds.get(old, [])):
                    (at_ends if is_end and old != page else sure).append(gap)
    claims = Counter(note.guid for gap in (*sure, *at_ends) for note in gap.notes)
    yield from sure
    yield from (gap for gap in at_ends if all(claims[note.guid] == 1 for note in gap.notes))


def _bounds(matched: Iterable[Identity]) -> dict[str, list[int]]:
    """The places of the notes of each page that are known again, wherever that is."""
    held: defaultdict[str, list[int]] = defaultdict(list)
    for identity in matched:
        if identity.place is not None:
            held[identity.page].append(identity.place)
    return {page: sorted(its_places) for page, its_places in held.items()}


def _gaps(
    cards: Sequence[CardEvidence],
    notes: Iterable[Identity],
    matched: Mapping[Position, Identity],
    old: str,
    bounds: Sequence[int],
) -> Iterator[tuple[Gap, bool]]:
    """The gaps among the cards of a page that stood on the page `old`, and whether they are at an end of it.

    On another page these end at the next card that is known, there as well as where they came from.
    """
    known = [_place_on(old, matched.get(card.position)) for card in cards]
    neighbours = _growing(known)
    its_bounds = [known[index] for index in neighbours]
    held: defaultdict[int, list[Identity]] = defaultdict(list)
    for note in sorted(notes, key=lambda note: (note.place or 0, note.guid)):
        held[bisect_left(its_bounds, note.place)].append(note)  # type: ignore[type-var] # neighbours have places
    is_elsewhere = cards[0].page != old
    for number, (first, last) in enumerate(pairwise([-1, *neighbours, len(cards)])):
        between, there = cards[first + 1 : last], held.get(number, [])
        is_end = number in {0, len(neighbours)}
        if is_elsewhere and is_end:
            if not neighbours:
                continue
            way = -1 if number == 0 else 1
            between = list(takewhile(lambda card: card.position not in matched, between[::way]))[::way]
            there = _beside(its_bounds[0 if number == 0 else -1], there, bounds, is_above=number == 0)
        open_cards = tuple(card for card in between if card.position not in matched)
        if open_cards and there:
            yield Gap(open_cards, tuple(there)), is_end


def _beside(place: int | None, notes: Sequence[Identity], bounds: Sequence[int], *, is_above: bool) -> list[Identity]:
    """Those notes above a place, or below it, that no known one parts from it."""
    if place is None:
        return []
    ends = [bound for bound in bounds if (bound < place if is_above else bound > place)]
    if not ends:
        return list(notes)
    end = max(ends) if is_above else min(ends)
    return [note for note in notes if note.place is not None and (note.place > end if is_above else note.place < end)]
