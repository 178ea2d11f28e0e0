"""Builds the tree of blocks while their lines are read."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ankigen.data import Block, Format, Line, Page, Property
from ankigen.support.structs import Struct, field, replace
from ankigen.syntax.areas import with_picture
from ankigen.syntax.bounds import DEEPEST_BLOCK

_ANCHOR = re.compile(r"[A-Za-z0-9-]{6,}")
_BEFORE_ANCHOR = frozenset({" ", "\t", ""})


def lines_of(text: str) -> list[str]:
    """The lines of a file, separated only by line feeds; there is none after the last."""
    lines = text.removesuffix("\n").split("\n")
    return [line.removesuffix("\r") for line in lines] if "\r" in text else lines


class Draft(Struct):
    """A block while its lines are collected.

    `indent` is compared with later blocks, `margin` is the number of spaces before its later lines. The page itself is
    the root draft, with an indent below all others.
    """

    line: int
    indent: int
    margin: int
    level: int
    parent: Draft | None
    last_line: int = 0
    lines: list[Line] = field(default_factory=list)
    properties: list[Property] = field(default_factory=list)
    reviews: list[Property] = field(default_factory=list)
    children: list[Block] = field(default_factory=list)


class Tree:
    """All drafts of a page in reading order; the first is the page itself, with the text before its blocks."""

    def __init__(self) -> None:
        self.page = Draft(line=1, indent=-1, margin=0, level=0, parent=None)
        self.drafts = [self.page]
        self._ancestors = [self.page]
        self._raised: list[int] = []

    def begin(self, line: int, indent: int) -> Draft:
        """Find the place of a block that begins here.

        Its parent is the nearest block with a smaller indent. A block between two indents becomes a sibling of the
        deeper one, and counts as indented like it. One that would be too deep becomes a sibling, too.
        """
        ancestors = self._ancestors
        margin = indent + 2
        if len(ancestors) > DEEPEST_BLOCK and ancestors[-1].indent < indent:
            self._raised.append(line)
            indent = ancestors[-1].indent
        while ancestors[-1].indent >= indent:
            sibling = ancestors.pop()
            if ancestors[-1].indent < indent:
                indent = sibling.indent
                break
        draft = Draft(line=line, indent=indent, margin=margin, level=len(ancestors), parent=ancestors[-1])
        ancestors.append(draft)
        self.drafts.append(draft)
        return draft

    def finish(self, path: str, name: str, format: Format, source: Sequence[str]) -> Page:
        """The page, after every line of its source was added to a draft."""
        for draft in reversed(self.drafts):
            if draft.parent:
                draft.parent.children.append(with_picture(_block(draft), path))
        properties, blocks = self.page.properties, self.page.children[::-1]
        if blocks and _holds_page_properties(blocks[0]):
            properties = [*properties, *blocks.pop(0).properties]
        preamble = _trimmed(self.page.lines)
        return Page(
            path,
            name,
            format,
            tuple(properties),
            preamble,
            tuple(blocks),
            source=tuple(source),
            raised=tuple(self._raised),
            reviews=tuple(self.page.reviews),
        )


def _block(draft: Draft) -> Block:
    """The block of a draft whose children are already blocks, the last one first."""
    return Block(
        line=draft.line,
        last_line=draft.last_line,
        level=draft.level,
        lines=_trimmed(draft.lines),
        properties=tuple(draft.properties),
        children=tuple(reversed(draft.children)),
        reviews=tuple(draft.reviews),
    )


def _holds_page_properties(block: Block) -> bool:
    """Whether a first bullet has the page's properties, as many people write them."""
    return bool(block.properties) and not block.lines and not block.children


def _trimmed(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines without blank ones at either end, and without Obsidian's anchor after the last."""
    filled = _filled(lines)
    if not filled or "^" not in filled[-1].text:
        return filled
    last = filled[-1]
    text = _without_anchor(last.text)
    return filled if text == last.text else _filled((*filled[:-1], replace(last, text=text)))


def _filled(lines: Sequence[Line]) -> tuple[Line, ...]:
    start, end = 0, len(lines)
    while start < end and not lines[start].text.strip():
        start += 1
    while start < end and not lines[end - 1].text.strip():
        end -= 1
    return tuple(lines[start:end])


def _without_anchor(text: str) -> str:
    before, _, anchor = text.rpartition("^")
    is_anchor = before[-1:] in _BEFORE_ANCHOR and _ANCHOR.fullmatch(anchor.rstrip())
    return before.rstrip() if is_anchor else text
