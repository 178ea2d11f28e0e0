"""The part of Forgejo's API that makes releases, on this machine: what was asked of it, and what it holds."""

from __future__ import annotations

import itertools
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Forge:
    """Releases by their tags, each with its packages by id; `url` is that of the API."""

    token: str
    url: str = ""
    releases: dict[str, dict[str, Any]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    ids: Iterator[int] = field(default_factory=itertools.count)

    def answer(self, method: str, path: str, body: bytes) -> tuple[int, Any]:
        _, _, place = path.partition("/repos/me/decks/releases")
        if method == "GET" and place.startswith("/tags/"):
            found = self.releases.get(place.removeprefix("/tags/"))
            return (200, found) if found else (404, {})
        if method == "POST" and place == "":
            asked = json.loads(body)
            self.releases[asked["tag_name"]] = {"id": 7, "assets": [], **asked}
            return 201, self.releases[asked["tag_name"]]
        [release] = [found for found in self.releases.values() if place.startswith(f"/{found['id']}/assets")]
        if method == "POST":
            name = re.search(rb'filename="([^"]*)"', body)
            assert name
            release["assets"].append({"id": next(self.ids), "name": name[1].decode()})
        if method == "DELETE":
            release["assets"] = [asset for asset in release["assets"] if asset["id"] != int(place.rpartition("/")[2])]
        return 200, release["assets"]


@contextmanager
def forge(token: str) -> Iterator[Forge]:
    held = Forge(token)

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if self.headers["Authorization"] != f"token {held.token}":
                held.refused.append(self.path)
                answered: tuple[int, Any] = (401, {})
            else:
                answered = held.answer(self.command, self.path, body)
            data = json.dumps(answered[1]).encode()
            self.send_response(answered[0])
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_DELETE = answer  # noqa: N815 - the library's spelling

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    held.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield held
    finally:
        server.shutdown()
        server.server_close()
