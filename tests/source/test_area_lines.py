"""What is drawn on a picture becomes `area::` lines, and nothing else in the file changes."""

from __future__ import annotations

from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankigen.data import Shape
from ankigen.errors import AreasRefused, ChangedMeanwhile
from ankigen.source.area_lines import CardParts, DrawnPart, read_parts, write_parts
from ankigen.syntax import occlusions

LEAF = (
    "title:: Leaves\n\n"
    "- Before\n"
    "- Name the parts. #card\n"
    "  ![a leaf](leaf.svg)\n"
    "\t- blade\n"
    "\t  area:: 12 20 30 10\n"
    "\t- midrib\n"
    "\t  area:: ellipse 50 50 10 6\n"
    "\t\t- It carries water.\n"
    "\t- Leaves turn to the light.\n"
    "- After #card\n"
    "\t- yes\n"
)
BLADE, MIDRIB = DrawnPart("blade", "12 20 30 10", 6), DrawnPart("midrib", "ellipse 50 50 10 6", 8)
LINE = 4


def drawn(tmp_path: Path, text: str, *parts: DrawnPart, line: int = LINE) -> str:
    path = tmp_path / "a.md"
    path.write_bytes(text.encode())
    write_parts(path, line, CardParts(read_parts(path, line).digest, parts))
    return path.read_bytes().decode()


def test_parts_are_read_with_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(LEAF)
    assert read_parts(path, LINE).parts == (BLADE, MIDRIB)


def test_what_was_not_changed_is_not_written(tmp_path: Path) -> None:
    assert drawn(tmp_path, LEAF, BLADE, MIDRIB) == LEAF
    assert drawn(tmp_path, LEAF, MIDRIB, BLADE) == LEAF


@pytest.mark.parametrize(
    ("parts", "old", "new"),
    [
        ((DrawnPart("blade", "13 20 30 10", 6), MIDRIB), "12 20 30 10", "13 20 30 10"),
        ((DrawnPart("lamina", "12 20 30 10", 6), MIDRIB), "- blade", "- lamina"),
        ((BLADE, MIDRIB, DrawnPart("stalk", "1 2 3 4")), "water.\n", "water.\n\t- stalk\n\t  area:: 1 2 3 4\n"),
        ((MIDRIB,), "\t- blade\n\t  area:: 12 20 30 10\n", ""),
        ((BLADE,), "\t  area:: ellipse 50 50 10 6\n", ""),
    ],
    ids=["moved", "renamed", "new", "gone", "gone, but not what is below it"],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_only_the_lines_of_the_part_change(
    tmp_path: Path, parts: tuple[DrawnPart, ...], old: str, new: str, end: str, mark: str
) -> None:
    before, after = (mark + text.replace("\n", end) for text in (LEAF, LEAF.replace(old, new, 1)))
    assert drawn(tmp_path, before, *parts) == after


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("- Name it ![](a.png) #card", "- Name it ![](a.png) #card\n\t- x\n\t  area:: 1 2 3 4"),
        (
            "- Name it ![](a.png) #card\n  id:: 1\n- b\n",
            "- Name it ![](a.png) #card\n  id:: 1\n\t- x\n\t  area:: 1 2 3 4\n- b\n",
        ),
        (
            "- Name it ![](a.png) #card\n    - b\n",
            "- Name it ![](a.png) #card\n    - x\n      area:: 1 2 3 4\n    - b\n",
        ),
    ],
)
def test_the_first_part_of_a_card_stands_above_what_is_below_it(tmp_path: Path, text: str, after: str) -> None:
    assert drawn(tmp_path, text, DrawnPart("x", "1 2 3 4"), line=1) == after


def test_a_file_that_changed_meanwhile_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(LEAF)
    digest = read_parts(path, LINE).digest
    path.write_text(LEAF + "- more\n")
    with pytest.raises(ChangedMeanwhile):
        write_parts(path, LINE, CardParts(digest, ()))
    assert path.read_text() == LEAF + "- more\n"


@pytest.mark.parametrize(
    "part",
    [
        DrawnPart("x", "nonsense"),
        DrawnPart("x", "1 2 300 4"),
        DrawnPart("", "1 2 3 4"),
        DrawnPart("a\n- b", "1 2 3 4"),
        DrawnPart("x", "1 2 3 4\n- b"),
        DrawnPart("x", "1 2 3 4", 5),
        DrawnPart("x", "1 2 3 4", 12),
        DrawnPart("x\nid:: 1", "1 2 3 4"),
        DrawnPart("area:: 1 2 3 4", "1 2 3 4"),
        DrawnPart("a:: b", "1 2 3 4"),
    ],
)
def test_what_would_say_something_else_is_refused(tmp_path: Path, part: DrawnPart) -> None:
    path = tmp_path / "a.md"
    path.write_text(LEAF)
    with pytest.raises(AreasRefused):
        write_parts(path, LINE, CardParts(read_parts(path, LINE).digest, (BLADE, MIDRIB, part)))
    assert path.read_text() == LEAF


@pytest.mark.parametrize(
    ("name", "text"), [("a.org", "* Q #card\n"), ("a.md", "- Q #card\n  occlusion:: e30=\n"), ("a.md", "text\n")]
)
def test_what_cannot_be_drawn_on_is_told(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(AreasRefused):
        read_parts(tmp_path / name, 1)


NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)


@given(names=st.lists(NAMES, max_size=4), keep=st.sets(st.sampled_from([BLADE, MIDRIB])))
def test_whatever_a_part_is_called_the_rest_of_the_file_says_the_same(
    tmp_path_factory: pytest.TempPathFactory, names: list[str], keep: set[DrawnPart]
) -> None:
    path = tmp_path_factory.mktemp("law") / "a.md"
    path.write_text(LEAF)
    new = [DrawnPart(name, f"{number} 2 3 4") for number, name in enumerate(names)]
    try:
        write_parts(path, LINE, CardParts(read_parts(path, LINE).digest, (*keep, *new)))
    except AreasRefused:
        assert path.read_text() == LEAF
        return
    said = [(part.name, part.area) for part in read_parts(path, LINE).parts]
    assert sorted(said) == sorted((part.name, part.area) for part in (*keep, *new))
    others = [line for line in LEAF.split("\n") if "area" not in line and "blade" not in line]
    assert [line for line in path.read_text().split("\n") if line in others] == others


HALVES = st.integers(0, 200).map(lambda number: number / 2)
SIZES = st.integers(2, 200).map(lambda number: number / 2)
ANGLES = st.integers(0, 359).map(float)
CORNERS = st.lists(st.tuples(HALVES, HALVES), min_size=3, max_size=6, unique=True)
SHAPES = st.one_of(
    st.builds(Shape, st.sampled_from(["rect", "ellipse"]), st.tuples(HALVES, HALVES, SIZES, SIZES), ANGLES),
    st.builds(Shape, st.just("polygon"), CORNERS.map(lambda corners: tuple(chain(*corners))), ANGLES),
    st.builds(Shape, st.just("label"), st.tuples(HALVES, HALVES), ANGLES),
).map(occlusions.on_grid)
ON_PICTURES = SHAPES.filter(lambda shape: not occlusions.read_areas(occlusions.written_area(shape)).faults)
DRAWN = st.lists(st.tuples(st.text("abc ", min_size=1).map(str.strip).filter(bool), st.lists(ON_PICTURES, min_size=1)))


@given(drawn=DRAWN, again=DRAWN)
def test_what_is_drawn_is_what_is_read_whatever_it_is(
    tmp_path_factory: pytest.TempPathFactory,
    drawn: list[tuple[str, list[Shape]]],
    again: list[tuple[str, list[Shape]]],
) -> None:
    path = tmp_path_factory.mktemp("law") / "a.md"
    path.write_text(LEAF)
    for parts in (drawn, again):
        known = read_parts(path, LINE)
        lines = [part.line for part in known.parts] + [0] * len(parts)
        said = [
            (" ".join(name.split()), "; ".join(map(occlusions.written_area, shapes)), line)
            for (name, shapes), line in zip(parts, lines, strict=False)
        ]
        write_parts(path, LINE, CardParts(known.digest, tuple(DrawnPart(*part) for part in said)))
        read = [(part.name, occlusions.read_areas(part.area).shapes) for part in read_parts(path, LINE).parts]
        assert sorted(read, key=repr) == sorted(
            ((" ".join(name.split()), tuple(shapes)) for name, shapes in parts), key=repr
        )
