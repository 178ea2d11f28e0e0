"""The caret of a problem stands below what is meant, whatever the characters before it are made of."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from ankigen import report
from ankigen.data import End, Position, Problem, ProblemFormat, Severity


def caret(line: str, column: int, end: End | None = None) -> tuple[int, int]:
    """How many cells stand before the carets, and how many there are; without an end one character is meant."""
    end = end or End(1, column + 1)
    problem = Problem(Position("a.md", 1, column), Severity.ERROR, "no-answer", "no answer", end)
    mark = (
        report.problems_text([problem], "", ProblemFormat.TEXT, {("a.md", 1): line}).splitlines()[-1].partition("| ")[2]
    )
    return len(mark) - len(mark.lstrip()), len(mark.strip())


@pytest.mark.parametrize(
    ("before", "cells"),
    [
        ("abc", 3),
        ("café", 4),
        ("cafe\u0301", 4),
        ("東京", 4),
        ("한국", 4),
        ("ﾊﾞ", 2),
        ("ไทย", 3),
        ("กี่", 1),
        ("a\u200bb", 2),
        ("👍", 2),
        ("👍🏽", 2),
        ("👩🏽‍🚀", 2),
        ("👨‍👩‍👧‍👦", 2),
        ("🏳️‍🌈", 2),
        ("🇩🇪", 2),
        ("🇩🇪🇫🇷", 4),
        ("❤️", 2),
        ("1️⃣", 2),
        ("—…", 2),
        ("\t東", 6),
    ],
)
def test_the_caret_stands_behind_all_that_comes_before_it(before: str, cells: int) -> None:
    line = f"- {before}!?"
    assert caret(line, line.index("!") + 1) == (2 + cells, 1)


@pytest.mark.parametrize(
    ("meant", "cells"),
    [("x", 1), ("é", 1), ("e\u0301", 1), ("東", 2), ("👍🏽", 2), ("👨‍👩‍👧‍👦", 2), ("🏳️‍🌈", 2), ("❤️", 2)],
)
def test_the_carets_are_as_wide_as_the_character_that_is_meant(meant: str, cells: int) -> None:
    assert caret(f"- 東 {meant} y", 5) == (5, cells)


@pytest.mark.parametrize("meant", ["e\u0301", "👍🏽", "👨‍👩‍👧‍👦", "❤️"])
def test_a_column_within_a_character_means_the_whole_of_it(meant: str) -> None:
    line = f"- a{meant}b"
    assert {caret(line, 4 + place) for place in range(len(meant))} == {caret(line, 4)}


def test_a_line_of_wide_characters_that_is_meant_as_a_whole_is_marked_to_its_end() -> None:
    assert caret("- 東京 👍🏽", 1, End(1, 8)) == (0, 9)


def test_carets_below_several_wide_characters_are_as_wide_as_all_of_them() -> None:
    assert caret("- a 東京 👍🏽 b", 5, End(1, 10)) == (4, 7)
    assert caret("- ae\u0301b", 3, End(1, 5)) == (2, 2)


def test_a_long_line_of_emoji_is_cut_around_the_caret() -> None:
    before, carets = caret("👍" * 200 + "!" + "👍" * 200, 201)
    assert (before, carets) == (1 + 40 * 2, 1)


PLAIN = """
import sys
from ankigen import report
from ankigen.data import Position, Problem, ProblemFormat, Severity

told = Problem(Position("a.md", 1, 3), Severity.ERROR, "no-answer", "no answer")
report.problems_text([told], "", ProblemFormat.TEXT, {("a.md", 1): sys.argv[1]})
print("rich.cells" in sys.modules, "rich.console" in sys.modules)
"""


@pytest.mark.parametrize(("line", "loaded"), [("- plain", "False False\n"), ("- 東京", "True False\n")])
def test_the_tables_of_widths_are_loaded_for_a_line_that_needs_them(line: str, loaded: str) -> None:
    command = [sys.executable, "-c", PLAIN, line]
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    assert done.stdout == loaded
