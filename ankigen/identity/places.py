"""The places of cards on a page: a number for each that grows down the page, and the gaps between cards.

A card inserted between others gets a number in between, so no other line of the lock file changes, and git can merge
two branches that add cards to one page. Edits are local: the cards between two unchanged cards are most likely the same
as before, however they were reworded.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise, takewhile
from operator import itemgetter

from ankigen.data import Guid, Identity, Position
from ankigen.identity.evidence import CardEvidence
from ankigen.support.structs import Struct, replace

_APART = 1 << 16
"""The initial distance of two cards: it can be halved often before the whole page needs new numbers."""
_FARTHEST = 1 << 52
_Standing = tuple[int, Guid, Identity]
"""A note with its sort key."""


class Gap(Struct, frozen=True):
    """Unmatched cards and notes between two matched neighbours, or between one and the end of its page."""

    cards: tuple[CardEvidence, ...]
    notes: tuple[Identity, ...]

    def here(self, card: CardEvidence) -> CardEvidence:
        """The card as if it were on the page of the notes."""
        return replace(card, page=self.notes[0].page)


def places(cards: Sequence[tuple[str, Identity | None]]) -> list[int]:
    """A place for each card, given its page and its entry in the lock; `cards` are in reading order.

    As many cards as possible keep their place.
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
    """Growing places: the known ones that grow, and numbers between them; or all new, if there is no room."""
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
    """`count` numbers between two, or on one side of one."""
    if low is None:
        low = (high - _APART * (count + 1)) if high is not None else 0
    if high is None:
        high = low + _APART * (count + 1)
    return [low + (high - low) * number // (count + 1) for number in range(1, count + 1)]


def _growing(known: Sequence[int | None]) -> list[int]:
    """The indexes of a longest increasing subsequence."""
    ends: list[int] = []  # by length: the smallest number that such a subsequence can end with
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
    """The gaps with cards and notes; `cards` are all cards in reading order, `known` are the active notes.

    A note that came back after its removal is no neighbour: much may have moved meanwhile. The neighbours may have
    moved to another page together. Cards beside the first or the last of them, there and where they came from, are in a
    gap as well: this happens if a page was split or joined.
    """
    taken = {identity.guid for identity in matched.values()}
    notes = _by_page(identity for identity in known if identity.guid not in taken)
    if not notes:
        return
    standing = _by_page(identity for identity in matched.values() if identity.removed is None)
    bounds = {page: [place for place, _, _ in its] for page, its in standing.items()}
    by_page: defaultdict[str, list[CardEvidence]] = defaultdict(list)
    for card in cards:
        by_page[card.page].append(card)
    sure: list[Gap] = []
    at_ends: list[Gap] = []
    for page, its_cards in by_page.items():
        if all(card.position in matched for card in its_cards):
            continue
        came_from = Counter(matched[card.position].page for card in its_cards if card.position in matched)
        for old in dict.fromkeys((page, *came_from)):
            if old in notes:
                went_together = came_from[old] > 1 or len(came_from) == 1 or old not in by_page
                for gap, is_end in _gaps(its_cards, notes[old], matched, old, bounds.get(old, [])):
                    if old == page or not is_end:
                        sure.append(gap)
                    elif went_together:
                        at_ends.append(gap)
    yield from _joined(sure, at_ends)


def _joined(sure: Iterable[Gap], at_ends: Iterable[Gap]) -> Iterator[Gap]:
    """Merge gaps that claim the same notes: where a page was split, they may be on either side."""
    holding: dict[Guid, int] = {}
    joined: list[Gap] = []
    for gap in (*sure, *at_ends):
        others = {holding[note.guid] for note in gap.notes if note.guid in holding}
        if others:
            number = min(others)
            known = dict.fromkeys((*joined[number].notes, *gap.notes))
            joined[number] = Gap((*joined[number].cards, *gap.cards), tuple(known))
        else:
            number = len(joined)
            joined.append(gap)
        holding |= dict.fromkeys([note.guid for note in gap.notes], number)
    yield from joined


def _by_page(identities: Iterable[Identity]) -> dict[str, list[_Standing]]:
    """The identities with a place, by page, in order."""
    found: defaultdict[str, list[_Standing]] = defaultdict(list)
    for identity in identities:
        if identity.place is not None:
            found[identity.page].append((identity.place, identity.guid, identity))
    return {page: sorted(its, key=itemgetter(0, 1)) for page, its in found.items()}


def _gaps(
    cards: Sequence[CardEvidence],
    notes: Sequence[_Standing],
    matched: Mapping[Position, Identity],
    old: str,
    bounds: Sequence[int],
) -> Iterator[tuple[Gap, bool]]:
    """The gaps among the cards of a page that were on the page `old`, and whether they are at an end of it.

    On another page these end at the next known card, both there and where they came from.
    """
    were = [matched.get(card.position) for card in cards]
    known = [_place_on(old, identity) if identity and identity.removed is None else None for identity in were]
    neighbours = _growing(known)
    is_elsewhere = cards[0].page != old
    if is_elsewhere and not neighbours:
        return
    for first, last in pairwise([-1, *neighbours, len(cards)]):
        low, high = known[first] if first >= 0 else None, known[last] if last < len(cards) else None
        between = cards[first + 1 : last]
        if is_elsewhere and low is None:
            between = list(takewhile(lambda card: card.position not in matched, reversed(between)))[::-1]
            above = bisect_left(bounds, high)  # type: ignore[type-var] # one of the two is a place
            low = bounds[above - 1] if above else None
        elif is_elsewhere and high is None:
            between = list(takewhile(lambda card: card.position not in matched, between))
            below = bisect_right(bounds, low)  # type: ignore[type-var]
            high = bounds[below] if below < len(bounds) else None
        waiting = tuple(card for card in between if card.position not in matched)
        if waiting and (there := _between_places(notes, low, high)):
            yield Gap(waiting, there), first < 0 or last == len(cards)


def _between_places(notes: Sequence[_Standing], low: int | None, high: int | None) -> tuple[Identity, ...]:
    """Two branches may have given the same place to two notes: then the other counts as above the neighbour."""
    start = 0 if low is None else bisect_right(notes, low, key=itemgetter(0))
    end = len(notes) if high is None else bisect_right(notes, high, key=itemgetter(0))
    return tuple(note for _, _, note in notes[start:end])
