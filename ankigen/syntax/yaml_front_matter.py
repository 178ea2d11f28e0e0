"""Reads the YAML at the top of a page like Obsidian: every value is its written text, lists are joined.

It is read event by event: nothing is constructed, depth does not use the stack, and alias expansion is limited.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from ankigen.data import Property
from ankigen.support.normal_forms import property_key
from ankigen.support.structs import Struct
from ankigen.syntax import front_matter

if TYPE_CHECKING:
    import yaml

FENCE = "---"
_KEY = re.compile(r"(?P<key>[^\s:#\[{\"'-][^:]*+):(?=[ \t]|$)")
_AS_WRITTEN = re.compile(r"(?P<key>[^\s:#\[{\"'-][^:]*+:[ \t]+)(?P<value>\[\[.*\]\]|#[^\s#].*?)[ \t]*$")
"""Text that YAML takes for a nested list or a comment: links, and tags with `#`."""
_SCALAR = r"[A-Za-z0-9_\u00a1-\ud7ff\uf900-\ufffd][^\s:#\[\]{},\"']*+(?>(?:[ ]+[^\s:#\[\]{},\"']++)*)"
_SIMPLE = re.compile(
    rf"(?:[A-Za-z][\w-]*+(?>(?:[ ][\w-]++)*):(?:[ ]+(?:{_SCALAR}|\[{_SCALAR}(?>(?:,[ ]*{_SCALAR})*)\]))?"
    rf"|[ ]*-[ ]+{_SCALAR}|)[ ]*"
)
"""An unambiguous line: no quotes, marks, links or continuation lines."""
_LONGEST = 50_000
_MOST_BRACKETS = 500
_LARGEST_VALUE = 100_000
_NAMES = frozenset({"alias", "aliases"})


class FrontMatter(Struct, frozen=True):
    """The properties, and their number of lines: none if the notes just begin with a rule.

    If it is not YAML, `fault` is the error on the `line` of the file.
    """

    properties: tuple[Property, ...] = ()
    lines: int = 0
    fault: str = ""
    line: int = 0


class _Fault(Exception):
    """The error, and its line in the YAML, from 0."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(reason)
        self.reason, self.line = reason, line


def read(lines: Sequence[str]) -> FrontMatter:
    """Read the text between the first line and the next rule; if it has no keys, it is part of the notes."""
    if not lines or lines[0] != FENCE:
        return FrontMatter()
    inner = list(takewhile(lambda line: line.rstrip() != FENCE, lines[1:]))
    if len(inner) + 1 == len(lines):
        return FrontMatter()
    if all(map(_SIMPLE.fullmatch, inner)):
        properties, count = front_matter.read_front_matter(lines)
        if count:
            return FrontMatter(tuple(properties), count)
    begins = next((line for line in inner if line.strip() and not line.startswith("#")), "")
    try:
        pairs = _pairs("\n".join(map(_quoted, inner)))
    except _Fault as fault:
        is_meant = _KEY.match(begins) is not None
        return FrontMatter((), len(inner) + 2, fault.reason, fault.line + 2) if is_meant else FrontMatter()
    if pairs is None:
        return FrontMatter((), 0 if begins else len(inner) + 2)
    return FrontMatter(tuple(pairs), len(inner) + 2)


def _quoted(line: str) -> str:
    """The line with quotes around a value that YAML would misread."""
    written = _AS_WRITTEN.match(line)
    if written is None:
        return line
    value = written["value"].replace("\\", "\\\\").replace('"', '\\"')
    return f'{written["key"]}"{value}"'


def _pairs(text: str) -> list[Property] | None:
    """The top-level keys with their values; `None` if the text is something else."""
    if len(text) > _LONGEST or text.count("[") + text.count("{") > _MOST_BRACKETS:
        raise _Fault("this is too large", 0)
    events = _events(text)
    started = [next(events, None) for _ in range(3)][-1]
    if started is None or type(started).__name__ != "MappingStartEvent":
        for _ in events:
            pass  # a fault further down is one, too
        return None
    reader = _Reader(events)
    return list(reader.pairs())


def _events(text: str) -> Iterator[yaml.Event]:
    import yaml  # noqa: PLC0415 - most notes have none, or one that is read without

    try:
        yield from yaml.parse(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as failure:
        is_open = "quoted" in (failure.context or "") or "flow" in (failure.context or "")
        mark = failure.context_mark if is_open and failure.context_mark else failure.problem_mark
        raise _Fault(str(failure.problem), min(mark.line, text.count("\n")) if mark else 0) from failure
    except yaml.reader.ReaderError as failure:
        raise _Fault("a control character", text.count("\n", 0, failure.position)) from failure


class _Reader:
    """Reads events one by one; anchors are remembered by name."""

    def __init__(self, events: Iterator[Any]) -> None:
        self.events = events
        self.anchors: dict[str, list[str]] = {}
        self.size = 0

    def pairs(self) -> Iterator[Property]:
        for event in self.events:
            if type(event).__name__ == "MappingEndEvent":
                break
            key = self.values(event)
            is_scalar = type(event).__name__ == "ScalarEvent"
            values = self.values(next(self.events))
            if is_scalar and key[0].strip():
                name = property_key(key[0].strip())
                shown = map(partial(_as_item, name), values)
                yield Property(name, ", ".join(filter(None, shown)), event.start_mark.line + 2)
        for _ in self.events:
            pass  # a fault further down is one, too

    def values(self, event: Any) -> list[str]:
        """The texts of a node that begins with an event, including nested lists, but not tables."""
        marked: list[tuple[str, list[str]]] = []
        values: list[str] = []
        tables = depth = 0
        while True:
            kind = type(event).__name__
            if kind in {"MappingStartEvent", "SequenceStartEvent"}:
                depth += 1
                tables += kind == "MappingStartEvent"
            elif kind in {"MappingEndEvent", "SequenceEndEvent"}:
                depth -= 1
                tables -= kind == "MappingEndEvent"
            elif not tables:
                values += self.texts(event, kind)
            if getattr(event, "anchor", None) and kind != "AliasEvent":
                marked.append((event.anchor, values))
            if depth == 0:
                break
            event = next(self.events)
        for name, of_anchor in marked:
            self.anchors[name] = of_anchor
        return values

    def texts(self, event: Any, kind: str) -> list[str]:
        if kind == "AliasEvent":
            if event.anchor not in self.anchors:
                raise _Fault(f"there is no anchor &{event.anchor}", event.start_mark.line)
            texts = self.anchors[event.anchor]
        else:
            texts = [" ".join(event.value.split("\n")).strip()]
        self.size += sum(len(text) + 1 for text in texts)
        if self.size > _LARGEST_VALUE:
            raise _Fault("this is too large", event.start_mark.line)
        return texts


def _as_item(key: str, value: str) -> str:
    """A value in a list; an alias with a comma is put in brackets to stay one."""
    return f"[[{value}]]" if key in _NAMES and "," in value and "[" not in value else value
