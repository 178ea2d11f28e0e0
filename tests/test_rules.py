"""The rules: every one is listed, documented, and tells the bad example from the good one."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from ankigen import api, config, report, rules
from ankigen.config import Config
from ankigen.data import Desired, Problem, Severity
from ankigen.rules import Example, File, Rule
from ankigen.source import load
from tests.helpers.building import NOON, write
from tests.helpers.processes import run

ROOT = Path(__file__).parent.parent
TREES = {path: ast.parse(path.read_text("utf-8")) for path in sorted((ROOT / "ankigen").rglob("*.py"))}


def carriers() -> dict[str, int]:
    """Where callables take the name of a rule: functions with such a parameter, classes with such a field."""
    found = {}
    for node in (node for tree in TREES.values() for node in ast.walk(tree)):
        if isinstance(node, ast.FunctionDef):
            names = [one.arg for one in node.args.args if one.arg != "self"]
        elif isinstance(node, ast.ClassDef):
            names = [name_of(one.target) for one in node.body if isinstance(one, ast.AnnAssign)]
        else:
            continue
        if "rule" in names and node.name != "is_off":
            found[node.name] = names.index("rule")
    return found


def name_of(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def text_of(node: ast.expr, tree: ast.Module) -> str | None:
    """The text that an expression is, or that the module's constant of its name holds."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    constants = (one for one in tree.body if isinstance(one, ast.Assign))
    return next((text_of(one.value, tree) for one in constants if name_of(one.targets[0]) == name_of(node) != ""), None)


def named_in(tree: ast.Module, places: dict[str, int]) -> Iterator[str | None]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and name_of(node.func) in places:
            keywords = [one.value for one in node.keywords if one.arg == "rule"]
            place = places[name_of(node.func)]
            yield from (text_of(one, tree) for one in (*node.args[place : place + 1], *keywords))
        if isinstance(node, ast.Tuple) and len(node.elts) > 1 and ast.unparse(node.elts[0]).startswith("Severity."):
            yield text_of(node.elts[1], tree)


def emitted() -> set[str]:
    """The names of all rules that the code can report."""
    places = carriers()
    return {name for tree in TREES.values() for name in named_in(tree, places) if name}


def lay(folder: Path, files: Iterable[File]) -> Path:
    for file in files:
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        if file.is_link:
            path.symlink_to(file.text)
        else:
            path.write_bytes(file.text.encode(file.encoding))
    return folder


def problems_of(example: Example, folder: Path) -> tuple[Problem, ...]:
    if example.before:
        api.build(load(lay(folder, example.before), NOON), folder / "deck.apkg")
        for path in {file.path for file in example.before} - {file.path for file in example.files}:
            (folder / path).unlink()
    return load(lay(folder, example.files), NOON).problems


def test_the_carriers_of_rule_names_are_found() -> None:
    assert carriers().items() >= {("Problem", 2), ("Refusal", 0), ("warn", 1)}


def test_every_rule_that_the_code_can_report_is_registered_and_every_registered_one_is_reported() -> None:
    assert emitted() == rules.NAMES
    assert [rule.name for rule in rules.RULES] == sorted(rules.NAMES)


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.name)
def test_a_rule_is_reported_for_its_bad_example_and_not_for_its_good_one(
    rule: Rule, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")  # where no mmdc is
    [problem, *_] = [one for one in problems_of(rule.bad, tmp_path / "bad" / "graph") if one.rule == rule.name]
    assert problem.severity == Severity(rule.severity)
    assert problems_of(rule.good, tmp_path / "good" / "graph") == ()


def test_check_lists_all_rules_without_reading_any_notes(tmp_path: Path) -> None:
    lines = run("check", "--rules", folder=tmp_path).stdout.splitlines()
    assert [line.split()[0] for line in lines] == [rule.name for rule in rules.RULES]
    assert lines[-2] == "wrong-encoding        warning  Text was once read with the wrong encoding and saved that way."


def test_the_page_of_rules_is_the_registry(request: pytest.FixtureRequest) -> None:
    page = ROOT / "docs/rules.md"
    if request.config.getoption("--golden"):
        page.write_text(report.rules_page(), "utf-8")
    assert page.read_text("utf-8") == report.rules_page()


MENDED_BY = {
    "broken-cloze": "close it with }}",
    "card-outside-block": "`- `",
    "card-tag-in-code": "outside",
    "card-twice": "`## `",
    "cloze-without-card": "cloze_without_card",
    "deck-spelling": "deck_rules",
    "no-answer": "empty_back",
    "no-mermaid": "npm install",
    "question-from-parent": "question_from_parent",
    "review-without-card": "tag it",
    "unknown-rule": "ankigen check --rules",
    "unreadable-file": "UTF-8",
}
"""What the advice of a rule names: the option, the command or the words that put its bad example right."""


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.name)
def test_a_message_says_what_to_do_and_names_what_does_it(
    rule: Rule, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    [message, *_] = [one.message for one in problems_of(rule.bad, tmp_path / "graph") if one.rule == rule.name]
    assert any(sign in message for sign in (": ", "; "))
    assert MENDED_BY.get(rule.name, "") in message
    options = {option.name for option in config.options()}
    assert {word for word in message.replace(",", " ").split() if "_" in word and word.isidentifier()} <= options


def told(folder: Path, **pages: str) -> list[tuple[str, int, str]]:
    desired: Desired = load(write(folder, **pages), NOON)
    return [(one.position.path, one.position.line, one.rule) for one in desired.problems]


def test_a_block_switches_a_rule_off_for_itself_and_all_below_it(tmp_path: Path) -> None:
    inside = (
        "- Lenses\n  ankigen-ignore:: no-answer, missing-media\n\t- One? #card\n\t  ankigen-ignore:: broken-cloze\n"
    )
    assert told(tmp_path, a=inside + "- Two? #card\n") == [("a.md", 5, "no-answer")]


def test_a_page_switches_a_rule_off_for_all_its_blocks(tmp_path: Path) -> None:
    text = "- One? #card\n- Two? #card\n"
    assert told(tmp_path, a="ankigen-ignore:: no-answer\n\n" + text, b=text) == [
        ("b.md", 1, "no-answer"),
        ("b.md", 2, "no-answer"),
    ]


def test_a_block_cannot_silence_an_unknown_rule_and_hears_of_it(tmp_path: Path) -> None:
    desired = load(write(tmp_path, a="- One? #card\n  ankigen-ignore:: no-anser\n\t- A\n"), NOON)
    assert [(one.position.line, one.message) for one in desired.problems] == [
        (2, "there is no rule `no-anser`: see `ankigen check --rules`")
    ]


def test_a_switched_off_error_leaves_the_card_unmade(tmp_path: Path) -> None:
    desired = load(write(tmp_path, a="- One? #card\n  ankigen-ignore:: no-answer\n"), NOON)
    assert (desired.notes, desired.problems) == ((), ())


SWITCHES = """
[rules]
no-answer = "off"
[rules."journals/"]
broken-cloze = "off"
[rules."journals/2026"]
no-answer = "on"
"""


@pytest.mark.parametrize(
    ("rule", "path", "is_off"),
    [
        ("no-answer", "pages/a.md", True),
        ("no-answer", "journals/a.md", True),
        ("no-answer", "journals/2026/a.md", False),
        ("broken-cloze", "journals/2026/a.md", True),
        ("broken-cloze", "journals.md", False),
        ("broken-cloze", "pages/a.md", False),
    ],
)
def test_the_longest_path_that_fits_switches_a_rule(rule: str, path: str, is_off: bool) -> None:
    assert config.parse(SWITCHES, Path("ankigen.toml")).is_off(rule, path) == is_off


def test_a_file_is_a_path_too() -> None:
    assert Config(rules={"a/b.md": {"no-answer": "off"}}).is_off("no-answer", "a/b.md")


def test_the_switch_for_a_path_reaches_its_pages_alone(tmp_path: Path) -> None:
    (tmp_path / "ankigen.toml").write_text('[rules."b.md"]\nno-answer = "off"\n')
    assert told(tmp_path, a="- One? #card\n", b="- Two? #card\n") == [("a.md", 1, "no-answer")]
