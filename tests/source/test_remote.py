"""What is asked of the web: over HTTP alone, no more than is wanted, and all that goes wrong is one kind of failure."""

from __future__ import annotations

import gzip
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ankigen.data import Refusal
from ankigen.source import remote_media
from ankigen.source.media import media_name
from ankigen.source.remote_media import SUFFIXES, Fetched, Remote

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
    "/gone.svg": (404, {"Content-Type": "image/svg+xml"}, SVG),
}


class Web(BaseHTTPRequestHandler):
    asked: list[dict[str, str]] = []  # noqa: RUF012 - what the server was asked, for all its connections

    def do_GET(self) -> None:
        self.asked.append(dict(self.headers))
        if self.path == "/endless.png":
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            self.end_headers()
            while True:
                self.wfile.write(b"x" * 1000)
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
