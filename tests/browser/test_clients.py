"""Cards in each of Anki's programs, whose own sheets colour the night, take lines from links, draw buttons."""

from __future__ import annotations

from typing import Any

import pytest

from ankigen import note_types
from ankigen.source import load
from tests.browser.browser import CLIENTS, MATHJAX, Site, measure, page
from tests.browser.test_browser import AA, MODES
from tests.helpers.building import NOON, write
from tests.helpers.judge import Judge

CHOICES = """\
- Which of these are noble gases? #card #choice
	- [x] neon
	- [ ] nitrogen
	- See [the table](https://example.org/table), and $E = mc^2$ or $a^2 + b^2 + c^2 + d^2 = e^2$.
- How is carbon burnt? #card #type-in
	- carbon dioxide
"""
PLAYED = (
    '<a class="replay-button soundLink" href="#"><svg class="playImage" viewBox="0 0 64 64">'
    '<circle cx="32" cy="32" r="29"></circle><path d="M24 18L46 32L24 46Z"></path></svg></a>'
    '<a class="replay-button replaybutton" href="#"><span><svg viewBox="0 0 32 32">'
    '<polygon points="10,6 26,16 10,26"></polygon></svg></span></a>'
)
"""The button that plays a sound, as the desktop has it and as older versions of AnkiDroid have it."""
QUESTION = '<div class="face question" dir="auto">'
SELECTORS = (
    "body", ".face", ".face > ol.choices > li", ".face a[href^=http]", "mjx-container",
    "mjx-container ~ mjx-container", ".replay-button", ".replay-button svg", ".replay-button circle",
    ".replay-button path", ".replaybutton span svg", "#typeans", ".typeGood", ".typeBad", ".typeMissed",
)  # fmt: skip
PAPER = {"light": "rgb(253, 252, 250)", "dark": "rgb(29, 30, 33)"}
RAISED = {"light": "rgb(244, 241, 236)", "dark": "rgb(41, 43, 47)"}
INK = {"light": "rgb(34, 33, 31)", "dark": "rgb(230, 227, 221)"}
NONE = "rgba(0, 0, 0, 0)"


@pytest.fixture(scope="module")
def seen(judge: Judge, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    assert MATHJAX.is_dir(), "npm install --prefix tests/browser: the browser tests need MathJax"
    pages, tasks = {}, []
    note_type = note_types.BASIC.note_type
    notes = load(write(tmp_path_factory.mktemp("notes"), page=CHOICES), NOON).notes
    for number, note in enumerate(notes):
        [shown] = judge.cards(note_type, note_types.fields_of(note))
        for side, html in (("question", shown.question), ("answer", shown.answer)):
            played = html.replace(QUESTION, QUESTION + PLAYED)
            for client in CLIENTS:
                for mode in MODES:
                    path = f"/{number}/{side}/{client}/{mode}"
                    pages[path] = page(played, note_type.css, mode, client=client)
                    tasks.append({"path": path, "width": 900, "mode": mode, "looks": SELECTORS})
    return measure(Site(pages, {}, tasks))


def found(seen: list[dict[str, Any]], selector: str) -> list[tuple[str, str, dict[str, Any]]]:
    """How what a selector finds looks: the path of the page, its mode, and the look."""
    looks = [(each["path"], each["mode"], each["looks"][selector]) for each in seen if each["looks"][selector]]
    assert {path.split("/")[3] for path, _, _ in looks} == set(CLIENTS)
    return looks


def test_the_page_has_our_colours_by_day_and_by_night(seen: list[dict[str, Any]]) -> None:
    for path, mode, look in found(seen, "body"):
        assert (path, look["backgroundColor"], look["color"]) == (path, PAPER[mode], INK[mode])


def test_the_box_of_a_choice_is_told_from_the_page(seen: list[dict[str, Any]]) -> None:
    boxes = [one for one in found(seen, ".face > ol.choices > li") if "/question/" in one[0]]
    assert [path for path, mode, look in boxes if look["backgroundColor"] != RAISED[mode]] == []


def test_all_text_has_contrast_in_every_program(seen: list[dict[str, Any]]) -> None:
    assert [(one["path"], one["contrast"]) for one in seen if one["contrast"]["ratio"] < AA] == []
    for _, mode, look in found(seen, "#typeans"):
        assert look["color"] == INK[mode]
    for selector in (".typeGood", ".typeBad", ".typeMissed"):
        assert len({(mode, look["backgroundColor"]) for _, mode, look in found(seen, selector)}) == len(MODES)


def test_links_are_underlined(seen: list[dict[str, Any]]) -> None:
    assert {look["textDecorationLine"] for _, _, look in found(seen, ".face a[href^=http]")} == {"underline"}


def test_a_short_formula_has_no_bar_to_scroll_it_by(seen: list[dict[str, Any]]) -> None:
    for selector in ("mjx-container", "mjx-container ~ mjx-container"):
        assert [path for path, _, look in found(seen, selector) if look["scrolls"]] == []


def test_the_button_that_plays_a_sound_has_our_colours(seen: list[dict[str, Any]]) -> None:
    assert {look["textDecorationLine"] for _, _, look in found(seen, ".replay-button")} == {"none"}
    assert {look["backgroundColor"] for _, _, look in found(seen, ".replay-button svg")} == {NONE}
    for selector, colours in ((".replay-button circle", RAISED), (".replay-button path", INK),
                              (".replaybutton span svg", INK)):  # fmt: skip
        assert [path for path, mode, look in found(seen, selector) if look["fill"] != colours[mode]] == []
    assert {look["backgroundColor"] for _, _, look in found(seen, ".replaybutton span svg")} == {NONE}
