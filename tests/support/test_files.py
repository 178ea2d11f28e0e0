"""A file that is replaced: nobody meets half of it, and what a killed run left is cleared away, in time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ankigen.errors import CannotWrite
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


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o755, 0o444])
def test_a_file_that_is_replaced_keeps_its_mode(mode: int, tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_bytes(b"old")
    path.chmod(mode)
    files.replace(path, b"new")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"new", mode)


def test_a_name_may_be_as_long_as_the_system_allows(tmp_path: Path) -> None:
    path = tmp_path / ("é" * 125 + ".apkg")
    files.replace(path, b"new")
    assert path.read_bytes() == b"new"


def test_a_draft_is_never_a_file_that_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("secrets.token_hex", lambda _size: "0" * 16)
    precious = tmp_path / "precious"
    precious.write_bytes(b"precious")
    (tmp_path / f".page.md.{'0' * 16}.tmp").symlink_to(precious)
    with pytest.raises(CannotWrite):
        files.replace(tmp_path / "page.md", b"new")
    assert precious.read_bytes() == b"precious"
