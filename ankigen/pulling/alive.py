"""What Logseq and Obsidian act on in a text, though a card shows it as plain words: no edit may bring more of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from ankigen.syntax import spans
from ankigen.syntax.spans import Kind
from ankigen.syntax.tags import references

_ACTING = frozenset({
    Kind.FENCE, Kind.CLOZE, Kind.MACRO, Kind.HIDDEN, Kind.BLOCK, Kind.BLOCK_REFERENCE, Kind.HICCUP, Kind.COMMENT,
    Kind.DECLARATION,
})  # fmt: skip
_QUERY = re.compile(r"\$?=")
"""What begins code that Dataview runs."""
_SIGNS = re.compile(
    r"(?P<date>\b(?:SCHEDULED|DEADLINE|CLOSED):\s*<)"
    r"|(?P<block>#\+BEGIN_)|(?P<drawer>^[ \t]*:[A-Za-z][\w-]*:[ \t]*$)"
    r"|(?P<comment>%%)|(?P<template><%)"
    r"|(?P<formula>(?<!\\)\$\$)"
    r"|(?P<fence>^[ \t]*(?:(?:[-*+>]|[0-9]{1,9}[.)])[ \t]+)*(?:```|~~~))"
    r"|(?P<field>(?:^[ \t]*|[\[(])[^\s:\[\]()][^:\n\[\]()]*::(?=\s|$))",
    re.MULTILINE,
)
"""Dates of tasks, which Logseq finds within a line, too; what begins a block, drawer, comment, template, formula or
fence, which others may read to the end of the page; fields of Dataview."""


def alive_in(texts: Iterable[str]) -> Counter[tuple[str, str]]:
    """What the texts hold of it, each with how often."""
    found: Counter[tuple[str, str]] = Counter()
    for text in texts:
        found.update(("reference", reference.name) for reference in references(text))
        found.update((sign.lastgroup or "", "") for sign in _SIGNS.finditer(text))
        for span in spans.scan(text):
            if span.kind in _ACTING:
                found[span.kind.name, span.name] += 1
            elif span.kind is Kind.CODE and _QUERY.match(text, span.inner[0]):
                found["query", ""] += 1
    return found
