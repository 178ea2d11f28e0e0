"""Brings media on the web into the deck: of known content types, up to a size, each fetched once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from ankigen.data import MediaFile, Refusal
from ankigen.errors import CannotWrite
from ankigen.support import files
from ankigen.support.hashing import content_hash
from ankigen.support.structs import Struct

if TYPE_CHECKING:
    import requests

LARGEST = 10 * 1024 * 1024
"""In bytes."""
_PATIENCE = 20
"""In seconds."""
_KEY_DIGITS = 32
_PIECE = 65536
SUFFIXES = {
    "image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp", "image/svg+xml": "svg",
    "image/avif": "avif", "audio/mpeg": "mp3", "audio/ogg": "ogg", "audio/wav": "wav", "audio/mp4": "m4a",
    "video/mp4": "mp4", "video/webm": "webm",
}  # fmt: skip
"""The suffix that a file gets, by its content type; no other content is brought in."""


class Fetched(Struct, frozen=True):
    """What the web answered: the content type that it names, and up to one byte more than is wanted."""

    content_type: str
    content: bytes


def fetch(url: str, largest: int) -> Fetched:
    """Ask for an address, over HTTP alone, and read one byte more than `largest`; each failure is an `OSError`.

    A proxy or password that is set up for other programs is not used, and the body comes as it is: its length tells
    whether it was cut off.
    """
    import requests  # noqa: PLC0415 - few notes need it, and every start would wait for it

    headers = {"User-Agent": "ankigen", "Accept-Encoding": "identity"}
    try:
        with requests.Session() as session:
            session.trust_env = False
            with session.get(url, headers=headers, timeout=_PATIENCE, stream=True) as answer:
                if not 200 <= answer.status_code < 300:
                    raise OSError(f"HTTP {answer.status_code} {answer.reason}")
                return Fetched(_content_type(answer), _start_of(answer, largest + 1))
    except (requests.RequestException, ValueError) as failure:
        raise OSError(_reason(failure)) from failure


def _content_type(answer: requests.Response) -> str:
    return answer.headers.get("Content-Type", "text/plain").partition(";")[0].strip().lower()


def _start_of(answer: requests.Response, size: int) -> bytes:
    content = bytearray()
    for piece in answer.iter_content(_PIECE):
        content += piece
        if len(content) >= size:
            break
    return bytes(content[:size])


def _reason(failure: BaseException) -> str:
    """What lies at the bottom of a failure, which each layer that it passed has wrapped, but for slips of a layer."""
    while failure.__context__ is not None and not isinstance(failure.__context__, AttributeError):
        failure = failure.__context__
    return str(failure)


class Remote(Struct, frozen=True):
    """Media on the web, kept in the folder `cache` once they were fetched.

    `name_of` makes the name in Anki of a file's own name and its content; `largest` is in bytes.
    """

    cache: Path
    name_of: Callable[[str, bytes], str]
    ask: Callable[[str, int], Fetched] = fetch
    largest: int = LARGEST

    def find(self, url: str) -> MediaFile | Refusal:
        """The file at an address, or why it stays on the web."""
        key = content_hash(url.encode(), _KEY_DIGITS)
        path = next(iter(sorted(self.cache.glob(f"{key}.*"))), None)
        if path is None:
            try:
                answer = self.ask(url, self.largest)
            except (OSError, ValueError) as failure:
                return self._refused(url, f"cannot be fetched ({failure})")
            if answer.content_type not in SUFFIXES:
                return self._refused(url, f"is {answer.content_type}, no picture, sound or film")
            if len(answer.content) > self.largest:
                return self._refused(url, f"is larger than {self.largest // 1024 // 1024} MB")
            path = self.cache / f"{key}.{SUFFIXES[answer.content_type]}"
            try:
                files.replace(path, answer.content)
            except CannotWrite as failure:
                return self._refused(url, f"cannot be kept ({failure})")
        stem = unquote(urlsplit(url).path.rpartition("/")[2]).rpartition(".")[0] or "remote"
        return MediaFile(self.name_of(stem + path.suffix, path.read_bytes()), str(path))

    def _refused(self, url: str, why: str) -> Refusal:
        return Refusal("remote-media", f"{url} {why}: it stays on the web, or put a copy into assets/", instead=url)
