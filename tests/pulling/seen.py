"""What a person sees of a field: the oracle of the laws, which knows nothing of ankigen's own form of a field."""

from __future__ import annotations

from html.parser import HTMLParser

_SAME = {"b": "strong", "i": "em", "strike": "s", "del": "s"}
_MARKS = frozenset({"strong", "em", "s", "u", "code", "mark", "sub", "sup", "a", "span", "small", "kbd", "font"})
_BLOCKS = frozenset({"ul", "ol", "li", "p", "table", "tr", "td", "th", "pre", "blockquote", "h1", "h2", "h3", "hr"})
_EMPTY = frozenset({"br", "img", "hr"})

Line = tuple[tuple[str, ...], tuple[tuple[str, frozenset[str]], ...]]
"""The blocks that a line is in, each numbered, and its characters, each with its marks."""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[tuple[tuple[str, ...], list[tuple[str, frozenset[str]]]]] = [((), [])]
        self.blocks: list[str] = []
        self.marks: list[tuple[str, str]] = []
        self.count = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        tag = _SAME.get(tag, tag)
        form = f"{tag} {sorted(attrs)}"
        if tag == "br":
            self.lines.append((tuple(self.blocks), []))
        elif tag == "img":
            self._write(f"<{form}>")
        elif tag in _MARKS:
            self.marks.append((tag, form))
        elif tag in _BLOCKS:
            self.count += 1
            if tag not in _EMPTY:
                self.blocks.append(f"{form} {self.count}")
            self.lines.append((tuple(self.blocks), []))
        elif tag == "div":
            self._new_line()

    def handle_endtag(self, tag: str) -> None:
        tag = _SAME.get(tag, tag)
        if tag in _MARKS:
            at = next((at for at in reversed(range(len(self.marks))) if self.marks[at][0] == tag), None)
            if at is not None:
                del self.marks[at]
        elif tag in _BLOCKS:
            if self.blocks:
                self.blocks.pop()
            self.lines.append((tuple(self.blocks), []))
        elif tag == "div":
            self._new_line()

    def handle_data(self, data: str) -> None:
        for character in data.replace("\u00a0", " "):
            self._write(character)

    def _write(self, character: str) -> None:
        self.lines[-1][1].append((character, frozenset(form for _, form in self.marks)))

    def _new_line(self) -> None:
        if self.lines[-1][1]:
            self.lines.append((tuple(self.blocks), []))


def seen(html: str) -> list[Line]:
    """The lines of a field; those that show nothing count only between others of one block."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines: list[Line] = []
    for blocks, characters in reader.lines:
        start, end = 0, len(characters)
        while end and characters[end - 1][0] in " \n\t":
            end -= 1
        while start < end and characters[start][0] in " \n\t" and not any(block[:3] == "pre" for block in blocks):
            start += 1
        if start < end:
            lines.append((blocks, tuple(characters[start:end])))
    return lines
