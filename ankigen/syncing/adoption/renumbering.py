"""Gives our clozes their numbers in Anki, so that each card still asks the same."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from ankigen.data import ClozeNumber
from ankigen.support.structs import replace
from ankigen.syncing.adoption.words import WrittenCloze, written_clozes


def renumbered(clozes: Sequence[ClozeNumber], ours: str, theirs: str) -> tuple[ClozeNumber, ...]:
    """The numbers of a card's clozes as the lock will have them; `ours` and `theirs` are the two texts.

    The same answer keeps Anki's number; if equally many remain on both sides, they keep the numbers in order; any
    other gets one above all. A number that is only Anki's is never given to another answer.
    """
    answers_here, answers_there = _by_number(written_clozes(ours)), _by_number(written_clozes(theirs))
    if not answers_there:
        return tuple(clozes)
    numbers = _numbers(answers_here, answers_there)
    used = [replace(cloze, number=numbers.get(cloze.number, cloze.number)) for cloze in clozes if cloze.is_used]
    taken = {cloze.number for cloze in used}
    gone = [
        ClozeNumber(answer, number, is_used=False) for number, answer in answers_there.items() if number not in taken
    ]
    taken |= {cloze.number for cloze in gone}
    before = [cloze for cloze in clozes if not cloze.is_used and cloze.number not in taken]
    return (*used, *gone, *before)


def _by_number(clozes: Iterable[WrittenCloze]) -> dict[int, str]:
    """The answers of each number, in reading order."""
    found: dict[int, str] = {}
    for cloze in clozes:
        for number in cloze.numbers:
            found.setdefault(number, cloze.words)
    return found


def _numbers(ours: Mapping[int, str], theirs: Mapping[int, str]) -> dict[int, int]:
    """Anki's number for each of ours."""
    waiting: defaultdict[str, list[int]] = defaultdict(list)
    for number, answer in theirs.items():
        waiting[answer].append(number)
    numbers = {number: waiting[answer].pop(0) for number, answer in ours.items() if waiting[answer]}
    left_here = [number for number in ours if number not in numbers]
    left_there = [number for number in theirs if number not in set(numbers.values())]
    if len(left_here) == len(left_there):
        return numbers | dict(zip(left_here, left_there, strict=True))
    above = itertools.count(max([*ours, *theirs]) + 1)
    return numbers | {number: next(above) for number in left_here}
