"""What stands in a file's place as long as the file is elsewhere: names that services give it, and pointers."""

from __future__ import annotations

from collections.abc import Iterator

LFS_POINTER = b"version https://git-lfs.github.com/spec/"
"""How a file begins that Git LFS has put in place of one that was not fetched."""

_ICLOUD = ".icloud"
_ENDINGS = (
    *(".nextcloud", ".owncloud", ".opencloud", ".rsls", ".rslsv", ".cloud"),
    *(".!sync", ".part", ".filepart", ".partial", ".crdownload", ".download"),
)
"""What services and programs put behind a file's name as long as the file, or a part of it, is elsewhere."""
PLACEHOLDERS = (_ICLOUD, *_ENDINGS)


def placeholders(name: str) -> Iterator[str]:
    """The names that may stand for a file of this name; iCloud hides its own by a dot."""
    yield f".{name}{_ICLOUD}"
    yield from (name + ending for ending in _ENDINGS)


def stood_for(placeholder: str) -> str:
    """The name of the file that a placeholder stands for."""
    return placeholder.rpartition(".")[0].removeprefix("." if placeholder.endswith(_ICLOUD) else "")
