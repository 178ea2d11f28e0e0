"""Recognises cards by their place, however short their answers are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property
from typing import TypeVar

from ankigen.data import Guid, Identity, Position
from ankigen.identity.evidence import NO_ANSWER, CardEvidence
from ankigen.identity.pairing import Near, Pair, best_pairs, grouped, near, question_and_answer
from ankigen.identity.places import Gap, gaps
from ankigen.identity.replacing import hidden_by, is_replaced
from ankigen.identity.similarity import CardOrIdentity, DistinctiveWords, Templates

_IN_PLACE = 50
"""How similar, out of 100, the distinctive words of two questions in the same place must be."""
_HALF = 1 / 2
_MOST_TURNS = 20
"""Each turn goes through all cards, and hostile notes could need as many turns as there are cards."""
Item = TypeVar("Item", CardEvidence, Identity)
_Round = Callable[[Gap], Iterable[Pair]]


class InPlace:
    """Pairs cards and notes in the same gap; `matched` grows, best evidence first."""

    def __init__(
        self,
        all_cards: Sequence[CardEvidence],
        all_known: Iterable[Identity],
        matched: Mapping[Position, Identity],
        words: DistinctiveWords,
        templates: Templates,
    ) -> None:
        self._cards = all_cards
        self._living = [identity for identity in all_known if identity.removed is None]
        self._matched = matched
        self._words = words
        self._templates = templates

    @cached_property
    def _said(self) -> Set[Hashable]:
        return {question_and_answer(identity) for identity in self._living}

    def same_words(self, faulty: Container[Hashable]) -> Callable[..., Iterator[Pair]]:
        """Cards with the same text as notes of their gap, in order; but not text that a faulty card has, too."""

        def equal(gap: Gap) -> Iterator[Pair]:
            for ours, theirs in grouped(gap.cards, gap.notes, question_and_answer):
                if question_and_answer(ours[0]) not in faulty:
                    yield from zip(ours, theirs, strict=False)

        def matcher(cards: Sequence[CardEvidence], known: Sequence[Identity]) -> Iterator[Pair]:
            if any(True for _ in grouped(cards, known, question_and_answer)):
                yield from self._in_turns(equal)

        return matcher

    def same_answers(self, cards: Sequence[CardEvidence], known: Sequence[Identity]) -> Iterator[Pair]:
        """Cards with an answer that occurred once in their gap, and still does."""
        if self._may_have_gaps(known):
            yield from self._in_turns(self._equal_answers(cards, known))

    def all(self, cards: Sequence[CardEvidence], known: Sequence[Identity]) -> Iterator[Pair]:
        """Those, and cards with a similar question in their gap."""
        if self._may_have_gaps(known):
            yield from self._in_turns(self._equal_answers(cards, known), self._similar_questions)

    def _may_have_gaps(self, known: Iterable[Identity]) -> bool:
        return any(identity.removed is None and identity.place is not None for identity in known)

    def _in_turns(self, *rounds: _Round) -> Iterator[Pair]:
        """Pair by the first way until nothing new is found, since each pair splits a gap; then by the next."""
        matched = dict(self._matched)
        taken: set[Guid] = set()
        turn = 0
        for _ in range(_MOST_TURNS):
            pairs = [pair for gap in gaps(self._cards, self._living, matched) for pair in rounds[turn](gap)]
            is_new = False
            for card, identity in pairs:  # neighbours from two pages may both claim a gap
                if card.position not in matched and identity.guid not in taken:
                    matched[card.position] = identity
                    taken.add(identity.guid)
                    is_new = True
                    yield card, identity
            turn = 0 if is_new else turn + 1
            if turn == len(rounds):
                break

    def _equal_answers(self, cards: Sequence[CardEvidence], known: Sequence[Identity]) -> _Round:
        living = [identity for identity in known if identity.removed is None]
        nearly = near(cards, living, self._words, self._templates)
        asked = {(identity.page, identity.question_digest) for identity in living}

        def pairs(gap: Gap) -> Iterator[Pair]:
            near_here = self._near_in(gap) or nearly
            for card, note in _with_equal_answers(gap):
                here = gap.here(card)
                is_other = self._is_copy(card) or any(
                    (page, card.question_digest) in asked for page in (card.page, note.page)
                )
                is_doubtful = self._is_copy(card) or near_here.has_any(here) or near_here.is_asked(note)
                if not is_other and (near_here.is_near(here, note) or not is_doubtful):
                    yield card, note

        return pairs

    def _near_in(self, gap: Gap) -> Near | None:
        """Similar questions in a gap whose neighbours came from another page."""
        if all(card.page == gap.notes[0].page for card in gap.cards):
            return None
        return near([gap.here(card) for card in gap.cards], gap.notes, self._words, self._templates)

    def _is_copy(self, card: CardEvidence) -> bool:
        """Whether it has the text of a note; that note is already matched, or the card would be it."""
        return question_and_answer(card) in self._said

    def _similar_questions(self, gap: Gap) -> Iterator[Pair]:
        yield from (pair for pair in self._with_similar_questions(gap) if not self._is_copy(pair[0]))

    def _with_similar_questions(self, gap: Gap) -> Iterator[Pair]:
        if len(gap.cards) == len(gap.notes) == 1:
            card, note = gap.cards[0], gap.notes[0]
            if (
                self._share(card, note) >= _HALF
                and not self._templates.part(card, note)
                and not is_replaced(card, note)
            ):
                yield card, note
        for card, note in best_pairs(gap.cards, gap.notes, self._words, self._templates, _IN_PLACE):
            if self._share(card, note):  # single letters are similar by chance
                yield card, note

    def _share(self, card: CardEvidence, note: Identity) -> float:
        """The share of the shorter question's distinctive words that are also in the longer one."""
        mine, its = set(self._words(card).split()), set(self._words(note).split())
        return len(mine & its) / max(1, min(len(mine), len(its)))


def _with_equal_answers(gap: Gap) -> Iterator[Pair]:
    """Cards and notes with an answer that is unique in the gap.

    The answer of a cloze is its hidden text; but the text below it if a card became a cloze or is no longer one, or if
    the gap has nothing else.
    """
    for kinds in (_hidden_or_below, _below):
        notes = _sole(gap.notes, kinds)
        for answer, card in _sole(gap.cards, kinds).items():
            note = notes.get(answer)
            is_alone = len(gap.cards) == len(gap.notes) == 1
            if note is not None and (
                kinds is _hidden_or_below or is_alone or bool(card.clozes) != bool(hidden_by(note))
            ):
                yield card, note


def _sole(items: Iterable[Item], answer: Callable[[CardOrIdentity], Hashable]) -> dict[Hashable, Item]:
    """The items with an answer that no other item has, by answer."""
    by_answer: defaultdict[Hashable, list[Item]] = defaultdict(list)
    for item in items:
        by_answer[answer(item)].append(item)
    return {said: having[0] for said, having in by_answer.items() if said is not None and len(having) == 1}


def _hidden_or_below(item: CardOrIdentity) -> Hashable:
    """The hidden text of a card, or else its answer; empty if it has neither."""
    return hidden_by(item) or _below(item)


def _below(item: CardOrIdentity) -> Hashable:
    return None if item.answer_digest == NO_ANSWER else item.answer_digest
