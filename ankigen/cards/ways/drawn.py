"""Cards with the Logseq plugin's `occlusion::`, which needs no tag."""

from __future__ import annotations

from ankigen.cards.candidate import Asked, Candidate, asked_by
from ankigen.cards.occlusion import drawn_in
from ankigen.config import Config
from ankigen.syntax import occlusions


def signs(config: Config) -> tuple[str, ...]:  # noqa: ARG001 - of the protocol
    """The property, in Markdown and in the drawer of an org page."""
    return ("occlusion::", ":occlusion:")


def read(candidate: Candidate, config: Config) -> Asked | None:
    """Read a block with a valid property; others are cards only by their tag."""
    drawn = drawn_in(candidate.block)
    if drawn is None or occlusions.read_drawn(drawn.value).fault:
        return None
    return asked_by(candidate, config)
