"""The cache with types: pages and the lock instead of bytes."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TypeVar

from ankigen import identity
from ankigen.config import Config
from ankigen.data import Lock
from ankigen.source.cache.entries import CachedPage
from ankigen.source.cache.store import Store
from ankigen.source.walk import Walk
from ankigen.support import folders, structs

Value = TypeVar("Value")


class Cache(AbstractContextManager["Cache"]):
    """The cached results for these notes, with these settings and this ankigen."""

    def __init__(self, walk: Walk, settings: Config) -> None:
        self._store = Store(folders.cache() / "notes", walk, settings)

    def __exit__(self, *_: object) -> None:
        self._store.close()

    def key(self, path: str, content: bytes) -> str:
        """A digest of a file's path, its content and all else that its result depends on."""
        return self._store.key(path, content)

    def take_page(self, path: str, key: str) -> CachedPage | None:
        """The result for a file under this key, or `None`; it can be taken only once."""
        return _whole(CachedPage, self._store.take(path, key))

    def lock(self, path: Path) -> Lock | None:
        """The lock, or `None` if there is no lock file; it is parsed only if it has changed."""
        text = identity.read_lock_text(path)
        if text is None:
            return None
        key = self._store.key(identity.LOCK_NAME, text.encode())
        if kept := _whole(Lock, self._store.take(identity.LOCK_NAME, key)):
            return kept
        lock = identity.parse_lock(path, text)
        self._store.keep([(identity.LOCK_NAME, key, structs.to_bytes(lock))])
        return lock

    def keep(self, pages: Iterable[tuple[str, str, CachedPage]], paths: Iterable[str]) -> None:
        """Store these pages, each with its path and key; drop files that are not in `paths`."""
        self._store.keep((path, key, structs.to_bytes(page)) for path, key, page in pages)
        self._store.forget_all_but({identity.LOCK_NAME, *paths})


def _whole(type_: type[Value], data: bytes | None) -> Value | None:
    """The stored value, or `None` if the bytes are not of this type, although their checksum is right."""
    try:
        return structs.from_bytes(type_, data) if data else None
    except ValueError:
        return None
