"""What does one command do? Each is one call that a script can make as well."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ankigen import config, identity, package
from ankigen.data import Desired, Note
from ankigen.errors import NoCards, StaleLock
from ankigen.load import load as load_at

_NOT_IN_FILE_NAMES = re.compile(r'[<>:"/\\|?*\s]+')


@dataclass(frozen=True, slots=True)
class Built:
    """The packages that a build wrote, and the lock file if it is new or changed."""

    packages: tuple[Path, ...]
    lock: Path | None


def load(source: Path | None = None) -> Desired:
    """Read the notes of a folder or file; what is new or changed is dated by the clock, or by SOURCE_DATE_EPOCH.

    Without a source the config of the current folder names it, or else the folder itself is meant.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    return load_at(
        source or config.read(Path()).source or Path(), int(epoch) * 1000 if epoch else time.time_ns() // 1_000_000
    )


def build(desired: Desired, output: Path | None = None, *, is_locked: bool = False) -> Built:
    """Write the lock file if it changed, and the package: one file, or in a folder one for each top deck.

    Without an output the config of the notes names it, or else the current folder is meant. With `is_locked` a lock
    file that would change is refused.
    """
    if not desired.notes:
        raise NoCards(desired.root / desired.selection)
    lock = _write_lock(desired, is_locked=is_locked)
    packages = _by_package(desired.notes, output or config.read(desired.root).output or Path())
    for path, notes in packages.items():
        shown = {name for note in notes for name in note.media}
        package.write_package(notes, (file for file in desired.media if file.name in shown), path)
    return Built(tuple(packages), lock)


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
