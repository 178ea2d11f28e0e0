"""Where what was made of the files is kept, and the conditions under which it still counts.

These are the file's bytes and place, the settings of ankigen and of the graphs, ankigen's own code, Python and every
package that is installed. Whatever is wrong with the store, the notes are read as if there were none.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import sys
import time
import zlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
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

KeptFile = tuple[str, str, bytes]
"""The path of a file as it is shown, the key, and what was made."""


class Store:
    """Bytes that were made of files, one row for each file."""

    def __init__(self, folder: Path, walked: Walk, settings: Config) -> None:
        """Open the store of these notes in a folder of stores, or make it."""
        graphs = dict.fromkeys(repr(file.graph) for file in walked.files)
        self._conditions = digest(*_conditions(), repr(settings), *graphs, length=64)
        self._connection: sqlite3.Connection | None = None
        self._path = folder / f"{digest(str(walked.start), length=32)}.sqlite"
        with self._trying():
            folder.mkdir(parents=True, exist_ok=True)
            self._path.touch(0o600)
            _clear_old(folder)
            self._connection = sqlite3.connect(self._path, timeout=0)
            self._connection.execute("pragma synchronous = off")  # what a power cut breaks is made anew
            self._connection.execute(_TABLE)

    def key(self, shown: str, content: bytes) -> str:
        """Stands for all that is made of a file of this place and content."""
        return digest(self._conditions, shown, content_hash(content, 64), length=64)

    def take(self, shown: str, key: str) -> bytes | None:
        """What was made under this key; it is given away, and not held here any longer."""
        kept, checksum, made = self._rows.pop(shown, (None, 0, b""))
        return made if kept == key and zlib.crc32(made) == checksum else None

    @cached_property
    def _rows(self) -> dict[str, Sequence[Any]]:
        """All rows by their paths: to ask for each file's own takes four times as long."""
        with self._trying():
            if self._connection:
                return {path: row for path, *row in self._connection.execute(_ALL)}
        return {}

    def keep(self, made: Iterable[KeptFile]) -> None:
        """Keep what was made."""
        with self._trying():
            if self._connection:
                with self._connection:
                    rows = ((path, key, zlib.crc32(data), data) for path, key, data in made)
                    self._connection.executemany(_KEEP, rows)

    def forget_all_but(self, paths: Collection[str]) -> None:
        """Drop what was made of files that are there no more."""
        with self._trying():
            if self._connection:
                with self._connection:
                    known = [path for (path,) in self._connection.execute(_PATHS)]
                    self._connection.executemany(_DROP, [(path,) for path in known if path not in paths])

    def close(self) -> None:
        """Nothing more is found, and nothing kept."""
        if self._connection:
            self._connection.close()
        self._connection = None

    @contextlib.contextmanager
    def _trying(self) -> Iterator[None]:
        """A store that fails is none: it may be read-only, or in use by another ankigen; a broken one begins anew."""
        try:
            yield
        except (OSError, sqlite3.OperationalError):
            self.close()
        except sqlite3.DatabaseError:
            self.close()
            with contextlib.suppress(OSError):
                self._path.unlink()


def _clear_old(folder: Path) -> None:
    """Delete the stores of notes that nobody has read for a season: they were moved, or only ever looked at."""
    for store in folder.glob("*.sqlite"):
        with contextlib.suppress(OSError):  # another run was quicker, or may do what this one may not
            if time.time() - store.stat().st_mtime > _SEASON:
                store.unlink()


def _conditions() -> Iterator[str]:
    """Python, the installed packages with their versions, and ankigen's own files."""
    yield sys.version
    for place in sys.path:
        with contextlib.suppress(OSError):
            yield from sorted(name for name in os.listdir(place or ".") if name.endswith(".dist-info"))  # noqa: PTH208
    for folder, below, names in os.walk(_CODE):
        below.sort()
        yield from (
            content_hash(Path(folder, name).read_bytes(), 64) for name in sorted(names) if not name.endswith(".pyc")
        )
