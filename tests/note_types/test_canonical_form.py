"""What Anki's editors rewrite without meaning it is one form; what says something else is another."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ankigen.note_types import canonical
from ankigen.note_types.base_field import field_hash
from tests.helpers.growth import LINEAR, get_through, growth_of_text
from tests.helpers.said import said, words

pytestmark = pytest.mark.thorough

# Rows


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        # names of elements
        ("a <strong>b</strong>", "a <b>b</b>"),
        ("<em>x</em>", "<i>x</i>"),
        ("<del>x</del>", "<s>x</s>"),
        ('<strong class="x">b</strong>', '<b class="x">b</b>'),
        ("<strong>x</strong>", "<STRONG>x</STRONG>"),
        ("{{c1::<strong>x</strong>}}", "{{c1::<b>x</b>}}"),
        # blanks that do not break
        ("a b", "a&nbsp;b"),
        ("a b", "a\u00a0b"),
        ("a b", "a&#160;b"),
        ("a  b", "a&nbsp; b"),
        ("a ", "a&nbsp;"),
        ("a", "a&nbsp;"),
        ("<code>a b</code>", "<code>a&nbsp;b</code>"),
        ("<pre><code>a  b</code></pre>", "<pre><code>a &nbsp;b</code></pre>"),
        (r"\(a b\)", r"\(a&nbsp;b\)"),
        # references
        ("é", "&eacute;"),
        ("é", "&#233;"),
        ("é", "&#xE9;"),
        ('"x"', "&quot;x&quot;"),
        ("it's", "it&#x27;s"),
        ("it's", "it&apos;s"),
        ("a &amp; b", "a & b"),
        ("a &lt; b", "a < b"),
        ("a &gt; b", "a > b"),
        ("a&#8203;b", "a\u200bb"),
        ('<img alt="&quot;a&amp;b&quot;">', "<img alt='\"a&b\"'>"),
        ('<a href="?a=1&amp;copy=2">x</a>', '<a href="?a=1&copy=2">x</a>'),
        ("[sound:a&amp;b.mp3]", "[sound:a&b.mp3]"),
        ('<a href="?a©=1">x</a>', '<a href="?a&copy;=1">x</a>'),
        # bodies of tables
        ("<table><tr><td>a</td></tr></table>", "<table><tbody><tr><td>a</td></tr></tbody></table>"),
        ("<table><tr><td>a</td></tr></table>", "<table>\n<tbody>\n<tr>\n<td>a</td></tr>\n</tbody></table>"),
        (
            "<table><tr><td><table><tr><td>a</td></tr></table></td></tr></table>",
            "<table><tbody><tr><td><table><tbody><tr><td>a</td></tr></tbody></table></td></tr></tbody></table>",
        ),
        # lines
        ("x", "<div>x</div>"),
        ("x<br>", "<div>x</div>"),
        ("x<br>y", "<div>x</div><div>y</div>"),
        ("x<br>y", "<div>x</div>y"),
        ("x<br>y", "x<div>y</div>"),
        ("x<br>y<br>z", "x<div>y</div>z"),
        ("x<br><br>y", "x<div><br></div><div>y</div>"),
        ("x<br>y", "<div><div>x</div><div>y</div></div>"),
        ("x<br>y", "<div>x<br></div><div>y<br></div>"),
        ("x<br>y", "x<br/>y"),
        ("x<br>y", "x<BR>y"),
        ("<strong>x</strong><br>y", "<div><b>x</b></div>y"),
        ("{{c1::x}}<br>y", "<div>{{c1::x}}</div><div>y</div>"),
        ("{{c1::x<br>}}y", "{{c1::<div>x</div>}}y"),
        ("x<ul><li>y</li></ul>", "<div>x</div><ul><li>y</li></ul>"),
        ("<ul><li>x<br>y</li></ul>", "<ul><li><div>x</div><div>y</div></li></ul>"),
        ("<!-- x -->y", "<!-- x --><div>y</div>"),
        ("<b>x<br></b>y", "<b><div>x</div></b>y"),
        ("<p>x</p>y", "<p>x</p><div>y</div>"),
        ("x<br>y", "x<br> <div>y</div>"),
        ("<br><p>x</p>", "<br> <p>x</p>"),
        ("<b></b><br><p>x</p>", "<b></b><br> <p>x</p>"),
        ("</pre>x", "</pre>x<br>"),
        # breaks and blanks at the end, and in front of a block
        ("", "<br>"),
        ("", " "),
        ("", "&nbsp;"),
        ("", "<div><br></div>"),
        ("x", "x<br>"),
        ("x", "x<br><br>"),
        ("x", "x <br> <br>&nbsp;"),
        ("x", "x\n"),
        ("<p>x</p>", "<p>x</p><br>"),
        ("<p>x</p>", "<p>x<br></p>"),
        ("x<ul><li>y</li></ul>", "x<br><ul><li>y</li></ul>"),
        # blanks between blocks
        ("<p>x</p><p>y</p>", "<p>x</p>\n<p>y</p>"),
        ("<p>x</p><p>y</p>", "<p>x</p>&nbsp;<p>y</p>"),
        ("<ul><li>x</li><li>y</li></ul>", "<ul>\n  <li>x</li>\n  <li>y</li>\n</ul>\n"),
        ("<h1>x</h1><p>y</p>", " <h1>x</h1> \n <p>y</p> "),
        ("x<br><br>y", "x<br> <br>y"),
        # attributes
        ('<img src="x.png" alt="y">', '<img alt="y" src="x.png">'),
        ('<img src="x.png">', "<img src=x.png>"),
        ('<img src="x.png">', "<img src='x.png'>"),
        ('<img src="x.png">', '<img  src = "x.png" />'),
        ('<input type="checkbox" checked>', '<input checked="" type="checkbox">'),
        ('<td align="left">x</td>', '<TD ALIGN="left" align="right">x</TD>'),
    ],
)
def test_what_an_editor_rewrites_is_the_same(ours: str, theirs: str) -> None:
    assert canonical(ours) == canonical(theirs)
    assert field_hash(ours) == field_hash(theirs)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("a b", "ab"),
        ("a  b", "a b"),
        ("a", "A"),
        ("é", "e\u0301"),
        ("a b", " a b"),
        # marks of other kinds, or none
        ("<b>x</b>", "x"),
        ("<b>x</b>", "<i>x</i>"),
        ("<u>x</u>", "<ins>x</ins>"),
        ("<b>x</b> y", "<b>x y</b>"),
        ("<strong>x</strong>", '<strong class="y">x</strong>'),
        # text that looks like HTML
        ("<b>x</b>", "&lt;b&gt;x&lt;/b&gt;"),
        ("&amp;lt;", "&lt;"),
        ("&amp;amp;", "&amp;"),
        ("&amp;nbsp;", " "),
        ("<br>x", "&lt;br&gt;x"),
        ("<!-- x -->", "&lt;!-- x --&gt;"),
        # lines
        ("x<br>y", "xy"),
        ("x<br>y", "x y"),
        ("x<div>y</div>", "xy"),
        ("x<br>y", "x<br><br>y"),
        ("<br>x", "x"),
        ("a{{c1::<div>x</div>}}", "a{{c1::x<br>}}"),
        ('<img src="x"><div>y</div>', '<img src="x">y'),
        ("<p>x</p><p>y</p>", "<p>x y</p>"),
        ("<p>x</p> y", "<p>x</p>y"),
        ("<b>x</b> <i>y</i>", "<b>x</b><i>y</i>"),
        ("x<br></tbody>y", "xy"),
        ("x </tbody>y", "xy"),
        ("x</tbody> </tbody>y", "xy"),
        ("x<tbody>y", "x<br>y"),
        ('x<br class="y">z', "x<br>z"),
        ("<pre> </pre>", "<pre></pre>"),
        ("<pre>x<br></pre>", "<pre>x</pre>"),
        ("<pre>x ", "<pre>x"),
        ("<pre>a<div>b</div></pre>", "<pre>ab</pre>"),
        ("<pre>x\n\ny</pre>", "<pre>x\ny</pre>"),
        ("<pre>x <br> y</pre>", "<pre>x<br>y</pre>"),
        ("<pre>x<p></p> <p>y</p></pre>", "<pre>x<p></p><p>y</p></pre>"),
        # tables and lists
        ("<table><tr><td>a</td><td>b</td></tr></table>", "<table><tr><td>a</td></tr><tr><td>b</td></tr></table>"),
        ("<table><tr><th>a</th></tr></table>", "<table><tr><td>a</td></tr></table>"),
        ('<table><tbody class="x"><tr><td>a</td></tr></tbody></table>', "<table><tr><td>a</td></tr></table>"),
        ("<ul><li>x</li></ul>", "<ol><li>x</li></ol>"),
        ('<div class="callout">x</div>', "x"),
        # links and pictures
        ('<a href="a">x</a>', '<a href="b">x</a>'),
        ('<a href="?a&amp;copy=1">x</a>', '<a href="?a©=1">x</a>'),
        ('<a href="?a&copy">x</a>', '<a href="?a&amp;copy">x</a>'),
        ('<a href="a b">x</a>', '<a href="a\u00a0b">x</a>'),
        ('<a href="?a&amp;copyfoo">x</a>', '<a href="?a©foo">x</a>'),
        ('<a href="?a&copyfoo">x</a>', '<a href="?a©foo">x</a>'),
        ("<img alt='a\" b=\"c'>", '<img alt="a" b="c">'),
        ('<a b"c>x</a>', "<a b>x</a>"),
        ('<img src="a.png">', '<img src="b.png">'),
        ('<img src="a.png">', '<img src="a.png" hidden>'),
        ("<img src=a/>", '<img src="a">'),
        # what Anki looks for
        ("[sound:a.mp3]", "[sound:b.mp3]"),
        ("[sound:a b.mp3]", "[sound:a\u00a0b.mp3]"),
        ("[sound:a.mp3]", "&#91;sound:a.mp3]"),
        ("[sound:a.mp3]", "[&#115;ound:a.mp3]"),
        ("{{c1::x}}", "{{c2::x}}"),
        ("{{c1::x}}", "{&#123;c1::x}}"),
        ("{{c1::x}}", "{<!-- -->{c1::x}}"),
        ("{{c1::x::y}}", "{{c1::x:<!-- -->:y}}"),
        ("{{c1::x::y}}", "{{c1::x:&#58;y}}"),
        (r"\(x\)", r"\[x\]"),
        (r"\(x\)", r"&#92;(x\)"),
        (r"\(x\)", r"&bsol;(x\)"),
        ("[latex]x[/latex]", "&lbrack;latex]x[/latex]"),
        # what no text may hold
        ("&#1;", ""),
        ("&#1</tbody>2;", "&#12;"),
        # what has no end
        ("x <b", "x"),
        ('x <b title="y>z', "x z"),
        ("x <!-- y", "x"),
        ("x <!-- y", "x <!-- z"),
        ("<script>a<b>", "<script>a<strong>"),
        ("<plaintext>a<b>", "<plaintext>a<strong>"),
        ("<svg><path/></svg>", "<svg><path></svg>"),
        ("<style>a > b</style>", "<style>a &gt; b</style>"),
    ],
)
def test_what_says_something_else_is_another(ours: str, theirs: str) -> None:
    assert canonical(ours) != canonical(theirs)
    assert field_hash(ours) != field_hash(theirs)


@pytest.mark.parametrize(
    ("html", "form", "known"),
    [
        ("<br>", "", "-"),
        ("x", "x", "553f121d1ece"),
        (
            "<div>a &lt; <b>b&nbsp;c</b></div><img alt=x src='y.png'>",
            'a &lt; <strong>b c</strong><br><img alt="x" src="y.png">',
            "fe0aa1cf58ae",
        ),
    ],
)
def test_forms_that_collections_hold_hashes_of_never_change(html: str, form: str, known: str) -> None:
    assert (canonical(html), field_hash(html)) == (form, known)


def test_the_number_of_a_character_may_be_longer_than_python_reads() -> None:
    assert canonical(f"&#{'1' * 5000};x") == f"&#{'1' * 5000};x"


# Laws

ATTRIBUTES = ["", ' class="x"', " title='a&amp;b'", ' style="color: red" id=y']
TEXTS = ["a", "b c", " ", "&nbsp;", "\u00a0", "&lt;", "&amp;amp;", "é", "&eacute;", "{{c1::", "}}", "[sound:x y.mp3]"]
TEXTS += [r"\(x\)", "&quot;", "<!-- -->", "&#91;", "\n", "::", "<br>", "<br>", "<img src=p.png alt='q'>", "<wbr>"]
INLINE = ["b", "strong", "i", "em", "s", "del", "u", "code", "span"]
BLOCKS = ["div", "div", "p", "blockquote", "ul", "table", "pre"]


def element(name: str, attributes: str, inside: str) -> str:
    """An element as HTML wants it: lists have items, tables cells, and no paragraph holds a block."""
    if name == "ul":
        inside = f"<li>{inside}</li>"
    if name == "table":
        inside = f"<tbody>{'<tr><td>'}{inside}</td></tr></tbody>"
    if name == "pre":
        inside = f"<code>{inside.lstrip()}</code>"
    return f"<{name}{attributes}>{inside}</{name}>"


attributes = st.sampled_from(ATTRIBUTES)
leaves = st.lists(st.sampled_from(TEXTS), max_size=4).map("".join)
inlines = st.recursive(
    leaves,
    lambda inside: st.lists(leaves | st.builds(element, st.sampled_from(INLINE), attributes, inside), max_size=3).map(
        "".join
    ),
    max_leaves=5,
)
paragraphs = st.builds(element, st.just("p") | st.just("pre"), attributes, inlines)
others = st.sampled_from([name for name in BLOCKS if name not in {"p", "pre"}])
fields = st.recursive(
    inlines | paragraphs,
    lambda inside: st.lists(inlines | paragraphs | st.builds(element, others, attributes, inside), max_size=4).map(
        "".join
    ),
    max_leaves=8,
)
TAGS = [f"<{slash}{name}>" for name in [*INLINE, *BLOCKS, "tbody", "li", "tr", "td", "script"] for slash in ("", "/")]
BROKEN = ["<", ">", "&", '"', "'", "/", "=", "<a", "<!--", "-->", "</", "<textarea ", "&#", "&#x", ";", "amp", "1", "-"]
soup = st.lists(
    st.sampled_from([*TEXTS, *TAGS, *BROKEN, "<div class=x>", "<br/>", "</br>"]),
    max_size=12,
).map("".join)


@given(fields | soup | st.text())
@settings(deadline=None, max_examples=500)
def test_the_form_of_a_form_is_itself(html: str) -> None:
    assert canonical(canonical(html)) == canonical(html)


@given(fields)
@settings(deadline=None, max_examples=500)
def test_a_form_says_what_the_field_says_so_no_two_that_differ_in_it_are_equal(html: str) -> None:
    assert said(canonical(html)) == said(html)


REWRITINGS = [
    ("<strong>", "<b>"),
    ("</strong>", "</b>"),
    ("<em>", "<i>"),
    ("</em>", "</i>"),
    ("<del>", "<s>"),
    ("</del>", "</s>"),
    ("\u00a0", "&nbsp;"),
    ("&nbsp;", " "),
    ("&eacute;", "é"),
    ("&quot;", '"'),
    ("<br>", "<br />"),
    ("<tbody>", ""),
    ("</tbody>", ""),
    (' class="x"', " class=x"),
    ("src=p.png alt='q'", 'alt="q" src="p.png"'),
    ("</p><p", "</p>\n<p"),
    ("<ul><li>", "<ul> <li>"),
    ("</tr></tbody>", "</tr>&nbsp;</tbody>"),
]


@given(fields, st.lists(st.sampled_from(REWRITINGS)), st.sampled_from(["", "<br>", " ", "<br>&nbsp;<br>"]))
@settings(deadline=None, max_examples=500)
def test_any_rewritings_of_a_field_are_the_same(html: str, rewritings: Sequence[tuple[str, str]], end: str) -> None:
    html = html.replace("[sound:x y.mp3]", "")
    rewritten = html
    for ours, theirs in rewritings:
        rewritten = rewritten.replace(ours, theirs)
    if not html.rstrip().endswith(">") or html.endswith(("</p>", "</ul>", "</table>", "</div>")):
        rewritten += end
    assert canonical(rewritten) == canonical(html)


@given(soup)
@settings(deadline=None, max_examples=500)
def test_a_form_of_broken_html_loses_no_word(html: str) -> None:
    assert "".join(words(canonical(html))) == "".join(words(html))


# Growth

SHAPES = [
    "<div>", "</div>", "<div>x</div>", "<tbody>", "</tbody> ", " </tbody>", "<br>", "<br> ", "&nbsp;", "<a ", "<a b=\"",
    "<a b='", "<a b=", "<!--", "<!-- -->", "<script>", "<style></style ", "</style ", "[sound:", "{{c1::", "&", "&#1",
    "&a", "<p>x", "<pre>", "<b>x</b>", "< ", "<a =", "<a  ", "<a b = ", "<?", "</ ", "<div class=x>", "a ", "&#",
]  # fmt: skip


@pytest.mark.parametrize("piece", SHAPES)
def test_a_form_takes_linear_time(piece: str) -> None:
    assert growth_of_text(lambda size: piece * size, canonical) < LINEAR
    get_through(lambda size: piece * size, canonical)
