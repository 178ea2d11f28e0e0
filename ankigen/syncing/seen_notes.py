"""The notes that a collection has had: those of them that it lacks now, the reader deleted in Anki.

They are kept as a file of GUIDs outside the notes, one for each collection and each set of notes.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ankigen.data import Guid, SourceId
from ankigen.errors import CannotRead
from ankigen.support import files
from ankigen.support.hashing import digest


def recall_seen(folder: Path, collection: str, source_id: SourceId) -> frozenset[Guid]:
    """Return the notes that a collection has had of a set of notes; none if it never had any.

    Raises `CannotRead` if the file is there and cannot be read.
    """
    path = _seen_file(folder, collection, source_id)
    try:
        return frozenset(map(Guid, path.read_text("utf-8").splitlines()))
    except FileNotFoundError:
        return frozenset()
    except (OSError, UnicodeDecodeError) as failure:
        raise CannotRead(path, failure) from failure


def record_seen(folder: Path, collection: str, source_id: SourceId, guids: Iterable[Guid]) -> None:
    """Replace what is known of a collection, by an atomic rename. Raises `CannotWrite` if that fails."""
    lines = "".join(f"{guid}\n" for guid in sorted(guids))
    files.replace(_seen_file(folder, collection, source_id), lines.encode())


def _seen_file(folder: Path, collection: str, source_id: SourceId) -> Path:
    return folder / f"{digest(collection, source_id, length=16)}.txt"
