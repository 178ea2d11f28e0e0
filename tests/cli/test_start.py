"""What a command loads before it works: nobody waits for what the command does without."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.building import write

FOR_OTHERS = {"ankigen.syntax.org_outline", "http.client", "pathspec", "pydantic"}


def loaded_by(*arguments: str, folder: Path) -> set[str]:
    command = [sys.executable, "-X", "importtime", "-m", "ankigen", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=folder)
    return set(re.findall(r"^import time:.*\| +(\S+)$", done.stderr, re.MULTILINE))


@pytest.mark.parametrize(
    ("command", "needless"),
    [
        ("--version", {"asyncio", "genanki", "mistune", *FOR_OTHERS}),
        ("check", {"asyncio", "genanki", "yaml", "mistune", "pygments", "nh3", "ftfy", *FOR_OTHERS}),
        ("build", {"mistune", "pygments", "ftfy", "rapidfuzz", "tomllib", *FOR_OTHERS}),
    ],
)
def test_a_command_waits_only_for_what_it_needs(tmp_path: Path, command: str, needless: set[str]) -> None:
    write(tmp_path / "notes", a="- Which **lens**? #card\n\t- A *convex* one\n")
    assert loaded_by(command, "notes", folder=tmp_path).isdisjoint(needless)


INTERRUPTED = """
import sys
from ankigen.__main__ import run

class Interrupt:
    def find_spec(self, name, path, target=None):
        if name == "typer":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupt())
sys.argv = ["ankigen", "check"]
run()
"""


def test_an_interrupt_while_the_program_loads_is_a_line_too() -> None:
    done = subprocess.run([sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (130, "ankigen: stopped: run the same command again to finish\n")
