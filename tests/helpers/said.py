"""What a field says, as a browser's parser and Anki read it: the judge of the canonical form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from selectolax.lexbor import LexborHTMLParser

_SAME = {"b": "strong", "i": "em", "s": "del"}
_WITHOUT_MEANING = {"div", "tbody", "br", "html", "head", "body"}
_LINES = {
    "br", "div", "p", "ul", "ol", "li", "table", "tbody", "tr", "td", "th", "pre", "blockquote", "h1", "h2", "hr",
}  # fmt: skip
_OF_ANKI = re.compile(
    r"\[sound:[^\]]*\]|\{\{c[0-9,]+::|\}\}|::|\\[()\[\]]|\[/?(?:latex|\$\$?)\]|\[anki:|<!--.*?-->", re.DOTALL
)
_CLOZE_MARKS = re.compile(r"\{\{c[0-9,]+::|\}\}")


def words(html: str) -> list[str]:
    """The words that are shown, parted by blanks of all kinds and by the ends of lines; no mark of a cloze is shown."""
    return "".join(_text(_body(_CLOZE_MARKS.sub("", html)))).replace("\u00a0", " ").split()


def elements(html: str) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    """The elements that mean something, in order, with their attributes."""
    found = [(_SAME.get(node.tag, node.tag), _attributes(node)) for node in _walk(_body(html))]
    return [(tag, attributes) for tag, attributes in found if attributes or tag not in _WITHOUT_MEANING]


def commands(html: str) -> list[str]:
    """What Anki and MathJax look for in the text of a field."""
    return [unescape(found) for found in _OF_ANKI.findall(html)]


def said(html: str) -> tuple[object, ...]:
    """All of it."""
    return words(html), elements(html), commands(html)


def _body(html: str) -> Any:
    return LexborHTMLParser(f"<!DOCTYPE html><body>{html}").body


def _attributes(node: Any) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, value or "") for name, value in node.attributes.items()))


def _walk(node: Any) -> Iterator[Any]:
    for child in node.iter(include_text=False):
        yield child
        yield from _walk(child)


def _text(node: Any) -> Iterator[str]:
    for child in node.iter(include_text=True):
        if child.tag == "-text":
            yield child.text(deep=False)
        else:
            edge = "\n" if child.tag in _LINES else ""
            yield edge
            yield from _text(child)
            yield edge
