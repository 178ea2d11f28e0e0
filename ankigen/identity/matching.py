"""Which of the notes that the lock knows is this card? The best evidence first, one to one, and never a guess.

1. the same `id::`; cards that share one are told apart by their words
2. the same words, question and answer: on the same page, else elsewhere (the card was moved)
3. the same page and question: the answer was reworded; equal questions are told apart by their order
4. the same page and answer: the question was reworded
5. a question elsewhere that stands nowhere twice: moved, and the answer reworded
6. a similar question on the same page: question and answer were reworded

Whoever is left is new. A note that was removed comes back by its id; by its words, if no living note stands in the
card's place; by page and question, if none is like the card.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from ankigen.data import Identity
from ankigen.identity.claims import STORED_QUESTION, Claim

_SHORT_ANSWER = 12
"""Answers up to this length (`Yes`, `1848`) are shared by strangers, so their questions must look alike as well."""
_ALIKE = 60
"""How alike, of 100, those words must be that tell a question from the others on its page."""
_MARGIN = 10
"""By how much the best candidate must beat the next one."""
_COMMON = 1 / 3
"""A word in more than this share of a page's questions tells none of them from the others."""
_WORD = re.compile(r"\w+")

Pair = tuple[Claim, Identity]
Evidence = Callable[[Sequence[Claim], Sequence[Identity]], Iterable[Pair]]
Likeness = Callable[[str, str, str], float]
Either = Claim | Identity


@dataclass(frozen=True, slots=True)
class Matches:
    """The known identity of each claim, by the claim's place; and claims that could be several, and so are none."""

    known: dict[int, Identity]
    ambiguous: tuple[tuple[Claim, tuple[Identity, ...]], ...]


def match(claims: Sequence[Claim], known: Sequence[Identity]) -> Matches:
    """Follow the evidence from the best to the weakest."""
    likeness = _likeness(claims, _living(known))
    all_evidence: tuple[Evidence, ...] = (
        _same_id,
        _among_living(_same_words_and_page),
        _among_living(_same_words),
        _among_living(_same_place),
        _same_words_and_page,
        _same_words,
        _among_living(_same_answer(likeness)),
        _among_living(_same_answer(likeness)),  # once more, for one that is left alone now
        _sole_question(claims, known),
        _among_living(_similar_question(likeness)),
        _same_place,
    )
    found: dict[int, Identity] = {}
    for evidence in all_evidence:
        found |= {claim.place: identity for claim, identity in evidence(claims, known)}
        claims, known = _open(claims, known, found)
    return Matches(found, tuple(_ambiguous(claims, known, likeness)))


def _open(
    claims: Sequence[Claim], known: Sequence[Identity], found: Mapping[int, Identity]
) -> tuple[list[Claim], list[Identity]]:
    matched = {identity.guid for identity in found.values()}
    return (
        [claim for claim in claims if claim.place not in found],
        [identity for identity in known if identity.guid not in matched],
    )


def _same_id(claims: Sequence[Claim], known: Sequence[Identity]) -> Iterator[Pair]:
    for ours, theirs in _grouped([one for one in claims if one.id], [one for one in known if one.id], _id):
        if len(ours) == len(theirs) == 1:
            yield ours[0], theirs[0]
        else:
            yield from _sharers(ours, theirs)


def _sharers(claims: Sequence[Claim], known: Sequence[Identity]) -> Iterator[Pair]:
    """Which is which, where an id was copied along with its block: a card is what its words say, copied or not.

    Where words tell nothing, the one known card is the first that bears its id; of several, none is.
    """
    for evidence in _SHARED_ID:
        found = {claim.place: (claim, identity) for claim, identity in evidence(claims, known)}
        yield from found.values()
        claims, known = _open(claims, known, {place: identity for place, (_, identity) in found.items()})


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


def _same_answer(likeness: Likeness) -> Evidence:
    """The answer of a page's card under another question, if that is not the question of yet another card there."""

    def evidence(claims: Sequence[Claim], known: Sequence[Identity]) -> Iterator[Pair]:
        asked = {_page_and_question(identity) for identity in known}
        for ours, theirs in _grouped(claims, known, _page_and_answer):
            for claim, identity in pairs(ours, theirs):
                if _page_and_question(claim) not in asked:
                    yield claim, identity

    def pairs(ours: Sequence[Claim], theirs: Sequence[Identity]) -> Iterable[Pair]:
        if len(ours) == len(theirs) == 1 and ours[0].answer_size > _SHORT_ANSWER:
            return [(ours[0], theirs[0])]
        return _best_pairs(ours, theirs, likeness)

    return evidence


def _similar_question(likeness: Likeness) -> Evidence:
    """A question like one that stood on the page."""

    def evidence(claims: Sequence[Claim], known: Sequence[Identity]) -> Iterator[Pair]:
        for ours, theirs in _grouped(claims, known, _page):
            yield from _best_pairs(ours, theirs, likeness)

    return evidence


def _best_pairs(ours: Sequence[Claim], theirs: Sequence[Identity], likeness: Likeness) -> Iterator[Pair]:
    """Those that are each other's best candidate, by far."""
    rows = [[likeness(claim.page, claim.question, one.question) for one in theirs] for claim in ours]
    for claim, row in zip(ours, rows, strict=True):
        best = max(range(len(row)), key=row.__getitem__)
        column = [other[best] for other in rows]
        if row[best] == max(column) >= _ALIKE and _is_clear(row) and _is_clear(column):
            yield claim, theirs[best]


def _is_clear(scores: Iterable[float]) -> bool:
    best, *others = sorted(scores, reverse=True)
    return not others or best - others[0] >= _MARGIN


def _ambiguous(
    claims: Sequence[Claim], known: Sequence[Identity], likeness: Likeness
) -> Iterator[tuple[Claim, tuple[Identity, ...]]]:
    for ours, theirs in _grouped(claims, _living(known), _page):
        for claim in ours:
            if candidates := tuple(one for one in theirs if _could_be(claim, one, likeness)):
                yield claim, candidates


def _could_be(claim: Claim, identity: Identity, likeness: Likeness) -> bool:
    if claim.question_digest == identity.question_digest:
        return True
    return likeness(claim.page, claim.question, identity.question) >= _ALIKE


def _likeness(claims: Iterable[Claim], known: Iterable[Identity]) -> Likeness:
    """How alike two questions of a page are, of 100, by the words that tell them from the page's other questions."""
    questions: defaultdict[str, set[str]] = defaultdict(set)
    everything: list[Either] = [*claims, *known]
    for one in everything:
        questions[one.page].add(one.question[:STORED_QUESTION])

    @cache
    def common_words(page: str) -> frozenset[str]:
        counts = Counter(word for question in questions[page] for word in set(_words(question)))
        return frozenset(word for word, count in counts.items() if count > 2 and count > _COMMON * len(questions[page]))

    @cache
    def own_words(page: str, question: str) -> str:
        words = _words(question[:STORED_QUESTION])
        return " ".join(sorted(word for word in words if word not in common_words(page)))

    def likeness(page: str, one: str, other: str) -> float:
        from rapidfuzz import fuzz  # noqa: PLC0415 - seldom needed, and every start would wait for it

        left, right = own_words(page, one), own_words(page, other)
        return fuzz.ratio(left, right, score_cutoff=_ALIKE - _MARGIN) if left and right else 0

    return likeness


def _words(question: str) -> list[str]:
    return _WORD.findall(question.lower())


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


def _id(one: Either) -> Hashable:
    return one.id


def _answer(one: Either) -> Hashable:
    return one.answer_digest


def _page(one: Either) -> Hashable:
    return one.page


def _question(one: Either) -> Hashable:
    return one.question_digest


def _page_and_question(one: Either) -> Hashable:
    return one.page, one.question_digest


def _page_and_answer(one: Either) -> Hashable:
    return one.page, one.answer_digest


def _question_and_answer(one: Either) -> Hashable:
    return one.question_digest, one.answer_digest


def _page_question_and_answer(one: Either) -> Hashable:
    return one.page, one.question_digest, one.answer_digest


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
