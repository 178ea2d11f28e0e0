"""What Anki's editors rewrite is no edit; notes that hold a base of version 1 are understood and left as they are."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest

from ankigen.data import ExistingNote, KindName, Note, Plan, Side, SourceId, UpdateNote, Wishes
from ankigen.note_types import base_of, content_fields, deck_hash, packed
from ankigen.note_types.contents import digest_of
from ankigen.outputs import apkg
from ankigen.support.structs import replace
from ankigen.syncing import plan_sync
from tests.helpers.anki_server import AnkiServer, running
from tests.helpers.contents import basic_content, cloze_content
from tests.helpers.handmade import anki, held, in_words, packed_by, values_of
from tests.helpers.handmade import base_of as base_in
from tests.helpers.syncing import SOURCE, Reader, Sync, desired, note, reworded

TABLE = "<table><tbody><tr><td>x</td></tr></tbody></table>"
BARE_TABLE = "<table><tr><td>x</td></tr></table>"
FRONT = 'What is <strong>this</strong>? <em>a</em> <img src="a.png" alt="x">'
FRONT_IN_EDITOR = '<div>What is <b>this</b>?&nbsp;<i>a</i> <img alt="x" src="a.png"></div>'
A = note("a", FRONT, TABLE)
BIRTH = A.identity.created
A_IN_EDITOR = {"Front": FRONT_IN_EDITOR, "Back": f"{BARE_TABLE}<br>", "Extra": "<br>"}


def raw_hash(text: str) -> str:
    """As version 1 had it."""
    return hashlib.sha256(f"{len(text)}:{text}".encode()).hexdigest()[:12] if text else "-"


def first_version(written: Note) -> str:
    """The base that version 1 wrote."""
    hashes = ",".join(raw_hash(text) for text in content_fields(written.content).values())
    return " ".join(["1", written.source_id, deck_hash(written.deck), hashes, *written.tags])


def of_version_1(written: Note, edits: Mapping[str, str] | None = None) -> ExistingNote:
    """A note that an older ankigen wrote, and what the reader made of it."""
    return held(written, edits={"Base": first_version(written), **(edits or {})})


def plan(new: Note, there: ExistingNote, wishes: Wishes | None = None) -> Plan:
    return plan_sync(desired([new]), anki(there), wishes=wishes)


def lines(new: Note, there: ExistingNote, wishes: Wishes | None = None) -> list[str]:
    return in_words(plan(new, there, wishes))


# What an editor rewrites


@pytest.mark.parametrize("edits", [A_IN_EDITOR, *({name: text} for name, text in A_IN_EDITOR.items())])
@pytest.mark.parametrize("prefer", [None, *Side])
def test_what_an_editor_rewrote_is_no_edit_and_nothing_to_write(edits: dict[str, str], prefer: Side | None) -> None:
    assert lines(A, held(A, edits=edits), Wishes(prefer)) == []


def test_an_edit_beside_what_the_editor_rewrote_is_told_alone() -> None:
    assert lines(A, held(A, edits={**A_IN_EDITOR, "Extra": "mine"})) == ["kept a: Extra"]
    assert lines(A, held(A, edits={"Front": FRONT_IN_EDITOR.replace("this", "that")})) == ["kept a: Front"]


def test_what_the_notes_change_is_written_over_what_the_editor_rewrote() -> None:
    assert lines(note("a", "new", TABLE), held(A, edits=A_IN_EDITOR)) == ["update a: Front"]


def test_where_another_field_is_written_what_the_editor_rewrote_stays() -> None:
    values = values_of(packed_by(plan(note("a", FRONT, "new"), held(A, edits=A_IN_EDITOR))))
    assert (values["Front"], values["Back"]) == (FRONT_IN_EDITOR, "new")


def test_a_field_that_is_typed_from_now_on_is_written_as_the_notes_have_it() -> None:
    items, lines_of_items = "<ul><li>x</li><li>y</li></ul>", "<ul><li>x</li>\n<li>y</li></ul>"
    new = note("a", "a", lines_of_items, type="y")
    typed = plan(new, held(note("a", "a", items), edits={"Extra": "edit"}))
    assert in_words(typed) == ["update a: Type", "kept a: Extra"]
    values = values_of(packed_by(typed))
    assert (values["Back"], values["Extra"]) == (lines_of_items, "edit")


def test_a_note_converts_over_what_the_editor_rewrote() -> None:
    new = note("a", content=cloze_content("{{c1::x}}"))
    assert lines(new, held(A, edits=A_IN_EDITOR)) == ["convert a to ankigen Cloze"]
    assert lines(new, held(A, edits={"Back": "edit"})) == ["conflict a: Back"]


def test_both_sides_wrote_the_same_in_other_words_of_html() -> None:
    changed = plan(note("a", FRONT, "<strong>n</strong>"), held(A, edits={"Back": "<b>n</b>"}))
    assert in_words(changed) == ["update a:"]
    assert values_of(packed_by(changed))["Back"] == "<b>n</b>"


@pytest.mark.parametrize("ours", [TABLE, f"{BARE_TABLE}"])
def test_a_table_that_gains_or_loses_its_body_is_no_change(ours: str) -> None:
    there = held(note("a", FRONT, BARE_TABLE if ours == TABLE else TABLE))
    assert lines(note("a", FRONT, ours), there) == []


def test_a_table_that_gains_its_body_makes_no_note_of_a_package_newer() -> None:
    with_body, without = basic_content("a", f"<p>x</p>{TABLE}"), basic_content("a", f"<p>x</p>{BARE_TABLE}")
    assert digest_of(with_body, ()) == digest_of(without, ())
    assert digest_of(with_body, ()) != digest_of(basic_content("a", f"<p>y</p>{TABLE}"), ())


# The kind


def test_a_base_names_the_kind_of_note() -> None:
    assert base_of(A).kind == "basic"
    assert base_of(note("a", content=cloze_content("{{c1::x}}"))).kind == "cloze"


def test_a_note_of_a_type_that_ankigen_did_not_give_it_is_the_readers() -> None:
    later = replace(base_of(A), kind=KindName("later"))
    words = f"2 {SOURCE} {later.deck} later {','.join(later.fields)}"
    new = note("a", content=cloze_content("{{c1::x}}"))
    [line] = lines(new, held(A, edits={"Base": words}))
    assert line.startswith("other-note-type")


def test_hashes_of_another_kind_tell_nothing_of_these_fields() -> None:
    words = f"2 {SOURCE} {base_of(A).deck} cloze {','.join(base_of(A).fields)}"
    assert lines(note("a", "new", TABLE), held(A, edits={"Base": words})) == ["update a:", "conflict a: Front"]


# Version 1


@pytest.mark.parametrize(
    ("new", "written", "edits", "told"),
    [
        (A, A, {}, []),
        (A, A, {"Front": FRONT_IN_EDITOR, "Extra": "<br>"}, []),
        (A, A, {"Back": "edit"}, ["kept a: Back"]),
        (note("a", FRONT, "new"), A, {}, ["update a: Back"]),
        (note("a", FRONT, "new"), A, {"Back": "edit"}, ["conflict a: Back"]),
        (note("a", FRONT, "new"), A, {"Extra": "edit"}, ["update a: Back", "kept a: Extra"]),
        (note("a", FRONT, "new"), A, {"Back": "new"}, ["update a:"]),
        (note("a", FRONT, TABLE, tags=("t",)), A, {}, ["update a: +t"]),
        (note("a", FRONT.replace("strong", "b"), TABLE), A, {}, []),
        (A, A, {"Base": first_version(replace(A, source_id=SourceId("other")))}, [f"other-source: a, {BIRTH}, other"]),
        (A, A, {"Base": first_version(A).rpartition(",")[0]}, ["update a:"]),
        # tables had no body then
        (A, note("a", FRONT, BARE_TABLE), {}, []),
        (A, note("a", FRONT, BARE_TABLE), {"Back": TABLE}, []),
        (A, note("a", FRONT, BARE_TABLE), {"Back": TABLE.replace("x", "y")}, ["kept a: Back"]),
        (note("a", FRONT, "new"), note("a", FRONT, BARE_TABLE), {"Back": TABLE}, ["update a: Back"]),
        (note("a", FRONT, "new"), note("a", FRONT, BARE_TABLE), {}, ["update a: Back"]),
        # another type
        (note("a", content=cloze_content("{{c1::x}}")), A, {}, ["convert a to ankigen Cloze"]),
        (note("a", content=cloze_content("{{c1::x}}")), A, {"Back": "edit"}, ["conflict a: Back"]),
    ],
)
def test_a_note_of_version_1_is_understood(new: Note, written: Note, edits: dict[str, str], told: list[str]) -> None:
    assert lines(new, of_version_1(written, edits)) == told


def test_a_base_of_version_1_is_replaced_when_its_note_is_written() -> None:
    new = note("a", FRONT, "new")
    assert base_in(packed_by(plan(new, of_version_1(A)))) == base_of(new)


def test_a_note_of_version_1_with_an_edit_remembers_it_when_it_is_written() -> None:
    new = note("a", FRONT, "new")
    packed_note = packed_by(plan(new, of_version_1(A, {"Front": "edit"})))
    assert base_in(packed_note) == base_of(new)
    assert lines(new, held(new, edits=values_of(packed_note))) == ["kept a: Front"]


def test_a_conflict_of_version_1_is_still_understood_when_its_note_was_written() -> None:
    new = note("a", "new", "new")
    written = values_of(packed_by(plan(new, of_version_1(A, {"Front": "edit"}))))
    base = base_in(packed_by(plan(new, of_version_1(A, {"Front": "edit"}))))
    assert base is not None
    assert (base.kind, base.fields[0]) == ("basic", f"~{raw_hash(FRONT)}")
    assert lines(new, held(new, edits=written)) == ["conflict a: Front"]
    assert lines(new, held(new, edits={**written, "Front": FRONT})) == ["update a: Front"]
    assert lines(note("a", FRONT, "new"), held(new, edits=written)) == ["kept a: Front"]
    assert lines(new, held(new, edits=written), Wishes(Side.ANKI)) == ["update a:"]


# On Anki's own library


@pytest.fixture
def server(tmp_path: Path) -> Iterator[AnkiServer]:
    with running(tmp_path) as server:
        yield server


@pytest.fixture
def sync(server: AnkiServer, tmp_path: Path) -> Sync:
    return Sync(server, tmp_path / "memory", packages=tmp_path / "packages")


@pytest.fixture
def reader(server: AnkiServer) -> Reader:
    return Reader(server.collection)


CLOZE = note("c", content=cloze_content("The {{c1::<strong>cell</strong>}} is<br>small", extra=TABLE))


def test_notes_as_editors_leave_them_are_nothing_to_sync(sync: Sync, reader: Reader) -> None:
    sync.sync([A, CLOZE])
    reader.edit("a", **A_IN_EDITOR)
    reader.edit("c", Text="<div>The&nbsp;{{c1::<b>cell</b>}} is</div><div>small<br></div>", Extra=BARE_TABLE)
    assert sync.plan([A, CLOZE]) == Plan(managed=2)
    sync.sync([reworded(A, context="there"), CLOZE])
    assert reader.note("a")["Front"] == FRONT_IN_EDITOR
    assert reader.note("c")["Text"].startswith("<div>")
    assert sync.plan([reworded(A, context="there"), CLOZE]) == Plan(managed=2)


def test_notes_of_version_1_are_left_as_they_are_until_they_are_written(sync: Sync, reader: Reader) -> None:
    both = [A, note("b")]
    sync.sync(both)
    for written in both:
        reader.edit(written.identity.guid, Base=first_version(written))
    assert sync.plan(both) == Plan(managed=2)
    new = [reworded(A, back="new"), both[1]]
    assert [type(change) for change in sync.sync(new).done] == [UpdateNote]
    assert [reader.note(name)["Base"][:1] for name in ("a", "b")] == ["2", "1"]
    assert sync.plan(new) == Plan(managed=2)


def test_a_package_leaves_the_notes_of_version_1_that_did_not_change(
    sync: Sync, reader: Reader, server: AnkiServer, tmp_path: Path
) -> None:
    both = [A, note("b")]
    sync.sync(both)
    for written in both:
        reader.edit(written.identity.guid, Base=first_version(written))
    later = [reworded(A, back="new"), both[1]]
    later[0] = replace(later[0], identity=replace(later[0].identity, modified=reader.note("a").mod + 1))
    path = tmp_path / "later.apkg"
    path.write_bytes(apkg.pack([packed(one) for one in later]))
    server.collection.import_anki_package(
        ImportAnkiPackageRequest(package_path=str(path), options=ImportAnkiPackageOptions())
    )
    assert (reader.note("a")["Back"], reader.note("b")["Base"]) == ("new", first_version(both[1]))
    assert sync.plan(later) == Plan(managed=2)
