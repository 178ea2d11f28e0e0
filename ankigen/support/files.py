"""Reads files, and writes them so that no reader, and no run after a crash, meets half of one."""

from __future__ import annotations

import contextlib
import functools
import os
import re
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

from ankigen.errors import CannotRead, CannotWrite, LeadsOutside
from ankigen.support.hashing import content_hash

_DRAFT = re.compile(r"\.(?P<stem>.+)\.[0-9a-f]{16}\.tmp")
_LONGEST_STEM = 200
"""In bytes: a draft's name is longer than that of its file, and most systems allow 255."""
_HOUR = 3600
"""In seconds. A draft this old was left by a run that was killed."""


def read(path: Path) -> bytes:
    """The bytes of a file; a `CannotRead` if it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as failure:
        raise CannotRead(path, failure) from failure


def require_inside(path: Path, root: Path) -> None:
    """A `LeadsOutside` if the path leads out of the root by a link, or to what is no file, such as a pipe."""
    try:
        is_inside = path.resolve().is_relative_to(root.resolve())
        if is_inside and (path.is_file() or path.is_dir() or not path.exists()):
            return
    except (OSError, RuntimeError, ValueError) as failure:
        raise LeadsOutside(path) from failure
    raise LeadsOutside(path)


def replace(path: Path, data: bytes) -> None:
    """Put `data` at `path` by an atomic rename; after a failure, a `CannotWrite`, the old file is as it was.

    A file that was there keeps its mode and owner. Nobody can know the name of the draft, and none is opened that is
    there already, so that no link can lead the data elsewhere.
    A run that is killed meanwhile leaves a draft, which a later replacement of the same file deletes.
    """
    target = path.resolve()
    draft = target.with_name(f".{_draft_stem(target.name)}.{secrets.token_hex(8)}.tmp")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            _write(draft, data, _stat(target))
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
        for draft in _drafts(target.parent).pop(_draft_stem(target.name), ()):
            if target.stat().st_mtime - draft.stat().st_mtime > _HOUR:
                draft.unlink()


@functools.cache
def _drafts(folder: Path) -> dict[str, list[Path]]:
    """The drafts in a folder, by `_draft_stem` of the file; listed once for a run that writes many files."""
    drafts: dict[str, list[Path]] = {}
    for path in folder.iterdir():
        if match := _DRAFT.fullmatch(path.name):
            drafts.setdefault(match["stem"], []).append(path)
    return drafts


def _draft_stem(name: str) -> str:
    """What a draft of the file of that name is called after."""
    return name if len(os.fsencode(name)) <= _LONGEST_STEM else content_hash(os.fsencode(name), 40)


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _write(draft: Path, data: bytes, old: os.stat_result | None) -> None:
    """Write a file that is not there yet, not even as a link, with the mode and owner of the one that it replaces."""
    with draft.open("xb") as file:
        if old is not None:
            if hasattr(os, "chown") and (old.st_uid, old.st_gid) != (os.geteuid(), os.getegid()):
                with contextlib.suppress(PermissionError):  # only root may give a file away
                    os.chown(draft, old.st_uid, old.st_gid)
            draft.chmod(stat.S_IMODE(old.st_mode))
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
