"""Draw the page of `ankigen watch`, light and dark, over the tour.

Run `python -m tests.browser.page_pictures docs/pictures`.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from tests.browser.tour import DECKS
from tests.browser.watched import browser, keep_mathjax, watching

_DECK = "Tour of ankigen"
_CARD = "Which formula"


def main(folder: Path) -> None:
    """Write a picture for each mode."""
    with tempfile.TemporaryDirectory() as place, browser() as opened:
        os.environ["XDG_CACHE_HOME"] = place
        keep_mathjax()
        notes = Path(place) / "decks"
        shutil.copytree(DECKS, notes)
        for scheme in ("light", "dark"):
            with watching(notes, opened, scheme=scheme) as watched:
                watched.open()
                page = watched.page
                page.locator("#deck").select_option(_DECK)
                page.keyboard.press("/")
                page.keyboard.type(_CARD)
                page.keyboard.press("Enter")
                page.keyboard.press("/")
                page.keyboard.press("Escape")
                page.keyboard.press("Space")
                page.frame_locator("iframe").last.locator("#qa").wait_for()
                page.locator("#source:visible").wait_for()
                page.wait_for_timeout(1500)  # the formulas
                page.screenshot(path=folder / f"watch-{scheme}.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
