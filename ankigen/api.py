"""What does one command do? Each is one call that a script can make as well."""

from __future__ import annotations

import os
import re
import subprocess
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

from ankigen import files, identity, package, report
from ankigen import load as load_notes
from ankigen import stamp as stamps
from ankigen.data import Desired, Guid, Identity, Lock, Note
from ankigen.errors import NoCards, StaleLock

_GIT_KNOWS_NO_SUCH_FILE = 1
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NOT_IN_FILE_NAMES = re.compile(r'[<>:"/\\|?*\s]+')


@dataclass(frozen=True, slots=True)
class Built:
    """The packages that a build wrote, and the lock file if it is new or changed.

    Whoever imports the packages will not receive that a note's kind changed, or that it was removed.
    """

    packages: tuple[Path, ...]
    lock: Path | None
    changed_kind: tuple[Note, ...]
    removed: tuple[Identity, ...]


def load(source: Path) -> Desired:
    """Read the notes of a folder or file; what is new or changed is dated by the clock, or by SOURCE_DATE_EPOCH."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    return load_notes.load(source, int(epoch) * 1000 if epoch else time.time_ns() // 1_000_000)


class LockFault(Enum):
    """Why notes that are built here may double those that are built elsewhere."""

    MISSING = "missing"
    UNTRACKED = "untracked"


def lock_fault(desired: Desired) -> LockFault | None:
    """Under CI, whose machines forget all that is not committed: is the lock file missing, or unknown to git?"""
    if not os.environ.get("CI"):
        return None
    if desired.stored_lock is None:
        return LockFault.MISSING
    command = ["git", "ls-files", "--error-unmatch", "--", identity.LOCK_NAME]
    try:
        code = subprocess.run(command, cwd=desired.root, capture_output=True, check=False).returncode  # noqa: S603
    except OSError:
        return None
    return LockFault.UNTRACKED if code == _GIT_KNOWS_NO_SUCH_FILE else None


def build(desired: Desired, output: Path, *, is_locked: bool = False, removed: Path | None = None) -> Built:
    """Write the lock file if it changed, and the package: one file, or in a folder one for each top deck.

    With `is_locked` a lock file that would change is refused. The file `removed` gets a search that finds in Anki all
    notes that have no card block now.
    """
    if not desired.notes:
        raise NoCards(desired.root / desired.selection)
    lock = _write_lock(desired, is_locked=is_locked)
    packages = _by_package(desired.notes, output)
    for path, notes in packages.items():
        shown = {name for note in notes for name in note.media}
        package.write_package(notes, (file for file in desired.media if file.name in shown), path)
    if removed:
        gone = (one.guid for one in desired.lock.identities.values() if one.removed is not None)
        files.replace(removed, f"{report.search_for(sorted(gone))}\n".encode())
    return Built(tuple(packages), lock, tuple(_with_changed_kind(desired)), tuple(_removed_now(desired)))


def _with_changed_kind(desired: Desired) -> Iterator[Note]:
    before = desired.stored_lock.identities if desired.stored_lock else {}
    for note in desired.notes:
        known = before.get(note.identity.guid)
        if known and known.kind is not note.identity.kind:
            yield note


def _removed_now(desired: Desired) -> Iterator[Identity]:
    before = desired.stored_lock.identities if desired.stored_lock else {}
    for guid, known in before.items():
        if known.removed is None and desired.lock.identities[guid].removed is not None:
            yield known


@dataclass(frozen=True, slots=True)
class Stamped:
    """The files that got an `id::`, and how many they got in all."""

    files: tuple[Path, ...]
    ids: int


def stamp(source: Path) -> Stamped:
    """Write an `id::` into every card block below `source` that has none; each note keeps its GUID.

    The lock file learns the ids first: cut off in between, it still knows the notes by their words.
    """
    root, paths = load_notes.find_files(source) if source.exists() else (source, [])
    before = {path.relative_to(root).as_posix(): stamps.read(path) for path in paths}
    desired = load(source)
    bare = [note for note in desired.notes if note.identity.id is None]
    by_file: dict[str, dict[int, Note]] = {}
    for note in bare:
        by_file.setdefault(note.position.path, {})[note.position.line] = note
    ids = {path: _new_ids(before[path], notes) for path, notes in by_file.items()}
    lock_ids = {by_file[path][line].identity.guid: id for path, found in ids.items() for line, id in found.items()}
    if lock_ids:
        identity.write_lock(desired.root / identity.LOCK_NAME, _with_ids(desired.lock, lock_ids))
    written = {path: found for path, found in ids.items() if found}
    for path, found in written.items():
        stamps.write(root / path, before[path], found)
    return Stamped(tuple(root / path for path in written), len(lock_ids))


def _new_ids(data: bytes, notes: Mapping[int, Note]) -> dict[int, str]:
    return {line: _new_id(notes[line].identity.guid) for line in sorted(stamps.without_id(data, notes))}


def _new_id(guid: Guid) -> str:
    """A note that had an id when it was made has it as its GUID, and gets it back."""
    return guid if _UUID.fullmatch(guid) else str(uuid.uuid4())


def _with_ids(lock: Lock, ids: Mapping[Guid, str]) -> Lock:
    known = {guid: replace(one, id=ids.get(guid, one.id)) for guid, one in lock.identities.items()}
    return Lock(lock.source_id, known)


def _write_lock(desired: Desired, *, is_locked: bool) -> Path | None:
    path = desired.root / identity.LOCK_NAME
    if desired.lock == desired.stored_lock:
        return None
    if is_locked:
        raise StaleLock(path)
    identity.write_lock(path, desired.lock)
    return path


def _by_package(notes: Iterable[Note], output: Path) -> dict[Path, list[Note]]:
    packages: dict[Path, list[Note]] = {}
    for note in notes:
        packages.setdefault(_package_path(note.deck, output), []).append(note)
    return packages


def _package_path(deck: str, output: Path) -> Path:
    if output.suffix == ".apkg":
        return output
    return output / (_NOT_IN_FILE_NAMES.sub("-", deck.partition("::")[0]) + ".apkg")
