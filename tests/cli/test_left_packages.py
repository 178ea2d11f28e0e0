"""A package whose deck has lost its last card is named; what belongs to others, or may belong to others, is not."""

import os
import zipfile
from pathlib import Path

import pytest

from ankigen.outputs import held_notes
from tests.helpers.building import write
from tests.helpers.processes import run

ADVICE = (
    "warning: dist/Law.apkg is left from an earlier build and gets no cards now: delete it so that it is not published"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "notes", a="- Q #card\n\t- A\n", law="deck:: Law\n\n- L #card\n\t- A\n")
    run("build", "notes", "-o", "dist/", folder=tmp_path)
    return tmp_path


@pytest.mark.parametrize("law", [None, "- nothing\n", "deck:: Other\n\n- L #card\n\t- A\n"])
def test_the_package_of_a_deck_without_cards_is_named_until_it_is_deleted(folder: Path, law: str | None) -> None:
    if law is None:
        (folder / "notes/law.md").unlink()
    else:
        write(folder / "notes", law=law)
    for quiet in ([], ["-q"], []):
        assert ADVICE in run("build", "notes", "-o", "dist/", *quiet, folder=folder).stderr
    assert (folder / "dist/Law.apkg").exists()
    (folder / "dist/Law.apkg").unlink()
    assert "warning" not in run("build", "notes", "-o", "dist/", folder=folder).stderr


def test_packages_that_are_written_again_are_not_named(folder: Path) -> None:
    assert "warning" not in run("build", "notes", "-o", "dist/", folder=folder).stderr


@pytest.mark.parametrize("part", [["notes/a.md"], ["notes", "--deck", "a"], ["notes", "--tag", "x"]])
def test_a_build_of_a_part_names_no_package_of_the_rest(folder: Path, part: list[str]) -> None:
    write(folder / "notes", a="- Q #card #x\n\t- A\n")
    assert "warning" not in run("build", *part, "-o", "dist/", folder=folder).stderr


def test_packages_of_other_notes_and_what_is_no_package_are_not_named(folder: Path) -> None:
    write(folder / "others", b="- Other #card\n\t- A\n")
    run("build", "others", "-o", "dist/", folder=folder)
    (folder / "dist/broken.apkg").write_bytes(b"PK\x03\x04 no zip")
    (folder / "dist/folder.apkg").mkdir()
    os.mkfifo(folder / "dist/pipe.apkg")
    with zipfile.ZipFile(folder / "dist/other.apkg", "w") as package:
        package.writestr("collection.anki21b", b"")
    with zipfile.ZipFile(folder / "dist/no-database.apkg", "w") as package:
        package.writestr("collection.anki2", b"SQLite format 3\0 but nothing more")
    with zipfile.ZipFile(folder / "dist/empty.apkg", "w") as package:
        package.writestr("collection.anki2", b"")
    done = run("build", "notes", "-o", "dist/", folder=folder)
    assert (done.returncode, "warning" in done.stderr) == (0, False)


def test_the_notes_of_a_package_are_those_that_were_put_there(folder: Path) -> None:
    assert len(held_notes(folder / "dist/Law.apkg")) == 1
    assert held_notes(folder / "nowhere.apkg") == frozenset()


LAW = "deck:: Law\n\n- Other #card\n\t- A\n"


@pytest.mark.parametrize("output", ["dist/", "dist/Law.apkg"])
def test_the_package_of_another_course_is_not_replaced_in_silence(folder: Path, output: str) -> None:
    write(folder / "others", b=LAW)
    replaced = (
        "warning: dist/Law.apkg held the notes of another set and is replaced: give the top-level decks of two courses "
        "different names, or their packages different folders"
    )
    for expected in (True, False):
        done = run("build", "others", "-o", output, folder=folder)
        assert (done.returncode, replaced in done.stderr) == (0, expected)


def test_where_nothing_may_be_left_to_do_it_is_not_replaced_at_all(folder: Path) -> None:
    write(folder / "others", b=LAW)
    run("build", "others", "-o", "elsewhere/", folder=folder)
    before = (folder / "dist/Law.apkg").read_bytes()
    done = run("build", "others", "-o", "dist/", "--locked", folder=folder)
    assert done.returncode == 4
    assert done.stderr.splitlines()[-1].endswith(
        "Law.apkg holds notes of another set: give the top-level decks of two courses different names, or delete it"
    )
    assert (folder / "dist/Law.apkg").read_bytes() == before


def test_the_search_for_removed_notes_may_be_written_anywhere(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    search = tmp_path_factory.mktemp("elsewhere") / "removed.txt"
    done = run("build", "notes", "-o", "dist/", "--removed", str(search), folder=folder)
    assert (done.returncode, search.read_text()) == (0, "nid:0\n"), done.stderr
