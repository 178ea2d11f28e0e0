"""Markdown outlines: a block starts at `- ` after any indent, or at a heading without a bullet.

It contains every line up to the next start, including blank ones; a start inside a fence, `#+BEGIN_…`, `$$`, a drawer,
HTML or a comment is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ankigen.data import Format, Line, Page, Property
from ankigen.syntax import front_matter, yaml_front_matter
from ankigen.syntax.block_tree import Draft, Tree, lines_of
from ankigen.syntax.multiline import FIRST_CHARACTERS, Multiline
from ankigen.syntax.properties import (
    HEAD,
    HEAD_CHARACTERS,
    LEFT_OUT_CHARACTERS,
    REVIEW_COMMENT_SIGN,
    directive_in,
    drawer_properties,
    follows,
    is_conflict_mark,
    is_timestamps,
    is_written_by_logseq,
    property_in,
    without_review_comment,
)

_AFTER_BULLET = frozenset({" ", "\t", ""})
_HEADING = re.compile(r"#++(?:[ \t]|$)")
_FIRST_CONFLICT = "<<<<<<< "


def parse_markdown(text: str, path: str, name: str, *, reads_yaml: bool = False) -> Page:
    """Parse a page; every text is valid, and unknown syntax is text."""
    reader = _MarkdownReader(text, reads_yaml=reads_yaml)
    return reader.read().finish(path, name, Format.MARKDOWN, reader.lines)


class _MarkdownReader:
    """Adds each line to its block."""

    def __init__(self, text: str, *, reads_yaml: bool) -> None:
        self.lines = lines_of(text)
        self.reads_yaml = reads_yaml
        self.multiline = Multiline(text, self.lines)
        self.has_conflicts = _FIRST_CONFLICT in text
        self.has_review_comments = REVIEW_COMMENT_SIGN in text
        self.tree = Tree()

    def read(self) -> Tree:
        properties, number = self.front_matter()
        self.tree.page.properties += properties
        self.tree.page.last_line = number
        draft = self.tree.page
        while number < len(self.lines):
            line = self.lines[number]
            text = line.lstrip(" \t")
            if text[:1] == "-" and text[1:2] in _AFTER_BULLET:
                draft = self.tree.begin(number + 1, len(line) - len(text))
                number = self.take_first(draft, number, text[1:].lstrip(" \t"))
            elif text[:1] == "#" and _HEADING.match(text):
                draft = self.tree.begin(number + 1, 0)
                number = self.take_first(draft, number, text)
            else:
                number = self.take(draft, number, _after_indent(line, draft.margin))
            draft.last_line = number
        return self.tree

    def front_matter(self) -> tuple[Sequence[Property], int]:
        """The properties above the first block, and their number of lines."""
        if not self.reads_yaml:
            return front_matter.read_front_matter(self.lines)
        read = yaml_front_matter.read(self.lines)
        return read.properties, read.lines

    def take_first(self, draft: Draft, number: int, text: str) -> int:
        """Read a block's own line, without task word and priority."""
        at = len(self.lines[number]) - len(text)
        head = HEAD.match(text) if text[:1] in HEAD_CHARACTERS else None
        if head and head.end():
            return self.take(draft, number, at + head.end(), head["heading"] or "")
        return self.take(draft, number, at)

    def take(self, draft: Draft, number: int, at: int, heading: str = "") -> int:
        """Read the line from column `at`, or the whole construct that opens there; return the next line's number."""
        text = self.lines[number][at:]
        if self.has_review_comments and REVIEW_COMMENT_SIGN in text:
            text = self.without_review(draft, number, text)
            if not text.strip():
                return number + 1
        first = text.lstrip(" \t")[:1]
        if first in FIRST_CHARACTERS and (opened := self.multiline.opened(number, at)):
            kind, last = opened
            if kind == "drawer":
                draft.properties += drawer_properties(self.lines, number, last)
            else:
                draft.lines.append(Line(number + 1, at - len(heading) + 1, heading + text))
                draft.lines += self.hidden(draft, number, last)
            return last + 1
        if "::" in text and (prop := property_in(text, number + 1)):
            draft.properties.append(prop)
        elif first == "#" and (prop := directive_in(text, number + 1)):
            owner = draft if follows(draft.properties, self.lines, number) else self.tree.page
            owner.properties.append(prop)
        elif first not in LEFT_OUT_CHARACTERS or not self.is_left_out(text):
            draft.lines.append(Line(number + 1, at - len(heading) + 1, heading + text))
        return number + 1

    def without_review(self, draft: Draft, number: int, text: str) -> str:
        """The line without the reviews at its end, which are added to the block."""
        text, review = without_review_comment(text, number + 1)
        draft.reviews += [review] if review else []
        return text

    def is_left_out(self, text: str) -> bool:
        return is_timestamps(text) or (self.has_conflicts and is_conflict_mark(text))

    def hidden(self, draft: Draft, number: int, last: int) -> Iterator[Line]:
        """The later lines of a construct, moved left like its first line.

        Logseq writes its own properties below a block's first line, even if that opens a fence; Obsidian's plugin
        writes reviews after the last one.
        """
        opener = self.lines[number]
        is_own_line = number + 1 == draft.line
        first = number + 1
        while is_own_line and first < last and is_written_by_logseq(self.lines[first]):
            draft.reviews += filter(None, [property_in(self.lines[first], first + 1)])
            first += 1
        margin = draft.margin if is_own_line else min(draft.margin, len(opener) - len(opener.lstrip(" \t")))
        for inner in range(first, last + 1):
            line = self.lines[inner]
            at = _after_indent(line, margin)
            text = line[at:]
            if inner == last and self.has_review_comments and REVIEW_COMMENT_SIGN in text:
                text = self.without_review(draft, inner, text)
            yield Line(inner + 1, at + 1, text)


def _after_indent(line: str, margin: int) -> int:
    """The column of a later line's text: after the margin if that is blank, else after all leading spaces."""
    if not line[:margin].strip(" \t"):
        return min(margin, len(line))
    return len(line) - len(line.lstrip(" \t"))
