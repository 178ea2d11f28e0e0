"""The page itself: one HTML, one CSS and one JavaScript file, and the script of a face; none needs the network."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "page_files"
_KINDS = {"index.html": "text/html", "page.css": "text/css", "page.js": "text/javascript", "face.js": "text/javascript",
          "draw.html": "text/html", "draw.js": "text/javascript"}  # fmt: skip


@cache
def page_file(name: str) -> tuple[str, str]:
    """A file of the page and its media type. Raises `KeyError` if there is no such file."""
    kind = _KINDS[name]
    return (_FOLDER / name).read_text("utf-8"), kind
