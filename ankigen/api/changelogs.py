"""Compares the notes with the lock file of a commit."""

from __future__ import annotations

from pathlib import Path

from ankigen import identity
from ankigen.data import Changelog, Desired, Lock
from ankigen.errors import GitFailed, ShallowHistory
from ankigen.identity import changes_since
from ankigen.support.git import git


def changelog(desired: Desired, since: str | None = None) -> Changelog:
    """Compare the notes with the lock file of a commit, by default of the last tag.

    A tag on the current commit counts only if the notes have changed since: else it is the tag being released.
    Without an earlier tag, or without a lock file at that commit, all notes are new.

    Raises `GitFailed` if there is no such commit, and `ShallowHistory` if tags may be missing.
    """
    since = since or _last_tag(desired)
    return changes_since(_lock_at(desired.root, since) if since else None, desired, since)


def _last_tag(desired: Desired) -> str | None:
    root = desired.root
    is_as_committed = _is_commit(root, "HEAD") and desired.lock.says_the_same_as(_lock_at(root, "HEAD"))
    described = git(root, "describe", "--tags", "--abbrev=0", "HEAD^" if is_as_committed else "HEAD")
    if described.returncode == 0:
        return described.stdout.decode().strip()
    if git(root, "rev-parse", "--is-shallow-repository").stdout.strip() == b"true":
        raise ShallowHistory
    return None


def _lock_at(root: Path, commit: str) -> Lock | None:
    if not _is_commit(root, commit):
        raise GitFailed(f"there is no commit {commit}")
    name = f"{commit}:./{identity.LOCK_NAME}"
    if git(root, "cat-file", "-e", name).returncode:
        return None
    return identity.parse_lock(Path(name), identity.lock_text(Path(name), git(root, "show", name).stdout))


def _is_commit(root: Path, name: str) -> bool:
    return git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}").returncode == 0
