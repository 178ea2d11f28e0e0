"""How do notes and media become an `.apkg`, the same bytes each time?

genanki fills the database; the zip is ours, for genanki dates its entries by the clock. The format is the oldest one
(`collection.anki2`), which every Anki on every platform reads.
"""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import genanki

from ankigen import files, note_types, notes
from ankigen.data import MediaFile, Note, NoteType, PackedNote
from ankigen.digest import digest
from ankigen.errors import CannotRead

_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
_FILE_MODE = 0o644 << 16
_UNIX = 3
# Where SQLite's header counts the writes, names the version valid for that count, and names its own library version.
_MACHINE_BYTES = (slice(24, 28), slice(92, 96), slice(96, 100))


def write_package(
    contents: Sequence[Note], media: Iterable[MediaFile], path: Path, own: Sequence[NoteType] = note_types.ALL
) -> None:
    """Write the notes and their media as an Anki package, by an atomic rename; `own` is how note types shall look."""
    files.replace(path, pack([notes.packed(note, own) for note in contents], media))


def pack(contents: Sequence[PackedNote], media: Iterable[MediaFile] = ()) -> bytes:
    """Return an Anki package of notes whose fields, tags and cards are settled."""
    assert len({note.guid for note in contents}) == len(contents), "a GUID twice is a duplicate for ever"
    buffer = io.BytesIO()
    pictures = sorted(media, key=lambda file: file.name)
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(_entry("collection.anki2", zipfile.ZIP_DEFLATED), _database(contents))
        names = {str(number): file.name for number, file in enumerate(pictures)}
        archive.writestr(_entry("media", zipfile.ZIP_DEFLATED), json.dumps(names))
        for number, file in enumerate(pictures):
            archive.writestr(_entry(str(number), zipfile.ZIP_STORED), _read(Path(file.path)))
    return buffer.getvalue()


def _entry(name: str, compression: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _ZIP_EPOCH)
    entry.compress_type = compression
    entry.external_attr = _FILE_MODE
    entry.create_system = _UNIX
    return entry


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as failure:
        raise CannotRead(path, failure) from failure


def _database(contents: Sequence[PackedNote]) -> bytes:
    """The same bytes from any SQLite: one may leave old text in unused space, another clears it, so all is cleared."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("pragma secure_delete = on")
        package = genanki.Package(list(_decks(contents)))
        package.write_to_db(connection.cursor(), timestamp=0, id_gen=iter(()))
        connection.commit()
        connection.execute("vacuum")
        data = bytearray(connection.serialize())
    for place in _MACHINE_BYTES:
        data[place] = bytes(4)
    return bytes(data)


def _decks(contents: Sequence[PackedNote]) -> Iterator[genanki.Deck]:
    note_types = {note.note_type.id: note.note_type for note in contents}
    models = {id: _Model(note_type) for id, note_type in note_types.items()}
    decks: dict[str, genanki.Deck] = {}
    ids = _Ids()
    for position, note in enumerate(contents):
        if note.deck not in decks:
            decks[note.deck] = genanki.Deck(_deck_id(note.deck), note.deck)
        decks[note.deck].add_note(_Note(note, models, position, ids))
    yield from decks.values()


def _deck_id(name: str) -> int:
    """Anki matches decks by name; the id only has to be unique, stable and not that of Default."""
    return 2 + int(digest("deck", name, length=12), 16)


class _Ids:
    """Hands out ids as near to the wanted ones as may be; Anki reads a note's id as the time of its creation."""

    def __init__(self) -> None:
        self._notes: set[int] = set()
        self._cards: set[int] = set()

    def take(self, created: int, ordinals: Iterable[int]) -> Iterator[int]:
        """Yield an id for the note, then one for each of its cards."""
        yield self._free(self._notes, created)
        for ordinal in ordinals:
            yield self._free(self._cards, created + ordinal)

    @staticmethod
    def _free(taken: set[int], wanted: int) -> int:
        while wanted in taken:
            wanted += 1
        taken.add(wanted)
        return wanted


class _Model(genanki.Model):  # type: ignore[misc] # genanki has no types
    """A note type that keeps the time of its own last change, whenever the package is built."""

    def __init__(self, note_type: NoteType) -> None:
        super().__init__(
            note_type.id,
            note_type.name,
            fields=[{"name": name} for name in note_type.fields],
            templates=[
                {"name": template.name, "qfmt": template.front, "afmt": template.back}
                for template in note_type.templates
            ],
            css=note_type.css,
            model_type=genanki.Model.CLOZE if note_type.is_cloze else genanki.Model.FRONT_BACK,
        )
        self._changed = note_type.changed

    def to_json(self, timestamp: float, deck_id: int) -> dict[str, Any]:
        return dict(super().to_json(self._changed, deck_id), did=None)


class _Note(genanki.Note):  # type: ignore[misc] # genanki has no types
    """A note with its own times and ids, and with the cards that Anki will find in it."""

    def __init__(self, note: PackedNote, models: Mapping[int, _Model], position: int, ids: _Ids) -> None:
        super().__init__(models[note.note_type.id], list(note.values), tags=note.tags, guid=note.guid, due=position)
        self.cards = [genanki.Card(ordinal, suspend=note.is_suspended) for ordinal in note.ordinals]
        self._modified = note.modified
        self._ids = ids.take(note.created, note.ordinals)

    def write_to_db(self, cursor: sqlite3.Cursor, timestamp: float, deck_id: int, id_gen: Iterator[int]) -> None:
        super().write_to_db(cursor, self._modified, deck_id, self._ids)

    def _check_invalid_html_tags_in_fields(self) -> None:
        """The renderer has escaped what is text; genanki's guess warns about formulas."""
