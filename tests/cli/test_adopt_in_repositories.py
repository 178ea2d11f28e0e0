"""`ankigen adopt` and git: what is ignored, a shallow clone, a folder without a repository, and CI."""

from __future__ import annotations

from pathlib import Path

import pytest

from ankigen.errors import ExitCode
from ankigen.identity import LOCK_NAME, read_lock
from tests.cli.test_lost_lock import clone, committed, git
from tests.helpers.anki_server import AnkiServer
from tests.helpers.building import build, write
from tests.helpers.desk import Desk
from tests.helpers.foreign_notes import add, live, witness

pytestmark = pytest.mark.thorough

LENS = "- What bends light? #card\n\t- A lens\n"
WAVE = "- What is a wave? #card\n\t- A motion\n"


@pytest.fixture
def desk(tmp_path: Path, server: AnkiServer) -> Desk:
    """Two cards, and their notes in Anki, reviewed and made by hand."""
    for question, answer in (("What bends light?", "A lens"), ("What is a wave?", "A motion")):
        add(server.collection, "Basic", {"Front": question, "Back": answer})
    live(server.collection)
    write(tmp_path / "notes", optics=LENS, waves=WAVE)
    return Desk(tmp_path, server)


def in_step(desk: Desk, before: object, **environment: str) -> bool:
    """Whether both notes are ankigen's, no card changed, and neither adopt nor sync finds more to do."""
    lock = read_lock(desk.notes / LOCK_NAME)
    assert lock is not None
    again = desk.run("adopt", "notes", "--yes", **environment)
    plan = desk.run("plan", "notes", "--exit-code", **environment)
    return (len(lock.identities), again.stdout, plan.returncode, witness(desk.server.collection)) == (
        2,
        "nothing to adopt\n",
        ExitCode.DONE,
        before,
    )


def test_in_a_folder_without_git(desk: Desk) -> None:
    before = witness(desk.server.collection)
    done = desk.run("adopt", "notes", "--yes")
    assert (done.returncode, done.stderr.splitlines()[-1]) == (ExitCode.DONE, "2 notes adopted")
    assert in_step(desk, before)


def test_where_no_git_is_installed(desk: Desk) -> None:
    before = witness(desk.server.collection)
    assert desk.run("adopt", "notes", "--yes", PATH="").returncode == ExitCode.DONE
    assert in_step(desk, before, PATH="")


def test_where_git_ignores_the_lock_file_it_is_written_and_known_all_the_same(desk: Desk) -> None:
    (desk.notes / ".gitignore").write_text("*.lock\n")
    git(desk.notes, "init", "--quiet")
    committed(desk.notes)
    before = witness(desk.server.collection)
    assert desk.run("adopt", "notes", "--yes").returncode == ExitCode.DONE
    assert in_step(desk, before)
    refused = desk.run("sync", "notes", "--yes", CI="true")
    assert (refused.returncode, "is not tracked by git" in refused.stderr) == (ExitCode.PROTECTED, True)


def test_a_page_that_git_ignores_makes_no_card_and_its_note_stays_the_other_tools(desk: Desk) -> None:
    (desk.notes / ".gitignore").write_text("waves.md\n")
    git(desk.notes, "init", "--quiet")
    committed(desk.notes)
    before = witness(desk.server.collection)
    assert "1 note to adopt, 0 left alone" in desk.run("adopt", "notes", "--yes").stdout
    assert witness(desk.server.collection) == before
    assert len(desk.server.collection.find_notes("note:Basic")) == 1
    (desk.notes / ".gitignore").unlink()
    assert "1 note to adopt, 0 left alone" in desk.run("adopt", "notes", "--yes").stdout
    assert in_step(desk, before)


def test_a_page_that_is_ignored_once_its_note_was_adopted_keeps_it(desk: Desk) -> None:
    before = witness(desk.server.collection)
    desk.run("adopt", "notes", "--yes")
    (desk.notes / ".gitignore").write_text("waves.md\n")
    git(desk.notes, "init", "--quiet")
    synced = desk.run("sync", "notes", "--yes")
    assert synced.returncode == ExitCode.DONE
    assert witness(desk.server.collection) == before
    (desk.notes / ".gitignore").unlink()
    assert in_step(desk, before)


def test_where_all_notes_are_ignored_nothing_is_adopted_and_nothing_written(desk: Desk) -> None:
    (desk.folder / ".gitignore").write_text("notes/\n")
    git(desk.folder, "init", "--quiet")
    committed(desk.folder)
    before = witness(desk.server.collection)
    assert desk.run("adopt", "notes", "--yes").stdout == "nothing to adopt\n"
    assert witness(desk.server.collection) == before
    assert not (desk.notes / LOCK_NAME).exists()


@pytest.mark.parametrize("depth", [(), ("--depth", "1")], ids=["whole", "shallow"])
def test_in_a_clone(tmp_path: Path, desk: Desk, depth: tuple[str, ...]) -> None:
    git(desk.notes, "init", "--quiet")
    committed(desk.notes)
    committed(write(desk.notes, more="- A second commit\n"))
    here = clone(desk.notes, tmp_path / "clone", *depth)
    desk.notes = here
    before = witness(desk.server.collection)
    stopped = desk.run("adopt", "clone", "--yes", CI="true")
    assert (stopped.returncode, "`fetch-depth: 0`" in stopped.stderr) == (ExitCode.PROTECTED, bool(depth))
    assert not (here / LOCK_NAME).exists()
    assert witness(desk.server.collection) == before
    assert desk.run("adopt", "clone", "--yes").returncode == ExitCode.DONE
    assert witness(desk.server.collection) == before
    assert desk.run("adopt", "clone", "--yes").stdout == "nothing to adopt\n"
    assert desk.run("plan", "clone", "--exit-code").returncode == ExitCode.DONE


def test_in_ci_the_lock_file_has_to_be_committed_and_looking_is_free(desk: Desk) -> None:
    git(desk.notes, "init", "--quiet")
    committed(desk.notes)
    before = witness(desk.server.collection)
    assert desk.run("adopt", "notes", "--plan", CI="true").returncode == ExitCode.DONE
    build(desk.notes, desk.folder / "a.apkg")
    untracked = desk.run("adopt", "notes", "--yes", CI="true")
    assert (untracked.returncode, "is not tracked by git" in untracked.stderr) == (ExitCode.PROTECTED, True)
    assert witness(desk.server.collection) == before
    committed(desk.notes, "the lock")
    published = desk.run("adopt", "notes", "--yes", CI="true")
    assert published.returncode == ExitCode.PROTECTED, "readers may have the cards under the GUIDs of the lock"
    assert witness(desk.server.collection) == before


def test_in_ci_with_a_committed_lock(desk: Desk) -> None:
    (desk.notes / "waves.md").rename(desk.folder / "waves.md")
    git(desk.notes, "init", "--quiet")
    committed(desk.notes)
    assert desk.run("adopt", "notes", "--yes").returncode == ExitCode.DONE
    (desk.folder / "waves.md").rename(desk.notes / "waves.md")
    committed(desk.notes, "the lock")
    before = witness(desk.server.collection)
    assert desk.run("adopt", "notes", "--yes", CI="true").returncode == ExitCode.DONE
    assert in_step(desk, before, CI="true")
    assert git(desk.notes, "status", "--porcelain") == f" M {LOCK_NAME}\n"


def test_after_a_lost_lock_that_git_has_adopt_names_the_command_and_adopts_no_note_twice(desk: Desk) -> None:
    git(desk.notes, "init", "--quiet")
    committed(desk.notes)
    before = witness(desk.server.collection)
    desk.run("adopt", "notes", "--yes")
    committed(desk.notes, "the lock")
    (desk.notes / LOCK_NAME).unlink()
    again = desk.run("adopt", "notes", "--yes")
    assert "git -C notes restore -- ankigen.lock" in again.stderr
    assert witness(desk.server.collection) == before
    git(desk.notes, "restore", LOCK_NAME)
    assert in_step(desk, before)
