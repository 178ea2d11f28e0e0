"""Keeps Anki from reading more into a field's text than is meant."""

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
"""What makes another sign of the end of a tag before it."""
_OVERLAID = re.compile(f">(?={OVERLAY})")


def plain_field(html: str, schemes: frozenset[str] = KNOWN_SCHEMES) -> Html:
    """A field that hides nothing; its links lead to addresses of these `schemes`."""
    return Html(inert(_as_kept(html if html.isascii() else _MARK.sub("", html), schemes)))


def cloze_field(html: str, schemes: frozenset[str] = KNOWN_SCHEMES) -> Html:
    """A field whose marked clozes are Anki's, and nothing else in it is.

    Inside a cloze no `}}` ends it early and no `::` begins a hint: comments part them in text, which nobody sees;
    blanks part braces in formulas, which TeX does not see.
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
    """One piece as Anki shall read it; `depth` counts the clozes it stands in."""
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
    """A mark of a cloze as Anki's; one that belongs to no cloze is left out."""
    if kind == "number":
        return f"{{{{c{piece['number']}::"
    if kind == "hint":
        return _after(parts, ":", APART) + "::" if depth else ""
    return _after(parts, "}", apart) + _END if depth else ""


def _after(parts: list[str], character: str, apart: str) -> str:
    """What has to stand between the text so far and a mark that begins with that character."""
    last = next((part for part in reversed(parts) if part), "")
    return apart if last.endswith(character) and last != _END else ""


def _safe_tag(tag: str, depth: int) -> str:
    tag = tag.replace("{{c", "{&#123;c")
    return tag.replace("}}", "}&#125;").replace("::", ":&#58;") if depth else tag


def _as_kept(html: str, schemes: frozenset[str]) -> str:
    """The text as Anki will keep it, composed and harmless, whatever it was made of.

    Composing comes before the check, for it makes other characters of some. Sound HTML passes the check as it is.
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
