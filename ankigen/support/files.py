"""Reads files, and writes them so that no reader, and no run after a crash, meets half of one."""

from __future__ import annotations

import contextlib
import functools
import os
import re
from collections.abc import Iterator
from pathlib import Path

from ankigen.errors import CannotRead, CannotWrite

_DRAFT = re.compile(r"\.(?P<name>.+)\.\d+\.tmp")
_HOUR = 3600
"""In seconds. A draft this old was left by a run that was killed."""


def read(path: Path) -> bytes:
    """The bytes of a file; a `CannotRead` if it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as failure:
        raise CannotRead(path, failure) from failure


def replace(path: Path, data: bytes) -> None:
    """Put `data` at `path` by an atomic rename; after a failure, a `CannotWrite`, the old file is as it was.

    A run that is killed meanwhile leaves a draft, which a later replacement of the same file deletes.
    """
    target = path.resolve()
    draft = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            _write(draft, data)
            draft.replace(target)
            _clear_old_drafts(target)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as failure:
        raise CannotWrite(path, failure) from failure


@contextlib.contextmanager
def lent(path: Path, data: bytes) -> Iterator[Path]:
    """Put `data` at `path`, for another program to read, and delete it after the `with` block; else a `CannotWrite`."""
    try:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                file.write(data)
        except OSError as failure:
            raise CannotWrite(path, failure) from failure
        yield path
    finally:
        path.unlink(missing_ok=True)


def _clear_old_drafts(target: Path) -> None:
    """Delete the drafts of killed runs, but none that another run may be writing, perhaps on another machine."""
    with contextlib.suppress(OSError):  # the file itself is written
        for draft in _drafts(target.parent).pop(target.name, ()):
            if target.stat().st_mtime - draft.stat().st_mtime > _HOUR:
                draft.unlink()


@functools.cache
def _drafts(folder: Path) -> dict[str, list[Path]]:
    """The drafts in a folder, by the name of the file; listed once for a run that writes many files."""
    drafts: dict[str, list[Path]] = {}
    for path in folder.iterdir():
        if match := _DRAFT.fullmatch(path.name):
            drafts.setdefault(match["name"], []).append(path)
    return drafts


def _write(draft: Path, data: bytes) -> None:
    with draft.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
