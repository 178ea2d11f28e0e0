"""Clozes within, around and beside each other, in code and in blocks, and what `replacecloze` reaches."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ankigen.cards import find_cards
from ankigen.config import Config
from ankigen.data import Block, ClozeAnswer, ClozeSyntax, Line
from ankigen.syntax import clozes
from ankigen.syntax.clozes import DEFAULTS, BrokenCloze
from ankigen.syntax.outline import parse
from tests.helpers.marking import marked

SHOWN = str.maketrans({"\ufdd3": "<", "\ufdd4": ":", "\ufdd5": "?", "\ufdd6": ">"})


def hidden(text: str, replaced: str = "", hints: str = "") -> str:
    """The text as it is marked, `<number:answer?hint>`."""
    question, _ = marked(text, (), ClozeSyntax(replaced=replaced, hints=hints))
    return question.translate(SHOWN)


def broken(text: str, replaced: str = "") -> list[tuple[int, str]]:
    return [(one.start, one.message) for one in clozes.find(text, ClozeSyntax(replaced=replaced)).broken]


def blocks_of(text: str) -> tuple[Block, ...]:
    return parse(text, "page.md", "page").blocks


# Marks.


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{cloze a}}{{cloze b}}", "<1:a><2:b>"),
        ("{{cloze a {{cloze b}}}}", "<1:a <2:b>>"),
        ("{{cloze {{cloze a}} b}}", "<1:<2:a> b>"),
        ("{{cloze {{cloze a}}}}", "<1:<2:a>>"),
        ("{{cloze a {{cloze b {{cloze c}} d}} e}}", "<1:a <2:b <3:c> d> e>"),
        ("{{cloze {{cloze a}}{{cloze b}} c}}", "<1:<2:a><3:b> c>"),
        (r"{{cloze a {{cloze b \\ inner}} \\ outer}}", "<1:a <2:b?inner>?outer>"),
        ("{{cloze a {{cloze b}}", "{{cloze a <1:b>"),
        ("{{cloze a {{cloze b}} c {{cloze d}} e", "{{cloze a <1:b> c <2:d> e"),
        ("{{cloze  wide  }}", "<1:wide>"),
        ("#+BEGIN_CLOZE\na {{cloze b}}\n#+END_CLOZE", "<1:a <2:b>>"),
        ("#+BEGIN_QUOTE\n{{cloze a}}\n#+END_QUOTE", "#+BEGIN_QUOTE\n<1:a>\n#+END_QUOTE"),
        ("#+BEGIN_CLOZES\na\n#+END_CLOZES", "#+BEGIN_CLOZES\na\n#+END_CLOZES"),
        ("$a + {{cloze b}}$", "$a + <1:b>$"),
        ("$$\n{{c2::x}}\n$$", "$$\n<2:x>\n$$"),
        (r"\begin{align}{{cloze x}}\end{align}", r"\begin{align}<1:x>\end{align}"),
    ],
)
def test_a_cloze_is_marked_where_it_stands(text: str, expected: str) -> None:
    assert hidden(text) == expected


@pytest.mark.parametrize("name", ["SRC", "SRC python", "EXAMPLE", "EXPORT html", "COMMENT", "QUERY"])
def test_what_looks_like_a_cloze_in_a_block_of_code_is_code(name: str) -> None:
    text = f"#+BEGIN_{name}\n{{{{cloze x}}}}\n#+END_{name.split(maxsplit=1)[0]}"
    assert hidden(text) == text
    is_shown = name.startswith(("SRC", "EXAMPLE"))
    assert [message.partition(" hides")[0] for _, message in broken(text)] == ["a cloze within code"] * is_shown


@pytest.mark.parametrize(
    ("block", "is_hiding"),
    [("SRC", False), ("EXAMPLE", False), ("QUOTE", True)],
)
def test_a_card_is_a_cloze_only_where_one_stands_outside_code(block: str, is_hiding: bool) -> None:
    page = parse(f"- Q #card\n  #+BEGIN_{block}\n  {{{{cloze x}}}}\n  #+END_{block}\n\t- A", "page.md", "page")
    assert [card.is_hiding for card in find_cards(page, "Deck", Config()).cards] == [is_hiding]


@pytest.mark.parametrize(
    "text", ["`{{cloze a}}`", "~~~\n{{cloze a}}\n~~~", "<!-- {{cloze a}} -->", "[[{{cloze a}}]]", "https://a.b/{{cloze"]
)
def test_no_cloze_stands_in_code_names_or_comments(text: str) -> None:
    assert hidden(text) == text


def test_the_numbers_of_the_author_and_of_ankigen_do_not_collide() -> None:
    assert hidden("{{cloze a}} {{c1::b}} {{cloze c}}") == "<2:a> <1:b> <3:c>"


def test_a_card_hides_what_stands_in_its_question_and_in_all_that_is_below_it() -> None:
    [block] = blocks_of("- {{cloze q}}\n\t- {{cloze a}}\n\t  and {{cloze b}}\n\t\t- deep {{cloze c}}\n\t- {{cloze d}}")
    question, answer = marked(block.text, block.children)
    assert question.translate(SHOWN) == "<1:q>"
    assert [text.translate(SHOWN) for one in answer for text in one.texts()] == [
        "<2:a>\nand <3:b>",
        "deep <4:c>",
        "<5:d>",
    ]


def test_a_marked_line_keeps_its_number_and_an_unmarked_block_its_columns() -> None:
    plain, cloze = blocks_of("- plain\n- a\n  {{cloze b}}")
    _, (same, other) = marked("q", (plain, cloze))
    assert same == plain
    assert other.lines == (Line(2, 1, "a"), Line(3, 1, "\ufdd31\ufdd4b\ufdd6"))


def test_a_block_without_lines_is_its_own_first_line() -> None:
    [block] = blocks_of("- \n\t- {{cloze a}}")
    assert clozes.plain_block(block).children[0].lines == (Line(2, 1, "a"),)
    assert clozes.plain_block(block).lines == ()


def test_a_block_without_clozes_is_shown_as_it_is() -> None:
    [block] = blocks_of("- a\n\t- b")
    assert clozes.plain_block(block) is block


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"{{cloze a {{c2::b::hint}} c \\ hint}} d", "a b c d"),
        ("{{cloze a}}{{cloze b}}", "ab"),
        ("x {{cloze  a }} y", "x a y"),
        ("nothing", "nothing"),
    ],
)
def test_a_cloze_that_is_shown_is_its_answer(text: str, expected: str) -> None:
    assert clozes.plain_text(text) == expected


# Answers.


def test_the_answers_are_the_hidden_texts_and_the_numbers_that_the_author_chose() -> None:
    [block] = blocks_of("- {{cloze a}}\n\t- {{c7::b::hint}}")
    assert clozes.answers(block.text, block.children) == (ClozeAnswer("a", None), ClozeAnswer("b", 7))


def test_what_one_item_of_replacecloze_hides_counts_once_and_clozes_around_it_each() -> None:
    syntax = ClozeSyntax(replaced="'x'")
    assert clozes.answers("{{cloze a}} x {{cloze b}} x", (), syntax) == (
        *(ClozeAnswer("a", None), ClozeAnswer("x", None), ClozeAnswer("b", None)),
    )


def test_what_one_item_hides_in_two_blocks_counts_once() -> None:
    [block] = blocks_of("- Q\n\t- x and y\n\t- y and x")
    syntax = ClozeSyntax(replaced="'x', 'y'")
    assert [one.text for one in clozes.answers(block.text, block.children, syntax)] == ["x", "y"]
    _, answer = marked(block.text, block.children, syntax)
    assert [one.text.translate(SHOWN) for one in answer] == ["<1:x> and <2:y>", "<2:y> and <1:x>"]


def test_of_two_answers_that_begin_together_the_longer_is_the_first() -> None:
    syntax = ClozeSyntax(replaced="'one two', 'one two three'")
    assert [one.text for one in clozes.answers("one two three", (), syntax)] == ["one two three", "one two"]


def test_colons_mean_the_same_in_a_cloze_within_another() -> None:
    text = "{{cloze a {{cloze Oslo::which city?}} b}}"
    assert [one.text for one in clozes.answers(text, (), ClozeSyntax(colons="never"))][1] == "Oslo::which city?"
    assert [one.text for one in clozes.answers(text, (), ClozeSyntax(colons="auto"))][1] == "Oslo"


def test_control_characters_are_no_part_of_an_answer() -> None:
    assert clozes.answers("{{cloze a\x07b}}", ()) == (ClozeAnswer("ab", None),)


# What `replacecloze` hides.


@pytest.mark.parametrize(
    ("text", "replaced", "expected"),
    [
        ("a b a", "'a'", "<1:a> b <1:a>"),
        ("a b", "'a', 'b'", "<1:a> <2:b>"),
        ("b a", "'a', 'b'", "<1:b> <2:a>"),
        ("it's", r"'it\'s'", "<1:it's>"),
        ('say "a"', r"'\"a\"'", 'say <1:"a">'),
        ("a.c abc", "'a.c'", "<1:a.c> abc"),
        ("a.c abc", "/a.c/", "<1:a.c> <1:abc>"),
        ("A a", "/a/", "A <1:a>"),
        ("A a", "/a/i", "<1:A> <1:a>"),
        ("a\na", "/^a/", "<1:a>\na"),
        ("a\na", "/^a/m", "<1:a>\n<1:a>"),
        ("a\na", "/^a/gm", "<1:a>\n<1:a>"),
        ("a\nb", "/a.b/", "a\nb"),
        ("a\nb", "/a.b/s", "<1:a\nb>"),
        ("A\nb", "/a.b/is", "<1:A\nb>"),
        ("a/b", r"/a\/b/", "<1:a/b>"),
        ("it's", r"/it\'s/", "<1:it's>"),
        ("a  b", "/ */", "a  b"),
        ("`a b` a", "'a'", "`<1:a> b` <1:a>"),
        ("`a b`", "'`a b`'", "<1:`a b`>"),
        ("$x + y$", "'x'", "$<1:x> + y$"),
        ("```\nx y\n```", "'x'", "```\n<1:x> y\n```"),
        ("#+BEGIN_SRC\nx y\n#+END_SRC", "'x'", "#+BEGIN_SRC\n<1:x> y\n#+END_SRC"),
        ("a [[b c]] d", "'b'", "a [[b c]] d"),
        ("a [[b c]] d", "'a [[b c]] d'", "<1:a [[b c]] d>"),
        ("a [[b c]] d", "'[[b c]]'", "a <1:[[b c]]> d"),
        ("a [[b c]] d", "'a [[b'", "a [[b c]] d"),
        ("a [[b c]] d", "'c]] d'", "a [[b c]] d"),
        ("a [[b c]] d", "'a ', ' d'", "<1:a >[[b c]]<2: d>"),
        ("$x$$y$ a", "'a'", "$x$$y$ <1:a>"),
    ],
)
def test_an_item_hides_what_it_matches_and_cuts_nothing_in_two(text: str, replaced: str, expected: str) -> None:
    assert hidden(text, replaced) == expected


@pytest.mark.parametrize(
    ("text", "replaced", "expected"),
    [
        ("a {{cloze b}} c", "'a {{cloze b}} c'", "<1:a <2:b> c>"),
        ("a {{cloze b}} c", "'{{cloze b}}'", "a <1:b> c"),
        ("a {{cloze b}} c", "'cloze'", "a <1:b> c"),
        ("a {{cloze b}} c", "'a {{cloze b'", "a <1:b> c"),
        ("a {{cloze b}} c", "'b}} c'", "a <1:b> c"),
        ("a {{cloze b}} c", "'a ', ' c'", "<1:a ><2:b><3: c>"),
        ("{{cloze b c}}", "'b'", "<1:<2:b> c>"),
        ("{{cloze b c}}", "'c'", "<1:b <2:c>>"),
        ("{{cloze b c}}", "'b c'", "<1:<2:b c>>"),
        (r"{{cloze b \\ hint}}", "'hint'", "<1:b?hint>"),
        ("one two three", "'two', 'one two three'", "<1:one <2:two> three>"),
        ("one two three", "'one two three', 'two'", "<1:one two three>"),
        ("one two three", "'one two', 'one two three'", "<1:<2:one two> three>"),
        ("one two three", "'two three', 'one two three'", "<1:one <2:two three>>"),
        ("one two", "'one two', 'one two'", "<1:one two>"),
        ("one two three", "'one two', 'two three'", "<1:one two> three"),
        ("one two three", "'two three', 'one two'", "one <1:two three>"),
        ("onetwo", "'two', 'one'", "<1:one><2:two>"),
        ("onetwo", "'one', 'two'", "<1:one><2:two>"),
    ],
)
def test_an_item_stands_beside_another_cloze_or_in_its_answer_or_wholly_around_it(
    text: str, replaced: str, expected: str
) -> None:
    assert hidden(text, replaced) == expected


@pytest.mark.parametrize(
    ("hints", "expected"),
    [
        ("first, second", "<1:a?first> <2:b?second> <1:a?first>"),
        ('" first , second "', "<1:a?first> <2:b?second> <1:a?first>"),
        ("first", "<1:a?first> <2:b> <1:a?first>"),
        ("X first X", "<1:a?X first X> <2:b> <1:a?X first X>"),
        (", second", "<1:a> <2:b?second> <1:a>"),
        ("", "<1:a> <2:b> <1:a>"),
    ],
)
def test_each_item_has_the_hint_of_its_place(hints: str, expected: str) -> None:
    assert hidden("a b a", "'a', 'b'", hints) == expected


@pytest.mark.parametrize(
    ("replaced", "expected"),
    [("/(/", ["/(/"]), ("''", ["''"]), ("/(/, 'a'", ["/(/"]), ("'b'", [])],
)
def test_an_item_that_is_no_pattern_is_told(replaced: str, expected: list[str]) -> None:
    assert clozes.invalid_patterns(replaced) == expected


def test_behind_an_item_that_is_no_pattern_the_others_hide_with_the_hints_of_their_places() -> None:
    assert hidden("a b", "/(/, 'a', 'b'", "none, first, second") == "<1:a?first> <2:b?second>"


# What only looks like a cloze.

EMPTY = "this cloze hides nothing: write the answer before }}"
NONE = "this is no cloze: write {{cloze answer}} or {{c1::answer}}"
OPEN = "this cloze does not end: close it with }}"
NUMBER = "Anki counts clozes from 1 to 500: choose such a number"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x {{c1::}}", [(2, EMPTY)]),
        ("x {{cloze  }} y", [(2, EMPTY)]),
        ("#+BEGIN_CLOZE\n\n#+END_CLOZE", [(0, EMPTY)]),
        ("{{cloze a {{cloze }} b}}", [(10, EMPTY)]),
        (r"{{cloze \\ hint}}", [(0, EMPTY)]),
        ("{{c0::a}}", [(0, NUMBER)]),
        ("{{c00::a}}", [(0, NUMBER)]),
        ("{{c1::a}}", []),
        ("{{c500::a}}", []),
        ("{{c0500::a}}", []),
        ("{{c501::a}}", [(0, NUMBER)]),
        ("{{c1000::a}}", [(0, NUMBER)]),
        ("{{cloze501 a}}", [(0, NUMBER)]),
        ("{{c: a}}", [(0, NONE)]),
        ("{{c1: a}}", [(0, NONE)]),
        ("{{Cloze: a}}", [(0, NONE)]),
        ("{{CLOZE a}}", [(0, NONE)]),
        ("{{CLOZE2 a}}", [(0, NONE)]),
        ("{{C1 a}}", [(0, NONE)]),
        ("$x$ {{C1::a}}", [(4, NONE)]),
        ("{{cards x}}", []),
        ("{{query c1:}}", []),
        ("{{cloze a", [(0, OPEN)]),
        ("{{c1::a", [(0, OPEN)]),
        ("{{c1 a", [(0, OPEN)]),
        ("{{c a", [(0, OPEN)]),
        ("{{clozes a", []),
        (r"\{{cloze a", []),
        ("`x` {{cloze a `y` {{cloze b", [(4, OPEN), (18, OPEN)]),
        ("{{cloze a}} {{cloze b", [(12, OPEN)]),
        ("{{c1::}} {{cloze b", [(0, EMPTY), (9, OPEN)]),
        ("$x {{cloze a$ y", [(3, OPEN)]),
        ("`{{cloze a`", []),
    ],
)
def test_what_only_looks_like_a_cloze_is_told_where_it_stands(text: str, expected: list[tuple[int, str]]) -> None:
    assert broken(text) == expected


def test_a_cloze_that_is_broken_hides_nothing_within_it() -> None:
    assert hidden("{{c501::a {{cloze b}}}}") == "{{c501::a {{cloze b}}}}"


def mistakes(question: str, blocks: Sequence[Block] = (), syntax: ClozeSyntax = DEFAULTS) -> list[tuple[str, str]]:
    """What is marked, and what is told of it."""
    found = clozes.mistakes(clozes.CardText(question, ()), blocks, syntax)
    return [(one.text.text[one.broken.start : one.broken.end], one.broken.message) for one in found]


def test_mistakes_are_told_of_the_question_and_of_all_below_it_in_reading_order() -> None:
    [block] = blocks_of("- {{c0::a}} {{c0::b}}\n  ok\n  {{c0::c}}\n\t- fine\n\t- x\n\t  {{cloze d\n\t\t- {{cloze }}")
    numbers = [("{{c0::a}}", NUMBER), ("{{c0::b}}", NUMBER), ("{{c0::c}}", NUMBER)]
    assert mistakes(block.text, block.children) == [*numbers, ("{{cloze d", OPEN), ("{{cloze }}", EMPTY)]


def test_what_is_no_mistake_is_not_told() -> None:
    assert mistakes("a {{cloze b}}") == []


def test_a_mistake_is_told_beside_an_item_of_replacecloze() -> None:
    assert mistakes("a\n{{cloze }}", (), ClozeSyntax(replaced="'a'")) == [("{{cloze }}", EMPTY)]


def test_broken_clozes_are_told_in_reading_order() -> None:
    assert clozes.find("{{cloze a {{c0::b}} {{c1::}}").broken == (
        BrokenCloze(0, 9, OPEN),
        BrokenCloze(10, 19, NUMBER),
        BrokenCloze(20, 28, EMPTY),
    )


# What Anki makes of it.


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("{{c1::a}}", (1,)),
        ("{{c2::a}} {{c1::b}} {{c2::c}}", (1, 2)),
        ("{{c500::a}} {{c501::b}}", (500,)),
        ("{{c,1,::x}}", (1,)),
        ("}} {{c1::a}}", (1,)),
        ("{{c1::a {{c2::b}}", ()),
        ("{{c1::a {{c2::b}} {{c3::c}} d}}", (1, 2, 3)),
        ("".join(f"{{{{c{n}::" for n in range(1, 11)) + "}}" * 10, tuple(range(1, 11))),
        ("".join(f"{{{{c{n}::" for n in range(1, 12)) + "}}" * 11, tuple(range(1, 11))),
    ],
)
def test_a_field_makes_a_card_of_each_number_that_anki_finds(field: str, expected: tuple[int, ...]) -> None:
    assert clozes.card_numbers(field) == expected
