"""Plain texts become HTML without the Markdown parser, and come out as it would have made them."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ankigen.render import commonmark, plain_markdown
from ankigen.render.plain_markdown import MarkdownContext

TOKENS = [plain_markdown.inline_token(0), plain_markdown.block_token(0), plain_markdown.block_token(1)]
WORDS = [
    "a",
    "b c",
    "日本",
    "é",
    "0",
    "1.",
    "x_y",
    "(",
    ")",
    ".",
    "!",
    "?",
    ",",
    ":",
    "'",
    '"',
    "-",
    "+",
    "@",
    "a@b.c",
    " ",
    "\t",
]
MARKS = [
    "*",
    "**",
    "***",
    "_",
    "`",
    "\\",
    "~~",
    "~",
    "=",
    "&",
    "==",
    "<b>",
    "&amp;",
    "[",
    "](u)",
    "[a](stash:0)",
    "[",
    "](stash:1)",
    "^",
    "#",
    ">",
    "\r",
    "\u2028",
    "\x0b",
]
LINES = ["\n", "\n\n", "\n| ", " |", "|", "|---|:-:|", "\n- ", "\n# "]
lines = st.lists(st.sampled_from(WORDS + TOKENS[:1]) | st.sampled_from(["*", "**", "\n"]), max_size=9).map("".join)
texts = st.lists(
    st.sampled_from([*WORDS, *TOKENS, *MARKS, *LINES, "\n", "\n| a | **b** |\n", f"\n{TOKENS[1]}\n"]), max_size=14
).map("".join)
often = settings(max_examples=400)


def context() -> MarkdownContext:
    return MarkdownContext(
        lambda label, url, title: f"<a {url} {title}>{label}</a>", lambda alt, url, title: f"<img {alt} {url} {title}>"
    )


@often
@given(lines | texts)
@example("**bold 3** and *italic* on one line.")
@example("a (*b*), **c**! *d*")
@example("*a **b* c**")
@example("**a*b**")
@example("a = b & c > d")
@example("**a > b** = c")
@example("a&b; ~ **c**&d")
def test_a_line_is_what_mistune_makes_of_it(text: str) -> None:
    if any(mark in text for mark in "*\n=~&>["):
        assert plain_markdown.inline_html(text, context()) == commonmark.parsed_inline(text, context())


@often
@given(texts)
@example(f"a\n{TOKENS[1]}\nb\n{TOKENS[2]}\n{TOKENS[1]}\n| a |\n|---|\n| *b* |\nc")
@example("| a | b |\n|---|---|\n| 3 | 2 |")
@example("a\n| b \\| c | d |")
@example(f"| a |{TOKENS[1]}\n|b|")
def test_blocks_are_what_mistune_makes_of_them(text: str) -> None:
    if plain_markdown.is_blockish(text):
        assert plain_markdown.to_html(text, context()) == commonmark.parsed(text, context())
