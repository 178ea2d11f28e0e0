"""The order of notes, in which Anki shows new cards."""

from __future__ import annotations

from typing import Any

from ankigen.source.make_notes import CardNote
from ankigen.support.normal_forms import natural_path


def as_written(note: CardNote) -> Any:
    """The sort key: pages by their `order::`, then by path; blocks by theirs, then down the page."""
    position, (of_page, of_block) = note.card.evidence.position, note.card.order
    return of_page, natural_path(position.path), of_block, position.line
