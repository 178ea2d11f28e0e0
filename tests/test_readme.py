"""The README and the help texts are true: their commands exist. `test_docs` runs the README's examples."""

import re
import subprocess
from pathlib import Path

import pytest
import typer

from ankigen.cli import app
from ankigen.errors import ExitCode
from tests.helpers.anki_library import open_collection
from tests.helpers.anki_server import running
from tests.helpers.building import write
from tests.helpers.documents import run

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]


def test_every_make_target_the_readme_names_exists_and_lists_itself() -> None:
    listed = subprocess.run(["make", "help"], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    targets = {line.split()[0] for line in listed.splitlines()}
    named = set(re.findall(r"^    make (\w+)$", README, re.MULTILINE))
    assert {"deck", "test"} <= named <= targets


def test_the_readme_is_read_in_minutes() -> None:
    assert len(README.split()) <= 1500


def test_every_command_is_in_the_readme() -> None:
    for name in COMMANDS:
        assert f"`ankigen {name}`" in README


UNTIL_IT_IS_OPEN = """
mkdir -p bin && printf '#!/bin/sh\n' | tee bin/xdg-open bin/open > /dev/null && chmod +x bin/*
: > said
PATH="$PWD/bin:$PATH" python -m ankigen {} 2>> said &
until grep -q "Ctrl-C" said || ! kill -0 $! 2> /dev/null; do sleep 0.1; done
kill -INT $!
wait $! && grep -q "stopped watching" said || {{ cat said; false; }}
"""
"""A command that goes on for ever, ended as its user would; no browser is opened.

What the command before it said is gone before it begins: an interrupt that comes too early ends the shell that starts
it, with 130, or is lost.
"""


@pytest.mark.parametrize("name", COMMANDS)
def test_every_example_in_a_help_text_runs(name: str, tmp_path: Path) -> None:
    examples = re.findall(r"^ +(ankigen .+?)(?:  #.*)?$", COMMANDS[name].epilog or "", re.MULTILINE)
    assert examples
    for folder in ("decks", "law", "physics"):
        write(tmp_path / folder, optics="- What bends light? #card\n\t- A lens\n")
        (tmp_path / folder / "ankigen.toml").write_text(
            f'deck_prefix = "{folder}"\n'
        )  # each course has its own package
    write(tmp_path, optics="- What splits light? #card\n\t- A prism\n- What is where? ![](leaf.svg) #card\n\t- here\n")
    (tmp_path / "leaf.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"/>')
    for command in ("git init --quiet", "git add .", "git commit --quiet -m First", "git tag v1.0"):
        assert run(command, tmp_path).returncode == 0
    (tmp_path / "anki").mkdir()
    (profile := tmp_path / ".local/share/Anki2/User 1").mkdir(parents=True)
    with open_collection(profile):
        pass
    home = dict.fromkeys(("HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"), str(tmp_path))
    with running(tmp_path / "anki") as anki:
        for example in examples:
            assert f" {name} " in example
            is_page = name in {"watch", "occlude"} and "--convert" not in example
            command = UNTIL_IT_IS_OPEN.format(example.removeprefix("ankigen ")) if is_page else f"{example} <<< y"
            done = run(command, tmp_path, ANKIGEN_ANKICONNECT_URL=anki.url, **home)
            expected = ExitCode.CHANGES_PENDING if "--exit-code" in example else ExitCode.DONE
            assert done.returncode == expected, done.stdout


def test_the_gate_runs_the_readmes_commands() -> None:
    gate = (ROOT / ".ci/run").read_text()
    assert {"make deck", "make test"} <= set(gate.splitlines())
