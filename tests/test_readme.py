"""The README is true: its examples run, its commands exist."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
EXAMPLES = re.findall(r"^```console\n\$ (?P<command>.+)\n(?P<output>(?:.*\n)*?)```$", README, re.MULTILINE)
PAGE = re.compile(r"This note, `(?P<name>[^`]+)`:\n\n```markdown\n(?P<text>(?:.*\n)*?)```$", re.MULTILINE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the project's decks and the README's own pages."""
    shutil.copytree(ROOT / "decks", tmp_path / "decks")
    for page in PAGE.finditer(README):
        (tmp_path / page["name"]).write_text(page["text"], "utf-8")
    return tmp_path


@pytest.mark.parametrize(("command", "output"), EXAMPLES, ids=[command for command, _ in EXAMPLES])
def test_an_example_prints_what_the_readme_says(folder: Path, command: str, output: str) -> None:
    programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    shell = ["bash", "-o", "pipefail", "-c", command]
    done = subprocess.run(
        shell,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        cwd=folder,
        env=os.environ | {"PATH": programs, "PYTHONUTF8": "1"},
    )
    assert done.stdout == output


def test_every_make_target_the_readme_names_exists_and_lists_itself() -> None:
    listed = subprocess.run(["make", "help"], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    targets = {line.split()[0] for line in listed.splitlines()}
    named = set(re.findall(r"^    make (\w+)$", README, re.MULTILINE))
    assert {"deck", "test"} <= named <= targets


def test_every_command_is_in_the_readme_and_shows_an_example_in_its_help() -> None:
    import typer

    from ankigen.cli import app

    for command in typer.main.get_command(app).commands.values():  # type: ignore[attr-defined]
        assert f"`ankigen {command.name}`" in README
        assert f"Example: ankigen {command.name}" in command.help


def test_the_gate_runs_the_readmes_commands() -> None:
    gate = (ROOT / ".ci/run").read_text()
    assert {"make deck", "make test"} <= set(gate.splitlines())
