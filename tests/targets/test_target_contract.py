"""What every target does, as the protocol says it: held against a running Anki and against a closed one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from anki.cards import CardId
from anki.collection import Collection as AnkiCollection

from ankigen import note_types
from ankigen.data import (
    ExistingNote,
    Guid,
    Html,
    MediaFile,
    PackedNote,
    Review,
    SourceId,
    Template,
    Wishes,
)
from ankigen.errors import AnkiRefused, FullSyncWanted, MediaNameTaken, NoSuchNoteType
from ankigen.note_types import packed
from ankigen.support.structs import replace
from ankigen.targets import ReviewedTarget, Writer
from tests.helpers.anki_server import AnkiServer, running
from tests.helpers.contents import cloze_content
from tests.helpers.sync_server import Device, ServerOfReader, serving
from tests.helpers.syncing import NOON, Sync, note, reworded, sync_whole

BASIC = note_types.BASIC.note_type


@dataclass
class Place:
    """A target, and the collection behind it."""

    target: ReviewedTarget
    collection: AnkiCollection

    @contextmanager
    def writing(self, *imports: PackedNote, **descriptions: str) -> Iterator[Writer]:
        name = self.target.read().name
        html = {deck: Html(text) for deck, text in descriptions.items()}
        with self.target.writing(name, {1}, imports, html) as writer:
            yield writer

    def put(self, *imports: PackedNote, **descriptions: str) -> list[ExistingNote]:
        with self.writing(*imports, **descriptions) as writer:
            writer.import_notes()
        return [self.note(one.guid) for one in imports]

    def note(self, guid: str) -> ExistingNote:
        (found,) = self.target.read(guids=[Guid(guid)]).notes
        assert found.guid == guid
        return found

    def foreign(self, front: str, deck: str = "Theirs") -> int:
        basic, deck_id = self.collection.models.by_name("Basic"), self.collection.decks.id(deck)
        assert basic is not None
        assert deck_id is not None
        made = self.collection.new_note(basic)
        made["Front"] = front
        self.collection.add_note(made, deck_id)
        self.target.require_ready()
        return int(made.id)

    def review(self, card_id: int) -> None:
        card = self.collection.get_card(CardId(card_id))
        card.start_timer()
        self.collection.sched.answerCard(card, 4)
        self.target.require_ready()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[AnkiServer]:
    with running(tmp_path) as server:
        yield server


@pytest.fixture(
    params=[
        "running",
        "closed",
        *(pytest.param(more, marks=pytest.mark.thorough) for more in ("running elsewhere", "server")),
    ]
)
def place(request: pytest.FixtureRequest, server: AnkiServer, tmp_path: Path) -> Iterator[Place]:
    packages = None if request.param == "running elsewhere" else tmp_path / "packages"
    with ExitStack() as stack:
        device = None
        if request.param == "server":
            device = Device(tmp_path, stack.enter_context(serving(tmp_path)), server.collection)
            device.upload()
        sync = Sync(server, tmp_path / "memory", packages=packages, is_closed=request.param == "closed", device=device)
        yield Place(sync.client, server.collection)


def ready(name: str, front: str = "front", **more: object) -> PackedNote:
    return packed(note(name, front, **more))  # type: ignore[arg-type]


# Reading


def test_a_target_is_ready(place: Place) -> None:
    place.target.require_ready()
    pending = place.target.begin_reading([BASIC.id])
    pending.require_ready()
    assert pending.collection().notes == ()


def test_what_is_given_back_is_what_was_sent(place: Place) -> None:
    front = 'a<b>ö</b> &lt;x&gt; &amp; "q" \\(x^{2}\\) \u200fעברית\u200f 🃏 {{not}}<br>two  blanks'
    (held,) = place.put(ready("a", front, back="x\ny", deck="Contract::Ärger", tags=("b::c", "A")))
    sent = ready("a", front, back="x\ny", deck="Contract::Ärger", tags=("b::c", "A"))
    assert held.fields == dict(zip(sent.note_type.fields, sent.values, strict=True))
    assert (held.tags, held.modified, held.note_type) == (("A", "b::c"), NOON, BASIC.name)
    assert [(card.deck, card.is_suspended, card.is_filtered) for card in held.cards] == [
        ("Contract::Ärger", False, False)
    ]


def test_a_collection_has_the_name_that_anki_gives_it_however_it_is_reached(place: Place) -> None:
    name = place.target.read().name
    if isinstance(place.target, ServerOfReader):
        assert name == f"{place.target.device.url} reader"
    else:
        assert name == str(Path(place.collection.media.dir()).absolute())


def test_only_what_is_asked_for_is_read(place: Place) -> None:
    place.put(ready("a"), ready("b"))
    read = place.target.read
    assert {one.guid for one in read().notes} == {"a", "b"}
    assert [one.guid for one in read(guids=[Guid("b"), Guid("none")]).notes] == ["b"]
    assert read([BASIC.id], ()).notes == ()
    place.put(ready("c(d)*"))
    assert [one.guid for one in read(guids=[Guid("b"), Guid("c(d)*"), Guid("A")]).notes] == ["b", "c(d)*"]
    assert [one.id for one in read([BASIC.id, 17], ()).note_types] == [BASIC.id]
    assert read((), ()).note_types == ()


def test_note_types_are_read_with_their_text(place: Place) -> None:
    place.put(ready("a"))
    (held,) = place.target.read().note_types
    assert (held.id, held.name, held.fields) == (BASIC.id, BASIC.name, BASIC.fields)
    assert (held.templates, held.css) == (BASIC.templates, BASIC.css)


@pytest.mark.parametrize("place", ["running", "running elsewhere", "closed"], indirect=True)
def test_a_note_without_a_card_is_named_and_nothing_else_of_it(place: Place) -> None:
    """Damage to a collection is not synced, so a server knows nothing of it."""
    place.put(ready("a"), ready("b"))
    assert place.collection.db is not None
    (cardless,) = place.collection.find_notes("Guid:b")
    place.collection.db.execute("delete from cards where nid = ?", cardless)
    found = place.target.read()
    assert [one.guid for one in found.notes] == ["a"]
    assert found.cardless == (cardless,)


def test_filtered_decks_and_media_are_told_on_request(place: Place, tmp_path: Path) -> None:
    place.put(ready("a", deck="Plain"))
    cram = place.collection.sched.get_or_create_filtered_deck(0)  # type: ignore[arg-type]
    cram.name = "Cram"
    cram.config.search_terms[0].search = "deck:Plain"
    place.collection.sched.add_or_update_filtered_deck(cram)
    Path(place.collection.media.dir(), "there.png").write_bytes(b"png")
    around = place.target.read_around(place.target.read(), ["Plain", "Cram", "None"], with_media=True)
    assert around.filtered == {"Cram"}
    assert around.media == {"there.png"}
    assert {"Plain", "Cram", "Default"} <= {*around.decks}
    (card,) = place.note("a").cards
    assert (card.deck, card.is_filtered) == ("Cram", True)


# Writing


def test_an_import_updates_a_note_only_if_it_is_newer(place: Place) -> None:
    place.put(ready("a", "first", tags=("one",)))
    assert place.put(ready("a", "same second"))[0].fields["Front"] == "first"
    (newer,) = place.put(ready("a", "newer", tags=("two",), modified=NOON + 1))
    assert (newer.fields["Front"], newer.tags, newer.modified) == ("newer", ("two",), NOON + 1)


def test_an_import_never_moves_a_card_and_adds_those_that_are_new(place: Place) -> None:
    first = note("a", deck="One")
    ((card,),) = [held.cards for held in place.put(packed(first))]
    both = packed(replace(reworded(first, reverse=True), deck="Two"))
    (held,) = place.put(both)
    assert [one.deck for one in held.cards] == ["One", "Two"]
    assert held.cards[0] == card


def test_a_new_deck_gets_its_description_and_a_new_card_its_suspension(place: Place) -> None:
    suspended = replace(ready("a", deck="Told"), is_suspended=True)
    ((card,),) = [held.cards for held in place.put(suspended, Told="<b>about</b>")]
    assert card.is_suspended
    deck = place.collection.decks.by_name("Told")
    assert deck is not None
    assert deck["desc"] == "<b>about</b>"


def test_cards_move_into_a_deck_that_is_made_for_them_and_the_note_keeps_its_time(place: Place) -> None:
    (held,) = place.put(ready("a"))
    with place.writing() as writer:
        writer.move((card.id for card in held.cards), "Contract::New")
    assert [card.deck for card in place.note("a").cards] == ["Contract::New"]
    assert place.note("a").modified == NOON


def test_cards_are_suspended_and_let_go_again_and_one_unknown_keeps_all_from_it(place: Place) -> None:
    (held,) = place.put(ready("a"))
    cards = [card.id for card in held.cards]

    def is_suspended() -> bool:
        return all(card.is_suspended for card in place.note("a").cards)

    with pytest.raises(AnkiRefused), place.writing() as writer:
        writer.suspend([*cards, 1])
    assert not is_suspended()
    for _ in range(2):
        with place.writing() as writer:
            writer.suspend(cards)
        assert is_suspended()
    for _ in range(2):
        with place.writing() as writer:
            writer.unsuspend(cards)
        assert not is_suspended()


def test_a_tag_comes_and_goes_with_its_children_and_makes_the_note_newer(place: Place) -> None:
    (held,) = place.put(ready("a", tags=("x", "X::y", "xy")))
    with place.writing() as writer:
        writer.add_tags({"ankigen::removed": [held.id], "other": iter([held.id])})
    tagged = place.note("a")
    assert sorted(tag.lower() for tag in tagged.tags) == ["ankigen::removed", "other", "x", "x::y", "xy"]
    assert tagged.modified > 0
    assert tagged.modified != NOON
    with place.writing() as writer:
        writer.remove_tag(iter([held.id]), "x")
    assert {*place.note("a").tags} == {"ankigen::removed", "other", "xy"}


def test_deleted_notes_are_gone(place: Place) -> None:
    held = place.put(ready("a"), ready("b"))
    with place.writing() as writer:
        writer.delete_notes([held[0].id])
    assert [one.guid for one in place.target.read().notes] == ["b"]


def test_a_note_gets_a_type_that_is_brought_in_for_it_and_keeps_its_card(place: Place) -> None:
    first = note("a", tags=("kept",))
    (held,) = place.put(packed(first))
    place.review(held.cards[0].id)
    cloze = replace(first, content=cloze_content("{{c1::one}} {{c2::two}}"))
    converted = replace(packed(cloze), modified=NOON + 1)
    schema = place.collection.db.scalar("select scm from col")  # type: ignore[union-attr]
    with place.writing() as writer:
        writer.convert_notes({held.id: converted})
    now = place.note("a")
    assert (now.note_type, now.tags) == (note_types.CLOZE.note_type.name, ("kept",))
    assert now.fields == dict(zip(converted.note_type.fields, converted.values, strict=True))
    assert (now.id, now.cards[0].id, len(now.cards)) == (held.id, held.cards[0].id, 2)
    assert place.collection.get_card(CardId(now.cards[0].id)).reps == 1
    assert place.collection.find_notes("Guid:ankigen-carrier") == []
    assert place.collection.db.scalar("select scm from col") == schema  # type: ignore[union-attr]


def test_templates_and_css_change_where_they_exist_and_a_broken_one_is_refused(place: Place) -> None:
    place.put(ready("a"))
    front, back = BASIC.templates[:2]
    with place.writing() as writer:
        writer.restyle(BASIC.name, [replace(front, front="<b>{{Front}}</b>"), Template("No", "x", "y")], "i{}")
    (held,) = place.target.read().note_types
    assert (held.css, held.templates[0].front, held.templates[1]) == ("i{}", "<b>{{Front}}</b>", back)
    with pytest.raises(AnkiRefused), place.writing() as writer:
        writer.restyle(BASIC.name, [replace(front, front="{{Nothing}}")], "i{}")
    assert place.target.read().note_types == (held,)


def test_fields_and_cards_are_added_at_the_end_once(place: Place) -> None:
    place.put(ready("a"))
    new = Template("Mine", "{{Hint}}", "{{Front}}")
    if isinstance(place.target, ServerOfReader):
        with pytest.raises(FullSyncWanted):
            place.target.extend(BASIC.name, ["Hint"], [new])
        return
    for _ in range(2):
        place.target.read()
        place.target.extend(BASIC.name, ["Hint"], [new])
    (held,) = place.target.read().note_types
    assert held.fields == (*BASIC.fields, "Hint")
    assert held.templates == (*BASIC.templates, new)


def test_media_are_sent_and_other_content_under_the_same_name_is_never_touched(place: Place, tmp_path: Path) -> None:
    for name, text in (("one", "one"), ("two", "two"), ("none", "")):
        (tmp_path / name).write_text(text)
    with place.writing() as writer:
        writer.send_media([MediaFile("a.png", str(tmp_path / "one")), MediaFile("empty.png", str(tmp_path / "none"))])
    for _ in range(2):
        with pytest.raises(MediaNameTaken, match=r"a\.png"), place.writing() as writer:
            writer.send_media([MediaFile("a.png", str(tmp_path / "two"))])
    folder = Path(place.collection.media.dir())
    assert [path.name for path in folder.iterdir()] == ["a.png"]
    assert (folder / "a.png").read_text() == "one"


# Notes that are not ankigen's


def test_foreign_notes_are_read_with_a_search_or_without(place: Place) -> None:
    place.put(ready("a"))
    first, second = place.foreign("one"), place.foreign("two", "Others::Deep")
    found = place.target.read_foreign()
    assert [(one.id, one.guid, one.fields["Front"]) for one in found] == [(first, "", "one"), (second, "", "two")]
    assert found[1].cards[0].deck == "Others::Deep"
    assert [one.id for one in place.target.read_foreign("Front:two OR Front:front")] == [second]
    with pytest.raises(AnkiRefused):
        place.target.read_foreign('"unfinished')


def test_notes_with_a_mark_are_counted(place: Place) -> None:
    place.put(ready("a"))
    first = place.foreign("one")
    place.foreign("two")
    assert place.target.count_marked([first, 17], ()) == 1
    assert place.target.count_marked([], ["Front"]) == 2
    assert place.target.count_marked([], ["AnkiOps Key"]) == 0


def test_guids_and_cards_are_told_for_decks_and_those_below(place: Place) -> None:
    (held,) = place.put(ready("a", deck="Top::Below"))
    first = place.foreign("one", "Top")
    place.foreign("two", "Elsewhere")
    (card,) = place.collection.get_note(first).card_ids()  # type: ignore[arg-type]
    place.review(card)
    name = place.target.read().name
    exported = place.target.read_exported(name, ["Top::Below"])
    assert {*exported} == {first, held.id}
    assert exported[held.id].guid == "a"
    assert exported[first].guid == place.collection.get_note(first).guid  # type: ignore[arg-type]
    assert [(one.id, one.ordinal, one.reviews) for one in exported[first].cards] == [(card, 0, 1)]
    assert place.target.read_exported(name, ["None"]) == {}


def test_a_note_type_is_copied_by_its_name(place: Place) -> None:
    basic = place.target.copied_note_type("Basic")
    assert (basic.name, basic.fields, basic.is_cloze) == ("Basic", ("Front", "Back"), False)
    assert place.target.copied_note_type("Cloze").is_cloze
    with pytest.raises(NoSuchNoteType, match="did you mean Basic"):
        place.target.copied_note_type("Basicc")


# Reviews


def test_answers_and_days_are_told(place: Place) -> None:
    held = place.put(ready("a"), ready("b"))
    cards = [one.cards[0].id for one in held]
    place.review(cards[0])
    studied = place.target.read_studied(cards, 9)
    (answer,) = studied.reviews[cards[0]]
    assert isinstance(answer, Review)
    assert (answer.button, studied.reviews[cards[1]]) == (4, ())
    assert (len(studied.due), sum(studied.due)) == (9, 1)


# A whole sync


def test_a_note_lives_through_all_that_happens_to_notes(place: Place, tmp_path: Path) -> None:
    (tmp_path / "picture").write_text("picture")
    picture = MediaFile("p.png", str(tmp_path / "picture"))
    source = SourceId("contract")
    first = note("a", '<img src="p.png">', deck="Contract::A", tags=("ours",), source=source, media=[picture.name])
    assert sync_whole(place.target, [first], media=[picture]) == ["CreateNote", "SendMedia"]
    moved = replace(reworded(first, back="new", reverse=True), deck="Contract::B", tags=("ours", "more"))
    assert sync_whole(place.target, [moved]) == ["MoveCards", "UpdateNote"]
    cloze = replace(moved, content=cloze_content("{{c1::one}} {{c2::two}}"))
    assert sync_whole(place.target, [cloze]) == ["ConvertNote"]
    assert sync_whole(place.target, [moved]) == ["ConvertNote"]
    assert sync_whole(place.target, []) == ["SuspendNote"]
    assert sync_whole(place.target, [moved]) == ["RestoreNote"]
    assert sync_whole(place.target, [], Wishes(is_deleting=True)) == ["DeleteNote"]
    assert place.collection.fix_integrity() == ("Database rebuilt and optimized.", True)
