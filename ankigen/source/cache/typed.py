"""The cache with types: pages and the lock instead of bytes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
from ankigen.support.structs import Struct

Value = TypeVar("Value")


class KeptPage(Struct, frozen=True):
    """What was made of a file, and whether it was made now."""

    path: str
    key: str
    page: CachedPage
    is_new: bool


class Remembered:
    """What this process took from the cache, or put into it, the last time: no file has to be asked for it."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[str, CachedPage]] = {}
        """Pages by their paths, each behind its key."""
        self.lock: tuple[str, Lock] | None = None
        """The text of the lock file, and what it says."""


class Cache(AbstractContextManager["Cache"]):
    """The cached results for these notes, with these settings and this ankigen."""

    def __init__(self, walk: Walk, settings: Config, remembered: Remembered | None = None) -> None:
        self._store = Store(folders.cache() / "notes", walk, settings)
        self._remembered = remembered or Remembered()
        self._is_at_hand = bool(self._remembered.pages)

    def __exit__(self, *_: object) -> None:
        self._store.close()

    def key(self, path: str, content: bytes) -> str:
        """A digest of a file's path, its content and all else that its result depends on."""
        return self._store.key(path, content)

    def take_page(self, path: str, key: str) -> CachedPage | None:
        """The result for a file under this key, or `None`; it can be taken only once.

        A process that remembers pages stored them itself: the cache has nothing else.
        """
        if self._is_at_hand:
            known, page = self._remembered.pages.get(path, ("", None))
            return page if known == key else None
        return _whole(CachedPage, self._store.take(path, key))

    def lock(self, path: Path) -> Lock | None:
        """The lock, or `None` if there is no lock file; it is parsed only if it has changed."""
        text = identity.read_lock_text(path)
        if text is None:
            return None
        if self._remembered.lock and self._remembered.lock[0] == text:
            return self._remembered.lock[1]
        lock = self._lock(path, text)
        self._remembered.lock = text, lock
        return lock

    def _lock(self, path: Path, text: str) -> Lock:
        key = self._store.key(identity.LOCK_NAME, text.encode())
        if kept := _whole(Lock, self._store.take(identity.LOCK_NAME, key)):
            return kept
        lock = identity.parse_lock(path, text)
        self._store.keep([(identity.LOCK_NAME, key, structs.to_bytes(lock))])
        return lock

    def keep(self, pages: Sequence[KeptPage], paths: Iterable[str]) -> None:
        """Store these pages; drop files that are not in `paths`."""
        self._store.keep((page.path, page.key, structs.to_bytes(page.page)) for page in pages if page.is_new)
        self._store.forget_all_but({identity.LOCK_NAME, *paths})
        self._remembered.pages = {page.path: (page.key, page.page) for page in pages}


def _whole(type_: type[Value], data: bytes | None) -> Value | None:
    """The stored value, or `None` if the bytes are not of this type, although their checksum is right."""
    try:
        return structs.from_bytes(type_, data) if data else None
    except ValueError:
        return None
