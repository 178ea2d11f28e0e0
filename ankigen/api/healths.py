"""The health report of decks, as one document."""

from __future__ import annotations

from pathlib import Path

from ankigen import config
from ankigen.api.notes import AnyPath
from ankigen.data import Desired
from ankigen.preview import editor_link
from ankigen.support import files
from ankigen.targets import ReviewedTarget

_DAYS = 30
_NO_ANKI = "No Anki was asked, so nothing is said of reviews: start it, and make this report again."


def report_health(desired: Desired, target: ReviewedTarget | None = None) -> str:
    """The health of notes as an HTML document, with what the target knows of their reviews. Nothing is written."""
    from ankigen import health  # noqa: PLC0415 - few commands need it

    of_notes = health.health_of_notes(desired)
    link = editor_link(desired.root, config.read(desired.root).editor_url)
    if target is None:
        return health.health_document(of_notes, None, link, _NO_ANKI)
    collection = target.read()
    ours = [existing for existing in collection.notes if existing.guid in desired.lock.identities]
    studied = target.read_studied([card.id for existing in ours for card in existing.cards], _DAYS)
    of_reviews = health.health_of_reviews(desired, collection, studied, of_notes.confusable)
    return health.health_document(of_notes, of_reviews, link)


def write_report(document: str, path: AnyPath) -> Path:
    """Write the document, in place of an earlier one. Raises `CannotWrite`."""
    files.replace(Path(path), document.encode())
    return Path(path)
