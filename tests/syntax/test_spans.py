"""What is opaque to Markdown is found once, and nothing takes more than linear time."""

from __future__ import annotations

import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankigen.syntax import spans
from ankigen.syntax.spans import Kind, clean, scan
from tests.helpers.growth import LINEAR, get_through, growth_of_text
from tests.helpers.marking import rendered

pytestmark = pytest.mark.thorough


def kinds(text: str) -> list[tuple[Kind, str]]:
    return [(span.kind, text[span.start : span.end]) for span in scan(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$5 and $6", []),
        ("$5-$10", []),
        ("$ x$ and $y $", []),
        (r"\$x$ and $y$", [(Kind.MATH, "$y$")]),
        ("`a $x$` $y$", [(Kind.CODE, "`a $x$`"), (Kind.MATH, "$y$")]),
        ("$a `b$ c`", [(Kind.MATH, "$a `b$")]),
        ("run `ping and wait", []),
        ("`` ` ``", [(Kind.CODE, "`` ` ``")]),
        ("```js\n`x`\n```", [(Kind.FENCE, "```js\n`x`\n```")]),
        ("````\n```\n````", [(Kind.FENCE, "````\n```\n````")]),
        ("```js\nnever closed $x$", [(Kind.MATH, "$x$")]),
        ("text ```js\nx\n```", []),
        ("```\nx\n``` rest", [(Kind.FENCE, "```\nx\n```")]),
        ("[a](../x (1).png) b", [(Kind.TARGET, "](../x (1).png)")]),
        ("(https://a.example/x_(y)).", [(Kind.URL, "https://a.example/x_(y)")]),
        ("<!-- {{cloze x}} -->", [(Kind.COMMENT, "<!-- {{cloze x}} -->")]),
        ("[[a [[b]] c]]", [(Kind.PAGE, "[[a [[b]] c]]")]),
        ("[[open", []),
        ("{a|b} {字|じ}", [(Kind.RUBY, "{字|じ}")]),
        ("#+begin_note\nx\n#+END_NOTE", [(Kind.BLOCK, "#+begin_note\nx\n#+END_NOTE")]),
        ("#+BEGIN_NOTE\nx", []),
    ],
)
def test_a_span_begins_and_ends_as_in_logseq(text: str, expected: list[tuple[Kind, str]]) -> None:
    assert kinds(text) == expected


PIECES = [
    "{{cloze ", "{{c1::", "{", "}}", "`a ", "`` ` ", "$a ", "$$a}", "[[a ", "](", "[:a ", "https://x)",
    "*a _b ", "<a ", "~~~~\n```\n", "\\(", "{{cloze } \\( ", "==a", "{{cloze a::b", "> ", "* a\n",
    "#+BEGIN_A\n", "\\begin{a}", "|a|b|\n", "{a|b", "1:2:", "_{", "[^1]", "![a](", "{{cloze x}} ", "((",
    "&amp", "[a]: b\n", "\ufdd3", "- [ ] a\n", "a::", "**", "<!--", "\n\n",
    "<b>", "<b></b>", "</b>", "<b '", "<! ", "<? ", "<script>", "{{cloze <script>}} ", "<a@", "<int>", "[a]: [a] ",
]  # fmt: skip


@pytest.mark.parametrize("piece", PIECES)
def test_no_text_takes_more_than_linear_steps(piece: str) -> None:
    assert growth_of_text(lambda size: piece * size, rendered) < LINEAR


@pytest.mark.thorough
@pytest.mark.parametrize("piece", PIECES)
def test_a_huge_text_is_rendered(piece: str) -> None:
    get_through(lambda size: piece * size, rendered)


def test_a_text_that_can_be_printed_has_nothing_to_clean() -> None:
    everything = "".join(map(chr, range(sys.maxunicode + 1)))
    removed = {*everything} - {*clean(everything)}
    assert "\x00" in removed
    assert not any(map(str.isprintable, removed))


@given(
    st.lists(st.sampled_from(["#", "#+", "# ", "(", "(a", ":", "//", "h", "http", "*", ">", "\n", "\t", "日"])).map(
        "".join
    )
)
def test_a_text_without_marks_has_the_spans_that_it_has_in_front_of_one(text: str) -> None:
    assert scan(text) == scan(f"{text}\n$")


NEVER = re.compile(r"(?!)")
CLOZES = [
    "{{cloze ",
    "{{cloze2 ",
    "{{c1::",
    "{{c",
    "{{x ",
    "}}",
    "}",
    "{",
    "{{{",
    "::",
    ":",
    "\\\\",
    "a",
    " b ",
    "\n",
    "$",
    "`",
    "[[",
    "日",
]


@given(st.lists(st.sampled_from(CLOZES), max_size=12).map("".join))
def test_a_plain_cloze_is_read_as_any_other(text: str) -> None:
    found = scan(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ankigen.syntax.spans.PLAIN_CLOZE", NEVER)
        assert found == vars(spans)["_scan"].__wrapped__(text, "auto")
