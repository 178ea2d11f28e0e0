"""The schemas beside the documentation say what `list --json` and `check --format json` print, no more and no less."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from ankigen import note_types, report, rules
from ankigen.data import ProblemFormat, Severity
from ankigen.source import load
from tests.helpers.building import NOON, write
from tests.helpers.documents import ROOT
from tests.test_rules import problems_of


def schema(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((ROOT / f"docs/{name}.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(read)
    return read


def listed(folder: Path) -> list[dict[str, Any]]:
    shown: list[dict[str, Any]] = json.loads(report.listing_json(load(folder, NOON).notes))
    return shown


def checked(rule: rules.Rule, folder: Path) -> list[dict[str, Any]]:
    problems = problems_of(rule.bad, folder)
    shown: list[dict[str, Any]] = json.loads(report.problems_text(problems, ".", ProblemFormat.JSON, {}))
    return shown


def test_the_list_of_the_projects_own_decks_is_as_its_schema_says() -> None:
    notes = listed(ROOT / "decks")
    Draft202012Validator(schema("list")).validate(notes)
    assert {note["kind"] for note in notes} == {*kinds(), "own-vocabulary"}
    assert {key for note in notes for key in note} == set(schema("list")["items"]["properties"])


def kinds() -> list[str]:
    """The kinds that the schema names; those of the user's own are any word that begins so."""
    named, own = schema("list")["items"]["properties"]["kind"]["anyOf"]
    assert own["pattern"].startswith("^own-")
    return list(named["enum"])


def test_the_kinds_in_the_schema_are_all_kinds_of_notes() -> None:
    assert kinds() == [kind.name for kind in note_types.KINDS]


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.name)
def test_each_problem_is_as_the_schema_of_check_says(
    rule: rules.Rule, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")  # where no mmdc is
    problems = checked(rule, tmp_path / "graph")
    Draft202012Validator(schema("check")).validate(problems)
    assert {key for problem in problems for key in problem} == set(schema("check")["items"]["properties"])


def test_the_severities_in_the_schema_are_all_there_are() -> None:
    assert schema("check")["items"]["properties"]["severity"]["enum"] == [severity.value for severity in Severity]


REVIEWED = """- Q #card
  card-last-interval:: 12.4
  card-repeats:: 3
  card-next-schedule:: 2024-05-01T22:00:00.000Z
  card-last-reviewed:: 2024-04-19T12:34:56.789Z
\t- A
"""


def test_the_list_of_notes_that_were_reviewed_elsewhere_is_as_its_schema_says(tmp_path: Path) -> None:
    (tmp_path / "ankigen.toml").write_text('schedule = "logseq"\n')
    notes = listed(write(tmp_path, a=REVIEWED))
    assert [len(note["schedule"]) for note in notes] == [1]
    Draft202012Validator(schema("list")).validate(notes)


@pytest.mark.parametrize("name", ["list", "check"])
def test_a_schema_refuses_what_lacks_a_part_or_has_another(name: str, tmp_path: Path) -> None:
    write(tmp_path, a="- Q #card\n\t- A\n")
    sample = listed(tmp_path)[0] if name == "list" else checked(rules.RULES[0], tmp_path / "graph")[0]
    validator = Draft202012Validator(schema(name))
    assert validator.is_valid([sample])
    for key in sample:
        lacking = deepcopy(sample)
        del lacking[key]
        assert not validator.is_valid([lacking]), key
        assert not validator.is_valid([sample | {key: {"wrong": ()}}]), key
    assert not validator.is_valid([sample | {"another": 1}])
