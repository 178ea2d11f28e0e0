"""Boxes with a title: `> [!NOTE]` of Obsidian and GitHub, `#+BEGIN_NOTE` of Logseq.

Every class has our prefix: a kind may be any word, and `question` or `missing` are other classes.
"""

from __future__ import annotations

import re

from ankigen.render.elements import NAMED_TAG, WITHOUT_END
from ankigen.syntax.cloze_grammar import CLOZE_OPEN

_OPENING = re.compile(r"\A<p>\[!(?P<kind>\w[\w-]*)(?:\|[^\]<\n]*)?\](?P<fold>[+-]?)[ \t]*")
_FOLDED = re.compile(r"<details (?=class=\"ankigen-callout)(?P<rest>(?:(?!</details>).)*)", re.DOTALL)


def quoted_callout(quote: str) -> str | None:
    """The box for the HTML inside a quote, if it begins like a callout."""
    opening = _OPENING.match(quote)
    if opening is None:
        return None
    end, rest = _line_end(quote, opening.end())
    inside = f"<p>{quote[rest:]}".replace("<p></p>", "", 1)
    return callout_html(opening["kind"], quote[opening.end() : end], inside, opening["fold"])


def callout_html(kind: str, title: str, inside: str, fold: str = "") -> str:
    """A box; its default title is its kind. `-` folds it, `+` lets the reader fold it."""
    kind, name = kind.lower(), "ankigen-callout"
    title = title.strip() or kind.replace("-", " ").title()
    opening = f'class="{name} {name}-{kind}"'
    if fold:
        is_open = " open" if fold == "+" else ""
        return f'<details{is_open} {opening}><summary class="{name}-title">{title}</summary>{inside}</details>'
    return f'<div {opening}><p class="{name}-title">{title}</p>{inside}</div>'


def with_clozes_in_sight(html: str) -> str:
    """The HTML with boxes that contain clozes unfolded: a card's front must show its question."""
    return _FOLDED.sub(_unfolded, html) if "<details" in html else html


def _unfolded(box: re.Match[str]) -> str:
    return f"<details open {box['rest']}" if CLOZE_OPEN in box["rest"] else box[0]


def _line_end(html: str, start: int) -> tuple[int, int]:
    """Where a line in a paragraph ends, and where the next one begins, outside open elements."""
    depth = 0
    for tag in NAMED_TAG.finditer(html, start):
        if tag["name"] == "br" and not depth:
            return tag.start(), tag.end()
        if tag["slash"]:
            depth -= 1
        elif tag["name"] not in WITHOUT_END | {"br"}:
            depth += 1
        if depth < 0:
            return tag.start(), tag.start()
    return len(html), len(html)
