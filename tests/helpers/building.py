"""Notes on disk and packages from them, made the way a user does."""

from __future__ import annotations

from pathlib import Path

from ankigen import api
from ankigen.data import Desired, SourceId
from ankigen.identity import LOCK_NAME, new_lock, write_lock
from ankigen.source import load

NOON = 1_790_000_000_000
"""A moment in milliseconds, for tests that look at times."""


NAME = SourceId("0123456789ab")


def named(folder: Path) -> Path:
    """Give the notes of a folder an empty lock file, so that they have one name however often they are read."""
    write_lock(folder / LOCK_NAME, new_lock(NAME))
    return folder


def write(folder: Path, **pages: str) -> Path:
    """Write pages into the folder, `name="text"` as `name.md`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages.items():
        (folder / f"{name}.md").write_text(text, "utf-8")
    return folder


def build(source: Path, package: Path, now: int = NOON) -> Desired:
    """Build one package from the notes at a moment, the lock file included."""
    desired = load(source, now)
    api.build(desired, package)
    return desired
