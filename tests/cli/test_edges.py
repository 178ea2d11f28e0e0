"""The edges of the world: names that are no text, streams that are full or closed, folders that are gone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ankigen.errors import BrokenConfig, ExitCode
from ankigen.source import load
from tests.helpers import processes
from tests.helpers.building import NOON, build, write
from tests.helpers.processes import run

CARD = "- Q #card\n\t- A\n"
NAMELESS = b"\xe9.md"
SOME = [("check",), ("list", "--json"), ("build", "--output", "out/"), ("init",)]
COMMANDS = [
    ("check",),
    *(("check", "--format", format) for format in ("json", "github", "sarif")),
    *(("list",), ("list", "--json"), ("build", "--output", "out/"), ("stamp",), ("changelog",), ("init",)),
]
NAMED = {
    "text": r"notes/\xe9.md:1:1: error:",
    "json": r"\udce9.md",
    "github": r"file=notes/\xe9.md,",
    "sarif": "%E9.md",
}
pytestmark = [
    pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="this system refuses such names"),
    pytest.mark.thorough,
]


def below(folder: Path, name: bytes) -> Path:
    return Path(os.fsdecode(os.fsencode(folder) + b"/" + name))


def nameless(folder: Path, name: bytes = NAMELESS) -> Path:
    path = below(folder, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("- Lost? #card\n\t- A\n")
    return path


def cold(*arguments: str, folder: Path, around: str = 'exec "$@"', **environment: str) -> processes.Done:
    """Run ankigen in a process of its own, by a line of the shell."""
    command = ["sh", "-c", around, "sh", sys.executable, "-m", "ankigen", *arguments]
    own = os.environ | {"PYTHONPATH": str(processes.ROOT)} | environment
    return subprocess.run(command, cwd=folder, env=own, capture_output=True, encoding="utf-8", check=False)


@pytest.mark.parametrize("name", [NAMELESS, b"b\xe9/a.md", b"pages/\xff\xfe.org", b"\xed\xb3\xa9.md"])
def test_a_page_whose_name_is_no_text_is_a_problem_and_the_others_are_made(tmp_path: Path, name: bytes) -> None:
    notes = write(tmp_path / "notes", a=CARD)
    nameless(notes, name)
    desired = load(notes, NOON)
    [problem] = desired.problems
    assert (problem.rule, problem.severity.value) == ("unreadable-file", "error")
    assert problem.message == "the name of the file, or of a folder that holds it, is not UTF-8: rename it"
    assert [note.position.path for note in desired.notes] == ["a.md"]


@pytest.mark.parametrize(("command", "options"), [(command, options) for command, *options in COMMANDS])
def test_no_command_stumbles_over_a_name_that_is_no_text(tmp_path: Path, command: str, options: list[str]) -> None:
    notes = write(tmp_path / "notes", a=CARD)
    nameless(notes)
    done = run(command, "notes", *options, folder=tmp_path)
    assert done.returncode == (ExitCode.DONE if command == "init" else ExitCode.ERRORS_IN_NOTES)
    if command == "check":
        assert NAMED[options[-1] if options else "text"] in done.stdout


def test_json_names_the_page_by_its_bytes(tmp_path: Path) -> None:
    nameless(write(tmp_path / "notes"))
    [problem] = json.loads(run("check", "notes", "--format", "json", folder=tmp_path).stdout)
    assert os.fsencode(problem["path"]) == NAMELESS


def test_notes_of_a_page_that_lost_its_name_are_not_removed(tmp_path: Path) -> None:
    notes = write(tmp_path / "notes", a=CARD, b="- R #card\n\t- B\n")
    before = build(notes, tmp_path / "a.apkg")
    (notes / "b.md").rename(below(notes, NAMELESS))
    after = build(notes, tmp_path / "b.apkg", NOON + 60_000)
    assert after.lock == before.lock
    below(notes, NAMELESS).rename(notes / "c.md")
    assert {note.identity.guid for note in load(notes, NOON).notes} == {note.identity.guid for note in before.notes}


def test_one_page_whose_name_is_no_text_can_be_asked_for(tmp_path: Path) -> None:
    path = nameless(tmp_path)
    assert run("check", path.name, folder=tmp_path).returncode == ExitCode.ERRORS_IN_NOTES
    done = run("build", path.name, folder=tmp_path)
    assert done.returncode == ExitCode.ERRORS_IN_NOTES
    assert done.stderr.endswith("\\xe9.md; tag a question with #card\n")


@pytest.mark.thorough
@pytest.mark.parametrize("is_graph", [False, True])
@pytest.mark.parametrize(("command", "options"), [(command, options) for command, *options in COMMANDS])
def test_notes_in_a_folder_whose_name_is_no_text_are_made(
    tmp_path: Path, command: str, options: list[str], is_graph: bool
) -> None:
    notes = below(tmp_path, b"\xe9")
    picture = "\t- ![](assets/p.png)\n"
    write(notes, a=CARD + picture, b=CARD + picture)
    notes.joinpath("assets").mkdir()
    notes.joinpath("assets/p.png").write_bytes(b"picture")
    below(notes / "assets", b"\xe9.png").write_bytes(b"picture")
    if is_graph:
        notes.joinpath("logseq/bak").mkdir(parents=True)
        notes.joinpath("logseq/config.edn").write_text("{}")
        nameless(notes / "logseq/bak")
    for _ in range(2):
        assert run(command, notes.name, *options, folder=tmp_path).returncode == ExitCode.DONE
    assert {note.deck for note in load(notes, NOON).notes} == ({"?"} if is_graph else {"a", "b"})


def test_a_missing_folder_whose_name_is_no_text_is_no_such_folder(tmp_path: Path) -> None:
    done = run("check", os.fsdecode(NAMELESS), folder=tmp_path)
    assert (done.returncode, done.stderr) == (2, "ankigen: no such file or folder: \\xe9.md\n")


def test_init_asks_for_a_name_that_can_be_written_into_a_file(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    notes = below(tmp_path, b"\xe9")
    write(notes, a=CARD)
    done = run("init", notes.name, folder=tmp_path)
    assert (done.returncode, done.stderr) == (2, "ankigen: the name of \\xe9 is not UTF-8: rename it\n")
    assert not (tmp_path / ".github").exists()


def test_the_same_notes_have_the_same_names_where_python_takes_names_for_ascii(tmp_path: Path) -> None:
    notes = write(tmp_path / "notes", ü=CARD)
    assert run("build", "notes", folder=tmp_path).returncode == ExitCode.DONE
    expected = run("list", "notes", "--json", folder=tmp_path).stdout
    plain = {"PYTHONUTF8": "0", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"}
    assert cold("list", "notes", "--json", folder=tmp_path, **plain).stdout == expected
    assert cold("list", "ü.md", folder=notes, **plain).stdout == "ü.md:1\tbasic\tü\tQ\n"
    assert cold("check", "nö", folder=notes, **plain).returncode == ExitCode.WRONG_COMMAND_LINE


@pytest.mark.parametrize("option", ["css", "output", "source"])
def test_a_path_with_a_nul_in_it_is_no_path(tmp_path: Path, option: str) -> None:
    notes = write(tmp_path / "notes", a=CARD)
    notes.joinpath("ankigen.toml").write_text(f'{option} = "a\\u0000b"\n')
    with pytest.raises(BrokenConfig, match=f"`{option}` must be a path inside the folder of this file, not"):
        load(notes, NOON)


@pytest.mark.parametrize("command", ["check", "list", "changelog"])
def test_a_result_that_cannot_be_printed_is_a_failure(tmp_path: Path, command: str) -> None:
    write(tmp_path / "notes", a=CARD + "- Why? #card\n")
    done = cold(command, "notes", folder=tmp_path, around='exec "$@" > /dev/full')
    assert done.returncode == ExitCode.FAILED
    assert done.stderr == "ankigen: cannot print: No space left on device\n"


def test_what_is_said_beside_the_result_and_cannot_be_printed_is_a_failure_too(tmp_path: Path) -> None:
    write(tmp_path / "notes", a=CARD)
    done = cold("check", "notes", folder=tmp_path, around='exec "$@" 2> /dev/full')
    assert (done.returncode, done.stdout) == (ExitCode.FAILED, "")


@pytest.mark.thorough
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&- <&-"])
@pytest.mark.parametrize(("command", "options"), [(command, options) for command, *options in SOME])
def test_a_stream_that_was_closed_is_printed_to_by_nobody(
    tmp_path: Path, command: str, options: list[str], closed: str
) -> None:
    notes = write(tmp_path / "notes", a=CARD)
    done = cold(command, "notes", *options, folder=tmp_path, around=f'exec "$@" {closed}')
    assert done.returncode == ExitCode.DONE
    assert "Traceback" not in done.stderr
    assert all(b"Q" not in path.read_bytes() for path in notes.glob("*.toml"))


GONE = 'mkdir gone && cd gone && rmdir ../gone && exec "$@"'


@pytest.mark.parametrize(("command", "options"), [(command, options) for command, *options in SOME])
def test_a_current_folder_that_is_gone_is_told(tmp_path: Path, command: str, options: list[str]) -> None:
    done = cold(command, *options, folder=tmp_path, around=GONE)
    assert (done.returncode, done.stdout) == (ExitCode.FAILED, "")
    assert done.stderr == "ankigen: the current folder has been deleted: change to one that exists\n"


@pytest.mark.parametrize(("command", "options"), [(command, options) for command, *options in SOME])
def test_notes_elsewhere_are_read_from_a_folder_that_is_gone_as_far_as_paths_can_be_told(
    tmp_path: Path, command: str, options: list[str]
) -> None:
    notes = write(tmp_path / "notes", a=CARD)
    done = cold(command, str(notes), *options, folder=tmp_path, around=GONE)
    is_gone = done.stderr.endswith("ankigen: the current folder has been deleted: change to one that exists\n")
    assert done.returncode == (ExitCode.FAILED if is_gone else ExitCode.DONE)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("pattern", ["[[a]", "[a||b]", "[a&&b]", "[a~~b]"])
def test_a_pattern_that_python_wonders_at_is_no_line_of_its_own(tmp_path: Path, pattern: str) -> None:
    write(tmp_path, a=f'- a b #card\n  replacecloze:: " /{pattern}/ "\n')
    assert [note.content.kind for note in load(tmp_path, NOON).notes] == ["cloze"]
    assert cold("check", folder=tmp_path).stderr == "1 note, 1 card, 1 deck, no problems\n"
