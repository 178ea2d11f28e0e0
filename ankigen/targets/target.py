"""The protocol of a sync target.

A failed request may still have been carried out: after a failure in a write, read again. Every write can be interrupted
and repeated.
"""

from __future__ import annotations

from collections.abc import Collection as Group
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager
from typing import Protocol

from ankigen.data import (
    Collection,
    ExistingNote,
    ExportedNote,
    Guid,
    Html,
    MediaFile,
    NoteType,
    PackedNote,
    Studied,
    Template,
)


class PendingCollection(Protocol):
    """A collection that is being read: whether a sync is possible is known long before the data."""

    def require_ready(self) -> None:
        """Wait until it is known whether a sync is possible; raise what prevents it."""

    def collection(self) -> Collection:
        """Wait for the collection; raise what prevented reading it."""


class Target(Protocol):
    """A collection that is read, written to and read back."""

    def require_ready(self) -> None:
        """Raise the `AnkigenError` that prevents a sync, before anything is read or written."""

    def begin_reading(self, note_types: Group[int]) -> PendingCollection:
        """Begin to read as `read` does, in the background."""

    def read(self, note_types: Group[int] = (), guids: Group[Guid] | None = None) -> Collection:
        """Read the notes with a GUID, with their cards and note types.

        `note_types` are ids to read even if no note has them; `guids`, if given, are the only notes to read.
        """

    def read_around(self, collection: Collection, decks: Group[str] = (), *, with_media: bool = False) -> Collection:
        """Add which of the target `decks` are filtered, and, if asked, the names of all media."""

    def writing(
        self,
        collection: str,
        written: AbstractSet[int],
        imports: Sequence[PackedNote],
        descriptions: Mapping[str, Html],
    ) -> AbstractContextManager[Writer]:
        """Prepare to write into the collection with this name; after the block, everything written can be read.

        `written` are the ids of notes that will be changed, `imports` the notes for `import_notes`, `descriptions`
        those of new decks.
        """

    def extend(self, note_type: str, fields: Iterable[str], templates: Iterable[Template] = ()) -> None:
        """Add fields and cards at the end of a note type; its notes become newer, and Anki needs a full sync.

        A card whose name already exists stays unchanged.
        """


class AdoptingTarget(Target, Protocol):
    """A target that can also read notes that are not ankigen's."""

    def read_foreign(self, query: str | None = None) -> tuple[ExistingNote, ...]:
        """Read the notes with cards and without ankigen's fields, all or those that an Anki search finds.

        Their GUIDs are empty: see `read_exported`.
        """

    def count_marked(self, note_ids: Group[int], fields: Iterable[str]) -> int:
        """Count the notes without ankigen's fields that have one of many ids, or text in one of these fields."""

    def copied_note_type(self, name: str) -> NoteType:
        """A note type in the collection, whoever made it. Raises `NoSuchNoteType`."""

    def read_exported(self, collection: str, decks: Group[str]) -> Mapping[int, ExportedNote]:
        """Read GUIDs and cards of the notes in decks and subdecks of the collection with this name, by note id."""


class ReviewedTarget(AdoptingTarget, Protocol):
    """A target that can also read reviews."""

    def read_studied(self, cards: Sequence[int], days: int) -> Studied:
        """Read all reviews of these cards, and how many of ankigen's cards are due on each of the next `days`."""


class Writer(Protocol):
    """Changes a collection during a `writing` block."""

    def import_notes(self) -> None:
        """Create or update the announced notes by their GUIDs, with their fields and tags, and add their new cards.

        A target may skip a note silently: read back.
        """

    def send_media(self, media: Iterable[MediaFile]) -> None:
        """Put files into the media folder; raises `MediaNameTaken` if another file has one of the names."""

    def move(self, cards: Iterable[int], deck: str) -> None:
        """Move cards to a deck, which is created if needed and must not be filtered."""

    def suspend(self, cards: Iterable[int]) -> None:
        """Suspend cards; if one of them does not exist, none is suspended."""

    def unsuspend(self, cards: Iterable[int]) -> None:
        """Unsuspend cards; this would also unbury buried ones."""

    def add_tags(self, notes: Mapping[str, Iterable[int]]) -> None:
        """Add each tag to its notes, whose modification time becomes now."""

    def remove_tag(self, notes: Iterable[int], tag: str) -> None:
        """Remove one tag and its child tags from many notes, whose modification time becomes now."""

    def delete_notes(self, notes: Iterable[int]) -> None:
        """Delete notes with their cards and schedules, permanently."""

    def convert_notes(self, notes: Mapping[int, PackedNote]) -> None:
        """Change the note type of notes, by their ids, with all fields and tags, keeping their cards' history.

        The note type is added if the collection does not have it.
        """

    def restyle(self, note_type: str, templates: Iterable[Template], css: str) -> None:
        """Replace the text of templates that exist, and the CSS."""
