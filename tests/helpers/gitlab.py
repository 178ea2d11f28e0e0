"""The part of GitLab's API that makes releases, on this machine: what was asked of it, and what it holds."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_PROJECT = "/projects/7"
_PACKAGE = re.compile(rf"{_PROJECT}/packages/generic/[\w.-]+/\w[\w.-]*/[\w.-]+", re.ASCII)
"""GitLab refuses all other names."""


@dataclass
class GitLab:
    """Releases by their tags, and the bytes of packages by their addresses; `url` is that of the API."""

    token: str
    url: str = ""
    releases: dict[str, dict[str, Any]] = field(default_factory=dict)
    packages: dict[str, bytes] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    def answer(self, method: str, path: str, body: bytes) -> tuple[int, Any]:
        if method == "PUT" and _PACKAGE.fullmatch(path):
            self.packages[self.url + path] = body
            return 201, {"message": "201 Created"}
        asked = json.loads(body or b"{}")
        if method == "POST" and path == f"{_PROJECT}/releases":
            if asked["tag_name"] in self.releases:
                return 409, {"message": "Release already exists"}
            self.releases[asked["tag_name"]] = asked
            return 201, asked
        for tag, release in self.releases.items():
            address = f"{_PROJECT}/releases/{tag.replace('/', '%2F')}"
            if (method, path) == ("GET", address):
                return 200, release
            if (method, path) == ("POST", f"{address}/assets/links"):
                release["assets"]["links"].append(asked)
                return 201, asked
        return 404, {}


@contextmanager
def gitlab(token: str) -> Iterator[GitLab]:
    held = GitLab(token)

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            answered: tuple[int, Any] = (401, {})
            if self.headers["JOB-TOKEN"] == held.token:
                answered = held.answer(self.command, self.path, body)
            if answered[0] >= 400:
                held.refused.append(f"{answered[0]} {self.command} {self.path}")
            data = json.dumps(answered[1]).encode()
            self.send_response(answered[0])
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = answer  # noqa: N815 - the library's spelling

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
