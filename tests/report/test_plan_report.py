"""A plan reads like a diff, and as JSON it has the documented shape."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from jsonschema import Draft202012Validator

from ankigen import note_types
from ankigen.data import (
    AdoptNote,
    Ambiguous,
    Change,
    Collection,
    Conflict,
    ConvertNote,
    CreateNote,
    DeleteNote,
    ExistingCard,
    ExistingNote,
    ExistingNoteType,
    ExtendNoteType,
    FieldChange,
    Html,
    KeptEdit,
    LeftAlone,
    MediaFile,
    MoveCards,
    Notice,
    Plan,
    Reason,
    RestoreNote,
    RestyleNoteType,
    SendMedia,
    SourceId,
    SuspendNote,
    UpdateNote,
)
from ankigen.note_types import packed
from ankigen.report import plan
from ankigen.support.structs import replace
from ankigen.syncing import plan_sync
from tests.helpers.anki_server import running
from tests.helpers.contents import cloze_content
from tests.helpers.documents import ROOT
from tests.helpers.syncing import Reader, Sync, desired, note, reworded


@pytest.fixture
def sync(tmp_path: Path) -> Iterator[Sync]:
    with running(tmp_path) as server:
        yield Sync(server, tmp_path / "memory")


def test_a_plan_reads_like_a_diff(sync: Sync) -> None:
    old = [
        note("a", "What is <b>light</b>?", "a wave", tags=("old",)),
        note("b", deck="B"),
        note("c"),
        note("d"),
        note("e"),
    ]
    sync.sync(old)
    reader = Reader(sync.server.collection)
    reader.edit("d", Back="theirs")
    reader.edit("e", Back="theirs")
    new = [
        replace(reworded(old[0], back="wave &amp; particle"), tags=("new",)),
        replace(old[1], deck="C"),
        old[3],
        reworded(old[4], back="ours"),
        note("f", "new?", "new!"),
    ]
    assert plan.plan_text(sync.plan(new)).splitlines() == [
        "~ page.md:1 What is light?",
        "    Back",
        "    - a wave",
        "    + wave & particle",
        "    tags: -old +new",
        "> page.md:1 b: to deck C",
        "+ page.md:1 new? in A",
        "    + Front: new?",
        "    + Back: new!",
        "- c: no longer in the notes, will be suspended",
        "= page.md:1 d: edited in Anki, kept",
        "    Back",
        "    - theirs",
        "    + back",
        "! page.md:1 e: changed here and in Anki; --prefer notes or --prefer anki decides",
        "    Back",
        "    - theirs",
        "    + ours",
        "A: 1 new, 1 changed, 1 suspended",
        "C: 1 moved",
    ]
    outcome = sync.sync(new)
    assert plan.outcome_text(outcome) == "1 new, 1 changed, 1 moved, 1 suspended"


def test_a_plan_without_changes_says_so() -> None:
    assert plan.plan_text(Plan()) == "nothing to do"


def test_a_plan_as_json_names_each_change_and_each_reason(sync: Sync) -> None:
    old = [note("a"), note("b")]
    sync.sync(old)
    Reader(sync.server.collection).delete("b")
    shown = json.loads(plan.plan_json(sync.plan([reworded(old[0], back="new"), old[1]])))
    place = {"path": "page.md", "line": 1, "deck": "A"}
    assert shown == {
        "changes": [
            {
                "kind": "changed",
                "guid": "a",
                **place,
                "fields": [{"name": "Back", "existing": "back", "desired": "new"}],
                "added_tags": [],
                "removed_tags": [],
            }
        ],
        "notices": [{"reason": "deleted-in-anki", "guid": "b", **place, "detail": "", "unwritten": False}],
        "managed": 1,
        "unwritten": 0,
        "stops": [],
    }


def test_a_note_that_changes_its_kind_shows_what_it_was_and_what_it_becomes(sync: Sync) -> None:
    basic = note("a", "What is light?", "a wave")
    sync.sync([basic])
    cloze = replace(basic, content=(cloze_content("Light is {{c1::a wave}}")))
    assert plan.plan_text(sync.plan([cloze])).splitlines() == [
        "~ page.md:1 Light is {{c1::a wave}}: becomes ankigen Cloze, with its history",
        "    - Front: What is light?",
        "    - Back: a wave",
        "    + Text: Light is {{c1::a wave}}",
        "A: 1 converted",
    ]


ONE = note("a", tags=("t",))
KIND = ExistingNoteType(1, "ankigen Basic", note_types.BASIC.note_type.fields, note_types.BASIC.note_type.templates, "")
FOUND = ExistingNote(
    1, ONE.identity.guid, KIND.name, 0, (), {"Front": Html("a")}, (ExistingCard(1, "A", False, False),)
)
FIELDS = (FieldChange("Back", "old", "new"),)
CHANGES: list[Change] = [
    CreateNote(ONE, packed(ONE)),
    UpdateNote(ONE, FOUND, packed(ONE), FIELDS, ("t",), ("u",)),
    ConvertNote(ONE, FOUND, packed(ONE)),
    AdoptNote(ONE, FOUND, SourceId("0123456789ab")),
    MoveCards(ONE, FOUND, (1,), "B"),
    SuspendNote(FOUND, (1,)),
    DeleteNote(FOUND),
    RestoreNote(ONE, FOUND, (1,)),
    SendMedia(MediaFile("a.png", "a.png")),
    RestyleNoteType(KIND, (), ""),
    ExtendNoteType(KIND, ("New",)),
]
NOTICES: list[Notice] = [
    KeptEdit(ONE, FOUND, FIELDS),
    Conflict(ONE, FOUND, FIELDS),
    Ambiguous(ONE, (FOUND,)),
    *(LeftAlone(reason, ONE, FOUND, "detail") for reason in Reason),
    *(LeftAlone(reason, existing=FOUND) for reason in Reason),
    *(LeftAlone(reason) for reason in Reason),
]


def test_every_change_and_every_notice_has_the_documented_shape() -> None:
    assert {type(change) for change in CHANGES} == set(get_args(Change))
    assert {type(notice) for notice in NOTICES} == set(get_args(Notice))
    schema = json.loads((ROOT / "docs/plan.schema.json").read_text("utf-8"))
    shown = json.loads(plan.plan_json(Plan(tuple(CHANGES), tuple(NOTICES), managed=1), ["a reason"]))
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(shown)
    assert (len(shown["changes"]), len(shown["notices"])) == (len(CHANGES), len(NOTICES))


@pytest.mark.parametrize("where", ["changes", "notices"])
def test_the_documented_shape_allows_nothing_else(where: str) -> None:
    schema = json.loads((ROOT / "docs/plan.schema.json").read_text("utf-8"))
    shown = json.loads(plan.plan_json(Plan(tuple(CHANGES), tuple(NOTICES), managed=1)))
    for one in shown[where]:
        assert not Draft202012Validator(schema).is_valid({**shown, where: [{**one, "more": 1}]})


@pytest.mark.parametrize("reason", Reason)
def test_a_card_is_unwritten_for_each_reason_but_what_the_reader_wanted_or_what_waits(reason: Reason) -> None:
    kept = {
        Reason.DELETED_IN_ANKI,
        Reason.COPY,
        Reason.UNCLAIMED,
        Reason.FILTERED_DECK,
        Reason.MOVED_IN_ANKI,
        Reason.CARDLESS,
        Reason.STYLE_EDITED,
        Reason.NOTES_HAVE_ERRORS,
        Reason.ELSEWHERE,
    }
    notices = [LeftAlone(reason, ONE, FOUND), LeftAlone(reason, ONE, FOUND), LeftAlone(reason, existing=FOUND)]
    told = Plan(notices=tuple(notices))
    assert told.unwritten == (frozenset() if reason in kept else {ONE.identity.guid})
    assert plan.unwritten(told) == ("" if reason in kept else "1 card could not be written: see above")


def test_a_new_card_for_a_filtered_deck_is_unwritten_and_so_is_what_was_not_found_afterwards() -> None:
    told = Plan(notices=(LeftAlone(Reason.FILTERED_DECK, note("b")),))
    assert plan.unwritten(told) == "1 card could not be written: see above"
    undone: list[Change] = [CreateNote(ONE, packed(ONE)), UpdateNote(ONE, FOUND, packed(ONE)), SuspendNote(FOUND, (1,))]
    assert plan.unwritten(told, undone) == "2 cards could not be written: see above"
    assert plan.unwritten(Plan()) == ""


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_its_words(reason: Reason) -> None:
    assert reason in plan._REASONS  # noqa: SLF001


def many(count: int) -> Plan:
    """A plan of as many changes and notices of two kinds each."""
    created = plan_sync(desired([note(f"new {number}", deck="B") for number in range(count)]), Collection("c"))
    deleted = [LeftAlone(Reason.DELETED_IN_ANKI, note(f"gone {number}")) for number in range(count)]
    copies = [LeftAlone(Reason.COPY, note("copy"))]
    media = [SendMedia(MediaFile(f"{number}.png", "x")) for number in range(3)]
    return dataclasses.replace(created, changes=(*created.changes, *media), notices=(*deleted, *copies))


def test_of_each_kind_the_first_twenty_are_shown_and_the_others_counted() -> None:
    lines = plan.plan_text(many(21), plan.MOST_OF_A_KIND).splitlines()
    assert sum(line.startswith("+ page.md") for line in lines) == 20
    assert sum(line.startswith("+ file") for line in lines) == 3
    assert "… and 1 more new; --verbose shows all" in lines
    assert sum(line.startswith("= page.md:1 gone") for line in lines) == 20
    assert lines[-4:-2] == [
        "= page.md:1 copy: a copy made in Anki",
        "= 1 more note: deleted in Anki; --restore brings it back",
    ]
    assert lines[-2:] == ["B: 21 new", "media: 3 media files"]


def test_twenty_of_a_kind_are_all_shown() -> None:
    assert plan.plan_text(many(20), plan.MOST_OF_A_KIND) == plan.plan_text(many(20))


def test_without_a_bound_all_are_shown() -> None:
    assert plan.plan_text(many(30)).count("\n= page.md:1 gone") == 30


def test_the_counts_alone_name_each_kind() -> None:
    assert plan.plan_text(many(1_200), 0).splitlines() == [
        "= 1,200 notes: deleted in Anki; --restore brings it back",
        "= 1 note: a copy made in Anki",
        "B: 1,200 new",
        "media: 3 media files",
    ]
