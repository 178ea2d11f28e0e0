"""What is kept of a file between runs: who its cards say they are, and what their notes say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, Protocol, TypeVar

from ankigen.data import Block, Composed, MediaFile, Page, Problem, Refusal
from ankigen.identity import Claim
from ankigen.render import Links
from ankigen.support.structs import Struct, field

Answer = TypeVar("Answer", MediaFile | Refusal, MediaFile | Refusal | None, str)
Call = Literal["media", "diagram", "block_state", "page_state"]


class World(Links, Protocol):
    """What cards may point at, and what stands for it without a page being parsed: it is another where that changed."""

    def block_state(self, id: str) -> str:
        """Stands for the block of that id."""

    def page_state(self, name: str) -> str:
        """Stands for the page of that name."""


class Look(Struct, frozen=True):
    """What a text shows before it is parsed: whether there may be cards, and what others may refer to.

    `ids` are those that its blocks may bear.
    """

    may_hold_cards: bool = False
    mentions_title: bool = False
    may_hold_aliases: bool = False
    ids: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


class Draft(Struct, frozen=True):
    """A card as far as its page alone decides; one that is not sound makes no note."""

    claim: Claim
    deck: str
    tags: tuple[str, ...]
    is_suspended: bool
    is_sound: bool


class Asked(Struct, frozen=True):
    """What a note asked of the world outside its page, and what it was told."""

    call: Call
    arguments: tuple[str, ...]
    answer: MediaFile | Refusal | str | None

    def holds(self, world: World) -> bool:
        """Whether the world says the same today."""
        call: Callable[..., MediaFile | Refusal | str | None] = getattr(world, self.call)
        return call(*self.arguments) == self.answer


class MadeNote(Struct, frozen=True):
    """What a card's note says with these cloze numbers, and what that hangs on."""

    numbers: tuple[int, ...]
    composed: Composed
    asked: tuple[Asked, ...] = ()


class MadePage(Struct, frozen=True):
    """What was made of a file.

    `title` is the page's own, if it says one; of a file in which nothing looks like a card there is no more than that.
    `surroundings` stand for what came from outside the file: deck, and inherited properties.
    """

    title: str
    look: Look
    surroundings: str = ""
    drafts: tuple[Draft, ...] = ()
    faults: tuple[Problem, ...] = ()
    has_switches: bool = False
    notes: tuple[MadeNote | None, ...] = ()


class Listening(Struct):
    """Links that take down what is asked."""

    world: World
    asked: list[Asked] = field(default_factory=list)

    @property
    def macros(self) -> Mapping[str, str]:
        """They are settings, and no question."""
        return self.world.macros

    @property
    def embed_depth(self) -> int:
        """It is a setting, and no question."""
        return self.world.embed_depth

    def block(self, id: str) -> tuple[str, Block] | None:
        """A block of any page."""
        self._noted("block_state", (id,), self.world.block_state(id))
        return self.world.block(id)

    def page(self, name: str) -> Page | None:
        """Any page."""
        self._noted("page_state", (name,), self.world.page_state(name))
        return self.world.page(name)

    def url(self, name: str) -> str | None:
        """It hangs on the settings alone."""
        return self.world.url(name)

    def media(self, target: str, path: str) -> MediaFile | Refusal | None:
        """A file on disk or of the web."""
        return self._noted("media", (target, path), self.world.media(target, path))

    def diagram(self, source: str) -> MediaFile | Refusal:
        """A picture, or why there is none today."""
        return self._noted("diagram", (source,), self.world.diagram(source))

    def _noted(self, call: Call, arguments: tuple[str, ...], answer: Answer) -> Answer:
        self.asked.append(Asked(call, arguments, answer))
        return answer
