"""The cached data of a file: the evidence for which notes its cards are, and the content of those notes."""

from __future__ import annotations

from ankigen.data import ComposedNote, Problem, Schedule
from ankigen.identity import CardEvidence
from ankigen.source.cache.lookups import Lookup
from ankigen.support.structs import Struct


class Description(Struct, frozen=True):
    """A page's description of a deck: that in its `deck`, or, if empty, the one with the page's name."""

    text: str
    line: int
    deck: str = ""


class TextSummary(Struct, frozen=True):
    """What is known about a text before it is parsed: whether it may have cards, and what others may refer to.

    `ids` are possible ids of its blocks, in lower case.
    """

    may_hold_cards: bool = False
    mentions_title: bool = False
    mentions_description: bool = False
    may_hold_aliases: bool = False
    ids: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


class PageCard(Struct, frozen=True):
    """The part of a card that depends only on its page; one that is not sound makes no note.

    `order` are the `order::` numbers of its page and block, by which new cards are sorted.
    """

    evidence: CardEvidence
    deck: str
    tags: tuple[str, ...]
    is_suspended: bool
    is_sound: bool
    order: tuple[float, float]
    schedules: tuple[Schedule | None, ...] = ()


class RenderedNote(Struct, frozen=True):
    """The content of a card's note with these cloze numbers, and the lookups outside its page that it depends on."""

    numbers: tuple[int, ...]
    composed: ComposedNote
    lookups: tuple[Lookup, ...] = ()


class CachedPage(Struct, frozen=True):
    """The results for a file; if nothing in it looks like a card, only `title`, `summary` and `description`.

    `title` is the page's own, or empty. `surroundings` is a digest of what came from outside the file: deck and
    inherited properties. `notes` are in the order of `cards`; a card that is not sound has `None`.
    """

    title: str
    summary: TextSummary
    surroundings: str = ""
    cards: tuple[PageCard, ...] = ()
    problems: tuple[Problem, ...] = ()
    has_switches: bool = False
    notes: tuple[RenderedNote | None, ...] = ()
    description: Description | None = None
