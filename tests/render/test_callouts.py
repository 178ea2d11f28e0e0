"""Boxes with a title: their classes are our own, their titles whole, and those that fold can be unfolded."""

import pytest

from ankigen import render
from tests.helpers.pages import sides


def box(kind: str, title: str, inside: str = "") -> str:
    opening = f'class="ankigen-callout ankigen-callout-{kind}"'
    return f'<div {opening}><p class="ankigen-callout-title">{title}</p>{inside}</div>'


def folding(kind: str, title: str, inside: str = "", mode: str = "") -> str:
    opening = f'<details{mode} class="ankigen-callout ankigen-callout-{kind}">'
    return f'{opening}<summary class="ankigen-callout-title">{title}</summary>{inside}</details>'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("> [!note]\n> a", box("note", "Note", "<p>a</p>")),
        ("> [!NOTE] Mind\n> a\n>\n> b", box("note", "Mind", "<p>a</p><p>b</p>")),
        ("> [!note] Mind", box("note", "Mind")),
        ("> [!question]\n> a", box("question", "Question", "<p>a</p>")),
        ("> [!my-kind]\n> a", box("my-kind", "My Kind", "<p>a</p>")),
        ("> [!note|wide] Mind\n> a", box("note", "Mind", "<p>a</p>")),
        ("> [!tip] Title **bold** and `code`\n> a",
         box("tip", "Title <strong>bold</strong> and <code>code</code>", "<p>a</p>")),
        ("> [!tip] **bold** $x$ ==m== [l](https://example.com)\n> a",
         box("tip", '<strong>bold</strong> \\(x\\) <mark>m</mark> <a href="https://example.com">l</a>', "<p>a</p>")),
        ("> [!tip] **all**", box("tip", "<strong>all</strong>")),
        ("> [!tip]- Title **bold**\n> a", folding("tip", "Title <strong>bold</strong>", "<p>a</p>")),
        ("> [!tip]+ Title\n> a", folding("tip", "Title", "<p>a</p>", " open")),
        ("> [!tip]-\n> - a\n> - b", folding("tip", "Tip", "<ul><li>a</li><li>b</li></ul>")),
        ("> [!tip]- a\n> > [!bug]- b\n> > c", folding("tip", "a", folding("bug", "b", "<p>c</p>"))),
        ("#+BEGIN_TIP\na\n#+END_TIP", box("tip", "Tip", "a")),
        ("> [!] a", "<blockquote><p>[!] a</p></blockquote>"),
    ],
)  # fmt: skip
def test_a_quote_that_begins_with_a_kind_is_a_box(text: str, html: str) -> None:
    assert render.question(text, "page.md").html == html


def test_a_box_in_which_something_is_hidden_is_open() -> None:
    """A card asks for what its front shows."""
    text = "- Q #card\n\t- > [!tip]- a\n\t  > {{cloze b}}\n\t- > [!tip]- c\n\t  > d\n"
    shown = folding("tip", "a", "<p>{{c1::b}}</p>", " open"), folding("tip", "c", "<p>d</p>")
    assert sides(text) == [f"<p>Q</p><ul><li>{shown[0]}</li><li>{shown[1]}</li></ul>"]


@pytest.mark.parametrize("name", ["CARD", "QUESTION", "SOURCE", "MISSING", "CALLOUT"])
def test_a_block_that_is_called_like_a_class_of_the_sheet_has_a_prefix(name: str) -> None:
    html = render.question(f"#+BEGIN_{name}\na\n#+END_{name}", "page.md").html
    assert html == f'<div class="ankigen-block-{name.lower()}">a</div>'


def test_any_other_block_keeps_its_name_as_class() -> None:
    assert render.question("#+BEGIN_CENTER\na\n#+END_CENTER", "page.md").html == '<div class="center">a</div>'
    assert render.question("#+BEGIN_VERSE\na\n#+END_VERSE", "page.md").html == '<div class="verse">a</div>'


def test_html_may_say_that_details_are_open() -> None:
    html = render.question("<details open><summary>a</summary>b</details>", "page.md").html
    assert html == '<details open=""><summary>a</summary>b</details>'
