"""Opens a collection with Anki's own library, and says in ankigen's words what keeps it from being opened or changed.

Nothing here opens the file itself while the library has it open: closing that second handle would drop the lock that
keeps Anki out.
"""

from __future__ import annotations

import errno
import importlib.metadata
import importlib.util
import os
import re
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ankigen.errors import (
    AnkiDiskFull,
    AnkigenError,
    AnkiRefused,
    CannotWrite,
    CollectionDamaged,
    CollectionOpen,
    CollectionTooNew,
    CollectionTooOld,
    ExtraMissing,
    LibraryTooNew,
    NoSuchCollection,
    NotACollection,
)

if TYPE_CHECKING:
    from anki.collection import Collection as AnkiCollection

_SCHEMA = 18
"""What all releases of Anki have written since 2022; opening an older one would upgrade it."""
_NEWEST = (26, 9)
"""The newest release of Anki's library, as year and month, that the tests have run with."""
_RELEASE = re.compile(r"(?P<year>\d+)\.(?P<month>\d+)")
_OF_SQLITE = b"SQLite format 3\0"
_LOCKS = Path("/proc/locks")
_DISK_FULL = re.compile(
    r"No space left on device|disk is full|DiskFull|not enough space|File too large|StorageFull|FileTooLarge",
    re.IGNORECASE,
)


def require_library() -> None:
    """Raise `ExtraMissing` where Anki's library is not installed."""
    if importlib.util.find_spec("anki") is None:
        raise ExtraMissing("anki", "Anki's library")


def unknown_release() -> str | None:
    """The release of Anki's library, if it is newer than all that the tests have run with."""
    try:
        release = importlib.metadata.version("anki")
    except importlib.metadata.PackageNotFoundError:
        return None
    parts = _RELEASE.match(release)
    is_known = parts is not None and (int(parts["year"]), int(parts["month"])) <= _NEWEST
    return None if is_known else release


@contextmanager
def opened(path: Path, *, may_upgrade: bool = False) -> Iterator[AnkiCollection]:
    """The collection at a path, open for the length of a `with` block.

    Only a copy that no Anki opens `may_upgrade`. Raises `ExtraMissing`, `NoSuchCollection`, `NotACollection`,
    `CollectionTooOld`, `CollectionTooNew`, `LibraryTooNew`, `CollectionOpen`, `CannotWrite`, `CollectionDamaged`,
    `AnkiDiskFull`.
    """
    require_library()
    version = _require_collection(path)
    release = unknown_release()
    if release and not may_upgrade and _tables_of_library() != version:
        raise LibraryTooNew(path, release)
    with translated(path, "open"):
        collection = _library()(str(path))
    try:
        yield collection
    finally:
        with translated(path, "close"):
            collection.close()


def make(path: Path) -> None:
    """Make an empty collection."""
    _library()(str(path)).close()


def _library() -> type[AnkiCollection]:
    import anki.lang  # noqa: PLC0415 - most commands do without Anki's library
    from anki import _backend  # noqa: PLC0415
    from anki.collection import Collection  # noqa: PLC0415

    anki.lang.set_lang("en_US")  # what it says is read here
    # 25.9 prints the stack, on stdout, whenever a window would have to wait for 0.2 seconds.
    vars(_backend)["print"] = lambda *_: None
    return Collection


def _tables_of_library() -> int | None:
    """The version of the tables that the library makes, and upgrades others to."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "collection.anki2")
        make(path)
        return _schema(path)


@contextmanager
def translated(path: Path, action: str) -> Iterator[None]:
    """Raise what the library raises as a failure of ours."""
    from anki.errors import AnkiException, DBError  # noqa: PLC0415 - most commands do without Anki's library

    try:
        yield
    except AnkiException as failure:
        raise _in_our_words(path, action, str(failure), is_of_database=isinstance(failure, DBError)) from failure
    except OSError as failure:  # such as a media folder that cannot be made
        full = failure.errno in {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}
        raise (AnkiDiskFull() if full else CannotWrite(path, failure)) from failure


def _in_our_words(path: Path, action: str, text: str, *, is_of_database: bool) -> AnkigenError:
    if "already open" in text:
        return CollectionOpen(path, _holder(path))
    if _DISK_FULL.search(text):
        return AnkiDiskFull()
    for sign, failure in _OF_DATABASE if is_of_database else ():
        if sign.search(text):
            return failure(path)
    return AnkiRefused(action, text)


def _cannot_write(path: Path, reason: int) -> CannotWrite:
    return CannotWrite(path, OSError(reason, os.strerror(reason)))


_OF_DATABASE: tuple[tuple[re.Pattern[str], Callable[[Path], AnkigenError]], ...] = (
    (re.compile("FileTooNew"), CollectionTooNew),
    (re.compile(r"DatabaseCorrupt|NotADatabase|malformed|Corrupt"), CollectionDamaged),
    (re.compile("SystemIoFailure"), lambda path: _cannot_write(path, errno.EIO)),
    (re.compile(r"readonly|read-only|CannotOpen|unable to open|Permission denied", re.IGNORECASE),
     lambda path: _cannot_write(path, errno.EACCES)),
)  # fmt: skip


def _require_collection(path: Path) -> int:
    """The version of a collection's tables.

    Look before the library does, which makes a collection where there is none, and upgrades an old one.
    """
    try:
        with path.open("rb") as file:
            head = file.read(len(_OF_SQLITE))
    except FileNotFoundError as failure:
        raise NoSuchCollection(path) from failure
    except OSError as failure:
        raise CannotWrite(path, failure) from failure
    if head != _OF_SQLITE:
        raise NotACollection(path)
    if not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK):
        raise _cannot_write(path, errno.EACCES)
    version = _schema(path)
    if version is None:
        raise NotACollection(path)
    if version < _SCHEMA:
        raise CollectionTooOld(path)
    return version


def _schema(path: Path) -> int | None:
    """The version of a collection's tables, read without a lock; none if these are no tables of Anki's."""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            row: tuple[Any] | None = connection.execute("select ver from col").fetchone()
    except sqlite3.Error:
        return None
    return row[0] if row and isinstance(row[0], int) else None


def _holder(path: Path) -> str:
    """The process that has a file locked, where the system tells; else nothing."""
    try:
        inode = str(path.stat().st_ino)
        for line in _LOCKS.read_text("ascii").splitlines():
            parts = line.split()
            if len(parts) > 5 and parts[5].rpartition(":")[2] == inode:
                name = Path("/proc", parts[4], "comm").read_text("utf-8").strip()
                return f"{name}, process {parts[4]}"
    except (OSError, ValueError):
        return ""
    return ""
