"""Marks in a colour, as Logseq's users write them, and what their colours look like."""

import re
from pathlib import Path

import pytest

import ankigen
from tests.helpers.pages import sides

CSS = (Path(ankigen.__file__).parent / "note_types/templates/card.css").read_text("utf-8")
COLOURS = ["red", "green", "blue", "yellow", "purple", "pink", "gray", "orange"]
AA = 4.5


@pytest.mark.parametrize("colour", COLOURS)
@pytest.mark.parametrize(("sign", "kind"), [("#", "ankigen-"), ("$", "ankigen-ink-")])
@pytest.mark.parametrize("mark", ["==", "^^"])
def test_a_page_called_like_a_colour_colours_the_mark_behind_it(colour: str, sign: str, kind: str, mark: str) -> None:
    shown = f'a <mark class="{kind}{colour}"><strong>hot</strong></mark> b'
    assert sides(f"- Q #card\n\t- a [[{sign}{colour}]]{mark}**hot**{mark} b\n") == [f"Q = {shown}"]
    assert f"mark.{kind}{colour} {{" in CSS


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("[[#grey]]==a==", '<mark class="ankigen-gray">a</mark>'),
        ("[[#Red]]==a==", '<mark class="ankigen-red">a</mark>'),
        ("中[[#red]]==文==字", '中<mark class="ankigen-red">文</mark>字'),
        ("==a== [[#red]]==b==", '<mark>a</mark> <mark class="ankigen-red">b</mark>'),
        ("[[#red]] ==a==", "#red <mark>a</mark>"),
        ("[[#red]]==a", "#red==a"),
        ("[[#red]]", "#red"),
        ("[[#reddish]]==a==", "#reddish<mark>a</mark>"),
        ("[[red]]==a==", "red<mark>a</mark>"),
        ("`[[#red]]==a==`", "<code>[[#red]]==a==</code>"),
    ],
)
def test_only_a_mark_right_behind_the_page_is_coloured(text: str, shown: str) -> None:
    assert sides(f"- Q #card\n\t- {text}\n") == [f"Q = {shown}"]


def test_a_cloze_may_stand_in_a_coloured_mark_and_around_it() -> None:
    assert sides("- [[#red]]=={{cloze a}}== {{cloze [[#blue]]==b==}} #card\n") == [
        '<mark class="ankigen-red">{{c1::a}}</mark> {{c2::<mark class="ankigen-blue">b</mark>}}'
    ]


def palette(selector: str) -> dict[str, str]:
    block = CSS[CSS.index(selector) :].partition("}")[0]
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("selector", [".card {", ".card.nightMode"])
def test_the_colours_keep_the_contrast_that_wcag_asks_for(selector: str) -> None:
    colours = palette(selector)
    grounds = ["mark" if name == "yellow" else name for name in COLOURS]
    inks = [f"ink-{name}" for name in COLOURS]
    pairs = [(ink, ground) for ground in grounds for ink in ("ink", "muted", "accent")]
    pairs += [(ink, ground) for ink in inks for ground in ("paper", "raised")]
    assert [pair for pair in pairs if contrast(colours[pair[0]], colours[pair[1]]) < AA] == []
