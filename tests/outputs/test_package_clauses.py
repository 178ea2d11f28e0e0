"""What stands in a package, row by row and byte by byte."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from ankigen import note_types
from ankigen.data import Guid, MediaFile, NoteType, PackedNote
from ankigen.errors import CannotRead
from ankigen.outputs import apkg
from ankigen.support.structs import replace
from tests.helpers.anki_library import import_package, open_collection
from tests.helpers.building import NOON

LENS = PackedNote(
    guid=Guid("lens"),
    created=NOON,
    modified=NOON // 1000 + 5,
    note_type=note_types.BASIC.note_type,
    values=("What bends light?", "A lens", "", "", "", "1", "", "", "lens", ""),
    tags=("optics", "school"),
    deck="Physics",
    ordinals=(0,),
)
"""A plain note; the other notes of these tests differ from it in what they are about."""


def note(guid: str, **changes: Any) -> PackedNote:
    return replace(LENS, guid=Guid(guid), values=(guid, *LENS.values[1:]), **changes)


def cloze(guid: str, ordinals: tuple[int, ...]) -> PackedNote:
    text = " ".join(f"{{{{c{ordinal + 1}::{guid}}}}}" for ordinal in ordinals)
    values = (text, *("" for _ in note_types.CLOZE.note_type.fields[1:]))
    return replace(LENS, guid=Guid(guid), note_type=note_types.CLOZE.note_type, values=values, ordinals=ordinals)


def files_in(packed: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@contextmanager
def database(contents: Sequence[PackedNote]) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(files_in(apkg.pack(contents))["collection.anki2"])
        yield connection


def rows(contents: Sequence[PackedNote], query: str) -> list[tuple[object, ...]]:
    with database(contents) as connection:
        return connection.execute(query).fetchall()


# Notes.


def test_a_note_stands_in_its_row_as_it_was_given() -> None:
    [row] = rows([LENS], "select * from notes")
    fields = "What bends light?\x1fA lens\x1f\x1f\x1f\x1f1\x1f\x1f\x1flens\x1f"
    assert row == (
        *(NOON, "lens", note_types.BASIC.note_type.id, NOON // 1000 + 5, -1, " optics school ", fields),
        *("What bends light?", 0, 0, ""),
    )


def test_a_note_without_tags_has_two_blanks_for_them() -> None:
    assert rows([replace(LENS, tags=())], "select tags from notes") == [("  ",)]


def test_notes_of_one_moment_take_the_next_free_ids_deck_by_deck() -> None:
    contents = [note("a", deck="One"), note("b", deck="Two"), note("c", deck="One")]
    expected = [("a", NOON), ("c", NOON + 1), ("b", NOON + 2)]
    assert rows(contents, "select guid, id from notes order by id") == expected


def test_a_note_keeps_its_own_moment_where_that_is_free() -> None:
    contents = [note("a"), note("b", created=NOON + 7)]
    assert rows(contents, "select guid, id from notes order by id") == [("a", NOON), ("b", NOON + 7)]


def test_a_note_with_a_value_too_few_is_refused() -> None:
    with pytest.raises(AssertionError, match="a note has a value for each field"):
        apkg.pack([replace(LENS, values=LENS.values[:-1])])


def test_a_guid_twice_is_refused() -> None:
    with pytest.raises(AssertionError, match="a GUID twice is a duplicate for ever"):
        apkg.pack([LENS, replace(LENS, deck="Other")])


# Cards.


def test_a_new_card_stands_in_its_row_as_anki_makes_one() -> None:
    [row] = rows([LENS], "select * from cards")
    assert row == (NOON, NOON, decks([LENS])["Physics"], 0, NOON // 1000 + 5, -1, 0, 0, 0, *(0,) * 8, "")


def test_new_cards_are_learned_in_the_order_of_the_notes_whatever_their_decks_and_ages() -> None:
    contents = [note("a", deck="One", created=NOON + 9), note("b", deck="Two"), note("c", deck="One")]
    query = "select notes.guid, cards.due from cards join notes on notes.id = cards.nid order by cards.due"
    assert rows(contents, query) == [("a", 0), ("b", 1), ("c", 2)]


def test_anki_shows_new_cards_in_the_order_of_the_notes(tmp_path: Path) -> None:
    contents = [note("a", created=NOON + 9), note("b"), note("c", created=NOON - 9)]
    (tmp_path / "a.apkg").write_bytes(apkg.pack(contents))
    with open_collection(tmp_path) as collection:
        import_package(collection, tmp_path / "a.apkg")
        ids = collection.find_cards("is:new", order="c.due asc")
        assert [collection.get_card(id).note().guid for id in ids] == ["a", "b", "c"]


def test_all_cards_of_a_note_are_due_at_its_place() -> None:
    contents = [note("a"), cloze("b", (0, 2))]
    assert rows(contents, "select ord, due from cards order by due, ord") == [(0, 0), (0, 1), (2, 1)]


def test_a_card_is_named_by_its_note_and_its_place_in_it() -> None:
    assert rows([cloze("b", (0, 4))], "select id, ord from cards order by id") == [(NOON, 0), (NOON + 4, 4)]


def test_two_cards_that_would_have_one_id_have_two() -> None:
    contents = [cloze("a", (0, 1)), note("b", created=NOON + 1)]
    assert rows(contents, "select id, ord from cards order by id") == [(NOON, 0), (NOON + 1, 1), (NOON + 2, 0)]


@pytest.mark.parametrize(("is_suspended", "queue"), [(False, 0), (True, -1)])
def test_a_card_is_suspended_where_its_note_says_so(is_suspended: bool, queue: int) -> None:
    assert rows([replace(LENS, is_suspended=is_suspended)], "select type, queue from cards") == [(0, queue)]


# Decks and note types.


def decks(contents: Sequence[PackedNote]) -> dict[str, int]:
    """The decks of a package and their ids."""
    [(stored,)] = rows(contents, "select decks from col")
    assert isinstance(stored, str)
    found = json.loads(stored)
    assert all(key == str(deck["id"]) for key, deck in found.items())
    return {deck["name"]: deck["id"] for deck in found.values()}


def test_a_package_has_the_decks_of_its_notes_beside_the_default_one() -> None:
    contents = [note("a", deck="Physics::Optics"), note("b", deck="Art"), note("c", deck="Art")]
    found = decks(contents)
    assert sorted(found) == ["Art", "Default", "Physics::Optics"]
    assert found["Default"] == 1
    assert rows(contents, "select did from cards order by due") == [
        (found["Physics::Optics"],),
        (found["Art"],),
        (found["Art"],),
    ]


def test_a_deck_has_the_same_id_in_every_package_and_each_its_own() -> None:
    alone, together = decks([note("a", deck="Art")]), decks([note("a", deck="Art"), note("b", deck="Music")])
    assert alone["Art"] == together["Art"]
    assert len(set(together.values())) == 3
    assert alone["Art"] == 7_342_148_382_637  # for ever: the same notes make the same bytes
    assert all(2 <= id < 2 + 2**48 for name, id in together.items() if name != "Default")


def kinds(contents: Sequence[PackedNote]) -> dict[str, dict[str, Any]]:
    [(stored,)] = rows(contents, "select models from col")
    assert isinstance(stored, str)
    return {kind["name"]: kind for kind in json.loads(stored).values()}


@pytest.mark.parametrize(("note_type", "number"), [(note_types.BASIC.note_type, 0), (note_types.CLOZE.note_type, 1)])
def test_a_note_type_is_described_as_it_is(note_type: NoteType, number: int) -> None:
    sample = LENS if note_type is note_types.BASIC.note_type else cloze("a", (0,))
    [(name, kind)] = kinds([sample]).items()
    assert (name, int(kind["id"]), kind["type"]) == (note_type.name, note_type.id, number)
    assert kind["mod"] == note_type.changed
    assert [field["name"] for field in kind["flds"]] == list(note_type.fields)
    assert [(one["name"], one["qfmt"], one["afmt"]) for one in kind["tmpls"]] == [
        (one.name, one.front, one.back) for one in note_type.templates
    ]
    assert kind["css"] == note_type.css


def test_a_package_has_only_the_note_types_of_its_notes() -> None:
    assert list(kinds([LENS])) == ["ankigen Basic"]
    assert sorted(kinds([LENS, cloze("a", (0,))])) == ["ankigen Basic", "ankigen Cloze"]


# The database.


def test_the_database_has_the_indexes_of_ankis_own() -> None:
    found = rows([LENS], "select name from sqlite_master where type = 'index' and sql <> '' order by name")
    assert [name for (name,) in found] == [
        *("ix_cards_nid", "ix_cards_sched", "ix_cards_usn"),
        *("ix_notes_csum", "ix_notes_usn", "ix_revlog_cid", "ix_revlog_usn"),
    ]


def test_the_database_has_pages_of_four_kilobytes_whole_and_without_holes() -> None:
    contents = [note(f"{number}", created=NOON + number) for number in range(500)]
    assert rows(contents, "pragma page_size") == [(4096,)]
    assert rows(contents, "pragma integrity_check") == [("ok",)]
    assert rows(contents, "pragma freelist_count") == [(0,)]
    assert rows(contents, "select count(*) from notes") == [(500,)]


def test_the_header_tells_nothing_of_the_machine_and_is_sqlites_otherwise() -> None:
    packed = files_in(apkg.pack([LENS]))["collection.anki2"]
    assert packed[:16] == b"SQLite format 3\0"
    assert [packed[24:28], packed[92:96], packed[96:100]] == [bytes(4)] * 3
    assert int.from_bytes(packed[28:32], "big") * 4096 == len(packed)


# The zip.


def test_media_are_numbered_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("b", "a", "c"):
        (tmp_path / name).write_bytes(name.encode() * 3)
    media = [MediaFile(f"{name}.png", str(tmp_path / name)) for name in ("b", "c", "a")]
    found = files_in(apkg.pack([LENS], media))
    assert list(found) == ["collection.anki2", "media", "0", "1", "2"]
    assert json.loads(found["media"]) == {"0": "a.png", "1": "b.png", "2": "c.png"}
    assert [found["0"], found["1"], found["2"]] == [b"aaa", b"bbb", b"ccc"]


def test_a_picture_that_cannot_be_read_is_told_by_its_path(tmp_path: Path) -> None:
    with pytest.raises(CannotRead, match=r"gone\.png.*No such file"):
        apkg.pack([LENS], [MediaFile("gone.png", str(tmp_path / "gone.png"))])


@pytest.mark.parametrize("system", ["linux", "win32"])
def test_an_entry_says_the_same_of_every_system_and_media_are_not_compressed_again(
    system: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").write_bytes(b"a" * 1000)
    monkeypatch.setattr("sys.platform", system)
    packed = apkg.pack([LENS], [MediaFile("a.png", str(tmp_path / "a"))])
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert {entry.create_system for entry in archive.infolist()} == {3}
        assert {entry.external_attr for entry in archive.infolist()} == {0o644 << 16}
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        compressed = [entry.filename for entry in archive.infolist() if entry.compress_type == zipfile.ZIP_DEFLATED]
        assert compressed == ["collection.anki2", "media"]


def test_a_package_without_notes_is_a_collection_without_notes() -> None:
    assert apkg.APKG.content([], (), ()) == apkg.pack([])
    assert rows([], "select count(*) from notes") == [(0,)]
    assert list(decks([])) == ["Default"]
