"""Compares the notes with the lock file of a commit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from ankigen import identity
from ankigen.api.notes import Sources, paths_of
from ankigen.data import Changelog, Desired, Lock
from ankigen.errors import GitFailed, SeveralSets, ShallowHistory
from ankigen.identity import changes_since
from ankigen.source import root_of
from ankigen.support.git import git


def courses(source: Sources | None = None) -> list[list[Path]]:
    """The folders and files by the course that they belong to: the notes that have one lock file."""
    found: dict[Path, list[Path]] = {}
    for path in paths_of(source):
        found.setdefault(root_of([path]), []).append(path)
    try:
        root_of(path for paths in found.values() for path in paths)
    except SeveralSets:
        return list(found.values())
    return [[path for paths in found.values() for path in paths]]


def course_changelogs(courses: Iterable[Desired], since: str | None = None) -> Mapping[str, Changelog]:
    """What `changelog` says of each of several courses, by the paths of their folders in the repository."""
    return {_name_of(desired.root): changelog(desired, since) for desired in courses}


def _name_of(root: Path) -> str:
    return git(root, "rev-parse", "--show-prefix").stdout.decode(errors="replace").strip().rstrip("/") or root.name


def changelog(desired: Desired, since: str | None = None) -> Changelog:
    """Compare the notes with the lock file of a commit, by default of the last tag.

    A tag on the current commit counts only if the notes have changed since: else it is the tag being released.
    Without an earlier tag, or without a lock file at that commit, all notes are new; if no commit was named, this is
    their first release.

    Raises `GitFailed` if there is no such commit, and `ShallowHistory` if tags may be missing.
    """
    if since:
        return changes_since(_lock_at(desired.root, since), desired, since)
    tag = _last_tag(desired)
    earlier = _lock_at(desired.root, tag) if tag else None
    return changes_since(earlier, desired, tag if earlier else None)


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
