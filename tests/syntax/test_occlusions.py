"""Shapes on pictures: what `area::` may say, what Anki gets of it, and that its editor's rounding changes nothing."""

from __future__ import annotations

import base64
import json
import math
import random
from typing import Any

import pytest

from ankigen.data import HiddenPart, Property, Shape
from ankigen.syntax.occlusions import (
    canonical_shapes,
    is_area,
    occlusion_text,
    overlapping,
    read_areas,
    read_drawn,
    shape_of,
    written_area,
)
from tests.helpers import mask_editor
from tests.helpers.growth import get_through


def any_shape(chance: random.Random) -> Shape:
    """A shape that lies on the picture."""
    form = chance.choice(["rect", "ellipse", "polygon", "label"])
    left, top = chance.uniform(0, 90), chance.uniform(0, 90)
    if form == "label":
        return Shape(form, (left, top))
    if form == "polygon":
        corners = [(left, top), (left + chance.uniform(2, 9), top), (left, top + chance.uniform(2, 9))]
        corners += [(chance.uniform(0, 100), chance.uniform(0, 100)) for _ in range(chance.randrange(4))]
        return Shape(form, tuple(side for corner in corners for side in corner))
    angle = chance.choice([0.0, 0.0, chance.uniform(-180, 360)])
    return Shape(form, (left, top, chance.uniform(1, 100 - left), chance.uniform(1, 100 - top)), angle)


@pytest.mark.parametrize(
    ("written", "shapes"),
    [
        ("12 20 30 10", [Shape("rect", (12, 20, 30, 10))]),
        ("rect 12 20 30 10", [Shape("rect", (12, 20, 30, 10))]),
        ("12%, 20%, 30%, 10%", [Shape("rect", (12, 20, 30, 10))]),
        ("12.3 20.24 30.26 10", [Shape("rect", (12.5, 20, 30.5, 10))]),
        ("12 20 30 10 angle 15", [Shape("rect", (12, 20, 30, 10), 15)]),
        ("12 20 30 10 angle -90", [Shape("rect", (12, 20, 30, 10), 270)]),
        ("Ellipse 50 50 10 5", [Shape("ellipse", (50, 50, 10, 5))]),
        ("ellipse 50 50 10.4 5.5", [Shape("ellipse", (50, 50, 10, 6))]),
        ("polygon 60,10 90,10 75,40", [Shape("polygon", (60, 10, 90, 10, 75, 40))]),
        ("polygon 60 10 90 10 75 40 angle 5", [Shape("polygon", (60, 10, 90, 10, 75, 40), 5)]),
        ("label 5 90", [Shape("label", (5, 90))]),
        ("1 2 3 4; ellipse 5 6 7 8;", [Shape("rect", (1, 2, 3, 4)), Shape("ellipse", (5, 6, 7, 8))]),
        ("99.3 0 .7e 1", None),
        ("99 0 1 100", [Shape("rect", (99, 0, 1, 100))]),
        ("98.75 0 1.25 100", [Shape("rect", (99, 0, 1, 100))]),
    ],
)
def test_an_area_is_read_onto_a_grid_of_half_a_percent(written: str, shapes: list[Shape] | None) -> None:
    assert list(read_areas(written).shapes) == (shapes or [])
    assert bool(read_areas(written).faults) == (shapes is None)


@pytest.mark.parametrize(
    "written",
    ["", ";", "12 20 30", "12 20 30 10 5", "circle 1 2 3", "polygon 1,2 3,4", "polygon 1 2 3 4 5 6 7", "label 5",
     "rect", "rect a b c d", "12 20 30 10 angle", "12 20 30 10 angle x", "1 2 3 4 5 6", "1e9 0 1 1", "nan 0 1 1"],
)  # fmt: skip
def test_what_is_no_shape_is_a_fault_that_shows_the_form(written: str) -> None:
    read = read_areas(written)
    assert [fault.rule for fault in read.faults] == ["area-form"]
    assert "left top width height" in read.faults[0].message


@pytest.mark.parametrize(
    "written",
    ["-1 0 10 10", "0 -1 10 10", "91 0 10 10", "0 91 10 10", "120 200 300 100", "0 0 .5 10", "0 0 10 0.9",
     "polygon 0,0 101,0 50,50", "polygon 0,0 50,0 99,.5", "label 101 0", "ellipse 50 50 60 10", "101 0 5 5 angle 3"],
)  # fmt: skip
def test_what_nobody_would_see_on_the_picture_is_a_fault(written: str) -> None:
    assert [fault.rule for fault in read_areas(written).faults] == ["area-outside"]
    assert read_areas(written).shapes == ()


def test_one_bad_shape_of_several_is_named_and_the_others_are_read() -> None:
    read = read_areas("1 2 3 4; square 1 2; 5 6 7 8")
    assert (len(read.shapes), [fault.message[:12] for fault in read.faults]) == (2, ["`square 1 2`"])


@pytest.mark.parametrize(
    ("value", "question", "expected"),
    [
        ("12 20 30 10", "no picture", True),
        ("12 20", "no picture", False),
        ("12 20", "![](a.png)", True),
        ("circle 1 2 3", "![](a.png)", True),
        ("Physics", "![](a.png)", False),
        ("500 km", "![](a.png)", False),
        ("ellipse", "no picture", True),
        ("label 1 2", "", True),
        ("1 2 3 4 km", "no picture", False),
    ],
)
def test_an_area_of_knowledge_or_land_is_no_part_of_a_picture(value: str, question: str, expected: bool) -> None:
    assert is_area(value, question) is expected


def test_a_written_area_is_read_as_the_same_shape() -> None:
    chance = random.Random(1)
    for _ in range(500):
        [shape] = read_areas(written_area(any_shape(chance))).shapes or [None]
        assert shape is not None
        assert read_areas(written_area(shape)).shapes == (shape,)


@pytest.mark.parametrize("hides_all", [False, True])
def test_the_canonical_form_is_a_fixed_point_of_the_editors_rounding(hides_all: bool) -> None:
    chance = random.Random(2)
    for _ in range(400):
        shapes = [
            (number, shape, "a: b \\ }} = <b>[sound:x]")
            for number in range(1, chance.randrange(2, 6))
            for shape in read_areas(written_area(any_shape(chance))).shapes
        ]
        field = occlusion_text(shapes, hides_all=hides_all)
        width, height = chance.choice([200, chance.randint(205, 2000)]), chance.randint(205, 2000)
        later = mask_editor.saved(field, width, height)
        assert canonical_shapes(later) == canonical_shapes(field) is not None, (field, width, height)
        assert canonical_shapes(mask_editor.saved(later, width, height)) == canonical_shapes(field)


@pytest.mark.thorough
@pytest.mark.parametrize("side", ["left", "top", "width", "height"])
def test_every_step_of_the_grid_is_known_again_at_every_width(side: str) -> None:
    """From 201 to 204 pixels the four digits that Anki writes may lie in the middle between two steps."""
    for step in range(201):
        field = f"{{{{c1::image-occlusion:rect:{side}={mask_editor.shown(step / 200)}}}}}<br>"
        form = canonical_shapes(field)
        for width in (200, *range(205, 2001)):
            assert canonical_shapes(mask_editor.saved(field, width, width)) == form


def test_a_mask_that_was_moved_turned_coloured_or_numbered_anew_says_something_else() -> None:
    field = occlusion_text([(1, Shape("rect", (12, 20, 30, 10)), ""), (2, Shape("rect", (60, 20, 30, 10)), "")],
                           hides_all=True)  # fmt: skip
    form = canonical_shapes(field)
    others = [
        mask_editor.moved(field, 1, 0.02),
        field.replace("width=.3", "width=.31"),
        field.replace(":oi=1", ""),
        field.replace("{{c2", "{{c3"),
        field.replace("height=.1", "height=.1:angle=25"),
        field.replace("height=.1", "height=.1:fill=#ff0000"),
        field.replace("rect", "ellipse", 1),
        field.partition("<br>")[2],
    ]
    assert form is not None
    assert len({form, *map(canonical_shapes, others)}) == len(others) + 1


@pytest.mark.parametrize(
    "field",
    ["", "text", "{{c1::answer}}", "A {{c1::image-occlusion:rect:left=.1}} in words", "{{c1::image-occlusion:rect",
     "{{c1::image-occlusion:rect:left=.1}}<br>more"],
)  # fmt: skip
def test_a_field_that_is_not_of_shapes_alone_has_no_such_form(field: str) -> None:
    assert canonical_shapes(field) is None


def test_what_no_editor_writes_has_a_form_as_well() -> None:
    field = "{{c1::image-occlusion:rect:left=x:top=:width=inf:height=nan:points=1 ,2:fs=1e999}}"
    assert canonical_shapes(field) is not None


def part(name: str, written: str, line: int) -> HiddenPart:
    return HiddenPart(Property("area", written, line), name, read_areas(written).shapes)


@pytest.mark.parametrize(
    ("other", "is_over"),
    [("10 10 20 20", True), ("10.5 10 20 20", True), ("15 10 20 20", False), ("11 11 5 5", False),
     ("50 50 5 5", False), ("10 10 20 20 angle 30", False), ("label 10 10", False)],
)  # fmt: skip
def test_parts_that_cover_each_other_are_told(other: str, is_over: bool) -> None:
    pairs = list(overlapping([part("a", "10 10 20 20", 1), part("b", other, 2)]))
    assert bool(pairs) is is_over
    assert list(overlapping([part("a", "10 10 20 20", 1), part("a", other, 2)])) == []


def drawn(said: Any) -> str:
    return base64.b64encode(json.dumps(said).encode()).decode()


ELEMENT = {"left": 130, "top": 100, "width": 52, "height": 20, "angle": 0, "cId": 3}


@pytest.mark.parametrize(
    ("said", "hides_all"),
    [
        ({"../assets/leaf.png": {"config": {"hideAllTestOne": True}, "elements": [ELEMENT]}}, True),
        ({"../assets/leaf.png": {"config": {}, "elements": [ELEMENT]}}, False),
        ({"../assets/leaf.png": [ELEMENT]}, False),
        ([ELEMENT], False),
    ],
)
def test_the_plugins_rectangles_are_read_in_either_form(said: Any, hides_all: bool) -> None:
    read = read_drawn(drawn(said))
    assert (read.fault, read.hides_all, [element.number for element in read.elements]) == ("", hides_all, [3])
    assert shape_of(read.elements[0], (260, 200)) == Shape("rect", (40, 45, 20, 10))


@pytest.mark.parametrize(
    "value",
    ["", "not base64", drawn("text"), drawn({}), drawn({"a": {}}), drawn({"a": []}), drawn([{"left": 1}]), drawn(7),
     drawn([{**ELEMENT, "width": 0}]), drawn([{**ELEMENT, "cId": "x"}]), drawn([{**ELEMENT, "left": [1]}]),
     drawn([{**ELEMENT, "cId": 0}]), drawn({"a": {"elements": 5}}), drawn([None]), "/w==",
     drawn([{**ELEMENT, "left": 1e999}])],
)  # fmt: skip
def test_what_the_plugin_did_not_write_is_a_fault(value: str) -> None:
    assert read_drawn(value).fault


@pytest.mark.parametrize("angle", [0, 10, 45, 90, 180, 333])
def test_a_rectangle_turned_about_its_centre_stays_there_turned_about_its_corner(angle: int) -> None:
    """Anki's own way: the corner stands where it is, and width and height go off it at the angle."""
    width, height = 400, 300
    [element] = read_drawn(drawn([{**ELEMENT, "left": 200, "top": 150, "angle": angle}])).elements
    shape = shape_of(element, (width, height))
    left, top, across, down = (
        number / 100 * side for number, side in zip(shape.numbers, (width, height) * 2, strict=True)
    )
    turn = math.radians(shape.angle)
    centre = (
        left + across / 2 * math.cos(turn) - down / 2 * math.sin(turn),
        top + across / 2 * math.sin(turn) + down / 2 * math.cos(turn),
    )
    assert list(centre) == pytest.approx([200, 150], abs=2)


def test_a_rectangle_of_the_plugin_that_reaches_over_the_edge_is_cut_there() -> None:
    [element] = read_drawn(drawn([{**ELEMENT, "left": 0, "top": 0, "width": 52, "height": 40}])).elements
    assert shape_of(element, (260, 200)) == Shape("rect", (0, 0, 10, 10))


@pytest.mark.parametrize(
    "piece",
    [
        "{{c1::image-occlusion:",
        "{{c1::image-occlusion:rect:left=.1}}<br>",
        "<br>",
        "{",
        "}",
        "{{c1::image-occlusion:a:",
    ],
)
def test_a_field_costs_no_more_than_its_length(piece: str) -> None:
    get_through(piece.__mul__, canonical_shapes)


@pytest.mark.parametrize("piece", ["1 ", "1 2 3 4;", "1,2 ", " ", "a", "polygon ", "angle ", "1.", "; "])
def test_an_area_costs_no_more_than_its_length(piece: str) -> None:
    get_through(piece.__mul__, read_areas)
    get_through(piece.__mul__, has_area)


def has_area(value: str) -> bool:
    return is_area(value, "")
