"""Nothing that comes from a note, a file's name or a server begins a line, a workflow command or an escape sequence."""

from __future__ import annotations

import ast
import collections.abc
import inspect
import json
import re
import sys
import typing
from datetime import UTC, date, datetime
from enum import Enum
from pathlib import Path
from typing import Any, NewType, get_args, get_origin, get_type_hints

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import ankigen
from ankigen import cli, errors, report
from ankigen.data import (
    Change,
    Changelog,
    Collection,
    Content,
    End,
    Notice,
    Outcome,
    Plan,
    Position,
    Problem,
    ProblemFormat,
    Severity,
)
from ankigen.support.visible import shown, visible
from tests.helpers.contents import basic_content
from tests.helpers.hostile import BREAKS, COMMANDS, MARK, UNSEEN, faults, texts

pytestmark = pytest.mark.thorough

needs_any_names = pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="this system refuses such names")
WORST = "a" + MARK.join([*BREAKS, *UNSEEN, *COMMANDS, ""])
COMMAND_LINES = [
    ("check",),
    *(("check", "--format", format) for format in ("json", "github", "sarif")),
    ("list",),
    ("list", "--json"),
    ("changelog",),
    ("build", "--output", "out/"),
    ("stamp",),
    ("init",),
]


def hostile_folder(folder: Path, name: str, text: str, begin: str) -> Path:
    """Notes in which all that an author can write is hostile."""
    one_line = re.sub(r"[\n\0/]", "", text)
    named = re.sub(r"[\0/]", "", name)
    page = (
        f"deck:: {one_line}\ntags:: {one_line}\ntitle:: {one_line}\n\n"
        f"- {text} #card\n\t- {text} {{{{embed [[{text}]]}}}}\n\t- ![{text}]({one_line}.png) [x](file:{one_line})\n"
        f"- why {text} #card\n- {one_line}\n\t- #card\n\t\t- {text}\n"
    )
    notes = folder / "notes"
    notes.mkdir(parents=True)
    notes.joinpath(f"{begin}{named}"[:60] + ".md").write_bytes(page.encode(errors="replace"))
    return notes


@pytest.mark.thorough
@needs_any_names
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=texts, text=texts, begin=st.sampled_from(["", "::error::", " ::error::", "##[error]"]))
@example(name=WORST[:20], text=WORST, begin="::error::")
def test_no_command_prints_a_line_that_a_note_or_a_name_began(
    name: str, text: str, begin: str, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("hostile")
    notes = hostile_folder(folder, name, text, begin)
    for place in (folder, notes):
        monkeypatch.chdir(place)
        for command, *options in COMMAND_LINES:
            result = CliRunner().invoke(cli.app, [command, "notes" if place == folder else ".", *options])
            assert result.exception is None or isinstance(result.exception, SystemExit | errors.AnkigenError)
            assert faults(result.output, has_commands="github" in options) == [], (command, options)


@pytest.mark.parametrize("part", [*BREAKS, *UNSEEN])
@pytest.mark.parametrize("format", ProblemFormat)
def test_no_problem_is_told_with_a_character_that_nobody_sees(part: str, format: ProblemFormat) -> None:
    text = f"a{part}{MARK}b"
    problem = Problem(Position(f"{text}.md", 1, 2), Severity.ERROR, "no-answer", text, End(1, 3))
    for is_coloured in (False, True):
        told = report.problems_text([problem], text, format, {(f"{text}.md", 1): text}, is_coloured=is_coloured)
        bare = re.sub(r"\x1b\[(?:0|1|1;31|34|36)m", "", told) if is_coloured else told
        assert faults(bare, has_commands=format is ProblemFormat.GITHUB) == []


@given(texts)
def test_json_means_what_was_to_be_told(text: str) -> None:
    problem = Problem(Position(text, 1), Severity.ERROR, "no-answer", text)
    [told] = json.loads(report.problems_text([problem], "", ProblemFormat.JSON))
    assert (told["path"], told["message"]) == (Path(text).as_posix(), text)


KINDS = [(Change, kind) for kind in get_args(Change)] + [(Notice, kind) for kind in get_args(Notice)]


@pytest.mark.parametrize("kind", [kind for _, kind in KINDS], ids=lambda kind: kind.__name__)
@given(texts)
def test_no_plan_prints_a_line_that_anki_or_a_note_began(kind: type, text: str) -> None:
    said = filled(kind, text)
    is_change = kind in get_args(Change)
    plan = Plan((said,) if is_change else (), () if is_change else (said,), 1)
    assert faults(report.plan_text(plan)) == []
    assert faults(report.plan_json(plan)) == []
    assert faults(report.outcome_text(Outcome((), plan.changes, filled(Collection, text)))) == []


@given(texts)
def test_no_changelog_prints_a_line_that_a_lock_or_a_tag_began(text: str) -> None:
    assert faults(report.changelog_text(filled(Changelog, text))) == []


MOMENTS = {date: date(2026, 5, 20), datetime: datetime(2026, 5, 20, 12, tzinfo=UTC)}


def filled(type_: Any, text: str) -> Any:
    """A value of this type that holds the text wherever it can hold one."""
    if type_ is Content:
        return basic_content(text, text)
    if isinstance(type_, NewType):
        return filled(type_.__supertype__, text)
    if type_ in MOMENTS or (isinstance(type_, type) and issubclass(type_, Enum)):
        return MOMENTS.get(type_) or next(iter(type_))
    if get_args(type_):
        return filled_form(get_origin(type_), get_args(type_), text)
    if type_ in {str, int, bool, float}:
        return text if type_ is str else type_(1)
    return type_(**{name: filled(hint, text) for name, hint in get_type_hints(type_, include_extras=True).items()})


def filled_form(origin: Any, arguments: tuple[Any, ...], text: str) -> Any:
    if origin is typing.Literal:
        return arguments[0]
    if origin is collections.abc.Mapping:
        return {filled(arguments[0], text): filled(arguments[1], text)}
    if origin in {tuple, frozenset}:
        return origin([filled(argument, text) for argument in arguments if argument is not Ellipsis])
    return filled(next(member for member in arguments if member is not type(None)), text)


FAILURES = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.AnkigenError)]
ARGUMENTS = {
    "Path": Path(WORST),
    "Iterable[Path]": [Path(WORST)],
    "Iterable[str]": [WORST],
    "Sequence[str]": [WORST],
    "str": WORST,
    "str | None": WORST,
    "int": 7,
    "float": 7.0,
    "bool": True,
    "SourceId": WORST,
}


@pytest.mark.parametrize("failure", FAILURES, ids=lambda kind: kind.__name__)
def test_a_failure_is_one_line_whatever_it_quotes(
    failure: type[errors.AnkigenError], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    parameters = list(inspect.signature(failure.__init__).parameters.values())[1:]
    named = [parameter for parameter in parameters if parameter.kind is parameter.POSITIONAL_OR_KEYWORD]
    flags = {one.name: True for one in parameters if one.kind is one.KEYWORD_ONLY}
    raised = failure(*(ARGUMENTS.get(str(one.annotation), OSError(5, WORST, WORST)) for one in named), **flags)
    printed = ended_by(raised, monkeypatch, capsys)
    assert printed.count("\n") == 1
    assert printed.startswith("ankigen: ")


@pytest.mark.parametrize(
    "failure", [OSError(28, WORST, WORST), ValueError(WORST), KeyError(WORST), UnicodeError(WORST), OSError(WORST)]
)
def test_no_exception_prints_a_line_that_its_text_began(
    failure: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cause = RuntimeError(WORST)
    failure.__cause__ = cause
    printed = ended_by(failure, monkeypatch, capsys)
    assert ("Traceback" in printed) == (not isinstance(failure, OSError))


def ended_by(failure: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    """What the program prints that ends so."""

    def fail() -> None:
        raise failure

    monkeypatch.setattr(sys.modules["ankigen.cli.app"], "app", fail)
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code == getattr(failure, "exit_code", errors.ExitCode.FAILED)
    printed = capsys.readouterr().err
    assert faults(printed) == []
    return printed


WRONG = [("{}",), ("init", "a", "{}"), ("check", "--{}"), ("check", "--format", "{}")]


@pytest.mark.parametrize("part", [*BREAKS, *UNSEEN, *COMMANDS])
@pytest.mark.parametrize("arguments", WRONG)
def test_a_wrong_command_line_is_quoted_on_lines_of_our_own(part: str, arguments: tuple[str, ...]) -> None:
    """A shell puts the names of files into it."""
    given = f"a{part.replace(chr(0), '')}{MARK}"
    printed = CliRunner().invoke(cli.app, [argument.format(given) for argument in arguments])
    assert faults(printed.output) == []
    assert printed.exit_code == errors.ExitCode.WRONG_COMMAND_LINE


def test_what_is_printed_is_composed_where_mypy_can_see_that_it_may_be() -> None:
    """All else that prints is in these modules, which take nothing but `Shown`, or words of their own."""
    printing = {"echo", "secho", "print", "confirm", "prompt", "write"}
    folder = Path(ankigen.__file__).parent
    found = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).startswith(("typer.", "print", "sys.std", "rich."))
        and ast.unparse(node.func).rpartition(".")[2] in printing
    }
    assert found == {
        "__main__.py",
        "cli/help_texts.py",
        "cli/options.py",
        "cli/progress.py",
        "cli/terminal.py",
    }


def test_visible_text_says_what_stood_there() -> None:
    assert visible("a\n\tb\x1b[m\x7f\x85\u2028\u202e\udce9\ud800") == ("a␊␉b␛[m␡<U+0085><U+2028><U+202E>\\xe9<U+D800>")
    assert visible("plain, ünicode 日本 👩\u200d🔬") == "plain, ünicode 日本 👩\u200d🔬"


def test_a_line_that_would_command_a_service_has_a_backslash_in_it() -> None:
    assert shown(["::error::a", " ::b", "c::d", "##[e]", "# ##vso[f]", "## [g]", "::", ":"]) == (
        "\\::error::a\n \\::b\nc::d\n#\\#[e]\n# #\\#vso[f]\n## [g]\n\\::\n:"
    )


def test_our_own_tabs_and_colours_stay() -> None:
    assert shown(["a\tb", "", "c"]) == "a\tb\n\nc"
    assert shown(["\x1b[1;31ma\x1b[0m\x1b[2Jb\n"], is_coloured=True) == "\x1b[1;31ma\x1b[0m␛[2Jb␊"
    assert shown(["\x1b[1;31ma"]) == "␛[1;31ma"
