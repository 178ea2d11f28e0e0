"""Outside Logseq, nests the text below a heading in it, though it is not indented."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ankigen.cards import instructions
from ankigen.config import Config
from ankigen.data import Block, Page
from ankigen.support.structs import Struct, field, replace

HEADING = re.compile(r"(?P<marks>#+)(?:[ \t]+(?P<words>[^\n]*)|$)")
_BULLET = re.compile(r"[ \t]*-(?:[ \t]|$)")
_DEEPEST = 6
"""As in HTML; a heading with more marks counts as this level."""


class _Section(Struct):
    """A heading while its content is collected; the page itself is level 0, without a heading."""

    level: int
    heading: Block | None = None
    below: list[Block] = field(default_factory=list)


def under_headings(page: Page, config: Config) -> Page:
    """The page with the text below each heading nested in it, up to the next heading that is not deeper.

    If a heading is a card, the text directly below it becomes its first child: it would else be part of the question. A
    heading that is part of its text's question contains nothing else.
    """
    open_sections = [_Section(0)]
    for block in page.blocks:
        level = level_of(block, page)
        if not level:
            open_sections[-1].below.append(block)
            continue
        _close(open_sections, level, config)
        heading = replace(block, is_bullet=False)
        if _is_text_a_card(heading, config):
            open_sections[-1].below.append(heading)
        else:
            open_sections.append(_Section(level, heading))
    _close(open_sections, 1, config)
    return replace(page, blocks=tuple(open_sections[0].below))


def level_of(block: Block, page: Page) -> int:
    """The level of a heading at the start of its line, else 0; one after a bullet contains what is indented below."""
    heading = HEADING.match(page.source[block.line - 1])
    return min(len(heading["marks"]), _DEEPEST) if heading else 0


def is_bullet(block: Block, page: Page) -> bool:
    """Whether the block is written as a bullet."""
    return _BULLET.match(page.source[block.line - 1]) is not None


def _close(open_sections: list[_Section], level: int, config: Config) -> None:
    """Put sections of that level or deeper into their parents."""
    while open_sections[-1].level >= level:
        section = open_sections.pop()
        assert section.heading is not None, "only the page has no heading, and it is never closed"
        open_sections[-1].below.append(_with_children(section.heading, section.below, config))


def _is_text_a_card(heading: Block, config: Config) -> bool:
    """Whether the text below a heading is a card, with the heading as part of its question."""
    return _triggers(heading, config) and not _triggers(heading.with_lines(heading.lines[:1]), config)


def _triggers(block: Block, config: Config) -> bool:
    return instructions.instructions_of(block, config).triggers(config)


def _with_children(heading: Block, children: Sequence[Block], config: Config) -> Block:
    if not children or not _triggers(heading, config):
        return heading.with_children((*heading.children, *children))
    first, rest = heading.lines[:1], instructions.filled(heading.lines[1:])
    text = (replace(heading, line=rest[0].number, level=2, lines=rest, properties=(), children=()),) if rest else ()
    return replace(heading, lines=first, children=(*text, *heading.children, *children))
