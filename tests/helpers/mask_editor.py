"""What Anki's mask editor does to a field of shapes when it saves: written anew from what it was seen to do.

It keeps each shape on whole pixels of the picture as it shows it, and writes all shapes, in an order of its own.
"""

from __future__ import annotations

import math
import re

_CLOZE = re.compile(r"\{\{c(?P<number>\d+)::image-occlusion:(?P<form>[a-z]+)(?P<pairs>.*?)\}\}<br>")
_ACROSS, _DOWN = {"left", "width", "rx"}, {"top", "height", "ry"}


def saved(field: str, width: float, height: float) -> str:
    """The field after a save at this size, with no shape moved."""
    clozes = [_saved(found, width, height) for found in _CLOZE.finditer(field)]
    return "".join(reversed(clozes))


def moved(field: str, number: int, by: float, side: str = "left") -> str:
    """The field after the shapes of a number were moved to the right, or down, by a share of the picture."""
    pattern = re.compile(rf"(\{{\{{c{number}::[^}}]*?{side}=)([0-9.]+)")
    return pattern.sub(lambda found: f"{found[1]}{shown(float(found[2]) + by)}", field)


def _saved(found: re.Match[str], width: float, height: float) -> str:
    pairs = [pair.partition("=")[::2] for pair in re.split(r"(?<!\\):", found["pairs"])[1:]]
    said = "".join(f":{key}={_value(key, value, width, height)}" for key, value in pairs)
    return f"{{{{c{found['number']}::image-occlusion:{found['form']}{said}}}}}<br>"


def _value(key: str, value: str, width: float, height: float) -> str:
    if key in _ACROSS:
        return _on_pixels(value, width)
    if key in _DOWN:
        return _on_pixels(value, height)
    if key == "points":
        points = (point.split(",") for point in value.split())
        return " ".join(f"{_on_pixels(x, width)},{_on_pixels(y, height)}" for x, y in points)
    return shown(float(value)) if key in {"scale", "fs"} else value


def _on_pixels(value: str, side: float) -> str:
    return shown(math.floor(float(value) * side + 0.5) / side)


def shown(number: float) -> str:
    return ".0000" if number == 0 else f"{number:.4f}".strip("0")
