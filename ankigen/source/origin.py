"""Names a new set of notes by its repository, so that every clone gives it the same name."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from ankigen.data import SourceId
from ankigen.errors import GitFailed
from ankigen.support.git import git
from ankigen.support.hashing import digest

_DIGITS = 12


def source_id_of(root: Path) -> SourceId | None:
    """The name of the notes below `root`, from the first commit and their place in the repository.

    There is none if a clone could not find it: without git or a commit, in a shallow clone, or in a folder that git
    ignores.
    """
    try:
        place = _place(root)
        first = None if place is None else _first_commit(root)
    except GitFailed:
        return None
    return SourceId(digest("ankigen source", first, place, length=_DIGITS)) if first and place is not None else None


def _place(root: Path) -> str | None:
    """The path of the notes in their repository; empty for its top, `None` without one or if ignored."""
    found = git(root, "rev-parse", "--is-shallow-repository", "--show-prefix")
    is_shallow, _, prefix = found.stdout.decode(errors="backslashreplace").partition("\n")
    if found.returncode or is_shallow.strip() != "false":
        return None
    place = prefix.removesuffix("\n")
    if place and git(root, "check-ignore", "--quiet", "--", ".").returncode == 0:
        return None
    return unicodedata.normalize("NFC", place)


def _first_commit(root: Path) -> str | None:
    """The first commit of the first-parent history; a history merged in later has its own."""
    found = git(root, "rev-list", "--first-parent", "--max-parents=0", "HEAD")
    return found.stdout.decode("ascii").strip() or None if found.returncode == 0 else None
