"""Finds card blocks on a page, with the deck, tags and options that their instructions and surroundings give them."""

from ankigen.cards.find import FoundCards, find_cards, page_elsewhere, shown_elsewhere, signs
from ankigen.cards.headings import under_headings
from ankigen.cards.pointers import no_answer_advice, spot_of, spot_of_deck

__all__ = [
    "FoundCards",
    "find_cards",
    "no_answer_advice",
    "page_elsewhere",
    "shown_elsewhere",
    "signs",
    "spot_of",
    "spot_of_deck",
    "under_headings",
]
