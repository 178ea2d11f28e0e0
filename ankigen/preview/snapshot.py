"""One reading of the notes, as a page asks for it: cards and problems, faces, media, lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

from ankigen.data import Desired, MediaFile, Note, NoteType
from ankigen.note_types import note_type_of
from ankigen.preview.cards import Pages, PreviewedCard, PreviewedProblem, editor_link, pages_of, preview_of_pages
from ankigen.preview.excerpts import SourceLine, excerpt
from ankigen.preview.faces import face_document
from ankigen.source import page_lines
from ankigen.support.structs import Struct


class Change(Struct, frozen=True):
    """What makes the cards of one revision those of another: pages by their paths, and in which `order` all are now.

    What is `None` is as it was.
    """

    before: str
    revision: str
    pages: Mapping[str, tuple[PreviewedCard, ...]]
    order: tuple[str, ...] | None
    problems: tuple[PreviewedProblem, ...] | None


class Snapshot:
    """What the notes say at one moment. Faces are made when they are asked for; nothing else is read but the lines."""

    def __init__(
        self, desired: Desired, own: Sequence[NoteType], editor_url: str = "", before: Snapshot | None = None
    ) -> None:
        """`own` are the note types, with the user's CSS; `editor_url` leads to a line in the user's editor.

        With the snapshot `before` it is the same, and sooner.
        """
        link = editor_link(desired.root, editor_url)
        self.desired = desired
        self.pages: Pages = pages_of(desired, own, link, before.pages if before else {})
        self.preview = preview_of_pages(desired, self.pages, link)
        self._own = {note_type.name: note_type for note_type in own}
        self._notes: Mapping[str, Note] = {note.identity.guid: note for note in desired.notes}
        self._media = {file.name: file for file in desired.media}

    def change_since(self, before: Snapshot) -> Change:
        """What has to be done to the cards and problems of an earlier snapshot to make them those of this one."""
        then, now = before.preview, self.preview
        changed = {
            path: page.cards
            for path, page in self.pages.items()
            if path not in before.pages or before.pages[path].digest != page.digest
        }
        is_in_order = self.pages.keys() == before.pages.keys()
        return Change(
            before=then.revision,
            revision=now.revision,
            pages=changed,
            order=None if is_in_order else tuple(self.pages),
            problems=None if then.problems == now.problems else now.problems,
        )

    def face(self, guid: str, ordinal: int, side: str) -> str | None:
        """The document of a side (`front` or `back`) of a card; nothing if there is no such card, or side."""
        note = self._notes.get(guid)
        if note is None or ordinal not in note.content.ordinals or side not in {"front", "back"}:
            return None
        return face_document(note, self._own[note_type_of(note.content).name], ordinal, is_back=side == "back")

    def media(self, name: str) -> MediaFile | None:
        """The file that a card shows under this name."""
        return self._media.get(name)

    def media_of(self, guid: str) -> tuple[str, ...]:
        """The names of the files that a note's cards show."""
        return self._notes[guid].media

    def lines(self, path: str, line: int) -> list[SourceLine] | None:
        """The block that a card or a problem is in; nothing where none of them is."""
        if (path, line) not in self._places:
            return None
        return excerpt(page_lines(self.desired.root, [path])[path], line)

    def card_file(self, path: str, line: int) -> Path | None:
        """The file of the card that begins there; nothing where none does."""
        is_card = any((card.path, card.line) == (path, line) for card in self.preview.cards)
        return self.desired.root / path if is_card else None

    @property
    def places(self) -> frozenset[tuple[str, int]]:
        """The files and lines where cards and problems are."""
        return self._places

    @cached_property
    def _places(self) -> frozenset[tuple[str, int]]:
        cards, problems = self.preview.cards, self.preview.problems
        return frozenset([*((card.path, card.line) for card in cards), *((one.path, one.line) for one in problems)])
