"""One card that becomes every kind there is and a Basic card again, by package and by sync, with reviews between."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from anki.collection import Collection

from ankigen import api, report
from ankigen.source import load
from tests.helpers.anki_library import import_package, open_collection
from tests.helpers.anki_server import running
from tests.helpers.building import NOON, named, write
from tests.helpers.desk import Desk
from tests.helpers.own_types import write_type

ID = "6f1d7c1e-58b3-4a0b-9d2e-0a4c5b7d9e11"
LEAF = '<svg xmlns="http://www.w3.org/2000/svg" width="260" height="200"><rect width="260" height="200"/></svg>'
HEAD = f"- {{}} #card{{}}\n  id:: {ID}\n"
KINDS = {
    "basic": HEAD.format("perro", "") + "\t- dog\n",
    "choice": HEAD.format("perro", " #choice") + "\t- [x] dog\n\t- [ ] cat\n",
    "occlusion": HEAD.format("perro ![](leaf.svg)", "")
    + "\t- dog\n\t  area:: 10 10 20 20\n\t- cat\n\t  area:: 50 50 20 20\n",
    "cloze": HEAD.format("perro is {{cloze dog}}", "") + "\t- dog\n",
    "own": HEAD.format("perro", " #vocab") + "\t- dog\n",
}
ROUND = ("basic", "choice", "occlusion", "own", "cloze", "choice", "own", "occlusion", "basic")
TYPES = {
    "basic": "ankigen Basic",
    "choice": "ankigen Basic",
    "occlusion": "ankigen Image Occlusion",
    "cloze": "ankigen Cloze",
    "own": "Vocabulary",
}
CARDS = {"basic": 1, "choice": 1, "occlusion": 2, "cloze": 1, "own": 2}


def notes_in(folder: Path, kind: str) -> Path:
    write_type(folder)
    (folder / "leaf.svg").write_text(LEAF, "utf-8")
    return write(folder, page=KINDS[kind])


def the_note(collection: Collection) -> tuple[str, dict[str, str], list[int]]:
    """The type of the only note, its fields, and the reviews of each of its cards."""
    [id] = collection.find_notes("")
    note = collection.get_note(id)
    note_type = note.note_type()
    assert note_type is not None
    return note_type["name"], dict(note.items()), [card.reps for card in note.cards()]


def review(collection: Collection) -> None:
    [id] = collection.find_notes("")
    card = collection.get_note(id).cards()[0]
    card.start_timer()
    collection.sched.answerCard(card, 4)


# By sync.


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with running(tmp_path) as server:
        yield Desk(tmp_path, server)


def test_by_sync_it_is_one_note_with_all_its_reviews_and_each_kind_is_there_whole(desk: Desk) -> None:
    collection = desk.server.collection
    guids = set()
    named(notes_in(desk.notes, "basic"))
    for step, kind in enumerate(ROUND):
        notes_in(desk.notes, kind)
        done = desk.invoke("sync", "--yes")
        assert (done.exit_code, done.exception) == (0, None), (step, kind, done.output)
        name, fields, reviews = the_note(collection)
        assert (name, reviews[0]) == (TYPES[kind], step), (step, kind)
        assert len(collection.find_cards("-is:suspended")) >= CARDS[kind]
        assert "dog" in "".join(fields.values()) or kind == "occlusion"
        guids.add(fields["Guid"])
        assert "nothing to do" in desk.invoke("plan").output
        again = desk.invoke("sync", "--yes")
        assert (again.exit_code, "nothing to do" in again.output) == (0, True), (step, kind, again.output)
        review(collection)
    assert len(guids) == 1
    assert collection.fix_integrity()[1]


# By package.


def test_by_package_it_is_one_note_with_all_its_reviews_and_keeps_its_kind_which_builds_tell(tmp_path: Path) -> None:
    folder, package = named(notes_in(tmp_path / "notes", "basic")), tmp_path / "a.apkg"
    before = "basic"
    with open_collection(tmp_path) as collection:
        for step, kind in enumerate(ROUND):
            built = api.build(load(notes_in(folder, kind), NOON + step * 60_000), package)
            told = report.not_received(built.changed_kind, (), "")
            assert ("an import does not change the kind of a note" in told) == (TYPES[kind] != TYPES[before]), step
            import_package(collection, package)
            name, fields, reviews = the_note(collection)
            assert (name, reviews) == ("ankigen Basic", [step]), (step, kind)
            if TYPES[kind] == name:
                assert ("choices" in fields["Front"]) == (kind == "choice")
            review(collection)
            before = kind
        assert (fields["Front"], fields["Back"]) == ("perro", "dog")
        assert collection.fix_integrity()[1]


@pytest.mark.parametrize("kind", KINDS)
def test_a_reader_who_begins_with_any_kind_gets_it_whole(tmp_path: Path, kind: str) -> None:
    folder, package = named(notes_in(tmp_path / "notes", "basic")), tmp_path / "a.apkg"
    api.build(load(folder, NOON), package)
    api.build(load(notes_in(folder, kind), NOON + 60_000), package)
    with open_collection(tmp_path) as collection:
        import_package(collection, package)
        import_package(collection, package)
        name, _, reviews = the_note(collection)
        assert (name, len(reviews)) == (TYPES[kind], CARDS[kind])


# By both.


@pytest.mark.thorough
def test_a_package_that_is_imported_where_notes_are_synced_changes_nothing(desk: Desk) -> None:
    collection, package = desk.server.collection, desk.folder / "a.apkg"
    named(notes_in(desk.notes, "basic"))
    for step, kind in enumerate(ROUND):
        notes_in(desk.notes, kind)
        assert desk.invoke("sync", "--yes").exit_code == 0
        api.build(load(desk.notes, NOON + step * 60_000), package)
        before = the_note(collection)
        import_package(collection, package)
        assert the_note(collection) == before
        assert (before[0], before[2][0]) == (TYPES[kind], step)
        assert "nothing to do" in desk.invoke("plan").output
        review(collection)
