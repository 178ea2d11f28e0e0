"""Knows cards again by the place where they stand, however short their answers are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from ankigen.data import Guid, Identity, Position
from ankigen.identity.evidence import NO_ANSWER, CardEvidence
from ankigen.identity.pairing import Near, Pair, best_pairs, grouped, near, question_and_answer
from ankigen.identity.places import Gap, gaps
from ankigen.identity.replacing import hidden_by, is_replaced
from ankigen.identity.similarity import CardOrIdentity, DistinctiveWords, Templates

_IN_PLACE = 50
"""How alike, of 100, the distinctive words of two questions must be that stand in the same place."""
_HALF = 1 / 2
_MOST_TURNS = 20
"""Each goes through all cards, and notes of a stranger could ask for as many turns as there are cards."""
Item = TypeVar("Item", CardEvidence, Identity)
_Round = Callable[[Gap], Iterable[Pair]]


class InPlace:
    """Pairs what stands in the same gap; `matched` grows while the better evidence is followed."""

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
        self._said = {question_and_answer(identity) for identity in self._living}
        self._words = words
        self._templates = templates

    def same_words(self, faulty: Container[Hashable]) -> Callable[..., Iterator[Pair]]:
        """Cards that say in their gap what was said there, in their order; but not what a faulty card says, too."""

        def equal(gap: Gap) -> Iterator[Pair]:
            for ours, theirs in grouped(gap.cards, gap.notes, question_and_answer):
                if question_and_answer(ours[0]) not in faulty:
                    yield from zip(ours, theirs, strict=False)

        def matcher(cards: Sequence[CardEvidence], known: Sequence[Identity]) -> Iterator[Pair]:
            if any(True for _ in grouped(cards, known, question_and_answer)):
                yield from self._in_turns(equal)

        return matcher

    def same_answers(self, cards: Sequence[CardEvidence], known: Sequence[Identity]) -> Iterator[Pair]:
        """Cards that give an answer that stood once in their gap, and stands once in it."""
        if self._may_have_gaps(known):
            yield from self._in_turns(self._equal_answers(cards, known))

    def all(self, cards: Sequence[CardEvidence], known: Sequence[Identity]) -> Iterator[Pair]:
        """Those, and such as ask something similar in their gap."""
        if self._may_have_gaps(known):
            yield from self._in_turns(self._equal_answers(cards, known), self._similar_questions)

    def _may_have_gaps(self, known: Iterable[Identity]) -> bool:
        return any(identity.removed is None and identity.place is not None for identity in known)

    def _in_turns(self, *rounds: _Round) -> Iterator[Pair]:
        """Pair by the first way until nothing new is found, for each pair parts a gap; then by the next."""
        matched = dict(self._matched)
        taken: set[Guid] = set()
        turn = 0
        for _ in range(_MOST_TURNS):
            pairs = [pair for gap in gaps(self._cards, self._living, matched) for pair in rounds[turn](gap)]
            is_new = False
            for card, identity in pairs:  # neighbours of two pages may both lay claim to a gap
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
        """What is nearly asked in a gap whose neighbours came from another page."""
        if all(card.page == gap.notes[0].page for card in gap.cards):
            return None
        return near([gap.here(card) for card in gap.cards], gap.notes, self._words, self._templates)

    def _is_copy(self, card: CardEvidence) -> bool:
        """Whether it says what a note says; that one is known again by now, or the card would be it."""
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
            if self._share(card, note):  # letters alone are alike by chance
                yield card, note

    def _share(self, card: CardEvidence, note: Identity) -> float:
        """The share of the distinctive words of the shorter question that stand in the longer one, too."""
        mine, its = set(self._words(card).split()), set(self._words(note).split())
        return len(mine & its) / max(1, min(len(mine), len(its)))


def _with_equal_answers(gap: Gap) -> Iterator[Pair]:
    """Cards and notes with an answer that no other card and no other note of the gap has.

    What a cloze hides is its answer; where a card became a cloze, or ceased to be one, it is what stands below it, and
    where nothing else stands in the gap.
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
    """Those that have an answer, by it, if no other has it."""
    by_answer: defaultdict[Hashable, list[Item]] = defaultdict(list)
    for item in items:
        by_answer[answer(item)].append(item)
    return {said: having[0] for said, having in by_answer.items() if said is not None and len(having) == 1}


def _hidden_or_below(item: CardOrIdentity) -> Hashable:
    """What a card hides, or else its answer; nothing if it has neither."""
    return hidden_by(item) or _below(item)


def _below(item: CardOrIdentity) -> Hashable:
    return None if item.answer_digest == NO_ANSWER else item.answer_digest
