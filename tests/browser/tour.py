"""The cards of `decks/tour.md` as Anki shows them, with the files they need."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ankigen import api, note_types
from ankigen.data import MediaFile
from tests.helpers.judge import Judge, Shown

DECKS = Path(__file__).parents[2] / "decks"


@dataclass(frozen=True)
class Card:
    """One card: the question it belongs to, its two faces."""

    title: str
    shown: Shown


class Tour:
    """Reads the tour, or other notes, as `ankigen build` does, and lets Anki show its cards."""

    def __init__(self, judge: Judge, notes: Path = DECKS / "tour.md") -> None:
        desired = api.load(notes)
        self.media: dict[str, MediaFile] = {file.name: file for file in desired.media}
        self.problems = [one.message for one in desired.problems]
        self.cards = [
            Card(note.identity.question, shown)
            for note in desired.notes
            for shown in judge.cards(note_types.note_type_of(note.content), note_types.fields_of(note))
        ]
