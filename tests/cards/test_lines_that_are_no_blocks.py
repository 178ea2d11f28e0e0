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
        ("* a\n\nFrage? #card\n", OUTSIDE + "in front of it"),
        ("- Frage? #card\n", BELOW),
        ("-\n  Frage? #card\n", BELOW),
        ("- id:: a\n  Frage? #card\n", BELOW),
    ],
)
def test_the_message_names_the_cause(text: str, message: str) -> None:
    for is_graph in (True, False):
        assert [problem.message for problem in desired_of(text, is_graph=is_graph).problems] == [message]
