"""Checks that the lock file is in place, and finds how to restore a lost one."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from pathlib import Path

from ankigen import identity
from ankigen.data import Desired
from ankigen.errors import GitFailed, LockMissing, LockUntracked, SetsBelow
from ankigen.support.git import git

_GIT_KNOWS_NO_SUCH_FILE = 1


def require_lock(desired: Desired, *, is_first: bool = False) -> None:
    """Raise what a missing lock file must stop, unless this build `is_first`.

    `SetsBelow` if a new one would take the notes of folders with their own. `LockMissing` or `LockUntracked` in CI,
    where only what is committed lasts: notes made there may duplicate those made elsewhere.
    """
    if not is_first and desired.stored_lock is None and desired.sets_below:
        raise SetsBelow(desired.root, desired.sets_below)
    if is_first or not os.environ.get("CI"):
        return
    path = desired.root / identity.LOCK_NAME
    if desired.stored_lock is None:
        raise LockMissing(path, lost_lock(desired), is_shallow=_is_shallow(desired.root))
    if _is_untracked(desired.root):
        raise LockUntracked(path)


def lost_lock(desired: Desired) -> str | None:
    """The command that restores the lock file, if it is missing and git has it; only the user runs it."""
    if desired.stored_lock is not None:
        return None
    try:
        return next(_restoring(desired.root), None)
    except GitFailed:
        return None


def _is_untracked(root: Path) -> bool:
    try:
        code = git(root, "ls-files", "--error-unmatch", "--", identity.LOCK_NAME).returncode
    except GitFailed:
        return False
    return code == _GIT_KNOWS_NO_SUCH_FILE


def _is_shallow(root: Path) -> bool:
    try:
        return git(root, "rev-parse", "--is-shallow-repository").stdout.strip() == b"true"
    except GitFailed:
        return False


def _restoring(root: Path) -> Iterator[str]:
    """Commands that restore the lock file of these notes or of a parent folder, the best one first.

    It is in the index if it was only deleted; else in the last commit, or in the one before it was removed.
    """
    found = git(root, "rev-parse", "--show-toplevel", "--show-prefix")
    top, _, prefix = os.fsdecode(found.stdout).removesuffix("\n").partition("\n")
    if found.returncode or not top:
        return
    above = [part for part in prefix.split("/") if part]
    folders = ["/".join(above[:count]) for count in range(len(above), -1, -1)]
    paths = {f"{folder}/{identity.LOCK_NAME}".removeprefix("/"): folder for folder in folders}
    literal = [f":(top,literal){path}" for path in paths]
    listed = git(root, "ls-files", "-z", "--full-name", "--", *literal).stdout
    yield from _commands(top, paths, listed, "")
    yield from _commands(top, paths, _tree(root, "HEAD", paths), "HEAD")
    last = git(root, "rev-list", "-1", "--abbrev-commit", "HEAD", "--", *literal).stdout.decode("ascii").strip()
    if last:
        yield from _commands(top, paths, _tree(root, f"{last}~1", paths), f"{last}~1")


def _tree(root: Path, commit: str, paths: dict[str, str]) -> bytes:
    return git(root, "ls-tree", "-z", "--full-tree", "--name-only", commit, "--", *paths).stdout


def _commands(top: str, paths: dict[str, str], listed: bytes, commit: str) -> Iterator[str]:
    """A command for each of the paths that are in a list of git's; the nearest to the notes comes first."""
    there = {os.fsdecode(path) for path in listed.split(b"\0")}
    for path, folder in paths.items():
        if path in there:
            where = Path(top, folder)
            current = Path.cwd()
            near = where.relative_to(current) if where.is_relative_to(current) else where
            inside = [] if near == Path() else ["-C", str(near)]
            source = [f"--source={commit}"] if commit else []
            yield shlex.join(["git", *inside, "restore", *source, "--", identity.LOCK_NAME])
