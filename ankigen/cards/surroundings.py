"""The page and parents of a block, and the properties that it inherits."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from ankigen.cards import instructions
from ankigen.config import Config
from ankigen.data import Block, Page, Property
from ankigen.support.structs import Struct, field
from ankigen.syntax.bounds import MOST_TAGS


class Surroundings(Struct, frozen=True):
    """The page of a block, and its parents, the outermost first.

    `inherited` are the properties of each that has any, the nearest block first, the page last. `shown` caches for the
    whole page what its cards show of their parents, by line.
    """

    page: Page
    ancestors: tuple[Block, ...]
    inherited: tuple[tuple[Property, ...], ...]
    shown: dict[int, Block | None] = field(default_factory=dict)

    def below(self, block: Block) -> Surroundings:
        """The surroundings of the block's children."""
        return Surroundings(self.page, (*self.ancestors, block), self.reaching(block), self.shown)

    def reaching(self, block: Block) -> tuple[tuple[Property, ...], ...]:
        """The properties that apply to the block, its own first; one group for each block or page with any."""
        return (block.properties, *self.inherited) if block.properties else self.inherited

    def value(self, block: Block, key: str) -> str | None:
        """The nearest value of a property."""
        if value := value_of(block.properties, key):
            return value
        for properties in self.inherited:
            if value := value_of(properties, key):
                return value
        return None

    def is_on(self, block: Block, key: str) -> bool:
        """Whether the nearest value of a property is `true`."""
        value = self.value(block, key)
        return value is not None and value.lower() == "true"

    def deck(self, block: Block) -> str:
        """The nearest `deck::`, or nothing."""
        groups = self.reaching(block)
        decks = (_deck_name(value) for group in groups if (value := value_of(group, "deck")))
        return next(filter(None, decks), "")

    def tags(self, block: Block, written: Iterable[str], config: Config) -> tuple[str, ...]:
        """The tags `written` in the block's text and the `tags::` that apply to it, in Anki's form and order."""
        values = tuple([value for group in self.reaching(block) if (value := value_of(group, "tags"))])
        return _tags(tuple(written), values, config.tag_prefix, config.card_tags)

    def has_too_many_tags(self, block: Block, written: Iterable[str]) -> bool:
        """Whether the card gets only the first of its tags."""
        values = (value_of(group, "tags") or "" for group in self.reaching(block))
        return sum(len(text) + 1 for text in (*written, *values)) > MOST_TAGS


def _holds_another(key: str, keys: Sequence[str]) -> bool:
    """Whether one of the sorted keys is a child of that tag."""
    prefix = f"{key}::"
    index = bisect_left(keys, prefix)
    return index < len(keys) and keys[index].startswith(prefix)


@lru_cache
def _deck_name(value: str) -> str:
    """Cached: all cards below a `deck::` have the same."""
    return instructions.deck_name(value)


@lru_cache
def _tags(
    written: tuple[str, ...], values: tuple[str, ...], prefix: str, card_tags: tuple[str, ...]
) -> tuple[str, ...]:
    """Cached, as for decks: tags in the text or in `tags::`."""
    names = [*written, *(name for value in values for name in _first(instructions.listed(value)))]
    wanted = _first([name for name in names if not instructions.is_one_of(name, card_tags)])
    tags = [instructions.tag_name(f"{prefix}{name}") for name in wanted]
    by_key = {tag.lower(): tag for tag in reversed(tags) if tag}
    keys = sorted(by_key)
    return tuple(by_key[key] for key in keys if not _holds_another(key, keys))


def _first(names: Iterable[str]) -> Iterator[str]:
    """The names, up to a total number of characters."""
    size = 0
    for name in names:
        size += len(name) + 1
        if size > MOST_TAGS:
            return
        yield name


def page_surroundings(page: Page) -> Surroundings:
    """The surroundings of the page's outermost blocks."""
    return Surroundings(page, (), tuple(filter(None, (page.properties, *page.inherited))))


def value_of(properties: Iterable[Property], key: str) -> str | None:
    """The first value of a property."""
    for prop in properties:
        if prop.key == key:
            return prop.value
    return None
