"""No pattern repeats a group possessively: Python before 3.11.5 matches some of those wrongly, unlike atomic groups.

There `(?:ab?c)*+` takes the `a` of `ab`. Of a single character a possessive repetition is right everywhere.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import ankigen

HERE = Path(ankigen.__file__).parent
FILES = sorted(HERE.rglob("*.py"))
_POSSESSIVE = re.compile(r"(?<!\\)(?:\\\\)*\)(?:[*+?]|\{\d*,?\d*\})\+")


def texts(tree: ast.AST) -> Iterator[str]:
    """All constant texts; those between the values of an f-string as well."""
    yield from (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))


def possessive_groups(source: str) -> list[str]:
    return [found[0] for text in texts(ast.parse(source)) for found in _POSSESSIVE.finditer(text)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(HERE).as_posix())
def test_no_pattern_repeats_a_group_possessively(path: Path) -> None:
    assert possessive_groups(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (r'r"(?:ab?c)*+"', [")*+"]),
        (r'rf"(?:{one}b){{1,2}}+"', ["){1,2}+"]),
        (r'r"(?>(?:ab?c)*)[^x]*+\(++[)]*+"', []),
    ],
)
def test_a_possessive_group_is_found(source: str, found: list[str]) -> None:
    assert possessive_groups(source) == found
