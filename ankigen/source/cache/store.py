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

from ankigen.config import Config
from ankigen.source.walk import Walk
from ankigen.support.hashing import content_hash, digest

_CODE = Path(__file__).parents[2]
_TABLE = "create table if not exists kept (path text primary key, key text, sum integer, made blob)"
_ALL = "select path, key, sum, made from kept"
_KEEP = "insert or replace into kept values (?, ?, ?, ?)"
_PATHS = "select rowid, path from kept"
_DROP = "delete from kept where rowid = ?"
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
            self._connection.text_factory = bytes  # of a damaged file, it may be no text
            self._connection.execute("pragma synchronous = off")  # what a power cut breaks is made anew
            self._connection.execute(_TABLE)

    def key(self, path: str, content: bytes) -> str:
        """A digest of a file's path and content and of all conditions."""
        return digest(self._conditions, path, content_hash(content, 64), length=64)

    def take(self, path: str, key: str) -> bytes | None:
        """What was kept under this key, if it is whole; it can be taken once, so that no memory holds it twice."""
        checksum, data = self._rows.pop((path.encode(), key.encode()), (0, b""))
        return data if _checksum(path, key, data) == checksum else None

    @cached_property
    def _rows(self) -> dict[tuple[bytes, bytes], tuple[int, bytes]]:
        """Checksum and bytes by path and key, read at once: to ask for each file by itself takes four times as long.

        A damaged file may give values of any type and texts that are none; what is not of its type is left out.
        """
        rows = {}
        with self._trying():
            if self._connection:
                for path, key, checksum, data in self._connection.execute(_ALL):
                    if isinstance(path, bytes) and isinstance(key, bytes) and isinstance(data, bytes):
                        rows[path, key] = (checksum, data)
        return rows

    def keep(self, files: Iterable[KeptFile]) -> None:
        """Keep what was made of these files, in place of what is kept of them."""
        with self._trying():
            if self._connection:
                with self._connection:
                    rows = ((path, key, _checksum(path, key, data), data) for path, key, data in files)
                    self._connection.executemany(_KEEP, rows)

    def forget_all_but(self, paths: Collection[str]) -> None:
        """Drop what was made of all other files."""
        with self._trying():
            if self._connection:
                with self._connection:
                    wanted = {path.encode(errors="surrogatepass") for path in paths}
                    known = self._connection.execute(_PATHS).fetchall()
                    self._connection.executemany(_DROP, [(row,) for row, path in known if path not in wanted])

    def close(self) -> None:
        """Close the file: from now on nothing is found, and nothing kept."""
        if self._connection:
            self._connection.close()
        self._connection = None

    @contextlib.contextmanager
    def _trying(self) -> Iterator[None]:
        """Go on without the store if it fails: it may be read-only or in use; one that is broken is deleted."""
        try:
            yield
        except (OSError, sqlite3.OperationalError) as failure:
            self.close()
            if _is_broken(failure):
                self._delete()
        except (sqlite3.Error, sqlite3.Warning, UnicodeDecodeError, OverflowError):
            self.close()
            self._delete()

    def _delete(self) -> None:
        with contextlib.suppress(OSError):
            self._path.unlink()


def _is_broken(failure: Exception) -> bool:
    """Whether a failure is the file's own fault: that of another table than ours, not of a disk or another run."""
    code = getattr(failure, "sqlite_errorcode", sqlite3.SQLITE_BUSY)
    return isinstance(code, int) and code & 0xFF == sqlite3.SQLITE_ERROR


def _checksum(path: str, key: str, data: bytes) -> int:
    """What tells whether a row is whole."""
    return zlib.crc32(data, zlib.crc32(f"{path}\n{key}".encode()))


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
