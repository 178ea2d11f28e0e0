"""What notes can be brought to: the protocol of a target, in words that hold for any of them.

A request may have been carried out although it failed: after a failure in a write, read again. Every write may be cut
off and done again.
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
    """A collection that is being read: whether a sync can be done is known long before what there is to sync."""

    def require_ready(self) -> None:
        """Wait until it is known whether a sync can be done; raise what keeps it from being done."""

    def collection(self) -> Collection:
        """Wait for the collection; raise what kept it from being read."""


class Target(Protocol):
    """A collection that is read, written to and read back."""

    def require_ready(self) -> None:
        """Raise what would keep a sync from being done: an `AnkigenError`, before anything is read or written."""

    def begin_reading(self, note_types: Group[int]) -> PendingCollection:
        """Begin to read as `read` does, while something else is done."""

    def read(self, note_types: Group[int] = (), guids: Group[Guid] | None = None) -> Collection:
        """Read the notes that carry a GUID, with their cards and note types.

        `note_types` are ids to read even if no note has them; `guids`, if given, are the only notes to read.
        """

    def read_around(self, collection: Collection, decks: Group[str] = (), *, with_media: bool = False) -> Collection:
        """Add which of `decks`, those that notes go to, are filtered, and, if asked, the names of all media."""

    def writing(
        self,
        collection: str,
        written: AbstractSet[int],
        imports: Sequence[PackedNote],
        descriptions: Mapping[str, Html],
    ) -> AbstractContextManager[Writer]:
        """Get ready to write into the collection of this name; when the block ends, all that was written can be read.

        `written` are the ids of notes that will be changed, `imports` the notes that `import_notes` will bring in,
        `descriptions` those of the decks that it makes.
        """

    def extend(self, note_type: str, fields: Iterable[str], templates: Iterable[Template] = ()) -> None:
        """Add fields and cards at the end of a note type; its notes are newer then, and Anki wants a full sync.

        A card of a name that is there already is left as it is.
        """


class AdoptingTarget(Target, Protocol):
    """A target that also tells what ankigen has to know of notes that are not its own."""

    def read_foreign(self, query: str | None = None) -> tuple[ExistingNote, ...]:
        """Read the notes that have a card and lack ankigen's fields, all or those that a search in Anki's words finds.

        Their GUIDs are empty: see `read_exported`.
        """

    def count_marked(self, note_ids: Group[int], fields: Iterable[str]) -> int:
        """Count the notes without ankigen's fields that have one of many ids, or text in one of these fields."""

    def copied_note_type(self, name: str) -> NoteType:
        """A note type as the collection has it, whoever made it. Raises `NoSuchNoteType`."""

    def read_exported(self, collection: str, decks: Group[str]) -> Mapping[int, ExportedNote]:
        """Read, by their ids, GUIDs and cards of the notes in decks of the collection of this name, and below them."""


class ReviewedTarget(AdoptingTarget, Protocol):
    """A target that also tells how its cards were answered."""

    def read_studied(self, cards: Sequence[int], days: int) -> Studied:
        """Read all answers to these cards, and how many of ankigen's are due on each of so many days from today."""


class Writer(Protocol):
    """Changes a collection, as long as a `writing` block runs."""

    def import_notes(self) -> None:
        """Create or update the announced notes by their GUIDs, with their fields and tags, and add their new cards.

        A target may leave a note out and not say so: read back.
        """

    def send_media(self, media: Iterable[MediaFile]) -> None:
        """Put files into the media folder; raises `MediaNameTaken` if another file has one of the names."""

    def move(self, cards: Iterable[int], deck: str) -> None:
        """Move cards to a deck, which is made if it does not exist and must not be a filtered one."""

    def suspend(self, cards: Iterable[int]) -> None:
        """Suspend cards; if one of them is gone, none is suspended."""

    def unsuspend(self, cards: Iterable[int]) -> None:
        """Let suspended cards be asked again; buried ones would be asked again as well."""

    def add_tags(self, notes: Mapping[str, Iterable[int]]) -> None:
        """Add each tag to its notes, whose modification time becomes now."""

    def remove_tag(self, notes: Iterable[int], tag: str) -> None:
        """Remove one tag and those below it from many notes, whose modification time becomes now."""

    def delete_notes(self, notes: Iterable[int]) -> None:
        """Delete notes with their cards and schedules, for good."""

    def convert_notes(self, notes: Mapping[int, PackedNote]) -> None:
        """Give notes, by their ids, another type with all of its fields and tags, and keep their cards' history.

        The type is brought in where the collection has no note of it.
        """

    def restyle(self, note_type: str, templates: Iterable[Template], css: str) -> None:
        """Replace the text of templates that exist, and the CSS."""
