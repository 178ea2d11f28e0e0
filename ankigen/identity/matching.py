"""Matches cards to the notes that the lock knows: the best evidence first, one to one, and never a guess.

1. the same `id::`; cards that share one are told apart by their words
2. the same words, question and answer: on the same page, else elsewhere (the card was moved)
3. the same page and question: the answer was reworded; equal questions are told apart by their order
4. a question elsewhere that stands nowhere twice: moved, and the answer reworded
5. the same page and answer: the question was reworded
6. a similar question on the same page: question and answer were reworded

Whoever is left is new. A note that was removed comes back by its id; by its words, if no living note stands in the
card's place; by page and question, if none is like the card.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import TypeVar

from ankigen.data import Guid, Identity, Position
from ankigen.identity.evidence import Claim
from ankigen.identity.similarity import MARGIN, SIMILAR, DistinctiveWords, Either, distinctive_words, similar_pairs
from ankigen.support.structs import Struct

_SHORT_ANSWER = 12
"""Answers up to this length (`Yes`, `1848`) are shared by strangers, so their questions must look alike as well."""
_SHOWN_CANDIDATES = 3

One = TypeVar("One", Claim, Identity)
Pair = tuple[Claim, Identity]
Evidence = Callable[[Sequence[Claim], Sequence[Identity]], Iterable[Pair]]


class Matches(Struct, frozen=True):
    """The known identity of each claim, by its position; and claims that could be several, and so are none."""

    known: dict[Position, Identity]
    ambiguous: tuple[tuple[Claim, tuple[Identity, ...]], ...]


def match(claims: Sequence[Claim], known: Sequence[Identity]) -> Matches:
    """Follow the evidence from the best to the weakest."""
    if not known:
        return Matches({}, ())
    words = distinctive_words([*claims, *_living(known)])
    all_evidence: tuple[Evidence, ...] = (
        _same_id,
        _among_living(_same_words_and_page),
        _among_living(_same_words),
        _among_living(_same_place),
        _same_words_and_page,
        _same_words,
        _sole_question(claims, known),
        _among_living(_same_answer(words)),
        _among_living(_same_answer(words)),  # once more, for one that is left alone now
        _among_living(_similar_question(words)),
        _same_place,
    )
    found: dict[Position, Identity] = {}
    for evidence in all_evidence:
        if not claims or not known:
            break
        found |= {claim.position: identity for claim, identity in evidence(claims, known)}
        claims, known = _open(claims, known, found)
    return Matches(found, tuple(_ambiguous(claims, known, words)))


def _open(
    claims: Sequence[Claim], known: Sequence[Identity], found: Mapping[Position, Identity]
) -> tuple[list[Claim], list[Identity]]:
    matched = {identity.guid for identity in found.values()}
    return (
        [claim for claim in claims if claim.position not in found],
        [identity for identity in known if identity.guid not in matched],
    )


def _same_id(claims: Sequence[Claim], known: Sequence[Identity]) -> Iterator[Pair]:
    for ours, theirs in _grouped(
        [claim for claim in claims if claim.id], [identity for identity in known if identity.id], _id
    ):
        if len(ours) == len(theirs) == 1:
            yield ours[0], theirs[0]
        else:
            yield from _sharers(ours, theirs)


def _sharers(claims: Sequence[Claim], known: Sequence[Identity]) -> Iterator[Pair]:
    """Which is which, where an id was copied along with its block: a card is what its words say, copied or not.

    Where words tell nothing, the one known card is the first that bears its id; of several, none is.
    """
    for evidence in _SHARED_ID:
        found = {claim.position: (claim, identity) for claim, identity in evidence(claims, known)}
        yield from found.values()
        claims, known = _open(claims, known, {position: identity for position, (_, identity) in found.items()})


def _among_living(evidence: Evidence) -> Evidence:
    return lambda claims, known: evidence(claims, _living(known))


def _same_words_and_page(claims: Sequence[Claim], known: Sequence[Identity]) -> Iterator[Pair]:
    """Of those that say the same on the same page, none has a better right."""
    for ours, theirs in _grouped(claims, known, _page_question_and_answer):
        yield from zip(ours, theirs, strict=False)


def _same_words(claims: Sequence[Claim], known: Sequence[Identity]) -> Iterator[Pair]:
    """Question and answer, wherever they stand."""
    for ours, theirs in _grouped(claims, known, _question_and_answer):
        yield from zip(ours, theirs, strict=False)


def _no_fewer(key: Callable[[Either], Hashable]) -> Evidence:
    """Those that share a key, in their order, if none of the known ones is left over."""

    def evidence(claims: Sequence[Claim], known: Sequence[Identity]) -> Iterator[Pair]:
        for ours, theirs in _grouped(claims, known, key):
            if len(ours) >= len(theirs):
                yield from zip(ours, theirs, strict=False)

    return evidence


def _same_place(claims: Sequence[Claim], known: Sequence[Identity]) -> Iterator[Pair]:
    """Equal questions of one page are told apart by their order, if there are as many as there were."""
    for ours, theirs in _grouped(claims, known, _page_and_question):
        if len(ours) == len(theirs):
            yield from zip(ours, theirs, strict=True)


def _sole_question(all_claims: Iterable[Claim], all_known: Iterable[Identity]) -> Evidence:
    """A question that stands once in all the notes, now and before, wherever it went and whatever answers it."""
    now = Counter(claim.question_digest for claim in all_claims)
    before = Counter(identity.question_digest for identity in all_known)

    def evidence(claims: Sequence[Claim], known: Sequence[Identity]) -> Iterator[Pair]:
        for [claim, *_], [identity, *_] in _grouped(claims, _living(known), _question):
            if now[claim.question_digest] == before[claim.question_digest] == 1:
                yield claim, identity

    return evidence


def _same_answer(words: DistinctiveWords) -> Evidence:
    """The answer of a page's card under another question, if yet another card there did not ask that, or nearly so."""

    def evidence(claims: Sequence[Claim], known: Sequence[Identity]) -> Iterator[Pair]:
        asked = {_page_and_question(identity) for identity in known}
        grouped = _grouped(claims, known, _page_and_answer)
        found = [pair for ours, theirs in grouped for pair in pairs(ours, theirs)]
        near = _near([claim for claim, _ in found], known, words)
        for claim, identity in found:
            is_near = claim.position not in near or identity.guid in near[claim.position]
            if is_near and _page_and_question(claim) not in asked:
                yield claim, identity

    def pairs(ours: Sequence[Claim], theirs: Sequence[Identity]) -> Iterable[Pair]:
        if len(ours) == len(theirs) == 1 and ours[0].answer_size > _SHORT_ANSWER:
            return [(ours[0], theirs[0])]
        return _best_pairs(ours, theirs, words)

    return evidence


def _near(claims: Sequence[Claim], known: Sequence[Identity], words: DistinctiveWords) -> Mapping[Position, set[Guid]]:
    """For each claim, the notes of its page whose question is nearly the same; claims without any are left out."""
    near: defaultdict[Position, set[Guid]] = defaultdict(set)
    for ours, theirs in _grouped(claims, known, _page):
        mine, its = _by_words(ours, words), _by_words(theirs, words)
        for mine_words, its_words, score in similar_pairs(mine, its):
            if score >= SIMILAR:
                for claim in mine[mine_words]:
                    near[claim.position] |= {identity.guid for identity in its[its_words]}
    return near


def _similar_question(words: DistinctiveWords) -> Evidence:
    """A question like one that stood on the page."""

    def evidence(claims: Sequence[Claim], known: Sequence[Identity]) -> Iterator[Pair]:
        for ours, theirs in _grouped(claims, known, _page):
            yield from _best_pairs(ours, theirs, words)

    return evidence


def _best_pairs(ours: Sequence[Claim], theirs: Sequence[Identity], words: DistinctiveWords) -> Iterator[Pair]:
    """Those that are each other's best candidate, by far; of several with the same words none is."""
    mine, its = _by_words(ours, words), _by_words(theirs, words)
    scores = list(similar_pairs(mine, its))
    rows, columns = _best(scores, 0), _best(scores, 1)
    for mine_words, its_words, score in scores:
        is_best = score >= SIMILAR and rows.get(mine_words) == columns.get(its_words) == score
        if is_best and len(mine[mine_words]) == len(its[its_words]) == 1:
            yield mine[mine_words][0], its[its_words][0]


def _by_words(group: Iterable[One], words: DistinctiveWords) -> dict[str, list[One]]:
    found: defaultdict[str, list[One]] = defaultdict(list)
    for card in group:
        if words(card):
            found[words(card)].append(card)
    return found


def _best(scores: Iterable[tuple[str, str, float]], side: int) -> dict[str, float]:
    """The best score of each on one side, if it beats the next one clearly."""
    found: defaultdict[str, list[float]] = defaultdict(list)
    for score in scores:
        found[str(score[side])].append(score[2])
    ordered = {words: sorted(all_scores, reverse=True) for words, all_scores in found.items()}
    return {words: best for words, [best, *others] in ordered.items() if not others or best - others[0] >= MARGIN}


def _ambiguous(
    claims: Sequence[Claim], known: Sequence[Identity], words: DistinctiveWords
) -> Iterator[tuple[Claim, tuple[Identity, ...]]]:
    """Claims with a few of the living that they could be: those that ask the same on their page, or nearly so."""
    for ours, theirs in _grouped(claims, _living(known), _page):
        same: defaultdict[str, list[Identity]] = defaultdict(list)
        for identity in theirs:
            same[identity.question_digest].append(identity)
        its = _by_words(theirs, words)
        near: defaultdict[str, list[str]] = defaultdict(list)
        for mine_words, its_words, score in similar_pairs(_by_words(ours, words), its):
            if score >= SIMILAR:
                near[mine_words].append(its_words)
        for claim in ours:
            candidates = (same[claim.question_digest], *(its[its_words] for its_words in near[words(claim)]))
            some = dict.fromkeys(chain.from_iterable(few[:_SHOWN_CANDIDATES] for few in candidates))
            if some:
                yield claim, tuple(islice(some, _SHOWN_CANDIDATES))


def _living(known: Iterable[Identity]) -> list[Identity]:
    return [identity for identity in known if identity.removed is None]


def _grouped(
    claims: Iterable[Claim], known: Iterable[Identity], key: Callable[[Either], Hashable]
) -> Iterator[tuple[list[Claim], list[Identity]]]:
    """The claims and identities that share a key: in reading order; the living first, and in their order."""
    theirs: defaultdict[Hashable, list[Identity]] = defaultdict(list)
    for identity in known:
        theirs[key(identity)].append(identity)
    ours: defaultdict[Hashable, list[Claim]] = defaultdict(list)
    for claim in claims:
        if key(claim) in theirs:
            ours[key(claim)].append(claim)
    for shared, group in ours.items():
        yield group, sorted(theirs[shared], key=_order)


def _order(identity: Identity) -> tuple[bool, str, int, str]:
    return identity.removed is not None, identity.page, identity.ordinal, identity.guid


def _id(card: Either) -> Hashable:
    return card.id


def _answer(card: Either) -> Hashable:
    return card.answer_digest


def _page(card: Either) -> Hashable:
    return card.page


def _question(card: Either) -> Hashable:
    return card.question_digest


def _page_and_question(card: Either) -> Hashable:
    return card.page, card.question_digest


def _page_and_answer(card: Either) -> Hashable:
    return card.page, card.answer_digest


def _question_and_answer(card: Either) -> Hashable:
    return card.question_digest, card.answer_digest


def _page_question_and_answer(card: Either) -> Hashable:
    return card.page, card.question_digest, card.answer_digest


_SHARED_ID: tuple[Evidence, ...] = (
    _among_living(_same_words_and_page),
    _among_living(_same_words),
    _among_living(_no_fewer(_page_and_question)),
    _same_words_and_page,
    _same_words,
    *(_among_living(_no_fewer(key)) for key in (_question, _page_and_answer, _answer, _id)),
    _no_fewer(_id),
)
"""How cards that share an id are told apart, the best evidence first."""
