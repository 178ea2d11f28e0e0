"""Cards by a cloze alone, without a tag, where the options allow them."""

from __future__ import annotations

from ankigen.cards.candidate import Asked, Candidate, asked_by
from ankigen.config import Config
from ankigen.syntax import clozes
from ankigen.syntax.cloze_grammar import SIGNS


def signs(config: Config) -> tuple[str, ...]:
    """How a cloze begins."""
    return SIGNS if config.cloze_without_card else ()


def read(candidate: Candidate, config: Config) -> Asked | None:
    """Read a block that hides something, outside all other cards."""
    if not config.cloze_without_card or candidate.is_inside_card or not clozes.find(candidate.block.text).clozes:
        return None
    return asked_by(candidate, config)
