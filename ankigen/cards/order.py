"""Reads `order::`, the order of new cards."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator

from ankigen.cards.surroundings import value_of
from ankigen.data import CardBlock, Page, Problem, Property, Severity
from ankigen.syntax import tracing

_KEY = "order"
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,15})?")
_LAST = math.inf
"""The number of cards without `order::`: after all others."""


def order_of(card: CardBlock) -> tuple[float, float]:
    """The numbers of a card's page, and of the nearest block that has one: the card itself or one above it."""
    blocks = (block.properties for block in (card.block, *reversed(card.ancestors)))
    numbers = (_number(properties) for properties in blocks)
    return _or_last(_number(card.page.properties)), _or_last(next((at for at in numbers if at is not None), None))


def wrong_orders(page: Page) -> Iterator[Problem]:
    """A warning for each `order::` that is not a number."""
    properties = (prop for block in page.blocks for inner in block.walk() for prop in inner.properties)
    for prop in (*page.properties, *properties):
        if prop.key == _KEY and not _NUMBER.fullmatch(prop.value.strip()):
            message = "`order::` is no number, and says nothing: write one, such as 3 or 1.5"
            yield tracing.trace_property(page.path, page.source, prop).problem(Severity.WARNING, "wrong-order", message)


def _number(properties: Iterable[Property]) -> float | None:
    value = (value_of(properties, _KEY) or "").strip()
    return float(value) if _NUMBER.fullmatch(value) else None


def _or_last(number: float | None) -> float:
    return _LAST if number is None else number
