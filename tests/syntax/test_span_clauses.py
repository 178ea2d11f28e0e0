"""Where each span begins and ends, what stands within it and how it is named."""

from __future__ import annotations

import pytest

from ankigen.syntax.spans import Kind, Span, clean, scan
from ankigen.syntax.tags import references

UUID = "64a1b2c3-0000-4000-8000-00000000000f"
Shown = tuple[Kind, str, str, str]


def shown(span: Span, text: str) -> Shown:
    """A span as its kind, its own text, what its marks enclose and its name."""
    return span.kind, text[span.start : span.end], text[slice(*span.inner)], span.name


def spans_of(text: str) -> list[Shown]:
    return [shown(span, text) for span in scan(text)]


def wholes(text: str) -> list[str]:
    return [text[span.start : span.end] for span in scan(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("`` a `b` `` c", (Kind.CODE, "`` a `b` ``", " a `b` ", "")),
        ("```js x\na\n\nb\n```\nc", (Kind.FENCE, "```js x\na\n\nb\n```", "a\n\nb", "js x")),
        ("~~~ \na\n~~~", (Kind.FENCE, "~~~ \na\n~~~", "a", "")),
        ("```\n```", (Kind.FENCE, "```\n```", "", "")),
        (
            "  #+begin_Src  py :x  \na\n  #+END_SRC  \nb",
            (Kind.BLOCK, "  #+begin_Src  py :x  \na\n  #+END_SRC  ", "a", "SRC"),
        ),
        ("#+BEGIN_NOTE\n#+END_NOTE", (Kind.BLOCK, "#+BEGIN_NOTE\n#+END_NOTE", "", "NOTE")),
        (r"x \begin{align*}a\end{align*} y", (Kind.ENVIRONMENT, r"\begin{align*}a\end{align*}", "a", "align*")),
        (r"x \(a\) y", (Kind.MATH, r"\(a\)", "a", "")),
        (r"x \[a\] y", (Kind.DISPLAY, r"\[a\]", "a", "")),
        ("x $$a $ b$$ y", (Kind.DISPLAY, "$$a $ b$$", "a $ b", "")),
        (r"x $a\$b$ y", (Kind.MATH, r"$a\$b$", r"a\$b", "")),
        (r"x $a\\$ y", (Kind.MATH, r"$a\\$", r"a\\", "")),
        ("x {{cloze  a b }} y", (Kind.CLOZE, "{{cloze  a b }}", "a b", "")),
        ("x {{cloze3 a}} y", (Kind.CLOZE, "{{cloze3 a}}", "a", "3")),
        ("x {{c12::a}} y", (Kind.CLOZE, "{{c12::a}}", "a", "12")),
        ("x {{c4 `a`}} y", (Kind.CLOZE, "{{c4 `a`}}", "`a`", "4")),
        ("x {{{cloze a}}} y", (Kind.CLOZE, "{{{cloze a}}}", "a", "")),
        ("x {{{embed ((a))}}} y", (Kind.MACRO, "{{{embed ((a))}}}", "((a))", "embed")),
        ("x {{embed [[a]]}} y", (Kind.MACRO, "{{embed [[a]]}}", "[[a]]", "embed")),
        ("x {{renderer :a, b}} y", (Kind.MACRO, "{{renderer :a, b}}", ":a, b", "renderer")),
        ("x {{video: a}} y", (Kind.MACRO, "{{video: a}}", " a", "video:")),
        ("x {{c: a}} y", (Kind.MACRO, "{{c: a}}", " a", "c:")),
        ("x {{c a}} y", (Kind.MACRO, "{{c a}}", "a", "c")),
        ("x {{c::a}} y", (Kind.MACRO, "{{c::a}}", "a", "c::")),
        ("x {{cloze::a}} y", (Kind.MACRO, "{{cloze::a}}", "a", "cloze::")),
        ("x {{cloze: a}} y", (Kind.MACRO, "{{cloze: a}}", " a", "cloze:")),
        ("x {{name}} y", (Kind.MACRO, "{{name}}", "", "name")),
        ("x {{cloze}} y", (Kind.CLOZE, "{{cloze}}", "", "")),
        ("x [[a b]] y", (Kind.PAGE, "[[a b]]", "a b", "")),
        ("x #[[a [b] c]] y", (Kind.PAGE, "#[[a [b] c]]", "a [b] c", "")),
        (f"x (({UUID})) y", (Kind.BLOCK_REFERENCE, f"(({UUID}))", UUID, "")),
        ("[a](b c) y", (Kind.TARGET, "](b c)", "b c", "")),
        ("![a](<b )>) y", (Kind.TARGET, "](<b )>)", "<b )>", "")),
        ("![a](b.png){:width 20} y", (Kind.TARGET, "](b.png){:width 20}", "b.png", "{:width 20}")),
        ("x [:div [:b] a] y]", (Kind.HICCUP, "[:div [:b] a]", "[:div [:b] a]", "")),
        ("x <!-- a --> y", (Kind.COMMENT, "<!-- a -->", " a ", "")),
        ("x <https://a.b/c> y", (Kind.URL, "<https://a.b/c>", "https://a.b/c", "")),
        ("x <mailto:a@b> y", (Kind.URL, "<mailto:a@b>", "mailto:a@b", "")),
        ("x <br class='c'> y", (Kind.HTML, "<br class='c'>", "<br class='c'>", "br")),
        ("[a] x\n[a]: https://a.b c", (Kind.HTML, "[a]: https://a.b", "[a]: https://a.b", "")),
        ("x https://a.b/c y", (Kind.URL, "https://a.b/c", "https://a.b/c", "")),
        ("x {漢|かん} y", (Kind.RUBY, "{漢|かん}", "漢|かん", "")),
        ("x \ufdd33\ufdd4a\ufdd6 y", (Kind.HIDDEN, "\ufdd33\ufdd4a\ufdd6", "a", "3")),
    ],
)
def test_a_span_has_its_text_what_it_encloses_and_its_name(text: str, expected: Shown) -> None:
    assert spans_of(text) == [expected]


@pytest.mark.parametrize(
    ("text", "lead"),
    [("> ```\na\n```", "> "), ("* ~~~\na\n~~~", "* "), ("1. ```\na\n```", "1. "), ("  > > ```\na\n```", "  > > ")],
)
def test_a_fence_stands_behind_the_marks_of_a_quote_or_a_list(text: str, lead: str) -> None:
    [span] = scan(text)
    assert (span.kind, span.start, span.lead) == (Kind.FENCE, 0, lead)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"{{cloze a \\ b}}", "b"),
        (r"{{cloze a \\ b \\ c}}", "c"),
        (r"{{cloze a \\}}", None),
        (r"{{cloze a::b \\ c}}", "c"),
        ("{{c1::a::b}}", "b"),
        ("{{c1::a::b::c}}", "b::c"),
        ("{{cloze1 a::b::c}}", "c"),
        ("{{c1::::b}}", None),
        ("{{c1::a::}}", None),
        ("{{cloze Oslo::which city?}}", "which city?"),
        ("{{cloze a b::c d}}", "c d"),
        ("{{cloze a::b}}", None),
        ("{{cloze a ::b}}", "b"),
        ("{{cloze a:: b}}", "b"),
        ("{{cloze std::vector<int> x}}", None),
        ("{{cloze call std::sort(x)}}", None),
        ("{{cloze f x::a -> b}}", None),
        ("{{cloze f x::a => b}}", None),
        ("{{cloze f x::a - b}}", "a - b"),
        ("{{cloze fe80::1 address}}", None),
        ("{{cloze ::1 is local}}", None),
        ("{{c1::fe80::1::an address}}", "an address"),
        ("{{cloze `a b::c`}}", None),
        ("{{cloze `a` b::c d}}", "c d"),
        ("{{cloze $a::b$ c::d e}}", "d e"),
        ("{{cloze a {{c2::b::c}} d}}", None),
        ("{{cloze a {{c2::b::c}}::d e}}", "d e"),
        (r"{{cloze a {{cloze b \\ c}} d}}", None),
        ("{{cloze [[a::b c]] d}}", None),
        ("{{cloze a b::sort(x)}}", None),
        ("{{cloze std::f(x) y}}", None),
        ("{{cloze {a `b::c d`}} e", None),
        ("{{cloze `a`}}", None),
        ("{{cloze `a` `b` c::d e}}", "d e"),
        ("{{cloze `a` b::c d}} e::f g", "c d"),
    ],
)
def test_a_hint_stands_behind_the_mark_that_begins_one(text: str, expected: str | None) -> None:
    [span] = scan(text)
    assert (text[slice(*span.hint)] if span.hint else None) == expected


@pytest.mark.parametrize(
    ("colons", "text", "expected"),
    [
        ("always", "{{cloze std::sort(x)}}", "sort(x)"),
        ("always", "{{cloze f::a -> b}}", "a -> b"),
        ("never", "{{cloze Oslo::which city?}}", None),
        ("never", "{{c1::Oslo::which city?}}", "which city?"),
        ("never", "{{cloze2 Oslo::which city?}}", "which city?"),
        ("never", r"{{cloze Oslo \\ which city?}}", "which city?"),
    ],
)
def test_colons_decide_over_the_hint_of_a_cloze_without_a_number_alone(
    colons: str, text: str, expected: str | None
) -> None:
    [span] = scan(text, colons)
    assert (text[slice(*span.hint)] if span.hint else None) == expected


def test_a_cloze_whose_braces_do_not_balance_has_a_hint_of_its_own() -> None:
    text = "`x` {{cloze {a b::c d}} e"
    _, span = scan(text)
    assert span.hint is not None
    assert (text[slice(*span.inner)], text[slice(*span.hint)]) == ("{a b", "c d")


def test_the_answer_ends_where_the_mark_of_the_hint_begins() -> None:
    for text in (r"{{cloze  a b  \\  c d  }}", "{{c1::  a b  ::  c d  }}"):
        [span] = scan(text)
        assert span.hint is not None
        assert (text[slice(*span.inner)], text[slice(*span.hint)]) == ("a b", "c d")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # What opens first wins.
        ("`a {{cloze b` c}}", ["`a {{cloze b`"]),
        ("{{cloze `a` $b$}} `c`", ["{{cloze `a` $b$}}", "`c`"]),
        ("<!-- `a --> b`", ["<!-- `a -->"]),
        ("[[a `b]] c`", ["[[a `b]]"]),
        ("$a \\$ b$", ["$a \\$ b$"]),
        # What does not close is text, and so is what nobody opened.
        ("`a", []),
        ("`a\nb`", []),
        ("``a`", []),
        ("$$a", []),
        ("$$ $$", []),
        (r"\(a", []),
        (r"\( \)", []),
        (r"\begin{a}b\end{c}", []),
        ("<!-- a", []),
        ("[:div a", []),
        ("[a](b", []),
        ("[[a", []),
        ("[[]]", []),
        ("[[a\nb]]", []),
        ("[[[a]]", ["[[a]]"]),
        ("#+BEGIN_A\na\n#+END_B", []),
        ("```\na", []),
        ("```\na\n~~~", []),
        ("````\na\n```", []),
        ("```\na\n```b", []),
        ("a ```\nb\n```", []),
        ("}} {{cloze a}}", ["{{cloze a}}"]),
        ("{a} {{cloze b}}", ["{{cloze b}}"]),
        ("\ufdd6 `a`", ["`a`"]),
        ("\ufdd31\ufdd4a\ufdd6 \ufdd32\ufdd4b\ufdd6", ["\ufdd31\ufdd4a\ufdd6", "\ufdd32\ufdd4b\ufdd6"]),
        # Escapes.
        (r"\`a`b`", ["`b`"]),
        (r"\{{cloze a}}", []),
        (r"\[[a]]", []),
        (r"\\`a`", ["`a`"]),
        # Places.
        ("a\n#+BEGIN_A\nb\n#+END_A\nc `d`", ["#+BEGIN_A\nb\n#+END_A", "`d`"]),
        ("#+BEGIN_A\nb\n#+END_A\n#+BEGIN_A\nc\n#+END_A", ["#+BEGIN_A\nb\n#+END_A", "#+BEGIN_A\nc\n#+END_A"]),
        ("```\na\n```\n```\nb\n```", ["```\na\n```", "```\nb\n```"]),
        ("```\n`a`\n```\n`b`", ["```\n`a`\n```", "`b`"]),
        ("`` ` `` `a`", ["`` ` ``", "`a`"]),
        ("`a` ``b`` `c`", ["`a`", "``b``", "`c`"]),
        (r"\(a\) \(b\)", [r"\(a\)", r"\(b\)"]),
        (r"\) \(a\)", [r"\(a\)"]),
        ("--> <!-- a --> -->", ["<!-- a -->"]),
        ("] [:a b] c]", ["[:a b]"]),
        ("a `b`\n    [c]: d", ["`b`"]),
        ("`a [b]\n[b]: c", ["[b]: c"]),
        ("[^a]: `b`", ["`b`"]),
        # Money.
        ("$5 and $6", []),
        ("$a$5", []),
        ("$ a$", []),
        ("$a $", []),
        ("$a($", []),
        ("$a[$", []),
        ("$a{$", []),
        ("$a\nb$", []),
        ("$a", []),
        # Braces.
        ("{{cloze {a} b}}", ["{{cloze {a} b}}"]),
        ("{{cloze $a}$ b}}", ["{{cloze $a}$ b}}"]),
        ("{{cloze {{cloze a}} b}}", ["{{cloze {{cloze a}} b}}"]),
        ("{{cloze {a}}} b", ["{{cloze {a}}}"]),
        ("{{cloze {a b}} c {{cloze d}}", ["{{cloze {a b}}", "{{cloze d}}"]),
        ("{{cloze {a {{cloze b}}", ["{{cloze b}}"]),
        ("{{cloze {a}}`b`", ["{{cloze {a}}", "`b`"]),
        ("{{cloze {a {b}} c {d}} e", ["{{cloze {a {b}}"]),
        ("{{cloze $a}} {{cloze b$}}", ["{{cloze $a}}", "{{cloze b$}}"]),
        ("{{cloze ${`}$ a ` b}} c}}", ["{{cloze ${`}$ a ` b}}"]),
        (r"{{cloze $\%{`}$ a ` b}} c}}", [r"{{cloze $\%{`}$ a ` b}}"]),
        ("{{cloze {{cloze `a`}}}} b", ["{{cloze {{cloze `a`}}}}"]),
        ("`x` {{cloze $a$ `b`}} c", ["`x`", "{{cloze $a$ `b`}}"]),
        ("{{cloze `a`}} $}$", ["{{cloze `a`}}", "$}$"]),
        ("{{cloze `a` {{cloze `b`}}}} $}$", ["{{cloze `a` {{cloze `b`}}}}", "$}$"]),
        ("{{{c1::a}}}", ["{{c1::a}}"]),
        ("{{1 a}}", []),
        ("{{ a}}", []),
        ("{{a-b c}}", ["{{a-b c}}"]),
        ("{{a.b c}}", []),
        (r"{{cloze $\}$ b}}", [r"{{cloze $\}$ b}}"]),
        (r"{{cloze $\frac{a}{b}$}}", [r"{{cloze $\frac{a}{b}$}}"]),
        ("{{cloze $$}a{$$ }}", ["{{cloze $$}a{$$ }}"]),
        ("{a|b}", []),
        ("{漢|}", []),
        ("{{cloze {漢|かん}}}", ["{{cloze {漢|かん}}}"]),
        # Addresses.
        ("see https://a.b.", ["https://a.b"]),
        ("see https://a.b?!", ["https://a.b"]),
        ("(see https://a.b)", ["https://a.b"]),
        ("(see https://a.b).", ["https://a.b"]),
        ("(see https://a.b/(c))", ["https://a.b/(c)"]),
        ("(see https://a.b/(c).)", ["https://a.b/(c)"]),
        ("see https://a.b/(c)d)e", ["https://a.b/(c)d)e"]),
        ("see *https://a.b*", ["https://a.b"]),
        ("xhttps://a.b", []),
        ("https://a.b `c`", ["https://a.b", "`c`"]),
        # HTML, and what only looks like it.
        ("<a.b> <b>", []),
        ("<b>a</b> b", ["<b>", "</b>"]),
        ("H<sub>2</sub>O", ["<sub>", "</sub>"]),
        ("a </b> <b>", []),
        ("<b>a <b>b</b>", ["<b>", "</b>"]),
        ("<b><i>a</b></i>", ["<b>", "<i>", "</b>"]),
        ("<div>a <p> b</div> <p>", ["<div>", "<p>", "</div>"]),
        ("<b>`</b>`</b>", ["<b>", "`</b>`", "</b>"]),
        ("<b> `</b>` c", ["`</b>`"]),
        ("<b> {{cloze </b>}} c", ["{{cloze </b>}}"]),
        ("<int>a</int> <path> `b`", ["`b`"]),
        ("x <y $a$ `b`> c", ["$a$", "`b`"]),
        ("<b $a$ `b`> c", ["$a$", "`b`"]),
        ("<br> <br/> <br /> <wbr> <hr>", ["<br>", "<br/>", "<br />", "<wbr>", "<hr>"]),
        ("<img> <img/> <input> <col />", []),
        ("<img src=a> <input type='checkbox'/>", ["<img src=a>", "<input type='checkbox'/>"]),
        ("<span /> <span/>", ["<span />"]),
        ("<b class='>'>a</b>", ["<b class='>'>", "</b>"]),
        ("<b class='{'>a</b>", ["<b class='{'>", "</b>"]),
        ("<b class='{{cloze a}}'>a</b>", ["{{cloze a}}"]),
        ("<b don't>a</b>", []),
        ("<b\nclass='a'>a</b>", ["<b\nclass='a'>", "</b>"]),
        ("<script>a `b</script> c`", ["<script>a `b</script>"]),
        ("<SVG>a</svg> </svg> b", ["<SVG>a</svg>"]),
        ("<svg><svg>a</svg></svg> b", ["<svg><svg>a</svg></svg>"]),
        ("<script> <script>`a`</script> b", ["<script>`a`</script>"]),
        ("{{cloze <script>a}} </script> `b`", ["{{cloze <script>a}}", "`b`"]),
        ("{{cloze <script>{{b}}</script>}} c", ["{{cloze <script>{{b}}</script>}}"]),
        ("<script> <iframe src=a /> <meta charset=a>", ["<iframe src=a />"]),
        ("<!DOCTYPE html> <?php a ?> <![CDATA[ b ]]>", ["<!DOCTYPE html>", "<?php a ?>", "<![CDATA[ b ]]>"]),
        ("a<!b> a<?d?> <?e", []),
        ("<a@b.c> <zotero://a> <b:c> a<b:c> a<d@e>", ["<a@b.c>", "<zotero://a>"]),
        ("[:b a] [:DIV.a#b c] [:br]", ["[:b a]", "[:DIV.a#b c]", "[:br]"]),
        ("[:lower:] [:foo a] [:p:x] [:a,b] [:b-c a] [:b", []),
        ("[a] b\n[a]: c", ["[a]: c"]),
        ("[a]: `c`", ["`c`"]),
        ("<1> a", []),
        ("[a](b(c)d) e", ["](b(c)d)"]),
        ("[a](b\\)c) d", ["](b\\)c)"]),
    ],
)
def test_the_spans_of_a_text_are_these(text: str, expected: list[str]) -> None:
    assert wholes(text) == expected


@pytest.mark.parametrize(
    ("text", "answer", "hint"),
    [
        ("\ufdd31\ufdd4a\ufdd5b\ufdd6 c", "a", "b"),
        ("\ufdd31\ufdd4a \ufdd32\ufdd4b\ufdd5c\ufdd6 d\ufdd5e\ufdd6 f", "a \ufdd32\ufdd4b\ufdd5c\ufdd6 d", "e"),
        ("\ufdd31\ufdd4a \ufdd32\ufdd4b\ufdd5c\ufdd6\ufdd6 f", "a \ufdd32\ufdd4b\ufdd5c\ufdd6", None),
        ("\ufdd31\ufdd4a \ufdd32\ufdd4b\ufdd6\ufdd4c\ufdd6", "a \ufdd32\ufdd4b\ufdd6\ufdd4c", None),
    ],
)
def test_a_marked_cloze_ends_with_its_own_mark(text: str, answer: str, hint: str | None) -> None:
    [span] = scan(text)
    assert span.kind is Kind.HIDDEN
    assert span.name == "1"
    assert text[slice(*span.inner)] == answer
    assert (text[slice(*span.hint)] if span.hint else None) == hint


@pytest.mark.parametrize("text", ["\ufdd31 a\ufdd6", "\ufdd31\ufdd4a", "\ufdd6a"])
def test_marks_that_belong_to_no_cloze_are_text(text: str) -> None:
    assert scan(text) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\x07b", "ab"),
        ("a\r\nb", "a\nb"),
        ("a\rb", "ab"),
        ("a\tb\nc", "a\tb\nc"),
        ("a\ud800b", "ab"),
        ("a\ufdd3b", "ab"),
        ("a\u200bb", "a\u200bb"),
        ("a\x7fb\x9fc", "abc"),
    ],
)
def test_what_no_screen_shows_does_not_reach_anki(text: str, expected: str) -> None:
    assert clean(text) == expected


# Tags and pages within them.


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#a", [("a", "#a", True, True)]),
        ("[[a]]", [("a", "[[a]]", False, True)]),
        ("#[[a b]]", [("a b", "#[[a b]]", True, True)]),
        ("`x` #a", [("a", "#a", True, True)]),
        ("#a `x`", [("a", "#a", True, True)]),
        ("#a [[b]] #c", [("a", "#a", True, True), ("b", "[[b]]", False, True), ("c", "#c", True, True)]),
        ("#a[[b c]]", [("ab c", "#a[[b c]]", True, True)]),
        ("#a.[[b c]]", [("a.b c", "#a.[[b c]]", True, True)]),
        ("#a,[[b c]]", [("a", "#a", True, True), ("b c", "[[b c]]", False, True)]),
        ("#a [[b c]]", [("a", "#a", True, True), ("b c", "[[b c]]", False, True)]),
        ("#a.#[[b]]", [("a", "#a", True, True), ("b", "#[[b]]", True, True)]),
        ("[[a [[b]] c]]", [("a [[b]] c", "[[a [[b]] c]]", False, True), ("b", "[[a [[b]] c]]", False, True)]),
        ("[[a [[b]]]] c", [("a [[b]]", "[[a [[b]]]]", False, True), ("b", "[[a [[b]]]]", False, True)]),
        ("#[[a [[b]]]]", [("a [[b]]", "#[[a [[b]]]]", True, True), ("b", "#[[a [[b]]]]", True, True)]),
        ("[x #y](z)", []),
        ("[x](z) #y", [("y", "#y", True, True)]),
        ("[x [y #w] v](z) #u", [("u", "#u", True, True)]),
        ("[x] #y ](z)", [("y", "#y", True, True)]),
        ("[a]([[b]])", [("b", "]([[b]])", False, True)]),
        ("[a](b) [c #d](e)", []),
        ("`[` #a ](b)", [("a", "#a", True, True)]),
        ("`[` #a](b)", [("a", "#a", True, False)]),
        ("#a#[[b c]]#d", [("a", "#a", True, True), ("b c", "#[[b c]]", True, True), ("d", "#d", True, True)]),
        ("#+BEGIN_TIP\n#a [[b]]\n#+END_TIP", [("a", "#a", True, True), ("b", "[[b]]", False, True)]),
        (
            "#x\n#+BEGIN_TIP\n#a\n#+END_TIP\n#y",
            [("x", "#x", True, True), ("a", "#a", True, True), ("y", "#y", True, True)],
        ),
        ("#+BEGIN_SRC\n#a\n#+END_SRC", []),
        ("#+BEGIN_EXAMPLE\n#a\n#+END_EXAMPLE", []),
        ("#+BEGIN_EXPORT html\n#a\n#+END_EXPORT", []),
        ("#+BEGIN_COMMENT\n#a\n#+END_COMMENT", []),
        ("#a.", [("a", "#a", True, True)]),
        ("#a;.", [("a", "#a", True, True)]),
        ("#fooX", [("fooX", "#fooX", True, True)]),
        ("#a**", [("a", "#a", True, False)]),
        ("#a*b", [("a", "#a", True, False)]),
        ("#a)", [("a", "#a", True, False)]),
        ("#a~~", [("a", "#a", True, False)]),
        ("#a__", [("a", "#a", True, False)]),
        ("#a__b", [("a__b", "#a__b", True, True)]),
        ("#a`x`", [("a", "#a", True, False)]),
        ("#+a", []),
        ("#.", []),
        ("# a", []),
        (r"\#a", []),
        ("((#a))", []),
        ("#日本。x", [("日本", "#日本", True, False)]),
        ("#éa #b", [("éa", "#éa", True, True), ("b", "#b", True, True)]),
    ],
)
def test_the_references_of_a_text_are_these(text: str, expected: list[tuple[str, str, bool, bool]]) -> None:
    found = [(one.name, text[one.start : one.end], one.is_tag, one.is_strict) for one in references(text)]
    assert found == expected
