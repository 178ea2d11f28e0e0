"""Notes with the user's own note type: the fields and cards from its files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from ankigen import render, templates
from ankigen.cards import hint_spot
from ankigen.config import Config
from ankigen.data import Block, CardBlock, Face, Html, KindName, NoteType, OwnNoteType, Problem, Severity
from ankigen.note_types.kind import OWN_FIELDS, CommonFaces, annotated
from ankigen.note_types.speech import heard
from ankigen.render import Links
from ankigen.support.hashing import digest
from ankigen.support.normal_forms import property_key
from ankigen.support.structs import Struct
from ankigen.syntax import clozes

SHARED_FIELDS = ("Context", "Source")
"""The fields that ankigen fills in addition to the user's."""

_PREFIX = "own-"
_PLAIN_NAME = re.compile(r"[a-z]{1,28}")
_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")


def own_kind_name(name: str) -> KindName:
    """The kind's name for a note type with this name: letters and hyphens, for the lock file."""
    plain = name.casefold()
    if not _PLAIN_NAME.fullmatch(plain):
        plain = digest("note type", plain, length=24).translate(_LETTERS)
    return KindName(f"{_PREFIX}{plain}")


class OwnKind(Struct, frozen=True):
    """The kind of card blocks with one of the user's note types, one for each type."""

    made_of: OwnNoteType

    @property
    def name(self) -> KindName:
        """Its name in the lock file."""
        return self.made_of.kind

    @property
    def note_type(self) -> NoteType:
        """Its note type in Anki."""
        return self.made_of.note_type

    @property
    def without_cards(self) -> str:
        """The advice if no card shows anything."""
        if self.made_of.note_type.is_cloze:
            names = " or ".join(self.made_of.hiding)
            return f"Anki finds no cloze that it could ask for: write {{{{cloze answer}}}} in {names}"
        return f"no card of {self.made_of.name} shows anything of this note: fill a field that a front shows"

    def takes(self, card: CardBlock) -> bool:
        """A card with this type."""
        return card.own is not None and card.own.kind == self.name

    def faults(self, card: CardBlock, config: Config) -> Iterator[Problem]:
        """A hint without a field for it; problems of fields are found with the card."""
        del config
        if card.hint and not any(property_key(name) == "hint" for name in self.made_of.fields):
            message = f"{self.made_of.name} has no field Hint, so hint:: is not shown: add the field, or take it out"
            yield hint_spot(card).problem(Severity.WARNING, "hint-unshown", message)

    def faces(self, card: CardBlock, numbers: Sequence[int], common: CommonFaces, links: Links) -> dict[str, Face]:
        """The user's fields and those that ankigen fills, in the order of the note type."""
        question, answer = str(card.question), card.answer
        if self.made_of.note_type.is_cloze:
            question, answer = clozes.mark(question, answer, numbers, card.cloze_syntax)
        rest = iter(answer)
        faces = {"Context": common.context, "Source": common.source}
        for place, (name, count) in enumerate(card.parts):
            blocks = tuple(next(rest) for _ in range(count))
            face = annotated(self._face(card, question if place == 0 else "", blocks, links), card)
            faces[name] = self._heard(face, name, card, links)
        return {name: faces[name] for name in self.note_type.fields if name not in OWN_FIELDS}

    def _heard(self, face: Face, name: str, card: CardBlock, links: Links) -> Face:
        """The first field with the question's voice, the field `rest` with the answer's.

        A field with clozes would read the answer aloud on the front.
        """
        if not face.html or name in self.made_of.hiding:
            return face
        if name == self.made_of.fields[0]:
            return heard(face, face.html, card.speech.question, "speak", card, links)
        if name == self.made_of.rest:
            return heard(face, face.html, card.speech.answer, "speak-answer", card, links)
        return face

    def _face(self, card: CardBlock, text: str, blocks: Sequence[Block], links: Links) -> Face:
        path, lines = card.page.path, card.question_lines if text else ()
        if self.made_of.note_type.is_cloze:
            return render.cloze(text, blocks, path, lines, links)
        if not text:
            return render.answer(blocks, path, links)
        face = render.question(text, path, lines, links)
        return joined(face, render.answer(blocks, path, links)) if blocks else face

    def cards(self, fields: Mapping[str, str]) -> tuple[int, ...]:
        """The cards whose fronts show something of the note, or one for each cloze number."""
        fronts = [template.front for template in self.note_type.templates]
        known = {name: fields.get(name, "y" if name in OWN_FIELDS else "") for name in self.note_type.fields}
        return templates.cards(fronts, known, is_cloze=self.note_type.is_cloze)

    def question(self, fields: Mapping[str, str]) -> str:
        """The first field."""
        return fields[self.made_of.fields[0]]

    def answer(self, fields: Mapping[str, str]) -> str:
        """The other fields; the first one if they are empty, since it may be the only one."""
        said = [fields[name] for name in self.made_of.fields[1:] if fields[name]]
        return "\n".join(said) or self.question(fields)

    def asks_for_answer(self, fields: Mapping[str, str]) -> bool:
        """No: the templates decide which fields may be empty."""
        del fields
        return False


def joined(above: Face, below: Face) -> Face:
    """Two faces on separate lines."""
    between = "<br>" if below.html and not render.has_blocks(below.html) else ""
    html = Html(above.html + between + below.html)
    return Face(html, above.media + below.media, above.problems + below.problems)
