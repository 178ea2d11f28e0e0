"""Runs that write to the same notes do so one after the other, and none waits for those of other notes."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from ankigen import api
from ankigen.errors import ExitCode
from ankigen.identity import LOCK_NAME
from ankigen.support import folders
from tests.helpers.anki_library import import_package, open_collection
from tests.helpers.building import write
from tests.helpers.processes import run, start

CARD = "- What bends light? #card\n\t- A lens\n"


def never(_root: Path) -> None:
    pytest.fail("nobody was to wait")


def waited(first: Path, second: Path) -> list[Path]:
    """What a run for `second` waited for, while one for `first` was at work until somebody had to wait for it."""
    heard: list[Path] = []
    with contextlib.ExitStack() as other:
        other.enter_context(api.alone(first, never))

        def waits(root: Path) -> None:
            heard.append(root)
            other.close()

        with api.alone(second, waits):
            return heard


@pytest.mark.parametrize("name", [".", "a.md", "pages", "pages/b.md"])
def test_a_run_waits_for_another_one_on_the_same_notes(tmp_path: Path, name: str) -> None:
    write(tmp_path, a=CARD)
    write(tmp_path / "pages", b=CARD)
    (tmp_path / LOCK_NAME).touch()
    assert waited(tmp_path / name, tmp_path) == [tmp_path]
    assert waited(tmp_path, tmp_path / name) == [tmp_path]


def test_notes_behind_a_link_are_the_same(tmp_path: Path) -> None:
    write(tmp_path / "notes", a=CARD)
    (tmp_path / "link").symlink_to("notes")
    assert waited(tmp_path / "notes", tmp_path / "link") == [tmp_path / "link"]


def test_a_run_waits_for_none_on_other_notes(tmp_path: Path) -> None:
    notes = [write(tmp_path / name, a=CARD) for name in ("one", "two")]
    assert waited(*notes) == []


@pytest.mark.parametrize("command", ["build", "stamp", "sync"])
def test_a_command_that_writes_says_that_it_waits(tmp_path: Path, command: str) -> None:
    write(tmp_path / "notes", a=CARD)
    with api.alone(tmp_path / "notes", never), start(command, "notes", folder=tmp_path) as running:
        said = running.streams[1]
        line = b""
        while not line:
            said.seek(0)
            line = said.read()
        assert line.decode() == f"another run of ankigen is working on {tmp_path / 'notes'}: waiting for it\n"
        assert not (tmp_path / "notes" / LOCK_NAME).exists()


@pytest.mark.parametrize("command", ["check", "list"])
def test_a_command_that_only_looks_does_not_wait(tmp_path: Path, command: str) -> None:
    write(tmp_path / "notes", a=CARD)
    with api.alone(tmp_path / "notes", never):
        assert run(command, "notes", folder=tmp_path).returncode == ExitCode.DONE


def test_first_builds_at_once_agree_which_notes_these_are(tmp_path: Path) -> None:
    write(tmp_path / "notes", a=CARD)
    packages = [f"{number}.apkg" for number in range(6)]
    with contextlib.ExitStack() as all_runs:
        builds = [all_runs.enter_context(start("build", "notes", "-o", name, folder=tmp_path)) for name in packages]
        assert {build.done().returncode for build in builds} == {ExitCode.DONE}
    assert len({(tmp_path / name).read_bytes() for name in packages}) == 1
    source = (tmp_path / "notes" / LOCK_NAME).read_text().split("source\t")[1].split("\t")[0]
    with open_collection(tmp_path) as collection:
        import_package(collection, tmp_path / packages[0])
        [note] = [collection.get_note(note) for note in collection.find_notes("")]
        assert f" {source} " in " ".join(note.fields)


def test_where_the_queue_cannot_be_kept_a_run_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cache").write_text("a file, not a folder")
    monkeypatch.setattr(folders, "cache", lambda: tmp_path / "cache")
    write(tmp_path / "notes", a=CARD)
    with api.alone(tmp_path / "notes", never), api.alone(tmp_path / "notes", never):
        pass
