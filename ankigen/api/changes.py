"""What is new in the decks since a commit? The lock file of that commit tells."""

from __future__ import annotations

import subprocess
from pathlib import Path

from ankigen import identity
from ankigen.changes import changes
from ankigen.data import Changelog, Desired, Lock
from ankigen.errors import GitFailed, ShallowHistory


def changelog(desired: Desired, since: str | None = None) -> Changelog:
    """Compare the notes with the lock file of a commit, by default of the last tag before this commit.

    Without an earlier tag, or without a lock file at that commit, all notes are new.
    """
    since = since or _last_tag(desired.root)
    return changes(_lock_at(desired.root, since) if since else None, desired, since)


def _last_tag(root: Path) -> str | None:
    """The nearest tag below the current commit: a tag on the commit itself names what is being released."""
    found = _git(root, "describe", "--tags", "--abbrev=0", "HEAD^")
    if found.returncode == 0:
        return found.stdout.decode().strip()
    if _git(root, "rev-parse", "--is-shallow-repository").stdout.strip() == b"true":
        raise ShallowHistory
    return None


def _lock_at(root: Path, commit: str) -> Lock | None:
    if _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{commit}^{{commit}}").returncode:
        raise GitFailed(f"there is no commit {commit}")
    name = f"{commit}:./{identity.LOCK_NAME}"
    if _git(root, "cat-file", "-e", name).returncode:
        return None
    return identity.parse_lock(Path(name), _git(root, "show", name).stdout.decode())


def _git(root: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(["git", *arguments], cwd=root, capture_output=True, check=False)  # noqa: S603, S607
    except OSError as failure:
        raise GitFailed(f"{failure.strerror or failure}") from failure
