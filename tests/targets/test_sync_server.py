"""A sync server of one's own as a target, with the reader at work on another device."""

from __future__ import annotations

import http.server
import itertools
import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import ModuleType

import pytest

from ankigen import targets
from ankigen.errors import (
    AnkigenError,
    AnkiWebRefused,
    CollectionChanged,
    CopyOutOfStep,
    ExitCode,
    FullSyncWanted,
    NotASyncServer,
    ServerEmpty,
    SyncPasswordMissing,
    SyncPasswordWrong,
    SyncRefused,
    SyncUnreachable,
    SyncUserMissing,
    WrongSyncAddress,
)
from ankigen.targets.collection import Account, SyncServer, account_at
from ankigen.targets.collection.sync_address import password_of
from tests.helpers import processes
from tests.helpers.building import write
from tests.helpers.documents import ROOT
from tests.helpers.sync_server import PASSWORD, USER, Device
from tests.helpers.syncing import Reader, contents, note, reworded, sync_whole

pytestmark = [pytest.mark.thorough, pytest.mark.usefixtures("account")]


def target(url: str, tmp_path: Path, machine: str = "machine") -> SyncServer:
    return SyncServer(account_at(url), tmp_path / machine, tmp_path / "packages")


def test_notes_go_up_and_reviews_come_down_and_no_sync_is_a_full_one(url: str, phone: Device, tmp_path: Path) -> None:
    client, reader = target(url, tmp_path), Reader(phone.collection)
    first = note("a", tags=("ours",))
    assert sync_whole(client, [first, note("b")]) == ["CreateNote", "CreateNote"]
    assert phone.sync() <= 1
    reader.review("a")
    reader.tag("a", "mine")
    reader.edit("b", Back="better")
    assert phone.sync() <= 1
    (card,) = [held.cards[0] for held in client.read().notes if held.guid == "a"]
    assert sync_whole(client, [reworded(first, back="new"), note("b")]) == ["UpdateNote"]
    assert phone.sync() <= 1
    held = contents(phone.collection)
    assert (held["a"].fields["Back"], held["a"].tags, held["a"].reviews) == ("new", {"ours", "mine"}, (7,))
    assert held["b"].fields["Back"] == "better"
    assert reader.note("a").card_ids() == [card.id]
    assert phone.collection.fix_integrity() == ("Database rebuilt and optimized.", True)


def test_media_reach_the_other_device(url: str, phone: Device, tmp_path: Path) -> None:
    from ankigen.data import MediaFile

    (tmp_path / "picture").write_bytes(b"png")
    picture = MediaFile("p-1.png", str(tmp_path / "picture"))
    shows = note("a", '<img src="p-1.png">', media=[picture.name])
    sync_whole(target(url, tmp_path), [shows], media=[picture])
    phone.sync()
    assert Path(phone.collection.media.dir(), "p-1.png").read_bytes() == b"png"


def test_looking_sends_nothing(url: str, phone: Device, tmp_path: Path) -> None:
    client = target(url, tmp_path)
    client.require_ready()
    phone.sync()
    tables = ("notes", "cards", "revlog", "decks", "deck_config", "notetypes", "tags", "graves")

    def rows() -> list[object]:
        assert phone.collection.db is not None
        return [phone.collection.db.all(f"select * from {table}") for table in tables]  # noqa: S608

    before = rows()
    client.read()
    client.read_foreign()
    client.read_studied([1], 3)
    client.read()
    assert phone.sync() == 0
    assert rows() == before


def test_two_machines_and_a_phone_agree(url: str, phone: Device, tmp_path: Path) -> None:
    one, other = target(url, tmp_path, "one"), target(url, tmp_path, "other")
    first = note("a")
    sync_whole(one, [first])
    assert sync_whole(other, [reworded(first, back="new"), note("b")]) == ["UpdateNote", "CreateNote"]
    assert sync_whole(one, [reworded(first, back="new"), note("b")]) == []
    assert phone.sync() <= 1
    assert {guid: held.fields["Back"] for guid, held in contents(phone.collection).items()} == {"a": "new", "b": "back"}


def test_what_the_reader_deleted_stays_deleted_for_a_machine_that_knows_nothing(
    url: str, phone: Device, tmp_path: Path
) -> None:
    write(tmp_path / "notes", optics="- Stays? #card\n\t- yes\n- Goes? #card\n\t- yes\n")
    assert sync(tmp_path, url) == ExitCode.DONE
    phone.sync()
    phone.collection.remove_notes(phone.collection.find_notes("Front:Goes?"))
    phone.sync()
    shutil.rmtree(tmp_path / "home")
    assert sync(tmp_path, url) == ExitCode.DONE
    phone.sync()
    assert [held.fields["Front"] for held in contents(phone.collection).values()] == ["Stays?"]


def add_mine(phone: Device) -> None:
    """Make a note of the reader's own on the phone."""
    basic = phone.collection.models.by_name("Basic")
    assert basic is not None
    mine = phone.collection.new_note(basic)
    mine["Front"] = "mine"
    phone.collection.add_note(mine, 1)  # type: ignore[arg-type]
    assert phone.sync() <= 1


def lose_mine(copy: Path) -> None:
    """Make a copy lack that note, which no sync can tell before it counts."""
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("delete from cards where nid in (select id from notes where flds like 'mine%')")
        connection.execute("delete from notes where flds like 'mine%'")


def test_a_copy_that_is_out_of_step_is_taken_anew_before_it_is_read(url: str, phone: Device, tmp_path: Path) -> None:
    client, reader = target(url, tmp_path), Reader(phone.collection)
    add_mine(phone)
    sync_whole(client, [note("a")])
    phone.sync()
    reader.edit("a", Back="better")
    phone.sync()
    lose_mine(client.path)
    assert {one.guid: one.fields["Back"] for one in client.read().notes} == {"a": "better"}
    assert [one.fields["Front"] for one in client.read_foreign()] == ["mine"]
    assert phone.sync() == 0
    assert sync_whole(client, [note("a"), note("b")]) == ["CreateNote"]


def test_a_copy_that_is_out_of_step_sends_nothing_and_is_taken_anew(url: str, phone: Device, tmp_path: Path) -> None:
    client = target(url, tmp_path)
    add_mine(phone)
    sync_whole(client, [note("a")])
    lose_mine(client.path)
    with pytest.raises(CopyOutOfStep, match="does not match it: nothing was sent, run the command again"):
        sync_whole(client, [note("a"), note("b")])
    assert phone.sync() <= 1
    assert {held.fields["Front"] for held in contents(phone.collection).values()} == {"mine", "a"}
    assert sync_whole(client, [note("a"), note("b")]) == ["CreateNote"]
    assert phone.sync() <= 1
    assert {held.fields["Front"] for held in contents(phone.collection).values()} == {"mine", "a", "b"}
    assert phone.collection.fix_integrity() == ("Database rebuilt and optimized.", True)


def test_unattended_a_copy_that_is_out_of_step_is_no_failure(url: str, phone: Device, tmp_path: Path) -> None:
    add_mine(phone)
    write(tmp_path / "notes", optics="- a? #card\n\t- yes\n")
    assert sync(tmp_path, url) == ExitCode.DONE
    [copy] = (tmp_path / "home").rglob("collection.anki2")
    lose_mine(copy)
    write(tmp_path / "notes", optics="- a? #card\n\t- yes\n- b? #card\n\t- yes\n")
    assert sync(tmp_path, url) == ExitCode.DONE
    assert phone.sync() <= 1
    assert {held.fields["Front"] for held in contents(phone.collection).values()} == {"mine", "a?", "b?"}


def test_an_edit_made_on_the_phone_comes_home(url: str, phone: Device, tmp_path: Path) -> None:
    write(tmp_path / "notes", optics="- What bends light? #card\n\t- A lens\n")
    assert sync(tmp_path, url) == ExitCode.DONE
    phone.sync()
    [id_] = phone.collection.find_notes("")
    held = phone.collection.get_note(id_)
    held["Back"] = "A <b>glass</b> lens"
    phone.collection.update_note(held)
    phone.sync()
    before = contents(phone.collection)
    homes = dict.fromkeys(("HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"), str(tmp_path / "home"))
    done = processes.run("pull", "notes", "--yes", "--to", url, folder=tmp_path, **homes)
    assert done.returncode == ExitCode.DONE
    assert (tmp_path / "notes/optics.md").read_text("utf-8") == "- What bends light? #card\n\t- A **glass** lens\n"
    assert phone.sync() == 0
    assert contents(phone.collection) == before
    assert sync(tmp_path, url) == ExitCode.DONE
    phone.sync()
    assert [one.fields["Back"] for one in contents(phone.collection).values()] == ["A <b>glass</b> lens"]


def test_what_came_between_plan_and_answer_is_not_written_over(url: str, phone: Device, tmp_path: Path) -> None:
    client, reader = target(url, tmp_path), Reader(phone.collection)
    sync_whole(client, [note("a")])
    phone.sync()
    name = client.read().name
    reader.edit("a", Back="better")
    phone.sync()
    with pytest.raises(CollectionChanged), client.writing(name, set(), [], {}):
        raise AssertionError
    assert [held.fields["Back"] for held in client.read().notes] == ["better"]


def test_a_schema_that_changed_elsewhere_is_downloaded_and_never_uploaded(
    url: str, phone: Device, tmp_path: Path
) -> None:
    client = target(url, tmp_path)
    sync_whole(client, [note("a")])
    phone.sync()
    basic = phone.collection.models.by_name("Basic")
    assert basic is not None
    phone.collection.models.add_field(basic, phone.collection.models.new_field("Hint"))
    phone.collection.models.update_dict(basic)
    assert phone.sync() == 2  # the user chooses to upload
    phone.upload()
    assert sync_whole(client, [note("a"), note("b")]) == ["CreateNote"]
    assert phone.sync() <= 1
    assert {*contents(phone.collection)} == {"a", "b"}
    with pytest.raises(FullSyncWanted, match="make this change in Anki"):
        client.extend("ankigen Basic", ["New"])


def test_an_empty_server_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(ServerEmpty, match="sync it once from Anki"):
        target(url, tmp_path).read()


# A process of its own


def sync(folder: Path, url: str, dies_at: int | None = None) -> int:
    begun = [sys.executable, "-m", *(["ankigen"] if dies_at is None else ["tests.helpers.killed", str(dies_at)])]
    homes = dict.fromkeys(("HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"), str(folder / "home"))
    environment = {**os.environ, **homes, "PYTHONPATH": str(ROOT)}
    command = [*begun, "sync", "notes", "--yes", "--to", url]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False).returncode


def test_a_sync_that_is_killed_at_any_call_is_finished_by_the_next(url: str, phone: Device, tmp_path: Path) -> None:
    reader = Reader(phone.collection)
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes/leaf.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"/>')
    write(tmp_path / "notes", optics="- Stays? #card\n\t- yes\n- Goes? #card\n\t- yes\n")
    assert sync(tmp_path, url) == ExitCode.DONE
    phone.sync()
    (stays,) = [guid for guid, held in contents(phone.collection).items() if held.fields["Front"] == "Stays?"]
    reader.review(stays)
    for point in itertools.count(1):
        new = "".join(f"- Number {n}? ![](leaf.svg) #card\n\t- {n}\n" for n in range(1, point + 1))
        write(tmp_path / "notes", optics=f"deck:: D{point}\n\n- Stays? #card #t{point}\n\t- yes {point}\n{new}")
        reader.tag(stays, f"mine{point}")
        phone.sync()
        code = sync(tmp_path, url, point)
        assert sync(tmp_path, url) == ExitCode.DONE
        assert phone.sync() <= 1, f"killed at call {point}"
        held = {one.fields["Front"].partition(" <")[0]: one for one in contents(phone.collection).values()}
        assert held["Stays?"].fields["Back"] == f"yes {point}"
        assert held["Stays?"].tags == {f"t{point}", *(f"mine{n}" for n in range(1, point + 1))}
        assert (held["Stays?"].decks, held["Stays?"].reviews) == ((f"D{point}",), (7,))
        assert {*held} == {"Stays?", "Goes?", *(f"Number {n}?" for n in range(1, point + 1))}
        if code != -signal.SIGKILL:
            assert (code, point > 8) == (ExitCode.DONE, True)
            return


def test_the_key_and_the_copy_are_for_their_owner_alone_and_no_secret_is_printed(
    url: str, phone: Device, tmp_path: Path
) -> None:
    write(tmp_path / "notes", optics="- What bends light? #card\n\t- A lens\n")
    homes = dict.fromkeys(("HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"), str(tmp_path / "home"))
    done = processes.run("sync", "notes", "--yes", "--to", url, "--verbose", folder=tmp_path, **homes)
    assert done.returncode == ExitCode.DONE
    (key,) = (tmp_path / "home").rglob("key")
    assert [stat.S_IMODE(path.stat().st_mode) for path in (key, key.parent)] == [0o600, 0o700]
    assert PASSWORD not in done.stdout + done.stderr
    assert key.read_text() not in done.stdout + done.stderr
    files = [path for path in (tmp_path / "home").rglob("*") if path.is_file()]
    assert not any(PASSWORD.encode() in path.read_bytes() for path in files)
    again = processes.run(
        "sync", "notes", "--to", url, folder=tmp_path, **homes, ANKIGEN_SYNC_PASSWORD=""
    )  # the key is enough
    assert (again.returncode, again.stdout) == (ExitCode.DONE, "nothing to do\n")


# Passwords and addresses


def test_a_keyring_has_the_password_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    class Locked(Exception):
        """What a keyring raises that nobody opened."""

    held = {("ankigen https://example.org/", USER): "kept"}
    keyring, failures = ModuleType("keyring"), ModuleType("keyring.errors")
    vars(keyring)["get_password"] = lambda service, user: held[service, user]
    vars(failures)["KeyringError"] = Locked
    monkeypatch.setitem(sys.modules, "keyring", keyring)
    monkeypatch.setitem(sys.modules, "keyring.errors", failures)
    monkeypatch.delenv("ANKIGEN_SYNC_PASSWORD")
    account = account_at("https://example.org/")
    assert password_of(account, None) == "kept"

    def closed(service: str, user: str) -> str:
        raise Locked

    vars(keyring)["get_password"] = closed
    with pytest.raises(SyncPasswordMissing):
        password_of(account, None)
    assert password_of(account, lambda _: "typed") == "typed"


def test_a_wrong_password_is_told_and_a_stale_key_is_asked_for_anew(
    url: str, phone: Device, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = target(url, tmp_path)
    monkeypatch.setenv("ANKIGEN_SYNC_PASSWORD", "wrong")
    with pytest.raises(SyncPasswordWrong, match=f"does not accept the password of {USER}"):
        client.read()
    monkeypatch.delenv("ANKIGEN_SYNC_PASSWORD")
    with pytest.raises(SyncPasswordMissing):
        client.read()
    questions: list[str] = []

    def ask(question: str) -> str:
        questions.append(question)
        return PASSWORD

    asked = SyncServer(account_at(url), tmp_path / "machine", tmp_path / "packages", ask)
    asked.read()
    asked.read()
    (key,) = (tmp_path / "machine").rglob("key")
    key.write_text("stale")
    asked.read()
    assert questions == [f"Password of {USER} at {url}"] * 2


@pytest.mark.parametrize(
    ("address", "failure"),
    [
        ("https://sync.ankiweb.net/", AnkiWebRefused),
        ("https://ANKIWEB.net", AnkiWebRefused),
        ("https://u@ankiweb.net./", AnkiWebRefused),
        ("https://ankiweb.net:443/", AnkiWebRefused),
        ("http://sync5.ankiweb.net/", AnkiWebRefused),
        ("https://\uff41\uff4e\uff4b\uff49\uff57\uff45\uff42.net/", AnkiWebRefused),
        ("https://ankiweb\u3002net/", AnkiWebRefused),
        ("https://anki\u00adweb.net/", AnkiWebRefused),
        ("https://anki\tweb.net/", AnkiWebRefused),
        ("https://example.org\\@ankiweb.net/", AnkiWebRefused),
        ("https://%61nkiweb.net/", WrongSyncAddress),
        ("https://ankiweb.net\\.example.org/", WrongSyncAddress),
        ("http://localhost.example.org/", WrongSyncAddress),
        ("http://2130706433/", WrongSyncAddress),
        ("http://192.168.1.5:8080/", WrongSyncAddress),
        ("https://user:pw@example.org/", WrongSyncAddress),
        ("http://example.org/", WrongSyncAddress),
        ("ftp://example.org/", WrongSyncAddress),
        ("https:///x", WrongSyncAddress),
        ("https://example.org:port/", WrongSyncAddress),
        ("https://example.org/?x", WrongSyncAddress),
    ],
)
def test_an_address_that_must_not_be_used_is_refused_before_anything_is_asked(
    address: str, failure: type[AnkigenError]
) -> None:
    with pytest.raises(failure) as refused:
        targets.reach(to=address)
    assert refused.value.exit_code is ExitCode.WRONG_COMMAND_LINE
    assert ":pw" not in str(refused.value)


@pytest.mark.parametrize(
    ("written", "endpoint"),
    [
        ("https://example.org", "https://example.org/"),
        ("HTTPS://Example.org:8443/anki//", "https://example.org:8443/anki/"),
        ("http://localhost:8080", "http://localhost:8080/"),
        ("http://[::1]:8080/", "http://[::1]:8080/"),
        ("http://[0:0:0:0:0:0:0:1]:8080/", "http://[::1]:8080/"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://ankiweb.net.example.org/", "https://ankiweb.net.example.org/"),
    ],
)
def test_an_address_has_one_form(written: str, endpoint: str) -> None:
    assert account_at(written) == Account(endpoint, USER)


def test_the_user_may_stand_in_the_address_and_has_to_be_known(monkeypatch: pytest.MonkeyPatch) -> None:
    assert account_at("https://somebody@example.org/") == Account("https://example.org/", "somebody")
    assert account_at("https://me%40mail.example@example.org/").user == "me@mail.example"
    monkeypatch.delenv("ANKIGEN_SYNC_USER")
    with pytest.raises(SyncUserMissing):
        account_at("https://example.org/")


# What else may answer


@contextmanager
def answering(status: int, body: bytes) -> Iterator[str]:
    """A program that gives one answer to everything."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        (200, NotASyncServer),
        (403, SyncPasswordWrong),
        (404, SyncUnreachable),
        (409, SyncRefused),
        (413, SyncUnreachable),
        (429, SyncUnreachable),
        (500, SyncRefused),
        (501, SyncRefused),
    ],
)
def test_what_a_server_answers_is_one_line_of_advice(status: int, failure: type[AnkigenError], tmp_path: Path) -> None:
    with answering(status, b"<html>hello") as address, pytest.raises(failure) as refused:
        target(address, tmp_path).read()
    assert type(refused.value) is failure
    assert "\n" not in str(refused.value)


def test_silence_is_told(tmp_path: Path) -> None:
    with answering(200, b"") as address:
        pass
    with pytest.raises(SyncUnreachable, match="check the address and the network"):
        target(address, tmp_path).read()
