"""Finds card blocks on a page, with the deck, tags and options that their words and surroundings give them."""

from ankigen.cards.find import Found, find_cards, shown, signs
from ankigen.cards.headings import under_headings
from ankigen.cards.pointers import spot_of

__all__ = ["Found", "find_cards", "shown", "signs", "spot_of", "under_headings"]
