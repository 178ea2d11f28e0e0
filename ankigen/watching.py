"""Tells when files of the notes may have changed."""

from __future__ import annotations

import asyncio
import mimetypes
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import watchfiles

_QUIET = 25
"""Milliseconds without another change after which a batch is handed on: an editor writes a file in several steps."""

_LONGEST = 1_000
"""Milliseconds after which a batch is passed on even while more changes come."""

_BETWEEN_LOOKS = 1.0
"""Seconds between two looks where the system cannot tell, or the folder is gone."""


_OF_NOTES = frozenset({".md", ".markdown", ".org", ".toml", ".edn", ".css", ".html", ".gitignore", ".lock"})
_OF_MEDIA = ("image/", "audio/", "video/", "font/")


class _MayMatter(watchfiles.DefaultFilter):
    """Leaves out what no card can depend on: the file, perhaps, that this command's own words are written into."""

    def __call__(self, change: watchfiles.Change, path: str) -> bool:
        """Whether a path is handed on; one without a suffix if it is a folder, or was one."""
        if not super().__call__(change, path):
            return False
        name = Path(path)
        suffix = (name.suffix or name.name).lower()
        if suffix in _OF_NOTES or (mimetypes.guess_type(name.name)[0] or "").startswith(_OF_MEDIA):
            return True
        return not name.suffix and not name.is_file()


async def changes(folder: Path, say_fallback: Callable[[str], None]) -> AsyncIterator[int]:
    """Yield the number of paths that may have changed, one batch after the other, forever.

    The first batch may be empty: it comes when the system has begun to watch, for what changed before then. What
    happened to the paths is not told: an editor that saves safely deletes and adds. Where the system has no more
    watches to give, the folder is looked at every second, and `say_fallback` hears why. A folder that is gone is
    waited for, and its return is a change.
    """
    is_polling = False
    while True:
        try:
            async for batch in _batches(folder, is_polling=is_polling):
                yield batch
                if not folder.exists():
                    break
        except OSError as failure:
            if folder.exists() and not is_polling:
                is_polling = True
                say_fallback(f"the system cannot watch so many folders ({failure}): looking every second instead")
            await asyncio.sleep(_BETWEEN_LOOKS)
        while not folder.exists():
            await asyncio.sleep(_BETWEEN_LOOKS)
        yield 1


async def _batches(folder: Path, *, is_polling: bool) -> AsyncIterator[int]:
    is_first = True
    try:
        async for batch in watchfiles.awatch(
            folder,
            debounce=_LONGEST,
            step=_QUIET,
            watch_filter=_MayMatter(),
            rust_timeout=int(_BETWEEN_LOOKS * 1000),
            yield_on_timeout=True,
            force_polling=is_polling or None,
            poll_delay_ms=int(_BETWEEN_LOOKS * 1000),
        ):
            if batch or is_first:
                yield len(batch)
            is_first = False
    except RuntimeError as failure:  # what watchfiles makes of the system's no
        raise OSError(str(failure)) from failure
