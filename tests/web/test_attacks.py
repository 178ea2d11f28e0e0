"""What may happen to notes that are followed, to the disk, and to the browsers that follow: the page goes on."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from ankigen import api, watching
from ankigen.web import Live
from tests.helpers.building import named, write
from tests.helpers.processes import ROOT

PATIENCE = 120
"""Seconds: a busy machine is no failure."""
Act = Callable[[AsyncIterator[str]], Coroutine[None, None, None]]
NOTES = "- One? #card\n\t- 1\n"


def live_of(folder: Path) -> Live:
    return Live(api.Rereading().snapshot, api.snapshot_of(api.load(folder)), lambda _: None)


def titles(live: Live) -> list[str]:
    return [card.title for card in live.snapshot.preview.cards]


async def heard(stream: AsyncIterator[str], what: str) -> str:
    """The next event of that name."""
    while f"event: {what}" not in (event := await asyncio.wait_for(anext(stream), PATIENCE)):
        pass
    return event


def follow(live: Live, folder: Path, act: Act) -> None:
    """Follow the folder while something happens to it; `act` hears the events."""
    begun = asyncio.Event()

    async def changes() -> AsyncIterator[int]:
        async for batch in watching.changes(folder, lambda _: None):
            yield batch
            begun.set()

    async def both() -> None:
        stream = live.events()
        await anext(stream)
        following = asyncio.create_task(live.follow(changes()))
        try:
            await asyncio.wait_for(begun.wait(), PATIENCE)
            await act(stream)
        finally:
            following.cancel()
            with suppress(asyncio.CancelledError):
                await following
            await stream.aclose()  # type: ignore[attr-defined]

    asyncio.run(both())


@pytest.mark.thorough
def test_five_thousand_files_that_change_at_once_are_one_change(tmp_path: Path) -> None:
    number = 5_000
    pages = {f"page {index}": f"- Question {index}? #card\n\t- {index}\n" for index in range(number)}
    live = live_of(write(named(tmp_path), **pages))

    async def act(stream: AsyncIterator[str]) -> None:
        write(tmp_path, **{name: text.replace("\t- ", "\t- it is ") for name, text in pages.items()})
        assert "changed files" in await heard(stream, "reading")
        changed = 0
        while changed < number:  # a slow disk may make two batches of it
            changed += int(
                json.loads((await heard(stream, "cards")).split("data: ")[1])["said"].split()[1].replace(",", "")
            )
        assert changed == number

    follow(live, tmp_path, act)
    assert len(titles(live)) == number


def test_notes_that_go_away_and_come_back_are_followed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ankigen.watching._BETWEEN_LOOKS", 0.05)
    notes, elsewhere = write(tmp_path / "notes", a=NOTES), tmp_path / "elsewhere"
    live = live_of(named(notes))

    async def act(stream: AsyncIterator[str]) -> None:
        notes.rename(elsewhere)
        assert str(notes) in await heard(stream, "fault")
        assert titles(live) == ["One?"], "the last cards stay"
        write(elsewhere, b="- Two? #card\n\t- 2\n")
        elsewhere.rename(notes)
        await heard(stream, "cards")
        shutil.rmtree(notes)
        await heard(stream, "fault")
        named(write(notes, a="- Three? #card\n\t- 3\n"))
        while titles(live) != ["Three?"]:
            await heard(stream, "cards")

    follow(live, notes, act)


def test_a_page_that_sleeps_does_not_let_events_pile_up(tmp_path: Path) -> None:
    live = live_of(write(named(tmp_path), a=NOTES))

    async def sleep() -> list[str]:
        stream = live.events()
        await anext(stream)
        for number in range(100):
            write(tmp_path, a=f"- One? #card\n\t- {number}\n")
            await live.refresh()
        [queue] = live._followers  # noqa: SLF001 - nothing else tells how much is kept
        waiting = [queue.get_nowait() for _ in range(queue.qsize())]
        await stream.aclose()  # type: ignore[attr-defined]
        return waiting

    waiting = asyncio.run(sleep())
    assert len(waiting) < 25
    assert json.loads(waiting[-1].split("data: ")[1])["revision"] == live.snapshot.preview.revision
    assert not live._followers  # noqa: SLF001


class Served:
    """`ankigen watch` in a process of its own, and what it said."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stderr
        self.process = process
        self.address = process.stderr.readline().split()[-1]
        self.port = int(self.address.rstrip("/").rpartition(":")[2])

    def get(self, name: str) -> bytes:
        with urlopen(self.address + name, timeout=PATIENCE) as answer:  # noqa: S310 - of this machine
            found: bytes = answer.read()
            return found

    def post(self, name: str, said: object) -> tuple[int, str]:
        """What the page's own script would send, and the answer."""
        token = self.get("").decode().partition('name="ankigen-token" content="')[2].partition('"')[0]
        headers = {"X-Ankigen-Token": token, "Origin": self.address.rstrip("/")}
        try:
            asked = Request(self.address + name, json.dumps(said).encode(), headers)  # noqa: S310
            with urlopen(asked, timeout=PATIENCE) as answer:  # noqa: S310
                return answer.status, answer.read().decode()
        except HTTPError as refusal:
            return refusal.code, refusal.read().decode()

    def titles(self) -> list[str]:
        return [card["title"] for card in json.loads(self.get("cards.json"))["cards"]]

    def wait_for(self, *titles: str) -> None:
        while self.titles() != list(titles):
            pass


@contextmanager
def served(notes: Path, before: str = "") -> Iterator[Served]:
    """`before` is what the shell does first."""
    command = f"{before} exec {sys.executable} -m ankigen watch --no-open ."
    variables = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        ["bash", "-c", command], cwd=notes, stderr=subprocess.PIPE, text=True, env=variables
    ) as process:
        try:
            yield Served(process)
            process.send_signal(signal.SIGINT)
            assert process.wait(PATIENCE) == 0
        finally:
            process.kill()


def test_a_disk_that_takes_nothing_is_told_where_something_was_to_be_written(tmp_path: Path) -> None:
    drawn = "- Parts? ![](leaf.svg) #card\n\t- blade\n\t  area:: 10 20 30 40\n"
    notes = named(write(tmp_path / "notes", a=drawn))
    (notes / "leaf.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"/>')
    with served(notes, "ulimit -f 0;") as page:  # no file may get longer, in the cache or anywhere
        assert page.titles() == ["Parts? ![](leaf.svg)"]
        write(notes, b="- Two? #card\n\t- 2\n")
        page.wait_for("Parts? ![](leaf.svg)", "Two?")
        parts = json.loads(page.get("areas.json?path=a.md&line=1"))
        parts["parts"][0]["area"] = "11 20 30 40"
        code, said = page.post("areas", {"path": "a.md", "line": 1, "drawn": parts})
        assert (code, "cannot write" in said) == (409, True), said
        assert (notes / "a.md").read_text() == drawn
        assert len(page.titles()) == 2
    assert sorted(path.name for path in notes.iterdir()) == ["a.md", "ankigen.lock", "b.md", "leaf.svg"]


@pytest.mark.skipif(sys.platform != "linux", reason="what a process has open is asked as Linux tells it")
def test_browsers_that_are_killed_leave_nothing_open(tmp_path: Path) -> None:
    notes = named(write(tmp_path, a=NOTES))
    with served(notes) as page:
        files = Path(f"/proc/{page.process.pid}/fd")
        page.wait_for("One?")
        before = len(list(files.iterdir()))
        for number in range(5):
            browsers = [socket.create_connection(("127.0.0.1", page.port)) for _ in range(20)]
            for browser in browsers:
                browser.sendall(f"GET /events HTTP/1.1\r\nHost: 127.0.0.1:{page.port}\r\n\r\n".encode())
                assert b"200 OK" in browser.recv(1000)
            for browser in browsers:
                browser.close()
            write(notes, a=f"- Number {number}? #card\n\t- 1\n")
            page.wait_for(f"Number {number}?")
        while len(list(files.iterdir())) > before + 2:  # a kept connection, and that of this loop
            page.get("page.css")
