"""Limits the nesting of raw HTML, since parsing deep nesting takes quadratic time."""

from __future__ import annotations

import re
from collections import Counter
from html import escape

_DEEPEST = 100
"""Levels of elements; a browser stops at 512."""
_DEEPEST_FORMATTING = 20
"""Levels of formatting elements, which HTML reopens in each following paragraph."""
_FORMATTING = frozenset(
    {"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"}
)
_TAG = re.compile(
    r"<!--.*?-->|<(?P<slash>/?)(?P<name>[A-Za-z][^\s/>]*)(?>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>", re.DOTALL
)
_ENDED_BY_OTHERS = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
    | {"p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option", "rt", "rp"}
)


def shallow(html: str) -> str:
    """The HTML, with tags beyond the maximum nesting as text."""
    if html.count("<") <= _DEEPEST:
        return html
    opened: Counter[str] = Counter()

    def kept(tag: re.Match[str]) -> str:
        name = (tag["name"] or "").lower()
        if not name or name in _ENDED_BY_OTHERS:
            return tag[0]
        if tag["slash"]:
            opened[name] -= opened[name] > 0
        elif opened.total() >= _DEEPEST or (name in _FORMATTING and _formatting(opened) >= _DEEPEST_FORMATTING):
            return escape(tag[0], quote=False)
        else:
            opened[name] += 1
        return tag[0]

    return _TAG.sub(kept, html)


def _formatting(opened: Counter[str]) -> int:
    return sum(opened[name] for name in _FORMATTING)
