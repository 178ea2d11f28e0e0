"""Finds card blocks on a page, with the deck, tags and options that their words and surroundings give them."""

from ankigen.cards.find import Found, find_cards, shown
from ankigen.cards.headings import under_headings

__all__ = ["Found", "find_cards", "shown", "under_headings"]
