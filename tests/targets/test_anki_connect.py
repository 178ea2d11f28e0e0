"""Each refusal and each silence of AnkiConnect is one failure with one line of advice."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import responses

from ankigen import errors
from ankigen.data import Guid
from ankigen.note_types import packed
from ankigen.outputs import apkg
from ankigen.targets.anki_connect import DEFAULT_URL, LARGEST_BODY, AnkiConnect, action
from tests.helpers.anki_server import Actions, AnkiServer, Fault, running
from tests.helpers.syncing import note


@pytest.fixture
def server(tmp_path: Path) -> Iterator[AnkiServer]:
    with running(tmp_path) as server:
        yield server


@contextlib.contextmanager
def saying(answer: bytes) -> Iterator[str]:
    """A program that takes one connection, reads a request and answers it; its address."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        speaker = threading.Thread(target=_speak, args=(taken, answer))
        speaker.start()
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"
        speaker.join()


def _speak(taken: socket.socket, answer: bytes) -> None:
    connection, _ = taken.accept()
    with connection:
        connection.recv(65536)
        connection.sendall(answer)


def answering(body: Any, name: str = "version", key: str | None = None) -> Any:
    """Call an action of a server that answers with `body`: bytes, what becomes JSON, or a failure."""
    with responses.RequestsMock() as wire:
        wire.post(DEFAULT_URL, body=body if isinstance(body, bytes | Exception) else json.dumps(body))
        return AnkiConnect(key=key).call(name)


@pytest.mark.parametrize(
    ("body", "failure"),
    [
        (b"<html>It works!</html>", errors.NotAnkiConnect),
        (b"", errors.NotAnkiConnect),
        (b"\xff", errors.NotAnkiConnect),
        ({"status": "ok"}, errors.NotAnkiConnect),
        ([1, 2], errors.NotAnkiConnect),
        (requests.ConnectTimeout(), errors.AnkiNotRunning),
        (requests.ReadTimeout(), errors.AnkiTimedOut),
    ],
)
def test_what_is_not_an_answer_of_ankiconnect_has_a_name(body: Any, failure: type[errors.AnkigenError]) -> None:
    with pytest.raises(failure):
        answering(body)


def test_an_answer_that_breaks_off_is_a_lost_connection() -> None:
    with (
        saying(b'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"result": ') as url,
        pytest.raises(errors.ConnectionLost),
    ):
        AnkiConnect(url).call("version")


@pytest.mark.parametrize("url", ["http://", "127.0.0.1:8765", "http://127.0.0.1:many", "http://nowhere.invalid:1", ""])
def test_an_address_that_leads_nowhere_asks_for_a_better_one(url: str) -> None:
    with pytest.raises(errors.AnkiNotRunning, match="or pass --url"):
        AnkiConnect(url).call("version")


@pytest.mark.parametrize(
    ("text", "name", "advice"),
    [
        (
            "valid api key must be provided",
            "version",
            "AnkiConnect needs an API key: set ANKIGEN_ANKICONNECT_KEY to apiKey from the add-on's config",
        ),
        (
            "collection is not available",
            "findNotes",
            "Anki has no profile open: choose one in its window, then run the same command again",
        ),
        (
            "unsupported action",
            "notesInfo",
            "this AnkiConnect is too old for `notesInfo`: update the add-on in Anki (Tools > Add-ons)",
        ),
        (
            "AnkiConnect.notesInfo() got an unexpected keyword argument 'query'",
            "notesInfo",
            "this AnkiConnect is too old for `notesInfo`: update the add-on in Anki (Tools > Add-ons)",
        ),
        (
            "unsupported action",
            "importPackage",
            "this server cannot import packages: sync with Anki for desktop, 25.9 or later, and AnkiConnect",
        ),
        (
            "CollectionNotOpen",
            "findNotes",
            "Anki's collection is busy: wait until its sync or check is done, then run the command again",
        ),
        (
            "[Errno 28] No space left on device",
            "storeMediaFile",
            "the disk on Anki's machine is full: free some space, then run the command again",
        ),
        (
            "",
            "importPackage",
            "Anki refused the package (it gave no reason): run Tools > Check Database in Anki",
        ),
        ("deck was not found: A", "changeDeck", "Anki refused `changeDeck`: deck was not found: A"),
    ],
)
def test_a_refusal_becomes_one_line_of_advice(text: str, name: str, advice: str) -> None:
    with pytest.raises(errors.AnkigenError) as failure:
        answering({"result": None, "error": text}, name)
    assert str(failure.value) == advice


def test_a_wrong_key_is_told_from_a_missing_one_and_is_never_shown() -> None:
    with pytest.raises(errors.ApiKeyRefused, match="rejected the API key") as failure:
        answering({"result": None, "error": "valid api key must be provided"}, key="secret")
    assert "secret" not in str(failure.value)
    assert "secret" not in repr(AnkiConnect(key="secret"))


def test_silence_asks_whether_anki_runs() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    with pytest.raises(errors.AnkiNotRunning) as failure:
        AnkiConnect(url).require_ready()
    assert (
        str(failure.value)
        == f"nothing answers at {url}: start Anki with the AnkiConnect add-on (2055492159), or pass --url"
    )


def test_a_program_that_speaks_no_http_is_not_ankiconnect() -> None:
    with saying(b"SSH-2.0-OpenSSH_9.2\r\n") as url, pytest.raises(errors.NotAnkiConnect):
        AnkiConnect(url).require_ready()


@pytest.mark.parametrize("fault", [Fault.CUT_BEFORE, Fault.CUT_AFTER])
def test_a_connection_that_breaks_is_not_taken_for_silence(server: AnkiServer, fault: Fault) -> None:
    server.fault = lambda _number, _request: fault
    with pytest.raises(errors.ConnectionLost, match="`deckNames`"):
        AnkiConnect(server.url).call("deckNames")


def test_a_request_is_never_sent_twice(server: AnkiServer) -> None:
    server.fault = lambda _number, _request: Fault.CUT_AFTER
    with pytest.raises(errors.ConnectionLost):
        AnkiConnect(server.url).call("createDeck", deck="A")
    assert len(server.requests) == 1


def test_an_anki_that_thinks_too_long_is_not_waited_for(server: AnkiServer) -> None:
    is_given_up = threading.Event()

    def think(_number: int) -> None:
        is_given_up.wait()

    server.carried_out = think
    try:
        with pytest.raises(errors.AnkiTimedOut, match="`version` within 0 s"):
            AnkiConnect(server.url, seconds=0.1).call("version")
    finally:
        is_given_up.set()


def test_no_profile_is_told_from_no_anki(tmp_path: Path) -> None:
    with running(tmp_path, is_open=False) as server:
        anki = AnkiConnect(server.url)
        anki.require_ready()
        with pytest.raises(errors.NoProfileOpen):
            anki.read()


def test_a_key_goes_with_every_action_but_the_first_that_asks_whether_one_is_needed(tmp_path: Path) -> None:
    with running(tmp_path, key="secret") as server:
        anki = AnkiConnect(server.url, key="secret")
        anki.require_ready()
        anki.read()
        with pytest.raises(errors.ApiKeyRefused, match="needs an API key"):
            AnkiConnect(server.url).require_ready()
        with pytest.raises(errors.ApiKeyRefused, match="rejected the API key"):
            AnkiConnect(server.url, key="guess").require_ready()
    assert "key" not in server.requests[0]


def test_without_a_key_there_is_nothing_to_protect_and_nobody_is_asked_for_permission(server: AnkiServer) -> None:
    anki = AnkiConnect(server.url)
    anki.require_ready()
    anki.read()
    assert "requestPermission" not in {request["action"] for request in server.requests}


def test_a_key_that_is_missing_is_asked_for_by_what_reads_first(tmp_path: Path) -> None:
    with (
        running(tmp_path, key="secret") as server,
        pytest.raises(errors.ApiKeyRefused, match="needs an API key"),
    ):
        AnkiConnect(server.url).read()


def test_a_server_without_an_importer_says_which_anki_is_needed(
    server: AnkiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(Actions, "importPackage")
    for ask in (AnkiConnect(server.url).require_ready, AnkiConnect(server.url).read):
        with pytest.raises(errors.ImportMissing, match=r"25\.9"):
            ask()


def test_a_server_that_cannot_say_what_it_can_do_is_too_old(
    server: AnkiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(Actions, "apiReflect")
    for ask in (AnkiConnect(server.url).require_ready, AnkiConnect(server.url).read):
        with pytest.raises(errors.AddOnTooOld, match="`apiReflect`"):
            ask()


def test_an_old_version_of_the_api_is_refused_before_it_gets_the_key() -> None:
    granted = {"result": {"permission": "granted", "requireApikey": True, "version": 5}, "error": None}
    with responses.RequestsMock() as wire:
        wire.post(DEFAULT_URL, json=granted)
        with pytest.raises(errors.AddOnTooOld):
            AnkiConnect(key="secret").require_ready()


def test_many_actions_go_in_bodies_below_a_megabyte_and_come_back_in_order(server: AnkiServer) -> None:
    decks = [f"{number:04}-{'x' * 4000}" for number in range(400)]
    anki = AnkiConnect(server.url)
    assert anki.multi(action("getDeckConfig", deck=deck) for deck in decks) == [False] * 400
    assert len(server.requests) == 2
    assert all(len(json.dumps(request)) < LARGEST_BODY for request in server.requests)


def test_a_refusal_inside_many_actions_is_seen(server: AnkiServer) -> None:
    with pytest.raises(errors.AnkiRefused, match="model was not found: X"):
        AnkiConnect(server.url).multi([action("deckNames"), action("modelFieldNames", modelName="X")])


@pytest.mark.parametrize(
    ("url", "is_here"),
    [
        ("http://127.0.0.1:8765", True),
        ("http://localhost:8765", True),
        ("http://[::1]:8765", True),
        ("http://192.168.0.2:8765", False),
    ],
)
def test_packages_are_laid_only_where_an_anki_on_this_machine_reads_them(
    tmp_path: Path, url: str, is_here: bool
) -> None:
    anki = AnkiConnect(url, folder=tmp_path)
    assert (anki.beside(str(tmp_path)).largest_package() is None) == is_here
    through_a_tunnel = anki.beside("/home/somebody/elsewhere/collection.media")
    assert through_a_tunnel.largest_package() is not None


# Reading


def with_notes(server: AnkiServer, names: Iterable[str]) -> list[Guid]:
    """Bring notes into the collection; their GUIDs, in Anki's order."""
    notes = sorted(map(note, names), key=lambda one: one.identity.created)
    AnkiConnect(server.url).import_package(apkg.pack([packed(one) for one in notes]))
    server.requests.clear()
    return [one.identity.guid for one in notes]


def after_finding(server: AnkiServer, work: Callable[[], object], what: str = "findNotes") -> None:
    """Do something in Anki once, when it has told which notes there are, or what else, but not what they hold."""
    todo = [work]

    def interrupt(number: int) -> None:
        named = [one["action"] for one in server.requests[number - 1]["params"]["actions"]]
        if what in named and todo:
            todo.pop()()

    server.carried_out = interrupt


@pytest.mark.parametrize("count", [0, 1, 5, 41])
def test_notes_are_read_in_their_order_by_a_fixed_number_of_requests(
    server: AnkiServer, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    monkeypatch.setattr("ankigen.targets.anki_connect.reader._NOTES_PER_PART", 2)
    guids = with_notes(server, [f"n{number:02}" for number in range(count)])
    anki = AnkiConnect(server.url)
    collection = anki.read_around(anki.read([1]), ["Default"], with_media=True)
    assert [one.guid for one in collection.notes] == guids
    assert {request["action"] for request in server.requests} == {"multi"}
    # What there is, the notes in parts and the decks of their cards, a note type that was not asked for, the media.
    assert len(server.requests) <= 2 + 4 + 4 + 1 + 1


def test_few_notes_are_read_by_what_there_is_and_one_request_more(server: AnkiServer) -> None:
    one, two, _ = with_notes(server, "abc")
    collection = AnkiConnect(server.url).read(guids=[one, two])
    assert [{card.deck for card in each.cards} for each in collection.notes] == [{"A"}, {"A"}]
    # The ids and what there is, side by side; the notes with the decks of their cards; their note type.
    assert len(server.requests) == 4


def test_a_note_that_is_deleted_while_it_is_read_is_not_there(server: AnkiServer) -> None:
    first, *others = with_notes(server, "abc")
    after_finding(server, lambda: server.collection.remove_notes(server.collection.find_notes(f"Guid:{first}")))
    collection = AnkiConnect(server.url).read()
    assert ([one.guid for one in collection.notes], collection.cardless) == (others, ())


def test_a_note_that_loses_its_cards_while_it_is_read_is_named_and_the_others_are_read(server: AnkiServer) -> None:
    first, *others = with_notes(server, "abc")
    [id_] = server.collection.find_notes(f"Guid:{first}")
    assert server.collection.db is not None
    delete = server.collection.db.execute
    after_finding(server, lambda: delete("delete from cards where nid = ?", id_))
    collection = AnkiConnect(server.url).read()
    assert ([one.guid for one in collection.notes], collection.cardless) == (others, (id_,))


def test_a_profile_that_is_left_while_it_is_read_is_a_busy_collection(
    server: AnkiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_notes(server, "abc")
    leave = lambda: monkeypatch.setattr(Actions, "getMediaDirPath", lambda _: "/another/collection.media")  # noqa: E731
    after_finding(server, leave, "apiReflect")
    with pytest.raises(errors.CollectionBusy):
        AnkiConnect(server.url).read()


def test_cards_that_come_and_go_while_they_are_read_are_a_busy_collection(
    server: AnkiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(_: Actions, notes: list[int]) -> None:
        raise KeyError(notes[0])

    with_notes(server, "abc")
    monkeypatch.setattr(Actions, "notesInfo", missing)
    with pytest.raises(errors.CollectionBusy):
        AnkiConnect(server.url).read()


def test_every_failure_is_one_line_of_advice() -> None:
    failures = [
        errors.AnkiNotRunning(DEFAULT_URL),
        errors.NotAnkiConnect(DEFAULT_URL),
        errors.ApiKeyRefused(is_required=True, is_given=True),
        errors.ApiKeyRefused(is_required=True, is_given=False),
        errors.ApiKeyRefused(is_required=False, is_given=True),
        errors.NoProfileOpen(),
        errors.CollectionBusy(),
        errors.AddOnTooOld("notesInfo"),
        errors.ImportMissing(),
        errors.ImportRefused(""),
        errors.AnkiRefused("changeDeck", ""),
        errors.AnkiTimedOut("importPackage", 600),
        errors.ConnectionLost("importPackage"),
        errors.AnkiDiskFull(),
        errors.MediaNameTaken("a.png"),
        errors.TooManyRemovals(11, 100),
        errors.TooManyPagesGone(11, 100),
        errors.FolderGone("pages"),
    ]
    for text in map(str, failures):
        assert "\n" not in text
        assert len(text) < 140
