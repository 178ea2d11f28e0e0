"""Where ankigen reads an outline differently from Logseq on purpose: each case with its reason, and lines that show it.

A document that holds one of these is generated for its departure alone; everywhere else the two must agree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Departure:
    """`pieces` are lines of a block, `heads` stand at the top of a file."""

    format: str
    name: str
    reason: str
    pieces: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()


DEPARTURES = (
    Departure(
        "Markdown",
        "fence",
        "A fence ends as in CommonMark, at as many of the same marks; Logseq's ends at any, and loses code",
        (
            "````\n- no\n```\n- no\n````",
            "~~~\n- no\n```\n- no\n~~~",
            "```js\n- no\n```js\n- no\n```",
            "```code``` is here\n- yes\n```\n- no\n```",
        ),
    ),
    Departure(
        "Markdown",
        "environment",
        "A \\begin{…} that is never closed is text; Logseq hides the rest of the file in it",
        ("\\begin{align}\n- open",),
    ),
    Departure(
        "Markdown",
        "quote",
        "A quote ends before a property, a heading or a fence; Logseq shows the card's schedule as a part of the quote",
        ("> quote\ncollapsed:: true", "> quote\n ## heading", "> quote\n```\n- no\n```"),
    ),
    Departure(
        "Markdown",
        "list",
        "A property below a list is one; Logseq takes it for text of the last item",
        ("  * item\n  collapsed:: true", "  1. item\n  two\n  collapsed:: true"),
    ),
    Departure(
        "Markdown",
        "footnote",
        "A property or fence below a footnote is one; Logseq takes it for text of the footnote",
        ("[^1]: note\ncollapsed:: true", "[^1]: note\n```\n- no\n```"),
    ),
    Departure(
        "Markdown",
        "property-name",
        "A property whose name Logseq itself calls invalid is text; Logseq drops the line",
        ("f(x):: y", "{a}:: b", '"said":: she'),
    ),
    Departure(
        "Markdown",
        "front-matter",
        "Front matter is YAML, with lists and quotes; Logseq drops it all, and bullets between two rules as well",
        heads=(
            "---\n- a\n---",
            "---\ntitle: Foo\ntags:\n  - a\n  - b\n---",
            "---\ntitle: 'Foo'\ntags: [a, b]\n---",
            "---\nno matter\n---",
            "---\n# comment\ntitle: Foo\n\n---",
        ),
    ),
    Departure(
        "Org",
        "drawer",
        "A drawer ends before the next headline or drawer, or it is text; Logseq hides all up to the next :END:",
        (":PROPERTIES:\n:open: 1", ":LOGBOOK:\nopen"),
    ),
    Departure(
        "Org",
        "verbatim",
        "A drawer below verbatim lines is one; Logseq takes it for more of the same",
        (": verbatim\n:PROPERTIES:\n:late: 1\n:END:",),
    ),
    Departure("Org", "quote", "A Markdown quote ends before a headline; Logseq's goes on", ("> quote\n* headline",)),
    Departure(
        "Org",
        "list",
        "A block of code in a list hides what would be a headline; Logseq sees the headline",
        ("- item\n  #+BEGIN_SRC c\n* no\n  #+END_SRC",),
    ),
    Departure(
        "Org",
        "bare-tags",
        "A headline of tags alone has tags, as in org-mode; Logseq takes them and the next lines for verbatim text",
        ("* :card:\n:PROPERTIES:\n:late: 1\n:END:",),
    ),
)


@dataclass(frozen=True)
class CardDeparture:
    """`text` is found in every block that only one of the two takes for a card."""

    name: str
    reason: str
    text: re.Pattern[str]


CARD_DEPARTURES = (
    CardDeparture(
        "query",
        "A macro over several lines asks for cards, as one on a line does; Logseq reads it as text",
        re.compile(r"\{\{query [^}]*\n\s*\}\}"),
    ),
    CardDeparture(
        "after-fence",
        "What stands behind the closing marks of a fence is read on; Logseq loses it",
        re.compile(r"^\s*``` .*#card", re.MULTILINE),
    ),
    CardDeparture(
        "backticks",
        "A run of backticks is closed by one of its length, as in CommonMark; Logseq closes it within a longer one",
        re.compile(r"(?<!`)`[^`\n]+```|```[^`\n]+`(?!`)"),
    ),
    CardDeparture(
        "dollars",
        "Two dollars within a line open a formula that others below close; Logseq's ends with its line",
        re.compile(r"\S.*\$\$[^$]*\n[^$]*\$\$"),
    ),
)
