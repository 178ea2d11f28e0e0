"""The code keeps to docs/architecture.md: levels, doors, a home for each package, docstrings, a true picture."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "ankigen"
PAGE = ROOT / "docs/architecture.md"
ROW = re.compile(
    r"^\| (?P<level>\d+) \| `(?P<district>\w+)` \| .*? \| (?P<door>front|shelf) \|(?P<packages>[^|]*)\|$", re.MULTILINE
)
PICTURE = re.compile(r"(?<=<!-- picture -->\n).*?(?=<!-- end of picture -->)", re.DOTALL)
ROWS = list(ROW.finditer(PAGE.read_text("utf-8")))
LEVELS = {row["district"]: int(row["level"]) for row in ROWS}
SHELVES = {row["district"] for row in ROWS if row["door"] == "shelf"}
HOMES: dict[str, set[str]] = {}
for row in ROWS:
    for package in row["packages"].replace(",", " ").split():
        HOMES.setdefault(package, set()).add(row["district"])
PROGRAM = {"__init__", "__main__"}
FILES = sorted(PACKAGE.rglob("*.py"))
MODULE_NAMES = {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in FILES}


def district_of(path: Path) -> str:
    """The row of the table that a file belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


DISTRICT_FILES = [path for path in FILES if district_of(path) not in PROGRAM]


def imports_in(source: str) -> Iterator[str]:
    """Dotted names of all that a text imports, wherever the import stands, by a statement or by a module's name."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names)
        elif (
            isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in MODULE_NAMES - {"ankigen"}
        ):
            yield node.value


def imports_of(path: Path) -> list[str]:
    return list(imports_in(path.read_text("utf-8")))


def own_imports(path: Path) -> set[str]:
    """The other districts that a file imports from."""
    names = {name.split(".")[1] for name in imports_of(path) if name.startswith("ankigen.")}
    return names - {district_of(path)}


def faults_in(source: str, district: str) -> list[str]:
    """What a text of this district imports and must not."""
    return [fault for name in imports_in(source) if (fault := fault_of(name, district))]


def fault_of(name: str, district: str) -> str:
    """Why a district must not import this, if so."""
    package, *parts = name.split(".")
    if not package:
        return f"{name} is imported relatively"
    if package != "ankigen":
        return "" if district in HOMES.get(package, {district}) else f"{package} lives in {HOMES[package]}"
    if not parts or parts[0] not in LEVELS:
        return f"{name} is taken from the program's own front door"
    if parts[0] == district:
        return ""
    if LEVELS[parts[0]] >= LEVELS[district]:
        return f"{district} must not import {parts[0]}"
    is_past_the_door = parts[0] not in SHELVES and any(
        ".".join(("ankigen", *parts[:length])) in MODULE_NAMES for length in range(2, len(parts) + 1)
    )
    return f"{name} goes past the front door of {parts[0]}" if is_past_the_door else ""


def shown(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def test_the_table_names_every_district_and_no_other() -> None:
    assert {district_of(path) for path in DISTRICT_FILES} == set(LEVELS)


@pytest.mark.parametrize("path", DISTRICT_FILES, ids=shown)
def test_a_file_imports_what_its_district_may(path: Path) -> None:
    assert faults_in(path.read_text("utf-8"), district_of(path)) == []


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("from ankigen import build", "ankigen.build is taken from the program's own front door"),
        ("import ankigen", "ankigen is taken from the program's own front door"),
        ("from ankigen import __version__", "ankigen.__version__ is taken from the program's own front door"),
        ("from ankigen.cards import find_cards", "identity must not import cards"),
        ("from ankigen.api import build", "identity must not import api"),
        ('import_module("ankigen.outputs.empty_collection")', "identity must not import outputs"),
        ("from . import matching", "..matching is imported relatively"),
        ("import genanki", "genanki lives in {'outputs'}"),
    ],
)
def test_the_rule_sees_every_way_to_import(line: str, fault: str) -> None:
    assert faults_in(line, "identity") == [fault]


def test_the_rule_knows_front_doors_from_shelves() -> None:
    assert faults_in("from ankigen.identity.matching import match", "source") == [
        "ankigen.identity.matching.match goes past the front door of identity"
    ]
    assert faults_in("from ankigen.source import walk", "api") == [
        "ankigen.source.walk goes past the front door of source"
    ]
    assert faults_in("from ankigen.syntax.spans import scan", "cards") == []
    assert faults_in("from ankigen.identity import LOCK_NAME", "source") == []


PROJECTS = {"yaml": "pyyaml"}
"""Packages that are imported under another name than they are installed by."""


def test_every_home_uses_its_packages() -> None:
    used = {(name.split(".")[0], district_of(path)) for path in DISTRICT_FILES for name in imports_of(path)}
    assert {(package, district) for package, districts in HOMES.items() for district in districts} <= used


def test_every_package_with_a_home_is_installed_with_ankigen() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    requirements = [
        *project["dependencies"],
        *(one for extra in project["optional-dependencies"].values() for one in extra),
    ]
    names = {re.split(r"[^\w-]", requirement)[0].replace("-", "_").lower() for requirement in requirements}
    assert names >= {PROJECTS.get(package, package.lower()) for package in HOMES}


@pytest.mark.parametrize("path", FILES, ids=shown)
def test_public_names_are_documented(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    nodes = [tree, *(node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef))]
    for node in nodes:
        name = getattr(node, "name", path.stem)
        if not name.startswith("_") or isinstance(node, ast.Module):
            assert ast.get_docstring(node), f"{shown(path)}: {name} says nothing"


@pytest.mark.parametrize("path", FILES, ids=shown)
def test_a_module_says_what_it_is_and_asks_no_riddles(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    assert not docstring.partition("\n")[0].endswith("?")


def test_the_lowest_levels_need_the_standard_library_and_their_own_packages_alone() -> None:
    for path in DISTRICT_FILES:
        if LEVELS[district_of(path)] <= LEVELS["data"]:
            outside = {name.split(".")[0] for name in imports_of(path)} - {"ankigen"}
            assert outside - sys.stdlib_module_names <= {"msgspec", "platformdirs"}


def test_the_tests_are_laid_out_as_the_code_is() -> None:
    folders = {path.name for path in (ROOT / "tests").iterdir() if (path / "__init__.py").exists()}
    others = {"helpers", "golden", "browser", "conformance", "fuzz"}
    assert folders - others <= {path.name for path in PACKAGE.iterdir() if path.is_dir()}


def test_a_newcomer_finds_each_file_that_the_guide_names() -> None:
    guide = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    named = re.findall(r"`(ankigen/[\w/.]+\.\w+)`", guide)
    assert len(named) >= 13
    assert [name for name in named if not (ROOT / name).is_file()] == []
    tuples = dict(re.findall(r"`(\w+)` in `(ankigen/[\w/]+\.py)`", guide))
    assert len(tuples) >= 5
    assert [name for name, path in tuples.items() if name not in (ROOT / path).read_text("utf-8")] == []


# The picture.


def arrows() -> dict[str, set[str]]:
    """Which districts each district imports from."""
    found: dict[str, set[str]] = {district: set() for district in LEVELS}
    for path in DISTRICT_FILES:
        found[district_of(path)] |= own_imports(path) & LEVELS.keys()
    return found


def reachable(start: str, imported: Mapping[str, set[str]]) -> set[str]:
    """All districts that can be reached from one, itself left out."""
    found: set[str] = set()
    ahead = list(imported[start])
    while ahead:
        district = ahead.pop()
        if district not in found:
            found.add(district)
            ahead += imported[district]
    return found


def needed(imported: Mapping[str, set[str]]) -> Iterator[tuple[str, str]]:
    """The arrows without those that follow from others."""
    for district, below in imported.items():
        implied = {far for near in below for far in reachable(near, imported)}
        yield from ((district, near) for near in sorted(below - implied))


def picture() -> str:
    """A Mermaid diagram of the districts, a row for each level."""
    lines = ["```mermaid", "flowchart TD"]
    for level in sorted(set(LEVELS.values()), reverse=True):
        row = " ~~~ ".join(f"{name}[{name}]" for name in LEVELS if LEVELS[name] == level)
        lines.append(f"    {row}")
    lines += [f"    {district} --> {below}" for district, below in needed(arrows())]
    return "\n".join([*lines, "```"]) + "\n"


def test_the_picture_is_what_the_code_says(request: pytest.FixtureRequest) -> None:
    page = PAGE.read_text("utf-8")
    if request.config.getoption("--golden"):
        PAGE.write_text(PICTURE.sub(lambda _: picture(), page), "utf-8")
    found = PICTURE.search(PAGE.read_text("utf-8"))
    assert found is not None
    assert found[0] == picture()
