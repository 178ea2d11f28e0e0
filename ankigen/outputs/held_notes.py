"""The notes that a package holds: how one of an earlier build is told from another's."""

from __future__ import annotations

import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

from ankigen.data import Guid
from ankigen.support import files
from ankigen.support.guids import plain_guid

_DATABASE = "collection.anki2"
_LARGEST = 200_000_000
"""In bytes: a package that holds more is not looked into."""
_OF_SQLITE = b"SQLite format 3\0"
_MOST_NOTES = 1000


def held_notes(path: Path) -> frozenset[Guid]:
    """Some of the notes in a package; none if it is not one of the kind that ankigen writes."""
    try:
        with files.open_plain(path) as file, zipfile.ZipFile(file) as archive:
            is_small = archive.getinfo(_DATABASE).file_size <= _LARGEST
            data = archive.read(_DATABASE) if is_small else b""
        if not data.startswith(_OF_SQLITE):
            return frozenset()
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.deserialize(data)
            rows = connection.execute("select guid from notes limit ?", (_MOST_NOTES,)).fetchall()
    except (OSError, KeyError, ValueError, RuntimeError, NotImplementedError, zipfile.BadZipFile, sqlite3.Error):
        return frozenset()
    guids = (plain_guid(guid) for (guid,) in rows if isinstance(guid, str))
    return frozenset(Guid(guid) for guid in guids if guid)
