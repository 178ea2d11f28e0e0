"""Packs notes and media into an `.apkg`, the same bytes each time.

genanki makes the empty collection and describes decks and note types. Rows are written by us, all of a table at once.
The zip is ours, too, for genanki dates its entries by the clock. The format is the oldest one (`collection.anki2`),
which every Anki on every platform reads.
"""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from struct import unpack_from

from ankigen import note_types
from ankigen.data import MediaFile, Note, NoteType, PackedNote
from ankigen.errors import CannotRead
from ankigen.support import files
from ankigen.support.hashing import digest

_LEVEL = 1
"""How hard the zip is compressed: the usual level takes four times as long to make it a tenth smaller."""

_FILE_MODE = 0o644 << 16
_UNIX = 3
_NEW, _SUSPENDED = 0, -1
# What is the same in each row stands in the statement: never synced (-1), no flags or data, a card that is new.
_ADD_NOTE = "insert into notes values (?, ?, ?, ?, -1, ?, ?, ?, 0, 0, '')"
_ADD_CARD = "insert into cards values (?, ?, ?, ?, ?, -1, 0, ?, ?, 0, 0, 0, 0, 0, 0, 0, 0, '')"
_PAGE = 4096
_TREE_HEADERS = {2: 12, 5: 12, 10: 8, 13: 8}
"""How long the header is of a page of each type that holds cells, behind which their places stand."""

# Where SQLite's header counts the writes, names the version valid for that count, and names its own library version.
_HEADER = 100
_MACHINE_BYTES = (slice(24, 28), slice(92, 96), slice(96, 100))


def write_package(
    contents: Sequence[Note], media: Iterable[MediaFile], path: Path, own: Sequence[NoteType] | None = None
) -> None:
    """Write the notes and their media as an Anki package, by an atomic rename; `own` is how note types shall look."""
    files.replace(path, pack((note_types.packed(note, own) for note in contents), media))


def pack(contents: Iterable[PackedNote], media: Iterable[MediaFile] = ()) -> bytes:
    """Return an Anki package of notes whose fields, tags and cards are settled."""
    buffer = io.BytesIO()
    pictures = sorted(media, key=lambda file: file.name)
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        with archive.open("collection.anki2", "w") as entry:
            entry.writelines(_database(contents))
        with archive.open("media", "w") as entry:
            entry.write(json.dumps({str(number): file.name for number, file in enumerate(pictures)}).encode())
        for number, file in enumerate(pictures):
            archive.writestr(zipfile.ZipInfo(str(number)), _read(Path(file.path)))
        for info in archive.infolist():
            info.external_attr, info.create_system = _FILE_MODE, _UNIX
    return buffer.getvalue()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as failure:
        raise CannotRead(path, failure) from failure


def _database(contents: Iterable[PackedNote]) -> Iterator[bytes | memoryview]:
    """A collection as one file, in pieces: put together, a large one would stand in memory once more."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"pragma page_size = {_PAGE}")
        connection.execute("pragma secure_delete = on")
        _fill(connection, list(contents))
        connection.commit()
        data = connection.serialize()
    header = bytearray(data[:_HEADER])
    for place in _MACHINE_BYTES:
        header[place] = bytes(4)
    yield bytes(header)
    yield from _blanked(data, _HEADER)


def _blanked(data: bytes, start: int) -> Iterator[bytes | memoryview]:
    """The database from `start` on, the same from any SQLite: each version leaves other bytes in unused space."""
    view = memoryview(data)
    for page in range(0, len(data), _PAGE):
        tree = page or _HEADER
        if (size := _TREE_HEADERS.get(data[tree])) is None:
            continue
        cells, content = unpack_from(">HH", data, tree + 3)
        first, end = tree + size + 2 * cells, page + content
        if data[first:end].strip(b"\0"):
            yield view[start:first]
            yield bytes(end - first)
            start = end
    yield view[start:]


def _fill(connection: sqlite3.Connection, contents: Sequence[PackedNote]) -> None:
    """Put a new collection there with all notes, deck by deck, the new cards in the order of the notes."""
    from ankigen.outputs import empty_collection  # noqa: PLC0415 - a sync that has nothing to send does without genanki

    assert len({note.guid for note in contents}) == len(contents), "a GUID twice is a duplicate for ever"
    decks = {name: _deck_id(name) for name in dict.fromkeys(note.deck for note in contents)}
    empty_collection.create(connection, decks, {note.note_type.id: note.note_type for note in contents}.values())
    places = {name: place for place, name in enumerate(decks)}
    ordered = sorted(enumerate(contents), key=lambda one: places[one[1].deck])
    taken: set[int] = set()
    rows = sorted([(_free(note.created, taken), due, note) for due, note in ordered])
    with _without_indexes(connection):
        connection.executemany(_ADD_NOTE, (_note_row(id, note) for id, _, note in rows))
        connection.executemany(_ADD_CARD, _card_rows(rows, decks))


@contextmanager
def _without_indexes(connection: sqlite3.Connection) -> Iterator[None]:
    """A database without holes, to put rows into: to make an index once of all takes less time than to keep it up."""
    indexes = connection.execute("select name, sql from sqlite_master where type = 'index' and sql <> ''").fetchall()
    for name, _ in indexes:
        connection.execute(f"drop index {name}")
    connection.commit()
    connection.execute("vacuum")
    yield
    for _, sql in indexes:
        connection.execute(sql)


def _deck_id(name: str) -> int:
    """Anki matches decks by name; the id only has to be unique, stable and not that of Default."""
    return 2 + int(digest("deck", name, length=12), 16)


def _free(wanted: int, taken: set[int]) -> int:
    """Take the next free id; Anki reads a note's id as the time of its creation."""
    while wanted in taken:
        wanted += 1
    taken.add(wanted)
    return wanted


def _note_row(id: int, note: PackedNote) -> tuple[object, ...]:
    assert len(note.values) == len(note.note_type.fields), "a note has a value for each field"
    tags, fields = f" {' '.join(note.tags)} ", "\x1f".join(note.values)
    return (id, note.guid, note.note_type.id, note.modified, tags, fields, note.values[0])


def _card_rows(rows: Iterable[tuple[int, int, PackedNote]], decks: Mapping[str, int]) -> Iterator[tuple[object, ...]]:
    """New cards, each at its note's place among the new ones."""
    taken: set[int] = set()
    for note_id, due, note in rows:
        deck, queue = decks[note.deck], _SUSPENDED if note.is_suspended else _NEW
        for ordinal in note.ordinals:
            id = _free(note.created + ordinal, taken)
            yield (id, note_id, deck, ordinal, note.modified, queue, due)
