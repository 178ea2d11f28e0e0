"""Pairs cards with known notes: by common keys, and by the similarity of their questions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from ankigen.data import Identity
from ankigen.identity.evidence import CardEvidence
from ankigen.identity.replacing import is_replaced
from ankigen.identity.similarity import (
    MARGIN,
    SIMILAR,
    CardOrIdentity,
    DistinctiveWords,
    Templates,
    is_typing_mistake,
    similar_pairs,
)
from ankigen.support.structs import Struct

T = TypeVar("T", CardEvidence, Identity)
_LITTLE = 16
"""In letters."""
Pair = tuple[CardEvidence, Identity]


def grouped(
    cards: Iterable[CardEvidence], known: Iterable[Identity], key: Callable[[CardOrIdentity], Hashable]
) -> Iterator[tuple[list[CardEvidence], list[Identity]]]:
    """The cards and identities that share a key, each in order."""
    theirs: defaultdict[Hashable, list[Identity]] = defaultdict(list)
    for identity in known:
        theirs[key(identity)].append(identity)
    ours: defaultdict[Hashable, list[CardEvidence]] = defaultdict(list)
    for card in cards:
        shared = key(card)
        if shared in theirs:
            ours[shared].append(card)
    for shared, group in ours.items():
        same = theirs[shared]
        yield group, same if len(same) == 1 else sorted(same, key=_order)


class Near(Struct, frozen=True):
    """Which questions are similar to known ones on the same page; each key is a page and distinctive words."""

    known: Mapping[tuple[str, str], frozenset[str]]
    asked: frozenset[tuple[str, str]]
    words: DistinctiveWords

    def has_any(self, card: CardEvidence) -> bool:
        """Whether a known note of its page has a similar question."""
        return (card.page, self.words(card)) in self.known

    def is_near(self, card: CardEvidence, note: Identity) -> bool:
        """Whether this note has a similar question."""
        return self.words(note) in self.known.get((card.page, self.words(card)), frozenset())

    def is_asked(self, note: Identity) -> bool:
        """Whether a card of the note's page has a similar question."""
        return (note.page, self.words(note)) in self.asked


def near(
    cards: Sequence[CardEvidence], known: Sequence[Identity], words: DistinctiveWords, templates: Templates
) -> Near:
    """Compare the questions of cards with those of notes on their pages."""
    found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for ours, theirs in grouped(cards, known, page_of):
        page, mine, its = ours[0].page, by_words(ours, words), by_words(theirs, words)
        for mine_words, its_words, score in similar_pairs(mine, its):
            if score >= SIMILAR and not templates.part(mine[mine_words][0], its[its_words][0]):
                found[page, mine_words].add(its_words)
    asked = frozenset((page, words) for (page, _), all_words in found.items() for words in all_words)
    return Near({key: frozenset(its) for key, its in found.items()}, asked, words)


def best_pairs(
    ours: Sequence[CardEvidence],
    theirs: Sequence[Identity],
    words: DistinctiveWords,
    templates: Templates,
    least: float = SIMILAR,
) -> Iterator[Pair]:
    """Pairs that are each other's best candidate by a clear margin; of several with the same words none is."""
    mine, its = by_words(ours, words), by_words(theirs, words)
    scores = list(similar_pairs(mine, its))
    rows, columns = _best(scores, 0), _best(scores, 1)
    for mine_words, its_words, score in scores:
        is_best = score >= least and rows.get(mine_words) == columns.get(its_words) == score
        if is_best and len(mine[mine_words]) == len(its[its_words]) == 1:
            card, note = mine[mine_words][0], its[its_words][0]
            is_chance = _is_chance(mine_words, its_words, len(card.question))
            if not (is_chance or templates.part(card, note) or is_replaced(card, note)):
                yield card, note


def _is_chance(mine: str, its: str, whole: int) -> bool:
    """Whether two words are similar only by chance, as `France` and `Iran`, or `Austria` and `Australia`.

    This matters if a page asks the same about many things: questions then differ in few letters.
    """
    is_little = max(len(mine), len(its)) <= min(_LITTLE, whole // 2)
    return is_little and not set(mine.split()) & set(its.split()) and not is_typing_mistake(mine, its)


def by_words(cards: Iterable[T], words: DistinctiveWords) -> dict[str, list[T]]:
    """The cards or notes by the words that distinguish them from others on their page."""
    grouped: defaultdict[str, list[T]] = defaultdict(list)
    for card in cards:
        grouped[words(card)].append(card)
    return grouped


def _best(scores: Iterable[tuple[str, str, float]], side: int) -> dict[str, float]:
    """The best score of each text on one side of the pairs (0 or 1), if it beats the next one clearly."""
    by_words: defaultdict[str, list[float]] = defaultdict(list)
    for score in scores:
        by_words[str(score[side])].append(score[2])
    ordered = {words: sorted(all_scores, reverse=True) for words, all_scores in by_words.items()}
    return {words: best for words, [best, *others] in ordered.items() if not others or best - others[0] >= MARGIN}


def page_of(card: CardOrIdentity) -> Hashable:
    """The page, as a key to group by."""
    return card.page


def question_and_answer(card: CardOrIdentity) -> Hashable:
    """The question and answer of a card, as a key to group by."""
    return card.question_digest, card.answer_digest


def _order(identity: Identity) -> tuple[str, int, str]:
    return identity.page, identity.ordinal, identity.guid
