"""Clozes of every spelling, their numbers and hints."""

from __future__ import annotations

import pytest

from ankigen.data import ClozeAnswer, ClozeSyntax
from ankigen.syntax import clozes
from ankigen.syntax.outline import parse
from tests.helpers.marking import marked


def parts(text: str, **options: str) -> list[tuple[str, str, int | None]]:
    found = clozes.find(text, ClozeSyntax(**options)) if options else clozes.find(text)  # type: ignore[arg-type]
    return [(text[one.answer_start : one.answer_end], one.hint, next(iter(one.numbers), None)) for one in found.clozes]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"{{cloze blue \\ colour}}", ("blue", "colour", None)),
        (r"{{cloze a \\ b \\ c}}", (r"a \\ b", "c", None)),
        (r"{{cloze x \\ \\}}", (r"x \\", "", None)),
        ("{{cloze a::b}}", ("a::b", "", None)),
        ("{{cloze a, b}}", ("a, b", "", None)),
        ("{{c2 Oslo::which city?}}", ("Oslo", "which city?", 2)),
        ("{{cloze Oslo::which city?}}", ("Oslo", "which city?", None)),
        ("{{cloze std::sort(x, y)}}", ("std::sort(x, y)", "", None)),
        ("{{cloze f :: Int -> Int}}", ("f :: Int -> Int", "", None)),
        ("{{cloze `a::b`}}", ("`a::b`", "", None)),
        ("{{c1 $a::b$}}", ("$a::b$", "", 1)),
        ("{{cloze https://a.example/::b c}}", ("https://a.example/::b c", "", None)),
        ("{{c1::a::b}}", ("a", "b", 1)),
        ("{{c1::a b::c d::e f}}", ("a b", "c d::e f", 1)),
        ("{{c12::x}}", ("x", "", 12)),
        ("{{cloze3 x}}", ("x", "", 3)),
        ("{{{cloze x}}}", ("x", "", None)),
        ("{{cloze {{ .Name }}}}", ("{{ .Name }}", "", None)),
        (r"{{cloze $\frac{a}{b_{c}}$}}", (r"$\frac{a}{b_{c}}$", "", None)),
        ("{{cloze first\n  second}}", ("first\n  second", "", None)),
        ("{{cloze [[p]] text}}", ("[[p]] text", "", None)),
        ("#+BEGIN_CLOZE\na\n#+END_CLOZE", ("a", "", None)),
    ],
)
def test_answer_cue_and_number_are_read(text: str, expected: tuple[str, str, int | None]) -> None:
    assert parts(text) == [expected]


def test_colons_are_a_cue_always_or_never_on_request() -> None:
    assert parts("{{cloze a::b}}", colons="always") == [("a", "b", None)]
    assert parts("{{cloze Oslo::which city?}}", colons="never") == [("Oslo::which city?", "", None)]


@pytest.mark.parametrize(
    "text", ["`{{cloze a}}`", "```\n{{cloze a}}\n```", "<!-- {{cloze a}} -->", "{{query {{cloze a}}}}"]
)
def test_a_cloze_within_code_is_none(text: str) -> None:
    assert parts(text) == []


def test_a_broken_cloze_swallows_nothing() -> None:
    text = "{{cloze adv. slowly, gently} and {{cloze b}}"
    assert parts(text) == [("b", "", None)]
    assert clozes.find(text).broken == (clozes.BrokenCloze(0, 32, "this cloze does not end: close it with }}"),)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{{cloze }}", "this cloze hides nothing: write the answer before }}"),
        ("{{cloze: x}}", "this is no cloze: write {{cloze answer}} or {{c1::answer}}"),
        ("{{C1::x}}", "this is no cloze: write {{cloze answer}} or {{c1::answer}}"),
        ("{{c501::x}}", "Anki counts clozes from 1 to 500: choose such a number"),
    ],
)
def test_what_only_looks_like_a_cloze_is_reported(text: str, message: str) -> None:
    found = clozes.find(f"see {text}")
    assert found.clozes == ()
    assert found.broken == (clozes.BrokenCloze(4, 4 + len(text), message),)


def test_a_mistake_brings_the_text_that_it_stands_in() -> None:
    [block] = parse("- Q\n  more\n\t- a {{cloze x}}\n\t  b {{cloze y", "p.md", "p").blocks
    [mistake] = clozes.mistakes(clozes.CardText(block.text, block.lines), block.children)
    assert mistake.text == clozes.CardText("a {{cloze x}}\nb {{cloze y", block.children[0].lines)
    assert mistake.text.text[mistake.broken.start : mistake.broken.end] == "{{cloze y"


def test_all_clozes_are_one_card_on_request() -> None:
    found = clozes.answers("{{cloze a}} {{c3 b}}", (), ClozeSyntax(each=False))
    assert found == (ClozeAnswer("a", 1), ClozeAnswer("b", 3))


def test_the_matches_of_one_replaced_item_share_a_number() -> None:
    syntax = ClozeSyntax(replaced="\" 'x', /Y/i \"")
    assert [one.text for one in clozes.answers("x = y; x = {{cloze z}}", (), syntax)] == ["x", "y", "z"]
    question, _ = marked("x = y; x = {{cloze z}}", (), syntax)
    assert question == "\ufdd31\ufdd4x\ufdd6 = \ufdd32\ufdd4y\ufdd6; \ufdd31\ufdd4x\ufdd6 = \ufdd33\ufdd4z\ufdd6"


def test_a_replaced_item_cuts_no_code_in_two() -> None:
    question, _ = marked("a `b c` d", (), ClozeSyntax(replaced="\" 'a `b' \""))
    assert question == "a `b c` d"


def test_an_invalid_pattern_is_known_as_it_is_written() -> None:
    assert clozes.invalid_patterns("\" /(/, 'a', /b/ \"") == ["/(/"]


def test_clozes_are_shown_as_text_where_they_belong_to_another_card() -> None:
    assert clozes.plain_text(r"{{cloze a \\ b}} and {{c1::b::hint}} `{{cloze c}}`") == "a and b `{{cloze c}}`"


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("{{c1::a {{c2::b}} }}", (1, 2)),
        ("{{c1,2::x}}", (1, 2)),
        ("{{c1::}}", (1,)),
        ("{{c01::x}}", (1,)),
        ("{{C1::x}} {{c1:x}} {{c0::x}} {{c1, 2::x}} {{c1::x", ()),
        ("<pre>{{c1::x}}</pre><!--{{c2::y}}-->", (1, 2)),
        ("{{c501::x}}", ()),
        ("{{c" + "9" * 5000 + "::x}}", ()),
    ],
)
def test_the_numbers_of_a_finished_field_are_those_of_anki(field: str, expected: tuple[int, ...]) -> None:
    assert clozes.card_numbers(field) == expected
