"""Finds errors in templates for which Anki would show an error, or refuse to save them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from ankigen.support.structs import Struct
from ankigen.templates.parsing import Parsed, parse, walk
from ankigen.templates.showing import asks_for_a_field, cloze_cards, cloze_fields, shows_a_field, unknown_fields


class TemplateFault(Struct, frozen=True):
    """An error in one side of a card, with the index of the card and the offset in the text."""

    card: int
    is_front: bool
    message: str
    start: int = 0


def faults(
    fronts: Sequence[str], backs: Sequence[str], fields: Collection[str], *, is_cloze: bool
) -> Iterator[TemplateFault]:
    """Everything that Anki would refuse, in the order of the cards."""
    for card, (front, back) in enumerate(zip(fronts, backs, strict=True)):
        parsed = parse(front), parse(back)
        of_sides = [*_of_side(card, parsed[0], fields, True), *_of_side(card, parsed[1], fields, False)]
        yield from of_sides
        if not of_sides:
            yield from _of_card(card, fronts, parsed, is_cloze=is_cloze)


def _of_side(card: int, parsed: Parsed, fields: Collection[str], is_front: bool) -> Iterator[TemplateFault]:
    found = [parsed.fault] if parsed.fault else unknown_fields(parsed, fields)
    yield from (TemplateFault(card, is_front, fault.message, fault.start) for fault in found)


def _of_card(
    card: int, fronts: Sequence[str], parsed: tuple[Parsed, Parsed], *, is_cloze: bool
) -> Iterator[TemplateFault]:
    if not any(map(asks_for_a_field, walk(parsed[0].nodes))):
        yield TemplateFault(card, True, "the front shows no field")
    elif fronts[card] in fronts[:card]:
        yield TemplateFault(card, True, "the front is that of another card")
    if is_cloze:
        for side, is_front in zip(parsed, (True, False), strict=True):
            if not cloze_fields(side):
                yield TemplateFault(card, is_front, "no field is shown through `cloze:`, as in {{cloze:Text}}")


def cards(
    fronts: Sequence[str], fields: Mapping[str, str], tags: Sequence[str] = (), *, is_cloze: bool
) -> tuple[int, ...]:
    """The ordinals of the cards that Anki makes of a note: indexes of fronts, or cloze numbers minus one."""
    if is_cloze:
        return tuple(number - 1 for number in cloze_cards(fields))
    return tuple(place for place, front in enumerate(fronts) if shows_a_field(parse(front), fields, tags))
