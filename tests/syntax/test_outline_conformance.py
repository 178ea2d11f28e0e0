"""ankigen's outline and its cards, held against what Logseq's own parser says of thousands of generated documents.

`conformance/mldoc.json.gz` keeps the answers, so that only recording them anew needs that parser.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from ankigen.cards.instructions import instructions_of
from ankigen.config import Config
from ankigen.data import Block, Page, Property
from ankigen.syntax import outline
from tests.conformance.departures import CARD_DEPARTURES, DEPARTURES, Departure

ANSWERS = Path(__file__).parents[1] / "conformance/mldoc.json.gz"
SUFFIXES = {"Markdown": "md", "Org": "org"}

Pairs = list[list[str]]


class Seen(NamedTuple):
    """One block: where it starts, its level, its properties."""

    line: int
    level: int
    properties: Pairs


class Answer(NamedTuple):
    """A document, and what Logseq's parser sees in it."""

    format: str
    departure: str
    text: str
    page: Pairs
    blocks: list[tuple[int, int, Pairs, int, int]]
    kind: str = ""
    shown: Pairs = []  # noqa: RUF012 # never changed


@cache
def answers() -> list[Answer]:
    with gzip.open(ANSWERS, "rt", encoding="utf-8") as file:
        return [Answer(**one) for one in json.load(file)]


def expected(answer: Answer) -> tuple[Pairs, list[Seen]]:
    """What ankigen should see: the same, but a first bullet of properties and nothing else speaks of the page."""
    blocks = [Seen(line, level, properties) for line, level, properties, _, _ in answer.blocks]
    if answer.blocks:
        *_, is_bare = answer.blocks[0]
        is_leaf = len(blocks) == 1 or blocks[1].level == 1
        if is_bare and is_leaf and blocks[0].properties:
            return answer.page + blocks[0].properties, blocks[1:]
    return answer.page, blocks


def read(answer: Answer) -> Page:
    return outline.parse(answer.text, f"page.{SUFFIXES[answer.format]}", "page")


def seen(page: Page) -> tuple[Pairs, list[Seen]]:
    blocks = [Seen(block.line, block.level, pairs(block.properties)) for root in page.blocks for block in root.walk()]
    return pairs(page.properties), blocks


def pairs(properties: tuple[Property, ...]) -> Pairs:
    return [[one.key, one.value] for one in properties]


@pytest.mark.parametrize("format", SUFFIXES)
def test_ankigen_sees_the_blocks_that_logseq_sees(format: str) -> None:
    common = [answer for answer in answers() if answer.format == format and not answer.departure]
    assert len(common) > 1000
    differing = [answer.text for answer in common if seen(read(answer)) != expected(answer)]
    assert differing == []


@pytest.mark.parametrize("departure", DEPARTURES, ids=lambda one: f"{one.format}-{one.name}")
def test_a_departure_is_needed(departure: Departure) -> None:
    own = [answer for answer in answers() if (answer.format, answer.departure) == (departure.format, departure.name)]
    assert any(seen(read(answer)) != expected(answer) for answer in own), departure.reason


STRICT = Config(lenient_tags=False, card_tags=("card",))
"""Logseq's own rules."""


def blocks_judged_differently() -> Iterator[Block]:
    for answer in answers():
        if not answer.departure:
            is_card = {line: bool(card) for line, _, _, card, _ in answer.blocks}
            for block in (block for root in read(answer).blocks for block in root.walk()):
                if instructions_of(block, STRICT).triggers(STRICT) != is_card[block.line]:
                    yield block


def test_ankigen_finds_the_cards_that_logseq_finds() -> None:
    departing = [block.text for block in blocks_judged_differently()]
    unexplained = [text for text in departing if not any(one.text.search(text) for one in CARD_DEPARTURES)]
    assert unexplained == []
    for one in CARD_DEPARTURES:
        assert any(one.text.search(text) for text in departing), f"nothing shows that {one.name} is needed"
