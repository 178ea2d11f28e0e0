"""Escapes a field's text so that Anki does not misread it."""

from __future__ import annotations

import re
import unicodedata
from html import escape

from ankigen.data import Html
from ankigen.render.anki_commands import APART, inert
from ankigen.render.harmless import KNOWN_SCHEMES, is_harmless
from ankigen.render.sanitise import sanitise
from ankigen.syntax.cloze_grammar import CLOZE_ANSWER, CLOZE_CLOSE, CLOZE_HINT, CLOZE_OPEN
from ankigen.syntax.spans import is_printable

_END = "}}"
_MARK = re.compile(f"{CLOZE_OPEN}[0-9,]*{CLOZE_ANSWER}|[{CLOZE_OPEN}{CLOZE_ANSWER}{CLOZE_HINT}{CLOZE_CLOSE}]")
_STRAY = re.compile("[\ufdd0-\ufdd2\ufdd7\ufdda-\ufdef]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_PIECE = re.compile(
    r"(?P<comment><!--.*?-->)|(?P<tag><[^<>]*>)|(?P<math>\\[()\[\]])"
    rf"|{CLOZE_OPEN}(?P<number>[0-9,]+){CLOZE_ANSWER}|(?P<hint>{CLOZE_HINT})|(?P<close>{CLOZE_CLOSE})"
    r"|(?P<colons>::+)|(?P<braces>\}+)|(?P<cloze>\{\{(?=c[0-9,]))",
    re.DOTALL,
)
OVERLAY = "\u0338"
"""Characters that combine with the end of a tag before them."""
_OVERLAID = re.compile(f">(?={OVERLAY})")


def plain_field(html: str, schemes: frozenset[str] = KNOWN_SCHEMES) -> Html:
    """Finish a field without clozes; its links may have these `schemes`."""
    return Html(inert(_as_kept(html if html.isascii() else _MARK.sub("", html), schemes)))


def cloze_field(html: str, schemes: frozenset[str] = KNOWN_SCHEMES) -> Html:
    """Finish a field in which only the marked clozes become Anki's.

    Inside a cloze no `}}` ends it early and no `::` begins a hint: invisible comments separate them in text, and spaces
    separate braces in formulas, which TeX ignores.
    """
    return Html("".join(_pieces(inert(_as_kept(html, schemes)))))


def _pieces(html: str) -> list[str]:
    parts: list[str] = []
    depth = 0
    apart = APART
    position = 0
    for piece in _PIECE.finditer(html):
        kind = piece.lastgroup or ""
        parts.append(html[position : piece.start()])
        position = piece.end()
        if kind == "math":
            apart = " " if piece[0] in {"\\(", "\\["} else APART
        parts.append(_safe(piece, kind, parts, depth, apart))
        depth = max(depth + _STEPS.get(kind, 0), 0)
    return [*parts, html[position:]]


_STEPS = {"number": 1, "close": -1}


def _safe(piece: re.Match[str], kind: str, parts: list[str], depth: int, apart: str) -> str:
    """Escape one piece for Anki; `depth` counts the clozes around it."""
    if kind in _STEPS or kind == "hint":
        return _cloze_mark(piece, kind, parts, depth, apart)
    if kind == "tag":
        return _safe_tag(piece[0], depth)
    if kind == "cloze":
        return f"{{{apart}{{"
    if depth and kind == "colons":
        return APART.join(piece[0])
    if depth and kind == "braces":
        return (apart if parts[-1:] == [_END] else _after(parts, "}", apart)) + apart.join(piece[0])
    return piece[0]


def _cloze_mark(piece: re.Match[str], kind: str, parts: list[str], depth: int, apart: str) -> str:
    """A cloze mark in Anki's syntax; one that belongs to no cloze is left out."""
    if kind == "number":
        return f"{{{{c{piece['number']}::"
    if kind == "hint":
        return _after(parts, ":", APART) + "::" if depth else ""
    return _after(parts, "}", apart) + _END if depth else ""


def _after(parts: list[str], character: str, apart: str) -> str:
    """The separator needed between the text so far and a mark that begins with that character."""
    last = next((part for part in reversed(parts) if part), "")
    return apart if last.endswith(character) and last != _END else ""


def _safe_tag(tag: str, depth: int) -> str:
    tag = tag.replace("{{c", "{&#123;c")
    return tag.replace("}}", "}&#125;").replace("::", ":&#58;") if depth else tag


def _as_kept(html: str, schemes: frozenset[str]) -> str:
    """The text as Anki will store it, NFC-normalised and harmless.

    Normalising comes before the check, because it changes characters. Valid HTML passes the check unchanged.
    """
    if html.isascii() and is_printable(html) and is_harmless(html, schemes):
        return html
    for _ in range(_CLEANINGS):
        html = unicodedata.normalize("NFC", _OVERLAID.sub(">&#8203;", _CONTROL.sub("", _STRAY.sub("", html))))
        if is_harmless(html, schemes):
            return html
        html = sanitise(html, schemes=schemes)
    return escape(html)


_CLEANINGS = 3
"""What comes from `sanitise` is harmless, composed or not; anything else would be shown as it is written."""
