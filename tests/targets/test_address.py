"""An address is taken as people write it, and what answers there is told as what it is."""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
import responses
from urllib3 import HTTPSConnectionPool
from urllib3.exceptions import MaxRetryError, SSLError

from ankigen import errors, targets
from ankigen.errors import ExitCode
from ankigen.targets.anki_connect import AnkiConnect, url_of
from ankigen.targets.anki_connect import wire as wire_module
from tests.helpers.anki_server import running
from tests.helpers.building import write
from tests.helpers.desk import Desk
from tests.helpers.processes import run


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("127.0.0.1:8765", "http://127.0.0.1:8765"),
        ("localhost:1234", "http://localhost:1234"),
        ("localhost", "http://localhost:8765"),
        ("my-computer.local", "http://my-computer.local:8765"),
        ("8765", "http://127.0.0.1:8765"),
        (":9000", "http://127.0.0.1:9000"),
        ("//localhost:1234", "http://localhost:1234"),
        ("localhost:", "http://localhost:8765"),
        ("localhost:1234/", "http://localhost:1234/"),
        (" localhost:1234\n", "http://localhost:1234"),
        ("[::1]:1234", "http://[::1]:1234"),
        ("[::1]", "http://[::1]:8765"),
        ("::1", "http://[::1]:8765"),
        ("http://127.0.0.1:8765", "http://127.0.0.1:8765"),
        ("http://127.0.0.1:8765/", "http://127.0.0.1:8765/"),
        ("http://proxy.example", "http://proxy.example"),
        ("https://proxy.example/anki", "https://proxy.example/anki"),
        ("HTTP://127.0.0.1:8765", "HTTP://127.0.0.1:8765"),
    ],
)
def test_an_address_is_taken_as_people_write_it(address: str, url: str) -> None:
    assert url_of(address) == url


@pytest.mark.parametrize(
    "address",
    [
        "http://", "https://", "//", "localhost:many", "localhost:99999", "localhost:0", "ftp://localhost:8765",
        "ws://localhost:8765", "file:///etc/passwd", "local host", "a\\b", "http://[::1", "http:///x", "a:b:c]",
    ],
)  # fmt: skip
def test_what_is_no_address_is_a_wrong_command_line(address: str, tmp_path: Path) -> None:
    write(tmp_path, a="- Q #card\n\t- A\n")
    done = run("plan", ".", "--url", address, folder=tmp_path)
    assert (done.returncode, done.stdout) == (ExitCode.WRONG_COMMAND_LINE, "")
    assert done.stderr.endswith("is not an AnkiConnect address: give host and port, such as 127.0.0.1:8765\n")


def test_the_variable_is_read_in_the_same_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANKIGEN_ANKICONNECT_URL", "localhost:1234")
    assert getattr(targets.reach(), "url") == "http://localhost:1234"  # noqa: B009 - a target need not have one
    monkeypatch.setenv("ANKIGEN_ANKICONNECT_URL", "localhost:many")
    with pytest.raises(errors.WrongAddress):
        targets.reach()


def test_a_sync_goes_where_host_and_port_say(tmp_path: Path) -> None:
    (tmp_path / "anki").mkdir()
    with running(tmp_path / "anki") as server:
        desk = Desk(tmp_path, server)
        write(desk.notes, a="- Q #card\n\t- A\n")
        done = desk.run("sync", "notes", "--yes", "--url", server.url.removeprefix("http://"))
        assert done.returncode == ExitCode.DONE, done.stderr


@contextlib.contextmanager
def serving(speak: Callable[[socket.socket], None]) -> Iterator[str]:
    """A program that takes one connection; its host and port."""

    def work() -> None:
        with contextlib.suppress(OSError):
            connection, _ = taken.accept()
            with connection, contextlib.suppress(OSError):
                speak(connection)

    with socket.create_server(("127.0.0.1", 0)) as taken:
        speaker = threading.Thread(target=work)
        speaker.start()
        yield f"127.0.0.1:{taken.getsockname()[1]}"
        speaker.join()


def answering(answer: bytes) -> Callable[[socket.socket], None]:
    def speak(connection: socket.socket) -> None:
        hear_out(connection)
        connection.sendall(answer)

    return speak


def hear_out(connection: socket.socket) -> None:
    """Read a whole request: what is closed with words unread breaks off what was said."""
    request = connection.recv(65536)
    while request.startswith(b"POST") and len(request) < whole_length(request):
        request += connection.recv(65536)


def whole_length(request: bytes) -> float:
    head, end, _ = request.partition(b"\r\n\r\n")
    length = re.search(rb"Content-Length: (\d+)", head)
    return len(head) + len(end) + int(length[1]) if end and length else float("inf")


def http(body: bytes, status: str = "200 OK", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (http(b"<!doctype html><title>It works!"), "a web page"),
        (http(b'{"status": "ok"}'), "other JSON"),
        (http(b"[1, 2]"), "other JSON"),
        (http(b'{"result": 1, "error": null, "more": 2}'), "other JSON"),
        (http(b""), "nothing"),
        (http(b"hello"), "something else"),
        (http(b"\xff\xfe"), "something else"),
        (http(b"<html>no such page", "404 Not Found"), "HTTP 404"),
        (http(b"", "502 Bad Gateway"), "HTTP 502"),
        (http(b"", "307 Temporary Redirect", "Location: http://127.0.0.1:1/"), "HTTP 307"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "no HTTP"),
        (b"220 mail.example ESMTP\r\n", "no HTTP"),
    ],
)
def test_a_program_that_is_not_ankiconnect_is_told_by_its_answer(answer: bytes, said: str) -> None:
    with serving(answering(answer)) as place, pytest.raises(errors.NotAnkiConnect) as failure:
        AnkiConnect(url_of(place)).require_ready()
    assert str(failure.value) == (
        f"the program at http://{place} is not AnkiConnect (it answers with {said}): "
        "install add-on 2055492159 in Anki, or pass its address with --url"
    )


def test_the_key_does_not_follow_a_redirect() -> None:
    asked: list[bytes] = []

    def listen(connection: socket.socket) -> None:
        asked.append(connection.recv(65536))

    with socket.create_server(("127.0.0.1", 0)) as other:
        there = f"http://127.0.0.1:{other.getsockname()[1]}/"
        answer = answering(http(b"", "307 Temporary Redirect", f"Location: {there}"))
        with serving(answer) as place, pytest.raises(errors.NotAnkiConnect):
            AnkiConnect(url_of(place), "secret").call("deckNames")
        other.setblocking(False)
        with pytest.raises(BlockingIOError):
            other.accept()


@pytest.mark.parametrize("answer", [http(b"Bad Request", "400 Bad Request"), b"SSH-2.0-OpenSSH_9.2\r\n"])
def test_tls_on_a_plain_port_is_told(answer: bytes) -> None:
    with serving(answering(answer)) as place, pytest.raises(errors.NoTls) as failure:
        AnkiConnect(f"https://{place}").require_ready()
    assert str(failure.value) == (
        f"the program at https://{place} does not support TLS: use http:// instead of https://"
    )


def test_tls_with_a_program_that_waits_for_more_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire_module, "_CONNECT_SECONDS", 0.2)
    is_over = threading.Event()

    def wait(_connection: socket.socket) -> None:
        is_over.wait(60)

    with serving(wait) as place:
        with pytest.raises(errors.NoTls):
            AnkiConnect(f"https://{place}").require_ready()
        is_over.set()


def test_a_certificate_that_nobody_vouches_for_is_told() -> None:
    url = "https://127.0.0.1:8765"
    reason = SSLError(ssl.SSLCertVerificationError(1, "[SSL: CERTIFICATE_VERIFY_FAILED] self-signed certificate"))
    refused = requests.exceptions.SSLError(MaxRetryError(HTTPSConnectionPool("127.0.0.1"), "/", reason))
    with responses.RequestsMock() as wire:
        wire.post(url, body=refused)
        with pytest.raises(errors.NotTrusted) as failure:
            AnkiConnect(url).require_ready()
    assert str(failure.value) == (
        f"the certificate of {url} is not trusted: use a trusted one, or reach Anki through an SSH tunnel"
    )


def test_plain_words_to_a_program_that_speaks_tls_are_told() -> None:
    with serving(answering(b"\x15\x03\x03\x00\x02\x02\x46")) as place, pytest.raises(errors.TlsWanted) as failure:
        AnkiConnect(f"http://{place}").require_ready()
    assert str(failure.value) == f"the program at http://{place} requires TLS: use https:// instead of http://"


def test_a_name_of_no_machine_is_told() -> None:
    with pytest.raises(errors.NoSuchHost) as failure:
        AnkiConnect("http://nowhere.invalid:8765").require_ready()
    assert str(failure.value) == (
        "unknown host in http://nowhere.invalid:8765: correct it, or pass --url 127.0.0.1:8765"
    )


def test_a_machine_that_neither_takes_nor_refuses_is_told() -> None:
    url = "http://127.0.0.1:8765"
    with responses.RequestsMock() as wire:
        wire.post(url, body=requests.ConnectTimeout())
        with pytest.raises(errors.HostSilent) as failure:
            AnkiConnect(url).require_ready()
    assert str(failure.value) == (
        f"no connection to {url} within 5 s: check that the machine is on and its firewall allows this port, "
        "or pass --url"
    )


def test_a_port_that_nobody_listens_at_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    with pytest.raises(errors.AnkiNotRunning, match="nothing answers at"):
        AnkiConnect(url).require_ready()
