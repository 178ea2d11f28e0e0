"""Masks on pictures in a real browser, drawn by Anki's own script: there on the front, and off what is asked behind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ankigen import note_types
from ankigen.data import MediaFile
from ankigen.source import load
from tests.browser.browser import Site, measure, page
from tests.helpers.building import NOON, write
from tests.helpers.judge import Judge

WIDTHS = (390, 1200)
MODES = ("light", "dark")
LEAF = '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="260"><rect width="400" height="260"/></svg>'
PARTS = """\
\t- a
\t  area:: 10 10 20 20
\t- b
\t  area:: ellipse 40 10 20 20
\t- c
\t  area:: polygon 70,10 90,10 80,30
\t- d
\t  area:: 20 50 20 20 angle 90; 60 50 10 10
\t- e: f
\t  area:: label 70 80
"""
CENTRES = {
    "a": [(0.2, 0.2)],
    "b": [(0.5, 0.2)],
    "c": [(0.8, 0.16)],
    "d": [(0.2 - 0.1 * 260 / 400, 0.5 + 0.1 * 400 / 260), (0.65, 0.55)],
}
POINTS = [point for points in CENTRES.values() for point in points]
OWNER = [number for number, points in enumerate(CENTRES.values()) for _ in points]
FREE = [(0.35, 0.35), (0.02, 0.02), (0.95, 0.95)]


@pytest.fixture(scope="module")
def seen(judge: Judge, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    pages: dict[str, str] = {}
    media: dict[str, MediaFile] = {}
    tasks: list[dict[str, Any]] = []
    for tag, all_hidden in (("", False), (" #hide-all-test-one", True)):
        folder: Path = tmp_path_factory.mktemp("notes")
        (folder / "leaf.svg").write_text(LEAF)
        desired = load(write(folder, page=f"- Name the part. ![](leaf.svg) #card{tag}\n{PARTS}"), NOON)
        assert desired.problems == ()
        [note] = desired.notes
        media |= {file.name: file for file in desired.media}
        for card in judge.cards(note_types.OCCLUSION.note_type, note_types.fields_of(note)):
            for side, html in (("front", card.question), ("back", card.answer)):
                for mode in MODES:
                    path = f"/{all_hidden}/{card.ordinal}/{side}/{mode}"
                    pages[path] = page(html, note_types.OCCLUSION.note_type.css, mode, has_math=False)
                    tasks += [
                        {"path": path, "width": width, "points": [*POINTS, *FREE], "side": side, "card": card.ordinal,
                         "all": all_hidden}
                        for width in WIDTHS
                    ]  # fmt: skip
    return measure(Site(pages, media, tasks))


def is_masked(pixel: list[int]) -> bool:
    return pixel[3] == 255


def test_every_part_is_masked_on_its_front_and_clear_on_its_back(seen: list[dict[str, Any]]) -> None:
    assert len(seen) == 2 * 4 * 2 * len(MODES) * len(WIDTHS)
    for one in seen:
        drawn = one["masks"]["drawn"]
        for owner, pixel in zip(OWNER, drawn, strict=False):
            others_are_hidden = one["all"]
            expected = one["side"] == "front" if owner == one["card"] else others_are_hidden
            assert is_masked(pixel) == expected, (one["path"], one["width"], owner, pixel)
        assert not any(map(is_masked, drawn[len(POINTS) :])), one["path"]


def test_the_masks_lie_on_the_picture_and_no_script_fails(seen: list[dict[str, Any]]) -> None:
    assert [(one["path"], one["masks"]) for one in seen if one["masks"]["off"] > 1 or one["masks"]["error"]] == []
    assert all(300 < one["masks"]["width"] <= one["width"] for one in seen)


def test_what_is_asked_looks_other_than_what_is_only_hidden(seen: list[dict[str, Any]]) -> None:
    for one in seen:
        if one["all"] and one["side"] == "front":
            colours = {True: set(), False: set()}  # type: dict[bool, set[tuple[int, ...]]]
            for owner, pixel in zip(OWNER, one["masks"]["drawn"], strict=False):
                colours[owner == one["card"]].add(tuple(pixel))
            assert len(colours[True]) == len(colours[False]) == 1
            assert colours[True] != colours[False]


def test_no_face_is_wider_than_the_screen_and_all_text_can_be_read(seen: list[dict[str, Any]]) -> None:
    assert [one["path"] for one in seen if one["overflow"] > 0 or one["broken"]] == []
    assert [(one["path"], one["contrast"]) for one in seen if one["contrast"]["ratio"] < 4.5] == []
