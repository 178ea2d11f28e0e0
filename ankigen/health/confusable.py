"""Cards that ask nearly the same and are answered differently, so that a reader takes one for the other."""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from rapidfuzz import fuzz, process, utils

from ankigen import note_types
from ankigen.data import Note
from ankigen.support.structs import Struct

ALIKE = 90.0
"""How alike, of 100, questions are that are confused; letters and the order of words tell."""

_LONGER = 1.25
"""A question that is longer than another by more than this cannot be that much alike."""

_SHORTEST = 8
"""In letters: shorter questions are told apart by single ones."""

_MOST_IN_A_DECK = 5_000
"""Of a larger deck only so many questions are compared, for that takes the square of their number."""

_TAG = re.compile(r"<[^>]*>")


class Confusable(Struct, frozen=True):
    """Two notes of a deck, and how alike their questions are, of 100."""

    one: Note
    other: Note
    alike: float


class _Asked(Struct, frozen=True):
    note: Note
    question: str
    answer: str


def confusables(notes: Iterable[Note]) -> list[Confusable]:
    """The pairs, the most alike first. What is answered alike is no pair: it is one fact, asked twice."""
    by_deck: defaultdict[str, list[_Asked]] = defaultdict(list)
    for note in notes:
        question, answer = map(_words, note_types.sides_of(note.content))
        if len(question) >= _SHORTEST:
            by_deck[note.deck].append(_Asked(note, question, answer))
    pairs = [pair for asked in by_deck.values() for pair in _pairs(asked[:_MOST_IN_A_DECK])]
    return sorted(pairs, key=lambda pair: (-pair.alike, pair.one.position, pair.other.position))


def _pairs(asked: Sequence[_Asked]) -> Iterator[Confusable]:
    """Questions by length: each is compared with the longer ones that may be alike."""
    ordered = sorted(asked, key=lambda each: len(each.question))
    questions = [each.question for each in ordered]
    last = 0
    for index, each in enumerate(ordered):
        while last < len(ordered) and len(questions[last]) <= len(each.question) * _LONGER:
            last += 1
        longer = questions[index + 1 : last]
        for _, alike, place in process.extract_iter(
            each.question, longer, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE
        ):
            other = ordered[index + 1 + place]
            if each.question != other.question and fuzz.ratio(each.answer, other.answer) < ALIKE:
                one, two = sorted([each.note, other.note], key=lambda note: note.position)
                yield Confusable(one, two, alike)


def _words(field: str) -> str:
    return utils.default_process(html.unescape(_TAG.sub(" ", field))).strip()
