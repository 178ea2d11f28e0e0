"""Reads what only a package tells of notes in Anki: their GUIDs, which card is which, and how often it was reviewed."""

from __future__ import annotations

import io
import sqlite3
import zipfile
from collections import Counter, defaultdict
from contextlib import closing

from ankigen.data import ExportedCard, ExportedNote

_NAMES = ("collection.anki21", "collection.anki2")
"""The newer one first: beside it, the older one only tells old programs to give up."""
_JOURNAL_MODE = slice(18, 20)
_NO_JOURNAL = b"\x01\x01"
"""A database that was written with a journal beside it could not be read from memory."""


def read_package(content: bytes) -> dict[int, ExportedNote]:
    """The notes of a package in the format that every Anki reads, by their ids; a `ValueError` if it is none."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            name = next(name for name in _NAMES if name in package.namelist())
            database = bytearray(package.read(name))
        database[_JOURNAL_MODE] = _NO_JOURNAL
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.deserialize(bytes(database))
            return _notes(connection)
    except (zipfile.BadZipFile, StopIteration, sqlite3.Error) as failure:
        raise ValueError(str(failure)) from failure


def _notes(connection: sqlite3.Connection) -> dict[int, ExportedNote]:
    reviews = Counter(dict(connection.execute("select cid, count() from revlog group by cid")))
    cards: defaultdict[int, list[ExportedCard]] = defaultdict(list)
    for id_, note, ordinal in connection.execute("select id, nid, ord from cards order by nid, ord"):
        cards[note].append(ExportedCard(id_, ordinal, reviews[id_]))
    return {
        id_: ExportedNote(guid, tuple(cards[id_])) for id_, guid in connection.execute("select id, guid from notes")
    }
