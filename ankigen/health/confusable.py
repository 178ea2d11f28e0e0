"""Finds cards with nearly the same question but different answers, which readers easily confuse."""

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
"""The similarity, of 100, at which questions are easily confused; it compares letters, with the words sorted."""

_LONGER = 1.25
"""A question longer than another by more than this factor cannot be that similar."""

_SHORTEST = 8
"""In letters: in shorter questions single letters make the difference."""

_MOST_IN_A_DECK = 5_000
"""In a larger deck only this many questions are compared, because it takes quadratic time."""

_TAG = re.compile(r"<[^>]*>")


class Confusable(Struct, frozen=True):
    """Two notes of a deck, and the similarity of their questions, of 100."""

    one: Note
    other: Note
    alike: float


class _Asked(Struct, frozen=True):
    note: Note
    question: str
    answer: str


def confusables(notes: Iterable[Note]) -> list[Confusable]:
    """The pairs, most similar first. Similar answers make no pair: that is one fact, asked twice."""
    by_deck: defaultdict[str, list[_Asked]] = defaultdict(list)
    for note in notes:
        question, answer = map(_words, note_types.sides_of(note.content))
        if len(question) >= _SHORTEST:
            by_deck[note.deck].append(_Asked(note, question, answer))
    pairs = [pair for asked in by_deck.values() for pair in _pairs(asked[:_MOST_IN_A_DECK])]
    return sorted(pairs, key=lambda pair: (-pair.alike, pair.one.position, pair.other.position))


def _pairs(asked: Sequence[_Asked]) -> Iterator[Confusable]:
    """Compare each question with the longer ones that may be similar, by length."""
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
