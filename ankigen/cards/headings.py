"""Outside Logseq, gives a heading what stands below it, though nothing there is indented."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ankigen.cards import instructions
from ankigen.config import Config
from ankigen.data import Block, Page
from ankigen.support.structs import replace

_HEADING = re.compile(r"#+(?:[ \t]|$)")


def under_headings(page: Page, config: Config) -> Page:
    """The page with each list below a heading that is a card among the card's answer, up to the next heading.

    The text in front of the list goes with it: it would else be a part of the question.
    """
    owned: list[tuple[Block, list[Block]]] = []
    is_owner = False
    for block in page.blocks:
        if _is_heading(block, page):
            is_owner = instructions.instructions_of(block.with_lines(block.lines[:1]), config).triggers(config)
        elif is_owner:
            owned[-1][1].append(block)
            continue
        owned.append((block, []))
    return replace(page, blocks=tuple(_with_children(heading, children) for heading, children in owned))


def _is_heading(block: Block, page: Page) -> bool:
    """Whether it is a heading at the start of its line; one behind a bullet owns what is indented below it."""
    return _HEADING.match(page.source[block.line - 1]) is not None


def _with_children(heading: Block, children: Sequence[Block]) -> Block:
    if not children:
        return heading
    first, rest = heading.lines[:1], instructions.filled(heading.lines[1:])
    text = (replace(heading, line=rest[0].number, level=2, lines=rest, properties=(), children=()),) if rest else ()
    return replace(heading, lines=first, children=(*text, *heading.children, *children))
