"""Keeps Anki from reading more into a field's text than is meant."""

from __future__ import annotations

import re
import unicodedata

from ankigen.data import Html
from ankigen.syntax.cloze_grammar import CLOZE_ANSWER, CLOZE_CLOSE, CLOZE_HINT, CLOZE_OPEN
from ankigen.syntax.spans import is_printable

_APART = "<!-- -->"
_END = "}}"
_READ_BY_ANKI = re.compile(r"(?P<tag><[^<>]*>)|\\(?=[()\[\]])|\[(?=(?i:sound:|anki:|/?latex\]|/?\$\$?\]))")
_MARK = re.compile(f"{CLOZE_OPEN}[0-9]*{CLOZE_ANSWER}|[{CLOZE_OPEN}{CLOZE_ANSWER}{CLOZE_HINT}{CLOZE_CLOSE}]")
_STRAY = re.compile("[\ufdd0-\ufdef]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_PIECE = re.compile(
    r"(?P<comment><!--.*?-->)|(?P<tag><[^<>]*>)|(?P<math>\\[()\[\]])"
    rf"|{CLOZE_OPEN}(?P<number>[0-9]+){CLOZE_ANSWER}|(?P<hint>{CLOZE_HINT})|(?P<close>{CLOZE_CLOSE})"
    r"|(?P<colons>::+)|(?P<braces>\}+)|(?P<cloze>\{\{(?=c[0-9,]))",
    re.DOTALL,
)
_OVERLAID = re.compile(">(?=\u0338)")


def neutralise(html: str) -> str:
    """Keep text from being read as mathematics, a sound or LaTeX."""
    if "\\" not in html and "[" not in html:
        return html
    return _READ_BY_ANKI.sub(lambda match: match["tag"] or match[0] + _APART, html)


def plain_field(html: str) -> Html:
    """A field that hides nothing."""
    return _stored(html if html.isascii() else _MARK.sub("", html))


def cloze_field(html: str) -> Html:
    """A field whose marked clozes are Anki's, and nothing else in it is.

    Inside a cloze no `}}` ends it early and no `::` begins a hint: comments part them in text, which nobody sees;
    blanks part braces in formulas, which TeX does not see.
    """
    return _stored("".join(_pieces(html)))


def _pieces(html: str) -> list[str]:
    parts: list[str] = []
    depth = 0
    apart = _APART
    position = 0
    for piece in _PIECE.finditer(html):
        kind = piece.lastgroup or ""
        parts.append(html[position : piece.start()])
        position = piece.end()
        if kind == "math":
            apart = " " if piece[0] in {"\\(", "\\["} else _APART
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
        return _APART.join(piece[0])
    if depth and kind == "braces":
        return (apart if parts[-1:] == [_END] else _after(parts, "}", apart)) + apart.join(piece[0])
    return piece[0]


def _cloze_mark(piece: re.Match[str], kind: str, parts: list[str], depth: int, apart: str) -> str:
    """A mark of a cloze as Anki's; one that belongs to no cloze is left out."""
    if kind == "number":
        return f"{{{{c{piece['number']}::"
    if kind == "hint":
        return _after(parts, ":", _APART) + "::" if depth else ""
    return _after(parts, "}", apart) + _END if depth else ""


def _after(parts: list[str], character: str, apart: str) -> str:
    """What has to stand between the text so far and a mark that begins with that character."""
    last = next((part for part in reversed(parts) if part), "")
    return apart if last.endswith(character) and last != _END else ""


def _safe_tag(tag: str, depth: int) -> str:
    tag = tag.replace("{{c", "{&#123;c")
    return tag.replace("}}", "}&#125;").replace("::", ":&#58;") if depth else tag


def _stored(html: str) -> Html:
    """The text as Anki will keep it: composed, and with no letter that composing would merge with a tag."""
    if html.isascii():
        return Html(html if is_printable(html) else _CONTROL.sub("", html))
    html = _CONTROL.sub("", _STRAY.sub("", html))
    return Html(unicodedata.normalize("NFC", _OVERLAID.sub(">&#8203;", html)))
