"""The grammar: text, `{{Field}}`, `{{filter:Field}}`, `{{#Field}}…{{/Field}}`, `{{^Field}}…{{/Field}}`, comments.

A template that begins with `{{=<% %>=}}` writes `<%` and `%>` for the braces. Whatever is within a comment of HTML is
text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ankigen.support.structs import Struct

_OTHER_SIGNS = "{{=<% %>=}}"
_COMMENT = "<!--"
_CLOSING = {_COMMENT: "-->", "{{": "}}", "<%": "%>"}
MOST_SECTIONS = 100
"""The maximum nesting of sections."""


class Text(Struct, frozen=True):
    """Text shown as written."""

    text: str


class Replacement(Struct, frozen=True):
    """A field that is shown; the first of `filters` is next to the field, and runs first."""

    field: str
    filters: tuple[str, ...]
    start: int


class Section(Struct, frozen=True):
    """Content shown if a field is not empty, or, if it `is_negated`, if the field is empty."""

    field: str
    is_negated: bool
    inside: tuple[Node, ...]
    start: int


Node = Text | Replacement | Section


class Fault(Struct, frozen=True):
    """An error in a template, and its offset in the text."""

    message: str
    start: int


class Parsed(Struct, frozen=True):
    """A template as far as it can be parsed, and the error for which Anki rejects it, if any.

    `unclosed` are the offsets of unclosed braces, which Anki shows as text.
    """

    nodes: tuple[Node, ...]
    fault: Fault | None = None
    unclosed: tuple[int, ...] = ()

    def replacements(self) -> Iterator[Replacement]:
        """All fields that may be shown, in the order of the text."""
        return (node for node in walk(self.nodes) if isinstance(node, Replacement))


def walk(nodes: tuple[Node, ...]) -> Iterator[Node]:
    """All nodes, and those within the sections, in the order of the text."""
    stack = [*reversed(nodes)]
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, Section):
            stack += reversed(node.inside)


def parse(source: str) -> Parsed:
    """Parse a template; raises nothing."""
    stripped = source.lstrip()
    if stripped.startswith(_OTHER_SIGNS):
        start = len(source) - len(stripped) + len(_OTHER_SIGNS)
        return _Reading(source, "<%").read(start)
    return _Reading(source, "{{").read(0)


class _Open(Struct, frozen=True):
    """An open section: its mark, and its content so far."""

    field: str
    is_negated: bool
    start: int
    inside: list[Node]


class _Reading:
    """The state of parsing a template."""

    def __init__(self, source: str, braces: str) -> None:
        self.source = source
        self.braces = braces
        self.opened = [_Open("", is_negated=False, start=0, inside=[])]
        self.left: list[int] = []

    def read(self, position: int) -> Parsed:
        """Read the rest of the template."""
        for opener, start, end in self.tokens(position):
            self.add_text(position, start)
            position = end
            token = self.source[start:end]
            if opener == _COMMENT:
                self.add(Text(token))
            elif fault := self.add_mark(token[len(opener) : -len(_CLOSING[opener])], start):
                return self.finished(fault)
        self.add_text(position, len(self.source))
        if len(self.opened) > 1:
            innermost = self.opened[-1]
            sign = "^" if innermost.is_negated else "#"
            message = f"{{{{{sign}{innermost.field}}}}} is never closed: add {{{{/{innermost.field}}}}}"
            return self.finished(Fault(message, innermost.start))
        return self.finished(None)

    def tokens(self, position: int) -> Iterator[tuple[str, int, int]]:
        """Comments and text in braces: the opening mark, and the start and end of each.

        Unclosed marks are text; each kind of end is searched in vain only once, so the time is linear.
        """
        openers = {_COMMENT, self.braces}
        while openers:
            opener = re.compile("|".join(map(re.escape, sorted(openers)))).search(self.source, position)
            if opener is None:
                return
            closing = _CLOSING[opener[0]]
            end = self.source.find(closing, opener.end())
            if end < 0:
                openers.remove(opener[0])
            else:
                position = end + len(closing)
                yield opener[0], opener.start(), position

    def finished(self, fault: Fault | None) -> Parsed:
        return Parsed(tuple(self.opened[0].inside), fault, tuple(self.left))

    def add(self, node: Node) -> None:
        self.opened[-1].inside.append(node)

    def add_text(self, start: int, end: int) -> None:
        if start < end:
            self.left += [start + mark.start() for mark in re.finditer(re.escape(self.braces), self.source[start:end])]
            self.add(Text(self.source[start:end]))

    def add_mark(self, inside: str, start: int) -> Fault | None:
        """Add the text in braces; returns the error if that is not possible."""
        said = inside.lstrip("{").strip()
        sign, name = said[:1], said[1:].lstrip()
        if len(said) < 2 or sign not in "#^/":
            *filters, field = said.split(":")
            self.add(Replacement(field, tuple([name for name in reversed(filters) if name]), start))
        elif sign == "/":
            return self.close(name, start)
        elif len(self.opened) > MOST_SECTIONS:
            return Fault(f"sections are nested deeper than {MOST_SECTIONS} levels", start)
        else:
            self.opened.append(_Open(name, sign == "^", start, []))
        return None

    def close(self, name: str, start: int) -> Fault | None:
        """Close the innermost section, if it has that name."""
        innermost = self.opened[-1]
        if len(self.opened) == 1:
            return Fault(f"{{{{/{name}}}}} closes nothing: add {{{{#{name}}}}} before it, or take it away", start)
        if innermost.field != name:
            message = f"{{{{/{name}}}}} comes before {{{{/{innermost.field}}}}}: close the inner section first"
            return Fault(message, start)
        self.opened.pop()
        self.add(Section(innermost.field, innermost.is_negated, tuple(innermost.inside), innermost.start))
        return None
