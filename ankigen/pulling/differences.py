"""What differs between two fields: runs of words that are other words now; all else is kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from ankigen.pulling.words import Token
from ankigen.support.structs import Struct


class Change(Struct, frozen=True):
    """Tokens of ours, from `start` to `end`, in whose place there are tokens of theirs now; either may be none."""

    start: int
    end: int
    new_start: int
    new_end: int


class Difference(Struct, frozen=True):
    """The changes in their order, and for each kept token of theirs which of ours it is."""

    changes: tuple[Change, ...]
    kept: dict[int, int]


def difference(mine: Sequence[Token], theirs: Sequence[Token]) -> Difference:
    """Compare two fields, word by word."""
    ours, new = [token.key for token in mine], [token.key for token in theirs]
    changes = [_shifted(change, mine, theirs) for change in _changes(ours, new)]
    kept: dict[int, int] = {}
    at = new_at = 0
    for change in (*changes, Change(len(ours), len(ours), len(new), len(new))):
        kept |= dict(zip(range(new_at, change.new_start), range(at, change.start), strict=True))
        at, new_at = change.end, change.new_end
    return Difference(tuple(changes), kept)


def _shifted(change: Change, mine: Sequence[Token], theirs: Sequence[Token]) -> Change:
    """The change, so far to the left that what is kept stands in the same elements as it did."""
    is_insertion = change.start == change.end
    if not is_insertion and change.new_start != change.new_end:
        return change
    tokens, start, end = (
        (theirs, change.new_start, change.new_end) if is_insertion else (mine, change.start, change.end)
    )
    others, at = (mine, change.start) if is_insertion else (theirs, change.new_start)
    gain = best_gain = shift = 0
    for step in range(1, min(start, at) + 1):
        kept = others[at - step]
        if tokens[end - step].key != kept.key or tokens[start - step].key != kept.key:
            break
        gain += (tokens[end - step].forms == kept.forms) - (tokens[start - step].forms == kept.forms)
        if gain > best_gain:
            best_gain, shift = gain, step
    return Change(change.start - shift, change.end - shift, change.new_start - shift, change.new_end - shift)


def _changes(ours: Sequence[object], new: Sequence[object]) -> Iterator[Change]:
    """The changes; most edits are small, so what is the same on both sides is left out first."""
    least = min(len(ours), len(new))
    first = next((at for at in range(least) if ours[at] != new[at]), least)
    last = next((at for at in range(least - first) if ours[-1 - at] != new[-1 - at]), least - first)
    inner, new_inner = ours[first : len(ours) - last], new[first : len(new) - last]
    for what, start, end, new_start, new_end in SequenceMatcher(None, inner, new_inner, False).get_opcodes():
        if what != "equal":
            yield Change(first + start, first + end, first + new_start, first + new_end)
