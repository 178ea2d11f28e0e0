"""Stands between ankigen and a sync server, counts the requests, and lets something happen at one of them."""

from __future__ import annotations

import contextlib
import http.client
import http.server
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import urlsplit


class Fault(Enum):
    """What becomes of a request."""

    REFUSED = "500 instead of the work"
    DENIED_AFTERWARDS = "500 after the work"
    CUT = "no answer instead of the work"
    CUT_AFTERWARDS = "no answer after the work"
    HALF = "half an answer"


@dataclass
class Proxy:
    """At the request with this number the fault happens, or what `meanwhile` does; both only once."""

    server: str
    at: int = 0
    fault: Fault | None = None
    meanwhile: Callable[[], object] = lambda: None
    asked: list[str] = field(default_factory=list)
    url: str = ""
    moved_to: str = ""

    def expect(self, at: int, fault: Fault | None = None, meanwhile: Callable[[], object] = lambda: None) -> None:
        """Count from one again, and wait for that request."""
        self.asked.clear()
        self.at, self.fault, self.meanwhile = at, fault, meanwhile

    def answer(
        self, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes, Fault | None]:
        self.asked.append(path)
        if self.moved_to:
            return 308, {"Location": self.moved_to}, b"", None
        is_now = len(self.asked) == self.at
        fault = self.fault if is_now else None
        if is_now:
            self.meanwhile()
        if fault in {Fault.REFUSED, Fault.CUT}:
            return 500, {}, b"out of order", fault
        place = urlsplit(self.server)
        connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=60)
        with contextlib.closing(connection):
            connection.request("POST", path, body, headers)
            reply = connection.getresponse()
            content = reply.read()
            kept = {name: value for name, value in reply.getheaders() if name.lower() in _KEPT}
        if fault is Fault.DENIED_AFTERWARDS:
            return 500, {}, b"out of order", fault
        return reply.status, kept, content, fault


_KEPT = frozenset({"content-type", "anki-original-size", "location"})


@contextlib.contextmanager
def standing_before(server: str) -> Iterator[Proxy]:
    """A proxy of the server at an address."""
    proxy = Proxy(server)

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self._body()
            sent = {name: value for name, value in self.headers.items() if name.lower() not in _OF_THIS_HOP}
            status, headers, content, fault = proxy.answer(self.path, sent, body)
            if fault in {Fault.CUT, Fault.CUT_AFTERWARDS}:
                self.close_connection = True
                return
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if fault is Fault.HALF:
                content, self.close_connection = content[: len(content) // 2], True
            self.wfile.write(content)

        def _body(self) -> bytes:
            if self.headers.get("Transfer-Encoding", "") != "chunked":
                return self.rfile.read(int(self.headers.get("Content-Length", 0)))
            parts = []
            while size := int(self.rfile.readline(), 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(parts)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        listening.daemon_threads = True
        proxy.url = f"http://127.0.0.1:{listening.server_port}/"
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        try:
            yield proxy
        finally:
            listening.shutdown()
            thread.join()


_OF_THIS_HOP = frozenset({"host", "content-length", "transfer-encoding", "connection"})
