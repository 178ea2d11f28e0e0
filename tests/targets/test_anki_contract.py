"""What AnkiConnect does, as ankigen relies on it: held against the test server always, and against a true Anki.

    ANKIGEN_TEST_ANKI=http://127.0.0.1:8765 pytest -n0 tests/test_anki_contract.py

A true Anki must have a profile open whose name contains "test"; the tests leave nothing behind there.
"""

from __future__ import annotations

import base64
import itertools
import json
import os
import socket
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import genanki
import pytest

from ankigen import note_types
from ankigen.data import (
    Collection,
    ExistingNote,
    Html,
    MediaFile,
    SourceId,
    Template,
    Wishes,
)
from ankigen.errors import AddOnTooOld, AnkiRefused, ApiKeyRefused, ImportRefused, MediaNameTaken
from ankigen.support.structs import replace
from ankigen.targets.anki_connect import AnkiConnect, action
from tests.helpers.anki_server import running
from tests.helpers.contents import cloze_content
from tests.helpers.syncing import note, reworded, sync_whole

REAL = os.environ.get("ANKIGEN_TEST_ANKI")
FIELDS = ("Front", "Back", "Guid", "Base")
NOTE_TYPE_ID = 1_600_000_000_123
LONG_AGO = 1_600_000_000


@pytest.fixture(params=["server", *(["desktop"] if REAL else [])])
def anki(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[AnkiConnect]:
    if request.param == "server":
        with running(tmp_path) as server:
            yield AnkiConnect(server.url, folder=tmp_path / "transfer")
        return
    assert REAL is not None
    desktop = AnkiConnect(REAL, folder=tmp_path / "transfer")
    if "test" not in (profile := desktop.call("getActiveProfile")):
        pytest.exit(f"the profile {profile!r} is not named for tests")
    before = set(desktop.call("deckNames"))
    yield desktop
    desktop.delete_notes(desktop.call("findNotes", query='"note:ankigen *"'))
    desktop.call("removeEmptyNotes")  # the add-on's name for note types that no note has
    desktop.call("deleteDecks", decks=sorted(set(desktop.call("deckNames")) - before), cardsToo=True)


_ids = itertools.count()


class Package:
    """A package of one note type, with the schema that the tests ask for."""

    def __init__(self, templates: dict[str, str] | None = None) -> None:
        sides = templates or {"Card 1": "{{Front}}"}
        self.note_type = genanki.Model(
            NOTE_TYPE_ID,
            "ankigen contract",
            fields=[{"name": name} for name in FIELDS],
            templates=[{"name": name, "qfmt": front, "afmt": "{{Back}}"} for name, front in sides.items()],
        )
        self.decks: dict[str, genanki.Deck] = {}
        self.modified: list[int] = []

    def add(self, guid: str, front: str, back: str = "back", *, deck: str = "A", tags: tuple[str, ...] = ()) -> Package:
        note = genanki.Note(self.note_type, [front, back, guid, "base"], guid=guid, tags=list(tags))
        home = self.decks.setdefault(deck, genanki.Deck(1_700_000_000 + len(self.decks), deck))
        home.add_note(note)
        return self

    def content(self, tmp_path: Path, modified: int = LONG_AGO) -> bytes:
        path = tmp_path / "contract.apkg"
        with patch.object(tempfile, "tempdir", str(tmp_path)):  # genanki leaves its draft there
            genanki.Package(list(self.decks.values())).write_to_file(
                str(path), timestamp=modified + next(_ids) % 1000 / 1000
            )
        return path.read_bytes()


@pytest.fixture
def guid() -> str:
    return uuid.uuid4().hex


def the_note(collection: Collection, guid: str) -> ExistingNote:
    (note,) = [note for note in collection.notes if note.guid == guid]
    return note


def push(anki: AnkiConnect, tmp_path: Path, guid: str, front: str = "front", **more: Any) -> ExistingNote:
    modified = more.pop("modified", LONG_AGO)
    anki.import_package(Package().add(guid, front, **more).content(tmp_path, modified))
    return the_note(anki.read(), guid)


# The wire


def exchange(anki: AnkiConnect, *requests: bytes) -> list[bytes]:
    """Send each on one open connection, as a client that keeps its connections would; return what came back."""
    where = urlsplit(anki.url)
    with socket.create_connection((str(where.hostname), int(where.port or 80)), timeout=60) as connection:
        return [_ask(connection, request) for request in requests]


def _ask(connection: socket.socket, request: bytes) -> bytes:
    received = b""
    try:
        connection.sendall(request)
        while chunk := connection.recv(65536):
            received += chunk
    except OSError:
        return received
    return received


def post(body: bytes) -> bytes:
    return b"POST / HTTP/1.1\r\nHost: anki\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)


def reply_to(anki: AnkiConnect, **request: Any) -> Any:
    (answer,) = exchange(anki, post(json.dumps(request).encode()))
    return json.loads(answer.partition(b"\r\n\r\n")[2])


def test_a_reply_is_a_pair_from_version_5_on_and_bare_before(anki: AnkiConnect) -> None:
    assert reply_to(anki, action="version", version=6) == {"result": 6, "error": None}
    assert reply_to(anki, action="version", version=5) == {"result": 6, "error": None}
    assert reply_to(anki, action="version", version=4) == 6
    assert reply_to(anki, action="version") == 6


def test_an_error_is_a_pair_in_every_version(anki: AnkiConnect) -> None:
    assert reply_to(anki, action="fly", version=6) == {"result": None, "error": "unsupported action"}
    assert reply_to(anki, action="fly") == {"result": None, "error": "unsupported action"}


def test_an_unknown_parameter_is_refused_in_the_words_of_python(anki: AnkiConnect) -> None:
    text = reply_to(anki, action="findNotes", version=6, params={"color": "red"})["error"]
    assert "unexpected keyword argument 'color'" in text


def test_an_action_inside_multi_has_a_version_of_its_own_and_a_failure_does_not_stop_the_rest(
    anki: AnkiConnect,
) -> None:
    actions = [{"action": "version"}, {"action": "fly", "version": 6}, {"action": "version", "version": 6}]
    assert reply_to(anki, action="multi", version=6, params={"actions": actions}) == {
        "result": [6, {"result": None, "error": "unsupported action"}, {"result": 6, "error": None}],
        "error": None,
    }


def test_a_key_that_nobody_asked_for_is_refused(anki: AnkiConnect) -> None:
    assert reply_to(anki, action="version", version=6, key="k") == {
        "result": None,
        "error": "valid api key must be provided",
    }
    with pytest.raises(ApiKeyRefused, match="unset ANKIGEN_ANKICONNECT_KEY"):
        AnkiConnect(anki.url, key="k").require_ready()


def test_permission_is_granted_to_a_program_and_tells_whether_a_key_is_needed(anki: AnkiConnect) -> None:
    assert reply_to(anki, action="requestPermission", version=6, key="any")["result"] == {
        "permission": "granted",
        "requireApikey": False,
        "version": 6,
    }


def test_the_connection_is_closed_after_a_reply_that_does_not_say_so(anki: AnkiConnect) -> None:
    request = post(b'{"action": "version", "version": 6}')
    first, second = exchange(anki, request, request)
    assert first.endswith(b'{"result": 6, "error": null}')
    assert b"connection:" not in first.lower()
    assert second == b""


def test_a_request_without_a_length_is_taken_for_an_empty_one(anki: AnkiConnect) -> None:
    (answer,) = exchange(anki, b"POST / HTTP/1.1\r\nHost: anki\r\nTransfer-Encoding: chunked\r\n\r\n")
    assert json.loads(answer.partition(b"\r\n\r\n")[2]) == {"apiVersion": "AnkiConnect v.6"}


def test_all_that_sync_needs_is_there(anki: AnkiConnect) -> None:
    anki.require_ready()


def test_an_action_that_the_server_lacks_is_named(anki: AnkiConnect) -> None:
    with pytest.raises(AddOnTooOld, match="`fly`"):
        anki.call("fly")


# Packages


def test_what_anki_gives_back_is_what_was_sent(anki: AnkiConnect, tmp_path: Path, guid: str) -> None:
    front = 'a<b>ö</b> &lt;x&gt; &amp; "q" \\(x^{2}\\) \u200fעברית\u200f 🃏 {{not}}<br>two  blanks'
    note = push(anki, tmp_path, guid, front, back="x\ny", deck="Contract::Ärger", tags=("b::c", "A"))
    assert note.fields == {"Front": front, "Back": "x\ny", "Guid": guid, "Base": "base"}
    assert (note.tags, note.modified, note.note_type) == (("A", "b::c"), LONG_AGO, "ankigen contract")
    assert [(card.deck, card.is_suspended, card.is_filtered) for card in note.cards] == [
        ("Contract::Ärger", False, False)
    ]


def test_an_import_updates_a_note_only_if_it_is_newer_by_a_whole_second(
    anki: AnkiConnect, tmp_path: Path, guid: str
) -> None:
    push(anki, tmp_path, guid, "first", tags=("one",))
    assert push(anki, tmp_path, guid, "same second").fields["Front"] == "first"
    assert push(anki, tmp_path, guid, "older", modified=LONG_AGO - 9).fields["Front"] == "first"
    newer = push(anki, tmp_path, guid, "newer", tags=("two",), modified=LONG_AGO + 1)
    assert (newer.fields["Front"], newer.tags, newer.modified) == ("newer", ("two",), LONG_AGO + 1)


def test_an_import_never_moves_a_card(anki: AnkiConnect, tmp_path: Path, guid: str) -> None:
    push(anki, tmp_path, guid, deck="Contract::A")
    moved = push(anki, tmp_path, guid, "new", deck="Contract::B", modified=LONG_AGO + 1)
    assert [card.deck for card in moved.cards] == ["Contract::A"]
    assert moved.fields["Front"] == "new"


def test_a_package_can_be_uploaded_and_nothing_of_it_stays(anki: AnkiConnect, tmp_path: Path, guid: str) -> None:
    far = AnkiConnect(anki.url)
    far.import_package(Package().add(guid, "uploaded").content(tmp_path))
    assert the_note(anki.read(), guid).fields["Front"] == "uploaded"
    assert anki.call("getMediaFilesNames", pattern="_ankigen-*") == []


def test_a_package_on_this_machine_is_read_from_its_folder_and_nothing_of_it_stays(
    anki: AnkiConnect, tmp_path: Path, guid: str
) -> None:
    push(anki, tmp_path, guid)
    assert list((tmp_path / "transfer").iterdir()) == []


def test_what_is_no_package_is_refused_and_nothing_of_it_stays(anki: AnkiConnect, tmp_path: Path) -> None:
    with pytest.raises(ImportRefused):
        anki.import_package(b"no package")
    assert anki.call("getMediaFilesNames", pattern="_ankigen-*") == []


def test_strays_of_a_run_that_was_cut_off_are_removed(anki: AnkiConnect, tmp_path: Path) -> None:
    anki.call("storeMediaFile", filename="_ankigen-1234.apkg", data="QQ==", deleteExisting=False)
    (tmp_path / "transfer").mkdir()
    (tmp_path / "transfer" / "_ankigen-5.apkg").write_bytes(b"A")
    anki.prepare().result()
    assert anki.call("getMediaFilesNames", pattern="_ankigen-*") == []
    assert list((tmp_path / "transfer").iterdir()) == []


# Reading


def test_a_guid_cannot_be_searched_for_and_a_bad_search_is_an_error(anki: AnkiConnect) -> None:
    assert anki.call("findNotes", query="guid:abc") == []
    with pytest.raises(AnkiRefused):
        anki.call("findNotes", query='"unfinished')


def test_a_missing_note_is_an_empty_object_and_a_missing_card_lies_in_default(anki: AnkiConnect) -> None:
    assert anki.call("notesInfo", notes=[1]) == [{}]
    assert anki.call("notesModTime", notes=[1]) == [{}]
    assert anki.call("getDecks", cards=[1]) == {"Default": [1]}
    assert anki.call("areSuspended", cards=[1]) == [None]


def test_a_note_without_a_card_fails_the_whole_call_but_not_our_reading(
    anki: AnkiConnect, tmp_path: Path, guid: str
) -> None:
    blank = uuid.uuid4().hex
    package = Package({"Card 1": "{{#Back}}{{Front}}{{/Back}}"})
    anki.import_package(package.add(guid, "whole").add(blank, "no card", back="").content(tmp_path))
    (cardless,) = anki.call("findNotes", query=f"Guid:{blank}")
    with pytest.raises(AnkiRefused) as refused:
        anki.call("notesInfo", query="note:ankigen*")
    assert refused.value.text == str(cardless)
    collection = anki.read()
    assert collection.cardless == (cardless,)
    assert [note.fields["Front"] for note in collection.notes] == ["whole"]


def test_notes_are_read_in_parts_that_are_asked_for_at_once(
    anki: AnkiConnect, tmp_path: Path, guid: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = Package()
    for number in range(9):
        package.add(f"{guid}-{number}", "front", deck=f"Contract::{number % 2}")
    anki.import_package(package.content(tmp_path))
    whole = anki.read([NOTE_TYPE_ID])
    monkeypatch.setattr("ankigen.targets.anki_connect.reader._NOTES_PER_PART", 1)
    monkeypatch.setattr("ankigen.targets.anki_connect.reader._NOTES_PER_SEARCH", 1)
    assert len(whole.notes) == 9
    assert anki.read([NOTE_TYPE_ID]) == whole


def test_note_types_are_read_with_their_text(anki: AnkiConnect, tmp_path: Path, guid: str) -> None:
    push(anki, tmp_path, guid)
    (note_type,) = anki.read().note_types
    assert (note_type.id, note_type.name, note_type.fields) == (NOTE_TYPE_ID, "ankigen contract", FIELDS)
    assert note_type.templates == (Template("Card 1", "{{Front}}", "{{Back}}"),)


def test_a_deck_that_is_missing_has_no_preset_and_a_plain_deck_is_not_filtered(anki: AnkiConnect) -> None:
    assert anki.call("getDeckConfig", deck="nowhere") is False
    assert not anki.call("getDeckConfig", deck="Default")["dyn"]
    assert anki.read_around(anki.read(), ["Default"]).filtered == frozenset()


# Writing


def test_cards_move_into_a_deck_that_is_made_for_them_and_the_note_keeps_its_time(
    anki: AnkiConnect, tmp_path: Path, guid: str
) -> None:
    note = push(anki, tmp_path, guid)
    anki.move([card.id for card in note.cards], "Contract::New")
    moved = the_note(anki.read(), guid)
    assert [card.deck for card in moved.cards] == ["Contract::New"]
    assert moved.modified == LONG_AGO


def test_cards_are_suspended_and_let_go_again(anki: AnkiConnect, tmp_path: Path, guid: str) -> None:
    cards = [card.id for card in push(anki, tmp_path, guid).cards]
    anki.suspend(cards)
    assert [card.is_suspended for card in the_note(anki.read(), guid).cards] == [True]
    anki.unsuspend(cards)
    assert [card.is_suspended for card in the_note(anki.read(), guid).cards] == [False]


def test_one_unknown_card_keeps_all_from_being_suspended(anki: AnkiConnect, tmp_path: Path, guid: str) -> None:
    cards = [card.id for card in push(anki, tmp_path, guid).cards]
    with pytest.raises(AnkiRefused):
        anki.suspend([*cards, 1])
    assert [card.is_suspended for card in the_note(anki.read(), guid).cards] == [False]


def test_a_tag_comes_and_goes_with_its_children_and_makes_the_note_modified_now(
    anki: AnkiConnect, tmp_path: Path, guid: str
) -> None:
    note = push(anki, tmp_path, guid, tags=("x", "X::y", "xy"))
    now = anki.call("createDeck", deck="Contract::named by the time in milliseconds") // 1000
    anki.add_tags({"ankigen::removed": [note.id]})
    tagged = the_note(anki.read(), guid)
    assert sorted(tag.lower() for tag in tagged.tags) == ["ankigen::removed", "x", "x::y", "xy"]
    assert tagged.modified >= now > note.modified
    anki.remove_tag([note.id], "x")
    assert set(the_note(anki.read(), guid).tags) == {"ankigen::removed", "xy"}


def test_a_note_changes_its_type_with_what_is_given_and_nothing_else(
    anki: AnkiConnect, tmp_path: Path, guid: str
) -> None:
    note = push(anki, tmp_path, guid, tags=("kept",))
    basic = next(name for name, id_ in anki.call("modelNamesAndIds").items() if name == "Basic")
    given = {"id": note.id, "modelName": basic, "fields": {"front": "only this"}, "tags": ["mine"]}
    anki.call("updateNoteModel", note=given)
    (info,) = anki.call("notesInfo", notes=[note.id])
    assert {name: held["value"] for name, held in info["fields"].items()} == {"Front": "only this", "Back": ""}
    assert (info["tags"], info["cards"]) == (["mine"], [card.id for card in note.cards])
    anki.delete_notes([note.id])
    assert anki.call("notesInfo", notes=[note.id]) == [{}]


def test_templates_and_css_change_where_they_exist(anki: AnkiConnect, tmp_path: Path, guid: str) -> None:
    push(anki, tmp_path, guid)
    anki.restyle(
        "ankigen contract", [Template("Card 1", "<b>{{Front}}</b>", "{{Back}}!"), Template("No", "x", "y")], "i{}"
    )
    (note_type,) = anki.read().note_types
    assert note_type.templates == (Template("Card 1", "<b>{{Front}}</b>", "{{Back}}!"),)
    assert note_type.css == "i{}"
    anki.restyle("ankigen contract", [Template("Card 1", "{{Front}}", "{{Back}}")], "")


def test_a_broken_template_is_refused(anki: AnkiConnect, tmp_path: Path, guid: str) -> None:
    push(anki, tmp_path, guid)
    with pytest.raises(AnkiRefused):
        anki.restyle("ankigen contract", [Template("Card 1", "{{Nothing}}", "{{Back}}")], "")
    (note_type,) = anki.read().note_types
    assert note_type.templates == (Template("Card 1", "{{Front}}", "{{Back}}"),)


def test_a_field_and_a_template_are_added_at_the_end_once(anki: AnkiConnect, tmp_path: Path, guid: str) -> None:
    note = push(anki, tmp_path, guid)
    for _ in range(2):
        anki.extend("ankigen contract", ["Hint"])
        template = {"Name": "Card 2", "Front": "{{Back}}", "Back": "{{Front}}"}
        anki.call("modelTemplateAdd", modelName="ankigen contract", template=template)
    (note_type,) = anki.read().note_types
    assert note_type.fields == (*FIELDS, "Hint")
    assert [template.name for template in note_type.templates] == ["Card 1", "Card 2"]
    added = the_note(anki.read(), guid)
    assert len(added.cards) == 2
    assert added.modified > note.modified


# Media


def test_a_stored_file_loses_its_case_and_is_renamed_beside_other_content(anki: AnkiConnect) -> None:
    def store(name: str, content: bytes) -> Any:
        data = base64.b64encode(content).decode()
        return anki.call("storeMediaFile", filename=name, data=data, deleteExisting=False)

    first = store("Contract.TXT", b"one")
    assert first.lower() == "contract.txt"
    assert store(first, b"one") == first
    renamed = store(first, b"two")
    assert renamed.lower().startswith("contract-")
    assert sorted(anki.call("getMediaFilesNames", pattern="[Cc]ontract*")) == sorted([first, renamed])
    assert base64.b64decode(anki.call("retrieveMediaFile", filename=renamed)) == b"two"
    anki.multi(action("deleteMediaFile", filename=name) for name in (first, renamed, "absent.txt"))
    assert anki.call("retrieveMediaFile", filename=renamed) is False


def test_an_empty_file_is_refused_by_anki_and_left_out_by_us(anki: AnkiConnect, tmp_path: Path) -> None:
    (tmp_path / "empty.png").write_bytes(b"")
    with pytest.raises(AnkiRefused):
        anki.call("storeMediaFile", filename="empty.png", data="")
    anki.send_media([MediaFile("empty.png", str(tmp_path / "empty.png"))])
    assert anki.call("getMediaFilesNames", pattern="empty.png") == []


@pytest.mark.parametrize("is_here", [True, False], ids=["by path", "by upload"])
def test_media_are_sent_and_other_content_under_the_same_name_is_never_touched(
    anki: AnkiConnect, tmp_path: Path, is_here: bool
) -> None:
    client = anki if is_here else AnkiConnect(anki.url)
    paths = [tmp_path / "one", tmp_path / "two"]
    for path in paths:
        path.write_text(path.name)
    client.send_media([MediaFile("contract-a.png", str(paths[0]))])
    with pytest.raises(MediaNameTaken, match=r"contract-a\.png"):
        client.send_media([MediaFile("contract-a.png", str(paths[1]))])
    assert anki.call("getMediaFilesNames", pattern="contract-a*") == ["contract-a.png"]
    assert base64.b64decode(anki.call("retrieveMediaFile", filename="contract-a.png")) == b"one"
    anki.call("deleteMediaFile", filename="contract-a.png")


# A whole sync


@pytest.mark.parametrize("is_here", [True, False], ids=["by path", "by upload"])
def test_a_note_lives_through_all_that_happens_to_notes(
    anki: AnkiConnect, tmp_path: Path, guid: str, is_here: bool
) -> None:
    client = anki if is_here else AnkiConnect(anki.url)
    (tmp_path / "picture").write_text(guid)
    picture = MediaFile(f"{guid}.png", str(tmp_path / "picture"))
    source = SourceId("contract")
    first = note(
        guid, f'<img src="{guid}.png">', deck="Contract::A", tags=("ours",), source=source, media=[picture.name]
    )
    assert sync_whole(client, [first], media=[picture]) == ["CreateNote", "SendMedia"]
    card = the_note(client.read(), guid).cards[0].id
    client.add_tags({"theirs": [the_note(client.read(), guid).id]})
    moved = replace(reworded(first, back="new", reverse=True), deck="Contract::B", tags=("ours", "more"))
    assert sync_whole(client, [moved]) == ["MoveCards", "UpdateNote"]
    there = the_note(client.read(), guid)
    assert (there.fields["Back"], {*there.tags}) == ("new", {"ours", "more", "theirs"})
    assert {one.deck for one in there.cards} == {"Contract::B"}
    text = Html("{{c1::one}} {{c2::two}}")
    cloze = replace(moved, content=cloze_content(text))
    assert sync_whole(client, [cloze]) == ["ConvertNote"]
    there = the_note(client.read(), guid)
    assert (there.note_type, there.fields["Text"], len(there.cards)) == (note_types.CLOZE.note_type.name, text, 2)
    assert there.cards[0].id == card
    assert sync_whole(client, [moved]) == ["ConvertNote"]
    assert sync_whole(client, []) == ["SuspendNote"]
    assert sync_whole(client, [moved]) == ["RestoreNote"]
    assert not any(one.is_suspended for one in the_note(client.read(), guid).cards)
    older = note_types.with_css(note_types.BASIC.note_type, ".older {}")
    client.restyle(note_types.BASIC.note_type.name, note_types.BASIC.note_type.templates, older)
    assert sync_whole(client, [moved]) == ["RestyleNoteType"]
    assert sync_whole(client, [], Wishes(is_deleting=True)) == ["DeleteNote"]
    client.call("deleteMediaFile", filename=picture.name)
