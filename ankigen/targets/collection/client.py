"""A collection in a file: opened for each reading and each writing, and never while somebody is asked a question."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Collection as Group
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ankigen.data import (
    Collection,
    ExistingNote,
    ExportedNote,
    Guid,
    Html,
    NoteType,
    PackedNote,
    Studied,
    Template,
)
from ankigen.errors import CollectionChanged
from ankigen.outputs import pack
from ankigen.support.structs import Struct
from ankigen.targets import searches
from ankigen.targets.collection import reader
from ankigen.targets.collection.opening import opened, translated
from ankigen.targets.collection.writer import CollectionWriter, one_step
from ankigen.targets.copied import note_type_of, require_name
from ankigen.targets.target import Writer

if TYPE_CHECKING:
    from anki.collection import Collection as AnkiCollection

_STAMP = "select mod, scm, usn from col"


class Ready(Struct, frozen=True):
    """A collection that was read at once."""

    found: Collection

    def require_ready(self) -> None:
        """Nothing to wait for."""

    def collection(self) -> Collection:
        """What was read."""
        return self.found


class CollectionFile:
    """The collection at a path, which no Anki has open.

    `folder` is where packages are laid for the library to import. What was changed by others between a reading and a
    writing is a `CollectionChanged`.
    """

    _is_copy = False

    def __init__(self, path: Path, folder: Path) -> None:
        self.path = path
        self.folder = folder
        self._stamp: list[int] | None = None

    @contextmanager
    def opened(self) -> Iterator[AnkiCollection]:
        """The collection, open for the length of a `with` block."""
        with opened(self.path, may_upgrade=self._is_copy) as collection:
            yield collection

    @property
    def name(self) -> str:
        """The path of the media folder: what a running Anki is known by, too."""
        return str(self.path.with_suffix(".media"))

    def require_ready(self) -> None:
        """Raise what keeps the collection from being opened."""
        with self.opened():
            pass

    # Reading

    def begin_reading(self, note_types: Group[int]) -> Ready:
        """Read at once: a collection is open for as short as can be."""
        return Ready(self.read(note_types))

    def read(self, note_types: Group[int] = (), guids: Group[Guid] | None = None) -> Collection:
        """Read what sync has to know of notes, cards and note types, and all that is around them."""
        with self.opened() as collection, translated(self.path, "read"):
            if guids is None:
                self._stamp = stamp_of(collection)
            return reader.read(collection, self.name, note_types, guids)

    def read_around(self, collection: Collection, decks: Group[str] = (), *, with_media: bool = False) -> Collection:
        """The collection as it is: all was read with it."""
        return collection

    def read_studied(self, cards: Sequence[int], days: int) -> Studied:
        """Read all answers to these cards, and how many of ankigen's are due on each of so many days from today."""
        with self.opened() as collection, translated(self.path, "read"):
            return reader.read_studied(collection, cards, days)

    def read_foreign(self, query: str | None = None) -> tuple[ExistingNote, ...]:
        """Read the notes that lack ankigen's fields, all or those that a search finds."""
        with self.opened() as collection, translated(self.path, "findNotes"):
            return reader.read_foreign(collection, query)

    def count_marked(self, note_ids: Group[int], fields: Iterable[str]) -> int:
        """Count the notes without ankigen's fields that have one of many ids, or text in one of these fields."""
        with self.opened() as collection, translated(self.path, "findNotes"):
            return len(collection.find_notes(searches.marked(note_ids, fields)))

    def read_exported(self, collection: str, decks: Group[str]) -> Mapping[int, ExportedNote]:
        """Read GUIDs and cards of the notes in decks and below."""
        with self.opened() as found, translated(self.path, "read"):
            return reader.read_exported(found, decks)

    def copied_note_type(self, name: str) -> NoteType:
        """A note type with all that a copy of it says, by its name. Raises `NoSuchNoteType`."""
        with self.opened() as collection, translated(self.path, "read"):
            require_name(name, (known.name for known in collection.models.all_names_and_ids()))
            found = collection.models.by_name(name)
            assert found is not None
            return note_type_of(found)

    # Writing

    def writing(
        self,
        collection: str,
        written: AbstractSet[int],
        imports: Sequence[PackedNote],
        descriptions: Mapping[str, Html],
    ) -> AbstractContextManager[Writer]:
        """Pack, open, make a backup, and write all as one step."""
        return self._writing(imports, partial(pack, descriptions=descriptions))

    @contextmanager
    def _writing(self, imports: Sequence[PackedNote], pack: partial[bytes]) -> Iterator[CollectionWriter]:
        package = pack(imports) if imports else None
        with self.opened() as collection:
            self._require_unchanged(collection)
            self._back_up(collection)
            with self._step(collection, package, pack) as writer:
                yield writer
            self._stamp = stamp_of(collection)

    @contextmanager
    def _step(
        self,
        collection: AnkiCollection,
        package: bytes | None,
        pack: partial[bytes],
        around_media: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> Iterator[CollectionWriter]:
        with one_step(collection, self.path) as merge:
            writer = CollectionWriter(collection, self.path, self.folder, package, pack, merge, around_media)
            writer.clear_carriers()
            yield writer

    def extend(self, note_type: str, fields: Iterable[str], templates: Iterable[Template] = ()) -> None:
        """Add fields and cards at the end of a note type; Anki then asks for a full sync."""
        with self._writing((), partial(pack)) as writer:
            writer.extend(note_type, fields, templates)

    def _require_unchanged(self, collection: AnkiCollection) -> None:
        if self._stamp is not None and stamp_of(collection) != self._stamp:
            raise CollectionChanged(self.path)

    def _back_up(self, collection: AnkiCollection) -> None:
        """Make a backup where Anki makes its own and thins them out; none if nothing changed since the last."""
        folder = self.path.parent / "backups"
        with translated(self.path, "backup"):
            folder.mkdir(exist_ok=True)
            collection.create_backup(backup_folder=str(folder), force=True, wait_for_completion=True)


def stamp_of(collection: AnkiCollection) -> list[int]:
    """What changes whenever anything in a collection does."""
    assert collection.db is not None
    return list(collection.db.first(_STAMP) or ())
