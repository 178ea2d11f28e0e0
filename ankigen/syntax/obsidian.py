"""Obsidian's differences from Logseq: `%%comments%%` and block `^ids` are not shown."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict

_SIGN = "%%"
_LEAD = r"[ \t]*+(?>(?:(?:[-*+>]|\d{1,9}[.)])[ \t]++)*)"
_FENCE = re.compile(rf"{_LEAD}(?P<marks>`{{3,}}+|~{{3,}}+)")
_BLOCK = re.compile(rf"(?P<lead>{_LEAD})%%(?![^\n]*%%)")
_MARK = re.compile(r"`++|\$\$|%%")
_MARK_OF_FORMULA = "$$"
_ANCHOR = re.compile(r"(?:^|(?<=[ \t])|(?<=\]\]))\^(?:[A-Za-z0-9-]{6,}|[A-Za-z][A-Za-z0-9-]+)[ \t]*$")
"""The id of a block at the end of its line; a short one begins with a letter, or it would be a power."""
_AROUND = frozenset({" ", "\t", ""})


def as_shown(text: str) -> str:
    """The text without comments and block ids, with the same number of lines."""
    return without_anchors(without_comments(text))


def without_anchors(text: str) -> str:
    """The text without block ids; code and formulas contain none."""
    if "^" not in text:
        return text
    lines = text.split("\n")
    number, is_formula = 0, False
    while number < len(lines):
        if not is_formula and (fence := _FENCE.match(lines[number])):
            number = _fence_end(lines, number, fence["marks"])
            continue
        is_formula ^= lines[number].count(_MARK_OF_FORMULA) % 2 == 1
        if not is_formula and "^" in lines[number]:
            lines[number] = _ANCHOR.sub("", lines[number]).rstrip(" \t")
        number += 1
    return "\n".join(lines)


def without_comments(text: str) -> str:
    """The text without comments, with the same number of lines; code and formulas contain none.

    A comment at the start of a line may end on a later one, others end on the same; an unclosed one is text.
    """
    if _SIGN not in text:
        return text
    lines = text.split("\n")
    ends = [number for number, line in enumerate(lines) if _SIGN in line]
    left: list[str] = []
    while len(left) < len(lines):
        left += _next(lines, len(left), ends)
    return "\n".join(left)


def _next(lines: list[str], number: int, ends: list[int]) -> list[str]:
    """The rest of the next line, or of all lines of the fence or comment that it begins."""
    line = lines[number]
    if fence := _FENCE.match(line):
        return lines[number : _fence_end(lines, number, fence["marks"])]
    later = bisect_right(ends, number)
    if (block := _BLOCK.match(line)) and later < len(ends):
        last = ends[later]
        return [block["lead"], *[""] * (last - number - 1), _within_line(lines[last].partition(_SIGN)[2]).lstrip()]
    return [_within_line(line) if _SIGN in line else line]


def _fence_end(lines: list[str], number: int, marks: str) -> int:
    """The number after the last line of a fence; an unclosed one reaches to the end."""
    closing = (index for index in range(number + 1, len(lines)) if lines[index].lstrip(" \t>").startswith(marks))
    return next(closing, len(lines) - 1) + 1


def _within_line(line: str) -> str:
    """A line without its comments; of the spaces around one, those before it are removed."""
    marks = list(_MARK.finditer(line))
    places: defaultdict[str, list[int]] = defaultdict(list)
    for index, mark in enumerate(marks):
        places[mark[0]].append(index)
    left: list[str] = []
    position, index, is_first = 0, 0, True
    while index < len(marks):
        same = places[marks[index][0]]
        after = bisect_right(same, index)
        if after == len(same):
            index += 1
            continue
        if marks[index][0] == _SIGN:
            before, position = line[position : marks[index].start()], marks[same[after]].end()
            left.append(before.rstrip(" \t") if line[position : position + 1] in _AROUND else before)
            is_first = is_first and not left[-1]
            if is_first:
                position = _behind_blanks(line, position)
        index = same[after] + 1
    return "".join([*left, line[position:]])


def _behind_blanks(line: str, position: int) -> int:
    while line[position : position + 1] in {" ", "\t"}:
        position += 1
    return position
