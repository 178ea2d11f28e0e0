"""How a command ends that met errors in the notes: what can be done is done, the rest counted, the exit code 1."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from ankigen import api
from ankigen.data import Position
from ankigen.errors import ExitCode
from tests.helpers.anki_server import running
from tests.helpers.building import write
from tests.helpers.desk import Desk
from tests.helpers.processes import ROOT, run

FAULTY = "- Fine? #card\n\t- Yes\n- Why? #card\n- How? #card\n-\n\t- #card\n\t\t- A\n"
COUNTED = "3 cards were not made"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    write(tmp_path / "notes", a=FAULTY)
    (tmp_path / "anki").mkdir()
    with running(tmp_path / "anki") as server:
        yield Desk(tmp_path, server)


@pytest.mark.parametrize("command", ["build", "list", "stamp"])
def test_a_command_counts_the_cards_that_were_not_made_and_exits_with_1(tmp_path: Path, command: str) -> None:
    write(tmp_path, a=FAULTY)
    for quiet in ([], ["--quiet"]):
        done = run(command, *quiet, folder=tmp_path)
        assert (done.returncode, done.stderr.splitlines()[-1]) == (ExitCode.ERRORS_IN_NOTES, COUNTED)


def test_a_build_with_errors_writes_the_package_of_all_other_cards(tmp_path: Path) -> None:
    write(tmp_path, a=FAULTY)
    done = run("build", "-o", "a.apkg", folder=tmp_path)
    assert (done.stdout, (tmp_path / "a.apkg").exists()) == ("a.apkg\n", True)


def test_a_changelog_of_notes_with_errors_exits_with_1(tmp_path: Path) -> None:
    write(tmp_path, a=FAULTY)
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    done = run("changelog", folder=tmp_path)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (ExitCode.ERRORS_IN_NOTES, COUNTED)


def test_plan_and_sync_do_what_can_be_done_and_exit_with_1(desk: Desk) -> None:
    for arguments in (["plan", "notes"], ["plan", "notes", "--exit-code"], ["sync", "notes", "--yes"]):
        done = desk.run(*arguments)
        assert (done.returncode, done.stderr.splitlines()[-1]) == (ExitCode.ERRORS_IN_NOTES, COUNTED), arguments
        assert "a.md:3:3: error: card has no answer" in done.stderr
    assert desk.backs() == ["Yes"]
    again = desk.run("sync", "notes")
    assert (again.returncode, again.stdout) == (ExitCode.ERRORS_IN_NOTES, "nothing to do\n")


def test_a_conflict_weighs_more_than_errors_in_the_notes(desk: Desk) -> None:
    desk.run("sync", "notes", "--yes")
    desk.edit("Back", "Mine", "Fine?")
    write(desk.notes, a=FAULTY.replace("Yes", "No"))
    done = desk.run("sync", "notes", "--yes")
    assert (done.returncode, done.stderr.splitlines()[-1]) == (ExitCode.PROTECTED, COUNTED)


def test_a_card_with_two_errors_is_counted_once_and_a_nested_one_by_itself(tmp_path: Path) -> None:
    write(tmp_path, a="- #card\n- Q #card\n\t- Inner? #card\n", b=FAULTY)
    assert api.load(tmp_path).unmade[:2] == (Position("a.md", 1), Position("a.md", 3))


def test_a_page_that_could_not_be_read_is_counted_as_a_page(tmp_path: Path) -> None:
    write(tmp_path, a="- Why? #card\n", b="- Q #card\n\t- A\n", c="<<<<<<< HEAD\n- Q #card\n=======\n>>>>>>> x\n")
    done = run("build", "-o", "dist/", folder=tmp_path)
    assert done.returncode == ExitCode.ERRORS_IN_NOTES
    assert done.stderr.splitlines()[-1] == "1 card was not made, 1 page was not read"


def test_what_the_user_switched_off_is_no_error(tmp_path: Path) -> None:
    write(tmp_path, a="- Q #card\n\t- A\n- Why? #card\n")
    (tmp_path / "ankigen.toml").write_text('[rules]\nno-answer = "off"\n')
    done = run("build", "-o", "dist/", folder=tmp_path)
    assert (done.returncode, "not made" in done.stderr) == (ExitCode.DONE, False)


def test_one_table_tells_all_exit_codes() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    told = re.findall(r"^\| (\d+) \| ", readme.partition("| exit code |")[2].partition("\n\n")[0], re.MULTILINE)
    assert told == [str(code.value) for code in ExitCode]
    shown = run("--help", folder=ROOT).stdout
    assert re.findall(r"^    (\d+) +\w", shown, re.MULTILINE) == told
