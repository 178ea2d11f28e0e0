"""An SQLite file with the results for each file of notes, and the conditions under which they are valid.

The conditions are the file's bytes and path, the settings of ankigen and of the graphs, ankigen's own code, Python and
all installed packages. If anything is wrong with the store, it is ignored.
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
"""The path of a file from the root of the notes, the key, and the result."""


class Store:
    """The results as bytes, one row for each file."""

    def __init__(self, folder: Path, walk: Walk, settings: Config) -> None:
        """Open or create the store of these notes in a folder of stores."""
        graphs = dict.fromkeys(repr(file.graph) for file in walk.files)
        self._conditions = digest(*_conditions(), repr(settings), *graphs, length=64)
        self._connection: sqlite3.Connection | None = None
        self._path = folder / f"{digest(str(walk.start).encode(errors='backslashreplace').decode(), length=32)}.sqlite"
        with self._trying():
            folder.mkdir(parents=True, exist_ok=True)
            self._path.touch(0o600)
            _clear_old(folder)
            self._connection = sqlite3.connect(self._path, timeout=0)
            self._connection.text_factory = bytes  # in a damaged file, it may not be text
            self._connection.execute("pragma synchronous = off")  # what a power cut breaks is rebuilt
            self._connection.execute(_TABLE)

    def key(self, path: str, content: bytes) -> str:
        """A digest of a file's path, its content and all conditions."""
        return digest(self._conditions, path, content_hash(content, 64), length=64)

    def take(self, path: str, key: str) -> bytes | None:
        """The data under this key, if it is intact; it can be taken only once, to save memory."""
        checksum, data = self._rows.pop((path.encode(), key.encode()), (0, b""))
        return data if _checksum(path, key, data) == checksum else None

    @cached_property
    def _rows(self) -> dict[tuple[bytes, bytes], tuple[int, bytes]]:
        """Checksum and bytes by path and key, read at once: a query for each file takes four times as long.

        A damaged file may give values of any type and invalid text; values of a wrong type are left out.
        """
        rows = {}
        with self._trying():
            if self._connection:
                for path, key, checksum, data in self._connection.execute(_ALL):
                    if isinstance(path, bytes) and isinstance(key, bytes) and isinstance(data, bytes):
                        rows[path, key] = (checksum, data)
        return rows

    def keep(self, files: Iterable[KeptFile]) -> None:
        """Store the results for these files, replacing older ones."""
        with self._trying():
            if self._connection:
                with self._connection:
                    rows = ((path, key, _checksum(path, key, data), data) for path, key, data in files)
                    self._connection.executemany(_KEEP, rows)

    def forget_all_but(self, paths: Collection[str]) -> None:
        """Drop the results for all other files."""
        with self._trying():
            if self._connection:
                with self._connection:
                    wanted = {path.encode(errors="surrogatepass") for path in paths}
                    known = self._connection.execute(_PATHS).fetchall()
                    self._connection.executemany(_DROP, [(row,) for row, path in known if path not in wanted])

    def close(self) -> None:
        """Close the file: from now on nothing is found or stored."""
        if self._connection:
            self._connection.close()
        self._connection = None

    @contextlib.contextmanager
    def _trying(self) -> Iterator[None]:
        """Continue without the store if it fails: it may be read-only or in use; a broken one is deleted."""
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
    """Whether the file itself is broken, and it is not a problem of the disk or another run."""
    code = getattr(failure, "sqlite_errorcode", sqlite3.SQLITE_BUSY)
    return isinstance(code, int) and code & 0xFF == sqlite3.SQLITE_ERROR


def _checksum(path: str, key: str, data: bytes) -> int:
    """The checksum of a row."""
    return zlib.crc32(data, zlib.crc32(f"{path}\n{key}".encode()))


def _clear_old(folder: Path) -> None:
    """Delete stores that nobody has used for a season: their notes were moved, or read only once."""
    for store in folder.glob("*.sqlite"):
        with contextlib.suppress(OSError):  # another run was faster, or has permissions that this one lacks
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
    """A hash of each file of the running code, computed once."""
    hashes: list[str] = []
    for folder, below, names in os.walk(root):
        below.sort()
        hashes += (
            content_hash(Path(folder, name).read_bytes(), 64) for name in sorted(names) if not name.endswith(".pyc")
        )
    return hashes
