r"""What Anki itself carries out in a field: formulas, sounds, LaTeX, spoken text, boxes to type into.

Whatever is meant as such is put between two marks while a field is rendered. In a finished field all the rest of what
Anki would carry out is made inert, and the marks go.
"""

from __future__ import annotations

import re

_MEANT, _END = "\ufdd8", "\ufdd9"
"""Noncharacters, which no text holds."""

APART = "<!-- -->"
"""Parts what Anki would read as one, and is seen by nobody."""

_COMMAND = r"\\(?=[()\[\]])|\[(?=(?i:sound:|anki:|\[type:|/?latex\]|/?\$\$?\]))"
_PIECE = re.compile(rf"{_MEANT}(?P<meant>[^{_END}]*){_END}|(?P<tag><[^<>]*>)|(?P<command>{_COMMAND})")
_IN_TAG = re.compile(rf"[{_MEANT}{_END}]|{_COMMAND}")
_IN_FORMULA = re.compile(r"\[(?=(?i:sound:|anki:|\[type:|/?latex\]|/?\$\$?\]))")


def meant(command: str) -> str:
    """Mark HTML that Anki shall carry out."""
    return f"{_MEANT}{command}{_END}"


def meant_formula(opening: str, formula: str, closing: str) -> str:
    r"""Mark a formula, given as HTML, between `\(` and `\)` or `\[` and `\]`; no other command of Anki's is in it."""
    return meant(opening + _IN_FORMULA.sub("[ ", formula) + closing)


def inert(html: str) -> str:
    """Leave to Anki only what is marked as meant; tags have to be in their strict form."""
    if "\\" not in html and "[" not in html:
        return html
    return _PIECE.sub(_inert_piece, html)


def _inert_piece(piece: re.Match[str]) -> str:
    if piece["meant"] is not None:
        return piece["meant"]
    return _IN_TAG.sub(_encoded, piece["tag"]) if piece["tag"] else piece[0] + APART


def _encoded(command: re.Match[str]) -> str:
    """What opens a command, as a tag can hold it without."""
    return "" if command[0] in {_MEANT, _END} else f"&#{ord(command[0])};"
