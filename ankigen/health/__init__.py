"""The health of decks: their cards, what is easily confused, and, if Anki can be read, what is often forgotten."""

from ankigen.health.confusable import Confusable, confusables
from ankigen.health.document import health_document
from ankigen.health.of_notes import NotesHealth, health_of_notes
from ankigen.health.of_reviews import HardNote, ReviewsHealth, health_of_reviews

__all__ = [
    "Confusable",
    "HardNote",
    "NotesHealth",
    "ReviewsHealth",
    "confusables",
    "health_document",
    "health_of_notes",
    "health_of_reviews",
]
