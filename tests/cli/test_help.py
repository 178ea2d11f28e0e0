"""Help on any width, and completion for each shell by its name."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ankigen.errors import ExitCode
from tests.helpers.processes import ROOT, programs, run

pytestmark = pytest.mark.thorough

COMMANDS = ["", "build", "changelog", "check", "init", "list", "plan", "stamp", "sync"]
MARKS = {
    "bash": "complete -o default -F _ankigen_completion ankigen",
    "zsh": "#compdef ankigen",
    "fish": "complete --command ankigen",
    "powershell": "Register-ArgumentCompleter -Native -CommandName ankigen",
    "pwsh": "Register-ArgumentCompleter -Native -CommandName ankigen",
}


def shown(command: str, columns: int) -> str:
    return run(*filter(None, [command]), "--help", folder=ROOT, COLUMNS=str(columns)).stdout


@pytest.mark.parametrize("columns", [30, 40, 51, 60, 80])
@pytest.mark.parametrize("command", COMMANDS)
def test_help_cuts_no_word_and_is_no_wider_than_the_terminal(command: str, columns: int) -> None:
    text = shown(command, columns)
    assert text.split() == shown(command, 200).split()
    too_wide = [line for line in text.splitlines() if len(line) > columns and len(line.split()) > 1]
    assert too_wide == []


@pytest.mark.parametrize("command", COMMANDS[1:])
def test_help_names_no_type_of_python(command: str) -> None:
    assert not re.search(r"<(list\[|path|str)", shown(command, 80), re.IGNORECASE)


@pytest.mark.parametrize("shell", MARKS)
def test_the_script_for_a_shell_is_in_the_language_of_that_shell(shell: str) -> None:
    done = run("--show-completion", shell, folder=ROOT)
    assert done.returncode == ExitCode.DONE
    assert MARKS[shell] in done.stdout
    assert [other for other, mark in MARKS.items() if mark in done.stdout and mark != MARKS[shell]] == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_installed_for_the_shell_that_is_named(shell: str, tmp_path: Path) -> None:
    done = run("--install-completion", shell, folder=tmp_path, HOME=str(tmp_path))
    assert done.returncode == ExitCode.DONE
    written = [path.read_text("utf-8") for path in tmp_path.rglob("*") if path.is_file()]
    assert any(MARKS[shell] in text for text in written)


def test_without_a_command_the_help_is_shown_line_by_line() -> None:
    done = run(folder=ROOT, COLUMNS="80")
    assert done.returncode == ExitCode.WRONG_COMMAND_LINE
    assert (done.stdout + done.stderr).rstrip() == shown("", 80).rstrip()


def test_a_shell_that_there_is_no_completion_for_is_a_wrong_command_line() -> None:
    done = run("--show-completion", "ksh", folder=ROOT)
    assert done.returncode == ExitCode.WRONG_COMMAND_LINE
    assert "there is no completion for ksh, only for bash, zsh, fish" in done.stderr


@pytest.mark.parametrize(
    ("shell", "asked"),
    [
        ("zsh", {"_TYPER_COMPLETE_ARGS": "ankigen ch"}),
        ("fish", {"_TYPER_COMPLETE_ARGS": "ankigen ch", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}),
        ("powershell", {"_TYPER_COMPLETE_ARGS": "ankigen ch", "_TYPER_COMPLETE_WORD_TO_COMPLETE": "ch"}),
    ],
)
def test_what_a_script_asks_for_is_answered(shell: str, asked: dict[str, str]) -> None:
    environment = os.environ | {"PYTHONPATH": str(ROOT), "_ANKIGEN_COMPLETE": f"complete_{shell}"} | asked
    command = [sys.executable, "-c", "import sys; sys.argv[0] = 'ankigen'; from ankigen.__main__ import run; run()"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert "check" in done.stdout
    assert "changelog" in done.stdout
    assert "build" not in done.stdout


def test_bash_completes_by_the_script() -> None:
    script = run("--show-completion", "bash", folder=ROOT).stdout
    ask = f"{script}\nCOMP_WORDS=(ankigen ch)\nCOMP_CWORD=1\n_ankigen_completion ankigen\necho ${{COMPREPLY[@]}}"
    environment = os.environ | {"PATH": f"{programs()}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(["bash", "-c", ask], env=environment, capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) == {"check", "changelog"}
