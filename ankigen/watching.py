"""Tells when files of the notes may have changed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import watchfiles

_QUIET = 60
"""Milliseconds without another change after which a batch is handed on: an editor writes a file in several steps."""

_LONGEST = 1_000
"""Milliseconds after which a batch is handed on even while more changes come."""

_BETWEEN_LOOKS = 1.0
"""Seconds between two looks where the system cannot tell, or the folder is gone."""


async def changes(folder: Path, say_fallback: Callable[[str], None]) -> AsyncIterator[int]:
    """Yield the number of paths that may have changed, one batch after the other, for ever.

    What happened to them is not told: an editor that saves safely deletes and adds. Where the system has no more
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
            if is_polling or not folder.exists():
                pass
            else:
                is_polling = True
                say_fallback(f"the system cannot watch so many folders ({failure}): looking every second instead")
        while not folder.exists():
            await asyncio.sleep(_BETWEEN_LOOKS)
        yield 1


async def _batches(folder: Path, *, is_polling: bool) -> AsyncIterator[int]:
    try:
        async for batch in watchfiles.awatch(
            folder,
            debounce=_LONGEST,
            step=_QUIET,
            force_polling=is_polling or None,
            poll_delay_ms=int(_BETWEEN_LOOKS * 1000),
        ):
            yield len(batch)
    except RuntimeError as failure:  # what watchfiles makes of the system's no
        raise OSError(str(failure)) from failure
