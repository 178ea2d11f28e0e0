"""Renders code: highlighted by CSS classes, with its clozes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from html import escape
from typing import TYPE_CHECKING

from ankigen.syntax.cloze_grammar import CLOZE_ANSWER, CLOZE_CLOSE, CLOZE_HINT, CLOZE_OPEN

if TYPE_CHECKING:
    from pygments.lexer import Lexer
    from pygments.token import _TokenType

_MARK = re.compile(
    f"{CLOZE_OPEN}[0-9]+{CLOZE_ANSWER}|{CLOZE_HINT}[^{CLOZE_OPEN}{CLOZE_CLOSE}]*(?={CLOZE_CLOSE})|{CLOZE_CLOSE}"
)
_ALWAYS_COLOURED = 300
_SLOW = frozenset({"Systemd", "Easytrieve", "autohotkey", "TADS 3", "Thrift"})
"""Pygments lexers that took more than half a second for some 5,000 ordinary characters."""
_ENDLESS = frozenset({"MCSchema", "Typographic Number Theory"})
"""Lexers that may take seconds for 300 characters, and are never used."""
_LONGEST_CODE = 10_000
_LONGEST_WORDS = 400
"""Characters of a stretch with only words and spaces."""
_WORDS = re.compile(r"[\w\s]+")
_BLANKS = re.compile(r"\s{200}")
_REPEATED = re.compile(r"(.)\1{199}|(..)\2{99}|(...)\3{66}|(....)\4{49}", re.DOTALL)
_LANGUAGE = re.compile(r"[\w+#.-]+")


def inline(code: str) -> str:
    """Inline code."""
    return f"<code>{escape(code, quote=False)}</code>"


@lru_cache(maxsize=1024)
def block(code: str, info: str) -> str:
    """A code block, highlighted if its language is known."""
    lexer = _lexer_of(info)
    is_coloured = lexer and not _is_too_much(code, lexer)
    coloured = _coloured(code, lexer) if lexer and is_coloured else escape(code, quote=False)
    return f"<pre><code>{coloured}</code></pre>"


def is_left_plain(code: str, info: str) -> bool:
    """Whether code in a known language is not highlighted because it is too long or too uniform."""
    lexer = _lexer_of(info)
    return lexer is not None and _is_too_much(code, lexer)


def _is_too_much(code: str, lexer: Lexer) -> bool:
    """Whether highlighting might take very long.

    Many lexers scan from each place to the end of a stretch without punctuation, or of one repeated character, in
    quadratic time. Ordinary code has no such stretches.
    """
    if len(code) <= _ALWAYS_COLOURED:
        return lexer.name in _ENDLESS
    if lexer.name in _SLOW | _ENDLESS:
        return True
    bare = _MARK.sub("", code)
    is_uniform = max(map(len, _WORDS.findall(bare)), default=0) > _LONGEST_WORDS or _BLANKS.search(bare)
    return len(bare) > _LONGEST_CODE or bool(is_uniform) or _REPEATED.search(bare) is not None


def _lexer_of(info: str) -> Lexer | None:
    language = _LANGUAGE.match(info)
    return _lexer(language[0].lower()) if language else None


@cache
def _lexer(language: str) -> Lexer | None:
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


def _coloured(code: str, lexer: Lexer) -> str:
    """Highlight the code without its cloze marks, then put them back between the pieces."""
    marks: list[tuple[int, str]] = []
    bare = []
    position = shift = 0
    for mark in _MARK.finditer(code):
        marks.append((mark.start() - shift, mark[0]))
        bare.append(code[position : mark.start()])
        shift += len(mark[0])
        position = mark.end()
    bare.append(code[position:])
    if not marks:
        return "".join(_span(kind, text) for kind, text in _tokens(lexer, code))
    return "".join(_with_marks(lexer, "".join(bare), marks))


def _with_marks(lexer: Lexer, code: str, marks: list[tuple[int, str]]) -> Iterator[str]:
    """Yield the highlighted code with the marks, each at an offset into the code."""
    waiting = marks[::-1]
    end = 0
    for kind, text in _tokens(lexer, code):
        position, end = end, end + len(text)
        while waiting and waiting[-1][0] < end:
            offset, mark = waiting.pop()
            yield _span(kind, code[position:offset])
            yield escape(mark, quote=False)
            position = offset
        yield _span(kind, code[position:end])
    yield from (escape(mark, quote=False) for _, mark in reversed(waiting))


def _tokens(lexer: Lexer, code: str) -> Iterator[tuple[str, str]]:
    """CSS class and text of the code's pieces, with neighbours of the same class joined."""
    last, parts = "", [""]
    for token, text in lexer.get_tokens(code):
        kind = _class_of(token) if text.strip() else last
        if kind != last:
            yield last, "".join(parts)
            last, parts = kind, []
        parts.append(text)
    yield last, "".join(parts)


@cache
def _class_of(token: _TokenType) -> str:
    from pygments.token import STANDARD_TYPES

    kind: str = STANDARD_TYPES.get(token) or STANDARD_TYPES.get(token.parent, "")
    return _SHOWN.get(kind, kind)


_SHOWN = dict.fromkeys(("n", "p", "o", "w", "g", "nx", "py", "nv", "nl", "x", "esc", "err", "pm", "l", "ld"), "")


def _span(kind: str, text: str) -> str:
    if not text:
        return ""
    shown = escape(text, quote=False)
    return f'<span class="{kind}">{shown}</span>' if kind else shown
