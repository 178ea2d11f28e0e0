"""Writes ids into the notes, only on request."""

from __future__ import annotations

import contextlib
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from ankigen import identity
from ankigen.api.notes import Sources, load, paths_of
from ankigen.data import Desired, Guid, Lock, Note
from ankigen.errors import CannotRead
from ankigen.source import blocks_without_id, find_files, write_ids
from ankigen.support import files
from ankigen.support.structs import Struct, replace
from ankigen.syntax.words import UUID

_UUID = re.compile(UUID)


class Stamped(Struct, frozen=True):
    """The files that got an `id::`, the number of ids, and the notes as read before."""

    files: tuple[Path, ...]
    ids: int
    desired: Desired


def stamp(source: Sources | None = None, *, decks: Sequence[str] = (), tags: Sequence[str] = ()) -> Stamped:
    """Write an `id::` into every card block that has none, of those that `load` returns; each note keeps its GUID.

    The ids are written into the lock file first: if the run is then interrupted, the text still identifies the notes.
    """
    sources = paths_of(source)
    before = dict(readable(path for source in sources for path in find_files(source)))
    desired = load(sources, decks=decks, tags=tags)
    root = desired.root
    by_file = _notes_without_id(desired.notes)
    ids = {path: _new_ids(root / path, before[root / path], notes) for path, notes in by_file.items()}
    for path, new in ids.items():
        if new:
            files.require_replaceable(root / path)
    lock_ids = {by_file[path][line].identity.guid: id for path, new in ids.items() for line, id in new.items()}
    if lock_ids:
        identity.write_lock(desired.root / identity.LOCK_NAME, _with_ids(desired.lock, lock_ids))
    written = {path: new for path, new in ids.items() if new}
    for path, new in written.items():
        write_ids(root / path, before[root / path], new)
    return Stamped(tuple(root / path for path in written), len(lock_ids), desired)


def readable(paths: Iterable[Path]) -> Iterator[tuple[Path, bytes]]:
    """The files with their content; one that cannot be read has no notes."""
    for path in paths:
        with contextlib.suppress(CannotRead):
            yield path, files.read(path)


def _notes_without_id(notes: Iterable[Note]) -> dict[str, dict[int, Note]]:
    """The notes whose block has no id, by the path of their file and then by their line."""
    by_file: dict[str, dict[int, Note]] = {}
    for note in notes:
        if note.identity.id is None:
            by_file.setdefault(note.position.path, {})[note.position.line] = note
    return by_file


def _new_ids(path: Path, data: bytes, notes: Mapping[int, Note]) -> dict[int, str]:
    """An id for each block of a file that has none in its text, by line."""
    return {line: _new_id(notes[line].identity.guid) for line in sorted(blocks_without_id(path, data, notes))}


def _new_id(guid: Guid) -> str:
    """A new id, or the GUID of a note that had an id when it was made: its old id."""
    return guid if _UUID.fullmatch(guid) else str(uuid.uuid4())


def _with_ids(lock: Lock, ids: Mapping[Guid, str]) -> Lock:
    identities = {guid: replace(known, id=ids.get(guid, known.id)) for guid, known in lock.identities.items()}
    return replace(lock, identities=identities)
