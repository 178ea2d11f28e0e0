"""How much of something a note may ask for, so that no page takes more than linear time, or too deep a recursion.

All are far beyond what people write. Where one is met, the text stays and a problem says so at its line.
"""

from __future__ import annotations

DEEPEST_BLOCK = 50
"""Levels of blocks. A card shows all that is below it, so cards within cards show a page as often as they are deep."""

DEEPEST_TEXT = 10
"""Levels of clozes, `#+BEGIN_…` and formulas within each other; Anki, too, finds no cloze deeper than that."""

DEEPEST_SHOWN = 60
"""Levels that a field shows: blocks, texts within texts, references, embeds and macros together.

Each takes up to six calls of Python within each other, of which Python allows a thousand.
"""

LEVELS_OF_LINK = 8
"""The levels that the label of a link counts as, where a reference stands for it: Markdown's own calls lie between."""

DEEPEST_NAMESPACE = 30
"""Levels of a page's name, or of a tag, that hand something down."""

MOST_FROM_ELSEWHERE = 100_000
"""Characters that a field shows of other blocks and pages: by references, embeds and macros, and above its question."""

MOST_FROM_ELSEWHERE_ON_PAGE = 1_000_000
"""The same for all cards of a page, which share it."""

LEAST_FROM_ELSEWHERE = 2_000
"""The share of a card, however many there are."""

MOST_TAGS = 3_000
"""Characters of the tags of one card."""

MOST_OF_DESCRIPTION = 10_000
"""Characters that are shown of what a page says of its deck."""

MOST_MARKS = 1_000
"""Runs of stars and lowbars in one paragraph that may be emphasis: Markdown compares them with each other."""

MOST_PATTERNS = 50
"""Items of one `replacecloze::`, each of which is looked for in all of a card's text."""


def share_of(cards: int) -> int:
    """How many characters a field may show from elsewhere, where a page has so many cards."""
    fair = MOST_FROM_ELSEWHERE_ON_PAGE // max(1, cards)
    return max(LEAST_FROM_ELSEWHERE, min(MOST_FROM_ELSEWHERE, fair))
