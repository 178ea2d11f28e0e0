"""Parts of a page for Obsidian's links: a section by its heading, a block by its `^id`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ankigen.cards.find import page_elsewhere
from ankigen.cards.headings import HEADING, is_bullet, level_of
from ankigen.cards.instructions import without_tags
from ankigen.config import Config
from ankigen.data import Block, Line, Page
from ankigen.support.normal_forms import comparable
from ankigen.support.structs import replace

_NOT_IN_LINKS = re.compile(r"[#|^:%\[\]\\]")
"""The characters that Obsidian leaves out of a heading in a link."""


def part_elsewhere(page: Page, part: str, config: Config) -> Page | None:
    """A part of a page as a card shows it: `heading`, `heading#subheading`, or `^id`; `None` if there is none."""
    blocks = _anchored(page, part[1:].strip()) if part.startswith("^") else _section(page, part.split("#"), config)
    return page_elsewhere(replace(page, preamble=(), blocks=tuple(blocks)), config) if blocks else None


def _section(page: Page, names: Sequence[str], config: Config) -> Sequence[Block]:
    """The blocks from a heading to the next one that is not deeper; parent headings may come first."""
    blocks: Sequence[Block] = page.blocks
    for name in names:
        levels = [level_of(block, page) for block in blocks]
        begins = (index for index, level in enumerate(levels) if level and _is_called(blocks[index], name, config))
        begin = next(begins, None)
        if begin is None:
            return ()
        ends = (index for index in range(begin + 1, len(blocks)) if 0 < levels[index] <= levels[begin])
        blocks = blocks[begin : next(ends, len(blocks))]
    return blocks


def _is_called(block: Block, name: str, config: Config) -> bool:
    """Whether a link with this heading name means this block, with or without its tags."""
    headings = (HEADING.match(named.text) for named in (block, without_tags(block, config)))
    return any(_key(heading["words"] or "") == _key(name) for heading in headings if heading)


def _key(heading: str) -> str:
    return comparable(_NOT_IN_LINKS.sub(" ", heading)).casefold()


def _anchored(page: Page, anchor: str) -> Sequence[Block]:
    """The text with the anchor: a bullet with all below it, a list, or the paragraph that ends with it."""
    marked = re.compile(rf"(?P<before>.*?)(?:^|[ \t]|(?<=\]\]))\^{re.escape(anchor)}[ \t]*", re.IGNORECASE)
    lines = ((number, marked.fullmatch(line)) for number, line in enumerate(page.source, 1) if "^" in line)
    number, match = next(((number, match) for number, match in lines if match), (0, None))
    if match is None:
        return ()
    holder = _holder(page.blocks, number)
    if holder and is_bullet(holder, page):
        is_of_list = not match["before"] and not page.source[number - 1].startswith((" ", "\t"))
        return _list_up_to(page, holder) if is_of_list else (holder,)
    lines_around = holder.lines if holder else page.preamble
    paragraph = _paragraph(lines_around, number)
    return (Block(paragraph[0].number, paragraph[-1].number, 1, paragraph),) if paragraph else ()


def _holder(blocks: Sequence[Block], number: int) -> Block | None:
    """The block of a line, or `None` above the first block."""
    every = [block for top in blocks for block in top.walk()]
    return next((block for block in reversed(every) if block.line <= number), None)


def _list_up_to(page: Page, last: Block) -> Sequence[Block]:
    """The bullets of the list that ends with a block, those on its outermost level."""
    end = next(index for index, top in enumerate(page.blocks) if any(block is last for block in top.walk()))
    begin = end
    while begin and is_bullet(page.blocks[begin - 1], page):
        begin -= 1
    return page.blocks[begin : end + 1]


def _paragraph(lines: Sequence[Line], number: int) -> tuple[Line, ...]:
    """The contiguous lines that end at this one, or before it if it is otherwise empty."""
    above = [line for line in lines if line.number <= number]
    while above and not above[-1].text.strip():
        above.pop()
    begin = len(above)
    while begin and above[begin - 1].text.strip() and not HEADING.match(above[begin - 1].text):
        begin -= 1
    return tuple(above[begin:])
