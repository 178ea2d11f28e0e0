"""What a person sees of HTML and of hiccup, by Python's own parser."""

from __future__ import annotations

import re
from html.parser import HTMLParser

UNSEEN = {"canvas", "iframe", "math", "object", "script", "style", "svg", "template"}
"""What is in these elements is no text."""
HICCUP_MARK = re.compile(r'\[:\S+?(?=[\s\]])|\{[^{}]*\}|[\[\]"]')


CDATA = re.compile(r"<!\[CDATA\[.*?(?:\]\]>?|$)")
"""Python's parser and browsers know it only in SVG and MathML, and differ about it elsewhere."""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.unseen += tag in UNSEEN

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        self.unseen -= tag in UNSEEN and self.unseen > 0

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.parts.append(data)


def of_html(html: str) -> str:
    """The text that a browser shows; `<!DOCTYPE …>`, `<?…?>` and comments are none."""
    reader = _Reader()
    reader.feed(CDATA.sub("", html))
    reader.close()
    return "".join(reader.parts)


def of_hiccup(hiccup: str) -> str:
    """The words and strings, without tags and attributes."""
    return HICCUP_MARK.sub(" ", hiccup)


def letters(text: str) -> str:
    """The letters and digits of a text: what a mark of Markdown is not."""
    return "".join(filter(str.isalnum, text))
