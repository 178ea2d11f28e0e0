"""How alike two questions of a page are, by the words that tell them from the page's other questions.

Only questions that have something rare in common are compared, so that a page of thousands takes no more than linear
time.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache

from ankigen.data import Identity
from ankigen.identity.evidence import STORED_QUESTION, CardEvidence

SIMILAR = 60
"""How alike, of 100, those words must be that tell a question from the others on its page."""
MARGIN = 10
"""By how much the best candidate must beat the next one."""
_COMMON = 1 / 3
"""A word in more than this share of a page's questions tells none of them from the others."""
_MANY = 30
"""Nor does one that stands in more questions than this."""
_PIECE = 3
"""How many letters are compared at once, to know a word with a typing mistake and words in a script without blanks."""
_WORD = re.compile(r"\w+")

CardOrIdentity = CardEvidence | Identity
DistinctiveWords = Callable[[CardOrIdentity], str]


def distinctive_words(all_cards: Collection[CardOrIdentity]) -> DistinctiveWords:
    """A function from a card to the words of its question that are rare on its page: sorted, with blanks."""

    @cache
    def questions() -> Mapping[str, set[str]]:
        by_page: defaultdict[str, set[str]] = defaultdict(set)
        for card in all_cards:
            by_page[card.page].add(card.question[:STORED_QUESTION])
        return by_page

    @cache
    def common_words(page: str) -> frozenset[str]:
        counts = Counter(word for question in questions()[page] for word in set(_words(question)))
        most = max(2, min(_MANY, _COMMON * len(questions()[page])))
        return frozenset(word for word, count in counts.items() if count > most)

    @cache
    def distinctive(page: str, question: str) -> str:
        return " ".join(sorted(word for word in _words(question) if word not in common_words(page)))

    return lambda card: distinctive(card.page, card.question[:STORED_QUESTION])


def similar_pairs(ours: Iterable[str], theirs: Iterable[str]) -> Iterator[tuple[str, str, float]]:
    """Pairs of distinctive words that are similar or nearly so: ours, theirs, and a score of at most 100."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - seldom needed, and every start would wait for it

    holders: defaultdict[str, list[str]] = defaultdict(list)
    for theirs_words in theirs:
        for piece in _pieces(theirs_words):
            holders[piece].append(theirs_words)
    for mine in ours:
        shared = (holders[piece] for piece in _pieces(mine) if piece in holders)
        near = sorted({theirs_words for others in shared if len(others) <= _MANY for theirs_words in others})
        cutoff = SIMILAR - MARGIN
        for theirs_words, score, _ in process.extract(mine, near, scorer=fuzz.ratio, score_cutoff=cutoff, limit=None):
            yield mine, theirs_words, score


def _pieces(words: str) -> set[str]:
    """All words, and all runs of a few letters."""
    padded = f" {words} "
    return {padded[start : start + _PIECE] for start in range(len(padded) - _PIECE + 1)} | set(words.split())


def _words(question: str) -> list[str]:
    return _WORD.findall(question.lower())
