"""Is this block a card? Which kind, deck, tags and options do its words and its surroundings give it?

A run that finds all its pages made needs nothing of this, and does not load it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ankigen.doors import front_door

if TYPE_CHECKING:
    from ankigen.cards.finding import Found as Found
    from ankigen.cards.finding import find_cards as find_cards
    from ankigen.cards.finding import shown as shown
    from ankigen.cards.headings import under_headings as under_headings
else:
    __getattr__ = front_door(globals(), {"finding": ["Found", "find_cards", "shown"], "headings": ["under_headings"]})
