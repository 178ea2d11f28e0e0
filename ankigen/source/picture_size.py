"""Reads the size of a picture from its file."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

_HEAD = 65536
_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?svg\b(?P<attributes>[^>]*)>")
_SIDES = tuple(
    re.compile(rb"\s%s\s*=\s*[\"']\s*(?P<size>[0-9]{1,9}(?:\.[0-9]{0,9})?)\s*(?P<unit>[a-z]*)\s*[\"']" % name)
    for name in (b"width", b"height")
)
_UNITS = {b"": 1.0, b"px": 1.0, b"pt": 96 / 72, b"pc": 16.0, b"in": 96.0, b"cm": 96 / 2.54, b"mm": 96 / 25.4}


def size_of(path: str) -> tuple[int, int] | None:
    """Width and height in pixels; `None` for a file without them, such as an SVG without `width` and `height`.

    An SVG is not parsed as XML, because a hostile one may expand entities endlessly; other errors in a file are not the
    card's problem.
    """
    import imagesize  # noqa: PLC0415 - few notes need it, and it loads what talks HTTP

    with contextlib.suppress(Exception), Path(path).open("rb") as file:
        if path.lower().endswith(".svg"):
            root = _ROOT.search(file.read(_HEAD))
            sides = [side.search(root["attributes"]) for side in _SIDES] if root else []
            width, height = (round(float(side["size"]) * _UNITS[side["unit"]]) for side in sides if side)
        else:
            width, height = imagesize.get(file)
        if min(width, height) > 0:
            return int(width), int(height)
    return None
