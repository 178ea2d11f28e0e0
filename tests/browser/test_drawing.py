"""Drawing hidden parts on a picture, with a mouse and with keys, ends as lines in the notes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from ankigen.syntax import occlusions
from tests.browser.watched import Watched, browser, watching
from tests.helpers.building import named, write

LEAF = '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="200"><rect width="400" height="200"/></svg>'
NOTES = (
    "- Name the parts. #card\n  ![](leaf.svg)\n\t- blade\n\t  area:: 10 20 30 40\n\t- Leaves turn to the light.\n"
    "- Other? #card\n\t- yes\n"
)


@pytest.fixture(scope="module")
def opened() -> Iterator[Browser]:
    with browser() as found:
        yield found


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = named(write(tmp_path / "notes", a=NOTES))
    (folder / "leaf.svg").write_text(LEAF)
    return folder


def draw(watched: Watched) -> None:
    """Come to the drawing as a person does: from the card."""
    watched.open()
    watched.page.locator("#draw").click()
    watched.page.locator("#drawn .shape").first.wait_for()


def drag(watched: Watched, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Drag on the picture; places are shares of it."""
    box = watched.page.locator("#drawn").bounding_box()
    assert box
    points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in (start, end)]
    watched.page.mouse.move(*points[0])
    watched.page.mouse.down()
    watched.page.mouse.move(*points[1], steps=4)
    watched.page.mouse.up()


def saved(watched: Watched) -> str:
    watched.page.keyboard.press("Control+s")
    expect(watched.page.locator("#state")).to_have_text("saved into a.md")
    return (watched.notes / "a.md").read_text()


def test_a_drag_is_a_part_that_becomes_a_card(opened: Browser, notes: Path) -> None:
    with watching(notes, opened) as watched:
        draw(watched)
        drag(watched, (0.5, 0.5), (0.75, 0.75))
        watched.page.keyboard.type("the stalk")
        assert saved(watched) == NOTES.replace("30 40\n", "30 40\n\t- the stalk\n\t  area:: 50 50 25 25\n")
        watched.page.locator("#back").click()
        expect(watched.page.locator("#tree .row")).to_have_count(3)
        assert watched.complaints == []


def test_a_shape_is_moved_resized_and_taken_away(opened: Browser, notes: Path) -> None:
    with watching(notes, opened) as watched:
        draw(watched)
        drag(watched, (0.2, 0.4), (0.3, 0.5))
        assert "area:: 20 30 30 40" in saved(watched)
        drag(watched, (0.5, 0.7), (0.6, 0.8))
        assert "area:: 20 30 40 50" in saved(watched)
        watched.page.locator("#drawn").focus()
        watched.page.keyboard.press("Delete")
        expect(watched.page.locator("#drawn .shape")).to_have_count(0)
        watched.page.keyboard.press("Control+z")
        expect(watched.page.locator("#drawn .shape")).to_have_count(1)
        assert watched.complaints == []


def test_all_of_it_can_be_done_with_keys(opened: Browser, notes: Path) -> None:
    with watching(notes, opened) as watched:
        draw(watched)
        keyboard = watched.page.keyboard
        watched.page.locator("#drawn").focus()
        keyboard.press("e")
        keyboard.press("Enter")
        keyboard.type("a vein")
        watched.page.locator("#drawn").focus()
        for key in ("ArrowRight", "ArrowRight", "Shift+ArrowDown", "]"):
            keyboard.press(key)
        assert "\t- a vein\n\t  area:: ellipse 41 40 20 21 angle 5\n" in saved(watched)
        assert watched.complaints == []


def test_a_polygon_and_a_second_shape_of_a_part(opened: Browser, notes: Path) -> None:
    with watching(notes, opened) as watched:
        draw(watched)
        watched.page.locator("#polygon").click()
        for corner in ((0.6, 0.1), (0.9, 0.1), (0.75, 0.4)):
            drag(watched, corner, corner)
        watched.page.keyboard.press("Enter")
        watched.page.keyboard.type("tip")
        watched.page.locator("#drawn").focus()
        watched.page.keyboard.press("s")
        watched.page.keyboard.press("r")
        drag(watched, (0.6, 0.6), (0.7, 0.7))
        assert "\t- tip\n\t  area:: polygon 60,10 90,10 75,40; 60 60 10 10\n" in saved(watched)


def test_a_part_without_a_name_and_a_file_that_changed_are_told(opened: Browser, notes: Path) -> None:
    with watching(notes, opened) as watched:
        draw(watched)
        drag(watched, (0.5, 0.5), (0.75, 0.75))
        watched.page.keyboard.press("Control+s")
        expect(watched.page.locator("#state.bad")).to_have_text("a part has no name yet")
        watched.page.keyboard.type("x")
        write(notes, a=f"{NOTES}- New? #card\n\t- yes\n")
        watched.page.keyboard.press("Control+s")
        expect(watched.page.locator("#state.bad")).to_contain_text("changed")
        assert "area:: 50" not in (notes / "a.md").read_text()


def test_a_card_without_a_picture_has_nothing_to_draw_on(opened: Browser, notes: Path) -> None:
    with watching(notes, opened) as watched:
        watched.open()
        expect(watched.page.locator("#draw")).to_be_visible()
        watched.page.locator("#tree .row", has_text="Other?").click()
        expect(watched.page.locator("#draw")).to_be_hidden()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whatever_is_drawn_is_there_when_the_page_is_opened_again(opened: Browser, notes: Path, seed: int) -> None:
    """The page and the notes have one language: what one writes, the other reads."""
    chance = random.Random(seed)
    with watching(notes, opened) as watched:
        draw(watched)
        for number in range(5):
            tool = chance.choice(["rect", "ellipse", "polygon", "label"])
            watched.page.locator(f"#{tool}").click()
            places = [(chance.uniform(0.05, 0.9), chance.uniform(0.05, 0.9)) for _ in range(3)]
            if tool == "polygon":
                for place in places:
                    drag(watched, place, place)
                watched.page.keyboard.press("Enter")
            else:
                drag(watched, *places[:2])
            watched.page.evaluate(f"parts.at(-1).name = 'part {number}'; render()")
        seen = watched.page.evaluate("parts.map(({name, shapes}) => [name, shapes])")
        text = saved(watched)
        areas = [line.partition(":: ")[2] for line in text.splitlines() if "area::" in line]
        assert not [fault for area in areas for fault in occlusions.read_areas(area).faults]
        watched.page.reload()
        watched.page.locator("#drawn .shape").first.wait_for()
        assert watched.page.evaluate("parts.map(({name, shapes}) => [name, shapes])") == seen
        shapes = [shape for area in areas for shape in occlusions.read_areas(area).shapes]
        drawn = [shape for _, shapes in seen for shape in shapes]
        assert [(shape.form, list(shape.numbers), shape.angle) for shape in shapes] == [
            (shape["form"], shape["numbers"], shape["angle"]) for shape in drawn
        ]
        assert watched.complaints == []
