"""Words problems: text with the line that is meant, JSON, GitHub annotations, SARIF."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import PurePath, PurePosixPath
from typing import Any
from urllib.parse import quote

from ankigen.data import Problem, ProblemFormat
from ankigen.report.rules import rule_help
from ankigen.report.wording import count, dump, visible
from ankigen.rules import RULES, Rule
from ankigen.version import __version__

Lines = Mapping[tuple[str, int], str]
_Paint = Callable[[str, str], str]

_SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_GITHUB_TEXT = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_GITHUB_VALUE = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})
_COLOURS = {"error": "1;31", "warning": "1;33", "place": "1", "gutter": "34", "rule": "36"}
_WIDEST = 100
_BEFORE_THE_MARK = 40
_TAB = "    "


def problems_text(
    found: Iterable[Problem],
    folder: str,
    format: ProblemFormat,
    lines: Lines | None = None,
    *,
    is_coloured: bool = False,
) -> str:
    """The problems, with paths below `folder`, in one of the formats; the text shows those of `lines` that it has."""
    listed = list(found)
    match format:
        case ProblemFormat.TEXT:
            return _text(listed, folder, lines or {}, _paint if is_coloured else _leave)
        case ProblemFormat.JSON:
            return _json(listed, folder)
        case ProblemFormat.GITHUB:
            return _github(listed, folder)
        case ProblemFormat.SARIF:
            return _sarif(listed, folder)


def tally(found: Sequence[Problem]) -> str:
    """How many problems of which rules, where there is more than one."""
    if len(found) < 2:
        return ""
    rules = Counter(one.rule for one in found).most_common()
    files = count(len({one.position.path for one in found}), "file")
    return f"{count(len(found), 'problem')} in {files}: {', '.join(f'{number:,} {rule}' for rule, number in rules)}"


def _path(problem: Problem, folder: str) -> str:
    return (PurePosixPath(folder) / problem.position.path).as_posix()


# Text.


def _paint(text: str, role: str) -> str:
    return f"\x1b[{_COLOURS[role]}m{text}\x1b[0m"


def _leave(text: str, role: str) -> str:  # noqa: ARG001 - as `_paint`
    return text


def _text(found: list[Problem], folder: str, lines: Lines, paint: _Paint) -> str:
    groups = groupby(found, key=lambda one: one.position.path)
    return "\n\n".join("\n".join(_told(one, folder, lines, paint) for one in group) for _, group in groups)


def _told(one: Problem, folder: str, lines: Lines, paint: _Paint) -> str:
    place = paint(f"{_path(one, folder)}:{one.position.line}:{one.position.column}:", "place")
    head = f"{place} {paint(one.severity.value, one.severity.value)}: {one.message} {paint(f'[{one.rule}]', 'rule')}"
    line = lines.get((one.position.path, one.position.line), "")
    return f"{head}\n{_quoted(line, one, paint)}" if line.strip() else head


def _quoted(line: str, one: Problem, paint: _Paint) -> str:
    shown, start, width = _excerpt(line.rstrip(), *_meant(one, line.rstrip()))
    number = str(one.position.line)
    bar = paint("|", "gutter")
    mark = paint("^" * width, one.severity.value)
    return f"{paint(f'{number:>5}', 'gutter')} {bar} {shown}\n      {bar} {' ' * start}{mark}"


def _meant(one: Problem, line: str) -> tuple[int, int]:
    """Where in its line what is meant begins and ends; of several lines, the first is marked to its end."""
    if one.end is None:
        return len(line) - len(line.lstrip()), len(line)
    start = min(one.position.column, len(line)) - 1
    end = one.end.column - 1 if one.end.line == one.position.line else len(line)
    return _character_at(line, start)[0], _character_at(line, min(max(start + 1, end), len(line)) - 1)[1]


def _excerpt(text: str, start: int, end: int) -> tuple[str, int, int]:
    """The line as a terminal shows it, cut to fit, and how many cells stand before and below what is meant."""
    first = max(0, start - _BEFORE_THE_MARK) if len(text) > _WIDEST else 0
    last = first + _WIDEST
    before = ("…" if first else "") + text[first:start]
    after = "…" if len(text) > last else ""
    width = _cells(_drawn(text[start : min(end, last)]))
    return _drawn(before + text[start:last] + after), _cells(_drawn(before)), max(width, 1)


def _drawn(text: str) -> str:
    return visible(text.replace("\t", _TAB))


def _character_at(text: str, place: int) -> tuple[int, int]:
    """Where the character begins and ends that a reader sees there: with its accents, an emoji with all its parts."""
    if text.isascii():
        return place, place + 1
    from rich.cells import split_graphemes  # noqa: PLC0415 - most lines are plain, and need no tables

    characters, _ = split_graphemes(text)
    return next(((start, end) for start, end, _ in characters if start <= place < end), (place, place + 1))


def _cells(text: str) -> int:
    """How many cells of a terminal a text takes."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len  # noqa: PLC0415 - as above

    return cell_len(text)


# For programs.


def _json(found: list[Problem], folder: str) -> str:
    return dump(
        [
            {
                "path": _path(one, folder),
                "line": one.position.line,
                "column": one.position.column,
                "end_line": one.end.line if one.end else None,
                "end_column": one.end.column if one.end else None,
                "severity": one.severity.value,
                "rule": one.rule,
                "message": one.message,
            }
            for one in found
        ]
    )


def _github(found: list[Problem], folder: str) -> str:
    return "\n".join(
        f"::{one.severity} file={_path(one, folder).translate(_GITHUB_VALUE)},{_github_place(one)},title={one.rule}"
        f"::{one.message.translate(_GITHUB_TEXT)}"
        for one in found
    )


def _github_place(one: Problem) -> str:
    """Lines, and columns where all is on one line: GitHub takes them for no other place."""
    if one.end is None:
        return f"line={one.position.line}"
    lines = f"line={one.position.line},endLine={one.end.line}"
    if one.end.line > one.position.line:
        return lines
    return f"{lines},col={one.position.column},endColumn={one.end.column}"


def _sarif(found: list[Problem], folder: str) -> str:
    named = {one.rule for one in found}
    rules = [rule for rule in RULES if rule.name in named]
    places = {rule.name: place for place, rule in enumerate(rules)}
    driver = {"name": "ankigen", "version": __version__, "rules": [_sarif_rule(rule) for rule in rules]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_sarif_result(one, folder, places[one.rule]) for one in found],
    }
    return dump({"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": [run]})


def _sarif_rule(rule: Rule) -> dict[str, Any]:
    """A rule with all that GitHub's code scanning asks for, which is more than the standard does."""
    explained = rule_help(rule)
    return {
        "id": rule.name,
        "shortDescription": {"text": rule.meaning},
        "fullDescription": {"text": rule.meaning},
        "help": {"text": explained, "markdown": explained},
        "defaultConfiguration": {"level": rule.severity},
    }


def _sarif_result(one: Problem, folder: str, rule_index: int) -> dict[str, Any]:
    place = {"artifactLocation": {"uri": _uri(_path(one, folder))}, "region": _region(one)}
    return {
        "ruleId": one.rule,
        "ruleIndex": rule_index,
        "level": one.severity.value,
        "message": {"text": one.message},
        "locations": [{"physicalLocation": place}],
    }


def _region(one: Problem) -> dict[str, int]:
    """What is meant; without columns, the standard takes the whole line."""
    if one.end is None:
        return {"startLine": one.position.line}
    start = {"startLine": one.position.line, "startColumn": one.position.column}
    return {**start, "endLine": one.end.line, "endColumn": one.end.column}


def _uri(path: str) -> str:
    return PurePath(path).as_uri() if PurePath(path).is_absolute() else quote(path)
