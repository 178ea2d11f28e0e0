"""Placeholders for files that are not on this machine for now: names that services use, and LFS pointers."""

from __future__ import annotations

from collections.abc import Iterator

LFS_POINTER = b"version https://git-lfs.github.com/spec/"
"""The first bytes of a Git LFS pointer, in place of a file that was not fetched."""

_ICLOUD = ".icloud"
_ENDINGS = (
    *(".nextcloud", ".owncloud", ".opencloud", ".rsls", ".rslsv", ".cloud"),
    *(".!sync", ".part", ".filepart", ".partial", ".crdownload", ".download"),
)
"""The suffixes that services and programs add to the name of an absent or partial file."""
PLACEHOLDERS = (_ICLOUD, *_ENDINGS)


def placeholders(name: str) -> Iterator[str]:
    """The names of possible placeholders for a file; iCloud hides its own with a dot."""
    yield f".{name}{_ICLOUD}"
    yield from (name + ending for ending in _ENDINGS)


def stood_for(placeholder: str) -> str:
    """The name of the file that a placeholder replaces."""
    return placeholder.rpartition(".")[0].removeprefix("." if placeholder.endswith(_ICLOUD) else "")
