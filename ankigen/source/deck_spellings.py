"""One spelling for each deck: Anki ignores case, so two spellings of a name are one deck.

The first is used, level by level, in reading order: after `Physics`, `physics::Optics` is `Physics::Optics`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ankigen.data import Problem, Severity
from ankigen.source.cache import PageCard
from ankigen.source.pages import CardPage
from ankigen.support.normal_forms import deck_key
from ankigen.support.structs import Struct

_BETWEEN_LEVELS = "::"


class _Level(Struct, frozen=True):
    """How one level of a deck's name is spelled, and the first card that spells it so."""

    name: str
    card: PageCard


class _Other(Struct, frozen=True):
    """A deck on a page that differs from the spelling in use, which the `first` card has."""

    path: str
    deck: str
    counts: str
    first: PageCard


class Spellings(Struct, frozen=True):
    """The spelling in use for each deck, and the others, each once for a page."""

    decks: Mapping[str, str]
    others: tuple[_Other, ...]

    def problems(self, pages: Iterable[CardPage]) -> Iterator[Problem]:
        """A problem for each page and other spelling; only the affected pages are parsed."""
        by_path = {page.file.note_file.relative_path: page for page in pages} if self.others else {}
        for other in self.others:
            first = by_path[other.first.evidence.position.path].deck_spot(other.first.deck).position
            message = (
                f'the deck "{other.deck}" is "{other.counts}" of {first.path}:{first.line}, for Anki takes no notice '
                "of case: spell both alike, in deck::, in deck_rules, or in the name of a page or folder"
            )
            yield by_path[other.path].deck_spot(other.deck).problem(Severity.WARNING, "deck-spelling", message)


def spellings(cards: Iterable[PageCard]) -> Spellings:
    """How the decks of these cards, in reading order, are spelled."""
    known: dict[str, _Level] = {}
    decks: dict[str, str] = {}
    others: dict[tuple[str, str], _Other] = {}
    for card in cards:
        counts = decks.get(card.deck)
        if counts == card.deck:
            continue
        levels = list(_levels(card, known))
        counts = decks[card.deck] = _BETWEEN_LEVELS.join([level.name for level in levels])
        if counts != card.deck:
            path, written = card.evidence.position.path, card.deck.split(_BETWEEN_LEVELS)
            first = next(level.card for level, name in zip(levels, written, strict=True) if level.name != name)
            others.setdefault((path, card.deck), _Other(path, card.deck, counts, first))
    return Spellings(decks, tuple(others.values()))


def _levels(card: PageCard, known: dict[str, _Level]) -> Iterator[_Level]:
    """The levels of the card's deck as first spelled; new ones become known."""
    key = ""
    for name in card.deck.split(_BETWEEN_LEVELS):
        key = f"{key}{deck_key(name)}{_BETWEEN_LEVELS}"
        yield known.setdefault(key, _Level(name, card))
