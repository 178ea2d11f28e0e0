"""What holds for every package, whatever the notes and however it is imported."""

import itertools
import json
import shutil
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from anki.collection import Collection, ImportAnkiPackageOptions
from anki.import_export_pb2 import ImportAnkiPackageUpdateCondition as Condition

from ankigen import note_types
from ankigen.note_types import kinds
from ankigen.support.structs import replace
from tests.helpers.anki_library import import_as_ankiconnect, import_package, open_collection
from tests.helpers.building import NOON, build, write

MIXED = (
    "- Which two? #card #bidirectional\n\t- Both\n"
    "- Force is {{cloze mass}} times {{cloze acceleration}} #card\n"
    "- {{c7::Only}} the seventh #card\n"
    "- Plain? #card\n\t- Yes\n"
)
CONDITIONS = [
    Condition.IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_IF_NEWER,
    Condition.IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_ALWAYS,
    Condition.IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_NEVER,
]


@contextmanager
def database(package: Path) -> Iterator[sqlite3.Connection]:
    """The database inside a package."""
    with closing(sqlite3.connect(":memory:")) as connection, zipfile.ZipFile(package) as archive:
        connection.deserialize(archive.read("collection.anki2"))
        yield connection


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """A package of many notes that were all made at one moment."""
    pages = {f"page{n}": MIXED.replace("?", f" {n}?").replace("Force", f"Force {n}") for n in range(30)}
    build(write(tmp_path / "notes", **pages), tmp_path / "mixed.apkg")
    return tmp_path / "mixed.apkg"


def test_no_id_stands_twice_and_no_note_is_without_a_card(mixed: Path) -> None:
    with database(mixed) as packed:
        assert packed.execute("select count(), count(distinct id) from notes").fetchone() == (120, 120)
        assert packed.execute("select count(), count(distinct id) from cards").fetchone() == (180, 180)
        assert packed.execute("select count(distinct guid) = count() from notes").fetchone() == (1,)
        assert packed.execute("select count() from notes where id not in (select nid from cards)").fetchone() == (0,)
        assert packed.execute("select count() from cards where nid not in (select id from notes)").fetchone() == (0,)


def test_a_package_holds_no_scheduling_and_no_preset_of_its_own(mixed: Path) -> None:
    with database(mixed) as packed:
        decks, presets = map(json.loads, packed.execute("select decks, dconf from col").fetchone())
        assert {deck["conf"] for deck in decks.values()} == {1}
        assert list(presets) == ["1"]
        assert packed.execute("select count() from revlog").fetchone() == (0,)
        assert packed.execute("select distinct type, queue, ivl, reps from cards").fetchall() == [(0, 0, 0, 0)]


def test_the_readers_preset_stays_on_the_deck(mixed: Path, tmp_path: Path) -> None:
    with open_collection(tmp_path) as collection:
        import_package(collection, mixed)
        own = collection.decks.add_config("mine")
        for deck in collection.decks.all():
            collection.decks.set_config_id_for_deck_dict(deck, own["id"])
        import_package(collection, mixed)
        assert {deck["conf"] for deck in collection.decks.all()} == {own["id"]}


def notes_in(collection: Collection) -> dict[str, str]:
    """The fields of each note, by GUID."""
    assert collection.db is not None
    rows = collection.db.all("select guid, flds from notes")
    return {str(row[0]): str(row[1]) for row in rows}


def histories_in(collection: Collection) -> set[tuple[str | int, ...]]:
    """Each card with its schedule and the length of its review log."""
    assert collection.db is not None
    rows = collection.db.all(
        "select guid, ord, reps, ivl, queue, (select count() from revlog where cid = cards.id)"
        " from cards join notes on nid = notes.id"
    )
    return set(map(tuple, rows))


OPTIONS = [
    ImportAnkiPackageOptions(
        merge_notetypes=merges,
        update_notes=notes,
        update_notetypes=types,
        with_scheduling=scheduling,
        with_deck_configs=scheduling,
    )
    for notes, types, merges, scheduling in itertools.product(CONDITIONS, CONDITIONS, (False, True), (False, True))
]


@dataclass(frozen=True)
class Start:
    """A collection that has the first package, all of it reviewed, and what is in it; `second` is the next package."""

    folder: Path
    second: Path
    notes: dict[str, str]
    histories: set[tuple[str | int, ...]]
    types: set[str]

    @contextmanager
    def copy(self, folder: Path) -> Iterator[Collection]:
        shutil.copytree(self.folder, folder)
        with open_collection(folder) as collection:
            yield collection


@pytest.fixture
def start(tmp_path: Path) -> Start:
    """One answer is changed and one card is new in the second package."""
    notes = write(tmp_path / "notes", mixed=MIXED)
    build(notes, tmp_path / "a.apkg")
    write(notes, mixed=MIXED.replace("Yes", "No").replace("times", "by") + "- New? #card\n\t- Indeed\n")
    build(notes, tmp_path / "b.apkg", NOON + 60_000)
    (tmp_path / "start").mkdir()
    with open_collection(tmp_path / "start") as collection:
        import_package(collection, tmp_path / "a.apkg")
        answer_all(collection)
        found = notes_in(collection), histories_in(collection), note_types_in(collection)
    return Start(tmp_path / "start", tmp_path / "b.apkg", *found)


def require_nothing_doubled_or_lost(start: Start, collection: Collection, bring_in: Callable[[], object]) -> bool:
    """Whether the changed answer arrived, by an import that is done twice."""
    bring_in()
    once = notes_in(collection), histories_in(collection)
    bring_in()
    assert (notes_in(collection), histories_in(collection)) == once
    assert start.histories < histories_in(collection)
    assert len(once[0].keys() - start.notes.keys()) == 1
    assert note_types_in(collection) == start.types
    return any("\x1fNo\x1f" in fields for fields in once[0].values())


def test_under_every_option_of_anki_an_import_doubles_and_loses_nothing(start: Start, tmp_path: Path) -> None:
    for number, options in enumerate(OPTIONS):
        with start.copy(tmp_path / str(number)) as collection:
            is_updated = require_nothing_doubled_or_lost(
                start,
                collection,
                lambda: import_package(collection, start.second, options),  # noqa: B023 - called here
            )
            assert is_updated is (options.update_notes != Condition.IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_NEVER)


def test_ankiconnects_way_of_importing_doubles_and_loses_nothing(start: Start, tmp_path: Path) -> None:
    with start.copy(tmp_path / "copy") as collection:
        assert require_nothing_doubled_or_lost(
            start, collection, lambda: import_as_ankiconnect(collection, start.second)
        )


def note_types_in(collection: Collection) -> set[str]:
    return {one.name for one in collection.models.all_names_and_ids()}


def answer_all(collection: Collection) -> None:
    for id in collection.find_cards(""):
        card = collection.get_card(id)
        card.start_timer()
        collection.sched.answerCard(card, 4)


def test_a_package_of_an_older_checkout_never_overwrites_newer_content(tmp_path: Path) -> None:
    notes = write(tmp_path / "notes", a="- Q #card\n\t- old\n")
    build(notes, tmp_path / "old.apkg")
    shutil.copytree(notes, tmp_path / "checkout")
    write(notes, a="- Q #card\n\t- new\n")
    build(notes, tmp_path / "new.apkg", NOON + 60_000)
    build(tmp_path / "checkout", tmp_path / "old again.apkg", NOON + 120_000)
    with open_collection(tmp_path) as collection:
        import_package(collection, tmp_path / "new.apkg")
        for old in ("old.apkg", "old again.apkg"):
            import_package(collection, tmp_path / old)
            [id] = collection.find_notes("")
            assert collection.get_note(id)["Back"] == "new"


def test_changed_css_arrives_when_the_note_type_says_that_it_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes = write(tmp_path / "notes", a="- Q #card\n\t- A\n")
    build(notes, tmp_path / "a.apkg")
    basic = note_types.BASIC.note_type
    newer = replace(basic, css=note_types.with_css(basic, ".card { color: plum }"), changed=basic.changed + 1)
    with monkeypatch.context() as restyled:
        restyled.setattr(kinds, "KINDS", (replace(note_types.BASIC, note_type=newer), note_types.CLOZE))
        build(notes, tmp_path / "b.apkg", NOON + 60_000)
    with open_collection(tmp_path) as collection:
        import_package(collection, tmp_path / "a.apkg")
        import_package(collection, tmp_path / "b.apkg")
        [found] = [one for one in collection.models.all() if one["name"] == basic.name]
        assert found["css"] == newer.css
        import_package(collection, tmp_path / "a.apkg")
        [found] = [one for one in collection.models.all() if one["name"] == basic.name]
        assert found["css"] == newer.css
