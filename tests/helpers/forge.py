"""The part of Forgejo's API that makes releases, on this machine: what was asked of it, and what it holds."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from typing import Any

from tests.helpers.api_server import serving


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

    def answer(method: str, path: str, headers: Message, body: bytes) -> tuple[int, Any]:
        if headers["Authorization"] == f"token {held.token}":
            return held.answer(method, path, body)
        held.refused.append(path)
        return 401, {}

    with serving(answer) as held.url:
        yield held
