"""What of HTML is text, what is taken away and told, and that a card is judged by what is left of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from ankigen import render
from ankigen.data import Desired, Severity
from ankigen.note_types import content_fields
from ankigen.source import load
from tests.helpers.building import NOON, named, write
from tests.helpers.visible_text import of_html


def loaded(folder: Path, page: str, **others: str) -> Desired:
    return load(write(folder, a=page, **others), NOON)


def fields(desired: Desired) -> Mapping[str, str]:
    [note] = desired.notes
    return content_fields(note.content)


def told(desired: Desired) -> list[tuple[int, int, str]]:
    """Line, column and rule of each problem."""
    return [(problem.position.line, problem.position.column, problem.rule) for problem in desired.problems]


@pytest.mark.parametrize(
    "text",
    [
        # What HTML has no such tag for.
        "What is vector<int> and Map<String, List<Integer>>?",
        "Press <Enter>, then <C-x><C-s>",
        "include <stdio.h>",
        "x <y",
        "if a<b and c>d",
        "git add <path> then git commit",
        "<text>, <set>, <min>, <int>, <rect width=3> of SVG and MathML",
        "<int>x</int> and <custom-tag>x</custom-tag>",
        "<marquee>x</marquee> <frameset> <xmp> <nobr>x</nobr> <dialog>x</dialog>",
        "vector<std::string> and List<?> and Box<? super T>",
        "cat <<EOF >out 2>&1",
        "a <- b -> c <= d => e <> f <1> <é> <日本>",
        "</custom> <hint/> <%= x %> <&str> <'a>",
        # What never closes.
        "What does the <script> tag load?",
        "<h1>",
        "<H1> and <BODY>",
        "a <b>bold",
        "a </b> b",
        "<p>x",
        "<div class=x> and <a href=x> and <iframe src=x>",
        "<meta charset=utf-8> <link rel=x> <embed src=x> <base> <track>",
        "<img> and <input> and <source/>",
        "<style> <svg> <math> <template> <object> <canvas>",
        "<!-- never closed",
        "<?php never closed",
        "<!DOCTYPE never closed",
        "a<!b>c and a<?b?>c",
        # What would hide a cloze, or the marks of Markdown in it.
        "<b don't>x",
    ],
)
@pytest.mark.parametrize("before", ["", "\n", "a\n\n", "> ", "* "])
def test_what_html_does_not_have_or_what_never_closes_is_text(text: str, before: str) -> None:
    face = render.question(before + text, "page.md")
    assert text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") in face.html
    assert face.problems == ()


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("H<sub>2</sub>O", "H<sub>2</sub>O"),
        ("a <B>b</B> c", "a <b>b</b> c"),
        ("(<b>b</b>)", "(<b>b</b>)"),
        ("a<br>b<br/>c<br />d", "a<br>b<br>c<br>d"),
        ("a <span /> b", "a <span></span> b"),
        ("a <b class='x>y'>b</b>", 'a <b class="x&gt;y">b</b>'),
        ("a <b\nclass='x'>b</b>", 'a <b class="x">b</b>'),
        ("<ul><li>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>"),
        ("<b>a <b>b</b> c</b>", "<b>a <b>b</b> c</b>"),
        ("<b>a <b>b</b>", "&lt;b&gt;a <b>b</b>"),
        ("<b><i>a</b> b</i>", "<b><i>a</i></b><i> b&lt;/i&gt;</i>"),
        ("<b>map<int></b>", "<b>map&lt;int&gt;</b>"),
        ("<div>map<int> \\<int></div>", "<div>map&lt;int&gt; &lt;int&gt;</div>"),
        ("\\<b>a\\</b>", "&lt;b&gt;a&lt;/b&gt;"),
        ("**a <int>** *<x>*", "<strong>a &lt;int&gt;</strong> <em>&lt;x&gt;</em>"),
        ("<path> **b** `c`", "&lt;path&gt; <strong>b</strong> <code>c</code>"),
        ("<x **b** $c$> d", "&lt;x <strong>b</strong> \\(c\\)&gt; d"),
        ("`<b>` `</b>` <b>", "<code>&lt;b&gt;</code> <code>&lt;/b&gt;</code> &lt;b&gt;"),
        ("<b> `</b>`", "&lt;b&gt; <code>&lt;/b&gt;</code>"),
        ("$a<b$ and <b>c</b>", "\\(a&lt;b\\) and <b>c</b>"),
        ("[map<int>](https://a.example)", '<a href="https://a.example">map&lt;int&gt;</a>'),
        ("[[map<int>]]", "map&lt;int&gt;"),
        ("| <int> | <b>x</b> |", "<table><tbody><tr><td>&lt;int&gt;</td><td><b>x</b></td></tr></tbody></table>"),
        ("a <!-- b --> c", "a  c"),
        ("<https://a.example/b>", '<a href="https://a.example/b">https://a.example/b</a>'),
        ("<a.b+c@d.example>", '<a href="mailto:a.b+c@d.example">a.b+c@d.example</a>'),
        ("<zotero://select/a>", '<a href="zotero://select/a">zotero://select/a</a>'),
        ("<details><summary>a</summary>b</details>", "<details><summary>a</summary>b</details>"),
        ("<form>a <button>b</button></form>", "a b"),
        ("a &lt;b&gt; &amp;lt;", "a &lt;b&gt; &amp;lt;"),
    ],
)
def test_an_element_that_closes_is_html(text: str, html: str) -> None:
    face = render.question(text, "page.md")
    assert (face.html, face.problems) == (html, ())


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("tr '[:lower:]' '[:upper:]'", "tr '[:lower:]' '[:upper:]'"),
        ("[:foo x] [:p:x] [:a,b] [:b-c x] [: b x] [:b", "[:foo x] [:p:x] [:a,b] [:b-c x] [: b x] [:b"),
        ("[:b x] [:i]", "<b>x</b> <i></i>"),
        ('[:DIV.a "x"]', '<div class="a">x</div>'),
    ],
)
def test_hiccup_is_what_logseq_takes_for_it(text: str, html: str) -> None:
    assert render.question(text, "page.md").html == html


def test_hiccup_that_lies_too_deep_loses_its_marks_and_keeps_its_words() -> None:
    html = render.question('[:b "a" ' * 40 + "x" + "]" * 40, "page.md").html
    assert of_html(html).count("a") == 40
    assert "x" in html


@pytest.mark.parametrize("text", ["[a]: b", "[Kant]: <https://a.example>", "> [a]: b", "* [a]: b", "b\n[a]: c"])
def test_a_label_that_no_link_has_is_text(text: str) -> None:
    assert "]: " in render.question(text, "page.md").html


def test_a_label_that_a_link_has_tells_its_address() -> None:
    face = render.question("[a]: https://a.example\n\nsee [b][a]", "page.md")
    assert face.html == 'see <a href="https://a.example">b</a>'


TAKEN = {
    '<iframe src="x"></iframe>': "<iframe>",
    "<iframe src='x' />": "<iframe>",
    "<svg><text>hi</text></svg>": "<svg>",
    "<svg><svg></svg><path d='M0'/></svg>": "<svg>",
    "<math><mi>x</mi></math>": "<math>",
    "<script>alert(1)</script>": "<script>",
    "<SCRIPT>a < `b`</script >": "<script>",
    "<style>b {}</style>": "<style>",
    "<object data='x'>y</object>": "<object>",
    "<canvas>x</canvas>": "<canvas>",
    "<template>x</template>": "<template>",
    "<embed src='x'></embed>": "<embed>",
    "<!DOCTYPE html>": "<!DOCTYPE html>",
    "<?php echo 1; ?>": "<?php echo 1; ?>",
    "<![CDATA[ x ]]>": "<![CDATA[ x ]]>",
    '[:script "x"]': "<script>",
    '[:iframe {:src "x"}]': "<iframe>",
    "#+BEGIN_EXPORT html\n\t  <svg>x</svg>\n\t  #+END_EXPORT": "<svg>",
}


@pytest.mark.parametrize("text", TAKEN)
def test_what_is_taken_away_is_named_where_it_stands(text: str, tmp_path: Path) -> None:
    desired = loaded(tmp_path, f"- Why? #card\n\t- so\n\t- {text}\n")
    [problem] = desired.problems
    assert (problem.severity, problem.rule) == (Severity.WARNING, "removed-html")
    assert (problem.position.line, problem.position.column) == (3, 4)
    assert problem.message.startswith(f"{TAKEN[text]} has no place on a card")
    assert "so" in fields(desired)["Back"]
    assert "x" not in fields(desired)["Back"]


@pytest.mark.parametrize(
    "text", [*TAKEN, "<span></span>", "<b> </b>", "{{query (todo now)}}", "<!-- a -->", "<br>", "&nbsp;"]
)
def test_an_answer_of_which_nothing_is_left_is_none(text: str, tmp_path: Path) -> None:
    desired = loaded(tmp_path, f"- Why? #card\n\t- {text}\n")
    assert desired.notes == ()
    [problem] = [problem for problem in desired.problems if problem.severity is Severity.ERROR]
    assert (problem.rule, problem.position.line, problem.position.column) == ("no-answer", 1, 3)


@pytest.mark.parametrize(
    "text", [text for text in TAKEN if "\n" not in text] + ["<span></span>", "{{query (todo now)}}"]
)
def test_a_question_of_which_nothing_is_left_is_none(text: str, tmp_path: Path) -> None:
    desired = loaded(tmp_path, f"- {text} #card\n\t- so\n")
    assert desired.notes == ()
    assert [problem.rule for problem in desired.problems if problem.severity is Severity.ERROR] == ["no-question"]


@pytest.mark.parametrize(
    "text",
    [
        "![](https://a.example/b.png)",
        "$x$",
        "`x`",
        "---",
        '<input type="checkbox">',
        "<img src='https://a.example/b.png'>",
        "![](https://a.example/b.mp3)",
        "\\&",
        "0",
        "{{youtube https://youtu.be/x}}",
        "???",
        "<u>x</u>",
        "```\nx\n```",
    ],
)
def test_what_is_seen_is_an_answer(text: str) -> None:
    assert render.shows_something(render.question(text, "page.md").html)


def test_with_empty_backs_a_card_may_show_nothing_on_its_back(tmp_path: Path) -> None:
    (tmp_path / "ankigen.toml").write_text("empty_back = true\n", "utf-8")
    assert fields(loaded(tmp_path, "- Why? #card\n\t- <span></span>\n"))["Front"] == "Why?"


def test_a_cloze_of_which_nothing_is_left_hides_nothing(tmp_path: Path) -> None:
    desired = loaded(tmp_path, "- A {{cloze lens}} is {{cloze <svg>x</svg>}} glass #card\n")
    assert fields(desired)["Text"] == "A {{c1::lens}} is  glass"
    assert sorted(told(desired)) == [(1, 31, "broken-cloze"), (1, 31, "removed-html")]


def test_a_note_whose_only_cloze_is_taken_away_has_no_card(tmp_path: Path) -> None:
    desired = loaded(tmp_path, "- A lens is {{cloze <iframe></iframe>}} #card\n")
    assert desired.notes == ()
    assert {rule for _, _, rule in told(desired)} == {"no-card", "broken-cloze", "removed-html"}


def test_a_step_of_which_nothing_is_left_hides_nothing(tmp_path: Path) -> None:
    desired = loaded(tmp_path, "- Steps #card #incremental\n\t- one\n\t- <iframe></iframe>\n\t- two\n")
    assert fields(desired)["Text"] == "<p>Steps</p><ul><li>{{c1::one}}</li><li>{{c3::two}}</li></ul>"
    assert sorted(told(desired)) == [(3, 4, "broken-cloze"), (3, 4, "removed-html")]


def test_a_cloze_behind_what_only_looks_like_a_tag_is_asked(tmp_path: Path) -> None:
    desired = loaded(tmp_path, "- git add <path> then {{cloze git commit}} or <b {{cloze x}}> #card\n")
    assert fields(desired)["Text"] == "git add &lt;path&gt; then {{c1::git commit}} or &lt;b {{c2::x}}&gt;"
    assert desired.problems == ()


def test_what_shows_nothing_is_no_step_of_the_context(tmp_path: Path) -> None:
    desired = loaded(tmp_path, "- <iframe></iframe>\n\t- Lenses of vector<int>\n\t\t- Why? #card\n\t\t\t- so\n")
    assert fields(desired)["Context"] == "a › Lenses of vector&lt;int&gt;"
    assert told(desired) == [(1, 3, "removed-html")]


def test_titles_decks_and_properties_hold_angles_as_text(tmp_path: Path) -> None:
    page = "title:: map<int>\ndeck:: C<T>\n\n- Why? #card\n  extra:: list<T>\n\t- <T>\n"
    desired = loaded(tmp_path, page)
    assert desired.problems == ()
    assert desired.notes[0].deck == "C<T>"
    assert fields(desired)["Context"] == "map&lt;int&gt;"
    assert "list&lt;T&gt;" in fields(desired)["Extra"]


def test_only_what_logseq_knows_hides_bullets_over_lines(tmp_path: Path) -> None:
    page = "- a\n  <{0}>\n- b #card\n\t- c\n- d\n  </{0}>\n"
    shown = {
        name: len(loaded(tmp_path / name, page.format(name)).notes) for name in ("div", "u", "int", "svg", "center")
    }
    assert shown == {"div": 0, "u": 0, "int": 1, "svg": 1, "center": 1}


@pytest.mark.parametrize(
    ("page", "guid"),
    [
        ("- What is vector<int>? #card\n\t- a <b>\n", "9b5da6b73cfec937e9bf"),
        ("- What does <script> load? #card\n\t- <h1>\n", "e43602253f2b8a2f9d98"),
    ],
)
def test_a_question_that_was_cut_off_keeps_its_identity(page: str, guid: str, tmp_path: Path) -> None:
    [note] = load(named(write(tmp_path, a=page)), NOON).notes
    assert note.identity.guid == guid


@pytest.mark.parametrize("direction", ["<-", "<->"])
def test_a_back_that_is_asked_is_never_empty_whatever_the_config_says(tmp_path: Path, direction: str) -> None:
    (tmp_path / "ankigen.toml").write_text("empty_back = true\n")
    desired = loaded(tmp_path, f"- ![x](https://a.example/x.png) #card\n  direction:: {direction}\n")
    assert desired.notes == ()
    assert [problem.rule for problem in desired.problems] == ["no-answer"]


def test_a_picture_that_is_left_out_is_not_packed(tmp_path: Path) -> None:
    (tmp_path / "p.png").write_bytes(b"picture")
    desired = loaded(tmp_path, "- Why? #card\n\t- x <script>![y](p.png)</script>\n")
    assert desired.notes[0].media == ()
    assert desired.media == ()
