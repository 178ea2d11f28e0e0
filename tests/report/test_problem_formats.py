"""How problems look: on a terminal, to GitHub, and to every program that reads SARIF."""

import json
import re
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from fluidattacks_core.sarif import SarifLog
from hypothesis import given
from hypothesis import strategies as st

from ankigen import __version__, api, report
from ankigen.data import End, Position, Problem, ProblemFormat, Severity
from ankigen.source import load
from ankigen.support.visible import visible
from tests.helpers.building import NOON, write
from tests.helpers.terminal import on_a_terminal

MESSAGE = "card has no answer: indent it below the question, or set `empty_back = true`"


def problem(
    path: str = "a.md", line: int = 1, column: int = 1, message: str = MESSAGE, end: End | None = None
) -> Problem:
    return Problem(Position(path, line, column), Severity.ERROR, "no-answer", message, end)


def at(column: int, end: int) -> Problem:
    """A problem on the first line, between two columns."""
    return problem(column=column, end=End(1, end))


def text(one: Problem, line: str) -> list[str]:
    lines = {(one.position.path, one.position.line): line}
    return report.problems_text([one], "", ProblemFormat.TEXT, lines).splitlines()[1:]


def test_carets_stand_below_all_that_is_meant_and_nothing_else() -> None:
    assert text(at(5, 6), "- a bcd") == ["    1 | - a bcd", "      |     ^"]
    assert text(at(3, 6), "- a bcd") == ["    1 | - a bcd", "      |   ^^^"]
    assert text(at(1, 2), "- a bcd") == ["    1 | - a bcd", "      | ^"]


def test_what_goes_on_below_is_marked_to_the_end_of_its_first_line() -> None:
    assert text(problem(column=5, end=End(3, 2)), "- a bcd  ") == ["    1 | - a bcd", "      |     ^^^"]


def test_without_an_end_all_that_the_line_says_is_meant() -> None:
    assert text(problem(), "\t- Why? #card  ") == ["    1 |     - Why? #card", "      |     ^^^^^^^^^^^^"]


def test_wide_and_combining_characters_do_not_shift_the_caret() -> None:
    assert text(at(7, 8), "- 東京e\u0301!") == ["    1 | - 東京e\u0301!", "      |        ^"]


def test_control_characters_are_shown_as_pictures() -> None:
    assert text(at(4, 5), "- a\x1b[31mb") == ["    1 | - a␛[31mb", "      |    ^"]


def test_a_long_line_is_cut_around_the_caret() -> None:
    [line, mark] = text(at(501, 502), "x" * 500 + "!" + "y" * 500)
    assert line == "    1 | …" + "x" * 40 + "!" + "y" * 59 + "…"
    assert (mark.index("^"), mark.count("^")) == (line.index("!"), 1)


def test_the_carets_end_where_a_long_line_is_cut() -> None:
    [line, mark] = text(at(501, 901), "x" * 500 + "y" * 500)
    assert line == "    1 | …" + "x" * 40 + "y" * 60 + "…"
    assert (mark.index("^"), mark.count("^")) == (line.index("y"), 60)


@given(
    st.text(alphabet=st.characters(exclude_characters="\n", exclude_categories=["Cs"])),
    st.integers(1, 300),
    st.none() | st.builds(End, st.integers(1, 3), st.integers(1, 300)),
)
def test_every_line_and_stretch_can_be_shown(line: str, column: int, end: End | None) -> None:
    shown = report.problems_text([problem(column=column, end=end)], "", ProblemFormat.TEXT, {("a.md", 1): line})
    assert not any(one < " " and one != "\n" for one in shown)
    assert len(shown.split("\n")) == (3 if line.strip() else 1)


def test_files_are_parted_by_a_blank_line() -> None:
    shown = report.problems_text([problem("a.md"), problem("a.md", 2), problem("b.md")], "notes", ProblemFormat.TEXT)
    assert [line.partition(":")[0] for line in shown.split("\n")] == ["notes/a.md", "notes/a.md", "", "notes/b.md"]


def test_problems_are_counted_by_rule_where_there_is_more_than_one() -> None:
    other = Problem(Position("b.md"), Severity.WARNING, "broken-cloze", "x")
    assert report.tally([problem(), problem(line=2), other]) == "3 problems in 2 files: 2 no-answer, 1 broken-cloze"
    assert report.tally([problem()]) == ""


def test_the_lines_of_a_file_that_is_no_text_are_shown_as_far_as_they_go(tmp_path: Path) -> None:
    write(tmp_path, b="- One? #card\n").joinpath("a.md").write_bytes(b"- caf\xe9 #card\r\n")
    desired = load(tmp_path, NOON)
    assert api.quoted_lines(desired) == {("a.md", 1): "- caf� #card", ("b.md", 1): "- One? #card"}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_colours_are_for_terminals_and_for_those_who_want_them(tmp_path: Path) -> None:
    write(tmp_path, a="- Why? #card\n")
    coloured, _ = on_a_terminal("check", folder=tmp_path)
    assert "\x1b[1;31merror\x1b[0m" in coloured
    plain, _ = on_a_terminal("check", folder=tmp_path, NO_COLOR="1")
    assert "\x1b" not in plain
    assert plain == re.sub(r"\x1b\[[\d;]*m", "", coloured)


def github(one: Problem) -> str:
    return report.problems_text([one], "", ProblemFormat.GITHUB)


def read_by_github(line: str) -> tuple[str, dict[str, str], str]:
    """Take a workflow command apart: name, properties, message."""
    command, _, message = line.removeprefix("::").partition("::")
    name, _, properties = command.partition(" ")
    return name, dict(pair.split("=", 1) for pair in properties.split(",")), message


def unescaped(value: str) -> str:
    for code, one in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        value = value.replace(code, one)
    return value


@given(st.text(min_size=1), st.text())
def test_github_reads_every_path_and_message_as_it_was_meant(path: str, message: str) -> None:
    line = github(problem(path.replace("/", "_") + ".md", 3, 4, message, End(3, 9)))
    assert not {"\r", "\n"} & set(line)
    name, properties, said = read_by_github(line)
    place = {"line": "3", "endLine": "3", "col": "4", "endColumn": "9"}
    assert (name, properties) == ("error", {"file": properties["file"], "title": "no-answer", **place})
    assert unescaped(properties["file"]) == visible_but_for_lines(path.replace("/", "_") + ".md")
    assert unescaped(said) == visible_but_for_lines(message)


def visible_but_for_lines(text: str) -> str:
    """The text as a log may hold it; line ends and tabs are told as GitHub tells them."""
    return "".join(character if character in "\r\n\t" else visible(character) for character in text)


def test_github_hears_of_columns_only_where_all_that_is_meant_stands_on_one_line() -> None:
    """Its annotations take columns for a single line; what says none is the whole line."""
    _, several, _ = read_by_github(github(problem(line=3, column=4, end=End(5, 2))))
    _, whole, _ = read_by_github(github(problem(line=3)))
    assert several == {"file": "a.md", "line": "3", "endLine": "5", "title": "no-answer"}
    assert whole == {"file": "a.md", "line": "3", "title": "no-answer"}


def test_json_tells_where_it_begins_and_ends() -> None:
    found = [problem(line=3, column=4, end=End(5, 2)), problem()]
    many, whole = json.loads(report.problems_text(found, "", ProblemFormat.JSON))
    fields = {"path": "a.md", "severity": "error", "rule": "no-answer", "message": MESSAGE}
    assert many == {**fields, "line": 3, "column": 4, "end_line": 5, "end_column": 2}
    assert whole == {**fields, "line": 1, "column": 1, "end_line": None, "end_column": None}


def test_a_message_keeps_its_colons_and_commas_on_github() -> None:
    assert github(problem(message="100 %: a, b\nc")).endswith("::100 %25: a, b%0Ac")


def sarif(*found: Problem, folder: str = "") -> Any:
    return json.loads(report.problems_text(found, folder, ProblemFormat.SARIF))


def test_sarif_keeps_to_its_schema() -> None:
    """The models are generated from the standard's schema, and know no key besides its own."""
    for log in (sarif(), sarif(problem("my notes/ü#1.md", 3, 4, end=End(3, 9)), problem("b.md"))):
        SarifLog.model_validate(log)


def test_sarif_tells_rules_and_places() -> None:
    [run] = sarif(problem("my notes/ü#1.md", 3, 4, end=End(3, 9)), problem("b.md"))["runs"]
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"], run["columnKind"]) == ("ankigen", __version__, "unicodeCodePoints")
    assert [rule["id"] for rule in driver["rules"]] == ["no-answer"]
    assert [one["message"]["text"] for one in run["results"]] == [MESSAGE, MESSAGE]
    for result in run["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    first, second = [one["locations"][0]["physicalLocation"]["region"] for one in run["results"]]
    assert first == {"startLine": 3, "startColumn": 4, "endLine": 3, "endColumn": 9}
    assert second == {"startLine": 1}  # to the standard, the whole line


def test_github_finds_in_sarif_what_its_code_scanning_asks_for() -> None:
    """The properties of a rule that its documentation calls required."""
    [rule] = sarif(problem())["runs"][0]["tool"]["driver"]["rules"]
    for name in ("shortDescription", "fullDescription", "help"):
        assert rule[name]["text"].startswith("A card has nothing on its back.")
    assert "- What bends light? #card" in rule["help"]["markdown"]


def test_a_sarif_address_is_percent_encoded() -> None:
    log = sarif(problem("my notes/ü#1.md"), folder="sub")
    uri = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert re.fullmatch(r"[A-Za-z0-9%._~/-]+", uri)
    assert unquote(uri) == "sub/my notes/ü#1.md"


def test_an_absolute_path_is_a_file_address_in_sarif(tmp_path: Path) -> None:
    log = sarif(problem(), folder=str(tmp_path))
    uri = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == (tmp_path / "a.md").as_uri()


def test_notes_without_problems_are_an_empty_run_of_sarif() -> None:
    [run] = sarif()["runs"]
    assert (run["results"], run["tool"]["driver"]["rules"]) == ([], [])
