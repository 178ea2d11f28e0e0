"""What a kind of note is: one object that knows its fields, its cards and its question."""

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
"""The fields that ankigen keeps its books in, which every note type has and no card shows."""

_LINE_ENDS = re.compile(
    r"(?<=</li>)(?=<li\b)|(?<=</p>)(?=<(?:p|ul|ol)\b)|(?<=</t[dh]>)(?=<t[dh]\b)|(?<=</tr>)(?=<tr\b)"
    r"|(?<=[^>\s])(?=<(?:ul|ol|p|pre|table|blockquote)\b)|(?<=</[uo]l>)(?=<(?!/))|(?<=</h[1-6]>)(?=<(?!/))|(?<=</pre>)(?=<(?!/))"
)
"""Where one line of a field ends and another begins."""

SET, UNSET = Face(Html("y")), Face(Html(""))
"""What a flag field holds."""


class CommonFaces(Struct, frozen=True):
    """What each kind may show besides its own: more on the back, where the card stands, a link back to the notes."""

    extra: Face
    context: Face
    source: Face


class NoteKind(Protocol):
    """A kind of note; `name` is its word in the lock file and in `ankigen list`."""

    @property
    def name(self) -> KindName:
        """Its word, which never changes once it is released."""

    @property
    def note_type(self) -> NoteType:
        """What Anki has to know of it; once released it never changes, but for fields added at the end."""

    @property
    def without_cards(self) -> str:
        """The message of a problem: what the author can do if Anki would make no card of a note."""

    def takes(self, card: CardBlock) -> bool:
        """Whether a card block becomes a note of this kind."""

    def faults(self, card: CardBlock, config: Config) -> Iterator[Problem]:
        """What is wrong with a card block for this kind of note; an error keeps the note from being made."""

    def faces(self, card: CardBlock, numbers: Sequence[int], common: CommonFaces, links: Links) -> dict[str, Face]:
        """The content fields of a card's note, by name and in their frozen order; `numbers` are those of its clozes."""

    def cards(self, fields: Mapping[str, str]) -> tuple[int, ...]:
        """The ordinals of the cards that Anki makes of a note with these fields.

        An ordinal is the number of a template, from 0, or a cloze number less one.
        """

    def question(self, fields: Mapping[str, str]) -> str:
        """The field by which a person knows the note."""

    def answer(self, fields: Mapping[str, str]) -> str:
        """The field that answers it."""

    def asks_for_answer(self, fields: Mapping[str, str]) -> bool:
        """Whether a card asks what the answer says, so that it must not be empty whatever the config says."""


def content_names(note_type: NoteType) -> tuple[str, ...]:
    """The names of the fields that the notes decide, which `Base` holds the hashes of."""
    return tuple([name for name in note_type.fields if name not in OWN_FIELDS])


def typed(face: Face, card: CardBlock) -> Face:
    """The face of a card whose answer is typed, with a line end between what stands on lines of its own.

    Anki compares that as a blank; of HTML it sees line breaks alone, so that the items of a list would be one word.
    """
    return replace(face, html=Html(_LINE_ENDS.sub("\n", face.html))) if card.is_typed else face


def joined(above: Face, below: Face) -> Face:
    """Two faces on lines of their own."""
    between = "<br>" if above.html and below.html and not has_blocks(below.html) else ""
    html = Html(above.html + between + below.html)
    return Face(html, above.media + below.media, above.problems + below.problems)


def annotated(face: Face, card: CardBlock) -> Face:
    """The face with the readings of kanji above them, where the card wants that."""
    return render.with_readings(face) if card.has_furigana else face


def flag(is_set: bool) -> Face:
    """A field that holds `y` or nothing."""
    return SET if is_set else UNSET
