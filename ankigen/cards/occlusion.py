"""Cards that hide parts of a picture: blocks below the question with `area::`, or the plugin's `occlusion::`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ankigen.cards.surroundings import value_of
from ankigen.data import Block, ClozeAnswer, HiddenPart, Occlusion, Property
from ankigen.syntax import occlusions

AREA = "area"
DRAWN = "occlusion"


def occlusion_of(block: Block, question: str, answer: Sequence[Block]) -> Occlusion | None:
    """The hidden parts of a card's picture, or `None`."""
    parts = tuple(_parts(question, answer))
    if parts:
        return Occlusion(parts)
    drawn = drawn_in(block)
    return Occlusion(drawn=drawn) if drawn else None


def drawn_in(block: Block) -> Property | None:
    """The plugin's property with the hidden parts of a block's picture."""
    return _property(block, DRAWN) if block.properties else None


def _parts(question: str, answer: Iterable[Block]) -> Iterator[HiddenPart]:
    for top in answer:
        for block in top.walk():
            if area := _area(block, question):
                shapes = occlusions.read_areas(area.value).shapes
                yield HiddenPart(area, " ".join(block.text.split()), shapes)


def _area(block: Block, question: str) -> Property | None:
    area = _property(block, AREA) if block.properties else None
    return area if area and occlusions.is_area(area.value, question) else None


def _property(block: Block, key: str) -> Property | None:
    found = next((prop for prop in block.properties if prop.key == key), None)
    return found if found and value_of((found,), key) else None


def hidden_by(occlusion: Occlusion) -> tuple[ClozeAnswer, ...]:
    """The keys of its cards: each name of the parts, or each number of the plugin."""
    if occlusion.drawn:
        numbers = {element.number for element in occlusions.read_drawn(occlusion.drawn.value).elements}
        return tuple([ClozeAnswer(str(number), number) for number in sorted(numbers)])
    asked = {part.key: part.name for part in occlusion.parts if part.is_asked}
    return tuple([ClozeAnswer(name) for name in asked.values()])


def behind(answer: Iterable[Block], occlusion: Occlusion) -> tuple[Block, ...]:
    """The blocks for the back: all except the parts, of which only the children are shown."""
    lines = {part.area.line for part in occlusion.parts}
    return tuple(_behind(answer, lines))


def _behind(blocks: Iterable[Block], lines: set[int]) -> Iterator[Block]:
    for block in blocks:
        children = tuple(_behind(block.children, lines)) if block.children else ()
        if children or lines.isdisjoint([prop.line for prop in block.properties]):
            yield block.with_children(children)
