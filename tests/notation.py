"""Blocks for tests: bullets with tabs, properties below them."""

from __future__ import annotations

import re

from ankigen.data import Block, Line, Property

_BULLET = re.compile(r"(?P<indent>\t*)- (?P<text>.*)")
_PROPERTY = re.compile(r"\s*(?P<key>[\w.-]+):: (?P<value>.*)")


def blocks_of(source: str) -> tuple[Block, ...]:
    """Read bullets; a line without one belongs to the bullet above it."""
    rows: list[tuple[int, int, list[Line], list[Property]]] = []
    for number, line in enumerate(source.splitlines(), 1):
        if bullet := _BULLET.fullmatch(line):
            rows.append((len(bullet["indent"]), number, [Line(number, 1, bullet["text"])], []))
        elif prop := _PROPERTY.fullmatch(line):
            rows[-1][3].append(Property(prop["key"], prop["value"], number))
        else:
            bare = line.removeprefix("\t" * rows[-1][0]).removeprefix("  ")
            rows[-1][2].append(Line(number, 1, bare))
    return _tree(rows, 0)


def _tree(rows: list[tuple[int, int, list[Line], list[Property]]], level: int) -> tuple[Block, ...]:
    starts = [index for index, row in enumerate(rows) if row[0] == level]
    ends = [*starts[1:], len(rows)][: len(starts)]
    return tuple(
        Block(
            rows[start][1],
            level + 1,
            tuple(rows[start][2]),
            tuple(rows[start][3]),
            _tree(rows[start + 1 : end], level + 1),
        )
        for start, end in zip(starts, ends, strict=True)
    )
