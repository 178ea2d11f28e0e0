"""Notes of a stranger: links that lead elsewhere, pipes, and names that no disk takes; nothing elsewhere is touched."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ankigen.source import load
from tests.helpers.building import NOON, write
from tests.helpers.processes import ROOT, Done, run

CARD = "- Who holds it? #card\n\t- `hunter2`\n"
HELD = "SECRET_TOKEN=hunter2-very-secret\n"
COMMANDS = (("build", "notes", "-o", "dist/"), ("check", "notes"), ("list", "notes"), ("stamp", "notes"))

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="Windows asks for rights before it makes a link"),
    pytest.mark.thorough,
]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with notes, and beside them what is none of the notes' business."""
    write(tmp_path / "notes", a=CARD)
    (tmp_path / "home").mkdir()
    (tmp_path / "home/secret").write_text(HELD)
    return tmp_path


def everything(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def guarded(*arguments: str, folder: Path) -> Done:
    """A command that is killed if it waits for somebody."""
    command = [sys.executable, "-m", "ankigen", *arguments]
    own = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=folder, env=own, capture_output=True, text=True, check=False, timeout=100)


def link(path: Path, leads_to: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(leads_to)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
@pytest.mark.parametrize(
    "leads_to", ["../home/.bash_profile", "../home/secret", ".git/hooks/post-checkout", ".envrc", "run.sh", "/dev/zero"]
)
def test_a_lock_that_is_a_link_to_something_else_is_refused(
    home: Path, command: tuple[str, ...], leads_to: str
) -> None:
    (home / "notes/.git/hooks").mkdir(parents=True)
    link(home / "notes/ankigen.lock", leads_to)
    before = everything(home)
    done = run(*command, folder=home)
    assert (done.returncode, done.stdout) == (3, "")
    assert "ankigen.lock: a link leads " in done.stderr
    assert "hunter2" not in done.stderr
    assert everything(home) == before
    assert (home / "notes/ankigen.lock").readlink() == Path(leads_to)


def test_a_lock_that_is_a_link_within_the_notes_is_written_through(home: Path) -> None:
    link(home / "notes/ankigen.lock", "locks/mine.lock")
    for _ in range(2):
        assert run("build", "notes", "-o", "dist/", folder=home).returncode == 0
    assert (home / "notes/ankigen.lock").is_symlink()
    assert (home / "notes/locks/mine.lock").read_text().startswith("# ankigen.lock")


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
@pytest.mark.parametrize(
    ("name", "leads_to"),
    [
        ("logseq/config.edn", "../../home/secret"),
        ("logseq/config.edn", "../../home/none"),
        ("logseq/config.edn", "/proc/self/environ"),
        ("logseq/config.edn", "../.git/config"),
        ("logseq/config.edn", "../token.txt"),
        ("logseq", "../home/logseq"),
        ("ankigen.toml", "../home/secret"),
        ("pyproject.toml", "../home/secret"),
    ],
)
def test_settings_that_are_a_link_to_something_else_are_refused(
    home: Path, command: tuple[str, ...], name: str, leads_to: str
) -> None:
    for path in ("home/logseq/config.edn", "notes/.git/config", "notes/token.txt"):
        (home / path).parent.mkdir(exist_ok=True)
        (home / path).write_text(HELD)
    link(home / "notes" / name, leads_to)
    before = everything(home)
    done = run(*command, folder=home)
    assert (done.returncode, done.stdout) == (3, "")
    assert ": a link leads " in done.stderr
    assert "hunter2" not in done.stderr
    assert everything(home) == before


def test_settings_of_a_graph_may_be_a_link_within_the_notes(home: Path) -> None:
    (home / "notes/shared").mkdir()
    (home / "notes/shared/mine.edn").write_text('{:hidden ["/a.md"]}')
    link(home / "notes/logseq/config.edn", "../shared/mine.edn")
    write(home / "notes", b=CARD)
    assert [note.position.path for note in load(home / "notes", NOON).notes] == ["b.md"]


def test_the_css_of_a_stranger_is_not_read_from_elsewhere(home: Path) -> None:
    link(home / "notes/a.css", "../home/secret")
    for given in ("/proc/self/environ", "../home/secret", "a.css", ".git/config", "token.txt"):
        (home / "notes/ankigen.toml").write_text(f'css = "{given}"\n')
        done = run("build", "notes", "-o", "dist/", folder=home)
        assert done.returncode == 2
        assert "`css` must be a " in done.stderr
        assert not (home / "dist").exists()


def test_the_output_of_a_stranger_stays_with_the_notes(home: Path) -> None:
    (home / "victim").mkdir()
    (home / "victim/a.apkg").write_text("mine")
    for given in (str(home / "victim"), "../victim/", "../victim/a.apkg"):
        (home / "notes/ankigen.toml").write_text(f'output = "{given}"\n')
        assert run("build", "notes", folder=home).returncode == 2
    (home / "notes/ankigen.toml").write_text('output = "dist/"\n')
    link(home / "notes/dist", "../victim")
    assert run("build", "notes", folder=home).returncode == 2
    assert everything(home / "victim") == {"a.apkg": b"mine"}
    assert run("build", "notes", "--output", "victim/", folder=home).returncode == 2  # until the config is mended
    (home / "notes/ankigen.toml").unlink()
    assert run("build", "notes", "--output", "victim/", folder=home).returncode == 0


@pytest.mark.parametrize(
    ("made", "output"),
    [
        ({"dist": "../home"}, "dist/"),
        ({"dist": "../nothing"}, "dist/"),
        ({"dist/a.apkg": "../../home/secret"}, "dist/"),
        ({"dist/a.apkg": "../../home/none"}, "dist/"),
        ({"dist/a.apkg": "../../home/none.apkg"}, "dist/"),
        ({"out.apkg": "../home/secret"}, "out.apkg"),
        ({"a.apkg": "../home/secret"}, "."),
        ({"build": ".."}, "build/home"),
    ],
)
def test_a_package_is_not_written_through_a_link_of_the_notes(home: Path, made: dict[str, str], output: str) -> None:
    for name, leads_to in made.items():
        link(home / "notes" / name, leads_to)
    before = everything(home)
    done = run("build", ".", "--output", output, folder=home / "notes")
    assert done.returncode == 3
    assert "cannot write" in done.stderr
    assert ": a link leads " in done.stderr
    assert everything(home) == before


def test_the_search_for_removed_notes_is_not_written_through_a_link_of_the_notes(home: Path) -> None:
    link(home / "notes/removed.txt", "../home/secret")
    before = everything(home)
    done = run("build", ".", "--removed", "removed.txt", folder=home / "notes")
    assert (done.returncode, everything(home)) == (3, before)


def test_the_command_line_may_name_any_folder(home: Path) -> None:
    link(home / "elsewhere", "home")
    assert run("build", ".", "--output", "../elsewhere/decks", folder=home / "notes").returncode == 0
    assert (home / "home/decks/a.apkg").exists()


def test_init_writes_nothing_through_a_link_of_the_notes(home: Path) -> None:
    link(home / "notes/.github", "../home")
    done = run("init", ".", folder=home / "notes")
    assert done.returncode == 3
    assert everything(home / "home") == {"secret": HELD.encode()}


def test_guessed_names_of_drafts_lead_nowhere(home: Path) -> None:
    """As long as names of drafts held the number of the process, links of all those names caught one."""
    for number in range(3000):
        link(home / f"notes/.ankigen.lock.{number}.tmp", "../home/secret")
    assert run("build", "notes", "-o", "dist/", folder=home).returncode == 0
    assert (home / "home/secret").read_text() == HELD
    assert not (home / "notes/ankigen.lock").is_symlink()


def pipe(path: Path) -> None:
    os.mkfifo(path)


def terminal(path: Path) -> None:
    path.symlink_to("/dev/tty")


@pytest.mark.parametrize("name", ["ankigen.lock", "ankigen.toml", "pyproject.toml", "logseq/config.edn"])
@pytest.mark.parametrize("command", COMMANDS[:2], ids=lambda command: command[0])
def test_a_pipe_is_never_waited_for(home: Path, name: str, command: tuple[str, ...]) -> None:
    (home / "notes/logseq").mkdir()
    pipe(home / "notes" / name)
    done = guarded(*command, folder=home)
    assert (done.returncode, done.stdout) == (3, "")
    assert f"{name}: it is a pipe or a device, not a file" in done.stderr


def test_a_page_that_is_a_pipe_is_a_problem_and_stops_no_other(home: Path) -> None:
    pipe(home / "notes/b.md")
    done = guarded("build", "notes", "-o", "dist/", folder=home)
    assert done.returncode == 1
    assert "b.md:1:1: error: it is a pipe or a device, not a file: make the file readable" in done.stderr
    assert (home / "dist/a.apkg").exists()


@pytest.mark.parametrize("make", [pipe, terminal])
def test_old_copies_that_are_no_files_are_passed_by(home: Path, make: Callable[[Path], None]) -> None:
    (home / "notes/logseq/bak").mkdir(parents=True)
    (home / "notes/logseq/config.edn").write_text("{}")
    make(home / "notes/logseq/bak/a.md")
    assert guarded("check", "notes", folder=home).returncode == 0


def test_old_copies_behind_a_link_are_not_counted(home: Path) -> None:
    write(home / "home", b=CARD)
    (home / "notes/logseq/bak").mkdir(parents=True)
    (home / "notes/logseq/config.edn").write_text("{}")
    link(home / "notes/logseq/bak/b.md", "../../../home/b.md")
    link(home / "notes/logseq/bak/deep", "../../../home")
    link(home / "notes/logseq/.recycle", "../../home")
    assert load(home / "notes", NOON).problems == ()


def test_a_package_whose_name_no_disk_takes_gets_a_shorter_one(tmp_path: Path) -> None:
    longest = "d" * 250
    decks = [longest, "d" * 251, "d" * 251 + "e", "d" * 2000, "眼" * 100, "short"]
    pages = {f"p{number}": f"deck:: {deck}\n\n{CARD}" for number, deck in enumerate(decks)}
    write(tmp_path / "notes", **pages)
    for _ in range(2):
        assert run("build", "notes", "-o", "dist/", folder=tmp_path).returncode == 0
    names = {path.name for path in (tmp_path / "dist").iterdir()}
    assert len(names) == len(decks)
    assert {f"{longest}.apkg", "short.apkg"} < names
    assert max(len(name.encode()) for name in names) == 255
    [cut] = [name for name in names if name.startswith("眼")]
    assert cut.strip("眼")[0] == "-"


def test_no_control_character_of_a_deck_is_in_the_name_of_its_package(tmp_path: Path) -> None:
    write(tmp_path / "notes", a=f"deck:: a\x1b[31mb\x07c\n\n{CARD}")
    assert run("build", "notes", "-o", "dist/", folder=tmp_path).returncode == 0
    assert all(path.name.isprintable() for path in (tmp_path / "dist").iterdir())
