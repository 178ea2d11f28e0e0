"""Cards that two sets of notes share, through packages, syncs and adoptions: no note too many, no review lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ankigen.errors import ExitCode
from ankigen.identity import LOCK_NAME
from ankigen.note_types import REMOVED_TAG
from tests.cli.test_take_over import (
    CELL,
    ID,
    LENS,
    MOVED,
    OTHERS,
    git,
    in_step,
    notes_in,
    publish,
    review_all,
    reviews_in,
    source_of,
    sources_in,
)
from tests.helpers.anki_library import import_package
from tests.helpers.anki_server import AnkiServer
from tests.helpers.building import NOON, build, write
from tests.helpers.desk import Desk
from tests.helpers.foreign_makers import COUNT, flashcards_obsidian
from tests.helpers.foreign_notes import live, witness

pytestmark = pytest.mark.thorough

MINUTE = 60_000


@pytest.fixture
def desk(tmp_path: Path, server: AnkiServer) -> Desk:
    return Desk(tmp_path, server)


def test_an_id_that_moved_is_one_note_in_the_packages_of_both_sets(desk: Desk) -> None:
    publish(desk, "ann", MOVED + OTHERS)
    review_all(desk)
    before = reviews_in(desk)
    publish(desk, "ann", OTHERS, NOON + MINUTE)
    publish(desk, "ben", MOVED.replace("smallest", "tiniest") + LENS, NOON + 2 * MINUTE)
    assert len(notes_in(desk)) == 7
    assert set(before) == set(reviews_in(desk))
    assert "The tiniest living thing" in desk.backs()
    assert in_step(desk, "ben")
    assert in_step(desk, "ann")


def test_an_id_that_moved_there_and_back_keeps_its_note(desk: Desk) -> None:
    write(desk.folder / "ann", Biology=MOVED + OTHERS)
    write(desk.folder / "ben", Optics=LENS)
    for author in ("ann", "ben"):
        desk.run("sync", author, "--yes")
    review_all(desk)
    before = reviews_in(desk)
    for here, there, text in (("ann", "ben", LENS), ("ben", "ann", OTHERS), ("ann", "ben", LENS)):
        write(desk.folder / here, **{"Biology" if here == "ann" else "Optics": OTHERS if here == "ann" else LENS})
        assert desk.run("sync", here, "--yes").returncode == ExitCode.DONE
        assert desk.server.collection.find_notes(f"tag:{REMOVED_TAG}")
        write(desk.folder / there, **{"Biology" if there == "ann" else "Optics": MOVED + text})
        assert desk.run("sync", there, "--yes").returncode == ExitCode.PROTECTED
        assert desk.run("sync", there, "--yes", "--adopt").returncode == ExitCode.DONE
        assert in_step(desk, "ann")
        assert in_step(desk, "ben")
        assert (len(notes_in(desk)), reviews_in(desk)) == (7, before)
        assert not desk.server.collection.find_cards("is:suspended")


def test_an_id_that_was_copied_to_another_set_has_one_note_and_the_other_is_told(desk: Desk) -> None:
    write(desk.folder / "ann", Biology=MOVED + OTHERS)
    write(desk.folder / "ben", Optics=MOVED + LENS)
    desk.run("sync", "ann", "--yes")
    review_all(desk)
    before = reviews_in(desk)
    for author, other in (("ben", "ann"), ("ann", "ben")):
        assert desk.run("sync", author, "--yes", "--adopt").returncode == ExitCode.DONE
        assert in_step(desk, author)
        refused = desk.run("sync", other, "--yes")
        assert refused.returncode == ExitCode.PROTECTED
        assert f"takes it over ({source_of(desk.folder / author)})" in refused.stdout
        assert (len(notes_in(desk)), reviews_in(desk)) == (7, before)


@pytest.mark.parametrize("first", ["package", "sync"])
def test_a_package_over_a_sync_and_a_sync_over_a_package_of_two_authors(desk: Desk, first: str) -> None:
    ann = write(desk.folder / "ann", Biology=CELL + OTHERS)
    write(desk.folder / "ben", Biology="- What is a cell? #card\n\t- A small room for a monk\n" + LENS)
    steps: list[Callable[[], object]] = [
        lambda: publish(desk, "ann", CELL + OTHERS),
        lambda: desk.run("sync", "ben", "--yes"),
    ]
    for step in steps if first == "package" else reversed(steps):
        step()
    review_all(desk)
    before = reviews_in(desk)
    assert len(notes_in(desk)) == 8
    assert in_step(desk, "ann")
    assert in_step(desk, "ben")
    for author in ("ben", "ann"):
        build(desk.folder / author, desk.folder / f"{author}.apkg", NOON + MINUTE)
        log = import_package(desk.server.collection, desk.folder / f"{author}.apkg")
        assert (len(log.new), len(log.conflicting)) == (0, 0)
    assert (len(notes_in(desk)), reviews_in(desk)) == (8, before)
    assert (ann / LOCK_NAME).exists()


def test_a_fork_shares_the_notes_and_a_second_folder_of_the_repository_does_not(desk: Desk) -> None:
    origin = desk.folder / "origin"
    write(origin / "decks", Biology=CELL + OTHERS)
    git(origin, "init")
    git(origin, "add", ".")
    git(origin, "commit", "-m", "notes")
    publish_folder(desk, origin / "decks")
    git(desk.folder, "clone", origin.as_uri(), "fork")
    publish_folder(desk, desk.folder / "fork/decks")
    assert len(notes_in(desk)) == 6
    write(origin / "more", Biology=CELL)
    publish_folder(desk, origin / "more")
    assert (len(notes_in(desk)), len(sources_in(desk))) == (7, 2)


def publish_folder(desk: Desk, notes: Path) -> None:
    build(notes, desk.folder / "a.apkg")
    import_package(desk.server.collection, desk.folder / "a.apkg")


def test_what_one_set_adopted_from_another_tool_the_next_set_does_not_adopt_again(desk: Desk) -> None:
    collection = desk.server.collection
    pages = flashcards_obsidian(collection)
    live(collection)
    before = witness(collection)
    for author in ("ann", "ben"):
        write(desk.folder / author, page=pages["page"])
    assert f"{COUNT} notes adopted" in desk.run("adopt", "ann", "--yes").stderr
    assert desk.run("adopt", "ann", "--yes").stdout == "nothing to adopt\n"
    assert desk.run("adopt", "ben", "--yes").stdout == "nothing to adopt\n"
    assert not (desk.folder / "ben" / LOCK_NAME).exists()
    assert desk.run("sync", "ben", "--yes").returncode == ExitCode.PROTECTED
    assert witness(collection) == before
    assert desk.run("sync", "ben", "--yes", "--adopt").returncode == ExitCode.DONE
    assert desk.run("plan", "ben", "--exit-code").returncode == ExitCode.DONE
    assert witness(collection) == before
    assert sources_in(desk) == {source_of(desk.folder / "ben")}


@pytest.mark.parametrize("is_git", [True, False], ids=["a clone", "no repository"])
def test_a_lost_lock_of_adopted_notes_gets_them_back(desk: Desk, is_git: bool) -> None:
    """Their GUIDs are another tool's, and nobody can derive them again."""
    collection = desk.server.collection
    write(desk.notes, **flashcards_obsidian(collection))
    live(collection)
    if is_git:
        git(desk.notes, "init")
        git(desk.notes, "add", ".")
        git(desk.notes, "commit", "-m", "notes")
    before = witness(collection)
    desk.run("adopt", "notes", "--yes")
    (desk.notes / LOCK_NAME).unlink()
    for _ in range(2):
        assert desk.run("sync", "notes", "--yes").returncode == ExitCode.PROTECTED
        assert witness(collection) == before
    assert desk.run("sync", "notes", "--yes", "--adopt").returncode == ExitCode.DONE
    assert witness(collection) == before
    assert desk.run("plan", "notes", "--exit-code").returncode == ExitCode.DONE
    assert desk.run("sync", "notes", "--yes", "--adopt").stdout.endswith("nothing to do\n")
    assert desk.run("adopt", "notes", "--yes").stdout == "nothing to adopt\n"


def test_with_a_lost_lock_a_card_with_an_id_is_known_in_a_folder_without_git(desk: Desk) -> None:
    write(desk.notes, Biology=MOVED + LENS)
    desk.run("sync", "notes", "--yes")
    review_all(desk)
    before = reviews_in(desk)
    (desk.notes / LOCK_NAME).unlink()
    write(desk.notes, Biology=f"- Quite another question? #card\n  id:: {ID}\n\t- And another answer\n" + LENS)
    assert desk.run("sync", "notes", "--yes").returncode == ExitCode.PROTECTED
    assert desk.run("sync", "notes", "--yes", "--adopt").returncode == ExitCode.DONE
    assert (len(notes_in(desk)), reviews_in(desk)) == (2, before)
    assert in_step(desk, "notes")


@pytest.mark.parametrize("is_git", [True, False], ids=["a clone", "no repository"])
def test_a_lost_lock_of_notes_that_were_partly_adopted_gets_all_of_them_back(desk: Desk, is_git: bool) -> None:
    collection = desk.server.collection
    write(desk.notes, **flashcards_obsidian(collection), others=OTHERS + MOVED)
    if is_git:
        git(desk.notes, "init")
        git(desk.notes, "add", ".")
        git(desk.notes, "commit", "-m", "notes")
    desk.run("adopt", "notes", "--yes")
    desk.run("sync", "notes", "--yes")
    live(collection)
    before = witness(collection)
    (desk.notes / LOCK_NAME).unlink()
    assert desk.run("sync", "notes", "--yes").returncode == ExitCode.PROTECTED
    assert witness(collection) == before
    assert desk.run("sync", "notes", "--yes", "--adopt").returncode == ExitCode.DONE
    assert witness(collection) == before
    assert desk.run("plan", "notes", "--exit-code").returncode == ExitCode.DONE
