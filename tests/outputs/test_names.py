"""What packages are called: one file for each deck on every disk, and a word for what is no package."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from ankigen import api, outputs
from ankigen.errors import AnkigenError, CannotWrite, ExitCode, NoPackage
from ankigen.source import load
from tests.helpers.building import NOON, write
from tests.helpers.processes import run

CARD = "- Q #card\n\t- A\n"


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def packages(folder: Path, *decks: str) -> Mapping[str, str]:
    """The names of the packages by deck, as built into a folder."""
    pages = {f"p{number}": f"deck:: {deck}\n\n{CARD}" for number, deck in enumerate(decks)}
    desired = load(write(folder / "notes", **pages), NOON)
    built = api.build(desired, folder / "dist").packages
    assert len({name.casefold() for name in names_in(folder / "dist")}) == len(built)
    return dict(zip(dict.fromkeys(note.deck for note in desired.notes), (path.stem for path in built), strict=True))


@pytest.mark.parametrize(
    "decks",
    [
        ("A:B", "A?B"),
        ("A:B", "A-B"),
        ("A-B", "A:B", "A B", "A*B"),
        ("A:B", "a?b"),
        ("\u00c9:b", "e\u0301?B"),
        ("?", "*"),
        ("a:", "a?"),
        ("d:" + "x" * 300, "d?" + "x" * 300),
    ],
)
def test_decks_whose_names_are_one_on_some_disk_get_a_package_each(decks: tuple[str, ...], tmp_path: Path) -> None:
    assert len(set(packages(tmp_path, *decks).values())) == len(decks)


def test_a_deck_that_is_called_like_its_package_keeps_the_name(tmp_path: Path) -> None:
    assert packages(tmp_path, "A:B", "A-B", "My deck") == {
        "A:B": "A-B-5a33e15d",
        "A-B": "A-B",
        "My deck": "My-deck",
    }


@pytest.mark.parametrize("deck", ["con", "AUX", "Nul", "com1", "LPT\u00b9", "con.x"])
def test_no_package_is_called_like_a_device_of_windows(deck: str, tmp_path: Path) -> None:
    [name] = packages(tmp_path, deck).values()
    assert name.startswith(f"{deck}-")


@pytest.mark.parametrize("deck", ["Contact", "Auxin", "com10", "lpt", "x.con"])
def test_a_deck_that_is_called_nearly_like_a_device_keeps_its_name(deck: str, tmp_path: Path) -> None:
    assert list(packages(tmp_path, deck).values()) == [deck]


def two_decks(folder: Path) -> Path:
    return write(folder / "notes", a="deck:: A\n\n" + CARD, b="deck:: B\n\n" + CARD.replace("Q", "R"))


def test_where_a_later_package_cannot_be_replaced_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "dist/B.apkg").mkdir(parents=True)
    notes = two_decks(tmp_path)
    with pytest.raises(CannotWrite):
        api.build(load(notes, NOON), tmp_path / "dist")
    assert names_in(tmp_path / "dist") == ["B.apkg"]
    assert not (notes / "ankigen.lock").exists()


def test_where_a_later_package_does_not_fit_on_the_disk_no_earlier_one_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes, dist = two_decks(tmp_path), tmp_path / "dist"
    dist.mkdir()
    (dist / "A.apkg").write_bytes(b"before")
    written: list[int] = []

    def full(descriptor: int) -> None:
        written.append(descriptor)
        if len(written) == 3:  # behind the lock file and the first package
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CannotWrite, match="No space left"):
        api.build(load(notes, NOON), dist)
    assert {path.name: path.read_bytes() for path in dist.iterdir()} == {"A.apkg": b"before"}


def test_where_a_later_package_cannot_be_made_no_earlier_one_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes = two_decks(tmp_path)
    write(tmp_path / "notes", c="deck:: C\n\n" + CARD.replace("Q", "![](x.png)"))
    (tmp_path / "notes/x.png").write_bytes(b"x")
    desired = load(notes, NOON)
    (tmp_path / "notes/x.png").unlink()
    with pytest.raises(AnkigenError):
        api.build(desired, tmp_path / "dist")
    assert names_in(tmp_path / "dist") == []


def test_a_disk_that_takes_shorter_names_only_is_told_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = {"a": "deck:: A\n\n" + CARD, "b": f"deck:: {'B' * 240}\n\n" + CARD.replace("Q", "R")}
    notes = write(tmp_path / "notes", **pages)
    real = Path.lstat

    def lstat(path: Path) -> os.stat_result:
        if len(path.name) > 143 and path.parent.exists():
            raise OSError(36, "File name too long")
        return real(path)

    monkeypatch.setattr(Path, "lstat", lstat)
    with pytest.raises(CannotWrite, match="File name too long"):
        api.build(load(notes, NOON), tmp_path / "dist")
    assert names_in(tmp_path / "dist") == []


@pytest.mark.parametrize("name", ["x.APKG", "x.Apkg", "x.apkg"])
def test_the_suffix_of_a_package_may_be_written_in_either_case(name: str, tmp_path: Path) -> None:
    notes = two_decks(tmp_path)
    done = run("build", str(notes), "-o", name, folder=tmp_path)
    assert (done.returncode, done.stdout) == (0, f"{name}\n")
    assert (tmp_path / name).read_bytes()[:2] == b"PK"


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("x.zip", "x.apkg"),
        ("x.colpkg", "x.apkg"),
        ("x.COLPKG", "x.apkg"),
        ("x.anki2", "x.apkg"),
        ("x.apkg.zip", "x.apkg"),
        ("x.apk", "x.apkg"),
        ("x.akpg", "x.apkg"),
        ("x.apgk", "x.apkg"),
        ("x.pkg", "x.apkg"),
        ("x.apkg ", "x.apkg"),
        ("x.csv", "x.apkg"),
        ("x.txt", "x.apkg"),
        ("x.md", "x.apkg"),
        (".apkg", "notes.apkg"),
        ("dist/.apkg", "dist/notes.apkg"),
    ],
)
def test_an_output_that_is_no_package_is_a_wrong_command_line_that_says_what_to_write(
    name: str, meant: str, tmp_path: Path
) -> None:
    done = run("build", str(two_decks(tmp_path)), "-o", name, folder=tmp_path)
    assert done.returncode == ExitCode.WRONG_COMMAND_LINE
    assert done.stderr.splitlines()[-1] == (
        f"ankigen: {name} is not an Anki package: write -o {meant}, or -o with a folder to get one package per deck"
    )
    assert names_in(tmp_path) == ["notes"]
    assert not (tmp_path / "notes/ankigen.lock").exists()


def test_an_output_in_the_config_is_held_to_the_same(tmp_path: Path) -> None:
    notes = two_decks(tmp_path)
    (notes / "ankigen.toml").write_text('output = "x.zip"\n')
    with pytest.raises(NoPackage, match=r"write -o .*x\.apkg"):
        api.build(load(notes, NOON))


def test_a_file_that_is_there_and_no_package_is_not_taken_for_a_folder(tmp_path: Path) -> None:
    (tmp_path / "LICENSE").write_text("mine")
    with pytest.raises(NoPackage):
        api.build(load(two_decks(tmp_path), NOON), tmp_path / "LICENSE")
    assert (tmp_path / "LICENSE").read_text() == "mine"


@pytest.mark.parametrize("name", ["v1.0", "apkg", "dist", "my.decks", "2026.11.26", "out.d", "x.app"])
def test_any_other_output_is_a_folder(name: str, tmp_path: Path) -> None:
    outputs.require_output(tmp_path / name)
    assert not outputs.is_output(tmp_path / name)


def test_a_folder_that_is_there_may_be_called_like_a_file(tmp_path: Path) -> None:
    (tmp_path / "x.zip").mkdir()
    built = api.build(load(two_decks(tmp_path), NOON), tmp_path / "x.zip")
    assert [path.name for path in built.packages] == ["A.apkg", "B.apkg"]
