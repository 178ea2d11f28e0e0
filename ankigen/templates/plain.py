"""The plain text of HTML, like Anki's filter `text`."""

from __future__ import annotations

import html
import re
from html import entities

_OPENINGS = re.compile(r"<(?:(?P<comment>!--)|(?P<style>style)|(?P<script>script))?", re.IGNORECASE)
_ENDS = {
    "comment": re.compile(r"-->"),
    "style": re.compile(r"</style>", re.IGNORECASE),
    "script": re.compile(r"</script>", re.IGNORECASE),
}
_REFERENCE = re.compile(r"&(?:(?P<name>[A-Za-z][A-Za-z0-9]*;)|#[0-9]+;|#[xX][0-9A-Fa-f]+;)?")


def without_html(text: str) -> str:
    """The text without tags, comments, styles and scripts; references are decoded if all are known."""
    text = _without_tags(text)
    if "&" not in text or not all(map(_is_known, _REFERENCE.finditer(text))):
        return text
    return html.unescape(text).replace("\u00a0", " ")


def _without_tags(text: str) -> str:
    """The text without tags; each kind of end is searched in vain only once, so the time is linear."""
    pieces: list[str] = []
    position = 0
    endless: set[str] = set()
    for opening in _OPENINGS.finditer(text):
        if opening.start() < position:
            continue
        end = _end_of(text, opening, endless)
        if end < 0:
            break
        pieces.append(text[position : opening.start()])
        position = end
    return "".join([*pieces, text[position:]])


def _end_of(text: str, opening: re.Match[str], endless: set[str]) -> int:
    """Where what begins there ends, with all that is in it; -1 if nothing that begins from there on ends."""
    tag_end = text.find(">", opening.end() if opening.lastgroup else opening.start()) + 1
    kind = opening.lastgroup
    if kind and kind not in endless:
        begin = opening.end() if kind == "comment" else tag_end
        found = _ENDS[kind].search(text, begin) if begin else None
        if found:
            return found.end()
        endless.add(kind)
    return text.find(">", opening.start()) + 1 or -1


def _is_known(reference: re.Match[str]) -> bool:
    return len(reference[0]) > 1 and (reference["name"] is None or reference["name"] in entities.html5)
