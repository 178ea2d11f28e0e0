"""The README is true: its commands exist. `test_docs` runs its examples."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


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
