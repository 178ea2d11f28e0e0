"""Reads packages: facts about notes in Anki that only an export has, and the notes in a package of an earlier build."""

from __future__ import annotations

import io
import sqlite3
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from ankigen.data import ExportedCard, ExportedNote, Guid
from ankigen.support import files
from ankigen.support.guids import plain_guid

_NAMES = ("collection.anki21", "collection.anki2")
"""The newer one first: if both exist, the older one only tells old programs that they cannot read it."""
_OURS = "collection.anki2"
_LARGEST = 200_000_000
"""In bytes: a package of an earlier build with a larger database is not read."""
_OF_SQLITE = b"SQLite format 3\0"
_MOST_NOTES = 1000
_JOURNAL_MODE = slice(18, 20)
_NO_JOURNAL = b"\x01\x01"
"""Replaces the journal mode: a database in WAL mode cannot be read from memory."""


def read_package(content: bytes) -> dict[int, ExportedNote]:
    """The notes of a package in the format that every Anki reads, by id; a `ValueError` for any other content."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            name = next(name for name in _NAMES if name in package.namelist())
            database = package.read(name)
        with _opened(database) as connection:
            return _notes(connection)
    except (zipfile.BadZipFile, StopIteration, sqlite3.Error) as failure:
        raise ValueError(str(failure)) from failure


def held_notes(path: Path) -> frozenset[Guid]:
    """Some of the notes in a package; none if ankigen does not write packages of this kind."""
    try:
        with files.open_plain(path) as file, zipfile.ZipFile(file) as package:
            is_small = package.getinfo(_OURS).file_size <= _LARGEST
            database = package.read(_OURS) if is_small else b""
        if not database.startswith(_OF_SQLITE):
            return frozenset()
        with _opened(database) as connection:
            rows = connection.execute("select guid from notes limit ?", (_MOST_NOTES,)).fetchall()
    except (OSError, KeyError, ValueError, RuntimeError, NotImplementedError, zipfile.BadZipFile, sqlite3.Error):
        return frozenset()
    guids = (plain_guid(guid) for (guid,) in rows if isinstance(guid, str))
    return frozenset(Guid(guid) for guid in guids if guid)


@contextmanager
def _opened(database: bytes) -> Iterator[sqlite3.Connection]:
    content = bytearray(database)
    content[_JOURNAL_MODE] = _NO_JOURNAL
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(bytes(content))
        yield connection


def _notes(connection: sqlite3.Connection) -> dict[int, ExportedNote]:
    reviews = Counter(dict(connection.execute("select cid, count() from revlog group by cid")))
    cards: defaultdict[int, list[ExportedCard]] = defaultdict(list)
    for id_, note, ordinal in connection.execute("select id, nid, ord from cards order by nid, ord"):
        cards[note].append(ExportedCard(id_, ordinal, reviews[id_]))
    return {
        id_: ExportedNote(guid, tuple(cards[id_])) for id_, guid in connection.execute("select id, guid from notes")
    }
