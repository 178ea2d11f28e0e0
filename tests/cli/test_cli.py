"""The command line as a stranger meets it: results, one clear line for each failure, exit codes."""

import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from ankigen import __version__
from ankigen.cli import app
from ankigen.errors import ExitCode
from tests.helpers.building import write
from tests.helpers.processes import run, start
from tests.helpers.terminal import on_a_terminal

CARD = "- Q #card\n\t- A\n"


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    return write(tmp_path / "notes", a=CARD)


def test_build_prints_the_package_and_says_what_it_made(notes: Path) -> None:
    done = run("build", "notes", "-o", "deck.apkg", folder=notes.parent)
    assert done.returncode == ExitCode.DONE
    assert done.stdout == "deck.apkg\n"
    assert done.stderr.splitlines() == [
        "notes/ankigen.lock is new: commit it with your notes, it remembers which card is which",
        "1 note, 1 card, 1 deck, no problems",
    ]


def test_a_folder_as_output_gets_one_package_for_each_top_deck(tmp_path: Path) -> None:
    write(tmp_path / "notes", a=CARD, b="deck:: Law/Civil\n\n" + CARD, c="deck:: Law::Public\n\n" + CARD)
    done = run("build", "notes", "-o", "out", "--quiet", folder=tmp_path)
    assert done.stdout.splitlines() == ["out/a.apkg", "out/Law.apkg"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["Law.apkg", "a.apkg"]


def test_check_writes_nothing_and_exits_with_1_for_an_error(tmp_path: Path) -> None:
    write(tmp_path / "notes", a="- Fine? #card\n\t- Yes\n- Why? #card\n-\n\t- #card\n\t\t- A\n")
    done = run("check", "notes", folder=tmp_path)
    assert done.returncode == ExitCode.ERRORS_IN_NOTES
    assert done.stdout.splitlines() == [
        (
            "notes/a.md:3:3: error: card has no answer: indent it below the question, "
            "or set `empty_back = true` [no-answer]"
        ),
        "    3 | - Why? #card",
        "      |   ^^^^",
        "notes/a.md:5:4: error: card has no question: write it in front of #card [no-question]",
        "    5 |     - #card",
        "      |       ^^^^^",
    ]
    assert done.stderr.splitlines() == [
        "2 problems in 1 file: 1 no-answer, 1 no-question",
        "1 note, 1 card, 1 deck, 2 errors",
    ]
    assert [path.name for path in (tmp_path / "notes").iterdir()] == ["a.md"]


def test_notes_without_cards_are_told_how_to_begin(tmp_path: Path) -> None:
    write(tmp_path, a="- Just a thought\n")
    assert run("check", folder=tmp_path).stderr == (
        "no cards: tag a question with #card, and indent its answer below it\n"
    )


def test_strict_counts_warnings_and_builds_nothing(tmp_path: Path) -> None:
    write(tmp_path / "notes", a="- a\x08b\n" + CARD)
    assert run("check", "notes", folder=tmp_path).returncode == ExitCode.DONE
    assert run("check", "notes", "--strict", folder=tmp_path).returncode == ExitCode.ERRORS_IN_NOTES
    done = run("build", "notes", "--strict", "-o", "out", folder=tmp_path)
    assert done.returncode == ExitCode.ERRORS_IN_NOTES
    assert done.stderr.endswith("ankigen: nothing was built: --strict stops at the problems above\n")
    assert not (tmp_path / "out").exists()


def test_locked_refuses_a_lock_that_would_change(notes: Path) -> None:
    refused = run("build", "notes", "--locked", "-o", "deck.apkg", folder=notes.parent)
    assert refused.returncode == ExitCode.PROTECTED
    assert "run `ankigen build` without --locked and commit the file" in refused.stderr
    assert not (notes / "ankigen.lock").exists()
    assert not (notes.parent / "deck.apkg").exists()
    run("build", "notes", "-o", "deck.apkg", folder=notes.parent)
    assert run("build", "notes", "--locked", "-o", "deck.apkg", folder=notes.parent).returncode == ExitCode.DONE


@pytest.mark.parametrize("format", ["text", "json", "github", "sarif"])
def test_check_prints_each_problem_in_every_format(tmp_path: Path, format: str) -> None:
    write(tmp_path / "notes", a="- Why? #card\n")
    shown = run("check", "notes", "--format", format, folder=tmp_path).stdout
    message = "card has no answer: indent it below the question, or set `empty_back = true`"
    assert message in shown
    if format == "json":
        place = {"line": 1, "column": 3, "end_line": 1, "end_column": 7}
        fields = {"path": "a.md", **place, "severity": "error", "rule": "no-answer", "message": message}
        assert json.loads(shown) == [fields]
    if format == "github":
        assert shown == f"::error file=notes/a.md,line=1,endLine=1,col=3,endColumn=7,title=no-answer::{message}\n"
    if format == "sarif":
        [result] = json.loads(shown)["runs"][0]["results"]
        assert (result["ruleId"], result["level"], result["message"]) == ("no-answer", "error", {"text": message})


def test_list_shows_what_ankigen_sees(tmp_path: Path) -> None:
    write(tmp_path / "notes", a="tags:: x\n\n- *Q* #card #y\n\t- A & B\n")
    [note] = json.loads(run("list", "notes", "--json", folder=tmp_path).stdout)
    assert (note["path"], note["line"], note["kind"], note["deck"]) == ("a.md", 3, "basic", "a")
    assert (note["tags"], note["suspended"], note["cards"]) == (["x", "y"], False, [0])
    assert note["fields"]["Front"] == "<em>Q</em>"
    assert note["fields"]["Back"] == "A &amp; B"
    assert list(note["fields"])[-2:] == ["Guid", "Base"]
    assert note["fields"]["Guid"] == note["guid"]
    assert "a.md:3" in run("list", "notes", folder=tmp_path).stdout


def test_all_json_names_paths_from_the_root_of_the_notes(tmp_path: Path) -> None:
    notes = tmp_path / "course/notes"
    write(notes / "part", a="- Why? #card\n- Q #card\n\t- ![x](none.png)\n")
    assert run("build", "course/notes", "-o", "dist/", folder=tmp_path).returncode == ExitCode.ERRORS_IN_NOTES
    for source, folder in (
        ("course/notes", tmp_path),
        ("notes/part", tmp_path / "course"),
        ("a.md", notes / "part"),
        (".", notes / "part"),
    ):
        problems = json.loads(run("check", source, "--format", "json", folder=folder).stdout)
        listed = json.loads(run("list", source, "--json", folder=folder).stdout)
        assert {one["path"] for one in (*problems, *listed)} == {"part/a.md"}
        assert len(problems) == 2


def test_more_than_ten_problems_of_one_rule_in_a_file_are_one_line(tmp_path: Path) -> None:
    write(tmp_path, a="- Why? #card\n" * 11 + "- ![x](none.png) #card\n\t- A\n", b="- Why? #card\n" * 10)
    shown = run("check", ".", folder=tmp_path)
    message = "error: card has no answer: indent it below the question, or set `empty_back = true`"
    assert shown.stdout.splitlines()[:2] == [
        f"a.md:1:3: {message} (11 in this file; --verbose shows all) [no-answer]",
        "a.md:12:3: warning: there is no file none.png: check the link, or put the file there [missing-media]",
    ]
    assert shown.stdout.count(f"{message} [no-answer]\n") == 10
    assert shown.stderr.splitlines()[0] == "22 problems in 2 files: 21 no-answer, 1 missing-media"
    every = run("check", ".", "--verbose", folder=tmp_path).stdout
    assert (every.count(f"{message} [no-answer]\n"), every.count("in this file")) == (21, 0)
    assert len(json.loads(run("check", ".", "--format", "json", folder=tmp_path).stdout)) == 22
    assert run("check", ".", "--format", "github", folder=tmp_path).stdout.count("\n") == 22
    assert run("build", ".", folder=tmp_path).stderr.count("(11 in this file; --verbose shows all)") == 1


def test_list_of_one_file_names_it_as_it_was_asked_for(notes: Path) -> None:
    run("build", "notes", "-o", "deck.apkg", folder=notes.parent)
    write(notes, b=CARD)
    [note] = json.loads(run("list", "notes/b.md", "--json", folder=notes.parent).stdout)
    assert (note["path"], note["deck"]) == ("b.md", "b")


@pytest.fixture
def world(tmp_path: Path) -> Path:
    """Every kind of trouble, side by side."""
    (tmp_path / "empty").mkdir()
    write(tmp_path / "nul", a="- Q\x00 #card\n\t- A\x00B\n")
    write(tmp_path / "binary").joinpath("a.md").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    (tmp_path / "photo.png").write_bytes(b"\x89PNG")
    return tmp_path


@pytest.fixture(scope="module")
def huge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("home") / "huge"
    folder.mkdir()
    (folder / "a.md").write_bytes(b"- prose without any question\n" * 3_500_000)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.parametrize("command", ["check", "build"])
@pytest.mark.parametrize(
    ("source", "code", "line"),
    [
        ("missing", {ExitCode.WRONG_COMMAND_LINE}, "ankigen: no such file or folder: missing"),
        ("photo.png", {ExitCode.WRONG_COMMAND_LINE}, "ankigen: photo.png is not a file of notes; ankigen reads .md"),
        ("empty", {ExitCode.DONE, ExitCode.ERRORS_IN_NOTES}, "card"),
        ("binary", {ExitCode.ERRORS_IN_NOTES}, "byte 0x89 at offset 0 is not utf-8: save the file as UTF-8"),
        ("nul", {ExitCode.DONE}, "control character U+0000: delete it; cards leave such characters out"),
    ],
)
def test_trouble_gets_a_clear_line_and_leaves_nothing_half_written(
    world: Path, command: str, source: str, code: set[ExitCode], line: str
) -> None:
    before = sorted(world.rglob("*"))
    done = run(command, source, *(["-o", "out.apkg"] if command == "build" else []), folder=world)
    assert done.returncode in code
    assert line in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    written = set(world.rglob("*")) - set(before)
    assert {path.name for path in written} <= {"out.apkg", "ankigen.lock"}
    assert bool(written) == (command == "build" and source == "nul")


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("command", "code", "line"),
    [
        (["check", "huge"], ExitCode.DONE, "no cards: tag a question with #card, and indent its answer below it"),
        (
            ["build", "huge", "-o", "out.apkg"],
            ExitCode.ERRORS_IN_NOTES,
            "ankigen: nothing to build: found no cards in {huge}; tag a question with #card",
        ),
    ],
)
def test_a_hundred_megabytes_of_prose_get_a_clear_line(
    huge: Path, command: list[str], code: ExitCode, line: str
) -> None:
    done = run(*command, folder=huge.parent)
    assert (done.returncode, done.stderr.splitlines()) == (code, [line.format(huge=huge)])
    assert [path.name for path in huge.parent.rglob("*")] == ["huge", "a.md"]


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A folder that any user may enter."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permission")
def test_a_file_without_read_permission_is_an_error_and_the_others_are_built(public_folder: Path) -> None:
    write(public_folder, a=CARD, b=CARD)
    (public_folder / "b.md").chmod(0)
    effective = os.geteuid()
    if effective == 0:
        os.seteuid(65534)
    try:
        from ankigen.source import load

        desired = load(public_folder, 0)
    finally:
        os.seteuid(effective)
    assert [note.position.path for note in desired.notes] == ["a.md"]
    [problem] = desired.problems
    assert (problem.position.path, problem.rule) == ("b.md", "unreadable-file")
    assert problem.message == "Permission denied: make the file readable, or move it out of the notes"


def test_a_package_that_cannot_be_written_leaves_the_old_one(notes: Path) -> None:
    (notes.parent / "blocked").write_text("a file where a folder is wanted")
    done = run("build", "notes", "-o", "blocked/deck.apkg", folder=notes.parent)
    assert done.returncode == ExitCode.FAILED
    assert done.stderr.splitlines()[-1].startswith("ankigen: cannot write blocked/deck.apkg: ")
    assert sorted(path.name for path in notes.parent.iterdir()) == ["blocked", "notes"]


def test_programs_are_given_utf8_whatever_the_code_page(tmp_path: Path) -> None:
    """On Windows a pipe has the code page of the country."""
    write(tmp_path, a="- 東京 “x”? #card\n\t- → a\n")
    done = run("list", "--quiet", folder=tmp_path, PYTHONIOENCODING="cp1252")
    assert done.stdout.split() == ["a.md:1", "basic", "a", "東京", "“x”?"]


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_a_terminal_without_a_letter_shows_a_question_mark(tmp_path: Path) -> None:
    write(tmp_path, a="- 東京 x #card\n\t- a\n")
    shown, code = on_a_terminal("list", "--quiet", folder=tmp_path, PYTHONIOENCODING="cp1252")
    assert (shown.split(), code) == (["a.md:1", "basic", "a", "??", "x"], ExitCode.DONE)


@pytest.mark.parametrize("arguments", [["--version"], ["build", "--version"], ["check", "--version"]])
def test_the_version_is_shown_everywhere(arguments: list[str], tmp_path: Path) -> None:
    assert run(*arguments, folder=tmp_path).stdout == f"ankigen {__version__}\n"


COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_can_be_quiet_or_tell_more(command: str) -> None:
    for each in getattr(COMMANDS[command], "commands", {command: COMMANDS[command]}).values():
        known = {option for parameter in each.params for option in parameter.opts}
        assert known >= {"--quiet", "-q", "--verbose", "-v", "--version"}


@pytest.mark.parametrize("command", ["check", "stamp"])
def test_verbose_says_what_was_read(notes: Path, command: str) -> None:
    said = f"read the notes in {notes}; 1 in all\n"
    assert run(command, "notes", "--verbose", folder=notes.parent).stderr.startswith(said)
    assert said not in run(command, "notes", folder=notes.parent).stderr


@pytest.mark.skipif(sys.platform == "win32", reason="needs a named pipe")
@pytest.mark.parametrize(
    ("command", "line"),
    [
        ("build", "ankigen: stopped while reading the notes: nothing was written\n"),
        ("check", "ankigen: stopped while reading the notes: nothing was written\n"),
        ("stamp", "ankigen: stopped: run the same command again to finish\n"),
    ],
)
def test_an_interrupt_is_one_line_and_130(tmp_path: Path, command: str, line: str) -> None:
    notes, path = write(tmp_path / "notes", a="- Q #card\n\t- ```mermaid\n\t  graph TD\n\t  ```\n"), os.environ["PATH"]
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "mmdc").write_text(f"#!/bin/sh\nexec tail -f /dev/null > {tmp_path}/pipe\n")  # it never comes to an end
    (tmp_path / "mmdc").chmod(0o755)
    before = sorted(notes.rglob("*"))
    with start(command, "notes", folder=tmp_path, PATH=f"{tmp_path}:{path}", XDG_CACHE_HOME=str(tmp_path)) as running:
        with (tmp_path / "pipe").open("rb"):  # once the diagram is drawn
            running.process.send_signal(signal.SIGINT)
        done = running.done()
    assert (done.returncode, done.stdout, done.stderr) == (130, "", line)
    assert sorted(notes.rglob("*")) == before


def test_an_unknown_option_is_a_wrong_command_line(tmp_path: Path) -> None:
    assert run("build", "--colour", folder=tmp_path).returncode == ExitCode.WRONG_COMMAND_LINE
