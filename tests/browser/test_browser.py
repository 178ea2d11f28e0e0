"""The tour's cards in a real browser: on a phone and a desktop, light and dark."""

from __future__ import annotations

from typing import Any

import pytest

from ankigen import note_types
from tests.browser.browser import MASKED, MATHJAX, Site, measure, page
from tests.browser.tour import Tour
from tests.helpers.judge import Judge

WIDTHS = (320, 1280)
MODES = ("light", "dark")
AA = 4.5


@pytest.fixture(scope="session")
def tour(judge: Judge) -> Tour:
    return Tour(judge)


@pytest.fixture(scope="session")
def seen(tour: Tour) -> list[dict[str, Any]]:
    assert MATHJAX.is_dir(), "npm install --prefix tests/browser: the browser tests need MathJax"
    pages, tasks = {}, []
    for number, card in enumerate(tour.cards):
        for side, html in (("question", card.shown.question), ("answer", card.shown.answer)):
            for mode in MODES:
                path = f"/{number}/{side}/{mode}"
                css = (note_types.OCCLUSION if MASKED in html else note_types.BASIC).note_type.css
                pages[path] = page(html, css, mode, has_math="\\(" in html or "\\[" in html)
                asked = html.count("\\(") + html.count("\\[")
                tasks += [{"path": path, "width": width, "title": card.title, "asked": asked} for width in WIDTHS]
    return measure(Site(pages, tour.media, tasks))


def named(one: dict[str, Any]) -> str:
    return f"{one['title']} {one['path']} at {one['width']}"


def test_the_tour_has_no_problems(tour: Tour) -> None:
    assert tour.problems == []
    assert len(tour.cards) > 40


def test_no_face_is_wider_than_the_screen(seen: list[dict[str, Any]]) -> None:
    assert [named(one) for one in seen if one["overflow"] > 0] == []


def test_all_text_has_the_contrast_that_wcag_asks_for(seen: list[dict[str, Any]]) -> None:
    assert [(named(one), one["contrast"]) for one in seen if one["contrast"]["ratio"] < AA] == []


def test_nothing_of_a_card_runs_or_leaves_its_place(seen: list[dict[str, Any]]) -> None:
    assert [(named(one), one["live"]) for one in seen if one["live"] and not one["masks"]] == []
    assert {len(one["live"]) for one in seen if one["masks"]} == {2}  # Anki's script, and the call of it


def test_all_pictures_load(seen: list[dict[str, Any]]) -> None:
    assert [(named(one), one["broken"]) for one in seen if one["broken"]] == []


def test_all_formulas_are_typeset_without_an_error(seen: list[dict[str, Any]]) -> None:
    assert sum(one["formulas"] for one in seen) > 0
    assert [(named(one), one["formulas"]) for one in seen if one["formulas"] != one["asked"]] == []
    assert [(named(one), one["errors"]) for one in seen if one["errors"]] == []


def test_text_from_right_to_left_stands_at_the_right(seen: list[dict[str, Any]]) -> None:
    found = [one for each in seen for one in each["rightToLeft"]]
    assert len(found) > 8
    assert [one for one in found if one["right"] > one["left"]] == []
