"""Brings media on the web into the deck: of known kinds, up to a size, each fetched once."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from ankigen.data import MediaFile, Refusal
from ankigen.support.structs import Struct

LARGEST = 10 * 1024 * 1024
_PATIENCE = 20
_KINDS = {
    "image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp", "image/svg+xml": "svg",
    "image/avif": "avif", "audio/mpeg": "mp3", "audio/ogg": "ogg", "audio/wav": "wav", "audio/mp4": "m4a",
    "video/mp4": "mp4", "video/webm": "webm",
}  # fmt: skip


class Fetched(Struct, frozen=True):
    """What the web answered: the kind it says the content is, and up to one byte more than is wanted."""

    kind: str
    content: bytes


def fetch(url: str, largest: int) -> Fetched:
    """Ask for an address, over HTTP alone, and read one byte more than `largest`."""
    import urllib.request  # noqa: PLC0415 - few notes need it, and every start would wait for it
    from http.client import HTTPException  # noqa: PLC0415

    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPRedirectHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.HTTPDefaultErrorHandler(),
    ):
        opener.add_handler(handler)
    request = urllib.request.Request(url, headers={"User-Agent": "ankigen"})  # noqa: S310 - the opener knows no files
    try:
        answer = opener.open(request, timeout=_PATIENCE)
        if answer is None:
            raise OSError("this address cannot be opened")
        with answer:
            return Fetched(answer.headers.get_content_type(), answer.read(largest + 1))
    except HTTPException as failure:
        raise OSError(str(failure)) from failure


class Remote(Struct, frozen=True, dict=True):
    """Media on the web, kept in a folder once they were fetched."""

    cache: Path
    name_of: Callable[[str, bytes], str]
    ask: Callable[[str, int], Fetched] = fetch
    largest: int = LARGEST

    def find(self, url: str) -> MediaFile | Refusal:
        """The file behind an address; refused, it stays on the web."""
        key = hashlib.sha256(url.encode()).hexdigest()[:32]
        kept = next(iter(sorted(self.cache.glob(f"{key}.*"))), None)
        if kept is None:
            try:
                found = self.ask(url, self.largest)
            except (OSError, ValueError) as failure:
                return self._refused(url, f"cannot be fetched ({failure})")
            if found.kind not in _KINDS:
                return self._refused(url, f"is {found.kind}, no picture, sound or film")
            if len(found.content) > self.largest:
                return self._refused(url, f"is larger than {self.largest // 1024 // 1024} MB")
            kept = self._keep(f"{key}.{_KINDS[found.kind]}", found.content)
        stem = unquote(urlsplit(url).path.rpartition("/")[2]).rpartition(".")[0] or "remote"
        return MediaFile(self.name_of(stem + kept.suffix, kept.read_bytes()), str(kept))

    def _keep(self, name: str, content: bytes) -> Path:
        self.cache.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self.cache, delete=False) as draft:
            draft.write(content)
        path = self.cache / name
        os.replace(draft.name, path)  # noqa: PTH105 - the draft is a name
        return path

    def _refused(self, url: str, why: str) -> Refusal:
        return Refusal("remote-media", f"{url} {why}: it stays on the web, or put a copy into assets/", instead=url)
