"""Packages, judged by Anki's own library."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from ankigen import note_types, outputs
from ankigen.identity import LOCK_NAME, read_lock, write_lock
from ankigen.support.structs import replace
from tests.helpers.anki_library import import_package, open_collection
from tests.helpers.building import NOON, build, write

TWO_CARDS = "- What bends light? #card\n\t- A lens\n- What splits it? #card #optics\n\t- A prism\n"


def notes_in(path: Path) -> dict[str, tuple[int, int, str]]:
    """The front, id, modification time and tags of each note in a package."""
    with zipfile.ZipFile(path) as archive:
        connection = sqlite3.connect(":memory:")
        connection.deserialize(archive.read("collection.anki2"))
    rows = connection.execute("select flds, id, mod, tags from notes").fetchall()
    connection.close()
    return {fields.split("\x1f")[0]: (id, mod, tags) for fields, id, mod, tags in rows}


def test_importing_twice_adds_nothing_the_second_time(tmp_path: Path) -> None:
    build(write(tmp_path / "notes", optics=TWO_CARDS), tmp_path / "a.apkg")
    with open_collection(tmp_path) as collection:
        assert len(import_package(collection, tmp_path / "a.apkg").new) == 2
        second = import_package(collection, tmp_path / "a.apkg")
        assert (len(second.new), len(second.updated), len(second.duplicate)) == (0, 0, 2)
        assert collection.note_count() == 2


def test_a_changed_answer_arrives_and_leaves_the_other_note_alone(tmp_path: Path) -> None:
    notes = write(tmp_path / "notes", optics=TWO_CARDS)
    build(notes, tmp_path / "a.apkg")
    write(notes, optics=TWO_CARDS.replace("A prism", "A glass prism"))
    build(notes, tmp_path / "b.apkg", NOON + 60_000)
    with open_collection(tmp_path) as collection:
        import_package(collection, tmp_path / "a.apkg")
        log = import_package(collection, tmp_path / "b.apkg")
        assert [(note.fields[0], note.fields[1]) for note in log.updated] == [("What splits it?", "A glass prism")]
        assert len(log.duplicate) == 1
        assert collection.note_count() == 2


def test_a_note_dates_from_its_first_build_and_changes_only_with_its_content(tmp_path: Path) -> None:
    notes = write(tmp_path / "notes", optics=TWO_CARDS)
    build(notes, tmp_path / "a.apkg")
    first = notes_in(tmp_path / "a.apkg")
    write(notes, optics="- What is light? #card\n\t- A wave\n" + TWO_CARDS.replace("A lens", "Any lens"))
    build(notes, tmp_path / "b.apkg", NOON + 60_000)
    second = notes_in(tmp_path / "b.apkg")
    assert first == {
        "What bends light?": (NOON - 10, NOON // 1000, "  "),
        "What splits it?": (NOON, NOON // 1000, " optics "),
    }
    assert second == {
        "What is light?": (NOON + 60_000, NOON // 1000 + 60, "  "),
        "What bends light?": (NOON - 10, NOON // 1000 + 60, "  "),
        "What splits it?": (NOON, NOON // 1000, " optics "),
    }


def test_a_change_within_the_same_second_is_newer_all_the_same(tmp_path: Path) -> None:
    notes = write(tmp_path / "notes", optics=TWO_CARDS)
    build(notes, tmp_path / "a.apkg")
    write(notes, optics=TWO_CARDS.replace("A lens", "Any lens"))
    build(notes, tmp_path / "b.apkg")
    assert notes_in(tmp_path / "b.apkg")["What bends light?"][1] == NOON // 1000 + 1


def run_build(notes: Path, output: Path, hash_seed: str, locale: str) -> bytes:
    environment = os.environ | {"PYTHONHASHSEED": hash_seed, "LC_ALL": locale, "TZ": "Pacific/Kiritimati"}
    command = [sys.executable, "-m", "ankigen", "build", str(notes), "-o", str(output), "--locked"]
    subprocess.run(command, check=True, capture_output=True, env=environment)
    return output.read_bytes()


def test_the_same_notes_and_lock_give_the_same_bytes_in_another_folder_process_and_minute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = write(tmp_path / "first", optics=TWO_CARDS, waves="- tags:: b, a\n\t- Speed? #card\n\t\t- *c*\n")
    build(first, tmp_path / "first.apkg")
    shutil.copytree(first, tmp_path / "far" / "second")
    with monkeypatch.context() as later:
        later.setattr("time.time", lambda: NOON / 1000 + 60)
        build(first, tmp_path / "later.apkg", NOON + 60_000)
    packages = {
        (tmp_path / "first.apkg").read_bytes(),
        (tmp_path / "later.apkg").read_bytes(),
        run_build(first, tmp_path / "a.apkg", "1", "C"),
        run_build(tmp_path / "far" / "second", tmp_path / "b.apkg", "2", "C.UTF-8"),
    }
    assert len(packages) == 1


def test_the_zip_bears_no_trace_of_clock_or_machine(tmp_path: Path) -> None:
    build(write(tmp_path / "notes", optics=TWO_CARDS), tmp_path / "a.apkg")
    with zipfile.ZipFile(tmp_path / "a.apkg") as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {entry.external_attr for entry in archive.infolist()} == {0o644 << 16}
        assert [entry.filename for entry in archive.infolist()] == ["collection.anki2", "media"]
        assert json.loads(archive.read("media")) == {}
        header = archive.read("collection.anki2")[:100]
    assert header[24:28] == header[92:96] == header[96:100] == bytes(4)


def unused_space(database: bytes, size: int = 4096) -> bytes:
    """What stands in the pages of a database where no cell does, by SQLite's file format."""
    found = b""
    for start in range(0, len(database), size):
        page, head = database[start : start + size], 100 if start == 0 else 0
        if page[head] in {2, 5, 10, 13}:
            cells = int.from_bytes(page[head + 3 : head + 5], "big")
            content = int.from_bytes(page[head + 5 : head + 7], "big")
            found += page[head + (12 if page[head] < 10 else 8) + 2 * cells : content]
    return found


@pytest.mark.parametrize("words", [1, 300], ids=["small", "large"])
def test_nothing_is_left_in_the_unused_space_of_the_database(tmp_path: Path, words: int) -> None:
    cards = (f"- What is {number}? #card\n\t- {'a lens ' * words}\n" for number in range(2 * words))
    build(write(tmp_path / "notes", optics="".join(cards)), tmp_path / "a.apkg")
    with zipfile.ZipFile(tmp_path / "a.apkg") as archive, closing(sqlite3.connect(":memory:")) as connection:
        packed = archive.read("collection.anki2")
        connection.deserialize(packed)
        assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
        assert connection.execute("pragma freelist_count").fetchone() == (0,)
    assert unused_space(packed).strip(b"\0") == b""


def test_a_guid_twice_is_refused_before_a_byte_is_written(tmp_path: Path) -> None:
    desired = build(write(tmp_path / "notes", optics=TWO_CARDS), tmp_path / "a.apkg")
    with pytest.raises(AssertionError, match="a GUID twice"):
        outputs.content([desired.notes[0], desired.notes[0]], (), Path("twice.apkg"), note_types.note_types())


def test_ids_stay_unique_where_creation_times_are_close(tmp_path: Path) -> None:
    cards = "".join(f"- Question {n}? #card #bidirectional\n\t- {n}\n" for n in range(30))
    notes = write(tmp_path / "notes", many=cards)
    build(notes, tmp_path / "a.apkg")
    lock = read_lock(notes / LOCK_NAME)
    assert lock
    at_once = {guid: replace(known, created=NOON) for guid, known in lock.identities.items()}
    write_lock(notes / LOCK_NAME, replace(lock, identities=at_once))
    build(notes, tmp_path / "b.apkg")
    with open_collection(tmp_path) as collection:
        assert len(import_package(collection, tmp_path / "b.apkg").new) == 30
        assert not collection.fix_integrity()[0].count("error")


def test_the_users_own_css_stands_behind_ankigens_and_a_change_of_it_arrives(tmp_path: Path) -> None:
    notes = write(tmp_path / "notes", optics=TWO_CARDS)
    (notes / "ankigen.toml").write_text('css = "my.css"')
    later = note_types.BASIC.note_type.changed * 1000
    for colour, now in (("plum", NOON), ("teal", later + 60_000), ("navy", later + 60_000)):
        (notes / "my.css").write_text(f".card {{ color: {colour} }}")
        build(notes, tmp_path / "a.apkg", now)
        with open_collection(tmp_path) as collection:
            import_package(collection, tmp_path / "a.apkg")
            note_type = collection.models.by_name("ankigen Basic")
            assert note_type is not None
            assert "--paper" in note_type["css"]
            assert note_type["css"].endswith(f"\n.card {{ color: {colour} }}")
            assert collection.note_count() == 2


def test_a_lock_without_css_of_the_users_says_nothing_of_style(tmp_path: Path) -> None:
    notes = write(tmp_path / "notes", optics=TWO_CARDS)
    build(notes, tmp_path / "a.apkg")
    assert "\nstyle\t" not in (notes / "ankigen.lock").read_text()
