"""A part of the notes: several folders and files, `--deck`, `--tag`, for all commands."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from ankigen import api
from ankigen.errors import ExitCode
from tests.helpers.anki_server import running
from tests.helpers.building import write
from tests.helpers.desk import Desk
from tests.helpers.processes import run

pytestmark = pytest.mark.thorough


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    write(tmp_path / "notes/law", civil="deck:: Law/Civil\n\n- L1 #card #hard\n\t- A\n- L2 #card\n\t- A\n")
    write(tmp_path / "notes/optics", light="- O1 #card #hard/very\n\t- A\n", prism="- O2 #card\n\t- A\n")
    write(tmp_path / "notes", faulty="deck:: Faulty\n\n- F1 #card\n- F2 #card #late\n")
    return tmp_path / "notes"


def questions(*arguments: str, folder: Path) -> list[str]:
    listed = run("list", *arguments, "--json", folder=folder).stdout
    return [note["fields"]["Front"] for note in json.loads(listed)]


@pytest.mark.parametrize(
    ("arguments", "fronts"),
    [
        (["notes/law", "notes/optics/prism.md"], ["L1", "L2", "O2"]),
        (["notes/law", "notes"], ["L1", "L2", "O1", "O2"]),
        (["notes", "--deck", "Law"], ["L1", "L2"]),
        (["notes", "--deck", "law::CIVIL"], ["L1", "L2"]),
        (["notes", "--deck", "Law/Civil", "--deck", "optics::prism"], ["L1", "L2", "O2"]),
        (["notes", "--tag", "hard"], ["L1", "O1"]),
        (["notes", "--tag", "#Hard/very"], ["O1"]),
        (["notes", "--tag", "hard", "--deck", "Law"], ["L1"]),
        (["notes/optics", "--tag", "hard"], ["O1"]),
    ],
)
def test_paths_decks_and_tags_choose_cards(notes: Path, arguments: list[str], fronts: list[str]) -> None:
    write(notes, rest="- R #card\n\t- A\n")
    run("build", "notes", "-o", "dist/", folder=notes.parent)
    (notes / "rest.md").unlink()
    assert questions(*arguments, folder=notes.parent) == fronts


def test_a_deck_is_not_the_beginning_of_another_name(notes: Path) -> None:
    write(notes, laws="deck:: Lawyers\n\n- No #card\n\t- A\n")
    assert questions("notes", "--deck", "Law", folder=notes.parent) == ["L1", "L2"]


def test_a_build_of_a_part_keeps_all_cards_in_the_lock(notes: Path) -> None:
    folder = notes.parent
    run("build", "notes", "-o", "dist/", folder=folder)
    before = (notes / "ankigen.lock").read_bytes()
    for part in (["notes", "--deck", "Law"], ["notes", "--tag", "hard"], ["notes/law", "notes/optics/light.md"]):
        done = run("build", *part, "-o", "part.apkg", "--locked", folder=folder)
        assert done.returncode == ExitCode.DONE, done.stderr
        assert (notes / "ankigen.lock").read_bytes() == before


def test_a_first_build_of_a_part_knows_all_cards(notes: Path) -> None:
    run("build", "notes", "--deck", "Law", "-o", "part.apkg", folder=notes.parent)
    assert len(api.load(notes).lock.identities) == 4
    assert run("build", "notes", "--locked", "-o", "dist/", folder=notes.parent).returncode == ExitCode.ERRORS_IN_NOTES


@pytest.mark.parametrize(
    ("part", "faults"),
    [
        (["--deck", "Law"], []),
        (["--deck", "Faulty"], [3, 4]),
        (["--tag", "late"], [4]),
    ],
)
def test_problems_are_those_of_the_chosen_cards(notes: Path, part: list[str], faults: Sequence[int]) -> None:
    done = run("check", "notes", *part, "--format", "json", folder=notes.parent)
    assert [problem["line"] for problem in json.loads(done.stdout)] == faults
    assert done.returncode == (ExitCode.ERRORS_IN_NOTES if faults else ExitCode.DONE)


def test_a_page_that_cannot_be_read_is_told_whatever_was_chosen(notes: Path) -> None:
    write(notes, unmerged="<<<<<<< HEAD\n- Q #card\n=======\n>>>>>>> x\n")
    assert [problem.rule for problem in api.load(notes, decks=["Law"]).problems] == ["unmerged-page"]


@pytest.mark.parametrize(
    ("part", "advice"),
    [
        (["--deck", "Lwa"], "no card is in deck Lwa: did you mean Law?"),
        (["--tag", "hrad"], "no card has the tag hrad: did you mean hard?"),
        (["--deck", "Nothing of that"], "`ankigen list --json` shows what there is"),
    ],
)
def test_a_deck_or_tag_that_no_card_has_is_a_wrong_command_line(notes: Path, part: list[str], advice: str) -> None:
    done = run("build", "notes", *part, folder=notes.parent)
    assert done.returncode == ExitCode.WRONG_COMMAND_LINE
    assert advice in done.stderr
    assert not (notes / "ankigen.lock").exists()


def test_a_part_without_a_card_is_nothing_to_build(notes: Path) -> None:
    done = run("build", "notes", "--deck", "optics", "--tag", "late", folder=notes.parent)
    assert done.stderr.endswith("found no cards in notes; look at --deck and --tag\n".replace("notes;", f"{notes};"))


def test_notes_of_two_lock_files_are_no_part_of_each_other(tmp_path: Path) -> None:
    write(tmp_path / "a", x="- A #card\n\t- A\n")
    write(tmp_path / "b", x="- B #card\n\t- B\n")
    done = run("build", "a", "b", folder=tmp_path)
    assert done.returncode == ExitCode.WRONG_COMMAND_LINE
    assert "are separate sets of notes: run ankigen on each" in done.stderr
    write(tmp_path / "a/in", y="- C #card\n\t- C\n")
    assert questions("a/in", "a", folder=tmp_path) == ["C", "A"]
    run("build", "a/in", "-o", "c.apkg", folder=tmp_path)
    assert run("list", "a/in", "a", folder=tmp_path).returncode == ExitCode.WRONG_COMMAND_LINE


def test_two_files_of_a_folder_without_a_lock_are_read_together(tmp_path: Path) -> None:
    write(tmp_path, a="- A #card\n\t- A\n", b="- B #card\n\t- B\n", c="- C #card\n\t- C\n")
    done = run("build", "a.md", "c.md", "-o", "dist/", folder=tmp_path)
    assert done.stdout.splitlines() == ["dist/a.apkg", "dist/c.apkg"]


def test_stamp_writes_into_the_chosen_cards_alone(notes: Path) -> None:
    run("stamp", "notes", "--tag", "hard", folder=notes.parent)
    stamped = {path.name: path.read_text("utf-8").count("id::") for path in notes.rglob("*.md")}
    assert stamped == {"civil.md": 1, "light.md": 1, "prism.md": 0, "faulty.md": 0}


@pytest.fixture
def desk(notes: Path, tmp_path: Path) -> Iterator[Desk]:
    (tmp_path / "anki").mkdir()
    (notes / "faulty.md").unlink()
    with running(tmp_path / "anki") as server:
        yield Desk(tmp_path, server)


def test_a_sync_of_a_part_writes_that_part_and_suspends_nothing(desk: Desk) -> None:
    desk.run("sync", "notes", "--yes")
    (desk.notes / "optics/prism.md").unlink()
    write(desk.notes / "optics", light="- O1 #card #hard/very\n\t- B\n")
    write(desk.notes / "law", civil="deck:: Law/Civil\n\n- L1 #card #hard\n\t- B\n")
    for part in (["--deck", "optics"], ["--tag", "hard", "--deck", "optics", "--delete"]):
        done = desk.run("sync", "notes", *part, "--yes")
        assert done.returncode == ExitCode.DONE
    assert desk.backs() == ["A", "A", "A", "B"]
    assert not desk.server.collection.find_cards("is:suspended")
    plan = desk.run("plan", "notes", "--tag", "hard").stdout
    assert (plan.count("\n~ "), plan.splitlines()[-1]) == (0, "Law::Civil: 1 changed")
