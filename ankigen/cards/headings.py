"""What does a heading own outside Logseq, where nothing below it is indented?"""

from __future__ import annotations

import re
from dataclasses import replace

from ankigen.cards import words
from ankigen.config import Config
from ankigen.data import Block, Page

_HEADING = re.compile(r"#+(?:[ \t]|$)")


def under_headings(page: Page, config: Config) -> Page:
    """The page with each list below a heading that is a card among the card's answer, up to the next heading.

    The text in front of the list goes with it: it would else be a part of the question.
    """
    blocks: list[Block] = []
    is_owner = False
    for block in page.blocks:
        if _is_heading(block):
            is_owner = words.words_of(replace(block, lines=block.lines[:1]), config).triggers(config)
        elif is_owner:
            blocks[-1] = _with_child(blocks[-1], block)
            continue
        blocks.append(block)
    return replace(page, blocks=tuple(blocks))


def _is_heading(block: Block) -> bool:
    """Whether it is a heading at the start of its line; one behind a bullet owns what is indented below it."""
    return bool(block.lines) and block.lines[0].column == 1 and _HEADING.match(block.lines[0].text) is not None


def _with_child(heading: Block, child: Block) -> Block:
    first, rest = heading.lines[:1], words.filled(heading.lines[1:])
    text = (replace(heading, line=rest[0].number, level=2, lines=rest, properties=(), children=()),) if rest else ()
    return replace(heading, lines=first, children=(*text, *heading.children, child))
