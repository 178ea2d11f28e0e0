"""The protocol of a kind of note: its fields, its cards and its question."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from ankigen import render
from ankigen.config import Config
from ankigen.data import CardBlock, Face, Html, KindName, NoteType, Problem
from ankigen.render import Links, has_blocks
from ankigen.support.structs import Struct, replace

OWN_FIELDS = ("Guid", "Base")
"""ankigen's internal fields, which every note type has and no card shows."""

_LINE_ENDS = re.compile(
    r"(?<=</li>)(?=<li\b)|(?<=</p>)(?=<(?:p|ul|ol)\b)|(?<=</t[dh]>)(?=<t[dh]\b)|(?<=</tr>)(?=<tr\b)"
    r"|(?<=[^>\s])(?=<(?:ul|ol|p|pre|table|blockquote)\b)|(?<=</[uo]l>)(?=<(?!/))|(?<=</h[1-6]>)(?=<(?!/))|(?<=</pre>)(?=<(?!/))"
)
"""Where one line of a field ends and another begins."""

SET, UNSET = Face(Html("y")), Face(Html(""))
"""The values of a flag field."""


class CommonFaces(Struct, frozen=True):
    """The faces that every kind can have: extra on the back, context, a link back to the notes."""

    extra: Face
    context: Face
    source: Face


class NoteKind(Protocol):
    """A kind of note; `name` is its word in the lock file and in `ankigen list`."""

    @property
    def name(self) -> KindName:
        """Its name, which never changes after release."""

    @property
    def note_type(self) -> NoteType:
        """Its note type in Anki; after release it never changes, except for fields added at the end."""

    @property
    def without_cards(self) -> str:
        """The message for a note from which Anki would make no card."""

    def takes(self, card: CardBlock) -> bool:
        """Whether a card block becomes a note of this kind."""

    def faults(self, card: CardBlock, config: Config) -> Iterator[Problem]:
        """The problems of a card block as this kind of note; an error prevents the note."""

    def faces(self, card: CardBlock, numbers: Sequence[int], common: CommonFaces, links: Links) -> dict[str, Face]:
        """The content fields of a card's note, by name and in their frozen order; `numbers` are those of its clozes."""

    def cards(self, fields: Mapping[str, str]) -> tuple[int, ...]:
        """The ordinals of the cards that Anki makes from a note with these fields.

        An ordinal is the number of a template, from 0, or a cloze number less one.
        """

    def question(self, fields: Mapping[str, str]) -> str:
        """The text by which people recognise the note."""

    def answer(self, fields: Mapping[str, str]) -> str:
        """The text of the answer."""

    def asks_for_answer(self, fields: Mapping[str, str]) -> bool:
        """Whether a card uses the answer as its question, so that it must not be empty whatever the config says."""


def content_names(note_type: NoteType) -> tuple[str, ...]:
    """The names of the fields that come from the notes, whose hashes are in `Base`."""
    return tuple([name for name in note_type.fields if name not in OWN_FIELDS])


def typed(face: Face, card: CardBlock) -> Face:
    """The face of a card with a typed answer, with line breaks between separate lines.

    Anki compares a line break as a space and ignores other HTML, so the items of a list would become one word.
    """
    return replace(face, html=Html(_LINE_ENDS.sub("\n", face.html))) if card.is_typed else face


def joined(above: Face, below: Face) -> Face:
    """Two faces on separate lines."""
    between = "<br>" if above.html and below.html and not has_blocks(below.html) else ""
    html = Html(above.html + between + below.html)
    return Face(html, above.media + below.media, above.problems + below.problems)


def annotated(face: Face, card: CardBlock) -> Face:
    """The face with readings above kanji, if the card wants that."""
    return render.with_readings(face) if card.has_furigana else face


def flag(is_set: bool) -> Face:
    """A field with `y` or nothing."""
    return SET if is_set else UNSET
