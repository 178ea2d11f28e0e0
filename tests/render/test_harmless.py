"""A law: whatever a note says, no field holds what could run, load, leave its place, or be carried out by Anki."""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ankigen import api
from ankigen.data import Base, KindName, SourceId
from ankigen.note_types import fields_of
from ankigen.note_types.base_field import format_base, read_base
from ankigen.render.harmless import is_harmless
from ankigen.render.sanitise import sanitise
from tests.helpers.hostile_texts import HIDDEN, PIECES, page_of
from tests.helpers.live_html import what_is_live

NOTES = int(os.environ.get("ANKIGEN_HOSTILE_NOTES", "90"))
SPOKEN = re.compile(r"\[anki:tts lang=en_GB\][^\[\]<>{}\\]+\[/anki:tts\]\Z")
"""What a note asks to be read aloud, in which nothing is anything else."""
texts = st.lists(st.sampled_from(PIECES), min_size=1, max_size=12).map("".join)
HOSTILE = settings(
    deadline=None, max_examples=NOTES, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)


def fields(text: str, *, is_graph: bool = True) -> list[str]:
    """All fields of the notes that the text makes, wherever in a note it stands."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        if is_graph:
            (folder / "logseq").mkdir()
            (folder / "logseq/config.edn").write_text("{}", "utf-8")
        (folder / "page.md").write_text(page_of(text), "utf-8")
        return [SPOKEN.sub("", field) for note in api.load(folder).notes for field in fields_of(note).values()]


@HOSTILE
@given(texts)
@example('<a title="{" style="color:`red;position:fixed`" href="`javascript:alert(1)`">x</a>')
@example('<a href="java\ufdd0script:alert(1)">x</a>')
@example('<b style="color:red\u037eposition:fixed\u037ebackground:url(//evil/x)">x</b>')
@example("$\\hr{{c1::ef{javascript:alert(1)}{x}}}$")
@example("$$$]]$$")
@example("$$sound:a.mp3]$$")
@example("$$latex]x[/latex]$$")
@example("\u0338")
@example("漢[かな]\u0338 e**\u0301**")
@example("\n\t  #+BEGIN_NOTE [latex]\\input{/etc/passwd}[/latex]\n\t  x\n\t  #+END_NOTE\n")
def test_no_field_holds_what_could_run_or_be_carried_out(text: str) -> None:
    for field in fields(text):
        assert list(what_is_live(field)) == []
        assert unicodedata.is_normalized("NFC", field)


@pytest.mark.parametrize("character", HIDDEN)
@pytest.mark.parametrize(
    "written", ['<a href="java{}script:alert(1)">x</a>', "[so{}und:a.mp3]", "[la{}tex]x[/latex]", "\\{}(x\\)"]
)
def test_what_no_text_may_hold_hides_nothing_from_the_filter(character: str, written: str) -> None:
    made = fields(written.format(character))
    assert made
    for field in made:
        assert list(what_is_live(field)) == []
        assert character not in field


@pytest.mark.parametrize(
    "reference", ["&#xFDD3;1&#xFDD4;x&#xFDD6;", "&#64979;1&#64980;x&#64982;", "&#xfdd8;[latex]x[/latex]&#xfdd9;"]
)
def test_nobody_can_write_our_own_marks_by_their_numbers(reference: str) -> None:
    for field in fields(f"<b>{reference}</b>"):
        assert "{{c1::x}}" not in field
        assert "[latex]" not in field


@pytest.mark.parametrize(
    ("formula", "left"),
    [
        (r"\href{javascript:alert(1)}{x}", r" {x}"),
        (r"\style{position:fixed}{x}", r" {x}"),
        (r"\class{big}{x} + \cssId{a}{y}", r" {x} +  {y}"),
        (r"\require{html}x", r" x"),
        (r"\bbox[border:1px solid;position:fixed]{x}", r"\bbox{x}"),
        (r"\bbox{x}", r"\bbox{x}"),
        (r"\unicode[serif;x]{x263A}", r"\unicode{x263A}"),
        (r"\hr\require{x}ef{javascript:alert(1)}{x}", r"\hr ef{javascript:alert(1)}{x}"),
        (r"\hrefs \styled \classy", r"\hrefs \styled \classy"),
        (r"\mmlToken{mi}[href='javascript:alert(1)']{x}", r" [href='javascript:alert(1)']{x}"),
        (r"\left[latex]", r"\left[ latex]"),
    ],
)
def test_a_formula_holds_no_command_that_reaches_out_of_mathematics(formula: str, left: str) -> None:
    [front, *_] = [field for field in fields(f"${formula}$") if "\\(" in field]
    assert f"\\({left}\\)" in front.replace("&#x27;", "'")


@pytest.mark.parametrize(
    ("style", "kept"),
    [
        ("color:red", "color:red"),
        ("color: red; text-align: center", "color:red;text-align:center"),
        ("color:red;position:fixed", "color:red"),
        ("background-color:rgb(1, 2, 3)", "background-color:rgb(1, 2, 3)"),
        ("font-family:'Times New Roman', serif", 'font-family:"Times New Roman" , serif'),
        ("margin:-9999px", ""),
        ("margin-top:2px", "margin-top:2px"),
        ("width:calc(100% * 9)", ""),
        ("color:var(--evil)", ""),
        ("list-style-type:url(//evil/x)", ""),
        ("border:1px solid url(//evil/x)", ""),
    ],
)
def test_a_style_keeps_its_harmless_properties(style: str, kept: str) -> None:
    cleaned = sanitise(f'<b style="{style}">x</b>')
    shown = kept.replace('"', "&quot;")
    assert cleaned == (f'<b style="{shown}">x</b>' if kept else "<b>x</b>")
    assert is_harmless(cleaned)


@pytest.mark.parametrize(
    "html",
    [
        "<b onclick=\"x\">", "<B>", "<b", "<b title='x'>", '<b title="x" title="y">', "<script>", "<!-- x -->",
        "</script>", '<a href="javascript:x">', '<a href="java&#x27;">x</a', '<img src="data:image/svg+xml;x">',
        '<a href="data:image/png;x">', "&#92;(x", "&lbrack;", "a > b", '<b style="position:fixed">',
        '<input type="image">', '<img src="file:///x">',
    ],
)  # fmt: skip
def test_only_the_strict_form_of_a_listed_tag_is_harmless(html: str) -> None:
    assert not is_harmless(html)


@pytest.mark.parametrize(
    "html",
    [
        "x &lt; y &amp; z", "<p>x<br>y</p>", '<img src="eye-40163c3ec0fed3b7.png" alt="" width="20">',
        '<ol start="3">', '<a href="https://example.com/?a=b&amp;c">', '<a href="logseq://graph/x?page=y">',
        "<audio controls src=\"https://a.example/x\">", '<td style="text-align:center">',
        '<img src="data:image/png;base64,xx">', '<span class="k">',
    ],
)  # fmt: skip
def test_what_rendering_writes_is_harmless(html: str) -> None:
    assert is_harmless(html)


@given(texts)
@settings(deadline=None)
def test_what_was_sanitised_is_harmless(text: str) -> None:
    assert is_harmless(sanitise(text))


@pytest.mark.parametrize(
    "tag", ["[latex]x[/latex]", "[sound:x.mp3]", "a[$]b[/$]", "[anki:play:q:0]", "x<y&z", "\\(\\require{html}\\)"]
)
def test_what_a_tag_says_is_plain_in_the_field_that_remembers_it(tag: str) -> None:
    base = Base(SourceId("0123456789ab"), "-", ("-",), (tag,), KindName("basic"))
    field = format_base(base)
    assert list(what_is_live(field)) == []
    assert read_base(field) == base
