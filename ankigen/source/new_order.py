"""The order of notes, in which Anki shows new cards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ankigen.config import Config
from ankigen.data import Lock
from ankigen.source.make_notes import CardNote
from ankigen.support.normal_forms import natural_path


def as_written(note: CardNote) -> Any:
    """The sort key: pages by their `order::`, then by path; blocks by theirs, then down the page."""
    position, (of_page, of_block) = note.card.evidence.position, note.card.order
    return of_page, natural_path(position.path), of_block, position.line


def new_order(settings: Config, lock: Lock) -> Callable[[CardNote], Any]:
    """The sort key of notes: where they are written, or when they were first seen."""
    if settings.new_order == "notes":
        return as_written
    return lambda note: lock.identities[note.recognised.guid].created
