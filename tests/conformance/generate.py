"""Write documents that mix all that Markdown and org outlines are made of, the same ones each time, as JSON."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Callable, Iterable

from tests.conformance import angles
from tests.conformance.departures import DEPARTURES, Departure

SEED = 20260101
MARKDOWN_DOCUMENTS = 3600
ORG_DOCUMENTS = 1200
PER_DEPARTURE = 40

WORDS = (
    "water",
    "Ohm's law",
    "光合成",
    "a - b",
    "x < y > z",
    "café",
    "it is 5:30",
    "std::vector",
    "the key:: in text",
    "100%",
    "a_b c^2",
    "\U0001f30d",
    "f(x) = {1, 2}",
    "\\# no",
    "a\u2028b",
    "NBSP\u00a0here",
    "\u200bzero",
    "[ ] box",
    "1. no",
    "* star",
    "-dash",
    "a # b",
)
MARKDOWN_INLINES = (
    "#card",
    "#Card.",
    "**bold** #card",
    "**#card**",
    "`#card`",
    "\\#card",
    "(#card)",
    "#card/fr",
    "#cards",
    "#[[card]]",
    "[[card]]",
    "[[card/fr]]",
    "[lbl]([[card]])",
    "[[a [[card]] b]]",
    "https://a.example/#card",
    "[a](http://b.example/#card)",
    "[#card](x)",
    "$a #card$",
    "$5 #card $6",
    "$$x$$ #card",
    "{{cloze a}}",
    "{{cloze #card}}",
    "{{cloze $\\frac{a}{b}$}}",
    "{{query (and [[card]])}}",
    "{{embed [[card]]}}",
    "run `ping #card",
    "~~#card~~",
    "==#card==",
    "#card。",
    "#card;x",
    "#a.[[b c]]",
    "<!-- #card -->",
    "![i](../assets/eye(1).png){:height 3, :width 4} #card",
    "((5b6f0c1e-2d3a-4f7b-9c8d-0e1f2a3b4c5d))",
    "_#card_",
    "Q?#card",
    "$$",
    "a ```",
    "text ```js",
    "<b>x</b> #card",
    "#card<br>",
)
INDENTS = ("", "", "", "\t", "\t", "\t\t", "  ", "    ", "   ", "\t  ", " ", "      ")
TITLE_STARTS = ("", "", "", "", "", "TODO ", "DONE ", "## ", "# TODO ", "[#A] ", "NOW [#B] ", "| a | ", "* ", "1. ")
PROPERTIES = (
    "id:: 5b6f0c1e-2d3a-4f7b-9c8d-0e1f2a3b4c5d",
    "collapsed:: true",
    "card-last-interval:: -1",
    "card-next-schedule:: nil",
    "Deck_Name:: [[A/B]]",
    "deck:: 2023",
    "tags:: card, optics,",
    "tags:: #card",
    "type:: [[card]]",
    "note:: see #card",
    'note:: "#card"',
    "type:: card",
    "empty::",
    "kind:: a\n#+type: b",
    "card:: x",
    "logseq.order-list-type:: number",
    "a::b",
    "Foo bar:: baz",
    "heading:: 2",
    "ключ:: да",
    "url:: https://a.example/x::y",
)
DRAWERS = (
    ":LOGBOOK:\nCLOCK: [2022-01-01 Sat 10:00]\n:END:",
    ":PROPERTIES:\n:id: 5b6f\n:Deck: x\n:END:",
    ":logbook:\n- no\n:end:",
    ":LOGBOOK:\n- open",
    "SCHEDULED: <2023-01-02 Mon 10:00 .+1d>",
    "DEADLINE: <2023-01-02 Mon>",
)
CONSTRUCTS = (
    "```py\n- no\n\n# no\n```",
    "```\n~~ ` ~\n- no\n  ```  ",
    "```js\nx = `1`\n- no\n``` #card",
    "$$\n- no\n$$",
    "$$x$$ after",
    "$$\n- open",
    "#+BEGIN_QUOTE\n- no\n#card\n#+END_QUOTE",
    "#+begin_src c\n- no #card\n#+end_src",
    "#+BEGIN_TIP\n#card\n#+END_TIP",
    "#+BEGIN_NOTE\n- open",
    "#+BEGIN_EXAMPLE\n#card\n# no\n#+END_EXAMPLE",
    "#+BEGIN_QUERY\n[[card]]\n#+END_QUERY",
    "#+END_QUOTE",
    "\\begin{align}\n- no\n\\end{align}",
    "> quote\n> more #card\n",
    "> quote\nlazy\n",
    "| a | b |\n|---|---|\n| #card | 2 |",
    "* item\n  * inner\n  1. one\n",
    "+ item\n+ [ ] box\n",
    "1. one\n2. two #card\n",
    "---",
    "***",
    "<div>\n- no\n</div>",
    "<div>\n- open",
    "<!-- one -->",
    "<!--\n- no\n-->",
    "[:div\n [:b x]]",
    "{{query (and [[card]])\n}}",
    "`code\n- not code`",
    "$a\n- b$",
)


def document(chance: random.Random, departure: Departure | None) -> str:
    """A page: perhaps properties at its head, then blocks, some of them strange."""
    parts = [head(chance, departure)] if departure or chance.random() < 0.3 else []
    for _ in range(chance.randint(1, 6)):
        parts.append(block(chance))
        if departure and departure.pieces and chance.random() < 0.5:
            parts.append(chance.choice(departure.pieces))
    text = "\n".join(part for part in parts if part)
    text += chance.choice(("", "", "\n", "\n\n", "\n```\n- open", "\n- ~~~ js\n- open"))
    return text.replace("\n", "\r\n") if chance.random() < 0.1 else text


def head(chance: random.Random, departure: Departure | None) -> str:
    """What stands before the first block."""
    if departure:
        return chance.choice(departure.heads or ("",))
    return chance.choice(
        (
            "title:: P\ntags:: a, b\n",
            "deck:: X\n",
            "free text #card\n",
            "---\ntitle: Foo\ndeck: Bar\n---",
            "tags:: card\n\nmore text",
            "- deck:: X\n  tags:: a",
            "text\nlate:: yes",
            "- \n",
        )
    )


def block(chance: random.Random) -> str:
    """A bullet or heading with what it owns."""
    indent = chance.choice(INDENTS)
    margin = chance.choice((indent + "  ", indent + "  ", indent, "", indent + "\t"))
    first = indent + start(chance)
    return "\n".join([first, *(continued(chance, margin) for _ in range(chance.choice((0, 0, 1, 1, 2, 3))))])


def start(chance: random.Random) -> str:
    """The line of a bullet or heading."""
    kind = chance.random()
    if kind < 0.08:
        return chance.choice(("# H ", "### H #card", "#", "## ", "## TODO h", "#no", "#card"))
    if kind < 0.14:
        return chance.choice(("-", "- ", "-x", "-  two", "-\ttab", "--", "- - twice", "- # H", "- #card"))
    if kind < 0.22:
        return "- " + chance.choice((*PROPERTIES, *CONSTRUCTS))
    return "- " + chance.choice(TITLE_STARTS) + inlines(chance)


def inlines(chance: random.Random) -> str:
    """Some words with tags and references among them."""
    return " ".join(chance.choice((*WORDS, *MARKDOWN_INLINES)) for _ in range(chance.randint(0, 3)))


def continued(chance: random.Random, margin: str) -> str:
    """A later line, or several, behind their indent."""
    kind = chance.random()
    if kind < 0.3:
        text = chance.choice(PROPERTIES)
    elif kind < 0.6:
        text = chance.choice(CONSTRUCTS)
    elif kind < 0.7:
        text = chance.choice(DRAWERS)
    elif kind < 0.8:
        return chance.choice(("", "  ", "\t", margin))
    else:
        text = "and " + inlines(chance)
    return "\n".join(margin + line if line else "" for line in text.split("\n"))


ORG_INLINES = (
    "#card",
    "[[card]]",
    "[[card][label]]",
    "#[[C++ x]]",
    "~#card~",
    "=#card=",
    "*#card*",
    "/#card/",
    "*bold* #card",
    "{{cloze a}}",
    "[[https://a.example/#card][x]]",
    "[[../assets/x.png]]",
    "<2023-01-02 Mon>",
    "\\alpha #card",
    "$x #card$",
    "a_{b}",
    "#card。",
)
ORG_TITLES = (
    "Q :card:",
    "Q :card:French:",
    "Q :card: more",
    "TODO [#A] Q",
    "DONE Q :card:",
    "",
    "#+BEGIN_SRC py\nx = 1\n#+END_SRC",
    "| a | b | #card\n| 1 | 2 |",
    "[ ] t",
)
ORG_CONSTRUCTS = (
    ":PROPERTIES:\n:id: 5b6f\n:deck: X\n:END:",
    ":PROPERTIES:\n:Card-Last_Interval: 4\n:END:",
    ":PROPERTIES:\n:note: see #card\n:END:",
    ":PROPERTIES:\n:tags: card\n:END:",
    ":LOGBOOK:\nCLOCK: [2022-01-01 Sat 10:00]\n:END:",
    "#+BEGIN_SRC c\n* no #card\n#+END_SRC",
    "#+begin_example\n* no\n#+end_example",
    "#+BEGIN_QUOTE\n* no\nx #card\n#+END_QUOTE",
    "#+BEGIN_SRC c\n* open",
    "- item\n  - inner\n  1. one #card",
    "+ plus",
    "| a | #card |\n|---+---|\n| 1 | 2 |",
    ": verbatim #card\n",
    "# comment #card",
    "#+deck: Y",
    ":PROPERTIES:\n:id: 5b6f\n:END:\n#+type: Z",
    "-----",
    "key:: value",
    "SCHEDULED: <2023-01-02 Mon>",
    "$$\n* no\n$$",
    "\\begin{align}\n* no\n\\end{align}",
    "**bold** no headline",
    " * no headline",
    "*no",
    "```\n* fence\n```",
)


def org_document(chance: random.Random, departure: Departure | None) -> str:
    """An org file: perhaps directives, then headlines."""
    parts = [
        chance.choice(("#+TITLE: P\n#+deck: X", ":PROPERTIES:\n:title: P\n:END:", "free #card", "#+PROPERTY: a b"))
    ]
    parts = parts if chance.random() < 0.4 else []
    for _ in range(chance.randint(1, 5)):
        title = chance.choice((*ORG_TITLES, *([""] * 12))) or org_inlines(chance)
        parts.append("*" * chance.choice((1, 1, 1, 2, 2, 3, 4)) + " " + title)
        parts += [chance.choice((*ORG_CONSTRUCTS, org_inlines(chance), "")) for _ in range(chance.randint(0, 3))]
        parts += [chance.choice(departure.pieces)] if departure and departure.pieces else []
    return "\n".join(parts)


def org_inlines(chance: random.Random) -> str:
    """Some words with tags and references among them."""
    return " ".join(chance.choice((*WORDS, *ORG_INLINES)) for _ in range(chance.randint(0, 3)))


Maker = Callable[[random.Random, Departure | None], str]


def documents(format: str, make: Maker, counts: Iterable[tuple[Departure | None, int]]) -> list[dict[str, str]]:
    """So many documents of one format for each departure, and for none, each document once."""
    found: dict[str, str] = {}
    for departure, count in counts:
        name = departure.name if departure else ""
        chance = random.Random(f"{SEED} {format} {name}")
        wanted = len(found) + count
        while len(found) < wanted:
            found.setdefault(make(chance, departure), name)
    return [{"format": format, "departure": name, "text": text} for text, name in found.items()]


def all_documents() -> list[dict[str, str]]:
    """Every document of both formats."""
    made = []
    for format, make, count in (("Markdown", document, MARKDOWN_DOCUMENTS), ("Org", org_document, ORG_DOCUMENTS)):
        special = [(departure, PER_DEPARTURE) for departure in DEPARTURES if departure.format == format]
        made += documents(format, make, [(None, count), *special])
    return made + angles.texts()


if __name__ == "__main__":
    json.dump(all_documents(), sys.stdout)
