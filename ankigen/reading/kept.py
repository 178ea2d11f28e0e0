"""What is kept of a file between runs: who its cards say they are, and what their notes say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, TypeVar

from ankigen.data import Block, Composed, MediaFile, Page, Problem, Refusal
from ankigen.identity import Claim
from ankigen.render import Links
from ankigen.values import Struct, field

Answer = TypeVar("Answer", MediaFile | Refusal, MediaFile | Refusal | None)


class Draft(Struct, frozen=True):
    """A card as far as its page alone decides; one that is not sound makes no note."""

    claim: Claim
    deck: str
    tags: tuple[str, ...]
    is_suspended: bool
    is_sound: bool


class Asked(Struct, frozen=True):
    """What a note asked of the world outside its page, and what it was told."""

    call: Literal["media", "diagram"]
    arguments: tuple[str, ...]
    answer: MediaFile | Refusal | None

    def holds(self, links: Links) -> bool:
        """Whether the world says the same today."""
        call: Callable[..., MediaFile | Refusal | None] = getattr(links, self.call)
        return call(*self.arguments) == self.answer


class MadeNote(Struct, frozen=True):
    """What a card's note says with these cloze numbers, and what that hangs on.

    It `is_lasting` if it asked for nothing but what `asked` holds.
    """

    numbers: tuple[int, ...]
    composed: Composed
    asked: tuple[Asked, ...] = ()
    is_lasting: bool = True


class MadePage(Struct, frozen=True):
    """What was made of a file.

    `title` is the page's own, if it says one. `may_hold_cards` is false for a file in which nothing looks like one;
    then there is no more. `surroundings` stand for what came from outside the file: deck, and inherited properties.
    """

    title: str
    problems: tuple[Problem, ...]
    may_hold_cards: bool = False
    surroundings: str = ""
    drafts: tuple[Draft, ...] = ()
    faults: tuple[Problem, ...] = ()
    has_switches: bool = False
    notes: tuple[MadeNote | None, ...] = ()


class Listening(Struct):
    """Links that take down what is asked."""

    links: Links
    asked: list[Asked] = field(default_factory=list)
    is_lasting: bool = True

    @property
    def macros(self) -> Mapping[str, str]:
        """They are settings, and no question."""
        return self.links.macros

    @property
    def embed_depth(self) -> int:
        """It is a setting, and no question."""
        return self.links.embed_depth

    def block(self, id: str) -> tuple[str, Block] | None:
        """A block of any page: to say whether it is the same takes as long as to show it anew."""
        self.is_lasting = False
        return self.links.block(id)

    def page(self, name: str) -> Page | None:
        """Any page, as for blocks."""
        self.is_lasting = False
        return self.links.page(name)

    def url(self, name: str) -> str | None:
        """It hangs on the settings alone."""
        return self.links.url(name)

    def media(self, target: str, path: str) -> MediaFile | Refusal | None:
        """A file on disk or of the web."""
        return self._noted("media", (target, path), self.links.media(target, path))

    def diagram(self, source: str) -> MediaFile | Refusal:
        """A picture, or why there is none today."""
        return self._noted("diagram", (source,), self.links.diagram(source))

    def _noted(self, call: Literal["media", "diagram"], arguments: tuple[str, ...], answer: Answer) -> Answer:
        self.asked.append(Asked(call, arguments, answer))
        return answer
