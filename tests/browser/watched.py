"""`ankigen watch` in a process of its own, and a page of Chromium that a test clicks and types in."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.browser import MATHJAX, chromium

_PATIENCE = 120_000
"""Milliseconds: a busy machine is no failure."""
expect.set_options(timeout=_PATIENCE)
_SCRIPT = MATHJAX / "tex-svg-full.js"
_KEPT_AS = "mathjax/a4354ff94fd868ae.js"


def keep_mathjax() -> None:
    """Put the script of formulas where a run that fetched it would have: the tests ask nothing of the web."""
    kept = Path(os.environ["XDG_CACHE_HOME"]) / "ankigen" / _KEPT_AS
    kept.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(_SCRIPT, kept)


@contextmanager
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        try:
            yield found
        finally:
            found.close()


class Watched:
    """A page that follows notes, and what the page complained of."""

    def __init__(self, notes: Path, page: Page, address: str) -> None:
        self.notes = notes
        self.page = page
        self.address = address
        self.complaints: list[str] = []
        page.on("console", lambda message: self.complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def open(self, place: str = "") -> None:
        self.page.goto(self.address + place)
        self.page.locator("#tree .row").first.wait_for()

    def face(self, ground: str = "light") -> str:
        """The words on the side that is shown."""
        return self.page.frame_locator(f'figure[data-ground="{ground}"] iframe').locator("#qa").inner_text()

    def wait_for_face(self, words: str, ground: str = "light") -> None:
        frame = self.page.frame_locator(f'figure[data-ground="{ground}"] iframe')
        frame.locator("#qa").get_by_text(words, exact=True).first.wait_for()


@contextmanager
def watching(
    notes: Path, opened: Browser, *options: str, width: int = 1300, scheme: str = "light"
) -> Iterator[Watched]:
    """Watch notes with these options of the command, on a page this wide."""
    command = [sys.executable, "-m", "ankigen", "watch", str(notes), "--no-open", *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        try:
            address = process.stderr.readline().split()[-1]
            context = opened.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
            context.set_default_timeout(_PATIENCE)
            yield Watched(notes, context.new_page(), address)
            context.close()
        finally:
            process.send_signal(signal.SIGINT)
            process.wait()
