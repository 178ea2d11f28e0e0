"""A block that may be a card, and the result of reading it."""

from __future__ import annotations

from collections.abc import Container
from typing import Protocol

from ankigen.cards.instructions import Instructions
from ankigen.cards.question_and_answer import Sides, sides_of
from ankigen.cards.surroundings import Surroundings, value_of
from ankigen.config import Config
from ankigen.data import Block, ClozeSyntax, Direction
from ankigen.support.structs import Struct

_DIRECTIONS = {direction.value: direction for direction in Direction}


class Candidate(Struct, frozen=True):
    """A block with its surroundings and its instructions, including those of a card group around it.

    It `is_grouped` directly below a card group. `card_lines` are the lines of earlier card blocks.
    """

    block: Block
    surroundings: Surroundings
    instructions: Instructions
    is_grouped: bool
    card_lines: Container[int]

    @property
    def is_inside_card(self) -> bool:
        """Whether a block above it is a card already."""
        return any(ancestor.line in self.card_lines for ancestor in self.surroundings.ancestors)


class Asked(Struct, frozen=True):
    """The question of a card block, its direction, and how its clozes are read."""

    sides: Sides
    direction: Direction
    syntax: ClozeSyntax


class Way(Protocol):
    """A way to write a card: a module of `ways`."""

    def signs(self, config: Config) -> tuple[str, ...]:
        """Every text with such a card contains one of these, in lower case; empty if the options allow none."""

    def read(self, candidate: Candidate, config: Config) -> Asked | None:
        """Read the block as such a card; None if it is none."""


def asked_by(candidate: Candidate, config: Config) -> Asked:
    """The block's own text is the question, and the blocks below are the answer."""
    block, instructions = candidate.block, candidate.instructions
    syntax = cloze_syntax(block, config)
    sides = sides_of(block, candidate.surroundings, _depth(block, instructions), syntax, config)
    return Asked(sides, _direction(block, instructions), syntax)


def cloze_syntax(block: Block, config: Config) -> ClozeSyntax:
    """How to read the block's clozes, from the options and its own properties."""
    return ClozeSyntax(
        colons=config.cloze_hint_colons,
        each=config.cloze_numbers == "each",
        replaced=value_of(block.properties, "replacecloze") or value_of(block.properties, ".replacecloze") or "",
        hints=value_of(block.properties, "replaceclozehint") or "",
    )


def _depth(block: Block, instructions: Instructions) -> int | None:
    """How many levels of the answer are shown; the tag wins over the property."""
    if (tagged := instructions.depth()) is not None:
        return tagged
    written = value_of(block.properties, "depth") or ""
    return int(written) if written.isdecimal() else None


def _direction(block: Block, instructions: Instructions) -> Direction:
    """The property wins over the tags."""
    if written := _DIRECTIONS.get(value_of(block.properties, "direction") or ""):
        return written
    is_reverse = bool(instructions.pages & {"reversed", "reverse"})
    if "bidirectional" in instructions.pages or (is_reverse and "forward" in instructions.pages):
        return Direction.BOTH
    return Direction.REVERSE if is_reverse else Direction.FORWARD
