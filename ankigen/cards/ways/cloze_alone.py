"""Cards with only a cloze, without a tag, if the options allow them."""

from __future__ import annotations

from ankigen.cards.candidate import Asked, Candidate, asked_by
from ankigen.config import Config
from ankigen.syntax import clozes
from ankigen.syntax.cloze_grammar import SIGNS


def signs(config: Config) -> tuple[str, ...]:
    """The start of a cloze."""
    return SIGNS if config.cloze_without_card else ()


def read(candidate: Candidate, config: Config) -> Asked | None:
    """Read a block with a cloze, outside other cards."""
    if not config.cloze_without_card or candidate.is_inside_card or not clozes.find(candidate.block.text).clozes:
        return None
    return asked_by(candidate, config)
