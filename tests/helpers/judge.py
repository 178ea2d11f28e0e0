"""Anki's own library as the judge of fields: notes of our note types in a real collection, rendered by Anki."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anki.collection import Collection
from anki.decks import DEFAULT_DECK_ID

from ankigen import note_types
from ankigen.data import NoteType

_CHOICES = re.escape((Path(note_types.__file__).parent / "templates/choices.js").read_text("utf-8").strip())
OWN_SCRIPT = rf"<script>\s*{_CHOICES.replace(re.escape('{{Guid}}'), '[0-9A-Za-z%-]*')}\s*</script>"
"""The script of our templates, word for word."""
_DRESS = re.compile(rf"<style>.*?</style>|<!-- ankigen \w+ -->|{OWN_SCRIPT}", re.DOTALL)
_BLANK_LINES = re.compile(r"\n\s*\n+")


@dataclass(frozen=True)
class Shown:
    """A card as Anki shows it."""

    ordinal: int
    question: str
    answer: str


class Judge:
    """A collection that knows our note types."""

    def __init__(self, collection: Collection) -> None:
        self.collection = collection
        for note_type in note_types.note_types():
            self._add(note_type)

    def _add(self, note_type: NoteType) -> None:
        models = self.collection.models
        made = models.new(note_type.name)
        made["type"] = 1 if note_type.is_cloze else 0
        made["css"] = note_type.css
        for name in note_type.fields:
            models.add_field(made, models.new_field(name))
        for template in note_type.templates:
            side = models.new_template(template.name)
            side.update(qfmt=template.front, afmt=template.back)
            models.add_template(made, side)
        models.add(made)

    def note(self, note_type: NoteType, fields: Mapping[str, str]) -> Any:
        if self.collection.models.by_name(note_type.name) is None:
            self._add(note_type)  # one that the user made
        model = self.collection.models.by_name(note_type.name)
        assert model is not None
        note = self.collection.new_note(model)
        for name, value in fields.items():
            note[name] = value
        return note

    def cards(self, note_type: NoteType, fields: Mapping[str, str], *, is_dressed: bool = False) -> list[Shown]:
        """Add a note, and see the cards that Anki makes of it, all of it if they are to be dressed."""
        note = self.note(note_type, fields)
        self.collection.add_note(note, DEFAULT_DECK_ID)
        as_shown = str if is_dressed else bare
        return [Shown(card.ord, as_shown(card.question()), as_shown(card.answer())) for card in note.cards()]

    def cloze_numbers(self, field: str) -> tuple[int, ...]:
        """The numbers that Anki finds in a field."""
        return tuple(sorted(self.note(note_types.CLOZE.note_type, {"Text": field}).cloze_numbers_in_fields()))


def bare(html: str) -> str:
    """A face without the note type's dress."""
    return _BLANK_LINES.sub("\n", _DRESS.sub("", html)).strip()


@contextmanager
def open_judge(folder: Path) -> Iterator[Judge]:
    collection = Collection(str(folder / "collection.anki2"))
    try:
        yield Judge(collection)
    finally:
        collection.close()
