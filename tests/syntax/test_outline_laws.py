"""What holds for every text: outlines are read without failure, without loss, and in linear time."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankigen.data import Block, Page
from ankigen.syntax import outline
from tests.helpers.growth import LINEAR, get_through, growth_of_text

FORMATS = ("page.md", "page.org")
PIECES = (
    *("- ", "-", "\t", "  ", "    ", "* ", "** ", "# ", "### ", "+ ", "1. ", "> ", "| ", "|---+---|", "\n", "\n", "\n"),
    *("```", "~~~", "````", "$$", "$", "`", "~", "=", "/", "_", "*", "\\(", "\\)", "\\[", "\\begin{a}", "\\end{a}"),
    *("#+BEGIN_SRC c", "#+END_SRC", "#+BEGIN_QUOTE", "#+END_QUOTE", "#+k: v", ":PROPERTIES:", ":k: v", ":END:", ":a:"),
    *(
        "k:: v",
        "id:: x",
        "::",
        "TODO ",
        "[#A] ",
        "SCHEDULED: <2023-01-02 Mon>",
        "---",
        "<div>",
        "</div>",
        "<!--",
        "-->",
    ),
    *(
        "[[",
        "]]",
        "][",
        "((",
        "))",
        "{{cloze ",
        "}}",
        "[fn:1]",
        "#card",
        "word",
        "é",
        "\r",
        "\u2028",
        "\x00",
        "^abcdef",
    ),
    *("<<<<<<< a", "=======", ">>>>>>> b", "title: x", "\\\\", ",", " :: "),
)
texts = st.lists(st.sampled_from(PIECES), max_size=60).map("".join) | st.text(max_size=80)


@given(texts, st.sampled_from(FORMATS))
def test_any_text_is_a_page(text: str, path: str) -> None:
    page = outline.parse(text, path, "page")
    assert all(line.column > 0 and "\n" not in line.text for block in walk(page) for line in block.lines)


@given(texts, st.sampled_from(FORMATS))
def test_every_line_belongs_to_one_block_or_to_the_page(text: str, path: str) -> None:
    page = outline.parse(text, path, "page")
    spans = [(block.line, block.last_line) for block in walk(page)]
    assert spans == sorted(spans)
    for (_, end), (start, _) in itertools.pairwise(spans):
        assert end == start - 1
    if spans:
        assert spans[-1][1] == len(text.removesuffix("\n").split("\n"))


@given(texts)
def test_a_line_stands_where_it_says(text: str) -> None:
    page = outline.parse(text, "page.md", "page")
    source = text.split("\n")
    for line in (*page.preamble, *(line for block in walk(page) for line in block.lines)):
        shown = line.text.lstrip("# \t")
        at = line.column - 1 + len(line.text) - len(shown)
        assert source[line.number - 1][at:].startswith(shown.rstrip("\r"))


@given(st.lists(st.sampled_from(("word", "two words", "#card", "a ^ b", "é", "x = 1", "- in dash")), min_size=1))
def test_plain_words_are_never_lost(words: list[str]) -> None:
    for path, bullet in (("page.md", "- "), ("page.org", "* ")):
        text = "\n".join(f"{bullet}{word}\n{word}".replace("\n- ", "\n. - ") for word in words)
        page = outline.parse(text, path, "page")
        assert sum(len(block.lines) for block in walk(page)) == 2 * len(words)


NASTY: dict[str, Callable[[int], str]] = {
    "brackets": lambda n: "- " + "[" * n,
    "links": lambda n: "- " + "[[a][" * n,
    "braces": lambda n: "- " + "{{cloze " * n,
    "backticks": lambda n: "- " + "`a``b" * n,
    "dollars": lambda n: "- " + "$a $$ " * n,
    "stars": lambda n: "* a " + "*a " * n + "*" * n,
    "mixed marks": lambda n: "* " + "*a /b _c +d ~e =f " * n,
    "closing marks": lambda n: "* " + "a* b/ c_ d+ " * n,
    "nested marks": lambda n: "* " + "*/_+" * n + "x" + "+_/*" * n,
    "formulas": lambda n: "* " + "\\(a \\[b " * n,
    "blanks": lambda n: "-" + " " * n + "x" + "\t" * n + "y :",
    "deep indent": lambda n: "\n".join(" " * min(i, 90) + "- a" for i in range(n)),
    "stairs": lambda n: "\n".join("\t" * (i % 90) + "- a" for i in range(n)),
    "properties": lambda n: "- a" + "\n  k:: v" * n,
    "directives": lambda n: "- a\n  k:: v" + "\n\n  #+d: v" * n,
    "open fences": lambda n: "\n".join("- a\n  " + "`" * (3 + i % 50) for i in range(n)),
    "long and short fences": lambda n: "- a\n" + "````\n```\n" * n,
    "open blocks": lambda n: "- a\n#+BEGIN_QUOTE\n" * n,
    "nested blocks": lambda n: "* a\n" + "#+BEGIN_A\n" * n + "#+END_A\n" * n,
    "open formulas": lambda n: "- a\n\\begin{x}\n" * n,
    "open drawers": lambda n: "* a\n:LOGBOOK:\n" * n + ":END:",
    "drawers without headlines": lambda n: "* a\n" + ":A:\nx\n" * n + ":END:",
    "open comments": lambda n: "- <!--\n" * n,
    "open elements": lambda n: "- <div>\n" * n,
    "blank lines": lambda n: "- a" + "\n" * n + "x",
    "anchors": lambda n: "- a" + "\n^abcdef" * n,
    "tags": lambda n: "* a " + ":b" * n + ":",
    "front matter": lambda n: "---\n" + "a: b\n" * n + "---",
    "colons": lambda n: "- " + ":" * n + "\n" + "a:" * n,
}


@pytest.mark.parametrize("path", FORMATS)
@pytest.mark.parametrize("shape", NASTY)
def test_no_page_takes_more_than_linear_steps(shape: str, path: str) -> None:
    parse = functools.partial(outline.parse, path=path, name="page")
    assert growth_of_text(NASTY[shape], parse) < LINEAR


@pytest.mark.thorough
@pytest.mark.parametrize("path", FORMATS)
@pytest.mark.parametrize("shape", NASTY)
def test_a_huge_page_is_read(shape: str, path: str) -> None:
    parse = functools.partial(outline.parse, path=path, name="page")
    get_through(NASTY[shape], parse)


def walk(page: Page) -> Iterator[Block]:
    for root in page.blocks:
        yield from root.walk()
