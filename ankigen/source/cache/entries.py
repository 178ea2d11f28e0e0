"""What is kept of a file between runs: who its cards say they are, and what their notes say."""

from __future__ import annotations

from ankigen.data import ComposedNote, Problem
from ankigen.identity import CardEvidence
from ankigen.source.cache.lookups import Lookup
from ankigen.support.structs import Struct


class TextSummary(Struct, frozen=True):
    """What a text shows before it is parsed: whether there may be cards, and what others may refer to.

    `ids` are those that its blocks may bear.
    """

    may_hold_cards: bool = False
    mentions_title: bool = False
    may_hold_aliases: bool = False
    ids: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


class PageCard(Struct, frozen=True):
    """A card as far as its page alone decides; one that is not sound makes no note."""

    evidence: CardEvidence
    deck: str
    tags: tuple[str, ...]
    is_suspended: bool
    is_sound: bool


class RenderedNote(Struct, frozen=True):
    """What a card's note says with these cloze numbers, and the lookups that it hangs on."""

    numbers: tuple[int, ...]
    composed: ComposedNote
    lookups: tuple[Lookup, ...] = ()


class CachedPage(Struct, frozen=True):
    """What was made of a file.

    `title` is the page's own, if it says one; of a file in which nothing looks like a card there is no more than that.
    `surroundings` is a digest of what came from outside the file: deck, and inherited properties. `notes` stand beside
    their `cards`; a card that is not sound has none.
    """

    title: str
    summary: TextSummary
    surroundings: str = ""
    cards: tuple[PageCard, ...] = ()
    faults: tuple[Problem, ...] = ()
    has_switches: bool = False
    notes: tuple[RenderedNote | None, ...] = ()
