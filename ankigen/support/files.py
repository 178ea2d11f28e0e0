"""Reads files, and writes them so that no reader, and no run after a crash, finds half a file.

Notes may come from strangers. Only regular files are read, never a pipe or a device, which could block forever; and a
link that leads out of its folder is never followed, neither for reading nor for writing.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import os
import re
import secrets
import stat
import sys
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from ankigen.errors import CannotRead, CannotWrite
from ankigen.support.hashing import content_hash

_DRAFT = re.compile(r"\.(?P<name>.+)\.[0-9a-f]+\.tmp")
_TOKEN_BYTES = 8
_LONGEST_NAME = 200
"""In bytes. Most disks allow 255, and a draft's name is longer than its file's: for longer names it has a digest."""
_DIGEST_DIGITS = 32
_HOUR = 3600
"""In seconds. A draft this old was left behind by a killed run."""
_AS_BYTES = getattr(os, "O_BINARY", 0)  # Windows only
_READ_AT_ONCE = os.O_RDONLY | _AS_BYTES | getattr(os, "O_NONBLOCK", 0)  # do not wait for a pipe's writer
_WRITE_NEW = os.O_WRONLY | _AS_BYTES | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
_MAY_WRITE, _OF_GROUP, _RIGHTS = 0o222, 0o070, 0o777
_UNSEEN = frozenset({"Cc", "Cf", "Zs"})
"""Categories of characters that some file systems drop from names, and some programs do not show."""
_SHORT_FOR_GIT = re.compile(r"git~\d+", re.IGNORECASE)


def read(path: Path, within: Path | None = None) -> bytes:
    """The bytes of a regular file. Raises `CannotRead`, also for a link that `inside` refuses for `within`."""
    try:
        with open_plain(path if within is None else inside(path, within)) as file:
            return file.read()
    except OSError as failure:
        raise CannotRead(path, failure) from failure


def read_text(path: Path, within: Path | None = None, *, encoding: str = "utf-8", errors: str = "strict") -> str:
    """The text of a file, with line feeds as line ends. Raises as `read` does, or `UnicodeDecodeError`."""
    text = read(path, within).decode(encoding, errors)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def open_plain(path: Path) -> BinaryIO:
    """Open a regular file for reading; an `OSError` for a folder, pipe or device, without waiting."""
    descriptor = os.open(path, _READ_AT_ONCE)
    try:
        _require_plain(os.fstat(descriptor))
        return os.fdopen(descriptor, "rb", buffering=0)
    except OSError:
        os.close(descriptor)
        raise


def is_there(path: Path) -> bool:
    """Whether anything except a folder has this name, including a broken link or an unreadable file."""
    return os.path.lexists(path) and not path.is_dir()


def leads_out(path: Path, folder: Path) -> bool:
    """Whether a path leads out of a folder, by itself or through a link; a `ValueError` for an invalid path."""
    return not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def require_inside(path: Path, folder: Path) -> None:
    """Raise an `OSError` if the path leads out of the folder."""
    if leads_out(path, folder):
        raise _refused(f"a link leads out of {folder}: put its target in its place")


def inside(path: Path, folder: Path) -> Path:
    """The real path, with all links followed.

    An `OSError` if that is outside the folder, or if a link leads to a hidden file or another suffix: to a file in the
    notes' folder that is not one of the notes.
    """
    require_inside(path, folder)
    target = Path(os.path.realpath(path))
    way = target.relative_to(os.path.realpath(folder))
    is_link = way != Path(os.path.relpath(path, folder))
    if is_link and (any(map(is_hidden, way.parts)) or target.suffix.lower() != path.suffix.lower()):
        raise _refused("a link leads to a hidden file, or one of another type: put the file itself in its place")
    return target


def is_hidden(name: str) -> bool:
    """Whether a file or folder is hidden: its name begins with a dot, perhaps after invisible characters."""
    composed = unicodedata.normalize("NFKC", name)
    seen = "".join(character for character in composed if unicodedata.category(character) not in _UNSEEN)
    return seen.startswith(".") or _SHORT_FOR_GIT.fullmatch(seen) is not None


def replace(path: Path, data: bytes) -> None:
    """Write `data` to `path` by an atomic rename. Raises `CannotWrite`, and then the old file is unchanged.

    The file keeps its mode, owner and extended attributes, as far as this user may set them. A hard link to it keeps
    the old content. A link is followed within the folder of `path`, and refused if it leaves it; a read-only file is
    refused, too. A run that is killed while writing leaves a draft, which a later one deletes.
    """
    with together() as replaced:
        replaced(path, data)


@contextlib.contextmanager
def together() -> Iterator[Callable[[Path, bytes], None]]:
    """Replace several files, each as `replace` does, when the `with` block ends: all, or none if the block fails.

    Until then each is a draft beside its file, so errors of the disk come before any file has changed.
    """
    drafts: list[tuple[Path, Path, Path]] = []

    def replaced(path: Path, data: bytes) -> None:
        with _writing(path):
            target = inside(path, path.parent)
            target.parent.mkdir(parents=True, exist_ok=True)  # a name that is too long fails only in an existing folder
            known = _replaceable(target)
            draft = target.with_name(f".{_draft_name(target.name)}.{secrets.token_hex(_TOKEN_BYTES)}.tmp")
            drafts.append((path, draft, target))
            _write(draft, data, target, known)

    try:
        yield replaced
        for path, draft, target in drafts:
            with _writing(path):
                draft.replace(target)
                _clear_old_drafts(target)
    finally:
        for _, draft, _ in drafts:
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)


@contextlib.contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as failure:
        raise CannotWrite(path, failure) from failure


def require_replaceable(path: Path) -> None:
    """Raise the `CannotWrite` that `replace` would raise now for this path."""
    with _writing(path):
        _replaceable(inside(path, path.parent))


@contextlib.contextmanager
def lent(path: Path, data: bytes) -> Iterator[Path]:
    """Write `data` to `path` for another program, and delete it after the `with` block. Raises `CannotWrite`."""
    try:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            with path.open("xb") as file:
                file.write(data)
        except OSError as failure:
            raise CannotWrite(path, failure) from failure
        yield path
    finally:
        path.unlink(missing_ok=True)


def _require_plain(known: os.stat_result) -> None:
    if stat.S_ISDIR(known.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(known.st_mode):
        raise OSError(errno.EINVAL, "it is a pipe or a device, not a file")


def _refused(why: str) -> OSError:
    return PermissionError(errno.EPERM, why)


def _replaceable(target: Path) -> os.stat_result | None:
    """The status of the file to replace, if there is one; an `OSError` if it must not be replaced."""
    try:
        known = target.lstat()
    except FileNotFoundError:
        return None
    _require_plain(known)
    if not (known.st_mode & _MAY_WRITE and os.access(target, os.W_OK)):
        raise _refused("it is read-only: make it writable first")
    return known


def _draft_name(name: str) -> str:
    encoded = os.fsencode(name)
    return name if len(encoded) <= _LONGEST_NAME else content_hash(encoded, _DIGEST_DIGITS)


def _write(draft: Path, data: bytes, target: Path, known: os.stat_result | None) -> None:
    """Write a new file; nobody else may read it until it has the permissions of the file that it replaces."""
    with os.fdopen(os.open(draft, _WRITE_NEW, 0o600 if known else 0o666), "wb") as file:
        file.write(data)
        file.flush()
        if known and sys.platform != "win32":
            _keep_rights(file.fileno(), target, known)
        os.fsync(file.fileno())


def _keep_rights(descriptor: int, target: Path, known: os.stat_result) -> None:
    """Give a file the owner, group, mode and attributes of the one that it will replace.

    Whatever the system does not allow is skipped; if that is the group, the group's permissions are removed, too.
    """
    for user in (known.st_uid, -1):
        with contextlib.suppress(OSError):
            os.fchown(descriptor, user, known.st_gid)
            break
    is_of_group = os.fstat(descriptor).st_gid == known.st_gid
    with contextlib.suppress(OSError):
        os.fchmod(descriptor, known.st_mode & (_RIGHTS if is_of_group else _RIGHTS & ~_OF_GROUP))
    if sys.platform == "linux" and is_of_group:
        for name in _attributes(target):
            with contextlib.suppress(OSError):
                os.setxattr(descriptor, name, os.getxattr(target, name))


def _attributes(target: Path) -> list[str]:
    """The names of a file's extended attributes; none if the file system does not support them."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            return os.listxattr(target)
    return []


def _clear_old_drafts(target: Path) -> None:
    """Delete the drafts of killed runs, but not those that another run may be writing, perhaps on another machine."""
    with contextlib.suppress(OSError):  # the file itself is already written
        for draft in _drafts(target.parent).pop(_draft_name(target.name), ()):
            if target.stat().st_mtime - draft.lstat().st_mtime > _HOUR:
                draft.unlink()


@functools.cache
def _drafts(folder: Path) -> dict[str, list[Path]]:
    """The drafts in a folder, by file name; cached for runs that write many files."""
    drafts: dict[str, list[Path]] = {}
    for path in folder.iterdir():
        if match := _DRAFT.fullmatch(path.name):
            drafts.setdefault(match["name"], []).append(path)
    return drafts
