"""Lines for Logseq, org-mode or git, not for the reader: properties, drawers, dates, task words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ankigen.data import REVIEW_COMMENT, REVIEW_ROW, SCHEDULED, Property
from ankigen.support.normal_forms import property_key
from ankigen.syntax.words import DATE_WORDS, TASK_WORDS, UUID, any_of

HEAD = re.compile(
    r"(?P<heading>#++[ \t]++)?"
    rf"(?:{any_of(TASK_WORDS)}(?:[ \t]++|$))?"
    r"(?:\[#.\](?:[ \t]++|$))?"
)
HEAD_CHARACTERS = frozenset("#[").union(word[0] for word in TASK_WORDS)
LEFT_OUT_CHARACTERS = frozenset("<|>=").union(word[0] for word in DATE_WORDS)

REVIEW_COMMENT_SIGN = "<!--SR:!"

_PROPERTY = re.compile(r"[ \t]*+(?P<key>[^\s:\"^(){}#][^\s:\"^(){}]*+)::(?:[ \t]++(?P<value>.*)|$)")
_DIRECTIVE = re.compile(r"[ \t]*+#\+(?P<key>[^\s:]++):(?P<value>.*)$")
_PROPERTY_DRAWER = re.compile(r":PROPERTIES:[ \t]*+$", re.IGNORECASE)
_DRAWER_PROPERTY = re.compile(r"[ \t]*+:(?P<key>[^\s:]++):(?P<value>.*)$")
_DRAWER_END = re.compile(r"[ \t]*+:END:[ \t]*+$", re.IGNORECASE)
_TIMESTAMPS = re.compile(
    rf"(?>(?:[ \t]*+{any_of(DATE_WORDS)}:[ \t]*+[<\[][^>\]]*+[>\]](?:--[<\[][^>\]]*+[>\]])?"
    r"(?:[ \t]*+=>[ \t]*+[\d:]++)?)+)[ \t]*+$"
)
_WRITTEN = re.compile(
    r"[ \t]*+(?:card-(?:last-interval|repeats|ease-factor|next-schedule|last-reviewed|last-score)"
    r":: (?:[-\d.]+|nil|[\d-]+T[\d:.]+Z)"
    rf"|collapsed:: (?:true|false)|id:: {UUID})[ \t]*$"
)
_SCHEDULED = re.compile(r"SCHEDULED:[ \t]*+(?P<date>[<\[][^>\]]*+[>\]])")
_REVIEW_DRAWER = re.compile(r"[ \t]*+:REVIEW_DATA:[ \t]*+$", re.IGNORECASE)
_REVIEW_COMMENT = re.compile(r"<!--SR:(?P<reviews>[^<>]*?)-->(?=[ \t]*+(?>(?:[#^][^\s`]++[ \t]*+)*)$)")
_CONFLICT = re.compile(r"(?:<{7}|\|{7}|>{7})(?: |$)|={7}$")


def property_in(text: str, number: int) -> Property | None:
    """The `key:: value` of a line."""
    return _property_from(_PROPERTY.match(text), number)


def directive_in(text: str, number: int) -> Property | None:
    """The `#+key: value` of a line."""
    return _property_from(_DIRECTIVE.match(text), number)


def drawer_properties(lines: Sequence[str], first: int, last: int) -> Iterator[Property]:
    """Yield the properties in a drawer between two lines; only a `:PROPERTIES:` drawer has any."""
    if _PROPERTY_DRAWER.search(lines[first]):
        for number in range(first + 1, last):
            if prop := _property_from(_DRAWER_PROPERTY.match(lines[number]), number + 1):
                yield prop


def follows(properties: Sequence[Property], lines: Sequence[str], number: int) -> bool:
    """Whether only blank lines are between the last property and this line, as Logseq allows for directives."""
    above = number - 1
    while above >= 0 and not lines[above].strip():
        above -= 1
    end = above - 1 if above >= 0 and _DRAWER_END.match(lines[above]) else above
    return bool(properties) and properties[-1].line == end + 1


def _property_from(match: re.Match[str] | None, number: int) -> Property | None:
    return Property(property_key(match["key"]), (match["value"] or "").strip(), number) if match else None


def is_timestamps(text: str) -> bool:
    """Whether the line contains only the dates of a task."""
    return _TIMESTAMPS.match(text) is not None


def scheduled_in(text: str, number: int) -> Iterator[Property]:
    """The `SCHEDULED:` date in a line with a task's dates."""
    if found := _SCHEDULED.search(text):
        yield Property(SCHEDULED, found["date"], number)


def drawer_reviews(lines: Sequence[str], first: int, last: int) -> Iterator[Property]:
    """Yield the rows of org-fc's review table, in its drawer between two lines."""
    if _REVIEW_DRAWER.match(lines[first]):
        for number in range(first + 1, last):
            yield Property(REVIEW_ROW, lines[number].strip(), number + 1)


def without_review_comment(text: str, number: int) -> tuple[str, Property | None]:
    """The line without the review comment of Obsidian's plugin at its end, and the content of that comment.

    Tags and an anchor may follow it.
    """
    if found := _REVIEW_COMMENT.match(text, text.rfind(REVIEW_COMMENT_SIGN)):
        rest = text[: found.start()].rstrip(" \t") + text[found.end() :].rstrip(" \t")
        return rest, Property(REVIEW_COMMENT, found["reviews"], number)
    return text, None


def is_written_by_logseq(text: str) -> bool:
    """Whether Logseq wrote the line, when it reviewed or collapsed a block, or gave it an id."""
    return _WRITTEN.match(text) is not None


def is_conflict_mark(text: str) -> bool:
    """Whether the line is a conflict marker of git."""
    return _CONFLICT.match(text) is not None
