"""The cache as the stages see it: pages and the lock, in place of bytes."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path

from ankigen import identity
from ankigen.config import Config
from ankigen.data import Lock
from ankigen.source.cache.entries import CachedPage
from ankigen.source.cache.store import Store
from ankigen.source.walk import Walk
from ankigen.support import folders, structs


class Cache(AbstractContextManager["Cache"]):
    """What was made of these notes, under these settings, by this ankigen."""

    def __init__(self, walked: Walk, settings: Config) -> None:
        self._store = Store(folders.cache() / "notes", walked, settings)

    def __exit__(self, *_: object) -> None:
        self._store.close()

    def key(self, shown: str, content: bytes) -> str:
        """Names all that is made of a file of this place and content."""
        return self._store.key(shown, content)

    def take_page(self, shown: str, key: str) -> CachedPage | None:
        """What was made of a file under this key; it is given away once."""
        kept = self._store.take(shown, key)
        return structs.from_bytes(CachedPage, kept) if kept else None

    def lock(self, path: Path) -> Lock | None:
        """What the lock file says, or nothing where there is none; parsed only if it is not as it was."""
        text = identity.read_lock_text(path)
        if text is None:
            return None
        key = self._store.key(identity.LOCK_NAME, text.encode())
        if kept := self._store.take(identity.LOCK_NAME, key):
            return structs.from_bytes(Lock, kept)
        lock = identity.parse_lock(path, text)
        self._store.keep([(identity.LOCK_NAME, key, structs.to_bytes(lock))])
        return lock

    def keep(self, pages: Iterable[tuple[str, str, CachedPage]], shown: Iterable[str]) -> None:
        """Keep what was made, by place and key; of files that are not among those `shown` now nothing stays."""
        self._store.keep((place, key, structs.to_bytes(page)) for place, key, page in pages)
        self._store.forget_all_but({identity.LOCK_NAME, *shown})
