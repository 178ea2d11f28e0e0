"""The notes that a collection has had: the user deleted those that it now lacks.

They are stored in a file outside the notes, one for each collection and set of notes: a line for each note with its
GUID and, after a tab, the folder that it was last in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote, unquote

from ankigen.data import Guid, SourceId
from ankigen.errors import CannotRead
from ankigen.support import files
from ankigen.support.hashing import digest


def recall_seen(folder: Path, collection: str, source_id: SourceId) -> frozenset[Guid]:
    """Return the notes of a set that a collection has had.

    Raises `CannotRead` if the file exists and cannot be read.
    """
    return frozenset(recall_folders(folder, collection, source_id))


def recall_folders(folder: Path, collection: str, source_id: SourceId) -> dict[Guid, str]:
    """Return the notes that a collection has had, each with its folder, or an empty one if unknown.

    Raises `CannotRead` like `recall_seen`.
    """
    path = _seen_file(folder, collection, source_id)
    try:
        lines = (line.partition("\t") for line in path.read_text("utf-8").split("\n") if line)
        return {Guid(guid): unquote(name) for guid, _, name in lines}
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as failure:
        raise CannotRead(path, failure) from failure


def record_seen(
    folder: Path,
    collection: str,
    source_id: SourceId,
    guids: Iterable[Guid],
    folders: Mapping[Guid, str] = MappingProxyType({}),
) -> None:
    """Replace the record of a collection, by an atomic rename. Raises `CannotWrite` if that fails."""
    lines = "".join(
        f"{guid}\t{quote(name)}\n" if (name := folders.get(guid)) else f"{guid}\n" for guid in sorted(guids)
    )
    files.replace(_seen_file(folder, collection, source_id), lines.encode())


def record_first_schedule(folder: Path, collection: str, source_id: SourceId) -> bool:
    """Remember that a collection got schedules of a set of notes, and return whether this is the first time.

    Raises `CannotWrite` if it cannot be remembered.
    """
    path = folder / f"{digest(collection, source_id, length=16)}.scheduled"
    if path.exists():
        return False
    files.replace(path, b"")
    return True


def _seen_file(folder: Path, collection: str, source_id: SourceId) -> Path:
    return folder / f"{digest(collection, source_id, length=16)}.txt"
