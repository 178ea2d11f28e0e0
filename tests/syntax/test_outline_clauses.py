"""What becomes of each kind of line: text, bullet, property, drawer, date, code; Markdown and org-mode."""

from __future__ import annotations

import pytest

from ankigen.data import Block, Format, Page
from ankigen.syntax import org_inline, outline


def page_of(text: str, path: str = "page.md") -> Page:
    return outline.parse(text, path, "page")


def texts(text: str, path: str = "page.md") -> list[str]:
    """The text of each block in reading order."""
    return [block.text for root in page_of(text, path).blocks for block in root.walk()]


def described(block: Block) -> tuple[int, int, int, list[tuple[int, int, str]], list[tuple[str, str, int]]]:
    """First line, last line, level, lines and properties of a block."""
    lines = [(line.number, line.column, line.text) for line in block.lines]
    return block.line, block.last_line, block.level, lines, [(one.key, one.value, one.line) for one in block.properties]


def page_properties(text: str, path: str = "page.md") -> list[tuple[str, str, int]]:
    return [(one.key, one.value, one.line) for one in page_of(text, path).properties]


# Pages.


@pytest.mark.parametrize(
    ("path", "format"),
    [("a.md", Format.MARKDOWN), ("a.markdown", Format.MARKDOWN), ("a.org", Format.ORG), ("a.ORG", Format.ORG)],
)
def test_the_suffix_tells_the_language(path: str, format: Format) -> None:
    page = outline.parse("* a", path, "name")
    assert (page.path, page.name, page.format) == (path, "name", format)
    assert outline.is_org(path) is (format is Format.ORG)


def test_lines_end_with_line_feeds_alone() -> None:
    assert texts("- a\r\n  b\r\n- c\u2028d\x0be\n") == ["a\nb", "c\u2028d\x0be"]


def test_a_first_bullet_of_properties_alone_speaks_of_the_page_and_a_later_one_of_itself() -> None:
    assert page_properties("- a:: 1\n- b:: 2") == [("a", "1", 1)]
    assert page_properties("x:: 0\n- a:: 1\n- b") == [("x", "0", 1), ("a", "1", 2)]
    assert page_properties("- a:: 1\n\t- b") == []
    assert page_properties("- a:: 1\n  text") == []
    assert len(page_of("- \n- a").blocks) == 2


def test_the_text_above_the_first_block_has_no_blank_lines_around_it_and_keeps_its_columns() -> None:
    lines = page_of("\n\n\n a\n\n- b").preamble
    assert [(line.number, line.column, line.text) for line in lines] == [(4, 1, " a")]


# Blocks.


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- a", (1, 1, 1, [(1, 3, "a")], [])),
        ("-", (1, 1, 1, [], [])),
        ("-\ta", (1, 1, 1, [(1, 3, "a")], [])),
        ("-   a", (1, 1, 1, [(1, 5, "a")], [])),
        ("- a\n  b\n\n", (1, 3, 1, [(1, 3, "a"), (2, 3, "b")], [])),
        ("-\n  a", (1, 2, 1, [(2, 3, "a")], [])),
        ("- a\n\n  b", (1, 3, 1, [(1, 3, "a"), (2, 1, ""), (3, 3, "b")], [])),
        ("- a\n      b", (1, 2, 1, [(1, 3, "a"), (2, 3, "    b")], [])),
        ("- a\n b", (1, 2, 1, [(1, 3, "a"), (2, 2, "b")], [])),
        ("- a\n\tb", (1, 2, 1, [(1, 3, "a"), (2, 2, "b")], [])),
        ("- a\n\u00a0 b", (1, 2, 1, [(1, 3, "a"), (2, 1, "\u00a0 b")], [])),
        ("- a\nXX b", (1, 2, 1, [(1, 3, "a"), (2, 1, "XX b")], [])),
        ("- a\nX- b", (1, 2, 1, [(1, 3, "a"), (2, 1, "X- b")], [])),
        ("- Xa", (1, 1, 1, [(1, 3, "Xa")], [])),
        ("- \u00a0a", (1, 1, 1, [(1, 3, "\u00a0a")], [])),
        ("- TODO a", (1, 1, 1, [(1, 8, "a")], [])),
        ("- TODO", (1, 1, 1, [], [])),
        ("- [#A] a", (1, 1, 1, [(1, 8, "a")], [])),
        ("- LATER [#B] a", (1, 1, 1, [(1, 14, "a")], [])),
        ("- TODOS a", (1, 1, 1, [(1, 3, "TODOS a")], [])),
        ("- a TODO", (1, 1, 1, [(1, 3, "a TODO")], [])),
        ("## a", (1, 1, 1, [(1, 1, "## a")], [])),
        ("- ## TODO a", (1, 1, 1, [(1, 8, "## a")], [])),
        ("##a", None),
        ("-a", None),
        ("- a\n  SCHEDULED: <2024-01-01 Mon>", (1, 2, 1, [(1, 3, "a")], [])),
        ("- a\n  DEADLINE: <2024-01-01 Mon> CLOSED: [2024-01-02 Tue]", (1, 2, 1, [(1, 3, "a")], [])),
        ("- a\n  CLOCK: [2024-01-01 Mon]--[2024-01-02 Tue] => 01:00", (1, 2, 1, [(1, 3, "a")], [])),
        ("- a\n    SCHEDULED: <2024-01-01 Mon>", (1, 2, 1, [(1, 3, "a")], [])),
        ("- a\n  SCHEDULED: soon", (1, 2, 1, [(1, 3, "a"), (2, 3, "SCHEDULED: soon")], [])),
        ("- a\n  k:: v", (1, 2, 1, [(1, 3, "a")], [("k", "v", 2)])),
        ("- a\n  My Key_x:: v", (1, 2, 1, [(1, 3, "a"), (2, 3, "My Key_x:: v")], [])),
        ("- a\n  My_Key:: v ", (1, 2, 1, [(1, 3, "a")], [("my-key", "v", 2)])),
        ("- a\n  k::", (1, 2, 1, [(1, 3, "a")], [("k", "", 2)])),
        ("- a\n  k::v", (1, 2, 1, [(1, 3, "a"), (2, 3, "k::v")], [])),
        ("- k:: v\n  text", (1, 2, 1, [(2, 3, "text")], [("k", "v", 1)])),
        ("- a\n  :LOGBOOK:\n  CLOCK: x\n  :END:\n  b", (1, 5, 1, [(1, 3, "a"), (5, 3, "b")], [])),
        ("- a\n  :PROPERTIES:\n  :id: x\n  :k y\n  :END:", (1, 5, 1, [(1, 3, "a")], [("id", "x", 3)])),
        ("- a\n  :LOGBOOK:\n  :id: x\n  :END:", (1, 4, 1, [(1, 3, "a")], [])),
        ("- a\n  :LOGBOOK:\n  b", (1, 3, 1, [(1, 3, "a"), (2, 3, ":LOGBOOK:"), (3, 3, "b")], [])),
        ("- ```\n  a\n    b\n  ```", (1, 4, 1, [(1, 3, "```"), (2, 3, "a"), (3, 3, "  b"), (4, 3, "```")], [])),
        ("- x\n  ```\n  - a\n  ```", (1, 4, 1, [(1, 3, "x"), (2, 3, "```"), (3, 3, "- a"), (4, 3, "```")], [])),
        ("- x\n```\n  a\n```", (1, 4, 1, [(1, 3, "x"), (2, 1, "```"), (3, 1, "  a"), (4, 1, "```")], [])),
        ("- x\n ```\n  a\n```", (1, 4, 1, [(1, 3, "x"), (2, 2, "```"), (3, 2, " a"), (4, 1, "```")], [])),
        ("- x\n  ```\n a\n  ```", (1, 4, 1, [(1, 3, "x"), (2, 3, "```"), (3, 2, "a"), (4, 3, "```")], [])),
        ("- # TODO ```\n  - a\n  ```", (1, 3, 1, [(1, 8, "# ```"), (2, 3, "- a"), (3, 3, "```")], [])),
    ],
)
def test_a_block_has_these_lines_and_properties(text: str, expected: object) -> None:
    assert [described(block) for block in page_of(text).blocks] == ([] if expected is None else [expected])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- a ^abc123", "a"),
        ("- a ^abc-12  ", "a"),
        ("- a\t^abc123", "a"),
        ("- a\n  ^abc123", "a"),
        ("- a\n  b ^abc123\n", "a\nb"),
        ("- ^abc123", ""),
        ("- a\n\n  ^abc123", "a"),
        ("- a^abc123", "a^abc123"),
        ("- 10^100000", "10^100000"),
        ("- a ^abc12", "a ^abc12"),
        ("- a ^2", "a ^2"),
        ("- a ^abc_123", "a ^abc_123"),
        ("- a ^abc123 b", "a ^abc123 b"),
        ("- a ^abc123\n  b", "a ^abc123\nb"),
        ("- a ^x ^abc123", "a ^x"),
    ],
)
def test_an_anchor_of_obsidian_stands_behind_a_blank_at_the_end_and_has_six_characters(
    text: str, expected: str
) -> None:
    assert texts(text) == [expected]


def test_an_anchor_leaves_the_lines_above_it_where_they_were() -> None:
    [block] = page_of("- a\n  b\n  c ^abc123").blocks
    assert described(block)[3] == [(1, 3, "a"), (2, 3, "b"), (3, 3, "c")]


# Constructs hide what would begin a block.


@pytest.mark.parametrize(
    "text",
    [
        "- x\n  ```\n- a\n  ```",
        "- x\n  ````\n- a\n  ```\n- b\n  ````",
        "- x\n  ```\n- a\n  ````",
        "- x\n  ~~~ js\n- a\n  ~~~",
        "- x\n  ``` js\n- a\n~~~\n- b\n  ```",
        "- x\n  #+BEGIN_SRC js\n- a\n  #+END_SRC",
        "- x\n  #+begin_Src js\n- a\n  #+END_src",
        "- x\n  #+BEGIN_A\n- a\n  #+END_B\n- b\n  #+END_A",
        "- x\n  $$\n- a\n  $$",
        "- x\n  $$\n- a$$",
        "- x\n  \\begin{a}\n- a\n  \\end{a}",
        "- x\n  \\begin{a}\n- a\n  \\end{b}\n- b\\end{a}",
        "- x\n  <!--\n- a\n-->",
        "- x\n  <div>\n- a\n</div>",
        "- x\n  <DIV>\n- a\n</div>",
        "- x\n  <div>\n- a\n<div>\n- b\n</div>\n- c\n</div>",
        "- x\n  <div\n- a\n></div>",
        "- x\n  :A:\n- a\n  :end:",
        "- x\n  :END:\n- a\n  :END:",  # a drawer of that name to Logseq
        "- ```\n- a\n  ```",
        "- $$\n- a\n  $$",
    ],
)
def test_a_bullet_within_a_construct_begins_no_block(text: str) -> None:
    assert len(texts(text)) == 1


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("- x\n  ```\n- a", 2),
        ("- x\n  ````\n- a\n  ```", 2),
        ("- x\n  ```\n- a\n  ~~~", 2),
        ("- x\n  ``` `js`\n- a\n  ```", 2),
        ("- x\n  ```\n- a\n  ```js", 2),
        ("- x\n  ``\n- a\n  ``", 2),
        ("- x ```\n- a\n  ```", 2),
        ("- x\n  ```\n  ```\n- a", 2),
        ("- x\n  ```\n  ```\n- a\n  ```\n- b\n  ```\n- c", 3),
        ("- x\n  #+BEGIN_A\n- a\n  #+END_B", 2),
        ("- x\n  #+BEGIN_A\n  #+END_A\n- a\n  #+END_A", 2),
        ("- x\n  $$a$$\n- b\n  $$", 2),
        ("- x\n  $$\n- a", 2),
        ("- x\n  \\begin{a}\n- a\n  \\end{b}", 2),
        ("- x\n  <!-- a -->\n- b\n-->", 2),
        ("- x\n  <!--\n- a", 2),
        ("- x\n  <div></div>\n- a\n</div>", 2),
        ("- x\n  <div>\n- a\n</span>", 2),
        ("- x\n  <div>\n- a", 2),
        ("- x\n  <2>\n- a\n</2>", 2),
        ("- x\n  :A:\n  :END:\n- a\n  :END:", 2),
        ("- x\n  :A: b\n- a\n  :END:", 2),
    ],
)
def test_what_is_not_closed_or_opens_nothing_hides_no_bullet(text: str, count: int) -> None:
    assert len(texts(text)) == count


def test_a_construct_ends_with_the_line_in_which_it_is_closed() -> None:
    [first, second] = page_of("- x\n  $$\n- a\n  $$ y\n- b").blocks
    assert (first.text, first.last_line) == ("x\n$$\n- a\n$$ y", 4)
    assert (second.text, second.line) == ("b", 5)


# Conflicts.


def test_the_marks_of_a_conflict_are_no_text_and_both_sides_are() -> None:
    text = "- a\n<<<<<<< mine\n- b\n||||||| base\n- c\n=======\n- d\n>>>>>>> theirs"
    assert texts(text) == ["a", "b", "c", "d"]


def test_what_looks_like_a_mark_of_a_conflict_is_text_where_none_begins() -> None:
    assert texts("- a\n  =======\n  >>>>>>> b") == ["a\n=======\n>>>>>>> b"]
    assert texts("- a\n<<<<<<< b\n  ======= c\n  ========") == ["a\n======= c\n========"]


# Directives and properties of the page.


@pytest.mark.parametrize(
    ("text", "page", "block"),
    [
        ("#+deck: a\n- b", [("deck", "a", 1)], []),
        ("- b\n  #+deck: a", [("deck", "a", 2)], []),
        ("- b\n  k:: v\n  #+deck: a", [], [("k", "v", 2), ("deck", "a", 3)]),
        ("- b\n  k:: v\n\n  #+deck: a", [], [("k", "v", 2), ("deck", "a", 4)]),
        ("- a\n- b\n  k:: v\n\n  #+deck: a", [], [("k", "v", 3), ("deck", "a", 5)]),
        ("- b\n  k:: v\n  c\n  #+deck: a", [("deck", "a", 4)], [("k", "v", 2)]),
        ("- b\n  :PROPERTIES:\n  :k: v\n  :END:\n  #+deck: a", [], [("k", "v", 3), ("deck", "a", 5)]),
        ("- b\n  #+deck a", [], []),
        ("a:: 1\nb\nc:: 2\n- d", [("a", "1", 1), ("c", "2", 3)], []),
    ],
)
def test_a_directive_speaks_of_the_page_unless_it_follows_the_blocks_properties(
    text: str, page: list[tuple[str, str, int]], block: list[tuple[str, str, int]]
) -> None:
    found = page_of(text)
    assert page_properties(text) == page
    assert [(one.key, one.value, one.line) for root in found.blocks for one in root.properties] == block


@pytest.mark.parametrize(
    ("text", "properties", "preamble"),
    [
        ("---\na: 1\n---\nb", [("a", "1", 2)], ["b"]),
        ("---\nA_b: 1\n---", [("a-b", "1", 2)], []),
        ("---\na: [x, y]\n---", [("a", "x, y", 2)], []),
        ("---\na: [[x]]\n---", [("a", "[[x]]", 2)], []),
        ("---\na: [x\n---", [("a", "[x", 2)], []),
        ("---\na: x]\n---", [("a", "x]", 2)], []),
        (
            '---\na: "x"\nb: \'y\'\nc: "z\'\nd: "\n---',
            [("a", "x", 2), ("b", "y", 3), ("c", "\"z'", 4), ("d", '"', 5)],
            [],
        ),
        ("---\na: ['x', \"y\"]\n---", [("a", "x, y", 2)], []),
        ("---\na:\n- x\n- 'y'\n---", [("a", "x, y", 2)], []),
        ("---\na:\n  - x\n\nb:\n---", [("a", "x", 2), ("b", "", 5)], []),
        ("---\n# comment\n  more\na: 1\n---", [("a", "1", 4)], []),
        ("---\na: 1\n---  \nb", [("a", "1", 2)], ["b"]),
        ("---\n---\nb", [], ["b"]),
        ("---\na: 1\nb", [], ["---", "a: 1", "b"]),
        ("---\na: 1\nb: 2", [], ["---", "a: 1", "b: 2"]),
        ("---\nMy key: 1\n---", [("my-key", "1", 2)], []),
        ('---\na: ""\nb: XcX\n---', [("a", "", 2), ("b", "XcX", 3)], []),
        ("---\na\n---", [], ["---", "a", "---"]),
        ("--- \na: 1\n---", [], ["--- ", "a: 1", "---"]),
        ("x\n---\na: 1\n---", [], ["x", "---", "a: 1", "---"]),
        ("---\nhttp://a\n---", [], ["---", "http://a", "---"]),
    ],
)
def test_front_matter_is_what_stands_between_the_first_line_and_the_next_rule(
    text: str, properties: list[tuple[str, str, int]], preamble: list[str]
) -> None:
    page = page_of(text)
    assert page_properties(text) == properties
    assert [line.text for line in page.preamble] == preamble


def test_an_item_belongs_to_a_key_without_a_value_alone() -> None:
    page = page_of("---\na: 1\n- x\n---")
    assert (page.properties, [block.text for block in page.blocks]) == ((), ["x\n---"])


# Org-mode.


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("* a", (1, 1, 1, [(1, 3, "a")], [])),
        ("* TODO [#A] a", (1, 1, 1, [(1, 13, "a")], [])),
        ("*\tDONE a", (1, 1, 1, [(1, 8, "a")], [])),
        ("* # a", (1, 1, 1, [(1, 3, "# a")], [])),
        ("*", (1, 1, 1, [], [])),
        ("* a\n  b\n    c", (1, 3, 1, [(1, 3, "a"), (2, 3, "b"), (3, 3, "  c")], [])),
        ("* a\n:PROPERTIES:\n:id: x\n:END:\nb", (1, 5, 1, [(1, 3, "a"), (5, 1, "b")], [("id", "x", 3)])),
        ("* a\nSCHEDULED: <2024-01-01 Mon>\nb", (1, 3, 1, [(1, 3, "a"), (3, 1, "b")], [])),
        ("* a\n# comment\n#+TBLFM: x\n#\nb", (1, 5, 1, [(1, 3, "a"), (5, 1, "b")], [])),
        ("* a\n#b", (1, 2, 1, [(1, 3, "a"), (2, 1, "#b")], [])),
        ("* a\n|b|\n|-+-|\n|c|\n|-+-|", (1, 5, 1, [(1, 3, "a"), (2, 1, "|b|"), (3, 1, "|-|-|"), (4, 1, "|c|")], [])),
        ("* a\n|-|\n|b|\n|-|", (1, 4, 1, [(1, 3, "a"), (3, 1, "|b|"), (4, 1, "|-|")], [])),
        (
            "* a\n|b|\n|-|\nx\n|c|\n|-|",
            (1, 6, 1, [(1, 3, "a"), (2, 1, "|b|"), (3, 1, "|-|"), (4, 1, "x"), (5, 1, "|c|"), (6, 1, "|-|")], []),
        ),
        (
            "* a\n#+BEGIN_SRC js :x\n  b\n    c\n#+END_SRC",
            (1, 5, 1, [(1, 3, "a"), (2, 1, "```js"), (3, 3, "b"), (4, 3, "  c"), (5, 1, "```")], []),
        ),
        ("* a\n#+BEGIN_SRC :x\nb\n#+END_SRC", (1, 4, 1, [(1, 3, "a"), (2, 1, "```"), (3, 1, "b"), (4, 1, "```")], [])),
        (
            "* a\n#+BEGIN_EXAMPLE js\n,* b\n,,c\n ,#+d\n,e\n#+END_EXAMPLE",
            (
                1,
                7,
                1,
                [(1, 3, "a"), (2, 1, "```"), (3, 1, "* b"), (4, 1, ",c"), (5, 1, " #+d"), (6, 1, ",e"), (7, 1, "```")],
                [],
            ),
        ),
        (
            "* a\n#+BEGIN_SRC c\nf(a,*b)\nx ,#+y\n,,,z\n#+END_SRC",
            (
                1,
                6,
                1,
                [(1, 3, "a"), (2, 1, "```c"), (3, 1, "f(a,*b)"), (4, 1, "x ,#+y"), (5, 1, ",,z"), (6, 1, "```")],
                [],
            ),
        ),
        ("* a\n|b|\n|c|\n|-|\n|d|", (1, 5, 1, [(1, 3, "a"), (2, 1, "|b|"), (3, 1, "|c|"), (5, 1, "|d|")], [])),
        (
            "* a\n#+BEGIN_SRC\n````\n#+END_SRC",
            (1, 4, 1, [(1, 3, "a"), (2, 1, "`````"), (3, 1, "````"), (4, 1, "`````")], []),
        ),
        (
            "* a\n#+BEGIN_EXPORT html\n*b*\n* c\n#+END_EXPORT",
            (
                1,
                5,
                1,
                [(1, 3, "a"), (2, 1, "#+BEGIN_EXPORT html"), (3, 1, "*b*"), (4, 1, "* c"), (5, 1, "#+END_EXPORT")],
                [],
            ),
        ),
        (
            "* a\n#+BEGIN_QUOTE\n*b*\n* c\n#+END_QUOTE\nd",
            (
                1,
                6,
                1,
                [
                    (1, 3, "a"),
                    (2, 1, "#+BEGIN_QUOTE"),
                    (3, 1, "**b**"),
                    (4, 1, "* c"),
                    (5, 1, "#+END_QUOTE"),
                    (6, 1, "d"),
                ],
                [],
            ),
        ),
        ("* a\n$$\n* b\n$$\nc", (1, 5, 1, [(1, 3, "a"), (2, 1, "$$"), (3, 1, "* b"), (4, 1, "$$"), (5, 1, "c")], [])),
        ("** a", (1, 1, 1, [(1, 4, "a")], [])),
        ("* a :x:y-z:", (1, 1, 1, [(1, 3, "a #x #y-z")], [])),
        ("* a\n:LOGBOOK:\nb", (1, 3, 1, [(1, 3, "a"), (2, 1, ":LOGBOOK:"), (3, 1, "b")], [])),
    ],
)
def test_a_headline_has_these_lines_and_properties(text: str, expected: object) -> None:
    assert [described(block) for block in page_of(text, "page.org").blocks] == [expected]


def test_a_drawer_that_lost_its_end_hides_no_headline_and_no_other_drawer() -> None:
    assert texts("* a\n:A:\n* b\n:END:", "page.org") == ["a\n:A:", "b\n:END:"]
    assert texts("* a\n:A:\nb\n:B:\nc\n:END:", "page.org") == ["a\n:A:\nb"]
    assert texts("* a\n:A:\nb\n:END:\n* c", "page.org") == ["a", "c"]


@pytest.mark.parametrize(
    ("text", "page", "block"),
    [
        ("#+deck: a\n* b", [("deck", "a", 1)], []),
        ("* b\n#+deck: a", [("deck", "a", 2)], []),
        ("* b\n:PROPERTIES:\n:k: v\n:END:\n#+deck: a", [], [("k", "v", 3), ("deck", "a", 5)]),
    ],
)
def test_a_directive_of_org_speaks_of_the_page_unless_it_follows_the_headlines_properties(
    text: str, page: list[tuple[str, str, int]], block: list[tuple[str, str, int]]
) -> None:
    assert page_properties(text, "page.org") == page
    [found] = page_of(text, "page.org").blocks
    assert [(one.key, one.value, one.line) for one in found.properties] == block


def test_text_before_the_first_headline_belongs_to_the_page() -> None:
    page = page_of("  a\n    *b*\n* c", "page.org")
    assert [(line.number, line.column, line.text) for line in page.preamble] == [(1, 3, "a"), (2, 3, "  **b**")]


def test_a_rule_above_the_first_row_of_a_table_is_none_in_markdown() -> None:
    assert [line.text for line in page_of("|-|\n|a|\n|-|", "page.org").preamble] == ["|a|", "|-|"]


def test_a_table_has_one_rule_in_markdown() -> None:
    assert texts("* a\n|b|\n|-|\n|-|\n|c|\n|-|", "page.org") == ["a\n|b|\n|-|\n|c|"]


def test_the_end_of_a_block_that_nobody_opened_and_a_beginning_without_an_end_stay_as_they_are() -> None:
    text = "#+END_QUOTE\n#+BEGIN_QUOTE *b*"
    assert texts(f"* a\n{text}", "page.org") == [f"a\n{text}"]


@pytest.mark.parametrize(
    ("org", "markdown"),
    [
        # Emphasis.
        ("*a* /b/ _c_ +d+", "**a** *b* <u>c</u> ~~d~~"),
        ("~a~ =b=", "`a` `b`"),
        ("=a`b=", "``a`b``"),
        ("=`a=", "`` `a ``"),
        ("=a`=", "`` a` ``"),
        ("=a``b=", "```a``b```"),
        ("*a /b/ c*", "**a *b* c**"),
        ("*a* *b*", "**a** **b**"),
        ("*a b* c*", "**a b** c\\*"),
        ("a*b*", "a\\*b\\*"),
        ("1*2*", "1\\*2\\*"),
        ("(*a*)", "(**a**)"),
        ("*a*b", "\\*a\\*b"),
        ("*a *", "\\*a *"),
        ("**a**", "**a**"),
        ("*a", "\\*a"),
        ("2 * 3", "2 * 3"),
        ("`a`", "\\`a\\`"),
        ("a/b/c", "a/b/c"),
        ("*/a/*", "***a***"),
        ("~*a*~", "`*a*`"),
        ("_a *b_ c*", "<u>a \\*b</u> c\\*"),
        # What is opaque.
        ("$*a*$ *b*", "$*a*$ **b**"),
        ("$$*a*$$", "$$*a*$$"),
        (r"\(*a*\) \[/b/\]", r"\(*a*\) \[/b/\]"),
        ("https://a.b/*c*", "https://a.b/*c*"),
        ("#a_b_", "#a_b_"),
        ("#[[a *b*]]", "#[[a *b*]]"),
        ("((a *b*))", "((a *b*))"),
        # Links.
        ("[[a]]", "[[a]]"),
        ("[[a][b]]", "b"),
        ("[[a][*b*]]", "**b**"),
        ("[[https://a.b][*c*]]", "[**c**](https://a.b)"),
        ("[[https://a.b]]", "https://a.b"),
        ("[[mailto:a@b.c][d]]", "[d](mailto:a@b.c)"),
        ("[[file:a.pdf][b]]", "[b](a.pdf)"),
        ("[[file:a.pdf]]", "[](a.pdf)"),
        ("[[./a.pdf]]", "[](./a.pdf)"),
        ("[[../a.png]]", "![](../a.png)"),
        ("[[a.PNG]]", "![](a.PNG)"),
        ("[[file:a.mp3]]", "![](a.mp3)"),
        ("[[a.png][b]]", "[b](a.png)"),
        ("[[id:64a1b2c3-0000-4000-8000-00000000000f]]", "((64a1b2c3-0000-4000-8000-00000000000f))"),
        ("[[id:64a1b2c3-0000-4000-8000-00000000000f][*b*]]", "[**b**](((64a1b2c3-0000-4000-8000-00000000000f)))"),
        ("a [[b]] *c*", "a [[b]] **c**"),
        # Footnotes.
        ("a[fn:1] *b*", "a[^1] **b**"),
        ("[fn:1] *b*", "[^1]: **b**"),
        # Whole lines.
        ("-----", "***"),
        ("----", "----"),
        (": *a*", "`*a*`"),
        (":", ""),
        (": ", ""),
        (":a", ":a"),
        ("a\\\\", "a"),
        ("a \\\\ ", "a"),
        ("  *a*", "  **a**"),
        # Lists.
        ("- *a*", "* **a**"),
        ("+ a", "* a"),
        ("-", "* "),
        ("  * a", "  * a"),
        ("\t* a", "\t* a"),
        ("3. a", "3. a"),
        ("3) a", "3. a"),
        ("3.a", "3.a"),
        ("- [ ] a", "* [ ] a"),
        ("- [X] a", "* [x] a"),
        ("- [-] a", "* [ ] a"),
        ("- [x]a", "* [x]a"),
        ("1. [@5] a", "1. a"),
        ("1. [@5] [X] a", "1. [x] a"),
        ("- *a* :: /b/", "* ****a****: *b*"),
        ("- a  :: b", "* **a**: b"),
        ("- a :: b :: c", "* **a**: b :: c"),
        ("- [ ] a :: b", "* [ ] **a**: b"),
        ("- [ ]", "* [ ]"),
        ("- a::b", "* a::b"),
    ],
)
def test_a_line_of_org_looks_so_in_markdown(org: str, markdown: str) -> None:
    assert org_inline.line(org) == markdown


@pytest.mark.parametrize(
    ("org", "markdown"),
    [
        ("a :b:", "a #b"),
        ("*a* :b:c d:", "**a** :b:c d:"),
        ("*a*  :b:c:", "**a** #b #c"),
        (":b:", "#b"),
        ("a :b.c:d@e:", "a #[[b.c]] #d@e"),
        ("a :b: ", "a #b"),
        ("a:b:", "a:b:"),
        ("a ::", "a ::"),
        ("", ""),
    ],
)
def test_the_tags_of_a_headline_become_ordinary_ones(org: str, markdown: str) -> None:
    assert org_inline.headline(org) == markdown


@pytest.mark.parametrize(
    ("text", "expected"), [("|-", True), ("|---+--:|", True), ("  |-|", True), ("|a-|", False), ("|", False)]
)
def test_a_rule_of_a_table_has_no_text(text: str, expected: bool) -> None:
    assert org_inline.is_table_rule(text) is expected
