"""Who changed it? The plan decides from three texts, for each field by itself; no Anki is needed for that."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankigen import note_types
from ankigen.data import (
    Base,
    Collection,
    Conflict,
    ExistingCard,
    ExistingNote,
    ExistingNoteType,
    KeptEdit,
    KindName,
    LeftAlone,
    Plan,
    Reason,
    Side,
    SourceId,
    UpdateNote,
    Wishes,
)
from ankigen.note_types import packed
from ankigen.note_types.base_field import format_base, read_base
from ankigen.support.structs import replace
from ankigen.syncing import plan_sync
from tests.helpers.syncing import desired, note

BASIC = note_types.BASIC.note_type
KIND = ExistingNoteType(BASIC.id, BASIC.name, BASIC.fields, BASIC.templates, BASIC.css)


def in_anki(back: str, *, base: str | None) -> Collection:
    """Anki with one note whose back is `back`, after ankigen wrote `base`; None for a base that is damaged."""
    fields = dict(zip(BASIC.fields, packed(note("a", back=base or "")).values, strict=True))
    if base is None:
        fields["Base"] = "torn off"
    guid = note("a").identity.guid
    there = ExistingNote(1, guid, BASIC.name, 1, (), fields | {"Back": back}, (ExistingCard(1, "A"),))
    return Collection("anki", (there,), (KIND,))


def texts(plan: Plan) -> dict[str, str]:
    (update,) = plan.changes
    assert isinstance(update, UpdateNote)
    return dict(zip(BASIC.fields, update.packed.values, strict=True))


def test_nobody_changed_it() -> None:
    assert plan_sync(desired([note("a", back="x")]), in_anki("x", base="x")) == Plan(managed=1)


def test_the_author_changed_it() -> None:
    plan = plan_sync(desired([note("a", back="ours")]), in_anki("x", base="x"))
    assert texts(plan)["Back"] == "ours"
    assert plan.notices == ()


def test_the_reader_changed_it() -> None:
    plan = plan_sync(desired([note("a", back="x")]), in_anki("theirs", base="x"))
    assert plan.changes == ()
    assert [type(notice) for notice in plan.notices] == [KeptEdit]


def test_both_changed_it_to_the_same() -> None:
    plan = plan_sync(desired([note("a", back="same")]), in_anki("same", base="x"))
    (update,) = plan.changes
    assert isinstance(update, UpdateNote)
    assert not update.is_visible
    assert plan.notices == ()


@pytest.mark.parametrize("base", ["x", None])
@pytest.mark.parametrize(("prefer", "text"), [(None, None), (Side.NOTES, "ours"), (Side.ANKI, "theirs")])
def test_both_changed_it(base: str | None, prefer: Side | None, text: str | None) -> None:
    plan = plan_sync(desired([note("a", back="ours")]), in_anki("theirs", base=base), wishes=Wishes(prefer))
    if text is None:
        assert [type(notice) for notice in plan.notices] == [Conflict]
    else:
        assert texts(plan)["Back"] == text
        assert plan.notices == ()


def test_an_updated_note_is_newer_than_in_anki_by_a_second_at_least() -> None:
    collection = in_anki("x", base="x")
    there = replace(collection.notes[0], modified=5_000_000_000)
    plan = plan_sync(desired([note("a", back="ours")]), replace(collection, notes=(there,)))
    (update,) = plan.changes
    assert isinstance(update, UpdateNote)
    assert update.packed.modified == 5_000_000_001


def test_a_field_that_the_reader_emptied_is_an_edit_like_any_other() -> None:
    plan = plan_sync(desired([note("a", back="x")]), in_anki("", base="x"))
    assert plan.changes == ()
    assert [type(notice) for notice in plan.notices] == [KeptEdit]


def test_a_direction_that_the_reader_took_back_gets_no_card_again() -> None:
    collection = in_anki("x", base="x")
    both = note("a", back="x", reverse=True)
    fields = dict(zip(BASIC.fields, packed(both).values, strict=True)) | {"Reverse": ""}
    there = replace(collection.notes[0], fields=fields)
    plan = plan_sync(desired([note("a", back="new", reverse=True)]), replace(collection, notes=(there,)))
    (update,) = plan.changes
    assert isinstance(update, UpdateNote)
    assert update.packed.ordinals == ()
    assert texts(plan)["Reverse"] == ""


def test_a_note_without_a_card_is_named() -> None:
    plan = plan_sync(desired([]), Collection("anki", cardless=(7,)))
    assert plan.notices == (LeftAlone(Reason.CARDLESS, detail="7"),)


words = st.text(st.characters(exclude_categories=["Z", "C"]), min_size=1)


@given(
    st.builds(
        Base,
        words.map(SourceId),
        words,
        st.lists(st.from_regex("~?[0-9a-f]{12}|-", fullmatch=True), min_size=1).map(tuple),
        st.lists(words).map(tuple),
        words.map(KindName),
    )
)
def test_a_base_is_read_as_it_was_written(base: Base) -> None:
    assert read_base(format_base(base)) == base


@given(st.text())
def test_what_is_no_base_is_none_and_never_fails(text: str) -> None:
    found = read_base(text)
    assert found is None or not found.kind or read_base(format_base(found)) == found
