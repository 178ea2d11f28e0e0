"""What the cache holds of a file: the evidence for which notes its cards are, and what those notes say."""

from __future__ import annotations

from ankigen.data import ComposedNote, Problem, Schedule
from ankigen.identity import CardEvidence
from ankigen.source.cache.lookups import Lookup
from ankigen.support.structs import Struct


class Description(Struct, frozen=True):
    """What a page says of a deck: of that in its `deck`, or, if that is empty, of the one that has the page's name."""

    text: str
    line: int
    deck: str = ""


class TextSummary(Struct, frozen=True):
    """What a text shows before it is parsed: whether there may be cards, and what others may refer to.

    `ids` are those that its blocks may have, in lower case.
    """

    may_hold_cards: bool = False
    mentions_title: bool = False
    mentions_description: bool = False
    may_hold_aliases: bool = False
    ids: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


class PageCard(Struct, frozen=True):
    """A card, as far as it hangs on its page alone; one that is not sound makes no note.

    `order` are the numbers of its page and of its block; new cards come in the order of these.
    """

    evidence: CardEvidence
    deck: str
    tags: tuple[str, ...]
    is_suspended: bool
    is_sound: bool
    order: tuple[float, float]
    schedules: tuple[Schedule | None, ...] = ()


class RenderedNote(Struct, frozen=True):
    """What a card's note says with these cloze numbers, and the lookups outside its page that decided it."""

    numbers: tuple[int, ...]
    composed: ComposedNote
    lookups: tuple[Lookup, ...] = ()


class CachedPage(Struct, frozen=True):
    """What was made of a file; if nothing in it looks like a card, only `title`, `summary` and `description`.

    `title` is the page's own, or nothing. `surroundings` is a digest of what came from outside the file: deck, and
    inherited properties. `notes` are as many as `cards`, in their order; a card that is not sound has `None`.
    """

    title: str
    summary: TextSummary
    surroundings: str = ""
    cards: tuple[PageCard, ...] = ()
    problems: tuple[Problem, ...] = ()
    has_switches: bool = False
    notes: tuple[RenderedNote | None, ...] = ()
    description: Description | None = None
