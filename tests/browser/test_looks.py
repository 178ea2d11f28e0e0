"""How answers and their surroundings look, in a real browser: notes made for that, on a phone and a desktop."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ankigen import note_types
from tests.browser.browser import MATHJAX, Site, measure, page
from tests.browser.test_browser import AA, MODES, WIDTHS
from tests.browser.tour import Tour
from tests.helpers.judge import Judge

NOTES = Path(__file__).parent / "looks/answers.md"
SELECTORS = (
    ".face", ".face.question", ".face.question h1", ".face.question h2", ".face.question h6", ".face li", ".cloze",
    ".cloze mjx-container", "li > mjx-container", ".ankigen-reference", ".source a", ".ankigen-callout",
    ".face .question", ".face .question .source", ".face .question .context",
    *(f".ankigen-callout-{kind} > .ankigen-callout-title"
      for kind in ("question", "missing", "source", "extra", "context", "tip", "warning", "quote", "bug")),
    *(f".ankigen-callout-{kind} > p:last-child" for kind in ("question", "missing", "source", "extra", "context")),
)  # fmt: skip


@pytest.fixture(scope="module")
def seen(judge: Judge) -> list[dict[str, Any]]:
    assert MATHJAX.is_dir(), "npm install --prefix tests/browser: the browser tests need MathJax"
    tour = Tour(judge, NOTES)
    assert tour.problems == []
    pages, tasks = {}, []
    for number, card in enumerate(tour.cards):
        for mode in MODES:
            path = f"/{number}/{mode}"
            pages[path] = page(card.shown.answer, note_types.BASIC.note_type.css, mode)
            tasks += [{"path": path, "width": width, "title": card.title, "looks": SELECTORS} for width in WIDTHS]
    return measure(Site(pages, tour.media, tasks))


def found(seen: list[dict[str, Any]], selector: str) -> list[dict[str, Any]]:
    looks = [each["looks"][selector] for each in seen if each["looks"][selector]]
    assert looks, f"no card has {selector}"
    return looks


def test_no_face_is_wider_than_the_screen_and_all_text_has_contrast(seen: list[dict[str, Any]]) -> None:
    assert [(each["title"], each["width"]) for each in seen if each["overflow"] > 0] == []
    assert [(each["title"], each["contrast"]) for each in seen if each["contrast"]["ratio"] < AA] == []


def test_a_formula_within_a_line_scrolls_by_itself_where_the_screen_is_narrow(seen: list[dict[str, Any]]) -> None:
    narrow = [each for each in seen if each["width"] == WIDTHS[0] and each["title"].startswith("How does a formula")]
    assert all(look["scrolls"] for look in found(narrow, "li > mjx-container"))


def test_a_formula_that_is_an_answer_has_the_colour_of_answers(seen: list[dict[str, Any]]) -> None:
    found(seen, ".cloze mjx-container")
    colours = [(each["looks"][".cloze"], each["looks"][".cloze mjx-container"]) for each in seen]
    pairs = [(cloze["color"], formula["color"]) for cloze, formula in colours if cloze and formula]
    assert [pair for pair in pairs if pair[0] != pair[1]] == []
    assert {each["title"][:6] for each in seen if each["looks"][".cloze mjx-container"]} == {"Energy", "$$x = "}


def test_headings_ask_in_one_size(seen: list[dict[str, Any]]) -> None:
    for width in WIDTHS:
        here = [each for each in seen if each["width"] == width]
        sizes = {
            look["fontSize"]
            for selector in (".face.question", *(f".face.question h{level}" for level in (1, 2, 6)))
            for look in found(here, selector)
        }
        assert len(sizes) == 1


@pytest.mark.parametrize("kind", ["question", "missing", "source", "extra", "context"])
def test_a_box_looks_like_a_box_whatever_its_kind_is_called(seen: list[dict[str, Any]], kind: str) -> None:
    boxes = [each for each in seen if each["looks"][f".ankigen-callout-{kind} > p:last-child"]]
    for each in boxes:
        text = each["looks"][f".ankigen-callout-{kind} > p:last-child"]
        assert (text["fontSize"], text["fontStyle"]) == (each["looks"][".face li"]["fontSize"], "normal")
    assert boxes


def test_boxes_have_a_sign_and_a_colour_of_their_kind(seen: list[dict[str, Any]]) -> None:
    titles = {kind: found(seen, f".ankigen-callout-{kind} > .ankigen-callout-title")[0] for kind in
              ("question", "missing", "source", "tip", "warning", "quote", "bug")}  # fmt: skip
    signs = [titles[kind]["sign"] for kind in ("question", "missing", "source", "tip", "warning", "quote", "bug")]
    assert signs == ['"?"', '"×"', '"i"', '"★"', '"!"', '"”"', '"×"']
    assert len({titles[kind]["color"] for kind in ("question", "missing", "source", "tip", "warning", "quote")}) == 6


def test_classes_within_a_face_mean_nothing_to_the_sheet(seen: list[dict[str, Any]]) -> None:
    for each in seen:
        inside = [each["looks"][f".face .question{more}"] for more in ("", " .source", " .context")]
        assert len({(look["fontSize"], look["color"]) for look in inside if look}) <= 1
    assert len(found(seen, ".face .question .context")) == len(MODES) * len(WIDTHS)


def test_references_and_the_way_back_are_no_plain_text(seen: list[dict[str, Any]]) -> None:
    assert {look["borderBottomStyle"] for look in found(seen, ".ankigen-reference")} == {"dotted"}
    assert {look["textDecorationLine"] for look in found(seen, ".source a")} == {"underline"}
