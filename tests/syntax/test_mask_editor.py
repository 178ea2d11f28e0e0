"""A save in Anki's mask editor that moved nothing is known from one that did, however flat the picture is."""

from __future__ import annotations

import math
import random

import pytest

from ankigen.data import Shape
from ankigen.syntax.mask_editor import before_save
from ankigen.syntax.occlusions import canonical_shapes, occlusion_text, on_grid
from tests.helpers import mask_editor

FLAT = (500, 89)
OURS = (
    "{{c1::image-occlusion:rect:left=.12:top=.205:width=.3:height=.335:oi=1}}<br>"
    "{{c2::image-occlusion:ellipse:left=.5:top=.505:rx=.055:ry=.135:oi=1}}<br>"
    "{{c3::image-occlusion:polygon:left=.6:top=.105:points=.6,.105 .9,.135 .75,.415:oi=1}}<br>"
)
SAVED_BY_A_DESKTOP = [
    (
        "{{c1::image-occlusion:rect:left=.1195:top=.2075:width=.2997:height=.3396:oi=1}}<br>"
        "{{c3::image-occlusion:polygon:left=.5993:top=.1038:points=.5993,.1038 .9007,.1321 .7508,.4151:oi=1}}<br>"
        "{{c2::image-occlusion:ellipse:left=.5:top=.5094:rx=.0556:ry=.1321:oi=1}}<br>"
    ),
    (
        "{{c3::image-occlusion:polygon:left=.6008:top=.1034:points=.6008,.1034 .8992,.1379 .751,.4138:oi=1}}<br>"
        "{{c1::image-occlusion:rect:left=.1193:top=.2069:width=.3004:height=.3333:oi=1}}<br>"
        "{{c2::image-occlusion:ellipse:left=.5:top=.5057:rx=.0556:ry=.1379:oi=1}}<br>"
    ),
    (
        "{{c1::image-occlusion:rect:left=.1204:top=.2078:width=.3009:height=.3377:oi=1}}<br>"
        "{{c2::image-occlusion:ellipse:left=.5:top=.5065:rx=.0556:ry=.1299:oi=1}}<br>"
        "{{c3::image-occlusion:polygon:left=.5995:top=.1039:points=.5995,.1039 .9005,.1299 .75,.4156:oi=1}}<br>"
    ),
]
"""What Anki 26.9.3 made of that, shown with 593, 485 and 431 pixels: a picture of 500 x 89."""


def origin(saved: str, ours: str, base: str, size: tuple[int, int] = FLAT) -> str | None:
    """The canonical form of what the editor made this text of, if that is what the notes say or what the base knows."""
    known = {canonical_shapes(ours), canonical_shapes(base)}
    text = before_save(saved, ours, size, lambda text: canonical_shapes(text) in known)
    return text and canonical_shapes(text)


@pytest.mark.parametrize("saved", SAVED_BY_A_DESKTOP)
def test_what_a_desktop_saved_unasked_is_what_the_notes_say(saved: str) -> None:
    assert canonical_shapes(saved) != canonical_shapes(OURS)
    assert origin(saved, OURS, OURS) == canonical_shapes(OURS)


@pytest.mark.parametrize("saved", SAVED_BY_A_DESKTOP)
def test_it_is_known_although_the_notes_have_changed_since(saved: str) -> None:
    changed = OURS.replace("left=.12:top=.205", "left=.4:top=.6").replace(".75,.415", ".8,.5")
    assert origin(saved, OURS.replace(".12", ".125"), OURS) == canonical_shapes(OURS)
    assert origin(saved, changed, OURS) == canonical_shapes(OURS)
    assert origin(saved, OURS[: OURS.index("{{c3")], OURS) == canonical_shapes(OURS)


@pytest.mark.parametrize("saved", SAVED_BY_A_DESKTOP)
@pytest.mark.parametrize("by", [1, 2, -3])
def test_what_the_reader_moved_by_a_pixel_is_not(saved: str, by: int) -> None:
    pixel = {".2075": 106, ".2069": 87, ".2078": 77}
    [(top, pixels)] = [(top, pixels) for top, pixels in pixel.items() if f"top={top}" in saved]
    moved = saved.replace(f"top={top}", f"top={mask_editor.shown(float(top) + by / pixels)}")
    assert moved != saved
    assert origin(moved, OURS, OURS) is None


@pytest.mark.parametrize(
    "saved",
    [
        "", "words", OURS.replace("c1::", "c4::"), OURS.replace("rect", "ellipse"), OURS.replace(".205", "1.205"),
        OURS.replace(".205", "high"), OURS.replace(".335:", ".335:fill=#ff0000:"), OURS[: OURS.index("{{c3")],
        OURS.replace(".6,.105 ", ""), OURS.replace(".6,.105", ".6"),
    ],
)  # fmt: skip
def test_another_text_is_no_such_save(saved: str) -> None:
    assert origin(saved, OURS, OURS) is None


def any_shapes(chance: random.Random, size: tuple[int, int]) -> str:
    """Shapes of a picture, none lower than the five pixels that the editor keeps."""
    least = [max(8, math.ceil(100 * 6 / side)) for side in size]
    shapes = []
    for number in range(1, chance.randrange(2, 6)):
        sides = [chance.randrange(2 * low, 80) / 2 + low for low in least]
        corner = [chance.randrange(0, 2 * math.floor(100 - side)) / 2 for side in sides]
        form = chance.choice(["rect", "rect", "ellipse", "polygon"])
        if form == "polygon":
            (left, top), (wide, high) = corner, sides
            numbers = [left, top, left + wide, top, left + wide / 2, top + high]
        else:
            numbers = [*corner, *sides]
        shapes.append((number, on_grid(Shape(form, tuple(numbers))), ""))
    return occlusion_text(shapes, hides_all=chance.random() < 0.5)


def shown(chance: random.Random, size: tuple[int, int]) -> tuple[float, float]:
    """The pixels that the editor counts of a picture that it fits into a window, on any screen."""
    dense = chance.choice([1, 1, 1.25, 1.5, 2, 2.625, 3])
    longer = chance.randrange(380, 1100) * dense
    scale = longer / max(size)
    across, down = (math.floor(side * scale) / dense + 1 for side in size)
    return across, down


SIZES = [(500, 89), (1200, 60), (90, 700), (800, 600), (300, 299), (1600, 200), (60, 60)]


def is_saved_somewhere(saved: str, ours: str, size: tuple[int, int]) -> bool:
    """Whether the editor makes just this of our text in any window."""
    wanted = sorted(saved.split("<br>"))
    return any(
        sorted(mask_editor.saved(ours, dots / dense + 1, more / dense + 1).split("<br>")) == wanted
        for dense in (1, 1.25, 1.5, 1.75, 2, 2.25, 2.5, 2.625, 2.75, 2.8125, 3, 3.5, 4)
        for dots in range(60, 2400)
        for more in {math.floor(dots * size[1] / size[0]), math.floor((dots + 1) * size[1] / size[0])}
        if more
    )


@pytest.mark.parametrize("count", [150, pytest.param(3000, marks=pytest.mark.thorough)])
def test_any_save_that_moves_nothing_is_known_and_one_that_moves_a_shape_is_not(count: int) -> None:
    chance = random.Random(count)
    tried = 0
    for _ in range(count):
        size = chance.choice(SIZES)
        ours = any_shapes(chance, size)
        across, down = shown(chance, size)
        saved = mask_editor.saved(ours, across, down)
        assert canonical_shapes(ours) in {canonical_shapes(saved), origin(saved, ours, ours, size)}
        side, pixels = chance.choice([("left", across), ("top", down)])
        moved = mask_editor.moved(saved, 1, chance.choice([-3, -2, -1, 1, 2, 3]) / pixels, side)
        if "=-" in moved or canonical_shapes(moved) == canonical_shapes(ours):
            continue
        tried += 1
        # Of a single shape another window may make the very same: then nobody can tell, and the window is shown here.
        assert origin(moved, ours, ours, size) is None or is_saved_somewhere(moved, ours, size)
    assert tried > count / 2
