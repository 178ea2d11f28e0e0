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
from ankigen.identity.evidence import STORED_QUESTION, Claim

ALIKE = 60
"""How alike, of 100, those words must be that tell a question from the others on its page."""
MARGIN = 10
"""By how much the best candidate must beat the next one."""
_COMMON = 1 / 3
"""A word in more than this share of a page's questions tells none of them from the others."""
_MANY = 30
"""Nor does one that stands in more questions than this."""
_PIECE = 3
"""Letters that show a word through a typing mistake, and in a script without blanks."""
_WORD = re.compile(r"\w+")

Either = Claim | Identity
OwnWords = Callable[[Either], str]


def own_words(everything: Collection[Either]) -> OwnWords:
    """Whose own words are which: those of a question, in the order of the alphabet, that are not common on its page."""

    @cache
    def questions() -> Mapping[str, set[str]]:
        found: defaultdict[str, set[str]] = defaultdict(set)
        for one in everything:
            found[one.page].add(one.question[:STORED_QUESTION])
        return found

    @cache
    def common_words(page: str) -> frozenset[str]:
        counts = Counter(word for question in questions()[page] for word in set(_words(question)))
        most = max(2, min(_MANY, int(_COMMON * len(questions()[page]))))
        return frozenset(word for word, count in counts.items() if count > most)

    @cache
    def of(page: str, question: str) -> str:
        return " ".join(sorted(word for word in _words(question) if word not in common_words(page)))

    return lambda one: of(one.page, one.question[:STORED_QUESTION])


def alike(ours: Iterable[str], theirs: Iterable[str]) -> Iterator[tuple[str, str, float]]:
    """The pairs of own words that are alike, or nearly so, and how much."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - seldom needed, and every start would wait for it

    holders: defaultdict[str, list[str]] = defaultdict(list)
    for other in theirs:
        for piece in _pieces(other):
            holders[piece].append(other)
    for one in ours:
        shared = (holders[piece] for piece in _pieces(one) if piece in holders)
        near = sorted({other for others in shared if len(others) <= _MANY for other in others})
        for other, score, _ in process.extract(one, near, scorer=fuzz.ratio, score_cutoff=ALIKE - MARGIN, limit=None):
            yield one, other, score


def _pieces(words: str) -> set[str]:
    """All words, and all runs of a few letters."""
    padded = f" {words} "
    return {padded[at : at + _PIECE] for at in range(len(padded) - _PIECE + 1)} | set(words.split())


def _words(question: str) -> list[str]:
    return _WORD.findall(question.lower())
