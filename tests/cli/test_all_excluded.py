"""Where every page is excluded, each command says what excludes them: advice to tag a question would mislead."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.helpers.anki_server import AnkiServer
from tests.helpers.building import write
from tests.helpers.desk import Desk
from tests.helpers.processes import run

CARD = "- Q #card\n\t- A\n"
NONE = "no cards: tag a question with #card, and indent its answer below it"
TWO = "2 pages are excluded by .gitignore of {}: to read them, take the pattern away, or set `use_gitignore = false`"


@pytest.fixture
def around(tmp_path: Path) -> Path:
    """A repository that ignores its folder of notes."""
    write(tmp_path / "notes", a=CARD, b=CARD.replace("Q", "R"))
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    (tmp_path / ".gitignore").write_text("notes/\n")
    return tmp_path


@pytest.mark.parametrize("command", ["check", "list", "stamp"])
def test_a_folder_that_git_ignores_is_told(around: Path, command: str) -> None:
    assert run(command, "notes", folder=around).stderr.splitlines() == [NONE, TWO.format(around.name)]


def test_a_build_of_nothing_names_what_excludes_it(around: Path) -> None:
    assert TWO.format(around.name) in run("build", "notes", folder=around).stderr


@pytest.mark.parametrize("command", ["plan", "sync", "adopt"])
def test_nothing_to_do_for_anki_is_explained(around: Path, server: AnkiServer, command: str) -> None:
    done = Desk(around, server).run(command, "notes")
    assert done.stdout in {"nothing to do\n", "nothing to adopt\n"}
    assert done.stderr.splitlines() == [TWO.format(around.name)]


def test_the_option_is_named(tmp_path: Path) -> None:
    write(tmp_path, a=CARD)
    (tmp_path / "ankigen.toml").write_text('exclude = ["*.md"]\n')
    said = "1 page is excluded by exclude: to read it, take the pattern away"
    assert run("check", folder=tmp_path).stderr.splitlines() == [NONE, said]


def test_with_a_card_nothing_is_said_of_excluded_pages(tmp_path: Path) -> None:
    write(tmp_path, a=CARD, b=CARD)
    (tmp_path / ".gitignore").write_text("b.md\n")
    assert run("check", folder=tmp_path).stderr == "1 note, 1 card, 1 deck, no problems\n"
