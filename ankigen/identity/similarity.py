"""The similarity of two questions on a page, by the words that distinguish them from the page's other questions.

Only questions that have something rare in common are compared, so that a page with thousands takes only linear
time.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache, cached_property

from ankigen.data import Identity
from ankigen.identity.evidence import STORED_QUESTION, CardEvidence

SIMILAR = 60
"""How similar, out of 100, the distinctive words of two questions must be."""
MARGIN = 10
"""By how much the best candidate must beat the next one."""
_COMMON = 1 / 3
"""A word in more than this share of a page's questions is not distinctive."""
_MANY = 30
"""Nor is one in more questions than this."""
_TYPING_MISTAKE = 90
_PIECE = 3
"""How many letters are compared at once, for typos and for scripts without spaces."""
_WORD = re.compile(r"\w+")

CardOrIdentity = CardEvidence | Identity
DistinctiveWords = Callable[[CardOrIdentity], str]


class Templates:
    """Finds questions that differ only like those of a template: `What is the capital of France?`.

    Another country is another card, however similar the questions are. A template is found by a third question,
    anywhere now or before, that has all the words that two have in common, and is not one of the two with an extra
    word.
    """

    def __init__(self, all_cards: Iterable[CardOrIdentity]) -> None:
        self._all_cards = all_cards

    @cached_property
    def _holders(self) -> Mapping[str, list[frozenset[str]]]:
        holders: defaultdict[str, list[frozenset[str]]] = defaultdict(list)
        for words in {word_set(card) for card in self._all_cards}:
            for word in words:
                holders[word].append(words)
        return holders

    def part(self, card: CardEvidence, note: Identity) -> bool:
        """Whether their questions have the same template."""
        mine, its = word_set(card), word_set(note)
        shared = mine & its
        if not shared or not are_other_words(mine, its):
            return False
        third = min((self._holders[word] for word in shared), key=len)
        if len(third) > _MANY:
            return True
        return any(shared <= words and not (mine <= words or its <= words) for words in third)


def is_typing_mistake(mine: str, its: str) -> bool:
    """Whether two texts are so similar that they mean the same, or have the same letters in another order."""
    return likeness(mine, its) >= _TYPING_MISTAKE or sorted(mine) == sorted(its)


def likeness(mine: str, its: str) -> float:
    """How similar the letters of two texts are, out of 100."""
    from rapidfuzz import fuzz  # noqa: PLC0415 - seldom needed, and every start would wait for it

    return fuzz.ratio(mine, its)


def are_other_words(mine: frozenset[str], its: frozenset[str]) -> bool:
    """Whether each has words of its own, and the difference is no corrected typing mistake."""
    only_mine, only_its = joined(mine - its), joined(its - mine)
    return bool(only_mine and only_its) and not is_typing_mistake(only_mine, only_its)


def word_set(card: CardOrIdentity) -> frozenset[str]:
    """The words of its question, as far as the lock file stores it."""
    return frozenset(words_in(card.question[:STORED_QUESTION]))


def joined(words: Iterable[str]) -> str:
    """The words in alphabetical order."""
    return " ".join(sorted(words))


def distinctive_words(all_cards: Collection[CardOrIdentity]) -> DistinctiveWords:
    """A function from a card to the words of its question that are rare on its page: sorted, separated by spaces."""

    @cache
    def questions() -> Mapping[str, set[str]]:
        by_page: defaultdict[str, set[str]] = defaultdict(set)
        for card in all_cards:
            by_page[card.page].add(card.question[:STORED_QUESTION])
        return by_page

    @cache
    def common_words(page: str) -> frozenset[str]:
        counts = Counter(word for question in questions()[page] for word in set(words_in(question)))
        most = max(2, min(_MANY, _COMMON * len(questions()[page])))
        return frozenset(word for word, count in counts.items() if count > most)

    @cache
    def distinctive(page: str, question: str) -> str:
        return " ".join(sorted(word for word in words_in(question) if word not in common_words(page)))

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


def words_in(question: str) -> list[str]:
    """Its words, in small letters."""
    return _WORD.findall(question.lower())
