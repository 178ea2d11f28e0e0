"""What becomes of notes in Anki when author and reader both go on working."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest
from anki.consts import QUEUE_TYPE_MANUALLY_BURIED

from ankigen import note_types
from ankigen.data import (
    Conflict,
    ConvertNote,
    CreateNote,
    DeleteNote,
    ExtendNoteType,
    KeptEdit,
    LeftAlone,
    MediaFile,
    MoveCards,
    Note,
    Plan,
    Reason,
    RestoreNote,
    RestyleNoteType,
    SendMedia,
    Side,
    SourceId,
    SuspendNote,
    UpdateNote,
    Wishes,
)
from ankigen.errors import CannotRead, ConnectionLost, TooManyRemovals
from ankigen.note_types import packed
from ankigen.outputs import apkg, pack
from ankigen.support.structs import replace
from ankigen.syncing import plan_sync, require_safe
from ankigen.syncing.apply import apply_plan, extend_note_types
from ankigen.targets.carrier import CARRIER
from tests.helpers.anki_server import AnkiServer, Fault, running
from tests.helpers.contents import cloze_content
from tests.helpers.syncing import Reader, Sync, contents, desired, note, reworded

pytestmark = pytest.mark.thorough


@pytest.fixture
def server(tmp_path: Path) -> Iterator[AnkiServer]:
    with running(tmp_path) as server:
        yield server


@pytest.fixture(params=["path", "upload", "file"])
def sync(server: AnkiServer, tmp_path: Path, request: pytest.FixtureRequest) -> Sync:
    packages = tmp_path / "packages" if request.param == "path" else None
    return Sync(server, tmp_path / "memory", packages=packages, is_closed=request.param == "file")


@pytest.fixture
def over_wire(server: AnkiServer, tmp_path: Path) -> Sync:
    """A sync through AnkiConnect: what only a running Anki does."""
    return Sync(server, tmp_path / "memory")


@pytest.fixture
def reader(server: AnkiServer) -> Reader:
    return Reader(server.collection)


def kinds(plan: Plan) -> list[type]:
    return [type(change) for change in plan.changes]


def reasons(plan: Plan) -> list[Reason]:
    return [notice.reason for notice in plan.notices if isinstance(notice, LeftAlone)]


def test_notes_arrive_with_their_fields_tags_and_deck_and_a_second_sync_plans_nothing(
    sync: Sync, server: AnkiServer
) -> None:
    notes = [note("a", tags=("x", "y::z")), note("b", deck="A::B", reverse=True), note("c", "<b>ü</b>", "1 &lt; 2")]
    outcome = sync.sync(notes)
    assert [type(change) for change in outcome.done] == [CreateNote] * 3
    assert outcome.undone == ()
    held = contents(server.collection)
    assert {name: (one.fields["Front"], one.fields["Back"], one.tags, one.decks) for name, one in held.items()} == {
        "a": ("a", "back", {"x", "y::z"}, ("A",)),
        "b": ("b", "back", set(), ("A::B", "A::B")),
        "c": ("<b>ü</b>", "1 &lt; 2", set(), ("A",)),
    }
    assert sync.plan(notes) == Plan(managed=3)


def test_nothing_of_the_transfer_stays_behind(sync: Sync, server: AnkiServer, tmp_path: Path) -> None:
    sync.sync([note("a")])
    assert list(Path(server.collection.media.dir()).iterdir()) == []
    assert not (tmp_path / "packages").exists() or list((tmp_path / "packages").iterdir()) == []


def test_a_reworded_note_keeps_its_history(sync: Sync, server: AnkiServer, reader: Reader) -> None:
    first = note("a")
    sync.sync([first])
    reader.review("a")
    before = reader.reviews("a")
    sync.sync([reworded(first, front="said better")])
    assert reader.note("a")["Front"] == "said better"
    assert reader.reviews("a") == before


def test_only_what_changed_is_sent(sync: Sync, server: AnkiServer) -> None:
    notes = [note("a"), note("b"), note("c")]
    sync.sync(notes)
    times = {one.guid: one.mod for one in map(server.collection.get_note, server.collection.find_notes(""))}
    plan = sync.plan([notes[0], reworded(notes[1], back="new"), notes[2]])
    assert kinds(plan) == [UpdateNote]
    sync.sync([notes[0], reworded(notes[1], back="new"), notes[2]])
    after = {one.guid: one.mod for one in map(server.collection.get_note, server.collection.find_notes(""))}
    assert {name for name in times if times[name] != after[name]} == {"b"}


def test_an_edit_in_anki_stays_and_is_listed(sync: Sync, reader: Reader) -> None:
    first = note("a")
    sync.sync([first])
    reader.edit("a", Back="the reader knows better")
    plan = sync.plan([first])
    assert plan.changes == ()
    (kept,) = plan.notices
    assert isinstance(kept, KeptEdit)
    assert [(change.name, change.existing, change.desired) for change in kept.fields] == [
        ("Back", "the reader knows better", "back")
    ]


def test_the_author_may_change_one_field_while_the_reader_edits_another(sync: Sync, reader: Reader) -> None:
    first = note("a")
    sync.sync([first])
    reader.edit("a", Back="edited")
    second = reworded(first, front="new")
    sync.sync([second])
    assert (reader.note("a")["Front"], reader.note("a")["Back"]) == ("new", "edited")
    plan = sync.plan([second])
    assert plan.changes == ()
    assert [type(notice) for notice in plan.notices] == [KeptEdit]


def test_a_conflict_keeps_the_readers_text_until_somebody_decides(sync: Sync, reader: Reader) -> None:
    first = note("a")
    sync.sync([first])
    reader.edit("a", Back="theirs")
    second = reworded(first, back="ours")
    sync.sync([second])
    assert reader.note("a")["Back"] == "theirs"
    (conflict,) = sync.plan([second]).conflicts
    assert [(change.existing, change.desired) for change in conflict.fields] == [("theirs", "ours")]


@pytest.mark.parametrize(("side", "text"), [(Side.NOTES, "ours"), (Side.ANKI, "theirs")])
def test_a_conflict_is_decided_once(sync: Sync, reader: Reader, side: Side, text: str) -> None:
    first = note("a")
    sync.sync([first])
    reader.edit("a", Back="theirs")
    second = reworded(first, back="ours")
    sync.sync([second], Wishes(prefer=side))
    assert reader.note("a")["Back"] == text
    plan = sync.plan([second])
    assert (plan.changes, plan.conflicts) == ((), ())


def test_the_same_change_on_both_sides_is_no_conflict_now_or_later(sync: Sync, reader: Reader) -> None:
    first = note("a")
    sync.sync([first])
    reader.edit("a", Back="typo mended")
    second = reworded(first, back="typo mended")
    sync.sync([second])
    assert sync.plan([second]) == Plan(managed=1)
    third = reworded(second, back="and more")
    sync.sync([third])
    assert reader.note("a")["Back"] == "and more"


def test_tags_of_both_sides_live_together(sync: Sync, reader: Reader) -> None:
    first = note("a", tags=("ours", "old"))
    sync.sync([first])
    reader.tag("a", "theirs", "leech")
    second = replace(first, tags=("ours", "new"))
    sync.sync([second])
    assert set(reader.note("a").tags) == {"ours", "new", "theirs", "leech"}
    assert sync.plan([second]) == Plan(managed=1)


def test_a_tag_that_the_reader_took_away_stays_away(sync: Sync, reader: Reader) -> None:
    first = note("a", tags=("ours",))
    sync.sync([first])
    reader.untag("a", "ours")
    assert sync.plan([first]).changes == ()
    sync.sync([reworded(first, back="new")])
    assert reader.note("a").tags == []


def test_a_tag_that_the_reader_had_first_is_not_taken_away(sync: Sync, reader: Reader) -> None:
    first = note("a")
    sync.sync([first])
    reader.tag("a", "Shared")
    second = replace(first, tags=("shared",))
    sync.sync([second])
    sync.sync([first])
    assert reader.note("a").tags == ["Shared"]


def test_cards_follow_their_note_into_another_deck_with_their_history(sync: Sync, reader: Reader, server: Any) -> None:
    first = note("a", deck="A", reverse=True)
    sync.sync([first])
    reader.review("a")
    before = reader.reviews("a")
    second = replace(first, deck="B::C")
    plan = sync.plan([second])
    assert MoveCards in kinds(plan)
    assert not any(isinstance(change, UpdateNote) and change.is_visible for change in plan.changes)
    sync.sync([second])
    assert contents(server.collection)["a"].decks == ("B::C", "B::C")
    assert reader.reviews("a") == before
    assert sync.plan([second]) == Plan(managed=1)
    sync.sync([replace(first, deck="D")])
    assert contents(server.collection)["a"].decks == ("D", "D")


def test_a_card_that_the_reader_moved_stays_where_it_is(sync: Sync, reader: Reader, server: Any) -> None:
    first = note("a", deck="A")
    sync.sync([first])
    reader.move("a", "Mine")
    plan = sync.plan([replace(first, deck="B")])
    assert plan.changes == ()
    assert reasons(plan) == [Reason.MOVED_IN_ANKI]
    sync.sync([reworded(replace(first, deck="B"), back="new", reverse=True)])
    held = contents(server.collection)["a"]
    assert held.fields["Back"] == "new"
    assert held.decks == ("Mine", "Mine")


def test_a_deck_is_the_same_deck_in_other_case(sync: Sync, reader: Reader) -> None:
    first = note("a", deck="Physics")
    sync.sync([first])
    assert sync.plan([replace(first, deck="physics")]) == Plan(managed=1)


def test_a_card_in_a_filtered_deck_is_left_there(sync: Sync, reader: Reader, server: Any) -> None:
    first = note("a", deck="A")
    sync.sync([first])
    fill_filtered(server, "Cram", "deck:A")
    plan = sync.plan([replace(first, deck="B")])
    assert plan.changes == ()
    sync.sync([reworded(first, back="new")])
    assert reader.note("a")["Back"] == "new"
    (card,) = reader.note("a").cards()
    assert server.collection.decks.name(card.did) == "Cram"


def test_nothing_is_put_into_a_filtered_deck(sync: Sync, server: Any) -> None:
    first = note("a", deck="A")
    sync.sync([first])
    fill_filtered(server, "Cram", "deck:nowhere")
    plan = sync.plan([replace(first, deck="Cram"), note("b", deck="cram")])
    assert plan.changes == ()
    assert reasons(plan) == [Reason.FILTERED_DECK, Reason.FILTERED_DECK]


def fill_filtered(server: Any, name: str, query: str) -> None:
    deck = server.collection.sched.get_or_create_filtered_deck(0)
    deck.name = name
    deck.allow_empty = True
    deck.config.search_terms[0].search = query
    server.collection.sched.add_or_update_filtered_deck(deck)


def test_a_preset_and_buried_cards_survive_an_update(sync: Sync, reader: Reader, server: Any) -> None:
    first = note("a")
    sync.sync([first])
    decks = server.collection.decks
    mine = decks.add_config_returning_id("Mine")
    decks.set_config_id_for_deck_dict(decks.by_name("A"), mine)
    server.collection.sched.bury_cards(reader.note("a").card_ids())
    sync.sync([reworded(first, back="new"), note("b")])
    (card,) = reader.note("a").cards()
    assert (card.queue, reader.note("a")["Back"]) == (QUEUE_TYPE_MANUALLY_BURIED, "new")
    assert decks.config_dict_for_deck_id(decks.id_for_name("A"))["name"] == "Mine"


def test_a_picture_that_went_away_meanwhile_is_one_line_of_advice(sync: Sync, tmp_path: Path) -> None:
    with pytest.raises(CannotRead, match=r"cannot read .*gone\.png: No such file or directory"):
        sync.sync([note("a", media=["gone.png"])], media=[MediaFile("gone.png", str(tmp_path / "gone.png"))])


def test_suspension_flags_and_the_readers_deck_survive_an_update(sync: Sync, reader: Reader, server: Any) -> None:
    first = note("a")
    sync.sync([first])
    reader.suspend("a")
    server.collection.set_user_flag_for_cards(3, reader.note("a").card_ids())
    sync.sync([reworded(first, back="new")])
    (card,) = reader.note("a").cards()
    assert (card.queue, card.user_flag(), reader.note("a")["Back"]) == (-1, 3, "new")


def test_a_card_that_the_reader_deleted_stays_deleted(sync: Sync, reader: Reader, server: Any) -> None:
    first = note("a", reverse=True)
    sync.sync([first])
    forward, reverse = reader.note("a").cards()
    server.collection.remove_cards_and_orphaned_notes([reverse.id])
    sync.sync([reworded(first, back="new")])
    assert [card.id for card in reader.note("a").cards()] == [forward.id]


def test_a_direction_that_is_added_adds_a_card_in_the_deck(sync: Sync, reader: Reader, server: Any) -> None:
    first = note("a", deck="A")
    sync.sync([first])
    reader.review("a")
    sync.sync([reworded(first, reverse=True)])
    assert contents(server.collection)["a"].decks == ("A", "A")
    assert reader.reviews("a")[0][0] == 7


def test_a_removed_note_is_suspended_and_tagged_and_comes_back_with_its_history(
    sync: Sync, reader: Reader, server: Any
) -> None:
    notes = [note("a"), note("b", reverse=True)]
    sync.sync(notes)
    reader.review("b")
    before = reader.reviews("b")
    plan = sync.plan(notes[:1])
    assert kinds(plan) == [SuspendNote]
    sync.sync(notes[:1])
    held = contents(server.collection)["b"]
    assert (held.tags, held.suspended) == ({"ankigen::removed"}, (True, True))
    assert sync.plan(notes[:1]) == Plan(managed=2)
    assert kinds(sync.plan(notes)) == [RestoreNote]
    sync.sync(notes)
    held = contents(server.collection)["b"]
    assert (held.tags, held.suspended) == (set(), (False, False))
    assert reader.reviews("b") == before
    assert sync.plan(notes) == Plan(managed=2)


def test_a_card_that_the_reader_suspended_is_still_suspended_when_its_note_comes_back(
    sync: Sync, reader: Reader, server: Any
) -> None:
    first = note("a", reverse=True)
    sync.sync([first])
    server.collection.sched.suspend_cards(reader.note("a").card_ids()[:1])
    sync.sync([])
    assert contents(server.collection)["a"].suspended == (True, True)
    sync.sync([first])
    held = contents(server.collection)["a"]
    assert (held.tags, held.suspended) == (set(), (True, False))


def test_a_removed_note_that_the_reader_goes_on_learning_is_not_suspended_again(sync: Sync, reader: Reader) -> None:
    sync.sync([note("a")])
    sync.sync([])
    reader.unsuspend("a")
    assert sync.plan([]) == Plan(managed=1)


def test_a_removed_note_that_comes_back_reworded_is_whole_after_one_sync(sync: Sync, reader: Reader) -> None:
    first = note("a")
    sync.sync([first])
    sync.sync([])
    second = reworded(first, back="new")
    assert sync.sync([second]).undone == ()
    assert (reader.note("a")["Back"], reader.note("a").tags) == ("new", [])
    assert sync.plan([second]) == Plan(managed=1)


def test_removed_notes_are_deleted_on_request_alone(sync: Sync, server: Any) -> None:
    sync.sync([note("a"), note("b")])
    assert kinds(sync.plan([note("a")], Wishes(is_deleting=True))) == [DeleteNote]
    sync.sync([note("a")], Wishes(is_deleting=True))
    assert set(contents(server.collection)) == {"a"}


def test_a_note_that_ankigen_deleted_comes_back_with_the_authors_card(sync: Sync, server: Any) -> None:
    sync.sync([note("a")])
    sync.sync([], Wishes(is_deleting=True))
    sync.sync([note("a")])
    assert set(contents(server.collection)) == {"a"}


def test_nothing_is_removed_while_the_notes_have_errors(sync: Sync) -> None:
    sync.sync([note("a"), note("b")])
    for wishes in (Wishes(), Wishes(is_deleting=True)):
        plan = sync.plan([note("a")], wishes, errors=1)
        assert plan.changes == ()
        assert reasons(plan) == [Reason.NOTES_HAVE_ERRORS]


def test_a_sync_of_one_page_touches_no_other(sync: Sync) -> None:
    sync.sync([note("a"), note("b")])
    assert sync.plan([note("a")], Wishes(is_deleting=True), selection="page.md") == Plan(managed=2)


def test_an_emptied_graph_does_not_empty_anki(sync: Sync) -> None:
    sync.sync([note(str(number)) for number in range(12)])
    for wishes in (Wishes(), Wishes(is_deleting=True)):
        with pytest.raises(TooManyRemovals, match="remove 12 of 12 notes"):
            require_safe(sync.plan([], wishes))


def test_a_few_removals_and_a_small_share_are_safe(sync: Sync) -> None:
    sync.sync([note(str(number)) for number in range(12)])
    require_safe(sync.plan([note(str(number)) for number in range(2, 12)]))


def test_a_note_that_the_reader_deleted_is_not_brought_back_unasked(sync: Sync, reader: Reader) -> None:
    first = note("a")
    sync.sync([first])
    reader.delete("a")
    plan = sync.plan([first])
    assert plan.changes == ()
    assert reasons(plan) == [Reason.DELETED_IN_ANKI]
    sync.sync([first], Wishes(is_restoring=True))
    assert reader.note("a")["Front"] == "a"


def test_two_sets_of_notes_never_touch_each_others(sync: Sync, server: Any, tmp_path: Path) -> None:
    other = Sync(server, tmp_path / "memory", source=SourceId("other"))
    sync.sync([note("a")])
    other.sync([note("b", source=SourceId("other"))])
    assert sync.plan([note("a")]) == Plan(managed=1)
    assert other.plan([], Wishes(is_deleting=True)).removals == 1
    same = other.plan([note("a", "changed", source=SourceId("other")), note("b", source=SourceId("other"))])
    assert same.changes == ()
    assert reasons(same) == [Reason.OTHER_SOURCE]


def test_a_copy_that_the_reader_made_is_left_alone(sync: Sync, reader: Reader, server: Any) -> None:
    first = note("a")
    sync.sync([first])
    reader.copy("a")
    second = reworded(first, back="new")
    plan = sync.plan([second])
    assert kinds(plan) == [UpdateNote]
    assert reasons(plan) == [Reason.COPY]
    assert sync.sync([second]).undone == ()
    assert sorted(held.fields["Back"] for held in contents(server.collection).values()) == ["back", "new"]
    assert sync.plan([]).removals == 1


def test_foreign_notes_are_never_touched(sync: Sync, server: Any) -> None:
    basic = server.collection.models.by_name("Basic")
    foreign = server.collection.new_note(basic)
    foreign["Front"] = "mine"
    server.collection.add_note(foreign, 1)
    sync.sync([note("a")])
    sync.sync([], Wishes(is_deleting=True))
    assert [held.fields for held in contents(server.collection).values()] == [{"Front": "mine", "Back": ""}]


def test_a_field_and_a_template_of_the_readers_stay_with_their_content(sync: Sync, reader: Reader, server: Any) -> None:
    first = note("a")
    sync.sync([first])
    sync.client.extend("ankigen Basic", ["Mnemonic"])
    template = server.collection.models.new_template("Mine")
    template["qfmt"], template["afmt"] = "{{Mnemonic}}", "{{Back}}"
    note_type = server.collection.models.by_name("ankigen Basic")
    server.collection.models.add_template(note_type, template)
    server.collection.models.update_dict(note_type)
    reader.edit("a", Mnemonic="rhymes")
    schema = server.collection.db.scalar("select scm from col")
    second = reworded(first, back="new")
    assert sync.sync([second, note("b")]).undone == ()
    assert (reader.note("a")["Mnemonic"], reader.note("a")["Back"]) == ("rhymes", "new")
    assert len(reader.note("a").cards()) == 2
    assert server.collection.db.scalar("select scm from col") == schema
    assert [one for one in sync.wire.call("modelNames") if one.startswith("ankigen")] == ["ankigen Basic"]
    assert sync.plan([second, note("b")]).changes == ()


def test_a_field_of_ours_that_the_reader_renamed_stops_the_note_type(sync: Sync, server: Any) -> None:
    sync.sync([note("a")])
    note_type = server.collection.models.by_name("ankigen Basic")
    server.collection.models.rename_field(note_type, note_type["flds"][2], "More")
    server.collection.models.update_dict(note_type)
    plan = sync.plan([note("a", "new"), note("b")])
    assert plan.changes == ()
    assert reasons(plan).count(Reason.FIELD_MISSING) == 3


def test_a_note_whose_type_the_reader_changed_is_left_alone(sync: Sync, reader: Reader, server: Any) -> None:
    first = note("a")
    sync.sync([first])
    mine = server.collection.models.copy(server.collection.models.by_name("ankigen Basic"))
    server.collection.models.rename_field(mine, mine["flds"][0], "Question")
    server.collection.models.update_dict(mine)
    fields = {"Question": "q", "Guid": "a", "Base": reader.note("a")["Base"]}
    given = {"id": reader.note("a").id, "modelName": mine["name"], "fields": fields, "tags": []}
    sync.wire.call("updateNoteModel", note=given)
    plan = sync.plan([reworded(first, back="new")])
    assert plan.changes == ()
    assert reasons(plan) == [Reason.OTHER_NOTE_TYPE]


def test_a_renamed_note_type_is_the_same_note_type(sync: Sync, reader: Reader, server: Any) -> None:
    first = note("a")
    sync.sync([first])
    note_type = server.collection.models.by_name("ankigen Basic")
    note_type["name"] = "Basic of mine"
    server.collection.models.update_dict(note_type)
    assert sync.plan([first]) == Plan(managed=1)
    sync.sync([reworded(first, back="new"), note("b")])
    assert {held.note_type for held in contents(server.collection).values()} == {"Basic of mine"}


def test_a_basic_note_becomes_a_cloze_note_and_back_with_its_history(sync: Sync, reader: Reader, server: Any) -> None:
    first = note("a", tags=("ours",))
    sync.sync([first])
    reader.tag("a", "theirs")
    reader.review("a")
    cloze = note("a", tags=("ours",), content=cloze_content("{{c1::hidden}} and {{c2::two}}"))
    assert kinds(sync.plan([cloze])) == [ConvertNote]
    assert sync.sync([cloze]).undone == ()
    held = contents(server.collection)["a"]
    assert (held.note_type, held.tags) == ("ankigen Cloze", {"ours", "theirs"})
    assert held.fields["Text"] == "{{c1::hidden}} and {{c2::two}}"
    assert [one[0] for one in reader.reviews("a")] == [7, 0]
    assert sync.plan([cloze]) == Plan(managed=1)
    assert sync.sync([first]).undone == ()
    assert contents(server.collection)["a"].note_type == "ankigen Basic"
    assert reader.reviews("a")[0][0] == 7
    assert sync.plan([first]) == Plan(managed=1)


def test_a_note_that_the_reader_edited_is_not_converted_over_the_edit(sync: Sync, reader: Reader) -> None:
    sync.sync([note("a")])
    reader.edit("a", Back="mine")
    cloze = note("a", content=cloze_content("{{c1::hidden}}"))
    plan = sync.plan([cloze])
    assert plan.changes == ()
    assert [type(notice) for notice in plan.notices] == [Conflict]
    assert kinds(sync.plan([cloze], Wishes(prefer=Side.NOTES))) == [ConvertNote]


def test_a_new_look_arrives_and_an_edited_one_stays_unless_asked_for(sync: Sync, server: Any) -> None:
    sync.sync([note("a")])
    (kind,) = [one for one in sync.client.read().note_types if one.name == "ankigen Basic"]
    older = note_types.with_css(note_types.BASIC.note_type, ".old {}")
    sync.wire.restyle(kind.name, [], older)
    assert kinds(sync.plan([note("a")])) == [RestyleNoteType]
    assert sync.sync([note("a")]).undone == ()
    assert sync.plan([note("a")]) == Plan(managed=1)
    sync.wire.restyle(kind.name, [replace(kind.templates[0], front="{{Front}}, says the reader")], older + "/**/")
    plan = sync.plan([note("a")])
    assert plan.changes == ()
    assert reasons(plan) == [Reason.STYLE_EDITED] * 2
    sync.sync([note("a")], Wishes(is_restyling=True))
    assert sync.plan([note("a")]) == Plan(managed=1)


def test_media_are_sent_once_and_before_the_notes_that_show_them(sync: Sync, server: Any, tmp_path: Path) -> None:
    (tmp_path / "picture").write_bytes(b"png")
    media = [MediaFile("a-1.png", str(tmp_path / "picture")), MediaFile("unused.png", str(tmp_path / "picture"))]
    notes = [note("a", '<img src="a-1.png">', media=("a-1.png",))]
    assert kinds(sync.plan(notes, media=media)) == [CreateNote, SendMedia]
    assert sync.sync(notes, media=media).undone == ()
    folder = Path(server.collection.media.dir())
    assert [path.name for path in folder.iterdir()] == ["a-1.png"]
    assert sync.plan(notes, media=media) == Plan(managed=1)
    (folder / "a-1.png").unlink()
    assert kinds(sync.plan(notes, media=media)) == [SendMedia]


def test_a_new_note_that_shall_rest_is_suspended_when_it_arrives(sync: Sync, reader: Reader, server: Any) -> None:
    first = note("a", suspended=True)
    assert sync.sync([first, note("b")]).undone == ()
    held = contents(server.collection)
    assert (held["a"].suspended, held["b"].suspended) == ((True,), (False,))
    reader.unsuspend("a")
    assert sync.plan([first, note("b")]) == Plan(managed=2)


def test_a_note_from_a_package_is_the_same_note_in_a_sync(
    sync: Sync, reader: Reader, server: Any, tmp_path: Path
) -> None:
    notes = [note("a", tags=("t",)), note("b", deck="B")]
    open_package(server, tmp_path, apkg.pack([packed(one) for one in notes]))
    assert sync.plan(notes) == Plan(managed=2)
    second = [reworded(notes[0], back="new"), notes[1]]
    sync.sync(second)
    open_package(server, tmp_path, apkg.pack([packed(one) for one in second]))
    assert len(contents(server.collection)) == 2
    assert sync.plan(second) == Plan(managed=2)


def open_package(server: Any, tmp_path: Path, content: bytes) -> None:
    """Import as a person does who opens the file."""
    (tmp_path / "opened.apkg").write_bytes(content)
    request = ImportAnkiPackageRequest(package_path=str(tmp_path / "opened.apkg"), options=ImportAnkiPackageOptions())
    server.collection.import_anki_package(request)


def test_many_notes_go_in_packages_that_anki_can_swallow(server: AnkiServer, tmp_path: Path) -> None:
    import random

    chance = random.Random(1)
    notes = [note(str(number), back=f"{chance.getrandbits(40_000):x}") for number in range(250)]
    sync = Sync(server, tmp_path / "memory")
    assert sync.sync(notes).undone == ()
    sizes = [len(request["params"]["data"]) for request in server.requests if request["action"] == "storeMediaFile"]
    assert len(sizes) > 1
    assert max(sizes) < 1_000_000


def test_an_editor_that_wrote_its_stale_copy_back_is_noticed(
    over_wire: Sync, server: AnkiServer, reader: Reader
) -> None:
    first = note("a")
    over_wire.sync([first])
    stale = reader.note("a")

    def write_back(_number: int, request: dict[str, Any]) -> None:
        if "notesInfo" in json.dumps(request) and reader.note("a")["Back"] == "new":
            server.collection.update_note(stale)

    server.fault = write_back
    outcome = over_wire.sync([reworded(first, back="new")])
    assert [type(change) for change in outcome.undone] == [UpdateNote]


def test_a_browser_that_shows_a_note_to_be_written_is_emptied_first(over_wire: Sync, server: AnkiServer) -> None:
    first = note("a")
    over_wire.sync([first, note("b")])
    server.actions.guiBrowse("Guid:b")
    over_wire.sync([reworded(first, back="new"), note("b")])
    assert server.actions.guiSelectedNotes() != []
    server.actions.guiBrowse("Guid:a")
    over_wire.sync([reworded(first, back="newer"), note("b")])
    assert server.actions.guiSelectedNotes() == []


def test_requests_do_not_grow_with_the_notes(over_wire: Sync, server: AnkiServer) -> None:
    def count(*notes: Note) -> int:
        before = len(server.requests)
        over_wire.sync(notes)
        return len(server.requests) - before

    old = note("old")
    count(old)
    assert count(old, note("one")) == count(old, note("one"), *(note(str(number)) for number in range(100)))


def test_a_field_of_a_later_ankigen_is_asked_for_by_itself_and_then_used(
    sync: Sync, reader: Reader, server: Any
) -> None:
    first = note("a")
    sync.sync([first])
    later = replace(note_types.BASIC.note_type, fields=(*note_types.BASIC.note_type.fields, "Hint"))
    wanted = desired([first, note("b")])
    plan = plan_sync(wanted, sync.read(wanted), own=[later])
    assert kinds(plan) == [ExtendNoteType]
    assert reasons(plan) == [Reason.FIELD_MISSING] * 2
    extend_note_types(plan, sync.client)
    plan = plan_sync(wanted, sync.read(wanted), own=[later])
    assert kinds(plan) == [CreateNote]
    assert apply_plan(plan, sync.client).undone == ()
    assert reader.note("b")["Hint"] == ""
    assert [one for one in sync.wire.call("modelNames") if one.startswith("ankigen")] == ["ankigen Basic"]


def test_a_note_whose_removal_was_cut_off_comes_back_awake_and_without_a_mark(
    over_wire: Sync, reader: Reader, server: AnkiServer
) -> None:
    first = note("a", reverse=True)
    over_wire.sync([first])
    server.collection.sched.suspend_cards(reader.note("a").card_ids()[:1])
    server.fault = lambda _number, request: Fault.CUT_AFTER if request["action"] == "suspend" else None
    with pytest.raises(ConnectionLost):
        over_wire.sync([])
    server.fault = lambda _number, _request: None
    assert contents(server.collection)["a"].suspended == (True, True)
    assert over_wire.sync([first]).undone == ()
    held = contents(server.collection)["a"]
    assert (held.tags, held.suspended) == (set(), (True, False))
    assert over_wire.plan([first]) == Plan(managed=1)


def test_cards_follow_their_note_on_and_on_while_the_reader_keeps_one_elsewhere(
    sync: Sync, reader: Reader, server: AnkiServer
) -> None:
    first = note("a", deck="A", reverse=True)
    sync.sync([first])
    sync.wire.move(reader.note("a").card_ids()[1:], "Mine")
    for deck in ("B", "C", "D"):
        sync.sync([replace(first, deck=deck)])
        assert contents(server.collection)["a"].decks == (deck, "Mine")


def test_a_note_for_which_no_template_is_left_is_not_made_without_a_card(sync: Sync, server: AnkiServer) -> None:
    sync.sync([note("a", reverse=True)])
    note_type = server.collection.models.by_name("ankigen Basic")
    assert note_type is not None
    server.collection.models.remove_template(note_type, note_type["tmpls"][0])
    server.collection.models.update_dict(note_type)
    assert sync.sync([note("a", reverse=True), note("b")]).undone == ()
    assert set(contents(server.collection)) == {"a"}
    assert reasons(sync.plan([note("a", reverse=True), note("b")])) == [Reason.TEMPLATE_MISSING] * 2


def test_a_note_is_not_converted_to_a_type_that_would_lose_a_field_of_it(sync: Sync, server: AnkiServer) -> None:
    cloze = note("c", content=cloze_content("{{c1::x}}"))
    sync.sync([note("a"), cloze])
    note_type = server.collection.models.by_name("ankigen Cloze")
    assert note_type is not None
    server.collection.models.rename_field(note_type, note_type["flds"][1], "More")
    server.collection.models.update_dict(note_type)
    plan = sync.plan([note("a", content=cloze_content("{{c1::x}}", extra="more")), cloze])
    assert plan.changes == ()
    assert Reason.FIELD_MISSING in reasons(plan)


def test_a_note_type_travels_to_no_deck_but_that_of_the_cards(sync: Sync, reader: Reader, server: AnkiServer) -> None:
    sync.sync([note("a", deck="A")])
    reader.move("a", "Mine")
    deck_id = server.collection.decks.id_for_name("A")
    assert deck_id is not None
    server.collection.decks.remove([deck_id])
    assert sync.sync([note("a", deck="A", content=cloze_content("{{c1::x}} {{c2::y}}"))]).undone == ()
    assert contents(server.collection)["a"].decks == ("Mine", "Mine")
    assert {deck.name for deck in server.collection.decks.all_names_and_ids()} == {"Default", "Mine"}


# The note that brings a note type in.


def leave_carrier(sync: Sync) -> None:
    carrier = packed(note("a", content=cloze_content("{{c1::x}}")))
    values = tuple(
        CARRIER if name == "Guid" else "" if name == "Base" else value
        for name, value in zip(carrier.note_type.fields, carrier.values, strict=True)
    )
    sync.wire.import_package(pack([replace(carrier, guid=CARRIER, values=values, ordinals=(0,))]))


def test_a_carrier_that_was_left_is_not_a_note_of_anybody(sync: Sync, server: Any) -> None:
    sync.sync([note("a")])
    leave_carrier(sync)
    assert server.collection.find_notes(f"Guid:{CARRIER}")
    assert sync.plan([note("a")]).changes == ()
    assert [held.guid for held in sync.client.read().notes] == ["a"]


def test_the_next_sync_with_something_to_do_removes_it(sync: Sync, server: Any) -> None:
    sync.sync([note("a")])
    leave_carrier(sync)
    assert sync.sync([note("a"), note("b")]).undone == ()
    assert server.collection.find_notes(f"Guid:{CARRIER}") == []
