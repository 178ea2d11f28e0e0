"""Whether a template makes a card of a note, and the card's text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from ankigen.support.structs import Struct
from ankigen.syntax.clozes import card_numbers
from ankigen.templates.filters import Rendering, filtered
from ankigen.templates.parsing import Fault, Node, Parsed, Replacement, Section, Text, walk

FRONT_SIDE = "FrontSide"
ALWAYS_FILLED = frozenset({"Card", "CardFlag", "CardID", "Deck", "Subdeck", "Type"})
"""The special fields that Anki fills and never finds empty."""
SPECIAL = ALWAYS_FILLED | {"Tags", FRONT_SIDE}
_EMPTY = re.compile(r"(?>(?:[ \t\n\v\f\r]|</?(?:br|div) ?/?>)*)", re.IGNORECASE)
_CARD_NUMBER = re.compile(r"c(?P<number>[0-9]{1,4})")


def is_filled(html: str) -> bool:
    """Whether a field is not empty for Anki."""
    return not _EMPTY.fullmatch(html)


def unknown_fields(parsed: Parsed, fields: Iterable[str]) -> Iterator[Fault]:
    """Names in a template that are not fields: the cards would show an error instead."""
    known = {*fields} | SPECIAL
    for node in walk(parsed.nodes):
        match node:
            case Replacement():
                if node.field not in known and (node.field or not node.filters):
                    yield Fault(f"there is no field {node.field}" if node.field else "no field is named", node.start)
            case Section():
                is_known = node.field in known - {FRONT_SIDE} or _CARD_NUMBER.fullmatch(node.field)
                if not is_known:
                    yield Fault(f"there is no field {node.field}", node.start)
            case Text():
                pass


def asks_for_a_field(node: Node) -> bool:
    """Whether a node contains a field, shown or as a condition."""
    match node:
        case Replacement():
            return True
        case Section():
            return not _CARD_NUMBER.fullmatch(node.field)
        case Text():
            return False


def shows_a_field(parsed: Parsed, fields: Mapping[str, str], tags: Iterable[str] = ()) -> bool:
    """Whether a front shows something of a note, so that Anki makes a card of it; text alone does not count."""
    filled = {name for name, html in fields.items() if is_filled(html)}
    filled |= {name for name in ALWAYS_FILLED if name not in fields}
    if "Tags" not in fields and any(tags):
        filled.add("Tags")
    return _shows(parsed.nodes, filled)


def _shows(nodes: tuple[Node, ...], filled: set[str]) -> bool:
    stack = [*nodes]
    while stack:
        node = stack.pop()
        if isinstance(node, Replacement) and node.field in filled:
            return True
        if isinstance(node, Section) and (node.field in filled) is not node.is_negated:
            stack += node.inside
    return False


def cloze_fields(parsed: Parsed) -> tuple[str, ...]:
    """The fields that a template shows with `cloze:`, in any section."""
    hiding = (node.field for node in parsed.replacements() if "cloze" in node.filters)
    return tuple(dict.fromkeys(hiding))


def cloze_cards(fields: Mapping[str, str]) -> tuple[int, ...]:
    """The card numbers that Anki makes of a cloze note: those in all its fields, shown or not."""
    return tuple(sorted({number for html in fields.values() for number in card_numbers(html)}))


class Card(Struct, frozen=True):
    """A card of a note: its fields, its index, and Anki's special fields."""

    fields: Mapping[str, str]
    ordinal: int = 0
    special: Mapping[str, str] = {}


def rendered(parsed: Parsed, card: Card, *, is_question: bool, front: str = "") -> str:
    """The text of one side as Anki shows it; `front` is the text of the front."""
    values = {**card.special, **card.fields}
    values.setdefault(FRONT_SIDE, "" if is_question else front)
    filled = {name for name, html in values.items() if is_filled(html)} | {f"c{card.ordinal + 1}"}
    filled |= {name for name in ALWAYS_FILLED if name not in card.fields}
    pieces: list[str] = []
    stack = [*reversed(parsed.nodes)]
    while stack:
        node = stack.pop()
        match node:
            case Text():
                pieces.append(node.text)
            case Replacement():
                rendering = Rendering(node.field, card.ordinal, is_question)
                is_front = node.field == FRONT_SIDE and FRONT_SIDE not in card.fields
                filters = () if is_front else node.filters
                pieces.append(filtered(values.get(node.field, ""), filters, rendering))
            case Section():
                if (node.field in filled) is not node.is_negated:
                    stack += reversed(node.inside)
    return "".join(pieces)
