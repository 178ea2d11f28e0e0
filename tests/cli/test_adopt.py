"""`ankigen adopt` over Anki's own library: notes as other tools leave them become ankigen's, and no card changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from anki.collection import Collection

from ankigen import api
from ankigen.errors import AddOnTooOld, DoubtfulAdoption, ExitCode, NobodyAnswered
from ankigen.identity import read_lock
from ankigen.support.guids import held_guid
from ankigen.targets.anki_connect import AnkiConnect
from tests.helpers.anki_library import import_package
from tests.helpers.anki_server import Actions, AnkiServer
from tests.helpers.building import write
from tests.helpers.desk import Desk
from tests.helpers.foreign_makers import (
    COUNT,
    MAKERS,
    Maker,
    ankiops,
    flashcards_obsidian,
    inka,
    logseq_anki_sync,
    mdanki,
    obsidian_to_anki,
    yanki,
)
from tests.helpers.foreign_notes import DECK, add, live, note_type, scatter, tags_of, witness

pytestmark = pytest.mark.thorough


@pytest.fixture(params=["running", pytest.param("closed", marks=pytest.mark.thorough)])
def desk(tmp_path: Path, server: AnkiServer, request: pytest.FixtureRequest) -> Desk:
    return Desk(tmp_path, server, is_closed=request.param == "closed")


def adopted_guids(desk: Desk) -> set[str]:
    lock = read_lock(desk.notes / "ankigen.lock")
    assert lock is not None
    return {held_guid(guid) for guid in lock.identities}


@pytest.mark.parametrize("maker", MAKERS)
def test_notes_of_another_tool_become_ankigens_and_no_card_changes(
    desk: Desk, server: AnkiServer, maker: Maker, tmp_path: Path
) -> None:
    collection = server.collection
    write(desk.notes, **maker(collection))
    live(collection)
    before, tags = witness(collection), tags_of(collection)
    is_reworded = maker in {obsidian_to_anki, yanki, ankiops}

    shown = desk.invoke("adopt", "--plan")
    assert shown.exit_code == ExitCode.DONE, shown.output
    assert f"{COUNT} notes to adopt, 0 left alone" in shown.stdout, shown.stdout
    assert witness(collection) == before
    assert not (desk.notes / "ankigen.lock").exists()

    done = desk.invoke("adopt", answer="y\ny\n") if is_reworded else desk.invoke("adopt", "--yes")
    assert done.exit_code == ExitCode.DONE, done.output
    assert f"{COUNT} notes adopted" in done.stderr
    assert witness(collection) == before
    assert adopted_guids(desk) == {guid for _, guid in before["guids"]}
    assert {note["modelName"] for note in server.actions.notesInfo(query="")} <= {"ankigen Basic", "ankigen Cloze"}
    assert tags_of(collection) == tags

    again = desk.invoke("adopt", "--yes")
    assert again.stdout == "nothing to adopt\n", again.output
    plan = desk.invoke("plan", "--exit-code")
    assert plan.exit_code == ExitCode.DONE, plan.output
    assert plan.stdout.endswith("nothing to do\n")
    assert DECK in plan.stdout, "the cards stay where they are, and sync says so"
    api.build(api.load(desk.notes), tmp_path / "own.apkg")
    log = import_package(collection, tmp_path / "own.apkg")
    assert (len(log.new), len(log.conflicting)) == (0, 0)
    report, is_fine = collection.fix_integrity()
    assert is_fine, report
    after = witness(collection)
    assert {key: after[key] for key in ("cards", "reviews", "guids")} == {
        key: before[key] for key in ("cards", "reviews", "guids")
    }


@pytest.mark.parametrize("options", [(), ("--clean", "--move", "--keep-extra")], ids=["", "and all options"])
@pytest.mark.parametrize("maker", MAKERS)
def test_cards_in_every_state_that_anki_knows_stay_in_it_whoever_made_them(
    desk: Desk, server: AnkiServer, maker: Maker, options: tuple[str, ...]
) -> None:
    """Learning, relearning, overdue, buried, suspended, on loan to a filtered deck, flagged; notes that are marked."""
    collection = server.collection
    write(desk.notes, **maker(collection))
    scatter(collection)
    before, tags = witness(collection), tags_of(collection)
    assert len({(row[4], row[5]) for row in before["cards"]}) >= 8
    assert any(row[13] for row in before["cards"]), "a card is on loan"
    done = desk.invoke("adopt", *options, answer="y\ny\n")
    assert f"{COUNT} notes adopted" in done.stderr, done.output
    assert witness(collection) == before
    assert all(tags[id_] - {"obsidian", "Obsidian_to_Anki"} <= now for id_, now in tags_of(collection).items())
    synced = desk.invoke("sync", "--yes")
    assert synced.exit_code == ExitCode.DONE, synced.output
    after = witness(collection)
    home = [[*row[:2], *row[3:13], *row[14:]] for row in before["cards"]]
    assert [[*row[:2], *row[3:13], *row[14:]] for row in after["cards"]] == home, (
        "only --move moves, and to decks alone"
    )
    assert {key: after[key] for key in ("reviews", "guids", "schema")} == {
        key: before[key] for key in ("reviews", "guids", "schema")
    }
    assert len(collection.find_notes("tag:marked")) == COUNT // 3
    assert desk.invoke("plan", "--exit-code").exit_code == ExitCode.DONE
    collection.fix_integrity()
    assert witness(collection)["cards"] == after["cards"]


# What is left


def test_what_could_be_two_is_named_and_left(desk: Desk, server: AnkiServer) -> None:
    note_type(server.collection, "Mine", ["Front", "Back"])
    for _ in range(2):
        add(server.collection, "Mine", {"Front": "Twice", "Back": "In Anki"})
    add(server.collection, "Mine", {"Front": "Once", "Back": "In Anki"})
    add(server.collection, "Mine", {"Front": "Stranger", "Back": "Nowhere"})
    write(desk.notes, page="- Twice #card\n\t- In Anki\n- Once #card\n\t- In Anki\n", b="- Once #card\n\t- In Anki\n")
    before = witness(server.collection)
    done = desk.invoke("adopt", "--yes")
    assert "0 notes to adopt, 3 left alone" in done.stdout
    assert "page.md:1 Twice: could be several notes in Anki" in done.stdout
    assert witness(server.collection) == before
    assert not (desk.notes / "ankigen.lock").exists()


def test_a_note_with_cards_that_nobody_asks_here_is_left_unless_they_are_dropped(
    desk: Desk, server: AnkiServer
) -> None:
    note_type(server.collection, "Five", ["Front", "Back"], cards=5)
    add(server.collection, "Five", {"Front": "What bends light?", "Back": "A lens"})
    live(server.collection)
    write(desk.notes, page="- What bends light? #card #bidirectional\n\t- A lens\n")
    before = witness(server.collection)
    left = desk.invoke("adopt", "--yes")
    assert "--drop-cards adopts it without them (card 3 with 3 reviews, card 4 with 0 reviews, " in left.stdout
    assert witness(server.collection) == before
    assert desk.invoke("adopt", "--yes", "--drop-cards").exit_code == ExitCode.DONE
    assert witness(server.collection) == before, "they stay until Empty Cards or Check Database"
    assert desk.invoke("plan", "--exit-code").exit_code == ExitCode.DONE


def test_a_card_that_the_notes_ask_besides_is_made_and_the_others_keep_their_history(
    desk: Desk, server: AnkiServer
) -> None:
    note_type(server.collection, "Mine", ["Front", "Back"])
    add(server.collection, "Mine", {"Front": "Dog", "Back": "Hund"})
    live(server.collection)
    write(desk.notes, page="- Dog #card #bidirectional\n\t- Hund\n")
    before = witness(server.collection)
    assert "1 card keeps its history, 1 card new" in desk.invoke("adopt", "--yes").stdout
    after = witness(server.collection)
    assert after["cards"][:1] == before["cards"]
    assert len(after["cards"]) == 2
    assert (after["reviews"], after["guids"]) == (before["reviews"], before["guids"])


def test_a_note_in_another_kind_of_note_type_keeps_its_first_card(desk: Desk, server: AnkiServer) -> None:
    note_type(server.collection, "Mine", ["Front", "Back"])
    id_ = add(server.collection, "Mine", {"Front": "What is the sun?", "Back": "A star"})
    live(server.collection)
    write(desk.notes, page=f"- The sun is a {{{{cloze star}}}} #card\n  ^{id_}\n")
    before = witness(server.collection)
    assert desk.invoke("adopt", answer="y\ny\n").exit_code == ExitCode.DONE
    assert witness(server.collection) == before


def test_cards_on_loan_in_a_filtered_deck_stay_there(desk: Desk, server: AnkiServer) -> None:
    collection = server.collection
    write(desk.notes, **mdanki(collection))
    live(collection)
    filtered = collection.sched.get_or_create_filtered_deck(0)  # type: ignore[arg-type]
    filtered.config.search_terms[0].search = "-is:suspended"
    collection.sched.add_or_update_filtered_deck(filtered)
    before = witness(collection)
    assert any(row[13] for row in before["cards"]), "a card is on loan"
    done = desk.invoke("adopt", "--yes")
    assert f"{COUNT} notes adopted" in done.stderr, done.output
    assert witness(collection) == before
    assert desk.invoke("plan", "--exit-code").exit_code == ExitCode.DONE


def test_a_note_of_ankigens_is_no_candidate_and_its_card_takes_no_other(desk: Desk, server: AnkiServer) -> None:
    write(desk.notes, page="- What bends light? #card\n\t- A lens\n")
    desk.invoke("sync", "--yes")
    note_type(server.collection, "Mine", ["Front", "Back"])
    add(server.collection, "Mine", {"Front": "What bends light?", "Back": "A lens"})
    before, lock = witness(server.collection), (desk.notes / "ankigen.lock").read_bytes()
    assert desk.invoke("adopt", "--yes").stdout == "nothing to adopt\n"
    assert witness(server.collection) == before
    assert (desk.notes / "ankigen.lock").read_bytes() == lock


def test_a_search_bounds_what_is_adopted(desk: Desk, server: AnkiServer) -> None:
    note_type(server.collection, "Mine", ["Front", "Back"])
    add(server.collection, "Mine", {"Front": "Dog", "Back": "Hund"}, ["yes"])
    add(server.collection, "Mine", {"Front": "Cat", "Back": "Katze"})
    write(desk.notes, page="- Dog #card\n\t- Hund\n- Cat #card\n\t- Katze\n")
    assert "1 note to adopt" in desk.invoke("adopt", "--yes", "--query", "tag:yes").stdout
    assert len(server.collection.find_notes("Guid:_*")) == 1


# What a person is asked


def test_nothing_is_done_until_the_user_agrees(desk: Desk, server: AnkiServer) -> None:
    write(desk.notes, **mdanki(server.collection))
    before = witness(server.collection)
    refused = desk.invoke("adopt", answer="n\n")
    assert "make a backup there first" in refused.stderr
    assert isinstance(desk.invoke("adopt").exception, NobodyAnswered)
    assert witness(server.collection) == before
    assert not (desk.notes / "ankigen.lock").exists()
    assert server.collection.find_notes("Guid:_*") == []


@pytest.mark.parametrize("action", ["exportPackage", "updateNoteModel"])
def test_an_add_on_that_could_not_finish_it_is_told_before_anything_is_written(
    tmp_path: Path, server: AnkiServer, action: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(tmp_path, server)
    write(desk.notes, **mdanki(server.collection))
    before = witness(server.collection)
    monkeypatch.delattr(Actions, action)
    refused = desk.invoke("adopt", "--yes")
    assert isinstance(refused.exception, AddOnTooOld)
    assert f"this AnkiConnect is too old for `{action}`" in str(refused.exception)
    assert witness(server.collection) == before
    assert not (desk.notes / "ankigen.lock").exists()


def test_notes_that_mostly_say_something_else_are_asked_about_twice_and_never_taken_unattended(
    desk: Desk, server: AnkiServer
) -> None:
    write(desk.notes, **ankiops(server.collection))
    unattended = desk.invoke("adopt", "--yes")
    assert isinstance(unattended.exception, DoubtfulAdoption)
    assert f"{COUNT} of {COUNT} notes have different text in Anki" in str(unattended.exception)
    assert desk.invoke("adopt", answer="y\nn\n").exit_code == ExitCode.DONE
    assert server.collection.find_notes("Guid:_*") == []


def test_cards_that_were_published_under_another_guid_are_told(desk: Desk, server: AnkiServer) -> None:
    write(desk.notes, **mdanki(server.collection))
    api.build(api.load(desk.notes), desk.folder / "a.apkg")
    unattended = desk.invoke("adopt", "--yes")
    assert f"ankigen.lock knows {COUNT} of these notes already" in str(unattended.exception)


def test_similar_questions_are_taken_on_request_alone_and_asked_about_each(desk: Desk, server: AnkiServer) -> None:
    note_type(server.collection, "Mine", ["Front", "Back"])
    add(server.collection, "Mine", {"Front": "Which glass bends the light of the sun?", "Back": "A lens"})
    write(desk.notes, page="- Which glass bends the lights of the sun? #card\n\t- The lens\n")
    assert desk.invoke("adopt", "--plan").stdout == "nothing to adopt\n"
    asked = desk.invoke("adopt", "--similar", answer="n\n")
    assert "Are these the same note?" in asked.stderr
    assert asked.stdout.endswith("nothing to adopt\n")
    assert desk.invoke("adopt", "--similar", "--yes").stdout == "nothing to adopt\n"
    agreed = desk.invoke("adopt", "--similar", answer="y\ny\ny\n")
    assert "[similar question]" in agreed.stdout
    assert len(server.collection.find_notes("Guid:_*")) == 1


def test_what_has_no_place_is_named_and_kept_in_extra_on_request(desk: Desk, server: AnkiServer) -> None:
    note_type(server.collection, "Mine", ["Front", "Back", "Hint"])
    add(server.collection, "Mine", {"Front": "Dog", "Back": "Hund", "Hint": "It <b>barks</b>"})
    write(desk.notes, page="- Dog #card\n\t- Hund\n")
    assert "Hint: is lost; --keep-extra puts it into Extra: It barks" in desk.invoke("adopt", "--plan").stdout
    assert desk.invoke("adopt", "--yes", "--keep-extra").exit_code == ExitCode.DONE
    [id_] = server.collection.find_notes("Guid:_*")
    assert server.collection.get_note(id_)["Extra"] == "It <b>barks</b>"
    assert desk.invoke("plan", "--exit-code").exit_code == ExitCode.DONE
    desk.invoke("sync", "--yes")
    assert server.collection.get_note(id_)["Extra"] == "It <b>barks</b>"


def test_move_lets_the_next_sync_bring_the_cards_to_the_decks_of_the_notes(desk: Desk, server: AnkiServer) -> None:
    write(desk.notes, **mdanki(server.collection))
    assert desk.invoke("adopt", "--yes", "--move").exit_code == ExitCode.DONE
    moved = desk.invoke("sync", "--yes")
    assert f"{COUNT} moved" in moved.stdout, moved.output
    assert len(server.collection.find_notes("deck:page")) == COUNT


@pytest.mark.parametrize("maker", [obsidian_to_anki, flashcards_obsidian, inka, yanki, ankiops])
def test_the_tags_and_marks_of_the_other_tool_go_on_request_alone(desk: Desk, server: AnkiServer, maker: Maker) -> None:
    write(desk.notes, **maker(server.collection))
    live(server.collection)
    before = witness(server.collection)
    done = desk.invoke("adopt", "--clean", answer="y\ny\n")
    assert f"{COUNT} marks taken out of the notes" in done.stderr, done.output
    assert server.collection.find_notes("tag:obsidian OR tag:Obsidian_to_Anki") == []
    left = [page.read_text("utf-8") for page in desk.notes.glob("*.md")]
    assert not any(mark in text for text in left for mark in ("ID:", "^1", "noteId", "note_key"))
    assert adopted_guids(desk) == {guid for _, guid in before["guids"]}
    assert desk.invoke("adopt", "--clean", "--yes").stdout == "nothing to adopt\n"
    desk.invoke("sync", "--yes")  # cards that showed their mark say less
    assert desk.invoke("plan", "--exit-code").exit_code == ExitCode.DONE
    assert witness(server.collection) == before
    shown = [text for note in server.collection.find_notes("") for text in server.collection.get_note(note).fields[:2]]
    assert not any(mark in text for text in shown for mark in ("ID:", "^1"))


def test_without_the_request_no_byte_of_the_notes_changes(desk: Desk, server: AnkiServer) -> None:
    write(desk.notes, **flashcards_obsidian(server.collection))
    before = (desk.notes / "page.md").read_bytes()
    desk.invoke("adopt", "--yes")
    assert (desk.notes / "page.md").read_bytes() == before


def test_marks_of_an_earlier_adoption_go_as_well_and_marks_of_notes_that_were_not_adopted_stay(
    desk: Desk, server: AnkiServer
) -> None:
    pages = flashcards_obsidian(server.collection)
    write(desk.notes, page=pages["page"] + "- A stranger #card\n\t- It stays ^1690000000123\n")
    desk.invoke("adopt", "--yes")
    refused = desk.invoke("adopt", "--clean", answer="n\n")
    assert f"{COUNT} marks to take out of 1 page" in refused.stdout
    assert "Remove these marks from the notes?" in refused.stderr
    assert f"{COUNT} marks taken out of the notes" in desk.invoke("adopt", "--clean", "--yes").stderr
    assert (desk.notes / "page.md").read_text("utf-8").count("^1") == 1


def test_a_note_with_cards_in_several_decks_is_known_with_all_of_them(desk: Desk, server: AnkiServer) -> None:
    note_type(server.collection, "Five", ["Front", "Back"], cards=5)
    id_ = add(server.collection, "Five", {"Front": "Q", "Back": "A"})
    live(server.collection)
    decks = ["Physics", "Elsewhere"]
    for order in (decks, [*reversed(decks)]):
        exported = AnkiConnect(server.url, folder=desk.folder).read_exported("", order)
        assert [(card.ordinal, card.reviews) for card in exported[id_].cards] == [
            (0, 3),
            (1, 0),
            (2, 3),
            (3, 0),
            (4, 3),
        ]


def test_both_ways_to_read_a_package_tell_the_same_and_leave_nothing(desk: Desk, server: AnkiServer) -> None:
    write(desk.notes, **mdanki(server.collection))
    client = AnkiConnect(server.url, folder=desk.folder)
    name = server.actions.getMediaDirPath()
    near, far = client.read_exported(name, [DECK]), AnkiConnect(server.url).read_exported(name, [DECK])
    assert near == far
    assert {note.guid for note in near.values()} == {guid for _, guid in witness(server.collection)["guids"]}
    assert server.actions.getMediaFilesNames("_ankigen*") == []
    assert list(desk.folder.glob("_ankigen*")) == []
    assert client.read_exported(name, ["No such deck"]) == {}


def test_marks_that_tell_copies_from_one_another_stay(desk: Desk, server: AnkiServer) -> None:
    note_type(server.collection, "Mine", ["Front", "Back"])
    ids = [add(server.collection, "Mine", {"Front": "dog", "Back": "Hund"}) for _ in range(2)]
    page = f"- cat #card\n\t- Katze\n\t<!--ID: {ids[0]}-->\n- cat #card\n\t- Katze ^1690000000123\n"
    other = f"- sun #card\n\t- Sonne ^{ids[1]}\n"
    write(desk.notes, page=page, other=other)
    api.build(api.load(desk.notes), desk.folder / "a.apkg")
    done = desk.invoke("adopt", "--clean", answer="y\ny\ny\n")
    assert "1 mark taken out of the notes\n1 mark left" in done.stderr
    assert (desk.notes / "page.md").read_text("utf-8") == page
    assert (desk.notes / "other.md").read_text("utf-8") == "- sun #card\n\t- Sonne\n"
    assert desk.invoke("adopt", "--yes").stdout == "nothing to adopt\n"


# Before a first sync


@pytest.mark.parametrize("maker", [logseq_anki_sync, obsidian_to_anki, ankiops, mdanki])
def test_a_first_sync_and_its_plan_tell_of_notes_that_another_tool_holds(
    desk: Desk, server: AnkiServer, maker: Maker
) -> None:
    write(desk.notes, **maker(server.collection))
    has_marks = maker is not mdanki
    told = f"{COUNT} of these notes seem to be in Anki already, by another tool: `ankigen adopt` takes over notes"
    assert (told in desk.invoke("plan").stderr) is has_marks
    refused = desk.invoke("sync", answer="n\n")
    assert (told in refused.stderr.partition("Apply these changes?")[0]) is has_marks
    desk.invoke("sync", "--yes")
    assert "ankigen adopt" not in desk.invoke("plan").stderr, "now it is too late to say so"


def test_marks_of_notes_that_anki_lacks_and_ids_of_logseqs_own_are_no_reason_to_tell(
    desk: Desk, server: AnkiServer
) -> None:
    id_ = "6f000000-0000-4000-8000-000000000001"
    write(desk.notes, page=f"- Q #card\n  id:: {id_}\n\t- A ^1690000000123\n")
    assert "ankigen adopt" not in desk.invoke("plan").stderr


def test_notes_that_were_adopted_are_told_of_no_more(desk: Desk, server: AnkiServer) -> None:
    write(desk.notes, **inka(server.collection), other="- New #card\n\t- A ^1690000000123\n")
    desk.invoke("adopt", "--yes")
    plan = desk.invoke("plan")
    assert "1 new" in plan.stdout
    assert "ankigen adopt" not in plan.stderr


def test_once_one_tools_notes_are_adopted_a_sync_tells_of_anothers_that_it_would_double(
    desk: Desk, server: AnkiServer
) -> None:
    first, second = inka(server.collection), flashcards_obsidian(server.collection)
    write(desk.notes, first=first["page"])
    desk.invoke("adopt", "--yes")
    write(desk.notes, second=second["page"])
    told = f"{COUNT} of these notes seem to be in Anki already, by another tool"
    assert told in desk.invoke("sync", answer="n\n").stderr
    assert "12 notes adopted" in desk.invoke("adopt", "--yes").stderr
    assert "ankigen adopt" not in desk.invoke("plan").stderr


def by_hand(collection: Collection, question: str, answer: str) -> int:
    return add(collection, "Basic", {"Front": question, "Back": answer})


@pytest.mark.parametrize("part", [("--deck", "A"), ("--tag", "x")])
def test_a_note_that_could_be_two_cards_is_neithers_though_only_one_was_asked_for(
    desk: Desk, server: AnkiServer, part: tuple[str, str]
) -> None:
    card = "- What bends light? #card{}\n\t- A lens made of glass\n"
    write(desk.notes, a="deck:: A\n\n" + card.format(" #x"), b="deck:: B\n\n" + card.format(""))
    by_hand(server.collection, "What bends light?", "A lens made of glass")
    shown = desk.invoke("adopt", *part, "--plan")
    assert "0 notes to adopt, 1 left alone" in shown.stdout, shown.output
    assert "b.md" not in shown.stdout


@pytest.mark.parametrize("answer", ["A motion", "{{c1::}}"], ids=["a card", "a card that makes no note"])
def test_the_mark_of_the_next_card_is_no_mark_of_the_card_that_was_asked_for(
    desk: Desk, server: AnkiServer, answer: str
) -> None:
    number = by_hand(server.collection, "Said otherwise", "Quite another text")
    lens = "- What bends light? #card #x\n\t- A lens\n"
    write(desk.notes, page=f"{lens}- What is a wave? #card\n\t- {answer}\n\t  <!--ID: {number}-->\n")
    shown = desk.invoke("adopt", "--tag", "x", "--plan")
    assert shown.stdout == "nothing to adopt\n", shown.output


@pytest.mark.parametrize("faulty", ["- Why? #card\n", "<<<<<<< HEAD\n- Q #card\n=======\n>>>>>>> x\n", "\0" * 99])
def test_a_page_that_makes_no_note_keeps_nobody_from_a_plan_an_adoption_and_a_sync(
    desk: Desk, server: AnkiServer, faulty: str
) -> None:
    write(desk.notes, page="- What is a wave? #card\n\t- A motion\n- New? #card\n\t- Yes\n", faulty=faulty)
    by_hand(server.collection, "What is a wave?", "A motion")
    before = witness(server.collection)
    assert "2 new" in desk.invoke("plan").stdout
    assert "1 note adopted" in desk.invoke("adopt", "--yes").stderr
    assert witness(server.collection) == before
    assert "1 new" in desk.invoke("sync", "--yes").stdout


def test_a_part_that_was_asked_for_is_adopted_and_the_rest_is_left_for_another_run(
    desk: Desk, server: AnkiServer
) -> None:
    lens, wave = "- What bends light? #card #x\n\t- A lens\n", "- What is a wave? #card\n\t- A motion\n"
    write(desk.notes, page=lens + wave)
    for question, answer in (("What bends light?", "A lens"), ("What is a wave?", "A motion")):
        by_hand(server.collection, question, answer)
    before = witness(server.collection)
    for arguments in (("--tag", "x"), ()):
        assert "1 note adopted" in desk.invoke("adopt", *arguments, "--yes").stderr
    assert witness(server.collection) == before


@pytest.mark.parametrize("options", [(), ("--clean",)], ids=["", "and clean"])
def test_one_tools_notes_after_the_others_are_adopted_without_a_question_about_readers(
    desk: Desk, server: AnkiServer, options: tuple[str, ...]
) -> None:
    write(desk.notes, **flashcards_obsidian(server.collection), new="- What is a wave? #card\n\t- A motion\n")
    assert "12 notes adopted" in desk.invoke("adopt", "--yes", *options).stderr
    lock = read_lock(desk.notes / "ankigen.lock")
    assert lock is not None
    assert (len(lock.identities), adopted_guids(desk)) == (
        COUNT,
        {guid for _, guid in witness(server.collection)["guids"]},
    )
    by_hand(server.collection, "What is a wave?", "A motion")
    done = desk.invoke("adopt", "--yes", *options)
    assert "1 note adopted" in done.stderr, done.output
    assert desk.invoke("sync", "--yes").exit_code == ExitCode.DONE
    assert desk.invoke("plan", "--exit-code").exit_code == ExitCode.DONE
    assert len(server.collection.find_notes("")) == COUNT + 1


def test_a_card_that_was_built_between_two_adoptions_is_asked_about(desk: Desk, server: AnkiServer) -> None:
    write(desk.notes, **flashcards_obsidian(server.collection), new="- What is a wave? #card\n\t- A motion\n")
    desk.invoke("adopt", "--yes")
    api.build(api.load(desk.notes), desk.folder / "a.apkg")
    by_hand(server.collection, "What is a wave?", "A motion")
    assert "ankigen.lock knows 1 of these notes already" in str(desk.invoke("adopt", "--yes").exception)


def test_in_ci_nothing_is_adopted_without_a_lock(desk: Desk, server: AnkiServer) -> None:
    write(desk.notes, page="- What is a wave? #card\n\t- A motion\n")
    by_hand(server.collection, "What is a wave?", "A motion")
    refused = desk.run("adopt", "notes", "--yes", CI="true")
    assert (refused.returncode, refused.stderr.count("ankigen.lock is missing")) == (ExitCode.PROTECTED, 1)
    assert not (desk.notes / "ankigen.lock").exists()
