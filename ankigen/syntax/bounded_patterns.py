"""Finds the matches of a user's pattern with a limited number of steps: Python's own engine may never end.

Python's engine is used if a pattern has few paths in a text of that length. If there may be many, the same is done here
step by step. So the result is that of `re`, or the pattern is given up; and it is the same on every machine.
"""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from re import _compiler as compiler  # type: ignore[attr-defined] # what `re` is made of has no public name any more
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from ankigen.support.structs import Struct

_FEW = 16
_QUICK = 1_000_000
"""Steps of Python's engine, a hundredth of a second."""
_STEPS, _STEPS_PER_CHARACTER, _MOST_STEPS = 20_000, 500, 2_000_000
_LONGEST_PROGRAM = 2_000

Stretch = tuple[int, int]
Item = tuple[Any, Any]


class _GivenUp(Exception):
    pass


@lru_cache(maxsize=256)
def find_all(pattern: re.Pattern[str], text: str, patterns: int) -> tuple[Stretch, ...] | None:
    """The matches of the pattern; `None` if that takes too many steps, a budget shared by `patterns`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # Python would print it among the problems
            items = parser.parse(pattern.pattern, pattern.flags)
        if _ways(items, len(text)) * len(text) * patterns <= max(_QUICK, len(text)):
            return tuple([match.span() for match in pattern.finditer(text)])
        steps = min(_STEPS + _STEPS_PER_CHARACTER * len(text), _MOST_STEPS) // patterns
        return tuple(_Machine(_program(items, pattern.flags), text, steps).matches())
    except (_GivenUp, RecursionError):
        return None


# How many ways there are.


def _ways(items: Iterable[Item], length: int) -> float:
    """An upper bound of the paths through a pattern from one place in a text of that length."""
    return math.prod(_ways_of(code, argument, length) for code, argument in items)


def _ways_of(code: Any, argument: Any, length: int) -> float:
    if code in _REPEATS:
        least, most, inner = argument
        return _repeated(_ways(inner, length), int(least), min(int(most), length))
    if code is codes.BRANCH:
        return sum(_ways(branch, length) for branch in argument[1])
    if code in {codes.SUBPATTERN, codes.ASSERT, codes.ASSERT_NOT}:
        return _ways(argument[-1], length)
    if code is codes.ATOMIC_GROUP:
        return _ways(argument, length)
    if code is codes.GROUPREF_EXISTS:
        return _ways(argument[1], length) + _ways(argument[2] or (), length)
    return length if code is codes.GROUPREF else 1


def _repeated(ways: float, least: int, times: int) -> float:
    """The paths through a repetition; many steps on one path count as paths, too."""
    if ways <= 1:
        return times + 1 if times > _FEW else max(times - least, 0) + 1
    return math.inf if times * math.log(ways) > math.log(_QUICK) else ways ** max(times, 1) + 1


_REPEATS = {codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT}


# The same step by step.


class _Step(Struct, frozen=True):
    """An instruction: the operation, its operand, and an alternative target."""

    does: str
    what: Any = None
    other: int = 0


_Program = list[_Step]


def _program(items: Iterable[Item], flags: int) -> _Program:
    program: _Program = []
    _add(program, items, flags)
    program.append(_Step("match"))
    return program


def _add(program: _Program, items: Iterable[Item], flags: int) -> None:
    for code, argument in items:
        if len(program) > _LONGEST_PROGRAM:
            raise _GivenUp
        _ADD.get(code, _add_single)(program, (code, argument), flags)


def _add_single(program: _Program, item: Item, flags: int) -> None:
    """Add one character or a position; `re` itself decides what matches."""
    single = compiler.compile(parser.SubPattern(parser.State(), [item]), flags)
    program.append(_Step("place" if item[0] is codes.AT else "character", single.match))


def _add_group(program: _Program, item: Item, flags: int) -> None:
    group, added, removed, inner = item[1]
    if group is not None:
        program.append(_Step("begin", group))
    _add(program, inner, (flags | added) & ~removed)
    if group is not None:
        program.append(_Step("end", group))


def _add_branch(program: _Program, item: Item, flags: int) -> None:
    ends = []
    *branches, last = item[1][1]
    for branch in branches:
        split = _reserve(program)
        _add(program, branch, flags)
        ends.append(_reserve(program))
        program[split] = _Step("split", split + 1, len(program))
    _add(program, last, flags)
    for end in ends:
        program[end] = _Step("go", None, len(program))


def _add_repeat(program: _Program, item: Item, flags: int) -> None:
    code, (least, most, inner) = item
    if code is codes.POSSESSIVE_REPEAT:
        return _add_atomic(program, (code, [(codes.MAX_REPEAT, item[1])]), flags)
    for _ in range(least):
        _add(program, inner, flags)
    if most is codes.MAXREPEAT:
        split = _reserve(program)
        program.append(_Step("mark", split))
        _add(program, inner, flags)
        program.append(_Step("again", split, split))
        program[split] = _split(code, split + 1, len(program))
        return None
    splits = []
    for _ in range(most - least):
        splits.append(_reserve(program))
        _add(program, inner, flags)
    for split in splits:
        program[split] = _split(code, split + 1, len(program))
    return None


def _split(code: Any, inner: int, behind: int) -> _Step:
    return _Step("split", behind, inner) if code is codes.MIN_REPEAT else _Step("split", inner, behind)


def _add_atomic(program: _Program, item: Item, flags: int) -> None:
    program.append(_Step("atomic", _program(item[1], flags)))


def _add_look(program: _Program, item: Item, flags: int) -> None:
    code, (direction, inner) = item
    width = inner.getwidth()[0] if direction < 0 else 0
    program.append(_Step("look" if code is codes.ASSERT else "look not", _program(inner, flags), width))


def _add_reference(program: _Program, item: Item, flags: int) -> None:
    program.append(_Step("same letters" if flags & re.IGNORECASE else "same", item[1]))


def _add_condition(program: _Program, item: Item, flags: int) -> None:
    group, yes, no = item[1]
    condition = _reserve(program)
    _add(program, yes, flags)
    end = _reserve(program)
    program[condition] = _Step("if", group, len(program))
    _add(program, no or (), flags)
    program[end] = _Step("go", None, len(program))


def _reserve(program: _Program) -> int:
    """Reserve a step whose target is not known yet."""
    if len(program) > _LONGEST_PROGRAM:
        raise _GivenUp
    program.append(_Step("go"))
    return len(program) - 1


_ADD = {
    codes.SUBPATTERN: _add_group,
    codes.BRANCH: _add_branch,
    codes.MAX_REPEAT: _add_repeat,
    codes.MIN_REPEAT: _add_repeat,
    codes.POSSESSIVE_REPEAT: _add_repeat,
    codes.ATOMIC_GROUP: _add_atomic,
    codes.ASSERT: _add_look,
    codes.ASSERT_NOT: _add_look,
    codes.GROUPREF: _add_reference,
    codes.GROUPREF_EXISTS: _add_condition,
}

_Groups = dict[Any, Any]
"""The bounds of groups, and the start of the last round of each repetition; immutable."""


_State = tuple[int, int, _Groups]
"""The next step, the position in the text, and the groups."""


class _Machine:
    def __init__(self, program: _Program, text: str, steps: int) -> None:
        self.program = program
        self.text = text
        self.steps = steps

    def matches(self) -> Iterator[Stretch]:
        """All matches from left to right, like `finditer`. Raises `_GivenUp` if the steps are used up."""
        position, never = 0, -1
        while position <= len(self.text):
            found = self.run(self.program, position, {}, never)
            if found is None:
                position += 1
                continue
            yield position, found[0]
            never = position if found[0] == position else -1
            position = found[0]

    def run(self, program: _Program, position: int, groups: _Groups, never: int = -1) -> tuple[int, _Groups] | None:
        """The end of the first path through the program, and its groups; it must not end at `never`."""
        waiting = [(0, position, groups)]
        while waiting:
            number, position, groups = waiting.pop()
            while number >= 0:
                self.steps -= 1
                if self.steps < 0:
                    raise _GivenUp
                step = program[number]
                if step.does == "match":
                    if position != never:
                        return position, groups
                    break
                if step.does == "split":
                    waiting.append((step.other, position, groups))
                    number = step.what
                else:
                    number, position, groups = _TAKE[step.does](self, step, number, position, groups)
        return None

    # Each takes a step and returns where to continue: negative if the text does not match.

    def character(self, step: _Step, number: int, position: int, groups: _Groups) -> _State:
        return number + 1 if step.what(self.text, position) else -1, position + 1, groups

    def place(self, step: _Step, number: int, position: int, groups: _Groups) -> _State:
        return number + 1 if step.what(self.text, position) else -1, position, groups

    def go(self, step: _Step, _number: int, position: int, groups: _Groups) -> _State:
        return step.other, position, groups

    def begin(self, step: _Step, number: int, position: int, groups: _Groups) -> _State:
        return number + 1, position, {**groups, ("begin", step.what): position}

    def end(self, step: _Step, number: int, position: int, groups: _Groups) -> _State:
        return number + 1, position, {**groups, step.what: (groups["begin", step.what], position)}

    def mark(self, step: _Step, number: int, position: int, groups: _Groups) -> _State:
        return number + 1, position, {**groups, ("round", step.what): position}

    def again(self, step: _Step, number: int, position: int, groups: _Groups) -> _State:
        """Another round of a repetition, unless the last one matched nothing."""
        return number + 1 if groups["round", step.what] == position else step.other, position, groups

    def condition(self, step: _Step, number: int, position: int, groups: _Groups) -> _State:
        return number + 1 if step.what in groups else step.other, position, groups

    def atomic(self, step: _Step, number: int, position: int, groups: _Groups) -> _State:
        found = self.run(step.what, position, groups)
        return (number + 1, *found) if found else (-1, position, groups)

    def same(self, step: _Step, number: int, position: int, groups: _Groups) -> _State:
        """A back reference to a group."""
        if step.what not in groups:
            return -1, position, groups
        start, end = groups[step.what]
        behind = position + end - start
        self.steps -= end - start
        first, second = self.text[start:end], self.text[position:behind]
        is_same = first == second or (step.does == "same letters" and first.lower() == second.lower())
        return number + 1 if is_same else -1, behind, groups

    def look(self, step: _Step, number: int, position: int, groups: _Groups) -> _State:
        """A lookahead or lookbehind."""
        start = position - step.other
        found = self.run(step.what, start, groups) if start >= 0 else None
        if (found is not None) != (step.does == "look"):
            return -1, position, groups
        return number + 1, position, found[1] if found else groups


_TAKE: dict[str, Callable[[_Machine, _Step, int, int, _Groups], _State]] = {
    "character": _Machine.character,
    "place": _Machine.place,
    "go": _Machine.go,
    "begin": _Machine.begin,
    "end": _Machine.end,
    "mark": _Machine.mark,
    "again": _Machine.again,
    "if": _Machine.condition,
    "same": _Machine.same,
    "same letters": _Machine.same,
    "atomic": _Machine.atomic,
    "look": _Machine.look,
    "look not": _Machine.look,
}
