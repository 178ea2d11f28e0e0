"""The ways to write a card. A new one is a module here, with its `signs` and its `read`, and a name in the tuple."""

from __future__ import annotations

from ankigen.cards.candidate import Asked, Candidate, Way
from ankigen.cards.ways import arrow, cloze_alone, drawn, question_mark, tag
from ankigen.config import Config

WAYS: tuple[Way, ...] = (tag, drawn, cloze_alone, arrow, question_mark)
"""In the order in which they are tried; the first that matches wins."""


def read(candidate: Candidate, config: Config) -> Asked | None:
    """Read a block as a card; `None` if it is not one."""
    for way in WAYS:
        if asked := way.read(candidate, config):
            return asked
    return None


def signs(config: Config) -> tuple[str, ...]:
    """Every text with a card contains one of these, in lower case."""
    return tuple(sign for way in WAYS for sign in way.signs(config))
