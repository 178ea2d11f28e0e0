"""Formats problems: as text with the source line, as JSON, GitHub annotations, SARIF."""

from __future__ import annotations

import os
import posixpath
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import PurePath, PurePosixPath
from typing import Any
from urllib.parse import quote

from ankigen.data import Problem, ProblemFormat
from ankigen.report.rules import rule_help
from ankigen.report.wording import count, dump
from ankigen.rules import RULES, Rule
from ankigen.support.visible import Shown, commands, shown, visible
from ankigen.version import __version__

Lines = Mapping[tuple[str, int], str]
_Paint = Callable[[str, str], str]
_Group = tuple[str, str]
"""A file and a rule."""

_SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_GITHUB_TEXT = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_GITHUB_VALUE = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})
_ROLE_COLOURS = {"error": "1;31", "warning": "1;33", "place": "1", "gutter": "34", "rule": "36"}
_WIDEST = 100
_MOST_OF_A_KIND = 10
_BEFORE_THE_MARK = 40
_TAB = "    "


def problems_text(
    problems: Iterable[Problem],
    folder: str,
    format: ProblemFormat,
    lines: Lines | None = None,
    *,
    is_coloured: bool = False,
    is_grouped: bool = False,
) -> Shown:
    """The problems in one of the formats, with paths below `folder`; in JSON they are from the root of the notes.

    `lines` are lines of the notes by path and line number, which the text quotes. If a file has more than ten of one
    rule, a text that `is_grouped` has one line for them.
    """
    listed = list(problems)
    match format:
        case ProblemFormat.TEXT:
            counts = _large_groups(listed) if is_grouped else {}
            text = _as_text(listed, folder, lines or {}, counts, _paint if is_coloured else _leave)
            return shown(text, is_coloured=is_coloured)
        case ProblemFormat.JSON:
            return dump(_as_objects(listed))
        case ProblemFormat.GITHUB:
            return commands(_as_github(listed, folder))
        case ProblemFormat.SARIF:
            return dump(_as_sarif(listed, folder))


def tally(problems: Sequence[Problem]) -> Shown:
    """The number of problems by rule, if there is more than one."""
    if len(problems) < 2:
        return Shown("")
    rules = Counter(problem.rule for problem in problems).most_common()
    files = count(len({problem.position.path for problem in problems}), "file")
    counted = ", ".join(f"{number:,} {rule}" for rule, number in rules)
    return shown([f"{count(len(problems), 'problem')} in {files}: {counted}"])


def _shown_path(problem: Problem, folder: str) -> str:
    path = PurePosixPath(folder) / problem.position.path
    return posixpath.normpath(path) if ".." in path.parts[1:] else path.as_posix()


# Text.


def _paint(text: str, role: str) -> str:
    return f"\x1b[{_ROLE_COLOURS[role]}m{text}\x1b[0m"


def _leave(text: str, role: str) -> str:  # noqa: ARG001 - as `_paint`
    return text


def _large_groups(problems: Iterable[Problem]) -> dict[_Group, int]:
    """The number of problems by rule and file, if there are too many to read."""
    counts = Counter(map(_group, problems))
    return {group: number for group, number in counts.items() if number > _MOST_OF_A_KIND}


def _group(problem: Problem) -> _Group:
    return problem.position.path, problem.rule


def _as_text(
    problems: list[Problem], folder: str, lines: Lines, counts: Mapping[_Group, int], paint: _Paint
) -> Iterator[str]:
    told: set[_Group] = set()
    for number, (_, of_file) in enumerate(groupby(problems, key=lambda problem: problem.position.path)):
        if number:
            yield ""
        for problem in of_file:
            group = _group(problem)
            if group not in counts:
                yield _headline(problem, folder, paint)
                yield from _quoted_line(problem, lines, paint)
            elif group not in told:
                told.add(group)
                yield _headline(problem, folder, paint, f" ({counts[group]:,} in this file; --verbose shows all)")


def _headline(problem: Problem, folder: str, paint: _Paint, count: str = "") -> str:
    path = visible(_shown_path(problem, folder))
    place = paint(f"{path}:{problem.position.line}:{problem.position.column}:", "place")
    severity = paint(problem.severity.value, problem.severity.value)
    return f"{place} {severity}: {visible(problem.message)}{count} {paint(f'[{problem.rule}]', 'rule')}"


def _quoted_line(problem: Problem, lines: Lines, paint: _Paint) -> Iterator[str]:
    line = lines.get((problem.position.path, problem.position.line), "")
    if line.strip():
        yield from _quoted(line, problem, paint)


def _quoted(line: str, problem: Problem, paint: _Paint) -> Iterator[str]:
    excerpt, start, width = _excerpt(line.rstrip(), *_meant(problem, line.rstrip()))
    number = str(problem.position.line)
    bar = paint("|", "gutter")
    mark = paint("^" * width, problem.severity.value)
    yield f"{paint(f'{number:>5}', 'gutter')} {bar} {excerpt}"
    yield f"      {bar} {' ' * start}{mark}"


def _meant(problem: Problem, line: str) -> tuple[int, int]:
    """The start and end of the marked stretch in its line; for several lines, to the end of the first."""
    if problem.end is None:
        return len(line) - len(line.lstrip()), len(line)
    start = min(problem.position.column, len(line)) - 1
    end = problem.end.column - 1 if problem.end.line == problem.position.line else len(line)
    return _character_at(line, start)[0], _character_at(line, min(max(start + 1, end), len(line)) - 1)[1]


def _excerpt(text: str, start: int, end: int) -> tuple[str, int, int]:
    """The line for a terminal, cut to fit, and the cells before and in the marked stretch."""
    first = max(0, start - _BEFORE_THE_MARK) if len(text) > _WIDEST else 0
    last = first + _WIDEST
    before = ("…" if first else "") + text[first:start]
    after = "…" if len(text) > last else ""
    width = _cells(_visible(text[start : min(end, last)]))
    return _visible(before + text[start:last] + after), _cells(_visible(before)), max(width, 1)


def _visible(text: str) -> str:
    return visible(text.replace("\t", _TAB))


def _character_at(text: str, index: int) -> tuple[int, int]:
    """The start and end of the character at an index, including accents, or all parts of an emoji."""
    if text.isascii():
        return index, index + 1
    from rich.cells import split_graphemes  # noqa: PLC0415 - most lines are plain, and need no tables

    characters, _ = split_graphemes(text)
    return next(((start, end) for start, end, _ in characters if start <= index < end), (index, index + 1))


def _cells(text: str) -> int:
    """How many cells of a terminal a text takes."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len  # noqa: PLC0415 - as above

    return cell_len(text)


# For programs.


def _as_objects(problems: list[Problem]) -> list[dict[str, Any]]:
    return [
        {
            "path": problem.position.path,
            "line": problem.position.line,
            "column": problem.position.column,
            "end_line": problem.end.line if problem.end else None,
            "end_column": problem.end.column if problem.end else None,
            "severity": problem.severity.value,
            "rule": problem.rule,
            "message": problem.message,
        }
        for problem in problems
    ]


def _as_github(problems: list[Problem], folder: str) -> Iterator[str]:
    return (
        f"::{problem.severity} file={_shown_path(problem, folder).translate(_GITHUB_VALUE)},{_github_place(problem)},"
        f"title={problem.rule}::{problem.message.translate(_GITHUB_TEXT)}"
        for problem in problems
    )


def _github_place(problem: Problem) -> str:
    """Lines, and columns if all is on one line: GitHub accepts them only then."""
    if problem.end is None:
        return f"line={problem.position.line}"
    lines = f"line={problem.position.line},endLine={problem.end.line}"
    if problem.end.line > problem.position.line:
        return lines
    return f"{lines},col={problem.position.column},endColumn={problem.end.column}"


def _as_sarif(problems: list[Problem], folder: str) -> dict[str, Any]:
    named = {problem.rule for problem in problems}
    rules = [rule for rule in RULES if rule.name in named]
    rule_indexes = {rule.name: index for index, rule in enumerate(rules)}
    driver = {"name": "ankigen", "version": __version__, "rules": [_sarif_rule(rule) for rule in rules]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_sarif_result(problem, folder, rule_indexes[problem.rule]) for problem in problems],
    }
    return {"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}


def _sarif_rule(rule: Rule) -> dict[str, Any]:
    """A rule with everything that GitHub's code scanning requires, which is more than the standard."""
    explained = rule_help(rule)
    return {
        "id": rule.name,
        "shortDescription": {"text": rule.meaning},
        "fullDescription": {"text": rule.meaning},
        "help": {"text": explained, "markdown": explained},
        "defaultConfiguration": {"level": rule.severity},
    }


def _sarif_result(problem: Problem, folder: str, rule_index: int) -> dict[str, Any]:
    location = {"artifactLocation": {"uri": _uri(_shown_path(problem, folder))}, "region": _region(problem)}
    return {
        "ruleId": problem.rule,
        "ruleIndex": rule_index,
        "level": problem.severity.value,
        "message": {"text": problem.message},
        "locations": [{"physicalLocation": location}],
    }


def _region(problem: Problem) -> dict[str, int]:
    """The stretch; without columns, the standard means the whole line."""
    if problem.end is None:
        return {"startLine": problem.position.line}
    start = {"startLine": problem.position.line, "startColumn": problem.position.column}
    return {**start, "endLine": problem.end.line, "endColumn": problem.end.column}


def _uri(path: str) -> str:
    if PurePath(path).is_absolute():
        return PurePath(path).as_uri()
    return quote(os.fsencode(path))  # a name need not be text
