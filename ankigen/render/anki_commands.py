r"""Anki's own commands in a field: formulas, sounds, LaTeX, text to speech, type-in boxes.

Intended commands are put between two marks while a field is rendered. In the finished field all other commands are made
inert, and the marks are removed.
"""

from __future__ import annotations

import re

_MEANT, _END = "\ufdd8", "\ufdd9"
"""Noncharacters, which no text contains."""

APART = "<!-- -->"
"""An invisible separator for text that Anki would read as a command."""

_COMMAND = r"\\(?=[()\[\]])|\[(?=(?i:sound:|anki:|\[type:|/?latex\]|/?\$\$?\]))"
_PIECE = re.compile(rf"{_MEANT}(?P<meant>[^{_END}]*){_END}|(?P<tag><[^<>]*>)|(?P<command>{_COMMAND})")
_IN_TAG = re.compile(rf"[{_MEANT}{_END}]|{_COMMAND}")
_IN_FORMULA = re.compile(r"\[(?=(?i:sound:|anki:|\[type:|/?latex\]|/?\$\$?\]))")


def meant(command: str) -> str:
    """Mark HTML as an intended command."""
    return f"{_MEANT}{command}{_END}"


def meant_formula(opening: str, formula: str, closing: str) -> str:
    r"""Mark a formula, given as HTML, between `\(` and `\)` or `\[` and `\]`; no other command of Anki's is in it."""
    formula = _IN_FORMULA.sub("[ ", formula)
    if _IN_FORMULA.match(f"[{formula}"):  # the bracket of the opening would begin a command
        formula = f" {formula}"
    return meant(opening + formula + closing)


def inert(html: str) -> str:
    """Make all unmarked commands inert; tags have to be in their strict form."""
    if "\\" not in html and "[" not in html:
        return html
    return _PIECE.sub(_inert_piece, html)


def _inert_piece(piece: re.Match[str]) -> str:
    if piece["meant"] is not None:
        return piece["meant"]
    return _IN_TAG.sub(_encoded, piece["tag"]) if piece["tag"] else piece[0] + APART


def _encoded(command: re.Match[str]) -> str:
    """The start of a command, encoded for use inside a tag."""
    return "" if command[0] in {_MEANT, _END} else f"&#{ord(command[0])};"
