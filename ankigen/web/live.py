"""The state of the page, and live updates to open pages."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
from collections.abc import AsyncIterator, Callable
from typing import Protocol

from starlette.concurrency import run_in_threadpool

from ankigen.data import Desired
from ankigen.errors import AnkigenError, PlanChanged
from ankigen.preview import Change, PlanInWords, Snapshot
from ankigen.support.structs import to_json

_MANY = 100
"""More changed files than this are announced before they are read."""

_IDLE = 1.0
"""Seconds without another change until garbage collection."""

_QUIET = 1.0
"""Seconds without another change until a sync is planned."""

_BETWEEN_SIGNS_OF_LIFE = 15.0
"""Seconds until a silent stream sends a comment, to notice a browser that is gone."""


_MOST_WAITING = 20
"""The most events that wait for a page that does not read them; then the current state replaces them."""

_LARGEST_CHANGE = 1_000_000
"""The largest change sent to pages, in bytes; if it is larger, each page loads all cards when it needs them."""


class Sync(Protocol):
    """Plans and applies a sync with Anki."""

    def plan(self, desired: Desired) -> PlanInWords:
        """The changes that a sync would make now."""

    def apply(self, desired: Desired, agreed: PlanInWords) -> str:
        """Apply the agreed plan, and return what was done. Raises `PlanChanged` if the plan is different by now."""


class Live:
    """The last readable notes, the plan to sync them, and the open pages that follow them."""

    def __init__(
        self,
        read: Callable[[Snapshot], Snapshot],
        snapshot: Snapshot,
        heard: Callable[[str], None],
        sync: Sync | None = None,
        *,
        is_unattended: bool = False,
    ) -> None:
        """`read` reads the notes of a snapshot again, in a thread; `heard` gets the result in words.

        If it `is_unattended`, a plan that removes nothing and leaves nothing to decide is applied at once.
        """
        self._read = read
        self._heard = heard
        self._sync = sync
        self._is_unattended = is_unattended
        self._followers: set[asyncio.Queue[str]] = set()
        self._said = ("cards", "following your notes")
        self._planning: asyncio.Task[None] | None = None
        self._clearing: asyncio.TimerHandle | None = None
        self._syncing = asyncio.Lock()
        self.snapshot = snapshot
        self.plan: PlanInWords | None = None

    async def follow(self, changes: AsyncIterator[int]) -> None:
        """Read the notes again after each change, forever."""
        self._plan_soon()
        async for number in changes:
            await self.refresh(number)
            self._clear_up_when_idle()

    async def refresh(self, changed: int = 1) -> None:
        """Read the notes again. If that fails, the last ones stay, and the pages show the reason."""
        if changed > _MANY:
            self._tell("reading", f"reading {changed:,} changed files")
        try:
            snapshot = await run_in_threadpool(self._read, self.snapshot)
        except (AnkigenError, OSError) as failure:
            self._heard(str(failure))
            self._tell("fault", str(failure))
            return
        is_news = snapshot.preview.revision != self.snapshot.preview.revision or self._said[0] != "cards"
        change = snapshot.change_since(self.snapshot)
        said = _in_words(change, self.snapshot)
        self.snapshot = snapshot
        if is_news:
            self._heard(said)
            self._tell("cards", said, to_json(change))
            self._plan_soon()

    async def apply(self, agreed: PlanInWords) -> str:
        """Apply the plan that the page showed, and return what was done. Raises whatever prevents it."""
        assert self._sync is not None, "only a page that shows a plan can agree to it"
        if agreed != self.plan:
            raise PlanChanged
        async with self._syncing:
            try:
                said = await run_in_threadpool(self._sync.apply, self.snapshot.desired, agreed)
            finally:
                self._plan_soon()
        self._heard(said)
        return said

    async def events(self) -> AsyncIterator[str]:
        """The event stream of one page: the current state first, then all new events."""
        queue: asyncio.Queue[str] = asyncio.Queue()
        self._catch_up(queue)
        self._followers.add(queue)
        try:
            while True:
                try:
                    yield await asyncio.wait_for(queue.get(), _BETWEEN_SIGNS_OF_LIFE)
                except TimeoutError:
                    yield ": still here\n\n"
        finally:
            self._followers.discard(queue)

    def _catch_up(self, queue: asyncio.Queue[str]) -> None:
        """Put the current state into an empty queue; the page then loads whatever it lacks."""
        queue.put_nowait(_event(*self._said, revision=self.snapshot.preview.revision))
        if self.plan:
            queue.put_nowait(_event("plan", ""))

    def _clear_up_when_idle(self) -> None:
        """Run the garbage collector when nobody waits: while notes are read it takes a third of the time."""
        if self._clearing:
            self._clearing.cancel()
        self._clearing = asyncio.get_running_loop().call_later(_IDLE, gc.collect)

    def _plan_soon(self) -> None:
        if self._sync:
            if self._planning:
                self._planning.cancel()
            self._planning = asyncio.create_task(self._plan_when_quiet(self._sync))

    async def _plan_when_quiet(self, sync: Sync) -> None:
        await asyncio.sleep(_QUIET)
        async with self._syncing:
            try:
                self.plan = await run_in_threadpool(sync.plan, self.snapshot.desired)
            except (AnkigenError, OSError) as failure:
                self.plan = None
                self._tell("plan", str(failure))
                return
        self._tell("plan", "")
        if self._is_unattended and self.plan.changes and not self.plan.needs_a_person:
            with contextlib.suppress(AnkigenError, OSError):  # the next plan shows what is left to do
                await self.apply(self.plan)

    def _tell(self, name: str, said: str, change: bytes = b"") -> None:
        """Send an event to all pages, with the `change` of the cards unless it is too large."""
        if name != "plan":
            self._said = name, said
        change = change if len(change) < _LARGEST_CHANGE else b""
        event = _event(name, said, change, revision=self.snapshot.preview.revision)
        for queue in self._followers:
            if queue.qsize() >= _MOST_WAITING:  # a page that is asleep
                while not queue.empty():
                    queue.get_nowait()
                self._catch_up(queue)
            else:
                queue.put_nowait(event)


def _event(name: str, said: str, change: bytes = b"", revision: str = "") -> str:
    """An event in the format of server-sent events; `revision` is that of the current cards."""
    with_change = f', "change": {change.decode()}' if change else ""
    said, revision = json.dumps(said), json.dumps(revision)
    return f'event: {name}\ndata: {{"said": {said}, "revision": {revision}{with_change}}}\n\n'


def _in_words(change: Change, before: Snapshot) -> str:
    """How many cards are new, changed or gone, in words."""
    here = before.pages.keys() if change.order is None else set(change.order)
    changed = [path for path in before.pages if path in change.pages or path not in here]
    old = {card.address: card for path in changed for card in before.pages[path].cards}
    new = {card.address: card for cards in change.pages.values() for card in cards}
    counts = {
        "new": len(new.keys() - old.keys()),
        "changed": sum(card.look != old[address].look for address, card in new.items() if address in old),
        "gone": len(old.keys() - new.keys()),
    }
    words = [f"{number:,} {what}" for what, number in counts.items() if number]
    return f"cards: {', '.join(words)}" if words else "the cards are the same"
