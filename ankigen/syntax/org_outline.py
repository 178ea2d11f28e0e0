"""org-mode outlines: a block starts at a headline. Its text is converted to Markdown for the later stages.

Lines keep their numbers: each org line becomes one Markdown line, or none if it is a comment, a directive, a
drawer or the date of a task.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ankigen.data import Format, Line, Page
from ankigen.support.structs import replace
from ankigen.syntax import org_inline
from ankigen.syntax.block_tree import Draft, Tree, lines_of
from ankigen.syntax.multiline import FIRST_CHARACTERS, Multiline
from ankigen.syntax.properties import (
    HEAD,
    HEAD_CHARACTERS,
    directive_in,
    drawer_properties,
    drawer_reviews,
    follows,
    is_timestamps,
    scheduled_in,
)
from ankigen.syntax.words import CODE_BLOCKS, OPAQUE_BLOCKS

_HEADLINE = re.compile(r"(?P<stars>\*++)(?:[ \t]++|$)")
_BLOCK = re.compile(r"[ \t]*+#\+BEGIN_(?P<name>\S++)[ \t]*+(?P<language>[^\s:]\S*+)?", re.IGNORECASE)
_BLOCK_LINE = re.compile(r"[ \t]*+#\+(?:BEGIN|END)_", re.IGNORECASE)
_NOT_IN_DRAWER = re.compile(r"\*++(?:[ \t]|$)|[ \t]*+:[\w-]++:[ \t]*+$")
_COMMENT = re.compile(r"[ \t]*+#(?:[ \t]|$|\+TBLFM:)", re.IGNORECASE)
_PROTECTED = re.compile(r"^(?P<indent>[ \t]*+),(?=\*|#\+|,)")
_TICKS = re.compile(r"`{3,}+")


def parse_org(text: str, path: str, name: str) -> Page:
    """Parse a page; every text is valid, and unknown syntax is text."""
    reader = _OrgReader(text)
    return reader.read().finish(path, name, Format.ORG, reader.lines)


class _OrgReader:
    """Adds each line to its headline, as Markdown."""

    def __init__(self, text: str) -> None:
        self.lines = lines_of(text)
        self.multiline = Multiline(text, self.lines)
        self.tree = Tree()
        self.draft = self.tree.page
        self.hidden_until = -1
        self.rows = 0

    def read(self) -> Tree:
        number = 0
        while number < len(self.lines):
            headline = _HEADLINE.match(self.lines[number]) if number > self.hidden_until else None
            if headline:
                self.draft = self.tree.begin(number + 1, len(headline["stars"]))
                number = self.take(number, self.after_task(number, headline.end()))
            else:
                number = self.take(number, 0)
            self.draft.last_line = number
        for draft in self.tree.drafts:
            draft.lines = _dedented(draft)
        return self.tree

    def after_task(self, number: int, at: int) -> int:
        """Where a headline's text begins, after task word and priority."""
        line = self.lines[number]
        head = HEAD.match(line, at) if line[at : at + 1] in HEAD_CHARACTERS - {"#"} else None
        return head.end() if head else at

    def take(self, number: int, at: int) -> int:
        """Read the line from column `at`, or the whole construct that opens there; return the next line's number."""
        text = self.lines[number][at:]
        first = text.lstrip(" \t")[:1]
        if first == "|":
            self.take_row(number, at, text)
            return number + 1
        self.rows = 0
        opened = self.multiline.opened(number, at) if first in FIRST_CHARACTERS else None
        if opened and (opened[0] != "drawer" or self.is_closed(number, opened[1])):
            return self.take_multiline(number, at, *opened)
        if first == "#" and not at and _COMMENT.match(text):
            return number + 1
        if first == "#" and (prop := directive_in(text, number + 1)):
            owner = self.draft if follows(self.draft.properties, self.lines, number) else self.tree.page
            owner.properties.append(prop)
        elif first == "#" and _BLOCK_LINE.match(text):
            self.add(number, at, text)
        elif is_timestamps(text):
            self.draft.reviews += scheduled_in(text, number + 1)
        else:
            self.add(number, at, org_inline.headline(text) if at else org_inline.line(text))
        return number + 1

    def is_closed(self, number: int, last: int) -> bool:
        """Whether a drawer ends before a headline or another drawer: a missing end must not hide cards."""
        return not any(_NOT_IN_DRAWER.match(self.lines[inner]) for inner in range(number + 1, last))

    def add(self, number: int, at: int, text: str) -> None:
        self.draft.lines.append(Line(number + 1, at + 1, text))

    def take_row(self, number: int, at: int, text: str) -> None:
        """Read a row of a table; Markdown has one rule, below the first row, org any number."""
        if not org_inline.is_table_rule(text):
            self.add(number, at, org_inline.to_markdown(text))
            self.rows += 1
        elif self.rows == 1:
            self.add(number, at, org_inline.table_rule(text))
            self.rows += 1

    def take_multiline(self, number: int, at: int, kind: str, last: int) -> int:
        block = _BLOCK.match(self.lines[number], at)
        name = block["name"].upper() if block else ""
        if kind == "drawer":
            self.draft.properties += drawer_properties(self.lines, number, last)
            self.draft.reviews += drawer_reviews(self.lines, number, last)
        elif block and name in CODE_BLOCKS:
            self.take_code(number, at, last, (block["language"] or "") if name == "SRC" else "")
        elif block and name not in OPAQUE_BLOCKS:
            self.hidden_until = max(self.hidden_until, last)
            self.add(number, at, self.lines[number][at:])
            return number + 1
        else:
            self.add(number, at, self.lines[number][at:])
            for inner in range(number + 1, last + 1):
                self.add(inner, 0, self.lines[inner])
        return last + 1

    def take_code(self, number: int, at: int, last: int, language: str) -> None:
        """Read a source block or example as a fence, longer than any in it, with its lines dedented to the fence.

        In org, a comma escapes lines that would be syntax.
        """
        indent = _indent(self.lines[last])
        inner = [_PROTECTED.sub(r"\g<indent>", line) for line in self.lines[number + 1 : last]]
        margin = _margin(inner)
        marks = "`" * max(3, 1 + max((len(ticks) for line in inner for ticks in _TICKS.findall(line)), default=0))
        self.add(number, at, f"{_indent(self.lines[number][at:])}{marks}{language}")
        for row, line in enumerate(inner, number + 1):
            self.draft.lines.append(Line(row + 1, max(margin - len(indent), 0) + 1, indent + line[margin:]))
        self.add(last, 0, indent + marks)


def _indent(text: str) -> str:
    return text[: len(text) - len(text.lstrip(" \t"))]


def _margin(lines: Sequence[str]) -> int:
    """The number of spaces at the start of all lines."""
    return min((len(_indent(line)) for line in lines if line.strip()), default=0)


def _dedented(draft: Draft) -> list[Line]:
    """The lines below a headline, without their common indent."""
    headline = [line for line in draft.lines if line.number == draft.line and draft.level]
    body = draft.lines[len(headline) :]
    margin = _margin([line.text for line in body])
    return headline + [replace(line, column=line.column + margin, text=line.text[margin:]) for line in body]
