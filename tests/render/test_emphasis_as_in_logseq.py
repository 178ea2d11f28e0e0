"""Emphasis as Logseq's own parser (mldoc 1.5.7) reads it: each row was asked of it."""

from pathlib import Path

import pytest

from ankigen.note_types import fields_of
from ankigen.source import load
from tests.helpers.building import NOON
from tests.helpers.pages import sides


def shown(text: str) -> str:
    [card] = sides(f"- Q #card\n\t- {text}\n")
    return card.removeprefix("Q = ")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("wasn**'t**", "wasn<strong>'t</strong>"),
        ("5**%**", "5<strong>%</strong>"),
        ("5**%** and 6", "5<strong>%</strong> and 6"),
        ("a**%**b", "a<strong>%</strong>b"),
        ("**A****: b**", "<strong>A</strong><strong>: b</strong>"),
        ("**A****B**", "<strong>A</strong><strong>B</strong>"),
        ('**"x"**y', '<strong>"x"</strong>y'),
        ('y**"x"**', 'y<strong>"x"</strong>'),
        ("**(a)**b", "<strong>(a)</strong>b"),
        ("**x,**y **,**", "<strong>x,</strong>y <strong>,</strong>"),
        ("f(**x**)'s", "f(<strong>x</strong>)'s"),
        ("a\u00a0**b** c", "a\u00a0<strong>b</strong> c"),
        ("a\u00a0**(b)**\u00a0c", "a\u00a0<strong>(b)</strong>\u00a0c"),
        ("**b**c d**e**", "<strong>b</strong>c d<strong>e</strong>"),
        ("**A**: b** x", "<strong>A</strong>: b** x"),
        ("a** b**", "a** b**"),
        ("***x***y", "<em><strong>x</strong></em>y"),
        ("**a*b*c**", "<strong>a<em>b</em>c</strong>"),
        ("wasn**'`t`'**x", "wasn<strong>'<code>t</code>'</strong>x"),
        ("中**（对）**文", "中<strong>（对）</strong>文"),
        ("==a===> ==b==", "<mark>a</mark>=&gt; <mark>b</mark>"),
        ("==a=b== ==a====b== ===a===", "<mark>a=b</mark> <mark>a</mark><mark>b</mark> <mark>=a</mark>="),
        ("^^a^^^ ^^b^^", "<mark>a</mark>^ <mark>b</mark>"),
        ("~~a~~~ x", "<del>a</del>~ x"),
        ("==**a**===> b", "<mark><strong>a</strong></mark>=&gt; b"),
        ("=====", "====="),
        ("a === b === c", "a === b === c"),
        ("`a===b`", "<code>a===b</code>"),
    ],
)
def test_emphasis_begins_and_ends_where_logseq_has_it(text: str, html: str) -> None:
    assert shown(text) == html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("![x](https://a.example/y.png){width: 200}", '<img src="https://a.example/y.png" alt="x">'),
        ("![x](https://a.example/y.png){}", '<img src="https://a.example/y.png" alt="x">'),
        ("![x](https://a.example/y.png){:width 200}", '<img src="https://a.example/y.png" alt="x" width="200">'),
        ("[x](https://a.example){y}", '<a href="https://a.example">x</a>'),
        ("[x](https://a.example) {y}", '<a href="https://a.example">x</a> {y}'),
    ],
)
def test_what_stands_in_braces_right_behind_a_link_is_no_text(text: str, html: str) -> None:
    assert shown(text) == html


def test_a_cloze_right_behind_a_link_is_no_part_of_it() -> None:
    assert sides("- [x](https://a.example){{cloze y}} #card\n") == ['<a href="https://a.example">x</a>{{c1::y}}']


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("+对象+", "<del>对象</del>"),
        ("a +对象+ b", "a <del>对象</del> b"),
        ("对象+对象+对象", "对象+对象+对象"),
        ("x+对象+", "x+对象+"),
        ("中+b+文", "中+b+文"),
        ("/对象/", "<em>对象</em>"),
        ("_对象_", "<u>对象</u>"),
        ("*对象*", "<strong>对象</strong>"),
        ("~对象~", "<code>对象</code>"),
    ],
)
def test_emphasis_of_org_mode_touches_no_letter_of_another_script(text: str, html: str, tmp_path: Path) -> None:
    (tmp_path / "a.org").write_text(f"* Q #card\n** {text}\n", "utf-8")
    [note] = load(tmp_path, NOON).notes
    assert fields_of(note)["Back"] == html
