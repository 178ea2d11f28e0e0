"""Draw the README's pictures: some of the tour's cards, light and dark.

Run `python -m tests.browser.pictures docs/pictures`.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from ankigen import note_types
from tests.browser.browser import Site, draw, page, serve
from tests.browser.tour import Card, Tour
from tests.helpers.judge import open_judge

SHOWN = (
    ("Which law links", "answer"), ("A sorted", "question"), ("When is a liquid", "answer"),
    ("Name the parts", "answer"), ("Fill in the blanks", "question"), ("Compare the inner", "answer"),
)  # fmt: skip
COLUMNS, WIDTH, HEIGHT, GAP = 3, 350, 400, 14
GROUNDS = {"light": "#e4e0d8", "dark": "#0d0e10"}


def main(folder: Path) -> None:
    """Write one picture for each mode."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, open_judge(Path(place)) as judge:
        tour = Tour(judge)
        for mode, ground in GROUNDS.items():
            _draw(tour, mode, ground, folder / f"cards-{mode}.png")


def _draw(tour: Tour, mode: str, ground: str, picture: Path) -> None:
    faces = [_face(tour.cards, title, side) for title, side in SHOWN]
    pages = {f"/{number}": page(html, note_types.BASIC.note_type.css, mode) for number, html in enumerate(faces)}
    style = f"border:0;border-radius:12px;width:{WIDTH}px;height:{HEIGHT}px"
    frames = "".join(f'<iframe src="{path}" style="{style}"></iframe>' for path in pages)
    grid = f"display:grid;grid-template-columns:repeat({COLUMNS},{WIDTH}px);gap:{GAP}px;padding:{GAP}px"
    site = Site(
        {**pages, "/": f'<!doctype html><body style="margin:0;background:{ground};{grid}">{frames}'}, tour.media
    )
    picture.unlink(missing_ok=True)
    width, height = COLUMNS * (WIDTH + GAP) + GAP, -(-len(faces) // COLUMNS) * (HEIGHT + GAP) + GAP
    with serve(site) as address:
        draw(address, picture.absolute(), width, height)


def _face(cards: list[Card], title: str, side: str) -> str:
    card = next(one for one in cards if one.title.startswith(title))
    return card.shown.answer if side == "answer" else card.shown.question


if __name__ == "__main__":
    main(Path(sys.argv[1]))
