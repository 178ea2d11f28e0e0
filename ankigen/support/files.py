"""Replaces and lends files so that neither a reader nor a crash meets half of one."""

from __future__ import annotations

import contextlib
import functools
import os
import re
from collections.abc import Iterator
from pathlib import Path

from ankigen.errors import CannotWrite

_DRAFT = re.compile(r"\.(?P<name>.+)\.\d+\.tmp")
_HOUR = 3600
"""No draft takes so long to write; whose is that old was killed."""


def replace(path: Path, data: bytes) -> None:
    """Put `data` at `path` by an atomic rename; after a failure the old file stands as it was.

    What was killed in the midst of this left a draft, which a later replacement of the same file clears away.
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
    """Lay `data` at `path`, for another program to read, as long as the `with` block runs."""
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
    """Delete what became of killed runs, but not what another one may be writing, perhaps on another machine."""
    with contextlib.suppress(OSError):  # the file itself is written
        for draft in _drafts(target.parent).pop(target.name, ()):
            if target.stat().st_mtime - draft.stat().st_mtime > _HOUR:
                draft.unlink()


@functools.cache
def _drafts(folder: Path) -> dict[str, list[Path]]:
    """The drafts in a folder, by the file that each is of; a run that writes many files looks once."""
    found: dict[str, list[Path]] = {}
    for path in folder.iterdir():
        if draft := _DRAFT.fullmatch(path.name):
            found.setdefault(draft["name"], []).append(path)
    return found


def _write(draft: Path, data: bytes) -> None:
    with draft.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
