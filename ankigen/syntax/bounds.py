"""The limits of notes, so that no page takes more than linear time, or too deep a recursion.

All are far beyond what people write. If one is reached, the text stays and there is a problem at its line.
"""

from __future__ import annotations

DEEPEST_BLOCK = 50
"""Levels of blocks. A card shows all that is below it, so cards within cards show a page as often as they are deep."""

DEEPEST_TEXT = 10
"""Levels of nested clozes, `#+BEGIN_…` and formulas; Anki does not find deeper clozes, either."""

DEEPEST_SHOWN = 60
"""Levels that a field shows: blocks, texts within texts, references, embeds and macros together.

Each takes up to six nested Python calls, of which Python allows a thousand.
"""

LEVELS_OF_LINK = 8
"""The levels that a link label in a reference counts as, because of Markdown's own calls."""

DEEPEST_NAMESPACE = 30
"""Levels of a page's name, or of a tag, that others inherit from."""

MOST_FROM_ELSEWHERE = 100_000
"""Characters that a field shows from elsewhere: references, embeds, macros, and the context of its question."""

MOST_FROM_ELSEWHERE_ON_PAGE = 1_000_000
"""The same for all cards of a page, which share it."""

LEAST_FROM_ELSEWHERE = 2_000
"""The minimum for a card, however many there are."""

MOST_TAGS = 3_000
"""Characters of the tags of one card."""

MOST_OF_DESCRIPTION = 10_000
"""Characters of a deck's description."""

MOST_MARKS = 1_000
"""Runs of asterisks and underscores in a paragraph that may be emphasis: Markdown compares them pairwise."""

MOST_PATTERNS = 50
"""Items of one `replacecloze::`, each of which is searched in all of a card's text."""


def share_of(cards: int) -> int:
    """How many characters a field may show from elsewhere, on a page with this many cards."""
    fair = MOST_FROM_ELSEWHERE_ON_PAGE // max(1, cards)
    return max(LEAST_FROM_ELSEWHERE, min(MOST_FROM_ELSEWHERE, fair))
