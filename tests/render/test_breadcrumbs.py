"""The line that says where a card stands: one line of text, whatever the blocks above the card are."""

import pytest

from ankigen import render
from ankigen.data import Block, Line
from tests.helpers import pages


def crumbs(above: str, page: str = "Page") -> str:
    lines = tuple(Line(number, 1, line) for number, line in enumerate(above.split("\n"), 1))
    return render.breadcrumb(page, [Block(1, len(lines), 1, lines)], "Page.md").html


@pytest.mark.parametrize(
    ("above", "shown"),
    [
        ("2. Regel", "2. Regel"),
        ("3) Regel", "3) Regel"),
        ("* a\n* b", "a"),
        ("- a", "a"),
        ("> said\n> more", "said"),
        ("> > said", "said"),
        ("> 1. # said", "said"),
        ("## Heading", "Heading"),
        ("```py\nx = 1\ny = 2\n```", "<code>x = 1</code>"),
        ("```\n\n  x\n```", "<code>x</code>"),
        ("as in\n```\nx\n```", "as in"),
        ("| a | b |\n| c | d |", "a | b"),
        ("|  | b |", "b"),
        ("$$x^2$$", "\\(x^2\\)"),
        ("\\begin{aligned} x \\end{aligned}", "\\(\\begin{aligned} x \\end{aligned}\\)"),
        ("#+BEGIN_QUOTE\nquoted\nmore\n#+END_QUOTE", "quoted"),
        ("#+BEGIN_SRC py\nx\n#+END_SRC", "<code>x</code>"),
        ("#+BEGIN_EXAMPLE\nx\ny\n#+END_EXAMPLE", "<code>x</code>"),
        ("#+BEGIN_TIP\nwise\n#+END_TIP", "Tip"),
        ("> [!note] Said **so**\n> body", "Said <strong>so</strong>"),
        ("> [!note]\n> body", "Note"),
        ("<div>a</div>", "a"),
        ("<details><summary>a</summary>b</details>", "a b"),
        ("<div>a</div> b <c> d", "a b &lt;c&gt; d"),
        ("<ul><li><b>a<br>c</b></li></ul>", "<b>a</b> <b>c</b>"),
        ("a {{cloze b}} `c` $d$ **e**", "a b <code>c</code> \\(d\\) <strong>e</strong>"),
        ("[ ] a task", "☐ a task"),
        ("H_{2}O ![p](https://example.com/p.png)", 'H<sub>2</sub>O <img src="https://example.com/p.png" alt="p">'),
    ],
)  # fmt: skip
def test_a_block_above_is_one_line(above: str, shown: str) -> None:
    assert crumbs(above) == f"Page › {shown}"


@pytest.mark.parametrize("above", ["---", "> ", "{{query x}}", "| | |"])
def test_a_block_above_that_says_nothing_is_left_out(above: str) -> None:
    assert crumbs(above) == "Page"


@pytest.mark.parametrize("above", ["Physics", "physics", "[[Physics]]", "# **Physics**", "Science/Physics"])
def test_the_name_of_the_page_stands_once(above: str) -> None:
    assert crumbs(above, "Science/Physics") == "Science/Physics"


def test_no_step_says_what_the_one_above_it_says() -> None:
    [note] = pages.desired_of(
        "- Light\n\t- Waves\n\t\t- waves\n\t\t\t- Light\n\t\t\t\t- Q #card\n\t\t\t\t\t- A\n"
    ).notes
    assert pages.fields_of(note)["Context"] == "Page › Light › Waves › Light"


def test_all_lines_above_a_card_do_not_say_the_name_of_the_page_again() -> None:
    text = "- Page\n\t- Q #card\n\t\t- A\n- Page\n  and more\n\t- Q #card\n\t\t- A\n"
    shown = [pages.fields_of(note)["Context"] for note in pages.desired_of(text, context="full").notes]
    assert shown == ["Page", "Page<br>Page<br>and more"]
