"""Numbers for the answers of a card: an answer keeps its number for ever, whatever comes and goes around it."""

from __future__ import annotations

import itertools
from collections import defaultdict, deque
from collections.abc import Container, Iterable, Mapping, Sequence

from ankigen.data import ClozeAnswer, ClozeNumber
from ankigen.support.hashing import digest
from ankigen.support.normal_forms import comparable

_STORED_ANSWER = 40


def number(answers: Sequence[ClozeAnswer], known: Sequence[ClozeNumber]) -> tuple[ClozeNumber, ...]:
    """Number the answers: first these in reading order, then the numbers that are used no more.

    A number that the author wrote stands. A known answer keeps its number; an answer between the same neighbours as one
    that is gone was reworded, and takes its number over; any other gets the lowest number that no answer ever had.
    """
    if not answers and not known:
        return ()
    names = [_stored(answer.text) for answer in answers]
    written = {place: answer.number for place, answer in enumerate(answers) if answer.number is not None}
    if not written and not known:
        return tuple([ClozeNumber(name, value) for value, name in enumerate(names, 1)])
    if not written and names == [cloze.answer for cloze in known if cloze.is_used]:
        return tuple(sorted(known, key=lambda cloze: not cloze.is_used))
    open_known = [cloze for cloze in known if cloze.number not in written.values()]
    kept = _known_answers(names, written, open_known)
    kept |= _reworded_answers(len(names), written, kept, open_known)
    taken = {cloze.number for cloze in known} | set(written.values())
    fresh = (value for value in itertools.count(1) if value not in taken)
    numbers = [written.get(place) or kept.get(place) or next(fresh) for place in range(len(names))]
    used = [ClozeNumber(name, value) for name, value in zip(names, numbers, strict=True)]
    gone = [ClozeNumber(cloze.answer, cloze.number, is_used=False) for cloze in known if cloze.number not in numbers]
    return (*used, *gone)


def _known_answers(names: Sequence[str], written: Mapping[int, int], known: Iterable[ClozeNumber]) -> dict[int, int]:
    """The numbers of answers that are known word for word, by place; those in use go first."""
    by_name: defaultdict[str, deque[int]] = defaultdict(deque)
    for cloze in sorted(known, key=lambda cloze: not cloze.is_used):
        by_name[cloze.answer].append(cloze.number)
    places = (place for place, name in enumerate(names) if place not in written and by_name[name])
    return {place: by_name[names[place]].popleft() for place in places}


def _reworded_answers(
    count: int, written: Mapping[int, int], kept: Mapping[int, int], known: Sequence[ClozeNumber]
) -> dict[int, int]:
    """The numbers of answers that stand in a gap of as many known ones, between the same known neighbours."""
    gone = _gaps([cloze.number for cloze in known if cloze.is_used], set(kept.values()))
    places = [place for place in range(count) if place not in written]
    come = _gaps(places, set(kept))
    pairs = ((gap, gone.get(kept.get(after) if after is not None else None, ())) for after, gap in come.items())
    return {
        place: value
        for gap, values in pairs
        if len(gap) == len(values)
        for place, value in zip(gap, values, strict=True)
    }


def _gaps(items: Iterable[int], anchors: Container[int]) -> dict[int | None, list[int]]:
    """Runs of items between anchors, by the anchor in front of each; `None` stands in front of the first."""
    gaps: dict[int | None, list[int]] = {}
    anchor = None
    for item in items:
        if item in anchors:
            anchor = item
        else:
            gaps.setdefault(anchor, []).append(item)
    return gaps


def _stored(text: str) -> str:
    """The answer as the lock file holds it: shortened, with a hash where something was cut."""
    text = comparable(text)
    return text if len(text) <= _STORED_ANSWER else f"{text[:_STORED_ANSWER]}…{digest(text, length=8)}"
