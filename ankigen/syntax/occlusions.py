"""Shapes on pictures: `area::` in the notes, the plugin's `occlusion::`, and Anki's text for them.

Everything sent to Anki is on a grid of half a percent. Anki's editor rounds each coordinate to a whole pixel when it
saves, whatever the user touched, and writes four digits; for a picture shown with 205 pixels or more, that is less than
half a step. So the rounded text is recognised: its canonical form is that of the grid. For smaller pictures,
`mask_editor` recognises it.
"""

from __future__ import annotations

import base64
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from ankigen.data import HiddenPart, Shape
from ankigen.support.structs import Struct

LABEL = "label"
FORMS = ("rect", "ellipse", "polygon", LABEL)
HOW = (
    "write `left top width height` in percent of the picture, as in `12 20 30 10`, or the same after `ellipse`, or "
    "`polygon 60,10 90,10 75,40`, or `label 5 90`; after it `angle 15`, and `;` between several"
)
_COUNTS = {"rect": 4, "ellipse": 4, LABEL: 2}
_FEWEST_OF_POLYGON = 6
_SMALLEST = 1
_ANGLE_STEPS = 10_000
_FONT_SIZE = ".055"
_MOST_COMPARED = 500
_COVERED = 0.9

_NUMBER = r"[-+]?(?:[0-9]{1,9}(?:\.[0-9]{0,9})?|\.[0-9]{1,9})"
_NUMBERS = re.compile(_NUMBER)
_SHAPE = re.compile(
    rf"(?:(?P<form>[a-z]+)[\s:]+)?(?P<numbers>{_NUMBER}%?(?:[\s,]+{_NUMBER}%?)*)(?:[\s,]+angle\s+(?P<angle>{_NUMBER})°?)?",
    re.IGNORECASE,
)
_FORM = re.compile(rf"(?:{'|'.join(FORMS)})\b", re.IGNORECASE)
_PICTURE = re.compile(r"!\[|<img\b|\.(?:avif|bmp|gif|jpe?g|png|svg|webp)\b", re.IGNORECASE)


class Fault(Struct, frozen=True):
    """The rule and message for an invalid area."""

    rule: str
    message: str


class Areas(Struct, frozen=True):
    """The content of an `area::`: shapes on the grid, and faults."""

    shapes: tuple[Shape, ...] = ()
    faults: tuple[Fault, ...] = ()


def is_area(value: str, question: str) -> bool:
    """Whether the value of `area::` is a part of a picture, and not an area of knowledge or land.

    It has a shape's name or numbers; if the question has a picture, fewer numbers are enough.
    """
    count = len(_NUMBERS.findall(value))
    if _FORM.match(value) or (count >= 2 and _PICTURE.search(question)):
        return True
    return count >= _COUNTS["rect"] and _SHAPE.fullmatch(value) is not None


def read_areas(value: str) -> Areas:
    """Read the shapes of an `area::`."""
    shapes: list[Shape] = []
    faults: list[Fault] = []
    for written in filter(None, map(str.strip, value.split(";"))):
        shape = _read_shape(written)
        if shape is None:
            faults.append(Fault("area-form", f"`{written}` is no shape: {HOW}"))
        elif why := _outside(shape):
            message = f"`{written}` {why}: its numbers are percent of the picture, from 0 to 100"
            faults.append(Fault("area-outside", message))
        else:
            shapes.append(on_grid(shape))
    if not shapes and not faults:
        faults.append(Fault("area-form", f"`area::` says nothing: {HOW}"))
    return Areas(tuple(shapes), tuple(faults))


def _read_shape(written: str) -> Shape | None:
    found = _SHAPE.fullmatch(written)
    if found is None:
        return None
    form = (found["form"] or "rect").lower()
    numbers = tuple([float(number) for number in _NUMBERS.findall(found["numbers"])])
    count = len(numbers)
    fits = count >= _FEWEST_OF_POLYGON and count % 2 == 0 if form == "polygon" else _COUNTS.get(form) == count
    return Shape(form, numbers, float(found["angle"] or 0)) if fits else None


def _outside(shape: Shape) -> str:
    """Why a shape is not on the picture, or too small to see."""
    left, top, right, bottom = bounds_of(shape)
    if min(left, top) < 0 or max(left, top) > 100 or (not shape.angle and max(right, bottom) > 100):
        return "reaches beyond the picture"
    is_small = shape.form != LABEL and min(right - left, bottom - top) < _SMALLEST
    return f"is smaller than {_SMALLEST} percent of the picture, which nobody can see or touch" if is_small else ""


def bounds_of(shape: Shape) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a shape before it is turned."""
    if shape.form == "polygon":
        across, down = shape.numbers[::2], shape.numbers[1::2]
        return min(across), min(down), max(across), max(down)
    left, top, width, height = (*shape.numbers, 0.0, 0.0)[:4]
    return left, top, left + width, top + height


def on_grid(shape: Shape) -> Shape:
    """The shape rounded to the grid, including radii; angles are whole degrees."""
    steps = [_stepped(number) for number in shape.numbers]
    if shape.form == "ellipse":
        steps[2:] = [max(float(math.floor(number + 0.5)), 1.0) for number in shape.numbers[2:]]
    if shape.form in {"rect", "ellipse"} and not shape.angle:
        step = 0.5 if shape.form == "rect" else 1.0
        for side in (0, 1):
            while steps[side] + steps[side + 2] > 100 and steps[side + 2] > step:
                steps[side + 2] -= step
    return Shape(shape.form, tuple(steps), float(math.floor(shape.angle % 360 + 0.5) % 360))


def _stepped(percent: float) -> float:
    return math.floor(percent * 2 + 0.5) / 2


def written_area(shape: Shape) -> str:
    """A shape in the syntax of `area::`."""
    numbers = [_percent(number) for number in shape.numbers]
    if shape.form == "polygon":
        said = " ".join(f"{x},{y}" for x, y in zip(numbers[::2], numbers[1::2], strict=True))
    else:
        said = " ".join(numbers)
    angle = f" angle {_percent(shape.angle)}" if shape.angle else ""
    return f"{'' if shape.form == 'rect' else f'{shape.form} '}{said}{angle}"


def _percent(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")


def overlapping(parts: Sequence[HiddenPart]) -> Iterator[tuple[HiddenPart, HiddenPart]]:
    """Pairs of parts with cards that hide the same region of the picture."""
    shapes = [(part, shape, bounds_of(shape)) for part in parts for shape in part.shapes if shape.form != LABEL][
        :_MOST_COMPARED
    ]
    seen: set[tuple[int, int]] = set()
    for (one_part, shape, bounds), (other_part, other, others) in combinations(shapes, 2):
        pair = (one_part.area.line, other_part.area.line)
        if one_part.key != other_part.key and shape.angle == other.angle and pair not in seen:
            width = min(bounds[2], others[2]) - max(bounds[0], others[0])
            height = min(bounds[3], others[3]) - max(bounds[1], others[1])
            if width > 0 and height > 0 and width * height > _COVERED * max(_size(bounds), _size(others)):
                seen.add(pair)
                yield one_part, other_part


def _size(bounds: tuple[float, float, float, float]) -> float:
    return (bounds[2] - bounds[0]) * (bounds[3] - bounds[1])


# Anki's format.

_CLOZE = re.compile(r"\{\{c(?P<number>[0-9]{1,9})::image-occlusion:(?P<says>(?>(?:[^{}]++|\{(?!\{)|\}(?!\}))*))\}\}")
_BETWEEN = re.compile(r"(?>(?:<br ?/?>|</?div>|&nbsp;|\s)*)")
_KEY = re.compile(r"(?<!\\):")
_COMMANDS = re.compile(r"\[(?=sound:|latex|\$|/|anki:)", re.IGNORECASE)
_DEFAULTS = {"angle": "0", "scale": "200", "fill": "#ffeba2"}
_ON_GRID = frozenset({"left", "top", "width", "height", "rx", "ry", "scale"})
_GRID = 200
_LIKE = str.maketrans({":": "∶", "=": "＝", "\\": "∖"})


def occlusion_text(shapes: Iterable[tuple[int, Shape, str]], *, hides_all: bool) -> str:
    """Anki's text for shapes, each with its card number and label."""
    end = ":oi=1}}<br>" if hides_all else "}}<br>"
    return "".join(
        f"{{{{c{0 if shape.form == LABEL else number}::image-occlusion:{_said(shape, text)}{end}"
        for number, shape, text in shapes
    )


def _said(shape: Shape, text: str) -> str:
    numbers = [_fraction(number) for number in shape.numbers]
    left, top = (_fraction(side) for side in bounds_of(shape)[:2])
    said = f"left={left}:top={top}"
    match shape.form:
        case "rect":
            said = f"rect:{said}:width={numbers[2]}:height={numbers[3]}"
        case "ellipse":
            across, down = (_fraction(number / 2) for number in shape.numbers[2:])
            said = f"ellipse:{said}:rx={across}:ry={down}"
        case "polygon":
            corners = " ".join(f"{x},{y}" for x, y in zip(numbers[::2], numbers[1::2], strict=True))
            said = f"polygon:{said}:points={corners}"
        case _:
            said = f"text:{said}:text={_label(text)}:scale=1:fs={_FONT_SIZE}"
    return f"{said}:angle={round(shape.angle / 360 * _ANGLE_STEPS)}" if shape.angle else said


def _fraction(percent: float) -> str:
    """A fraction of the picture as Anki writes it."""
    return f"{percent / 100:.4f}".strip("0").rstrip(".") or "0"


def _label(text: str) -> str:
    """The text of a label: Anki shows it raw, so it must not contain markup or commands.

    What separates attributes becomes a sign that looks the same: releases before 26 read no escaped ones.
    """
    plain = " ".join(text.split()).replace("<", "‹").replace(">", "›")
    plain = _COMMANDS.sub("[\u2060", plain.replace("{{", "{ {").replace("}}", "} }").replace("}}", "} }"))
    return (plain or "…").translate(_LIKE) + (" " if plain.endswith("}") else "")


def rectangles_in(field: str) -> dict[int, list[Shape]]:
    """The rectangles in a field made by `occlusion_text`, by number."""
    found: dict[int, list[Shape]] = {}
    for cloze in _CLOZE.finditer(field):
        values = dict(pair.partition("=")[::2] for pair in _KEY.split(cloze["says"])[1:])
        if not cloze["says"].startswith("rect:"):
            continue
        sides = tuple([float(values[key]) * 100 for key in ("left", "top", "width", "height")])
        angle = float(values.get("angle", 0)) * 360 / _ANGLE_STEPS
        found.setdefault(int(cloze["number"]), []).append(on_grid(Shape("rect", sides, angle)))
    return found


def drawn_in(field: str) -> Iterator[tuple[int, str, dict[str, str]]]:
    """The shapes in a field, each with its number, its form, and Anki's attributes."""
    for cloze in _CLOZE.finditer(field):
        form, *pairs = _KEY.split(cloze["says"])
        values = (pair.partition("=")[::2] for pair in pairs)
        yield int(cloze["number"]), form, {key: re.sub(r"\\(.)", r"\1", value) for key, value in values}


def hides_all(field: str) -> bool:
    """Whether a field hides all its shapes while one is asked."""
    return ":oi=1}}" in field


def canonical_shapes(field: str) -> str | None:
    """The canonical form of a field with shapes, independent of Anki's rounding; `None` for any other field."""
    if "::image-occlusion:" not in field:
        return None
    shapes, position = [], 0
    for found in _CLOZE.finditer(field):
        if not _BETWEEN.fullmatch(field, position, found.start()):
            return None
        position = found.end()
        shapes.append((int(found["number"]), _canonical_shape(found["says"])))
    if not shapes or not _BETWEEN.fullmatch(field, position):
        return None
    return "\n".join(f"{number} {shape}" for number, shape in sorted(shapes))


def shapes_said(field: str) -> str:
    """The canonical shapes in a field, without their numbers."""
    lines = (canonical_shapes(field) or field).split("\n")
    return "; ".join(sorted(line.partition(" ")[2] or line for line in lines))


def _canonical_shape(says: str) -> str:
    form, *pairs = _KEY.split(says)
    values = dict(pair.partition("=")[::2] for pair in pairs)
    return ":".join([form, *(said for key, value in sorted(values.items()) if (said := canonical_pair(key, value)))])


def canonical_pair(key: str, value: str) -> str:
    """What one key of a shape says, whatever the editor does to it; nothing for what goes without saying."""
    kept = _canonical_value(key, value)
    return f"{key}={kept}" if kept != _DEFAULTS.get(key) else ""


Pairs = tuple[tuple[str, str], ...]


def pairs_in(field: str) -> Iterator[tuple[int, str, Pairs]]:
    """The shapes of a field, each with its number, its form, and all pairs of key and value as written there."""
    for cloze in _CLOZE.finditer(field):
        form, *pairs = _KEY.split(cloze["says"])
        yield int(cloze["number"]), form, tuple([pair.partition("=")[::2] for pair in pairs])


def text_of_pairs(shapes: Iterable[tuple[int, str, Pairs]]) -> str:
    """A field of shapes that are given so."""
    said = ((number, ":".join([form, *(f"{key}={value}" for key, value in pairs)])) for number, form, pairs in shapes)
    return "".join(f"{{{{c{number}::image-occlusion:{says}}}}}<br>" for number, says in said)


def _canonical_value(key: str, value: str) -> str:
    if key in _ON_GRID:
        return _steps_of(value)
    if key == "points":
        return " ".join(",".join(map(_steps_of, point.split(","))) for point in value.split())
    if key == "fs":
        return _rounded(value, 100)
    return _rounded(value, 1) if key == "angle" else value


def _steps_of(value: str) -> str:
    return _rounded(value, _GRID)


def _rounded(value: str, steps: int) -> str:
    try:
        return str(math.floor(float(value) * steps + 0.5))
    except (ValueError, OverflowError):
        return value


# The plugin's format.


class Element(Struct, frozen=True):
    """A rectangle of the plugin's: its centre and its sides in pixels, turned about its centre by degrees."""

    left: float
    top: float
    width: float
    height: float
    angle: float
    number: int


class Drawn(Struct, frozen=True):
    """The content of an `occlusion::` for its one picture, or the fault why it cannot be read."""

    picture: str = ""
    elements: tuple[Element, ...] = ()
    hides_all: bool = False
    others: int = 0
    fault: str = ""


_BROKEN = Drawn(fault="cannot be read: draw the areas again, or write `area::` below the card")


def read_drawn(value: str) -> Drawn:
    """Read the plugin's `occlusion::`, in either format."""
    try:
        written = json.loads(base64.b64decode(value.strip().strip('"'), validate=True))
        pictures = written.items() if isinstance(written, dict) else [("", written)]
        drawn = [_drawn(str(picture), said) for picture, said in pictures]
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        return _BROKEN
    full = [one for one in drawn if one.elements]
    if not full:
        return Drawn(fault="hides nothing: draw an area, or write `area::` below the card")
    first = full[0]
    return Drawn(first.picture, first.elements, first.hides_all, others=len(full) - 1)


def _drawn(picture: str, said: Any) -> Drawn:
    elements = said["elements"] if isinstance(said, dict) else said
    config = said.get("config") if isinstance(said, dict) else None
    hides_all = isinstance(config, dict) and config.get("hideAllTestOne") is True
    return Drawn(picture, tuple([_element(each) for each in elements]), hides_all)


def _element(said: Mapping[str, Any]) -> Element:
    left, top, width, height, angle = (float(said.get(key) or 0) for key in ("left", "top", "width", "height", "angle"))
    number = int(said["cId"])
    if not all(map(math.isfinite, (left, top, width, height, angle))) or min(width, height) <= 0 or number < 1:
        raise ValueError("not a rectangle")
    return Element(left, top, width, height, angle, number)


def shape_of(element: Element, size: tuple[int, int]) -> Shape:
    """A rectangle of the plugin as a shape on a picture with this size, cut at the edges."""
    angle = math.radians(element.angle)
    across, down = -element.width / 2, -element.height / 2
    left = element.left + across * math.cos(angle) - down * math.sin(angle)
    top = element.top + across * math.sin(angle) + down * math.cos(angle)
    percents = [100 * pixels / size[side % 2] for side, pixels in enumerate((left, top, element.width, element.height))]
    if not element.angle % 360:
        for side in (0, 1):
            begin, end = max(percents[side], 0.0), min(percents[side] + percents[side + 2], 100.0)
            percents[side], percents[side + 2] = min(begin, 99.0), max(end - begin, 1.0)
    else:
        percents[:2] = [min(max(percent, 0.0), 100.0) for percent in percents[:2]]
    return on_grid(Shape("rect", tuple(percents), element.angle))
