"""How the notes write what a word stands in: the marks of Markdown, or the element itself where those do not fit."""

from __future__ import annotations

import re

from ankigen.pulling.words import Element

_WRITTEN = {
    "strong": ("**", "__", "b"),
    "em": ("*", "_", "i"),
    "del": ("~~", "~~", "s"),
    "mark": ("==", "^^", "mark"),
    "code": ("`", "``", "code"),
}
_BY_TAG = frozenset(
    {"u", "sub", "sup", "kbd", "small", "ins", "var", "samp", "cite", "dfn", "q", "big", "strike", "tt"}
)
_TAGS = {"strong": "b|strong", "em": "i|em", "del": "s|del|strike"}
_MARKS = {
    "strong": r"\*\*|__", "em": r"\*|_", "del": r"~~?", "mark": r"==|\^\^", "code": "`+", "sub": r"_\{|~|\}",
    "sup": r"\^\{|\^|\}",
}  # fmt: skip
_LINK = re.compile(r'<a href="(?P<target>[^"\s()<>]+)">')
MANNERS = 3
"""How many ways there are to write an element: two of Markdown, and the element itself."""


def is_known(element: Element) -> bool:
    """Whether the notes can say it."""
    if element.name == "a":
        return _LINK.fullmatch(element.form) is not None
    return element.form == f"<{element.name}>" and (element.name in _WRITTEN or element.name in _BY_TAG)


def written(element: Element, manner: int) -> tuple[str, str]:
    """What is written before and behind the words."""
    if element.name == "a":
        link = _LINK.fullmatch(element.form)
        assert link is not None, "only a link that is known is written"
        return ("[", f"]({link['target'].replace('&amp;', '&')})") if manner < MANNERS - 1 else (element.form, "</a>")
    marks = _WRITTEN.get(element.name, (None, None, element.name))
    mark = marks[manner]
    if mark is None or manner == MANNERS - 1:
        return f"<{marks[2]}>", f"</{marks[2]}>"
    return mark, mark


def opening(element: Element) -> re.Pattern[str]:
    """What may begin it in the notes."""
    return re.compile(r"\[|<a [^>]*>") if element.name == "a" else _edge(element, "<")


def closing(element: Element) -> re.Pattern[str]:
    """What may end it in the notes."""
    return re.compile(r"\]\([^)\n]*\)|</a>") if element.name == "a" else _edge(element, "</")


def _edge(element: Element, opens: str) -> re.Pattern[str]:
    marks, tags = _MARKS.get(element.name), _TAGS.get(element.name, element.name)
    return re.compile(rf"{f'{marks}|' if marks else ''}{opens}(?:{tags})>")
