"""The part of GitLab's API that makes releases, on this machine: what was asked of it, and what it holds."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from typing import Any

from tests.helpers.api_server import serving

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

    def answer(method: str, path: str, headers: Message, body: bytes) -> tuple[int, Any]:
        is_allowed = headers["JOB-TOKEN"] == held.token
        status, said = held.answer(method, path, body) if is_allowed else (401, {})
        if status >= 400:
            held.refused.append(f"{status} {method} {path}")
        return status, said

    with serving(answer) as held.url:
        yield held
