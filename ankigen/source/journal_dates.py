"""Dates with Java-style patterns, as in Logseq's settings: `MMM do, yyyy`, `yyyy_MM_dd`, `EEEE`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SHORT = 3
_CENTURY = 2000
_TOKEN = re.compile(r"yyyy|yy|MMMM|MMM|MM|M|EEEE|EEE|E|do|dd|d|'(?P<quoted>[^']*)'|.", re.DOTALL)
_SHORT_MONTHS = [name[:_SHORT] for name in _MONTHS]
_SHORT_DAYS = [name[:_SHORT] for name in _DAYS]
_PATTERNS = {
    "yyyy": r"(?P<yyyy>\d{4})",
    "yy": r"(?P<yy>\d\d)",
    "MMMM": rf"(?P<MMMM>{'|'.join(_MONTHS)})",
    "MMM": rf"(?P<MMM>{'|'.join(_SHORT_MONTHS)})",
    "MM": r"(?P<MM>\d\d?)",
    "M": r"(?P<M>\d\d?)",
    "EEEE": rf"(?P<EEEE>{'|'.join(_DAYS)})",
    "EEE": rf"(?P<EEE>{'|'.join(_SHORT_DAYS)})",
    "E": rf"(?P<E>{'|'.join(_SHORT_DAYS)})",
    "do": r"(?P<do>\d\d?)(?:st|nd|rd|th)",
    "dd": r"(?P<dd>\d\d?)",
    "d": r"(?P<d>\d\d?)",
}


def format_date(day: date, pattern: str) -> str:
    """Format a date by the pattern; months and weekdays are English on every machine."""
    fields = _fields(day)
    return "".join(fields.get(token, text) for token, text in _tokens(pattern))


def parse_date(text: str, pattern: str) -> date | None:
    """The date if the whole text matches the pattern, or `None`."""
    match = _reader(pattern).fullmatch(text)
    if match is None:
        return None
    parts = match.groupdict()
    if not (year := _year(parts)) or not (month := _month(parts)) or not (day := _first(parts, "dd", "d", "do")):
        return None
    try:
        return date(year, month, int(day))
    except ValueError:
        return None


def _tokens(pattern: str) -> Iterator[tuple[str, str]]:
    """The parts of a pattern: pairs of a field and "", or of "" and a literal text."""
    for match in _TOKEN.finditer(pattern):
        if match[0] in _PATTERNS:
            yield match[0], ""
        else:
            yield "", match[0] if match["quoted"] is None else match["quoted"] or "'"


def _fields(day: date) -> dict[str, str]:
    month, weekday = _MONTHS[day.month - 1], _DAYS[day.weekday()]
    return {
        "yyyy": f"{day.year:04}",
        "yy": f"{day.year % 100:02}",
        "MMMM": month,
        "MMM": month[:_SHORT],
        "MM": f"{day.month:02}",
        "M": f"{day.month}",
        "EEEE": weekday,
        "EEE": weekday[:_SHORT],
        "E": weekday[:_SHORT],
        "do": f"{day.day}{_ending(day.day)}",
        "dd": f"{day.day:02}",
        "d": f"{day.day}",
    }


def _ending(day: int) -> str:
    is_teen = day // 10 == 1
    return "th" if is_teen else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


@cache
def _reader(pattern: str) -> re.Pattern[str]:
    """The regular expression of a pattern; a repeated field must have the same value."""
    seen: set[str] = set()
    parts = []
    for token, text in _tokens(pattern):
        parts.append(f"(?P={token})" if token in seen else _PATTERNS.get(token, re.escape(text)))
        seen |= {token} - {""}
    return re.compile("".join(parts), re.IGNORECASE)


def _year(parts: dict[str, str]) -> int | None:
    if "yyyy" in parts:
        return int(parts["yyyy"])
    return _CENTURY + int(parts["yy"]) if "yy" in parts else None


def _month(parts: dict[str, str]) -> int | None:
    if name := _first(parts, "MMMM", "MMM"):
        return _SHORT_MONTHS.index(name[:_SHORT].capitalize()) + 1
    number = _first(parts, "MM", "M")
    return int(number) if number else None


def _first(parts: dict[str, str], *tokens: str) -> str | None:
    return next((parts[token] for token in tokens if token in parts), None)
