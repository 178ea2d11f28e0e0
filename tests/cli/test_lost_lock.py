"""A lock file that is lost, or not where it has to be: which names notes get then, and what is said."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from ankigen import api
from ankigen.errors import ExitCode, LockMissing, LockUntracked
from ankigen.source import load
from tests.helpers import processes
from tests.helpers.building import NOON, build, write
from tests.helpers.processes import Done

LENS = "- What bends light? #card\n\t- A lens\n"


def git(folder: Path, *arguments: str) -> str:
    names = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
    return subprocess.run(["git", *names, *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout


def committed(folder: Path, message: str = "notes") -> Path:
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", message)
    return folder


def repository(folder: Path, *, place: str = "decks") -> Path:
    """A repository whose first commit is its own, with notes in a folder of it and no lock file."""
    write(folder / place, optics=LENS)
    git(folder, "init", "--quiet")
    return committed(folder, f"first commit of {folder.name}")


def clone(origin: Path, folder: Path, *options: str) -> Path:
    git(origin.parent, "clone", "--quiet", *options, origin.as_uri(), str(folder))
    return folder


def name_of(notes: Path) -> str:
    return load(notes, NOON).lock.source_id


def guids(notes: Path) -> set[str]:
    return {note.identity.guid for note in load(notes, NOON).notes}


# Sets below


@pytest.mark.parametrize("is_built", [False, True])
def test_a_new_lock_does_not_take_the_notes_of_courses_below_it(tmp_path: Path, is_built: bool) -> None:
    for course in ("law", "physics"):
        write(tmp_path / course, **{course: LENS})
        api.init(tmp_path / course)
        if is_built:
            assert processes.run("build", course, folder=tmp_path).returncode == 0
    done = processes.run("build", folder=tmp_path)
    assert done.returncode == ExitCode.PROTECTED
    assert done.stderr.splitlines()[-1] == (
        f"ankigen: law and physics in {tmp_path} have an ankigen.lock or ankigen.toml: name the folder of one course; "
        "--new-lock makes one set of all notes, with new cards for your readers"
    )
    assert not (tmp_path / "ankigen.lock").exists()
    assert processes.run("check", folder=tmp_path).returncode == 0
    assert processes.run("build", "law", folder=tmp_path).returncode == 0
    assert processes.run("build", "--new-lock", "-o", "all/", folder=tmp_path).returncode == 0
    assert processes.run("build", "-o", "all/", folder=tmp_path).returncode == 0


# The name of a new set of notes


def test_a_lost_lock_in_a_clone_finds_the_same_guids_again(tmp_path: Path) -> None:
    origin = repository(tmp_path / "origin")
    first = build(origin / "decks", tmp_path / "a.apkg")
    committed(origin, "the lock")
    write(origin / "decks", waves="- What is a wave? #card\n\t- A motion\n")
    committed(origin, "more notes")
    other = clone(origin, tmp_path / "a clone elsewhere")
    (other / "decks/ankigen.lock").unlink()
    assert name_of(other / "decks") == first.lock.source_id
    assert {*first.lock.identities} < guids(other / "decks")


def test_the_name_is_a_matter_of_the_first_commit_and_of_the_place_in_the_repository(tmp_path: Path) -> None:
    origin = repository(tmp_path / "origin")
    write(origin / "optics", optics=LENS)
    names = [name_of(origin), name_of(origin / "decks"), name_of(origin / "optics")]
    names.append(name_of(repository(tmp_path / "other") / "decks"))
    assert len({*names}) == 4
    assert name_of(origin / "decks") == names[1]
    assert all(re.fullmatch("[0-9a-f]{12}", name) for name in names)


def test_a_history_that_is_merged_in_later_changes_no_name(tmp_path: Path) -> None:
    origin, other = repository(tmp_path / "origin"), repository(tmp_path / "other", place="more")
    before = name_of(origin / "decks")
    git(origin, "fetch", "--quiet", other.as_uri(), "main")
    git(origin, "merge", "--quiet", "--allow-unrelated-histories", "--no-edit", "FETCH_HEAD")
    assert (origin / "more").is_dir()
    assert name_of(origin / "decks") == before


def test_where_no_clone_would_know_it_the_name_is_random(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    origin = repository(tmp_path / "origin")
    committed(write(origin, more=LENS), "second commit")
    shallow = clone(origin, tmp_path / "shallow", "--depth", "1") / "decks"
    (origin / ".gitignore").write_text("private/\n")
    ignored = write(origin / "private", optics=LENS)
    empty = write(tmp_path / "empty", optics=LENS)
    git(empty, "init", "--quiet")
    bare = write(tmp_path / "no repository", optics=LENS)
    for notes in (shallow, ignored, empty, bare):
        assert name_of(notes) != name_of(notes), notes
    monkeypatch.setenv("PATH", "")
    assert name_of(origin / "decks") != name_of(origin / "decks")


def test_a_repository_names_no_program_that_is_run(tmp_path: Path) -> None:
    origin = repository(tmp_path / "origin")
    build(origin / "decks", tmp_path / "a.apkg")
    committed(origin, "the lock")
    (origin / "decks/ankigen.lock").unlink()
    for setting in ("core.fsmonitor", "core.pager", "core.sshCommand", "gpg.program", "core.editor"):
        git(origin, "config", setting, f"touch {tmp_path / 'run'}; false")
    git(origin, "config", "log.showSignature", "true")
    assert api.lost_lock(load(origin / "decks", NOON))
    assert not (tmp_path / "run").exists()


# What is said


def run(folder: Path, *options: str, ci: str = "") -> Done:
    return processes.run("build", "decks", "-o", "a.apkg", "--quiet", *options, folder=folder, CI=ci)


def test_a_lost_lock_is_told_in_one_line_with_the_command_that_brings_it_back(tmp_path: Path) -> None:
    origin = repository(tmp_path / "origin")
    run(origin)
    lock = origin / "decks/ankigen.lock"
    text = lock.read_text()
    committed(origin, "the lock")
    lock.unlink()
    assert run(origin).stderr == (
        "warning: decks/ankigen.lock is gone, and git has it: `git -C decks restore -- ankigen.lock` brings it back, "
        "and without it nobody can know what your readers have\n"
    )
    assert lock.is_file(), "a build makes one, but does not bring back the old one by itself"
    lock.unlink()
    subprocess.run(shlex.split("git -C decks restore -- ankigen.lock"), cwd=origin, check=True)
    assert lock.read_text() == text
    assert run(origin).stderr == ""


def taken_out(origin: Path) -> None:
    git(origin, "rm", "--quiet", "decks/ankigen.lock")


def taken_out_for_good(origin: Path) -> None:
    taken_out(origin)
    committed(origin, "without the lock")
    committed(write(origin / "decks", waves="- What is a wave? #card\n\t- A motion\n"), "more notes")


def moved_away(origin: Path) -> None:
    shutil.move(origin / "decks/ankigen.lock", origin.parent / "elsewhere")


@pytest.mark.parametrize("lose", [taken_out, taken_out_for_good, moved_away])
@pytest.mark.parametrize("place", ["decks", "decks/physics"], ids=["its folder", "a folder below"])
def test_whichever_way_it_was_lost_the_command_brings_it_back(
    tmp_path: Path, lose: object, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    origin = repository(tmp_path / "origin")
    committed(write(origin / "decks/physics", light=LENS), "a folder below")
    build(origin / "decks", tmp_path / "a.apkg")
    text = (origin / "decks/ankigen.lock").read_text()
    committed(origin, "the lock")
    assert callable(lose)
    lose(origin)
    monkeypatch.chdir(origin)
    command = api.lost_lock(load(origin / place, NOON))
    assert command
    subprocess.run(shlex.split(command), cwd=origin, check=True)
    assert (origin / "decks/ankigen.lock").read_text() == text


def test_a_lock_that_never_was_is_not_lost(tmp_path: Path) -> None:
    origin = repository(tmp_path / "origin")
    assert api.lost_lock(load(origin / "decks", NOON)) is None
    assert "is new: commit it with your notes" in run(origin).stderr
    assert api.lost_lock(load(write(tmp_path / "bare", optics=LENS), NOON)) is None


# In CI


def test_ci_stops_without_a_lock_unless_this_is_the_first_build(tmp_path: Path) -> None:
    origin = repository(tmp_path / "origin")
    stopped = run(origin, ci="true")
    assert stopped.returncode == ExitCode.PROTECTED
    assert stopped.stderr.endswith(
        "ankigen.lock is missing: build once on your machine and commit it; "
        "--new-lock says that this is the first build\n"
    )
    assert [path.name for path in origin.iterdir() if path.name != ".git"] == ["decks"]
    assert not (origin / "decks/ankigen.lock").exists()
    assert run(origin, "--new-lock", ci="true").returncode == ExitCode.DONE


def test_ci_stops_at_a_lock_that_is_not_tracked(tmp_path: Path) -> None:
    origin = repository(tmp_path / "origin")
    run(origin)
    stopped = run(origin, ci="true")
    assert stopped.returncode == ExitCode.PROTECTED
    assert "is not tracked by git: commit it, or notes made here may duplicate those made elsewhere; " in stopped.stderr
    assert run(origin, "--new-lock", ci="true").returncode == ExitCode.DONE
    git(origin, "add", ".")
    assert run(origin, ci="true").stderr == ""


def test_ci_names_the_command_where_git_has_the_lock(tmp_path: Path) -> None:
    origin = repository(tmp_path / "origin")
    run(origin)
    committed(origin, "the lock")
    (origin / "decks/ankigen.lock").unlink()
    stopped = run(origin, ci="true")
    assert stopped.returncode == ExitCode.PROTECTED
    assert "is missing: git has it, `git -C decks restore -- ankigen.lock` restores it; " in stopped.stderr
    assert not (origin / "decks/ankigen.lock").exists()


def test_ci_in_a_shallow_clone_is_told_how_the_notes_get_their_names_again(tmp_path: Path) -> None:
    origin = repository(tmp_path / "origin")
    committed(write(origin, more=LENS), "second commit")
    stopped = run(clone(origin, tmp_path / "shallow", "--depth", "1"), ci="true")
    assert stopped.returncode == ExitCode.PROTECTED
    assert "or fetch the whole history (`fetch-depth: 0`), from which it can be restored" in stopped.stderr


def test_what_ci_stops_at_can_be_asked_of_the_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    origin = repository(tmp_path / "origin")
    with pytest.raises(LockMissing):
        api.require_lock(load(origin / "decks", NOON))
    build(origin / "decks", tmp_path / "a.apkg")
    with pytest.raises(LockUntracked):
        api.require_lock(load(origin / "decks", NOON))
    api.require_lock(load(origin / "decks", NOON), is_first=True)


def test_a_lock_outside_of_any_repository_is_enough_for_ci(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(write(tmp_path / "decks", optics=LENS), tmp_path / "a.apkg")
    assert run(tmp_path, ci="true").stderr == ""
    monkeypatch.setenv("CI", "true")
    monkeypatch.setenv("PATH", "")
    api.require_lock(load(tmp_path / "decks", NOON))
