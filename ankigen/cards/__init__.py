"""Finds card blocks on a page, with their deck, tags and options."""

from ankigen.cards.find import FoundCards, find_cards, page_elsewhere, shown_elsewhere, signs
from ankigen.cards.headings import under_headings
from ankigen.cards.instructions import deck_name
from ankigen.cards.occlusion import behind
from ankigen.cards.order import order_of
from ankigen.cards.parts import part_elsewhere
from ankigen.cards.pointers import hint_spot, no_answer_advice, spot_of, spot_of_deck
from ankigen.cards.questions import with_questions

__all__ = [
    "FoundCards",
    "behind",
    "deck_name",
    "find_cards",
    "hint_spot",
    "no_answer_advice",
    "order_of",
    "page_elsewhere",
    "part_elsewhere",
    "shown_elsewhere",
    "signs",
    "spot_of",
    "spot_of_deck",
    "under_headings",
    "with_questions",
]
