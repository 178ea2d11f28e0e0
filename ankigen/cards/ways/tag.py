"""Cards by a tag or a page reference, `question #card`, and the children of a card group."""

from __future__ import annotations

from ankigen.cards.candidate import Asked, Candidate, asked_by
from ankigen.cards.instructions import GROUP
from ankigen.config import Config
from ankigen.support.normal_forms import searchable


def signs(config: Config) -> tuple[str, ...]:
    """The tags themselves; of one of several words the longest, for between them a file may have any white space."""
    return (*(searchable(max(tag.split(), key=len)) for tag in config.card_tags), GROUP)


def read(candidate: Candidate, config: Config) -> Asked | None:
    """Read a block that bears a card tag, or stands right below a card group."""
    is_card = candidate.is_grouped or candidate.instructions.triggers(config)
    return asked_by(candidate, config) if is_card else None
