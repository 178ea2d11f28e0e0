"""A file that is replaced: nobody meets half of it, and what a killed run left is cleared away, in time."""

from __future__ import annotations

import os
import re
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ankigen.errors import CannotRead, CannotWrite
from ankigen.source import load
from ankigen.support import files
from tests.helpers.building import NOON, write
from tests.helpers.processes import run

CARD = "- Q #card\n\t- A\n"
KILLED = """
import os, signal
from pathlib import Path
from ankigen.support import files

Path.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
files.replace(Path("{name}"), b"half")
"""


def killed_draft(folder: Path, name: str) -> Path:
    """What a run leaves that was killed between the draft of a file and its renaming."""
    before = set(folder.iterdir())
    done = subprocess.run([sys.executable, "-c", KILLED.format(name=name)], check=False, cwd=folder)
    assert done.returncode == -signal.SIGKILL
    [draft] = set(folder.iterdir()) - before
    return draft


def age(path: Path, hours: float) -> None:
    then = path.stat().st_mtime - hours * 3600
    os.utime(path, (then, then))


pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")


def test_a_later_write_of_the_same_file_clears_the_drafts_of_killed_runs(tmp_path: Path) -> None:
    notes = write(tmp_path / "notes", a=CARD)
    drafts = [killed_draft(notes, "ankigen.lock"), killed_draft(notes, "a.apkg"), killed_draft(notes, "a.md")]
    for draft in drafts:
        age(draft, hours=2)
    assert run("build", "notes", "-o", "notes/a.apkg", folder=tmp_path).returncode == 0
    assert sorted(path.name for path in notes.iterdir()) == sorted([drafts[2].name, "a.apkg", "a.md", "ankigen.lock"])
    assert run("stamp", "notes", folder=tmp_path).returncode == 0
    assert sorted(path.name for path in notes.iterdir()) == ["a.apkg", "a.md", "ankigen.lock"]


def test_a_draft_that_another_run_may_be_writing_stays(tmp_path: Path) -> None:
    draft = killed_draft(tmp_path, "ankigen.lock")
    age(draft, hours=0.9)
    files.replace(tmp_path / "ankigen.lock", b"whole")
    assert draft.read_bytes() == b"half"


def test_only_drafts_of_the_file_itself_are_cleared(tmp_path: Path) -> None:
    others = [".a.md.tmp", ".a.md.x.tmp", "a.md.1.tmp", ".b.md.1.tmp", ".a.md.1.tmp.md"]
    for name in others:
        (tmp_path / name).write_bytes(b"mine")
        age(tmp_path / name, hours=48)
    files.replace(tmp_path / "a.md", b"whole")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*others, "a.md"])


def test_a_draft_is_never_read_as_notes(tmp_path: Path) -> None:
    write(tmp_path, a=CARD)
    killed_draft(tmp_path, "a.md").write_text(CARD.replace("Q", "R"))
    assert [note.position.path for note in load(tmp_path, NOON).notes] == ["a.md"]


OLD, NEW = b"old", b"new"


def old_file(folder: Path, mode: int = 0o644) -> Path:
    path = folder / "a.md"
    path.write_bytes(OLD)
    path.chmod(mode)
    return path


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644, 0o664, 0o666, 0o700, 0o755, 0o200])
def test_a_file_that_is_replaced_keeps_its_mode(tmp_path: Path, mode: int) -> None:
    path = old_file(tmp_path, mode)
    files.replace(path, NEW)
    assert mode_of(path) == mode
    path.chmod(0o600)
    assert path.read_bytes() == NEW


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_a_new_file_has_the_mode_that_new_files_have(tmp_path: Path, umask: int, mode: int) -> None:
    before = os.umask(umask)
    try:
        files.replace(tmp_path / "a.md", NEW)
    finally:
        os.umask(before)
    assert mode_of(tmp_path / "a.md") == mode


def test_a_draft_of_a_private_file_is_private_from_its_beginning(tmp_path: Path) -> None:
    old_file(tmp_path, 0o600)
    assert mode_of(killed_draft(tmp_path, "a.md")) == 0o600


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="this system has no such attributes")
def test_a_file_that_is_replaced_keeps_its_attributes(tmp_path: Path) -> None:
    path = old_file(tmp_path)
    try:
        os.setxattr(path, "user.colour", b"red")
    except OSError:  # a disk without attributes has none to keep
        files.replace(path, NEW)
        assert os.listxattr(path) == []
    else:
        files.replace(path, NEW)
        assert os.getxattr(path, "user.colour") == b"red"


class Owners:
    """A system that says whom a file belongs to, and may refuse to give one away."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, forbids: tuple[int, ...]) -> None:
        self.given: list[tuple[int, int]] = []
        self.forbids = forbids
        monkeypatch.setattr(os, "fchown", self.give)

    def give(self, descriptor: int, user: int, group: int) -> None:
        self.given.append((user, group))
        if user in self.forbids:
            raise PermissionError


def test_a_file_that_is_replaced_keeps_its_owner_or_at_least_its_group(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = old_file(tmp_path)
    user, group = path.stat().st_uid, path.stat().st_gid
    free = Owners(monkeypatch, forbids=())
    files.replace(path, NEW)
    assert free.given == [(user, group)]
    bound = Owners(monkeypatch, forbids=(user,))
    files.replace(path, NEW)
    assert bound.given == [(user, group), (-1, group)]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away")
def test_where_the_group_cannot_be_kept_no_other_group_may_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = old_file(tmp_path)
    os.chown(path, 12345, 54321)
    path.chmod(0o660)
    files.replace(path, OLD)
    assert (path.stat().st_uid, path.stat().st_gid, mode_of(path)) == (12345, 54321, 0o660)
    Owners(monkeypatch, forbids=(12345, -1))
    files.replace(path, NEW)
    assert mode_of(path) == 0o600


@pytest.mark.parametrize("mode", [0o444, 0o400, 0o555])
def test_a_read_only_file_is_not_replaced(tmp_path: Path, mode: int) -> None:
    path = old_file(tmp_path, mode)
    with pytest.raises(CannotWrite) as caught:
        files.replace(path, NEW)
    assert str(caught.value) == f"cannot write {path}: it is read-only: make it writable first"
    assert (path.read_bytes(), mode_of(path), list(tmp_path.iterdir())) == (OLD, mode, [path])


def test_another_name_of_a_file_keeps_the_old_content(tmp_path: Path) -> None:
    path = old_file(tmp_path)
    (tmp_path / "copy.md").hardlink_to(path)
    files.replace(path, NEW)
    assert (path.read_bytes(), (tmp_path / "copy.md").read_bytes()) == (NEW, OLD)


def test_a_link_within_the_folder_stays_a_link(tmp_path: Path) -> None:
    path = old_file(tmp_path)
    (tmp_path / "link.md").symlink_to("a.md")
    files.replace(tmp_path / "link.md", NEW)
    assert (path.read_bytes(), (tmp_path / "link.md").is_symlink()) == (NEW, True)


@pytest.mark.parametrize("leads_to", ["../outside.md", "../new.md", ".hidden.md", "a.txt", "link.md", "/dev/null"])
def test_a_link_to_something_else_is_not_written_through(tmp_path: Path, leads_to: str) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (tmp_path / "outside.md").write_bytes(OLD)
    (folder / "link.md").symlink_to(leads_to)
    with pytest.raises(CannotWrite):
        files.replace(folder / "link.md", NEW)
    assert (tmp_path / "outside.md").read_bytes() == OLD
    assert {path.name for path in folder.iterdir()} == {"link.md"}
    assert not (tmp_path / "new.md").exists()


@pytest.mark.parametrize("read", [files.read, files.read_text])
def test_what_is_no_plain_file_is_neither_read_nor_replaced(tmp_path: Path, read: Callable[[Path], object]) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "folder.md").mkdir()
    for name in ("pipe.md", "folder.md"):
        with pytest.raises(CannotRead):
            read(tmp_path / name)
        with pytest.raises(CannotWrite):
            files.replace(tmp_path / name, NEW)
    with pytest.raises(CannotRead, match="/dev/zero: it is a pipe or a device, not a file"):
        read(Path("/dev/zero"))


def test_a_draft_is_a_new_file_with_a_name_that_nobody_can_guess(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[tuple[str, int]] = []
    open_it = os.open

    def watch(path: Path, flags: int, mode: int = 0o777) -> int:
        opened.append((path.name, flags))
        return open_it(path, flags, mode)

    monkeypatch.setattr(os, "open", watch)
    for _ in range(2):
        files.replace(tmp_path / "a.md", NEW)
    assert len({name for name, _ in opened}) == 2
    assert all(re.fullmatch(r"\.a\.md\.[0-9a-f]{16}\.tmp", name) for name, _ in opened)
    assert all(flags & os.O_EXCL and flags & os.O_NOFOLLOW for _, flags in opened)


@pytest.mark.parametrize("name", ["n" * 255, "n" * 201 + ".md", "眼" * 85])
def test_a_file_with_the_longest_name_is_written_and_its_drafts_are_cleared(tmp_path: Path, name: str) -> None:
    draft = killed_draft(tmp_path, name)
    assert len(os.fsencode(draft.name)) <= 255
    age(draft, hours=2)
    files.replace(tmp_path / name, NEW)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_what_another_program_reads_is_a_new_file(tmp_path: Path) -> None:
    (tmp_path / "mine").write_bytes(OLD)
    (tmp_path / "lent").symlink_to("mine")
    with files.lent(tmp_path / "lent", NEW) as path:
        assert path.read_bytes() == NEW
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [OLD]
