"""Which block owns a line, where it stands in the file, and what of it is text: Markdown and org outlines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ankigen.data import Block, Line, Page, Property
from ankigen.syntax import outline
from tests.helpers import golden


def tree(blocks: tuple[Block, ...]) -> str:
    """`a(b c) d`: a with the children b and c, and its sibling d."""
    return " ".join(f"{one.text}({tree(one.children)})" if one.children else one.text for one in blocks)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- a\n\t- b\n\t- c\n- d", "a(b c) d"),
        ("- a\n\t- b\n\t\t\t- c\n\t- d", "a(b(c) d)"),
        ("- 1\n   - 2\n  - 3\n      - 4", "1(2 3(4))"),
        ("- a\n    - b\n  - c\n    - d", "a(b c d)"),
        ("- a\n\t- b\n    - c", "a(b(c))"),
        ("- a\n      - b\n   - c\n     - d\n - e", "a(b c d e)"),
        ("# H\n- a\n\t- b", "# H a(b)"),
        ("### H\n\t- a\n\t\t- b\n- c", "### H(a(b)) c"),
        ("- a\n## H2\n- b", "a ## H2 b"),
        ("\t- a\n\t- b\n- c", "a b c"),
        ("- a\n\t## H2\n\t- b", "a ## H2(b)"),
        ("- a\n   - b\n  - c", "a(b c)"),
    ],
)
def test_indents_make_the_tree_that_logseq_makes(text: str, expected: str) -> None:
    assert tree(outline.parse(text, "page.md", "page").blocks) == expected


def test_stars_make_the_tree_of_an_org_file() -> None:
    assert tree(outline.parse("* a\n*** b\n** c\n* d", "page.org", "page").blocks) == "a(b c) d"


@pytest.mark.parametrize("path", golden.inputs("outline"), ids=lambda path: path.stem)
def test_a_file_has_the_outline_beside_it(path: Path, request: pytest.FixtureRequest) -> None:
    page = outline.parse(path.read_bytes().decode(), path.name, path.stem)
    golden.check(path, "\n".join(shown(page)) + "\n", request)


def shown(page: Page) -> Iterator[str]:
    yield from (f"page {one}" for one in described(page.properties, page.preamble))
    for root in page.blocks:
        for block in root.walk():
            yield f"{'  ' * (block.level - 1)}- lines {block.line} to {block.last_line}"
            yield from (f"{'  ' * block.level}{one}" for one in described(block.properties, block.lines))


def described(properties: tuple[Property, ...], lines: tuple[Line, ...]) -> Iterator[str]:
    yield from (f"property {one.key} = {one.value!r} in line {one.line}" for one in properties)
    yield from (f"{one.number}:{one.column} {one.text!r}" for one in lines)
