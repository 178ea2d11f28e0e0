"""What Anki has, and what the notes say: the exact plan, one row for each thing that the plan looks at."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import pytest

from ankigen import note_types
from ankigen.data import (
    Base,
    Collection,
    ConvertNote,
    DeleteNote,
    Desired,
    ExistingCard,
    ExistingNote,
    ExistingNoteType,
    FieldChange,
    Guid,
    Html,
    KindName,
    MediaFile,
    Note,
    Plan,
    RestyleNoteType,
    SendMedia,
    Side,
    SourceId,
    SuspendNote,
    Template,
    Wishes,
)
from ankigen.errors import CannotRead, TooManyRemovals
from ankigen.note_types.base_field import (
    REMOVED_TAG,
    REMOVING_TAG,
    deck_hash,
    field_hash,
    format_base,
    is_mark,
    read_base,
)
from ankigen.support.normal_forms import deck_key, tag_key
from ankigen.support.structs import replace
from ankigen.syncing import plan_sync, pristine_notes, require_safe, seen_notes
from ankigen.syncing.three_way import Fate, Field, Tags, merge_fields, merge_tags
from ankigen.syncing.to_package import as_in_collection, pack_note
from tests.helpers.contents import changed, cloze_content
from tests.helpers.handmade import (
    BASIC,
    CLOZE,
    KINDS,
    anki,
    base_of,
    held,
    in_words,
    packed_by,
    values_of,
)
from tests.helpers.syncing import NOON, SOURCE, desired, note

A = note("a")
BOTH = note("a", reverse=True)
HIDDEN = note("a", content=cloze_content("{{c1::hidden}} {{c2::two}}"))
BIRTH = A.identity.created
BASIC_KIND, CLOZE_KIND = KINDS
BASIC_NAME, CLOZE_NAME = KindName("basic"), KindName("cloze")


def reworded(one: Note, **content: str | bool) -> Note:
    return replace(one, content=changed(one.content, **content))


def plan(notes: Note | Sequence[Note], existing: Collection, wishes: Wishes | None = None) -> Plan:
    return plan_sync(desired([notes] if isinstance(notes, Note) else notes), existing, wishes=wishes)


# What a note remembers


def test_a_base_is_one_line_that_html_does_not_break() -> None:
    base = Base(SourceId("src"), "deck", ("-", "ab12"), ('a"b', "x<y", "p&q"), BASIC_NAME)
    assert format_base(base) == '2 src deck basic -,ab12 a"b x&lt;y p&amp;q'
    assert read_base(format_base(base)) == base


@pytest.mark.parametrize(
    ("field", "base"),
    [
        ("2 src deck basic -,ab", Base(SourceId("src"), "deck", ("-", "ab"), (), BASIC_NAME)),
        ("2 src deck later - one two", Base(SourceId("src"), "deck", ("-",), ("one", "two"), KindName("later"))),
        ("2 src deck basic ~cd,ab", Base(SourceId("src"), "deck", ("~cd", "ab"), (), BASIC_NAME)),
        ("1 src deck -,ab", Base(SourceId("src"), "deck", ("-", "~ab"), ())),
        ("1 src deck - one two", Base(SourceId("src"), "deck", ("-",), ("one", "two"))),
        ("1 src deck", None),
        ("2 src deck -,ab", None),
        ("3 src deck basic -,ab", None),
        ("", None),
    ],
)
def test_a_base_has_a_version_a_source_a_deck_and_hashes_and_else_is_none(field: str, base: Base | None) -> None:
    assert read_base(field) == base


def test_hashes_and_words_that_collections_hold_already_never_change() -> None:
    assert (field_hash(""), field_hash("x")) == ("-", hashlib.sha256(b"1:x").hexdigest()[:12])
    assert deck_hash("A::B") == hashlib.sha256(b"4:a::b").hexdigest()[:12]
    assert (REMOVED_TAG, REMOVING_TAG) == ("ankigen::removed", "ankigen::removed::now")


@pytest.mark.parametrize("deck", ["Köln::Dom", "KÖLN::dom", "Ko\u0308ln::Dom", " Köln ::  Dom "])
def test_a_deck_is_the_same_in_other_case_form_and_blanks(deck: str) -> None:
    assert deck_key(deck) == deck_key("köln::dom")
    assert deck_hash(deck) == deck_hash("köln::dom")


@pytest.mark.parametrize("deck", ["Koln::Dom", "Köln Dom", "Köln", "Köln::Dom::x", "KölnDom"])
def test_a_deck_of_another_name_is_another(deck: str) -> None:
    assert deck_key(deck) != deck_key("köln::dom")


def test_a_tag_is_the_same_in_other_case_and_form() -> None:
    assert tag_key("Ko\u0308ln") == tag_key("KÖLN") == tag_key("köln") != tag_key("koln")


@pytest.mark.parametrize(
    ("tag", "is_one"),
    [
        ("ankigen::removed", True),
        ("Ankigen::Removed", True),
        ("ankigen::removed::now", True),
        ("ankigen::removed::1700000000000", True),
        ("ankigen::removedly", False),
        ("ankigen", False),
        ("removed", False),
        ("mine::ankigen::removed", False),
    ],
)
def test_a_removed_note_is_marked_by_one_tag_and_those_below_it(tag: str, is_one: bool) -> None:
    assert is_mark(tag) is is_one


def test_a_memory_is_a_sorted_file_of_guids_named_for_collection_and_notes(tmp_path: Path) -> None:
    seen_notes.record_seen(tmp_path, "collection", SourceId("one"), [Guid("b"), Guid("a"), Guid("c")])
    name = hashlib.sha256(b"10:collection3:one").hexdigest()[:16]
    assert (tmp_path / f"{name}.txt").read_bytes() == b"a\nb\nc\n"


def test_a_memory_that_cannot_be_opened_is_not_taken_for_none(tmp_path: Path) -> None:
    name = hashlib.sha256(b"10:collection3:one").hexdigest()[:16]
    (tmp_path / f"{name}.txt").mkdir()
    with pytest.raises(CannotRead, match=f"cannot read .*{name}.txt: "):
        seen_notes.recall_seen(tmp_path, "collection", SourceId("one"))


# Whose text


def merged(ours: str, theirs: str, base: str, prefer: Side | None) -> Field:
    [field] = merge_fields({"F": Html(ours)}, [field_hash(ours)], {"F": theirs}, [field_hash(base)], prefer)
    assert field.change == FieldChange("F", theirs, ours)
    return field


@pytest.mark.parametrize(
    ("ours", "theirs", "base", "prefer", "fate", "text", "remembered"),
    [
        ("x", "x", "x", None, Fate.SAME, "x", "x"),
        ("new", "new", "x", None, Fate.SAME, "new", "new"),
        ("new", "x", "x", None, Fate.WRITE, "new", "new"),
        ("new", "x", "x", Side.ANKI, Fate.WRITE, "new", "new"),
        ("x", "edit", "x", None, Fate.KEEP, "edit", "x"),
        ("x", "edit", "x", Side.NOTES, Fate.KEEP, "edit", "x"),
        ("new", "edit", "x", None, Fate.CONFLICT, "edit", "x"),
        ("new", "edit", "x", Side.NOTES, Fate.WRITE, "new", "new"),
        ("new", "edit", "x", Side.ANKI, Fate.ACCEPT_THEIRS, "edit", "new"),
        ("", "x", "x", None, Fate.WRITE, "", ""),
        ("x", "", "x", None, Fate.KEEP, "", "x"),
    ],
)
def test_a_field_is_decided_by_three_texts(
    ours: str, theirs: str, base: str, prefer: Side | None, fate: Fate, text: str, remembered: str
) -> None:
    field = merged(ours, theirs, base, prefer)
    assert (field.fate, field.text, field.hash) == (fate, text, field_hash(remembered))


@pytest.mark.parametrize(
    ("ours", "theirs", "fate"),
    [("new", "", Fate.WRITE), ("", "edit", Fate.KEEP), ("new", "edit", Fate.CONFLICT), ("", "", Fate.SAME)],
)
def test_a_field_that_came_after_the_base_was_empty_then(ours: str, theirs: str, fate: Fate) -> None:
    fields, hashes = {"F": Html("x"), "Late": Html(ours)}, [field_hash("x"), field_hash(ours)]
    first, late = merge_fields(fields, hashes, {"F": "x", "Late": theirs}, [field_hash("x")], None)
    assert (first.fate, late.fate) == (Fate.SAME, fate)


def test_a_base_of_a_later_ankigen_may_know_more_fields() -> None:
    known = [field_hash("x"), field_hash("y")]
    [field] = merge_fields({"F": Html("x")}, [field_hash("x")], {"F": "x", "Late": "y"}, known, None)
    assert field.fate is Fate.SAME


@pytest.mark.parametrize(("ours", "theirs"), [("new", ""), ("", "edit"), ("new", "edit")])
def test_where_no_base_is_known_a_difference_is_a_conflict(ours: str, theirs: str) -> None:
    [field] = merge_fields({"F": Html(ours)}, [field_hash(ours)], {"F": theirs}, (), None)
    assert field.fate is Fate.CONFLICT


@pytest.mark.parametrize(
    ("ours", "theirs", "base", "tags"),
    [
        # the author added one
        (("t",), (), (), Tags(final=("t",), added=("t",), removed=(), remembered=("t",))),
        # the author took one away, also if the reader wrote it in capitals
        ((), ("t",), ("t",), Tags(final=(), added=(), removed=("t",), remembered=())),
        ((), ("T",), ("t",), Tags(final=(), added=(), removed=("T",), remembered=())),
        ((), ("t",), ("T",), Tags(final=(), added=(), removed=("t",), remembered=())),
        # nobody did anything, whatever the case
        (("T",), ("t",), ("t",), Tags(final=("t",), added=(), removed=(), remembered=("T",))),
        # the reader took ours away
        (("t",), (), ("T",), Tags(final=(), added=(), removed=(), remembered=("t",))),
        # the reader had it before the author: it stays the reader's
        (("t",), ("T",), (), Tags(final=("T",), added=(), removed=(), remembered=())),
        # the reader's own stay, in their places, and ours come behind
        (("n",), ("z", "o", "b"), ("o",), Tags(final=("z", "b", "n"), added=("n",), removed=("o",), remembered=("n",))),
        # one of ours that both took away
        ((), (), ("t",), Tags(final=(), added=(), removed=(), remembered=())),
        # a tag in another Unicode form is the same
        (
            ("ko\u0308ln",),
            ("Köln",),
            ("KÖLN",),
            Tags(final=("Köln",), added=(), removed=(), remembered=("ko\u0308ln",)),
        ),
    ],
)
def test_tags_of_both_sides_are_told_apart(
    ours: tuple[str, ...], theirs: tuple[str, ...], base: tuple[str, ...], tags: Tags
) -> None:
    assert merge_tags(ours, theirs, base) == tags


# One note


def test_a_new_note_is_packed_as_the_notes_say_it() -> None:
    new = note("a", deck="A::B", tags=("x",), reverse=True)
    packed = packed_by(plan(new, anki()))
    assert (packed.guid, packed.created, packed.modified) == ("a", BIRTH, NOON)
    assert (packed.tags, packed.deck, packed.ordinals, packed.is_suspended) == (("x",), "A::B", (0, 1), False)
    assert (values_of(packed)["Front"], values_of(packed)["Guid"]) == ("a", "a")
    assert base_of(packed) == Base(SOURCE, deck_hash("A::B"), new.content.hashes, ("x",), BASIC_NAME)


NO_EXTRA = replace(BASIC_KIND, fields=tuple(name for name in BASIC.fields if name not in {"Extra", "Source"}))
NO_FORWARD = replace(BASIC_KIND, templates=BASIC.templates[1:])
NO_REVERSE = replace(BASIC_KIND, templates=BASIC.templates[:1])


@pytest.mark.parametrize(
    ("new", "existing", "lines"),
    [
        (A, anki(), ["create a as ankigen Basic"]),
        (A, anki(kinds=[]), ["create a as ankigen Basic"]),
        (HIDDEN, anki(), ["create a as ankigen Cloze"]),
        (note("a", deck="Cram"), anki(filtered=["Other", "cRAM"]), ["filtered-deck: a, -, Cram"]),
        (A, anki(filtered=["Cram"]), ["create a as ankigen Basic"]),
        (A, anki(kinds=[NO_FORWARD, CLOZE_KIND]), ["template-missing: a, -, Forward"]),
        (BOTH, anki(kinds=[NO_FORWARD]), ["create a as ankigen Basic"]),
        (A, anki(kinds=[NO_REVERSE]), ["create a as ankigen Basic"]),
        (BOTH, anki(kinds=[replace(NO_FORWARD, templates=())]), ["template-missing: a, -, Forward, Reverse"]),
        (HIDDEN, anki(kinds=[replace(CLOZE_KIND, templates=())]), ["create a as ankigen Cloze"]),
    ],
)
def test_a_note_that_anki_lacks_is_made_where_it_has_a_deck_and_a_card(
    new: Note, existing: Collection, lines: list[str]
) -> None:
    assert in_words(plan(new, existing)) == lines


def test_no_note_goes_into_a_filtered_deck() -> None:
    notes = [note(name, deck="Cram") for name in "ab"]
    assert in_words(plan(notes, anki(filtered=["Cram"]))) == ["filtered-deck: a, -, Cram", "filtered-deck: b, -, Cram"]


def test_a_note_is_not_made_without_fields_that_the_reader_took_away() -> None:
    lines = in_words(plan(A, anki(kinds=[NO_EXTRA])))
    assert lines == ["field-missing: -, -, ankigen Basic: Extra, Source", "field-missing: a, -, Extra, Source"]


@pytest.mark.parametrize(
    ("known", "wishes", "lines"),
    [
        ({"a"}, Wishes(), ["deleted-in-anki: a, -, "]),
        ({"a"}, Wishes(is_restoring=True), ["create a as ankigen Basic"]),
        ({"b"}, Wishes(), ["create a as ankigen Basic"]),
        (set(), Wishes(is_restoring=True), ["create a as ankigen Basic"]),
    ],
)
def test_a_note_that_the_collection_had_and_lacks_was_deleted_there(
    known: set[Guid], wishes: Wishes, lines: list[str]
) -> None:
    assert in_words(plan_sync(desired([A]), anki(), known, wishes)) == lines


def test_that_a_note_was_deleted_is_told_before_where_it_cannot_go() -> None:
    gone = note("a", deck="Cram")
    existing = anki(filtered=["Cram"], kinds=[NO_EXTRA])
    assert in_words(plan_sync(desired([gone]), existing, {Guid("a")}))[1:] == ["deleted-in-anki: a, -, "]
    assert in_words(plan_sync(desired([gone]), existing))[1:] == ["filtered-deck: a, -, Cram"]


TAGGED = note("a", tags=("t", "u"))
OTHERS = note("a", source=SourceId("other"))
GONE_KIND = replace(BASIC_KIND, name="Mine", id=77)


@pytest.mark.parametrize(
    ("now", "existing", "lines"),
    [
        # nobody did anything
        (A, anki(held(A)), []),
        (TAGGED, anki(held(TAGGED, tags=("u", "t"))), []),
        (TAGGED, anki(held(note("a", tags=("u", "t")))), []),
        (BOTH, anki(held(BOTH, "A", "A")), []),
        # the reader did something besides
        (A, anki(held(A, edits={"Mnemonic": "mine"})), []),
        (A, anki(held(A, tags=("leech",))), []),
        (TAGGED, anki(held(TAGGED, tags=("t",))), []),
        (A, anki(held(A, "Mine")), [f"moved-in-anki: a, {BIRTH}, Mine"]),
        (BOTH, anki(held(BOTH, "A", "Mine")), [f"moved-in-anki: a, {BIRTH}, Mine"]),
        (A, anki(held(A, edits={"Back": "edit", "Front": "edit"})), ["kept a: Front, Back"]),
        # the author did something
        (note("a", back="new"), anki(held(A)), ["update a: Back"]),
        (note("a", "new", "new"), anki(held(A)), ["update a: Front Back"]),
        (TAGGED, anki(held(A)), ["update a: +t +u"]),
        (A, anki(held(TAGGED)), ["update a: -t -u"]),
        (note("a", tags=("n", "t")), anki(held(TAGGED)), ["update a: +n -u"]),
        (note("a", deck="B"), anki(held(A)), ["move 1 of a to B", "update a:"]),
        # both did
        (note("a", back="new"), anki(held(A, edits={"Back": "new"})), ["update a:"]),
        (note("a", "new", "x"), anki(held(A, edits={"Back": "edit"})), ["update a: Front", "conflict a: Back"]),
        (note("a", "new"), anki(held(A, edits={"Back": "edit"})), ["update a: Front", "kept a: Back"]),
        (
            note("a", "new", "new"),
            anki(held(A, edits={"Front": "edit", "Extra": "edit"})),
            ["update a: Back", "kept a: Extra", "conflict a: Front"],
        ),
        (note("a", back="new"), anki(held(A, edits={"Back": "edit"})), ["conflict a: Back"]),
        # what ankigen wrote last cannot be read
        (A, anki(held(A, edits={"Base": "torn off"})), ["update a:"]),
        (A, anki(held(A, edits={"Base": "torn off", "Back": "edit"})), ["update a:", "conflict a: Back"]),
        (A, anki(held(A, edits={"Base": "torn off", "Back": ""})), ["update a:", "conflict a: Back"]),
        # it is not for these notes to touch
        (A, anki(held(OTHERS)), [f"other-source: a, {BIRTH}, other"]),
        (note("a", back="new"), anki(held(OTHERS)), [f"other-source: a, {BIRTH}, other"]),
        (A, anki(held(A, note_type="Mine"), kinds=[*KINDS, GONE_KIND]), [f"other-note-type: a, {BIRTH}, Mine"]),
        (A, anki(held(A, note_type="Mine")), [f"other-note-type: a, {BIRTH}, Mine"]),
        # the reader took a template away
        (A, anki(held(A), kinds=[NO_FORWARD]), [f"template-missing: a, {BIRTH}, Forward"]),
        (BOTH, anki(held(BOTH), kinds=[NO_FORWARD]), [f"template-missing: a, {BIRTH}, Forward"]),
        (A, anki(held(A), kinds=[NO_REVERSE]), []),
        (
            BOTH,
            anki(held(BOTH), kinds=[replace(NO_FORWARD, templates=())]),
            [f"template-missing: a, {BIRTH}, Forward, Reverse"],
        ),
    ],
)
def test_a_note_that_anki_has(now: Note, existing: Collection, lines: list[str]) -> None:
    assert in_words(plan(now, existing)) == lines


def test_a_note_is_left_alone_while_its_type_lacks_fields_that_the_reader_took_away() -> None:
    lines = in_words(plan(note("a", back="new"), anki(held(A), kinds=[NO_EXTRA])))
    assert lines[1:] == [f"field-missing: a, {BIRTH}, Extra, Source"]


def test_a_decision_for_anki_is_remembered_and_nothing_else_changes() -> None:
    new = note("a", back="new")
    decided = plan(new, anki(held(A, edits={"Back": "edit"})), Wishes(Side.ANKI))
    assert in_words(decided) == ["update a:"]
    packed = packed_by(decided)
    assert values_of(packed)["Back"] == "edit"
    base = base_of(packed)
    assert base is not None
    assert base.fields == new.content.hashes


def test_an_update_holds_the_readers_work_and_remembers_the_authors() -> None:
    old, new = note("a", tags=("old", "kept")), note("a", "new", tags=("kept", "new"))
    there = held(old, edits={"Back": "edit", "Mnemonic": "mine"}, tags=("theirs", "old", "kept"), modified=NOON)
    kind = replace(BASIC_KIND, fields=("Mnemonic", *BASIC.fields))
    packed = packed_by(plan(new, anki(there, kinds=[kind])))
    values = values_of(packed)
    assert (values["Front"], values["Back"], values["Mnemonic"]) == ("new", "edit", "mine")
    assert (packed.tags, packed.modified, packed.deck) == (("theirs", "kept", "new"), NOON + 1, "A")
    assert base_of(packed) == Base(SOURCE, deck_hash("A"), new.content.hashes, ("kept", "new"), BASIC_NAME)


def test_an_update_of_an_older_note_is_as_new_as_its_change() -> None:
    assert packed_by(plan(note("a", "new"), anki(held(A)))).modified == NOON


# Another type


def test_a_note_is_converted_with_its_tags_and_in_the_deck_of_its_cards() -> None:
    new = replace(HIDDEN, tags=("new",), deck="B")
    there = held(note("a", tags=("old",)), "Mine", tags=("theirs", "old"))
    converted = plan(new, anki(there))
    assert in_words(converted) == ["convert a to ankigen Cloze", f"moved-in-anki: a, {BIRTH}, Mine"]
    packed = packed_by(converted)
    assert (packed.tags, packed.deck) == (("theirs", "new"), "Mine")
    assert values_of(packed)["Text"] == "{{c1::hidden}} {{c2::two}}"
    assert base_of(packed) == Base(SOURCE, deck_hash("A"), HIDDEN.content.hashes, ("new",), CLOZE_NAME)


def test_a_converted_note_moves_as_any_other() -> None:
    converted = plan(replace(HIDDEN, deck="B"), anki(held(A)))
    assert in_words(converted) == ["move 1 of a to B", "convert a to ankigen Cloze"]
    [_, change] = converted.changes
    assert isinstance(change, ConvertNote)
    assert base_of(change.packed) == Base(SOURCE, deck_hash("B"), HIDDEN.content.hashes, (), CLOZE_NAME)


NO_TEXT = replace(CLOZE_KIND, fields=CLOZE.fields[1:])
RENAMED = replace(CLOZE_KIND, name="Mine")
MORE_FIELDS = replace(BASIC_KIND, fields=("Mnemonic", *BASIC.fields))
TORN = {"Base": "torn off"}


@pytest.mark.parametrize(
    ("now", "existing", "wishes", "lines"),
    [
        (HIDDEN, anki(held(A)), Wishes(), ["convert a to ankigen Cloze"]),
        (A, anki(held(HIDDEN, "A", "A")), Wishes(), ["convert a to ankigen Basic"]),
        (HIDDEN, anki(held(A), kinds=[BASIC_KIND]), Wishes(), ["convert a to ankigen Cloze"]),
        (HIDDEN, anki(held(A), kinds=[BASIC_KIND, RENAMED]), Wishes(), ["convert a to Mine"]),
        (HIDDEN, anki(held(A), kinds=[MORE_FIELDS]), Wishes(), ["convert a to ankigen Cloze"]),
        # the reader's words would be lost
        (HIDDEN, anki(held(A, edits={"Back": "edit"})), Wishes(), ["conflict a: Back"]),
        (HIDDEN, anki(held(A, edits={"Type": "y"})), Wishes(Side.ANKI), ["conflict a: Type"]),
        (HIDDEN, anki(held(A, edits={"Back": "edit"})), Wishes(Side.NOTES), ["convert a to ankigen Cloze"]),
        # the reader converted it, or nobody knows who did
        (A, anki(held(A, note_type="ankigen Cloze")), Wishes(), [f"other-note-type: a, {BIRTH}, ankigen Cloze"]),
        (HIDDEN, anki(held(A, edits=TORN)), Wishes(), [f"other-note-type: a, {BIRTH}, ankigen Basic"]),
        # the new type has no room for it
        (A, anki(held(HIDDEN), kinds=[NO_FORWARD, CLOZE_KIND]), Wishes(), [f"template-missing: a, {BIRTH}, Forward"]),
        (BOTH, anki(held(HIDDEN), kinds=[NO_FORWARD, CLOZE_KIND]), Wishes(), ["convert a to ankigen Basic"]),
        # it comes back from among the removed ones
        (HIDDEN, anki(held(A, tags=(REMOVED_TAG,))), Wishes(), ["convert a to ankigen Cloze", "restore a: none"]),
    ],
)
def test_a_note_becomes_one_of_the_other_type(
    now: Note, existing: Collection, wishes: Wishes, lines: list[str]
) -> None:
    assert in_words(plan(now, existing, wishes)) == lines


def test_a_note_is_not_converted_to_a_type_that_lacks_fields() -> None:
    lines = in_words(plan(HIDDEN, anki(held(A), kinds=[BASIC_KIND, NO_TEXT])))
    assert lines == ["field-missing: -, -, ankigen Cloze: Text", f"field-missing: a, {BIRTH}, Text"]


def test_of_an_edit_and_a_missing_field_in_the_way_of_a_conversion_the_edit_is_told() -> None:
    lines = in_words(plan(HIDDEN, anki(held(A, edits={"Back": "edit"}), kinds=[BASIC_KIND, NO_TEXT])))
    assert lines[1:] == ["conflict a: Back"]


def test_a_conversion_in_the_way_of_an_edit_shows_what_would_be_lost() -> None:
    [conflict] = plan(HIDDEN, anki(held(A, edits={"Back": "edit"}))).conflicts
    assert conflict.fields == (FieldChange("Back", "edit", ""),)


# Decks


@pytest.mark.parametrize(
    ("deck", "last", "decks", "lines", "remembered"),
    [
        # all of it follows, whatever the case
        ("B", "A", ("A", "A"), ["move 1, 2 of a to B"], "B"),
        ("B", "A", ("a", "B"), ["move 1 of a to B"], "B"),
        ("a", "A", ("A", "A"), [], "A"),
        # the reader moved some of it: the rest follows, now and later
        ("B", "A", ("A", "Mine"), ["move 1 of a to B", "moved-in-anki: a, Mine"], "B"),
        ("C", "B", ("B", "Mine"), ["move 1 of a to C", "moved-in-anki: a, Mine"], "C"),
        ("B", "A", ("B", "Mine"), ["moved-in-anki: a, Mine"], "B"),
        # the reader moved all of it, and may bring it back to where it was
        ("B", "A", ("Mine", "Mine"), ["moved-in-anki: a, Mine"], "A"),
        ("B", "A", tuple("ZZYXW"), [f"moved-in-anki: a, {deck}" for deck in "WXYZ"], "A"),
        # the reader moved it to where the author wants it
        ("B", "A", ("B", "B"), [], "B"),
        # what is on loan is left there, and moves when it is back in the deck that ankigen put it in
        ("B", "A", ("A", "Cram!"), ["move 1 of a to B"], "A"),
        ("B", "A", ("Cram!", "Cram!"), [], "A"),
        ("B", "A", ("Cram!", "Mine"), ["moved-in-anki: a, Mine"], "A"),
        ("A", "A", ("Cram!", "A"), [], "A"),
        # nothing goes into a filtered deck
        ("Cram", "A", ("A", "A"), ["filtered-deck: a, Cram"], "A"),
        ("cram", "A", ("A", "Mine"), ["filtered-deck: a, cram"], "A"),
        ("Cram", "A", ("Cram!", "A"), ["filtered-deck: a, Cram"], "A"),
    ],
)
def test_cards_follow_their_note_from_where_ankigen_put_them(
    deck: str, last: str, decks: tuple[str, ...], lines: list[str], remembered: str
) -> None:
    there = held(note("a", reverse=True, deck=last), *decks)
    moved = plan(note("a", "new", reverse=True, deck=deck), anki(there, filtered=["Cram"]))
    told = [line.replace(f" {BIRTH},", "") for line in in_words(moved)]
    assert [line for line in told if line != "update a: Front"] == lines
    base = base_of(packed_by(moved))
    assert base is not None
    assert base.deck == deck_hash(remembered)


@pytest.mark.parametrize(
    ("deck", "decks", "home"),
    [
        ("A", ("A",), "A"),
        ("B", ("A",), "B"),
        ("A", ("Mine",), "Mine"),
        ("A", ("Cram!",), "A"),
        ("Cram", ("A",), "A"),
        ("Cram", ("Mine",), "Mine"),
    ],
)
def test_a_card_that_is_added_goes_where_the_note_is(deck: str, decks: tuple[str, ...], home: str) -> None:
    packed = packed_by(plan(note("a", deck=deck, reverse=True), anki(held(A, *decks), filtered=["Cram"])))
    assert (packed.ordinals, packed.deck) == ((1,), home)


CUED = note("a", content=cloze_content("{{c1::a}} {{c2::b}} {{c3::c}}"))


@pytest.mark.parametrize(
    ("decks", "home"),
    [(("A", "Mine"), "A"), (("Mine", "A"), "A"), (("Mine", "Yours"), "Mine"), (("Cram!", "Mine"), "A")],
)
def test_a_card_that_is_added_does_not_follow_one_that_went_astray(decks: tuple[str, ...], home: str) -> None:
    packed = packed_by(plan(CUED, anki(held(HIDDEN, *decks))))
    assert (packed.ordinals, packed.deck) == ((2,), home)


@pytest.mark.parametrize("deck", ["B", "Cram"])
def test_a_base_without_a_known_deck_can_be_read_again(deck: str) -> None:
    there = held(note("a", tags=("t",)), edits={"Base": "torn off"})
    base = base_of(packed_by(plan(note("a", tags=("t",), deck=deck), anki(there, filtered=["Cram"]))))
    assert base == Base(SOURCE, deck_hash(""), A.content.hashes, (), BASIC_NAME)


# Notes that are gone


def resting(*states: bool) -> tuple[ExistingCard, ...]:
    return tuple(ExistingCard(number, "A", is_suspended) for number, is_suspended in enumerate(states, 1))


def tagged(*tags: str, states: tuple[bool, ...] = (False, False)) -> ExistingNote:
    return held(BOTH, tags=tags, cards=resting(*states))


DELETING = Wishes(is_deleting=True)


@pytest.mark.parametrize(
    ("there", "lines"),
    [
        (tagged(), ["suspend a: 1, 2; resting none"]),
        (tagged(states=(True, False)), ["suspend a: 2; resting 1"]),
        (tagged(states=(True, True)), ["suspend a: none; resting 1, 2"]),
        # it was done
        (tagged("ankigen::removed", states=(True, True)), []),
        (tagged("Ankigen::Removed", "ankigen::removed::1"), []),
        # it was cut off: what rested before is known by its tags
        (tagged("ankigen::removed::now"), ["suspend a: 1, 2; resting none"]),
        (tagged("Ankigen::Removed::Now", "ANKIGEN::removed::2", states=(True, True)), ["suspend a: none; resting 2"]),
        (tagged("ankigen::removed", "ankigen::removed::now", "ankigen::removed::2", "ankigen::removed::33"),
         ["suspend a: 1, 2; resting 2, 33"]),
        # tags that look like it
        (tagged("ankigen::removedly", "removed"), ["suspend a: 1, 2; resting none"]),
        (tagged("ankigen::removed::now", "x::ankigen::removed::1", "ankigen::removed::2b", "ankigenxxremoved::2"),
         ["suspend a: 1, 2; resting none"]),
    ],
)  # fmt: skip
def test_a_note_that_left_the_notes_is_suspended_once(there: ExistingNote, lines: list[str]) -> None:
    assert in_words(plan([], anki(there))) == lines


@pytest.mark.parametrize(
    ("tags", "states", "lines"),
    [
        (("ankigen::removed",), (True, True), ["restore a: 1, 2"]),
        (("Ankigen::Removed", "ankigen::REMOVED::2"), (True, True), ["restore a: 1"]),
        (("ankigen::removed",), (False, True), ["restore a: 2"]),
        (("ankigen::removed::now",), (True, True), ["restore a: 1, 2"]),
        (("ankigen::removed::now", "ankigen::removed::1"), (True, False), ["restore a: none"]),
        (("ankigen::removed::1",), (True, False), ["restore a: none"]),
        (("theirs",), (True, True), []),
    ],
)
def test_a_removed_note_that_came_back_is_restored_with_the_cards_that_ankigen_suspended(
    tags: tuple[str, ...], states: tuple[bool, ...], lines: list[str]
) -> None:
    assert in_words(plan(BOTH, anki(tagged(*tags, states=states)))) == lines


@pytest.mark.parametrize(
    ("wanted", "wishes", "there", "lines"),
    [
        (desired([]), DELETING, tagged(), ["delete a"]),
        (desired([]), DELETING, tagged("ankigen::removed"), ["delete a"]),
        (desired([BOTH]), DELETING, tagged(), []),
        (desired([], errors=1), Wishes(), tagged(), [f"notes-have-errors: -, {BIRTH}, "]),
        (desired([], errors=1), DELETING, tagged(), [f"notes-have-errors: -, {BIRTH}, "]),
        (desired([], errors=1), DELETING, tagged("ankigen::removed"), []),
        (desired([], selection="page.md"), DELETING, tagged(), []),
        (desired([], selection="page.md", errors=1), Wishes(), tagged(), []),
        (desired([], source=SourceId("other")), DELETING, tagged(), []),
        (desired([]), DELETING, held(A, edits=TORN), []),
        # what brought a note type in goes, whatever else is asked for
    ],
)
def test_notes_are_taken_away_if_they_are_known_to_be_gone(
    wanted: Desired, wishes: Wishes, there: ExistingNote, lines: list[str]
) -> None:
    assert in_words(plan_sync(wanted, anki(there), wishes=wishes)) == lines


# Copies


def born(id: int, **edits: str) -> ExistingNote:
    return held(A, id=id, edits=edits)


OTHER_BASE = "1 other deck -"


@pytest.mark.parametrize(
    ("notes", "lines"),
    [
        ([born(BIRTH, Back="edit"), born(1)], ["kept a: Back", "copy: -, 1, "]),
        ([born(1), born(BIRTH, Back="edit")], ["kept a: Back", "copy: -, 1, "]),
        ([born(BIRTH, Back="edit"), born(BIRTH + 1)], ["kept a: Back", f"copy: -, {BIRTH + 1}, "]),
        # no note is as old as ours: the oldest is the note
        ([born(1, Back="edit"), born(2)], ["kept a: Back", "copy: -, 2, "]),
        ([born(2), born(1, Back="edit")], ["kept a: Back", "copy: -, 2, "]),
        ([born(2), born(1, Back="edit"), born(3)], ["kept a: Back", "copy: -, 2, ", "copy: -, 3, "]),
        ([born(2), born(3), born(1, Back="edit")], ["kept a: Back", "copy: -, 3, ", "copy: -, 2, "]),
        # a copy of others is theirs to tell of
        ([born(BIRTH, Back="edit"), born(1, Base=OTHER_BASE)], ["kept a: Back"]),
        ([born(BIRTH, Back="edit"), born(1, Base="torn off")], ["kept a: Back"]),
    ],
)  # fmt: skip
def test_of_copies_the_one_as_old_as_ours_is_the_note(notes: list[ExistingNote], lines: list[str]) -> None:
    assert in_words(plan(A, anki(*notes))) == lines


def test_of_copies_of_a_removed_note_the_oldest_is_taken_away() -> None:
    taken = plan([], anki(born(BIRTH + 1), born(BIRTH)))
    [change] = taken.changes
    assert isinstance(change, SuspendNote)
    assert change.existing.id == BIRTH
    assert in_words(taken)[1:] == [f"copy: -, {BIRTH + 1}, "]


# Note types


def copy_named(name: str, **more: object) -> ExistingNoteType:
    return replace(BASIC_KIND, id=77, name=name, **more)


@pytest.mark.parametrize(
    ("kind", "is_ours"),
    [
        (replace(BASIC_KIND, name="Mine"), True),
        (copy_named("ankigen Basic+"), True),
        (copy_named("ankigen Basic-0a1f9"), True),
        (copy_named("ankigen Basic-0a1f9+-12345"), True),
        (copy_named("ankigen Basic+", fields=("More", *BASIC.fields)), True),
        (copy_named("ankigen Basic+", templates=(Template("More", "", ""), *BASIC.templates)), True),
        (copy_named("ankigen Basic"), False),
        (copy_named("ankigen Basic 2"), False),
        (copy_named("ankigen Basic+ of mine"), False),
        (copy_named("ankigen Basic-0a1f"), False),
        (copy_named("ankigen Basic-0a1g9"), False),
        (copy_named("my ankigen Basic+"), False),
        (copy_named("+"), False),
        (copy_named("ankigen Basic+", fields=tuple(name for name in BASIC.fields if name != "Extra")), False),
        (copy_named("ankigen Basic+", templates=BASIC.templates[:1]), False),
    ],
)
def test_a_note_type_is_ours_by_its_id_or_as_a_whole_copy_that_anki_named(
    kind: ExistingNoteType, is_ours: bool
) -> None:
    there = held(A, note_type=kind.name)
    told = in_words(plan(note("a", back="new"), anki(there, kinds=[kind, CLOZE_KIND])))
    assert told == (["update a: Back"] if is_ours else [f"other-note-type: a, {BIRTH}, {kind.name}"])


def test_an_update_leaves_a_note_in_the_type_that_it_has() -> None:
    kind = copy_named("ankigen Basic+", css="mine", templates=(Template("More", "x", "y"), *BASIC.templates))
    packed = packed_by(plan(note("a", back="new"), anki(held(A, note_type=kind.name), kinds=[BASIC_KIND, kind])))
    had = packed.note_type
    assert (had.id, had.name, had.css, had.templates) == (77, "ankigen Basic+", "mine", kind.templates)
    assert had.changed == 0


@pytest.mark.parametrize("order", [1, -1])
def test_a_new_note_goes_into_our_note_type_and_not_into_a_copy(order: int) -> None:
    kinds = [copy_named("ankigen Basic+"), replace(BASIC_KIND, name="Mine"), copy_named("ankigen Basic-12345")]
    assert in_words(plan(A, anki(kinds=kinds[::order]))) == ["create a as Mine"]


OLD = note_types.with_css(BASIC, ".older {}")
OLDER = replace(BASIC_KIND, css=OLD)
FORWARD, REVERSE = BASIC.templates
RESTYLING = Wishes(is_restyling=True)
EDITED = replace(FORWARD, front="{{Front}}, says the reader")
OWN = Template("Mine", "x", "y")


def looking(
    *more: Template, forward: Template = FORWARD, reverse: Template = REVERSE, css: str = BASIC.css
) -> ExistingNoteType:
    return replace(BASIC_KIND, templates=(*more, forward, reverse), css=css)


@pytest.mark.parametrize(
    ("kind", "wishes", "lines"),
    [
        (BASIC_KIND, RESTYLING, []),
        (replace(BASIC_KIND, fields=(*BASIC.fields, "Later")), Wishes(), []),
        (looking(OWN), RESTYLING, []),
        (NO_FORWARD, RESTYLING, []),
        # a later ankigen's text replaces an older one's
        (OLDER, Wishes(), ["restyle ankigen Basic: CSS"]),
        (looking(forward=replace(FORWARD, front=OLD)), Wishes(), ["restyle ankigen Basic: Forward"]),
        (looking(reverse=replace(REVERSE, back=OLD)), Wishes(), ["restyle ankigen Basic: Reverse"]),
        (
            looking(forward=replace(FORWARD, front=OLD), reverse=replace(REVERSE, front=OLD), css=OLD),
            Wishes(),
            ["restyle ankigen Basic: Forward, Reverse, CSS"],
        ),
        # the reader's stays, unless the user wants to be rid of it
        (looking(css="mine"), Wishes(), ["style-edited: -, -, ankigen Basic: CSS"]),
        (looking(css="mine"), RESTYLING, ["restyle ankigen Basic: CSS"]),
        (looking(forward=EDITED), RESTYLING, ["restyle ankigen Basic: Forward"]),
        (looking(forward=replace(EDITED, back=OLD)), Wishes(), ["style-edited: -, -, ankigen Basic: Forward"]),
        (
            looking(forward=replace(FORWARD, front=OLD, back="mine")),
            Wishes(),
            ["style-edited: -, -, ankigen Basic: Forward"],
        ),
        # each text by itself
        (
            looking(forward=EDITED, css=OLD),
            Wishes(),
            ["restyle ankigen Basic: CSS", "style-edited: -, -, ankigen Basic: Forward"],
        ),
        (
            looking(forward=replace(FORWARD, front=OLD), reverse=replace(REVERSE, front="mine"), css="mine"),
            Wishes(),
            [
                "restyle ankigen Basic: Forward",
                "style-edited: -, -, ankigen Basic: Reverse",
                "style-edited: -, -, ankigen Basic: CSS",
            ],
        ),
        # a copy is left as it is
        (copy_named("ankigen Basic+", css=OLD), RESTYLING, []),
    ],
)
def test_looks_that_ankigen_wrote_are_replaced_and_the_readers_stay(
    kind: ExistingNoteType, wishes: Wishes, lines: list[str]
) -> None:
    assert in_words(plan([], anki(kinds=[kind]), wishes)) == lines


def test_a_restyled_note_type_has_our_texts_and_keeps_the_css_that_the_reader_edited() -> None:
    kind = replace(BASIC_KIND, css="mine", templates=(OWN, replace(FORWARD, front=OLD), REVERSE))
    assert plan([], anki(kinds=[kind])).changes == (RestyleNoteType(kind, (FORWARD,), "mine"),)
    assert plan([], anki(kinds=[kind]), RESTYLING).changes == (RestyleNoteType(kind, (FORWARD,), BASIC.css),)


LATER = replace(BASIC, fields=(*BASIC.fields, "Later", "Latest"))


@pytest.mark.parametrize(
    ("missing", "lines"),
    [
        (("Latest",), ["extend ankigen Basic: Latest"]),
        (("Later", "Latest"), ["extend ankigen Basic: Later, Latest"]),
        (("Extra", "Latest"), ["field-missing: -, -, ankigen Basic: Extra, Latest"]),
        (("Base",), ["field-missing: -, -, ankigen Basic: Base"]),
    ],
)
def test_fields_of_a_later_ankigen_are_asked_for_and_those_that_the_reader_took_away_are_not(
    missing: tuple[str, ...], lines: list[str]
) -> None:
    kind = replace(BASIC_KIND, fields=tuple(name for name in LATER.fields if name not in missing))
    assert in_words(plan_sync(desired([]), anki(kinds=[kind]), own=[LATER])) == lines


def test_fields_are_asked_for_before_looks_are_replaced() -> None:
    changed = plan_sync(desired([]), anki(kinds=[OLDER]), own=[LATER])
    assert in_words(changed) == ["extend ankigen Basic: Later, Latest", "restyle ankigen Basic: CSS"]


def test_a_note_type_that_lacks_a_field_is_restyled_all_the_same() -> None:
    lines = in_words(plan([], anki(kinds=[replace(OLDER, fields=NO_EXTRA.fields)])))
    assert lines == ["restyle ankigen Basic: CSS", "field-missing: -, -, ankigen Basic: Extra, Source"]


# Packing


def test_a_note_type_that_anki_lacks_is_packed_as_it_is_ours() -> None:
    assert as_in_collection(BASIC, None) == BASIC


def test_a_note_type_that_anki_has_is_packed_as_it_is_there_and_no_newer() -> None:
    kind = ExistingNoteType(7, "Mine", ("F",), (OWN,), "css")
    assert as_in_collection(BASIC, kind) == replace(
        BASIC, id=7, name="Mine", fields=("F",), templates=(OWN,), css="css", changed=0
    )


def in_types(*templates: Template) -> ExistingNoteType:
    return replace(BASIC_KIND, templates=templates)


@pytest.mark.parametrize(
    ("now", "before", "kind", "ordinals"),
    [
        # only cards that are new, as Anki's importer makes the others again that the reader deleted
        (reworded(BOTH, back="new"), BOTH, BASIC_KIND, ()),
        (BOTH, A, BASIC_KIND, (1,)),
        (A, BOTH, BASIC_KIND, ()),
        (BOTH, note("a", forward=False, reverse=True), BASIC_KIND, (0,)),
        (note("a", forward=False, reverse=True), A, BASIC_KIND, (1,)),
        (HIDDEN, note("a", content=cloze_content("{{c2::x}}")), CLOZE_KIND, (0,)),
        (note("a", content=cloze_content("{{c9::x}} {{c3::y}}")), HIDDEN, CLOZE_KIND, (2, 8)),
        # a template is known by its name: the reader may have put others before it, or turned the two around
        (BOTH, A, in_types(OWN, FORWARD, REVERSE), (2,)),
        (BOTH, A, in_types(REVERSE, FORWARD), (0,)),
        (BOTH, A, in_types(FORWARD), ()),
        (CUED, HIDDEN, replace(CLOZE_KIND, templates=(OWN, *CLOZE.templates)), (2,)),
    ],
)
def test_only_cards_that_are_new_are_packed_with_a_note_that_anki_has(
    now: Note, before: Note, kind: ExistingNoteType, ordinals: tuple[int, ...]
) -> None:
    kinds = [kind, *(one for one in KINDS if one.id != kind.id)]
    assert packed_by(plan(now, anki(held(before), kinds=kinds))).ordinals == ordinals


def test_the_cards_of_a_new_note_are_where_their_templates_are() -> None:
    assert packed_by(plan(BOTH, anki(kinds=[in_types(OWN, REVERSE, FORWARD)]))).ordinals == (1, 2)
    assert packed_by(plan(A, anki(kinds=[in_types(OWN, REVERSE, FORWARD)]))).ordinals == (2,)


def test_a_card_that_the_reader_took_back_is_not_packed_again() -> None:
    there = held(BOTH, edits={"Reverse": ""})
    assert packed_by(plan(reworded(BOTH, back="new"), anki(there))).ordinals == ()


def test_new_notes_rest_if_they_shall_and_cards_that_are_added_never() -> None:
    assert packed_by(plan(note("a", suspended=True), anki())).is_suspended
    assert not packed_by(plan(note("a", suspended=True, reverse=True), anki(held(A)))).is_suspended


@pytest.mark.parametrize(("before", "modified"), [(NOON - 1, NOON), (NOON, NOON + 1), (NOON + 5, NOON + 6)])
def test_a_note_is_packed_newer_than_anki_has_it(before: int, modified: int) -> None:
    packed = pack_note(A, BASIC, pristine_notes([A])[Guid("a")].fields, (), held(A, modified=before))
    assert packed.modified == modified


def test_what_a_note_type_has_besides_is_left_empty_in_a_new_note() -> None:
    kind = replace(BASIC_KIND, fields=("Mnemonic", *BASIC.fields))
    assert values_of(packed_by(plan(A, anki(kinds=[kind]))))["Mnemonic"] == ""


# All of it


PICTURE, SOUND = MediaFile("a.png", "/a.png"), MediaFile("b.mp3", "/b.mp3")
SHOWING = note("a", media=("a.png",))
HEARD = note("b", media=("a.png", "b.mp3"))


@pytest.mark.parametrize(
    ("notes", "existing", "sent"),
    [
        ([SHOWING], anki(), [PICTURE]),
        ([SHOWING, HEARD], anki(), [PICTURE, SOUND]),
        ([SHOWING], replace(anki(), media=frozenset({"a.png"})), []),
        ([HEARD], replace(anki(), media=frozenset({"a.png"})), [SOUND]),
        ([A], anki(), []),
        # the file went away while Anki was off
        ([SHOWING], anki(held(SHOWING)), [PICTURE]),
        # a note that is left alone shows it in Anki all the same, if it is there
        ([SHOWING], anki(held(SHOWING, "Mine")), [PICTURE]),
        ([SHOWING], anki(held(A, edits={"Back": "edit"})), [PICTURE]),
        ([replace(SHOWING, deck="Cram")], anki(filtered=["Cram"]), []),
        ([replace(SHOWING, deck="Cram"), HEARD], anki(filtered=["Cram"]), [PICTURE, SOUND]),
    ],
)
def test_files_are_sent_that_anki_lacks_and_one_of_its_notes_shows(
    notes: list[Note], existing: Collection, sent: list[MediaFile]
) -> None:
    changes = plan_sync(desired(notes, media=[PICTURE, SOUND]), existing).changes
    assert [change.file for change in changes if isinstance(change, SendMedia)] == sent


def test_a_plan_names_the_collection_and_the_notes_that_are_of_these_notes() -> None:
    other = held(note("other", source=SourceId("other")))
    there = anki(held(A), held(note("gone"), tags=(REMOVED_TAG,)), other, held(note("torn"), edits=TORN))
    found = plan(A, there)
    assert (found.collection, found.managed, found.present) == ("anki", 2, frozenset(map(Guid, ["a", "gone"])))


def test_findings_stand_in_the_order_note_types_notes_removals_media_and_rest() -> None:
    notes = [note("b", media=("a.png",)), note("a")]
    existing = anki(held(note("gone")), held(note("gone"), id=BIRTH * 2), kinds=[OLDER, CLOZE_KIND])
    found = plan_sync(desired(notes, media=[PICTURE]), replace(existing, cardless=(7, 8)))
    assert in_words(found) == [
        "restyle ankigen Basic: CSS",
        "create b as ankigen Basic",
        "create a as ankigen Basic",
        "suspend gone: 1; resting none",
        "send a.png",
        f"copy: -, {BIRTH * 2}, ",
        "cardless: -, -, 7",
        "cardless: -, -, 8",
    ]


def test_what_notes_say_may_be_known_already() -> None:
    pristine = pristine_notes([A])
    assert pristine.keys() == {"a"}
    assert pristine[Guid("a")].fields == held(A).fields
    assert read_base(pristine[Guid("a")].fields["Base"]) == pristine[Guid("a")].base
    assert in_words(plan_sync(desired([A]), anki(held(A)), pristine=pristine)) == []


@pytest.mark.parametrize(
    ("removals", "managed", "is_safe"),
    [
        (10, 10, True),
        (11, 11, False),
        (11, 109, False),
        (11, 110, True),
        (20, 100, False),
        (100, 1000, True),
        (101, 1000, False),
        (0, 0, True),
    ],
)
def test_more_than_ten_removals_and_a_tenth_are_not_safe(removals: int, managed: int, is_safe: bool) -> None:
    changes = [SuspendNote(held(A), ()) if number % 2 else DeleteNote(held(A)) for number in range(removals)]
    taking = Plan(tuple(changes), managed=managed)
    if is_safe:
        require_safe(taking)
    else:
        with pytest.raises(TooManyRemovals, match=f"{removals} of {managed} notes"):
            require_safe(taking)
