"""Numbers the clozes of a card: an answer keeps its number forever, whatever changes around it."""

from __future__ import annotations

import itertools
from collections import defaultdict, deque
from collections.abc import Container, Iterable, Mapping, Sequence

from ankigen.data import ClozeAnswer, ClozeNumber
from ankigen.support.hashing import digest
from ankigen.support.normal_forms import comparable

_STORED_ANSWER = 40


def number_clozes(answers: Sequence[ClozeAnswer], known: Sequence[ClozeNumber]) -> tuple[ClozeNumber, ...]:
    """Number the answers; `known` is the card's entry in the lock.

    Returns the answers in reading order, then the numbers that are no longer used.

    A number that the author wrote is kept. A known answer keeps its number; an answer between the same neighbours as a
    missing one is a rewording of it, and takes over its number; any other gets the lowest number that was never used.
    """
    if not answers and not known:
        return ()
    names = [stored(answer.text) for answer in answers]
    written = {index: answer.number for index, answer in enumerate(answers) if answer.number is not None}
    if not written and not known:
        return tuple([ClozeNumber(name, number) for number, name in enumerate(names, 1)])
    if not written and names == [cloze.answer for cloze in known if cloze.is_used]:
        return tuple(sorted(known, key=lambda cloze: not cloze.is_used))
    numbers = _numbers(names, written, known)
    used = [ClozeNumber(name, number) for name, number in zip(names, numbers, strict=True)]
    gone = [ClozeNumber(cloze.answer, cloze.number, is_used=False) for cloze in known if cloze.number not in numbers]
    return (*used, *gone)


def _numbers(names: Sequence[str], written: Mapping[int, int], known: Sequence[ClozeNumber]) -> list[int]:
    """A number for each answer; `written` has the author's own, by the answer's index."""
    open_known = [cloze for cloze in known if cloze.number not in written.values()]
    inherited = _known_answers(names, written, open_known)
    inherited |= _reworded_answers(len(names), written, inherited, open_known)
    taken = {cloze.number for cloze in known} | set(written.values())
    fresh = (number for number in itertools.count(1) if number not in taken)
    return [written.get(index) or inherited.get(index) or next(fresh) for index in range(len(names))]


def _known_answers(names: Sequence[str], written: Mapping[int, int], known: Iterable[ClozeNumber]) -> dict[int, int]:
    """The numbers of answers with the same text, by index; numbers in use come first."""
    by_name: defaultdict[str, deque[int]] = defaultdict(deque)
    for cloze in sorted(known, key=lambda cloze: not cloze.is_used):
        by_name[cloze.answer].append(cloze.number)
    matching = (index for index, name in enumerate(names) if index not in written and by_name[name])
    return {index: by_name[names[index]].popleft() for index in matching}


def _reworded_answers(
    count: int, written: Mapping[int, int], inherited: Mapping[int, int], known: Sequence[ClozeNumber]
) -> dict[int, int]:
    """The numbers, by index, of answers in a gap between known neighbours that had equally many answers before.

    `count` is the number of answers; `inherited` has the numbers of the known ones, by index.
    """
    gone = _gaps([cloze.number for cloze in known if cloze.is_used], set(inherited.values()))
    new = _gaps([index for index in range(count) if index not in written], set(inherited))
    pairs = ((gap, gone.get(inherited.get(after) if after is not None else None, ())) for after, gap in new.items())
    return {
        index: number
        for gap, numbers in pairs
        if len(gap) == len(numbers)
        for index, number in zip(gap, numbers, strict=True)
    }


def _gaps(items: Iterable[int], anchors: Container[int]) -> dict[int | None, list[int]]:
    """Runs of items between anchors, by the anchor before each; `None` is before the first."""
    gaps: dict[int | None, list[int]] = {}
    anchor = None
    for item in items:
        if item in anchors:
            anchor = item
        else:
            gaps.setdefault(anchor, []).append(item)
    return gaps


def stored(text: str) -> str:
    """The answer as stored in the lock file: shortened, with a hash if something was cut."""
    text = comparable(text)
    return text if len(text) <= _STORED_ANSWER else f"{text[:_STORED_ANSWER]}…{digest(text, length=8)}"
