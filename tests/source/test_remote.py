"""What is asked of the web: over HTTP alone, no more than is wanted, and all that goes wrong is one kind of failure."""

from __future__ import annotations

import contextlib
import gzip
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from ankigen.data import Refusal
from ankigen.source import public_web, remote_media
from ankigen.source.media import media_name
from ankigen.source.public_web import is_public
from ankigen.source.remote_media import SUFFIXES, Fetched, Remote, remote

fetch = partial(remote_media.fetch, may_be_private=True)
"""As it asks for whoever wants pictures of this machine: that is where the server of the tests is."""
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
PAGES: dict[str, tuple[int, dict[str, str], bytes]] = {
    "/lens.svg": (200, {"Content-Type": "Image/SVG+XML; charset=utf-8", "Content-Length": str(len(SVG))}, SVG),
    "/until-the-end.svg": (200, {"Content-Type": "image/svg+xml"}, SVG),
    "/cut.svg": (200, {"Content-Type": "image/svg+xml", "Content-Length": "1000"}, SVG),
    "/cut-piece.svg": (200, {"Content-Type": "image/svg+xml", "Transfer-Encoding": "chunked"}, b"1000\r\n<svg"),
    "/packed.svg": (200, {"Content-Type": "image/svg+xml", "Content-Encoding": "gzip"}, gzip.compress(SVG)),
    "/of-no-kind": (200, {}, SVG),
    "/moved": (302, {"Location": "/lens.svg"}, b""),
    "/moved-to-a-file": (302, {"Location": "file:///etc/hostname"}, b""),
    "/moved-to-ftp": (301, {"Location": "ftp://127.0.0.1/lens.svg"}, b""),
    "/moved-nowhere": (302, {"Location": "http://a..b/"}, b""),
    "/round": (302, {"Location": "/round"}, b""),
    "/several": (300, {"Content-Type": "image/svg+xml"}, SVG),
    "/part.svg": (206, {"Content-Type": "image/svg+xml", "Content-Range": "bytes 0-4/100"}, SVG[:5]),
    "/nothing.svg": (204, {"Content-Type": "image/svg+xml"}, b""),
    "/empty.svg": (200, {"Content-Type": "image/svg+xml", "Content-Length": "0"}, b""),
    "/packed-cut.svg": (200, {"Content-Type": "image/svg+xml", "Content-Encoding": "gzip"}, gzip.compress(SVG)[:-6]),
    "/packed-odd.svg": (200, {"Content-Type": "image/svg+xml", "Content-Encoding": "br"}, SVG),
    "/packed-badly.svg": (200, {"Content-Type": "image/svg+xml", "Content-Encoding": "gzip"}, SVG),
    "/large.svg": (200, {"Content-Type": "image/svg+xml", "Content-Encoding": "gzip"}, gzip.compress(b"x" * 10**7)),
    "/gone.svg": (404, {"Content-Type": "image/svg+xml"}, SVG),
}


class Web(BaseHTTPRequestHandler):
    asked: list[dict[str, str]] = []  # noqa: RUF012 - what the server was asked, for all its connections
    silent = threading.Event()

    def do_GET(self) -> None:
        self.asked.append(dict(self.headers))
        if self.path == "/endless.png":
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            self.end_headers()
            while True:
                self.wfile.write(b"x" * 1000)
        if self.path == "/silent.svg":
            self.silent.wait()
            return
        if self.path == "/moved-inside":
            port = self.headers["Host"].rpartition(":")[2]
            PAGES[self.path] = (302, {"Location": f"http://127.0.0.1:{port}/lens.svg"}, b"")
        status, headers, body = PAGES[self.path]
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever has read enough hangs up."""


@pytest.fixture(scope="module")
def web() -> Iterator[str]:
    with Server(("127.0.0.1", 0), Web) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_picture_comes_with_its_kind(web: str) -> None:
    assert fetch(f"{web}/lens.svg", 1000) == Fetched("image/svg+xml", SVG)


def test_a_picture_of_unsaid_length_is_read_to_its_end(web: str) -> None:
    assert fetch(f"{web}/until-the-end.svg", 1000) == Fetched("image/svg+xml", SVG)


def test_ankigen_says_who_asks(web: str) -> None:
    fetch(f"{web}/lens.svg", 1000)
    assert Web.asked[-1]["User-Agent"] == "ankigen"


def test_what_a_server_packs_unasked_is_unpacked(web: str) -> None:
    assert fetch(f"{web}/packed.svg", 1000).content == SVG


def test_what_has_no_kind_is_text(web: str) -> None:
    assert fetch(f"{web}/of-no-kind", 1000).content_type == "text/plain"


def test_a_picture_that_has_moved_is_followed(web: str) -> None:
    assert fetch(f"{web}/moved", 1000) == Fetched("image/svg+xml", SVG)


def test_one_byte_more_than_is_wanted_is_read_and_no_other(web: str) -> None:
    assert fetch(f"{web}/lens.svg", 3) == Fetched("image/svg+xml", b"<svg")
    assert fetch(f"{web}/endless.png", 100_000) == Fetched("image/png", b"x" * 100_001)


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/gone.svg", "HTTP 404 Not Found"),
        ("/several", "HTTP 300 Multiple Choices"),
        ("/cut.svg", "IncompleteRead"),
        ("/cut-piece.svg", "IncompleteRead"),
        ("/round", "Exceeded 30 redirects"),
        ("/moved-to-a-file", "file:///etc/hostname"),
        ("/moved-to-ftp", "ftp://127.0.0.1/lens.svg"),
        ("/moved-nowhere", "label empty or too long"),
    ],
)
def test_a_failure_of_the_web_is_an_os_error_that_says_why(web: str, path: str, why: str) -> None:
    with pytest.raises(OSError, match=why):
        fetch(f"{web}{path}", 1000)


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("file:///etc/hostname", "file:///etc/hostname"),
        ("ftp://127.0.0.1/a.png", "ftp://127.0.0.1/a.png"),
        ("http://127.0.0.1:99999/a.png", "99999"),
        ("http://a..b/", "label empty or too long"),
        ("http://[::1", "not a valid host|Failed to parse"),
        ("http:///", "No host supplied"),
        ("", "Invalid URL"),
    ],
)
def test_an_address_that_cannot_be_asked_is_an_os_error(address: str, why: str) -> None:
    with pytest.raises(OSError, match=why):
        fetch(address, 1000)


def test_where_nobody_answers_is_an_os_error() -> None:
    with Server(("127.0.0.1", 0), Web) as server:
        closed = server.server_port
    with pytest.raises(OSError, match="refused"):
        fetch(f"http://127.0.0.1:{closed}/lens.svg", 1000)


def test_a_proxy_of_other_programs_is_not_used(web: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv("http_proxy", "http://proxy.invalid:1")
    assert fetch(f"{web}/lens.svg", 1000).content == SVG


def test_a_picture_that_was_cut_off_stays_on_the_web(web: str, tmp_path: Path) -> None:
    refused = Remote(tmp_path / "cache", media_name, fetch).find(f"{web}/cut.svg")
    assert isinstance(refused, Refusal)
    assert refused.message.startswith(f"{web}/cut.svg cannot be fetched (")
    assert not (tmp_path / "cache").exists()


def test_a_picture_that_cannot_be_kept_stays_on_the_web(web: str, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder would be")
    refused = Remote(tmp_path / "cache", media_name, fetch).find(f"{web}/lens.svg")
    assert isinstance(refused, Refusal)
    assert "cannot be kept (cannot write" in refused.message


def test_a_fetched_picture_is_kept_whole_and_alone(web: str, tmp_path: Path) -> None:
    Remote(tmp_path / "cache", media_name, fetch).find(f"{web}/lens.svg")
    assert [path.read_bytes() for path in (tmp_path / "cache").iterdir()] == [SVG]
    assert [path.suffix for path in (tmp_path / "cache").iterdir()] == [f".{SUFFIXES['image/svg+xml']}"]


@pytest.mark.parametrize("module", ["ankigen.source.remote_media", "ankigen.targets.anki_connect"])
def test_http_is_loaded_when_somebody_is_asked_and_not_before(module: str) -> None:
    ask = f"import sys, {module}; print(sorted({{'requests', 'urllib3', 'http.client'}} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


# Which addresses are asked.

PUBLIC = ("93.184.216.34", "1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::1.1.1.1", "2002:101:101::1")
PRIVATE = (
    *("127.0.0.1", "127.8.8.8", "0.0.0.1", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"),
    *("169.254.169.254", "100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
    *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1", "2001:db8::1"),
    *("::ffff:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe"),
    *("2002:7f00:1::1", "2002:c0a8:101::1", "2001:0:7f00:1::", "localhost", "", "1.1.1"),
)


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_of_the_whole_world_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_of_this_machine_or_of_a_private_network_is_not(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "0x7f000001", "2130706433", "127.1", "0177.0.0.1"])
def test_this_machine_is_not_asked_however_it_is_written(web: str, host: str) -> None:
    asked = len(Web.asked)
    with pytest.raises(OSError, match=r"is this machine or in a private network|not a valid host|No address"):
        remote_media.fetch(web.replace("127.0.0.1", host) + "/lens.svg", 1000)
    assert len(Web.asked) == asked


def meaning(address: str, found: Callable[..., Any]) -> Callable[..., Any]:
    """What a name server says that calls a private address by a name, and leaves all else as it is."""

    def getaddrinfo(host: str, port: int, **options: Any) -> Any:
        return found(address if host.endswith(".example") else host, port, **options)

    return getaddrinfo


def test_a_name_that_means_this_machine_is_not_asked(web: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", meaning("127.0.0.1", socket.getaddrinfo))
    with pytest.raises(OSError, match=r"rebound\.example is this machine or in a private network"):
        remote_media.fetch(web.replace("127.0.0.1", "rebound.example") + "/lens.svg", 1000)


def test_a_public_address_that_sends_on_to_this_machine_is_not_followed(
    web: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first is public by what it is called here: nothing else in these tests may be."""
    judged: list[str] = []

    def first_is_public(address: str) -> bool:
        judged.append(address)
        return len(judged) == 1

    monkeypatch.setattr(public_web, "is_public", first_is_public)
    asked = len(Web.asked)
    with pytest.raises(OSError, match="is this machine or in a private network"):
        remote_media.fetch(f"{web}/moved-inside", 1000)
    assert len(Web.asked) == asked + 1


def test_who_wants_pictures_of_this_machine_gets_them_and_they_are_kept_apart(
    web: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"{web}/lens.svg"
    monkeypatch.setenv("ANKIGEN_PRIVATE_MEDIA", "1")
    assert not isinstance(remote(tmp_path, media_name, 1000).find(url), Refusal)
    for given in ("", "0"):
        monkeypatch.setenv("ANKIGEN_PRIVATE_MEDIA", given)
        assert isinstance(remote(tmp_path, media_name, 1000).find(url), Refusal)


# How long is waited.


@contextlib.contextmanager
def rung(ring: Callable[[], None]) -> Iterator[None]:
    """An alarm that rings as soon as the server was asked."""
    asked, done = len(Web.asked), threading.Event()

    def watch() -> None:
        while len(Web.asked) == asked and not done.is_set():
            pass
        ring()

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


@pytest.mark.parametrize("path", ["/silent.svg", "/endless.png"])
def test_what_takes_too_long_is_given_up(web: str, path: str) -> None:
    """A server that says nothing, and one that never comes to an end."""
    with pytest.raises(TimeoutError, match="it takes too long"):
        fetch(f"{web}{path}", 10**12, alarm=rung)
    Web.silent.set()


def test_after_ten_servers_that_were_waited_for_in_vain_no_other_is_asked(tmp_path: Path) -> None:
    asked: list[str] = []

    def ask(url: str, _largest: int) -> Fetched:
        asked.append(url)
        raise TimeoutError("it takes too long")

    media = Remote(tmp_path, media_name, ask)
    refusals = [media.find(f"https://a.example/{number}.png") for number in range(12)]
    assert len(asked) == 10
    assert isinstance(refusals[11], Refusal)
    assert "is not asked for, since 10 others took too long" in refusals[11].message


# What is a whole picture.


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/part.svg", "HTTP 206"),
        ("/nothing.svg", "HTTP 204"),
        ("/packed-cut.svg", "it was cut off"),
        ("/packed-odd.svg", "it is packed as br"),
        ("/packed-badly.svg", "it cannot be unpacked"),
    ],
)
def test_a_part_of_a_picture_is_none(web: str, path: str, why: str) -> None:
    with pytest.raises(OSError, match=why):
        fetch(f"{web}{path}", 1000)


def test_an_empty_picture_is_none(web: str, tmp_path: Path) -> None:
    refused = Remote(tmp_path, media_name, fetch).find(f"{web}/empty.svg")
    assert isinstance(refused, Refusal)
    assert "is empty" in refused.message


def test_what_a_server_packs_is_unpacked_no_further_than_is_wanted(web: str) -> None:
    assert fetch(f"{web}/large.svg", 1000).content == b"x" * 1001


def test_what_a_server_says_stays_on_a_line_and_ends(tmp_path: Path) -> None:
    def ask(_url: str, _largest: int) -> Fetched:
        raise OSError("HTTP 500 a\n::error::b\x1b[31m" + "c" * 10_000)

    refused = Remote(tmp_path, media_name, ask).find("https://a.example/x.png")
    assert isinstance(refused, Refusal)
    assert refused.message.isprintable()
    assert len(refused.message) < 400
