"""A tag on a line that is no block: the message says so, and how the line becomes one."""

import pytest

from tests.helpers.pages import desired_of

PART = "card has no answer: the line of its tag is no block, but a part of the one on line 1: write `- ` "
OUTSIDE = "#card outside any block makes no card: write `- ` "
BELOW = "card has no answer: indent it below the question, or set `empty_back = true`"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- a\n\nFrage? #card\n", PART + "in front of it, and indent the answer below it, or set `empty_back = true`"),
        (
            "- a\n  1. Frage #card\n",
            PART + "in place of `1.`, which begins an item of a list, and indent the answer below it, "
            "or set `empty_back = true`",
        ),
        ("1. Frage #card\n   Antwort\n", OUTSIDE + "in place of `1.`, which begins an item of a list"),
        (
            "* ciao #card\n  hello\n* addio #card\n",
            OUTSIDE + "in place of `*`, which begins an item of a list (2 on this page)",
        ),
        ("- Frage? #card\n", BELOW),
        ("-\n  Frage? #card\n", BELOW),
        ("- id:: a\n  Frage? #card\n", BELOW),
    ],
)
def test_the_message_names_the_cause(text: str, message: str) -> None:
    for is_graph in (True, False):
        assert [problem.message for problem in desired_of(text, is_graph=is_graph).problems] == [message]


TEXT = "What is z? #card\n\nThe answer.\n"


@pytest.mark.parametrize("text", [TEXT, f"* a\n\n{TEXT}"])
@pytest.mark.parametrize(
    ("is_graph", "advice"),
    [
        (True, "write `- ` in front of it"),
        (False, "write `## ` in front of it, which asks for the text below, or `- ` and indent the answer below it"),
    ],
)
def test_where_headings_ask_a_paragraph_is_advised_to_become_one(text: str, is_graph: bool, advice: str) -> None:
    [problem] = desired_of(text, is_graph=is_graph).problems
    assert problem.message == f"#card outside any block makes no card: {advice}"


def test_the_advice_makes_the_card() -> None:
    [note] = desired_of(f"## {TEXT}", is_graph=False).notes
    assert note.identity.question == "## What is z?"


@pytest.mark.parametrize(
    ("text", "line", "several"),
    [
        ("```\n- What? #card\n\t- A\n```\n", 2, ""),
        ("Write `#card` behind a question.\n\n`#card`\n", 1, ""),
        ("`#card`\n\n- Write `#card`.\n", 1, " (2 on this page)"),
    ],
)
def test_a_page_whose_tags_all_stand_in_code_says_that_these_make_no_card(text: str, line: int, several: str) -> None:
    for is_graph in (True, False):
        [problem] = desired_of(text, is_graph=is_graph).problems
        assert (problem.rule, problem.position.line) == ("card-tag-in-code", line)
        message = "#card inside code, a formula or a macro: it makes no card; write it outside to make one"
        assert problem.message == message + several


TWO = "# Optics\n\nWhat bends light? #card\nA lens\n\nWhat parts its colours? #card\nA prism\n"
ONE_CARD = "#card on a second line of a block, which is one card: for another, write `"


@pytest.mark.parametrize(
    ("text", "is_graph", "message"),
    [
        (
            TWO,
            False,
            ONE_CARD + "## ` in front of it, which asks for the text below, or `- ` and indent the answer below it",
        ),
        (TWO, True, ONE_CARD + "- ` in front of it"),
        (
            "- a #card\n  b\n  1. c #card\n  2. d #card\n",
            True,
            ONE_CARD + "- ` in place of `1.`, which begins an item of a list (2 on this page)",
        ),
    ],
)
def test_a_second_card_within_a_block_is_not_lost_in_silence(text: str, is_graph: bool, message: str) -> None:
    desired = desired_of(text, is_graph=is_graph)
    assert [(problem.rule, problem.message) for problem in desired.problems] == [("card-twice", message)]
    assert len(desired.notes) == 1


@pytest.mark.parametrize(
    "text",
    [
        "- a #card\n  b\n  #card #optics\n",
        "- What is on the page of cards? #card\n  see [[card]]\n",
        "- a #card #card\n  b\n",
        "- a #card\n  b\n  tags:: card\n",
        "- a #card #no-anki-sync\n  b\n  c #card\n",
        "- a #card\n  b\n  `c #card`\n",
    ],
)
def test_a_line_that_asks_nothing_is_no_second_card(text: str) -> None:
    assert desired_of(text).problems == ()


def test_the_advice_for_a_second_card_makes_it() -> None:
    text = TWO.replace("\nWhat", "\n## What")
    desired = desired_of(text, is_graph=False)
    assert ([note.identity.question for note in desired.notes], desired.problems) == (
        ["## What bends light?", "## What parts its colours?"],
        (),
    )


def test_beside_a_tag_that_is_none_in_code_only_that_one_is_told() -> None:
    [problem] = desired_of("Frage? #card\n\nWrite `#card`.\n").problems
    assert problem.rule == "card-outside-block"
