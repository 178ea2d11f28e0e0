"""Text of HTML, as Anki's filter `text` has it."""

from __future__ import annotations

import html
import re
from html import entities

_TAGS = re.compile(
    r"<!--.*?-->|<style.*?>.*?</style>|<script.*?>.*?</script>|<.*?>",
    re.DOTALL | re.IGNORECASE,
)
_REFERENCE = re.compile(r"&(?:(?P<name>[A-Za-z][A-Za-z0-9]*;)|#[0-9]+;|#[xX][0-9A-Fa-f]+;)?")


def without_html(text: str) -> str:
    """The text without tags, comments, styles and scripts, its references read if all of them are known."""
    text = _TAGS.sub("", text)
    if "&" not in text or not all(map(_is_known, _REFERENCE.finditer(text))):
        return text
    return html.unescape(text).replace("\u00a0", " ")


def _is_known(reference: re.Match[str]) -> bool:
    return len(reference[0]) > 1 and (reference["name"] is None or reference["name"] in entities.html5)
