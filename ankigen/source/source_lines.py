"""The lines of the notes, for showing problems and for finding marks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from ankigen.data import Position
from ankigen.errors import CannotRead
from ankigen.support import files
from ankigen.syntax import decode


def lines_at(root: Path, positions: Iterable[Position]) -> Mapping[tuple[str, int], str]:
    """The lines of these positions, by path and line number; a file that cannot be read is left out."""
    wanted: dict[str, set[int]] = {}
    for position in positions:
        wanted.setdefault(position.path, set()).add(position.line)
    return {
        (path, number): line
        for path, numbers in wanted.items()
        for number, line in enumerate(_lines(root / path), 1)
        if number in numbers
    }


def page_lines(root: Path, paths: Iterable[str]) -> dict[str, list[str]]:
    """All lines of pages, by path; a file that cannot be read has none."""
    return {path: _lines(root / path) for path in paths}


def _lines(path: Path) -> list[str]:
    try:
        data = files.read(path)
    except CannotRead:
        return []
    text, problems = decode.decode(data, path.name)
    readable = data.decode("utf-8", "replace") if problems else text
    return [line.removesuffix("\r") for line in readable.split("\n")]
