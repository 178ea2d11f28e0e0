"""What the page shows now, and who waits to hear that it is something else."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable

from starlette.concurrency import run_in_threadpool

from ankigen.errors import AnkigenError
from ankigen.preview import Snapshot

_BETWEEN_SIGNS_OF_LIFE = 15.0
"""Seconds after which a silent stream says something, so that a browser that is gone is noticed."""


class Live:
    """The last notes that could be read, and the pages that follow them."""

    def __init__(self, read: Callable[[], Snapshot], snapshot: Snapshot, heard: Callable[[str], None]) -> None:
        """`read` reads the notes as they are, in a thread of its own; `heard` is told in words what became of it."""
        self._read = read
        self._heard = heard
        self._followers: set[asyncio.Queue[str]] = set()
        self._said = _event("cards", "following your notes")
        self.snapshot = snapshot

    async def refresh(self, changed: int) -> None:
        """Read the notes again. Where that fails, the last ones stay, and the pages are told why."""
        if changed > 100:
            self._tell(_event("reading", f"reading {changed:,} changed files"))
        try:
            snapshot = await run_in_threadpool(self._read)
        except (AnkigenError, OSError) as failure:
            self._heard(str(failure))
            self._tell(_event("fault", str(failure)))
            return
        is_other = snapshot.preview.revision != self.snapshot.preview.revision
        was_fault = self._said.startswith("event: fault")
        said = _difference(self.snapshot, snapshot)
        self.snapshot = snapshot
        if is_other or was_fault:
            self._heard(said)
            self._tell(_event("cards", said))

    async def events(self) -> AsyncIterator[str]:
        """The stream of one page: what was said last, and then whatever is said."""
        queue: asyncio.Queue[str] = asyncio.Queue()
        queue.put_nowait(self._said)
        self._followers.add(queue)
        try:
            while True:
                try:
                    yield await asyncio.wait_for(queue.get(), _BETWEEN_SIGNS_OF_LIFE)
                except TimeoutError:
                    yield ": still here\n\n"
        finally:
            self._followers.discard(queue)

    def _tell(self, event: str) -> None:
        self._said = event
        for queue in self._followers:
            queue.put_nowait(event)


def _event(name: str, said: str) -> str:
    """An event as server-sent events write it."""
    return f"event: {name}\ndata: {json.dumps({'said': said})}\n\n"


def _difference(before: Snapshot, now: Snapshot) -> str:
    """How many cards are others than before, in words."""
    old = {card.address: card for card in before.preview.cards}
    new = {card.address: card for card in now.preview.cards}
    counts = {
        "new": len(new.keys() - old.keys()),
        "changed": sum(card.look != old[address].look for address, card in new.items() if address in old),
        "gone": len(old.keys() - new.keys()),
    }
    words = [f"{number:,} {what}" for what, number in counts.items() if number]
    return f"cards: {', '.join(words)}" if words else "the cards are the same"
