"""The code keeps to docs/architecture.md: levels, one home for each package, documented public names."""

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "ankigen"
ROW = re.compile(r"^\| (?P<level>\d) \| `(?P<module>\w+)` \| .*? \|(?P<packages>[^|]*)\|$", re.MULTILINE)
ROWS = list(ROW.finditer((ROOT / "docs/architecture.md").read_text()))
LEVELS = {row["module"]: int(row["level"]) for row in ROWS}
HOMES = {package: row["module"] for row in ROWS for package in row["packages"].replace(",", " ").split()}
FRONT_DOORS = {"__init__", "__main__"}
FILES = sorted(path for path in PACKAGE.rglob("*.py"))


def module_of(path: Path) -> str:
    """The module of the table that a file belongs to: a folder counts as the module of its name."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


MODULE_FILES = [path for path in FILES if module_of(path) not in FRONT_DOORS]


def imports_of(path: Path) -> set[str]:
    """Dotted names of all that a file imports, wherever in it the import stands."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def own_imports(path: Path) -> set[str]:
    modules = {name.split(".")[1] for name in imports_of(path) if name.startswith("ankigen.")}
    return {module for module in modules if module in LEVELS} - {module_of(path)}


def shown(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def test_the_table_names_every_module_and_no_other() -> None:
    assert {module_of(path) for path in MODULE_FILES} == set(LEVELS)


@pytest.mark.parametrize("path", MODULE_FILES, ids=shown)
def test_a_module_imports_only_from_the_levels_below(path: Path) -> None:
    own = module_of(path)
    for module in own_imports(path):
        assert LEVELS[module] < LEVELS[own], f"{own} must not import {module}"


def test_the_parts_of_a_module_import_each_other_only_within_its_folder() -> None:
    for path in FILES:
        for name in imports_of(path):
            parts = name.split(".")
            if parts[0] == "ankigen" and (PACKAGE / parts[1] / f"{parts[-1]}.py").exists() and len(parts) > 2:
                assert module_of(path) == parts[1], f"{shown(path)} goes past the front door of {parts[1]}"


@pytest.mark.parametrize("path", FILES, ids=shown)
def test_a_package_is_imported_in_its_home_alone(path: Path) -> None:
    for name in imports_of(path):
        package = name.split(".")[0]
        assert HOMES.get(package, module_of(path)) == module_of(path), f"{package} lives in {HOMES[package]}"


def test_every_package_with_a_home_is_installed_with_ankigen() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    names = {re.split(r"[^\w-]", requirement)[0].replace("-", "_").lower() for requirement in project["dependencies"]}
    assert names >= {package.lower() for package in HOMES}


@pytest.mark.parametrize("path", FILES, ids=shown)
def test_public_names_are_documented(path: Path) -> None:
    tree = ast.parse(path.read_text())
    nodes = [tree, *(node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef))]
    for node in nodes:
        name = getattr(node, "name", path.stem)
        if not name.startswith("_") or isinstance(node, ast.Module):
            assert ast.get_docstring(node), f"{shown(path)}: {name} says nothing"


def test_the_lowest_levels_need_the_standard_library_and_what_values_are_made_of() -> None:
    for path in MODULE_FILES:
        if LEVELS[module_of(path)] <= 1:
            outside = {name.split(".")[0] for name in imports_of(path)} - {"ankigen"}
            assert outside - sys.stdlib_module_names <= {"msgspec"}
