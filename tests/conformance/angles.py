"""Texts with angle brackets of all kinds, and where ankigen takes for HTML what Logseq shows as it is written.

Each text stands in a block of its own. It ends with a few words, for Logseq's parser sees no HTML right at the end.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

SEED = 1126
TEXTS = 1200
LINES_SHARE = 0.25
PER_DEPARTURE = 30
KIND = "angles"
END = " and so on"

WORDS = ("water", "Ohm's law", "光合成", "f(x) = 3", "so, then", "100%", "**bold**", "a - b", 'it\'s "so"')
NO_TAGS = (
    "vector<int>", "Map<String, List<Integer>>", "<Enter>", "<stdio.h>", "x <y", "if a<b and c>d", "git add <path>",
    "<path>", "<text>x</text>", "<set>", "<min>", "<T extends Comparable<T>>", "</int>", "<int>x</int>", "<1>",
    "<custom-tag>x</custom-tag>", "a <- b -> c", "a <= b >= c", "<>", "cat <<EOF >out", "2 < 3 > 1", "<日本>", "<é>",
    "<T1, T2>", "<key: value>", "List<?>", "Box<? super T>", "<%= x %>", "<&str>", "<'a>", "<dialog>x</dialog>",
    "<Ctrl+C>", "<your name here>", "std::vector<std::string>", "<C-x><C-s>",
    "<xs:element name=\"x\">", "<nobr>x</nobr>",
    "<marquee>x</marquee>", "<rect width=\"3\">", "operator<", "operator>>", "<a.b>", "<b-c>x</b-c>",
    "a<!b>c", "<frameset>x</frameset>", "<plaintext>x", "<xmp>x</xmp>", "</custom>", "**<int>**",
    "*a <y* b", "==<x>==", "~~<y>~~", "(<int>)", "\"<key>\"", "f<T>(x)", "<T>()", "{<x>}", "=<x>", "|<x>|",
)  # fmt: skip
UNCLOSED = (
    "<script>", "<h1>", "<b>", "<div class=\"x\">", "<p>", "</q>", "</section>", "<a href=\"x\">", "<iframe src=\"x\">",
    "<meta charset=\"utf-8\">", "<link rel=\"x\">", "<title>", "<button>", "<svg>", "<math>", "<template>", "<style>",
    "<img>", "<input>", "<embed src=\"x\">", "<UL>", "<li>", "<table>", "</td>", "<details>", "<object data=\"x\">",
    "<!-- open", "<?php open", "<body>", "<canvas>", "<form>", "</script>", "<base>",
)  # fmt: skip
CLOSED = (
    "<b>x</b>", "<kbd>Ctrl</kbd>", "<span class=\"a\">x</span>", "<sub>2</sub>", "<b>a <i>b</i></b>", "<DIV>x</DIV>",
    "<b class=\"x>y\">z</b>", "<details><summary>a</summary>b</details>", "<table><tr><td>x</td></tr></table>",
    "<ul><li>a<li>b</ul>", "<p>x</p>", "<form>x</form>", "<button>x</button>", "<textarea>x</textarea>",
    "<select><option>x</option></select>", "<label>x</label>", "<address>x</address>", "<main>x</main>", "<u>under</u>",
    "<a href=\"https://a.example/x\">y</a>", "<span></span>", "<ruby>漢<rt>x</rt></ruby>", "<head>x</head>",
    "<html>x</html>", "<noscript>x</noscript>", "<b>a <b>c</b> d</b>", "<mark>x</mark>", "<b><i>x</b></i>",
    "<span title='it \"is\"'>x</span>", "<progress>x</progress>", "<fieldset><legend>x</legend>y</fieldset>",
)  # fmt: skip
HIDDEN = (
    "<script>alert(1)</script>", "<style>b{}</style>", "<iframe src=\"x\"></iframe>", "<object>x</object>",
    "<canvas>x</canvas>", "<template>x</template>", "<!DOCTYPE html>", "<?php echo 1; ?>", "<![CDATA[ x ]]>",
    "<!-- a comment -->", "<!-- <b>x</b> -->", "<script>if (a<b) x()</script>",
)  # fmt: skip
OPAQUE = (
    "`<b>`", "`vector<int>`", "``<i> ` </i>``", "$a<b$", "$x<y>z$", "<https://a.example/x>",
    "<a@b.example>", "[a<b c>d](https://a.example)", "[l <int>](https://a.example)", "[[a<b]]", "[[vector<int>]]",
    "\\<b>x\\</b>", "\\<int>", "<zotero://select/x>", "`<script>`",
)  # fmt: skip
HICCUP = (
    "tr '[:lower:]' x", "[:lower:]", "[:digit:]", "[:b x]", "[:div \"x\"]", "[:foo x]", "[:span {:class \"a\"} \"x\"]",
    "[:p.x#y z]", "[:i:]", "[:b-c x]", "[: b x]", "[:ul [:li \"a\"] \"b\"]", "x[:alpha:]_",
)  # fmt: skip
LINES = (
    "[a]: b", "[Kant]: who", "[a]: <b>", "> a <int> b", "> <b>x</b> y", "* <path> x", "* <h1>", "1. <b>x</b> y",
    "<div>\n  a\n  </div>", "<details>\n  <summary>a</summary>\n  b\n  </details>", "<!--\n  a\n  -->",
    "<div>\n  a <b>b", "<table>\n  <tr><td>x</td></tr>\n  </table>", "```\n  a <b> c\n  ```",
    "| <int> | a <b>x</b> y |", "<svg>", "<pre>\n  x\n  </pre>",
    "#+BEGIN_QUOTE\n  a <int>\n  #+END_QUOTE",
    "<script>\n  x\n  </script>", "$$\n  a<b\n  $$", "## a <int>", "<p>\n  x",
)  # fmt: skip
PIECES = (WORDS, NO_TAGS, NO_TAGS, NO_TAGS, UNCLOSED, UNCLOSED, CLOSED, HIDDEN, OPAQUE, HICCUP)


@dataclass(frozen=True)
class AngleDeparture:
    """Where ankigen and Logseq differ on purpose, with the reason and pieces that show it."""

    name: str
    reason: str
    pieces: tuple[str, ...]


ANGLE_DEPARTURES = (
    AngleDeparture(
        "void",
        "An element that has no end is HTML where it says something; Logseq shows `<br>` unless it ends in `/>`",
        ("a<br>b", "x <br> y", "x <br/> y", "<img src=\"https://a.example/x.png\">", "a <wbr> b", "<hr>"),
    ),
    AngleDeparture(
        "glued",
        "An element that is closed is HTML within a word and in brackets, too, and so is a comment",
        ("H<sub>2</sub>O", "(<b>x</b>)", "光<b>合</b>成", "10<sup>3</sup>", "\"<i>x</i>\"", "a<!-- b -->c"),
    ),
    AngleDeparture(
        "names",
        "The elements of old that change the look of a text are HTML, and so are pictures in SVG and MathML",
        ("<font color=\"red\">x</font>", "<center>x</center>", "<tt>x</tt>", "<strike>x</strike>",
         "<svg><text>x</text></svg>", "<math><mi>x</mi></math>"),
    ),
    AngleDeparture(
        "marks",
        "An element is HTML within emphasis and links, too; and Markdown's marks count within an element",
        ("**<b>x</b>**", "[l <i>x</i> m](https://a.example)", "==a <b>x</b>==", "<b>**x**</b>", "<i>[[page]]</i>"),
    ),
    AngleDeparture(
        "inside",
        "What HTML does not have is text within an element, too; Logseq leaves it to the browser, which hides it",
        ("<b>x <int> y</b>", "<div>a vector<int></div>", "<b>x \\<int> y</b>", "<div>What <script> is</div>"),
    ),
    AngleDeparture(
        "code",
        "A closing tag in code or a macro closes nothing",
        ("<b> `</b>`", "<i> $</i>$"),
    ),
    AngleDeparture(
        "self-closed",
        "A tag that ends in `/>` closes itself only; to Logseq it closes any that is open",
        ("<b> x <i /> y", "<span />", "<h1> x />", "<b> <hint/>"),
    ),
    AngleDeparture(
        "mail",
        "Of an address of mail the address is shown, without its scheme",
        ("<mailto:a@b.example>",),
    ),
    AngleDeparture(
        "entities",
        "A reference to a character is that character, as in HTML and CommonMark; Logseq shows it as it is written",
        ("&lt;int&gt;", "a &amp; b", "&copy;"),
    ),
)  # fmt: skip


def texts() -> list[dict[str, str]]:
    """Every text in a document of its own."""
    found: dict[str, str] = {}
    fill(found, None, TEXTS)
    for departure in ANGLE_DEPARTURES:
        fill(found, departure, PER_DEPARTURE)
    return [
        {"format": "Markdown", "departure": name, "kind": KIND, "text": f"- {text}"} for text, name in found.items()
    ]


def fill(found: dict[str, str], departure: AngleDeparture | None, count: int) -> None:
    """Add so many texts, each of them once."""
    chance = random.Random(f"{SEED} {departure.name if departure else ''}")
    wanted = len(found) + count
    while len(found) < wanted:
        pieces = [chance.choice(chance.choice(PIECES)) for _ in range(chance.randint(1, 4))]
        if departure:
            pieces = [chance.choice(WORDS), chance.choice(departure.pieces), chance.choice(WORDS + NO_TAGS)]
        elif chance.random() < LINES_SHARE:
            pieces = [f"{piece}\n " for piece in [*pieces, chance.choice(LINES)]]
        found.setdefault(" ".join(pieces) + END, departure.name if departure else "")
