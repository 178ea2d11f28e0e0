"""Cards with a tag or page reference, `question #card`, and the children of a card group."""

from __future__ import annotations

from ankigen.cards.candidate import Asked, Candidate, asked_by
from ankigen.cards.instructions import GROUP
from ankigen.config import Config
from ankigen.support.normal_forms import searchable


def signs(config: Config) -> tuple[str, ...]:
    """The tags; of a tag with several words only the longest, since a file may have any white space between them."""
    return (*(searchable(max(tag.split(), key=len)) for tag in config.card_tags), GROUP)


def read(candidate: Candidate, config: Config) -> Asked | None:
    """Read a block with a card tag, or directly below a card group."""
    is_card = candidate.is_grouped or candidate.instructions.triggers(config)
    return asked_by(candidate, config) if is_card else None
