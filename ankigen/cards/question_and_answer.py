"""Splits a card block into its question, its answer, and what else its back shows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ankigen.cards import instructions
from ankigen.cards.occlusion import drawn_in
from ankigen.cards.surroundings import Surroundings
from ankigen.config import Config
from ankigen.data import Block, ClozeSyntax, Line, Property
from ankigen.support.structs import Struct, replace
from ankigen.syntax import clozes, footnotes, html_tags, spans

_GOES_ON = re.compile(r"[ \t]*(?:[|>]|(?:[*+]|\d+[.)])[ \t])")
"""A line of a table, a quote or a list."""
_BEGIN_EXTRA = re.compile(r"[ \t]*#\+BEGIN_EXTRA\b", re.IGNORECASE)
_END_EXTRA = re.compile(r"[ \t]*#\+END_EXTRA\b", re.IGNORECASE)
_ANKI_ONLY = re.compile(r"[ \t]*#\+(?:BEGIN|END)_ANKI_ONLY\b", re.IGNORECASE)


class Sides(Struct, frozen=True):
    """The block of the question, the blocks of the answer, and extra blocks on the back."""

    question: Block
    answer: tuple[Block, ...]
    extra: tuple[Block, ...]


def sides_of(block: Block, surroundings: Surroundings, depth: int | None, syntax: ClozeSyntax, config: Config) -> Sides:
    """Split a card block; nested cards are shown without instructions, or left out with all below them.

    If nothing is below it, the answer is the lines after its tag, unless the block has clozes.
    """
    asking, extra = _without_extra(instructions.with_properties(instructions.without_tags(block, config), config))
    extra += tuple(_property_blocks(block, surroundings))
    if block.children:
        return Sides(asking, tuple(below(block.children, depth, config)), extra)
    tagged = instructions.marked_line(block, config)
    if tagged is None or drawn_in(block) or clozes.answers(asking.text, (), syntax):
        return Sides(asking, (), extra)
    first, rest = _parted(asking.lines, tagged)
    if len(asking.lines) == 1 and not first:
        first = instructions.without_tags(block.with_lines(block.lines[:1]), config).lines
    if not first or not rest or footnotes.is_alone(rest):
        return Sides(asking, (), extra)
    answer = replace(asking, line=rest[0].number, lines=rest, properties=())
    return Sides(asking.with_lines(first), (answer,), extra)


_Lines = tuple[Line, ...]


def _parted(lines: _Lines, tagged: int) -> tuple[_Lines, _Lines]:
    """Split the lines of a block after the tagged one; after the first if that has only the tag.

    Tables, lists, fences and the like are not split.
    """
    count = sum(line.number <= tagged for line in lines) or int(len(lines) > 1)
    if count > 1 and (_GOES_ON.match(lines[count - 1].text) or _is_within(lines, count)):
        return lines, ()
    return instructions.filled(lines[:count]), instructions.filled(lines[count:])


def _is_within(lines: _Lines, count: int) -> bool:
    """Whether something that began in the first `count` lines ends after them."""
    end = sum(len(line.text) + 1 for line in lines[:count]) - 1
    text = "\n".join([line.text for line in lines])
    return html_tags.reaches_over(text, end) or any(span.start < end < span.end for span in spans.scan(text))


def _without_extra(block: Block) -> tuple[Block, tuple[Block, ...]]:
    """Remove `#+BEGIN_EXTRA` blocks, and the marks of `#+BEGIN_ANKI_ONLY`, whose text stays."""
    if "#+" not in block.text:
        return block, ()
    kept: list[Line] = []
    extra: list[Line] = []
    lines = kept
    for line in block.lines:
        if _BEGIN_EXTRA.match(line.text):
            lines = extra
        elif _END_EXTRA.match(line.text):
            lines = kept
        elif not _ANKI_ONLY.match(line.text):
            lines.append(line)
    taken = (Block(extra[0].number, extra[-1].number, 1, tuple(extra)),) if extra else ()
    return block.with_lines(instructions.filled(tuple(kept))), taken


def _property_blocks(block: Block, surroundings: Surroundings) -> Iterator[Block]:
    """The block's `extra::`, or else the page's."""
    for properties in (block.properties, surroundings.page.properties):
        if line := _extra_line(properties):
            yield Block(block.line, block.line, 1, (line,))
            return


def _extra_line(properties: Iterable[Property]) -> Line | None:
    """The value of `extra::` as a line of text."""
    prop = next((prop for prop in properties if prop.key == "extra"), None)
    return Line(prop.line, 1, prop.value) if prop and prop.value else None


def below(blocks: Iterable[Block], depth: int | None, config: Config) -> Iterator[Block]:
    """The blocks of an answer, up to a depth."""
    if depth == 0:
        return
    deeper = None if depth is None else depth - 1
    for block in blocks:
        given = instructions.instructions_of(block, config)
        if given is instructions.NO_INSTRUCTIONS and not block.children:
            yield block
            continue
        said = instructions.with_own_properties(block, config)
        is_card = given.triggers(config)
        if is_card and config.nested_cards == "stop":
            continue
        edited = instructions.without_tags(said, config) if is_card else instructions.without_instructions(said, config)
        if line := _extra_line(block.properties):
            edited = edited.with_lines((*edited.lines, line))
        if block.children:
            edited = edited.with_children(tuple(below(block.children, deeper, config)))
        yield clozes.plain_block(edited) if is_card else edited
