"""`make deck` with Python alone: it asks for one that is new enough, and installs what ankigen needs."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.helpers.documents import ROOT

OLD = """#!/bin/sh
exec {python} -c 'import sys; sys.version_info = (3, 9, 1); exec(sys.argv[2])' "$@"
"""


def make(*arguments: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = ["make", "--no-print-directory", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    old = tmp_path / "python-old"
    old.write_text(OLD.format(python=sys.executable))
    old.chmod(0o755)
    return tmp_path


@pytest.mark.parametrize("target", ["deck", "sync", "test", "lint", "test-lowest", "test-wheel", "test-anki"])
def test_an_old_python_is_told_and_nothing_is_installed(clone: Path, target: str) -> None:
    done = make(target, "PYTHON=./python-old", folder=clone)
    assert done.returncode != 0
    advice = f"install one, and name it, as in make {target} PYTHON=python3.13"
    assert done.stderr.splitlines()[0] == f"Python 3.11 or newer is needed, and ./python-old is 3.9: {advice}"
    assert not (clone / ".venv").exists()


def test_the_python_that_is_asked_for_is_that_of_the_package() -> None:
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["requires-python"]
    assert f"Python {wanted.removeprefix('>=')} or newer is needed" in (ROOT / "Makefile").read_text("utf-8")


@pytest.mark.parametrize("target", ["deck", "sync"])
def test_what_only_builds_or_syncs_installs_no_tools(clone: Path, target: str) -> None:
    steps = make("-n", target, f"PYTHON={sys.executable}", folder=clone).stdout
    assert "pip install --quiet --disable-pip-version-check --editable .\n" in steps
    assert "--group" not in steps


def test_a_broken_link_fails_the_site() -> None:
    """MkDocs counts as errors only the warnings that it prints."""
    [build] = [step for step in make("-n", "docs").stdout.splitlines() if "mkdocs build" in step]
    command = build.split()
    assert "--strict" in command
    assert not {"--quiet", "-q"} & {*command}
    validation = re.search(r"^validation:\n((?: .*\n)+)", (ROOT / "mkdocs.yml").read_text("utf-8"), re.MULTILINE)
    assert validation
    assert set(re.findall(r": (\w+)", validation[1])) == {"warn"}


@pytest.mark.parametrize("target", ["test", "lint", "bench"])
def test_what_needs_the_tools_installs_them_behind_ankigen(clone: Path, target: str) -> None:
    steps = make("-n", target, f"PYTHON={sys.executable}", folder=clone).stdout
    assert steps.index("--editable .") < steps.index("--group dev")
