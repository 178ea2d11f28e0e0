"""A file of SQLite for what was made of each file of notes, and the conditions under which that still counts.

These are the file's bytes and path, the settings of ankigen and of the graphs, ankigen's own code, Python and every
package that is installed. If anything is wrong with the store, the notes are read as if there were none.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import sys
import time
import zlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from ankigen.config import Config
from ankigen.source.walk import Walk
from ankigen.support.hashing import content_hash, digest

_CODE = Path(__file__).parents[2]
_TABLE = "create table if not exists kept (path text primary key, key text, sum integer, made blob)"
_ALL = "select path, key, sum, made from kept"
_KEEP = "insert or replace into kept values (?, ?, ?, ?)"
_PATHS = "select path from kept"
_DROP = "delete from kept where path = ?"
_SEASON = 90 * 24 * 3600
"""In seconds."""

KeptFile = tuple[str, str, bytes]
"""The path of a file from the root of the notes, the key, and what was made."""


class Store:
    """Bytes that were made of files, one row for each file."""

    def __init__(self, folder: Path, walk: Walk, settings: Config) -> None:
        """Open the store of these notes in a folder of stores, or make a new one."""
        graphs = dict.fromkeys(repr(file.graph) for file in walk.files)
        self._conditions = digest(*_conditions(), repr(settings), *graphs, length=64)
        self._connection: sqlite3.Connection | None = None
        self._path = folder / f"{digest(str(walk.start).encode(errors='backslashreplace').decode(), length=32)}.sqlite"
        with self._trying():
            folder.mkdir(parents=True, exist_ok=True)
            self._path.touch(0o600)
            _clear_old(folder)
            self._connection = sqlite3.connect(self._path, timeout=0)
            self._connection.execute("pragma synchronous = off")  # what a power cut breaks is made anew
            self._connection.execute(_TABLE)

    def key(self, path: str, content: bytes) -> str:
        """A digest of a file's path and content and of all conditions."""
        return digest(self._conditions, path, content_hash(content, 64), length=64)

    def take(self, path: str, key: str) -> bytes | None:
        """What was kept under this key; it can be taken once, so that no memory holds it twice."""
        kept_key, checksum, data = self._rows.pop(path, (None, 0, b""))
        return data if kept_key == key and zlib.crc32(data) == checksum else None

    @cached_property
    def _rows(self) -> dict[str, Sequence[Any]]:
        """Key, checksum and bytes by path, read at once: to ask for each file by itself takes four times as long."""
        with self._trying():
            if self._connection:
                return {path: row for path, *row in self._connection.execute(_ALL)}
        return {}

    def keep(self, files: Iterable[KeptFile]) -> None:
        """Keep what was made of these files, in place of what is kept of them."""
        with self._trying():
            if self._connection:
                with self._connection:
                    rows = ((path, key, zlib.crc32(data), data) for path, key, data in files)
                    self._connection.executemany(_KEEP, rows)

    def forget_all_but(self, paths: Collection[str]) -> None:
        """Drop what was made of all other files."""
        with self._trying():
            if self._connection:
                with self._connection:
                    known = [path for (path,) in self._connection.execute(_PATHS)]
                    self._connection.executemany(_DROP, [(path,) for path in known if path not in paths])

    def close(self) -> None:
        """Close the file: from now on nothing is found, and nothing kept."""
        if self._connection:
            self._connection.close()
        self._connection = None

    @contextlib.contextmanager
    def _trying(self) -> Iterator[None]:
        """Go on without the store if it fails: it may be read-only or in use; a broken one is deleted."""
        try:
            yield
        except (OSError, sqlite3.OperationalError):
            self.close()
        except sqlite3.DatabaseError:
            self.close()
            with contextlib.suppress(OSError):
                self._path.unlink()


def _clear_old(folder: Path) -> None:
    """Delete the stores of notes that nobody has read for a season: those were moved, or read only once."""
    for store in folder.glob("*.sqlite"):
        with contextlib.suppress(OSError):  # another run was quicker, or may do what this one may not
            if time.time() - store.stat().st_mtime > _SEASON:
                store.unlink()


def _conditions() -> Iterator[str]:
    """Python, the installed packages with their versions, and ankigen's own files."""
    yield sys.version
    for folder in sys.path:
        with contextlib.suppress(OSError):
            yield from sorted(name for name in os.listdir(folder or ".") if name.endswith(".dist-info"))  # noqa: PTH208
    yield from _code(_CODE)


@cache
def _code(root: Path) -> Sequence[str]:
    """A hash of each file of the code that runs, which is what it was when it was first looked at."""
    hashes: list[str] = []
    for folder, below, names in os.walk(root):
        below.sort()
        hashes += (
            content_hash(Path(folder, name).read_bytes(), 64) for name in sorted(names) if not name.endswith(".pyc")
        )
    return hashes
