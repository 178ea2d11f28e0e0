"""Where a block stands, and the properties that reach it from there."""

from __future__ import annotations

from collections.abc import Iterable

from ankigen.cards import instructions
from ankigen.config import Config
from ankigen.data import Block, Page, Property
from ankigen.support.structs import Struct


class Place(Struct, frozen=True):
    """A page, and the blocks above a block, the outermost first; `reaching` are their properties, the nearest first."""

    page: Page
    ancestors: tuple[Block, ...]
    reaching: tuple[tuple[Property, ...], ...]

    def below(self, block: Block) -> Place:
        """The place of the block's children."""
        return Place(self.page, (*self.ancestors, block), self.levels(block))

    def levels(self, block: Block) -> tuple[tuple[Property, ...], ...]:
        """The properties that reach the block, the nearest first."""
        return (block.properties, *self.reaching) if block.properties else self.reaching

    def value(self, block: Block, key: str) -> str | None:
        """The nearest value of a property."""
        if value := value_of(block.properties, key):
            return value
        for level in self.reaching:
            if value := value_of(level, key):
                return value
        return None

    def is_on(self, block: Block, key: str) -> bool:
        """Whether the nearest value of a property is `true`."""
        value = self.value(block, key)
        return value is not None and value.lower() == "true"

    def deck(self, block: Block) -> str:
        """The nearest `deck::`, or nothing."""
        decks = (instructions.deck_name(value) for level in self.levels(block) if (value := value_of(level, "deck")))
        return next(filter(None, decks), "")

    def tags(self, block: Block, own: Iterable[str], config: Config) -> tuple[str, ...]:
        """The tags on the block and the `tags::` that reach it, in Anki's own form and order."""
        names = [
            *own,
            *(name for level in self.levels(block) for name in instructions.listed(value_of(level, "tags") or "")),
        ]
        wanted = [name for name in names if not instructions.is_instruction(name, config)]
        if not wanted:
            return ()
        tags = [instructions.tag_name(f"{config.tag_prefix}{name}") for name in wanted]
        found = {tag.lower(): tag for tag in reversed(tags) if tag}
        return tuple(found[key] for key in sorted(found) if not any(other.startswith(f"{key}::") for other in found))


def top(page: Page) -> Place:
    """The place of the page's outermost blocks."""
    return Place(page, (), tuple(filter(None, (page.properties, *page.inherited))))


def value_of(properties: Iterable[Property], key: str) -> str | None:
    """The first value of a property."""
    for found in properties:
        if found.key == key:
            return found.value
    return None
