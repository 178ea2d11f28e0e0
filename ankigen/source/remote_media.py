"""Downloads media from the web for the deck: known content types, up to a size, each once.

Pictures from this machine or a private network are allowed by an environment variable, not in the config, since notes
of a stranger come with a config. Such downloads are cached separately, so that other notes do not find them.
"""

from __future__ import annotations

import contextlib
import os
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from ankigen.data import MediaFile, Refusal
from ankigen.errors import CannotWrite
from ankigen.support import files
from ankigen.support.hashing import content_hash
from ankigen.support.structs import Struct, field

if TYPE_CHECKING:
    import requests

LARGEST = 10 * 1024 * 1024
"""In bytes."""
PRIVATE = "ANKIGEN_PRIVATE_MEDIA"
"""The variable that allows media from this machine and private networks, if `1`."""
_DEADLINE = 60
"""In seconds for a whole download, plus one second for each megabyte that is allowed."""
_MEGABYTE = 1024 * 1024
_MOST_IN_VAIN = 10
"""How often a run waits for servers that do not answer in time."""
_WHOLE = frozenset({200, 203})
"""The status codes of complete answers."""
_GZIP_OR_ZLIB = 47
_LONGEST_REASON = 200
_KEY_DIGITS = 32
_PIECE = 65536
SUFFIXES = {
    "image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp", "image/svg+xml": "svg",
    "image/avif": "avif", "audio/mpeg": "mp3", "audio/ogg": "ogg", "audio/wav": "wav", "audio/mp4": "m4a",
    "video/mp4": "mp4", "video/webm": "webm",
}  # fmt: skip
"""The suffix of a file, by content type; no other content is downloaded."""


class Fetched(Struct, frozen=True):
    """The answer: its content type, and at most one byte more than allowed."""

    content_type: str
    content: bytes


Alarm = Callable[[Callable[[], None]], AbstractContextManager[object]]
"""Calls a function if its `with` block does not finish in time."""


def private_is_asked() -> bool:
    """Whether this user allows media from this machine and private networks."""
    return os.environ.get(PRIVATE, "") not in {"", "0"}


def fetch(url: str, largest: int, *, may_be_private: bool = False, alarm: Alarm | None = None) -> Fetched:
    """Fetch a public address over HTTP(S), up to one byte more than `largest`. Raises `OSError` for any failure.

    Raises `TimeoutError` if it takes too long for `alarm`.
    """
    import requests  # noqa: PLC0415 - few notes need it, and every start would wait for it

    from ankigen.source.public_web import Line, session  # noqa: PLC0415 - it loads requests

    with contextlib.closing(Line(may_be_private=may_be_private)) as line, (alarm or _timer(largest))(line.hang_up):
        try:
            with session(line) as web:
                fetched = _answer(web, url, largest)
        except requests.Timeout as failure:
            raise TimeoutError(_reason(failure)) from failure
        except (requests.RequestException, ValueError) as failure:
            line.require_alive()
            raise OSError(_reason(failure)) from failure
        line.require_alive()
        return fetched


def _timer(largest: int) -> Alarm:
    @contextlib.contextmanager
    def alarm(ring: Callable[[], None]) -> Iterator[None]:
        timer = threading.Timer(_DEADLINE + largest / _MEGABYTE, ring)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    return alarm


def _answer(web: requests.Session, url: str, largest: int) -> Fetched:
    """The answer of an address; compression is declined, since only the plain length shows truncation."""
    from ankigen.source.public_web import PATIENCE  # noqa: PLC0415 - it loads requests

    headers = {"User-Agent": "ankigen", "Accept-Encoding": "identity"}
    with web.get(url, headers=headers, timeout=PATIENCE, stream=True) as answer:
        if answer.status_code not in _WHOLE:
            raise OSError(f"HTTP {answer.status_code} {answer.reason}")
        packing = answer.raw.headers.pop("Content-Encoding", "identity").strip().lower()
        content = _start_of(answer, largest + 1)
        return Fetched(_content_type(answer), _unpacked(content, packing, largest + 1))


def _content_type(answer: requests.Response) -> str:
    return answer.headers.get("Content-Type", "text/plain").partition(";")[0].strip().lower()


def _start_of(answer: requests.Response, size: int) -> bytes:
    content = bytearray()
    for piece in answer.iter_content(_PIECE):
        content += piece
        if len(content) >= size:
            break
    return bytes(content[:size])


def _unpacked(content: bytes, packing: str, size: int) -> bytes:
    """The start of content that a server compressed anyway. Raises `OSError` if it is incomplete."""
    if packing == "identity":
        return content
    if packing not in {"gzip", "x-gzip", "deflate"}:
        raise OSError(f"it is packed as {packing}")
    unpacker = zlib.decompressobj(_GZIP_OR_ZLIB)
    try:
        start = unpacker.decompress(content, size)
    except zlib.error as failure:
        raise OSError(f"it cannot be unpacked: {failure}") from failure
    if len(start) < size and not unpacker.eof:
        raise OSError("it was cut off")
    return start


def _reason(failure: BaseException) -> str:
    """The root cause of a failure that several layers wrapped, without their internal errors."""
    while failure.__context__ is not None and not isinstance(failure.__context__, AttributeError):
        failure = failure.__context__
    return str(failure)


def _on_one_line(text: str) -> str:
    """The message of a server or library, as part of one of our lines."""
    printable = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(printable.split())[:_LONGEST_REASON]


class Remote(Struct, frozen=True):
    """Media on the web, cached in the folder `cache`.

    `name_of` makes the name in Anki from a file's name and content; `largest` is in bytes.
    """

    cache: Path
    name_of: Callable[[str, bytes], str]
    ask: Callable[[str, int], Fetched] = fetch
    largest: int = LARGEST
    in_vain: list[str] = field(default_factory=list)
    """The addresses that timed out in this run."""

    def find(self, url: str) -> MediaFile | Refusal:
        """The file at an address, or why it stays on the web."""
        key = content_hash(url.encode(), _KEY_DIGITS)
        path = next(iter(sorted(self.cache.glob(f"{key}.*"))), None)
        try:
            if path is None:
                answer = self._asked(url)
                path = self.cache / f"{key}.{SUFFIXES[answer.content_type]}"
                files.replace(path, answer.content)
        except _StaysError as stays:
            return _refused(url, str(stays))
        except CannotWrite as failure:
            return _refused(url, f"cannot be kept ({failure})")
        stem = unquote(urlsplit(url).path.rpartition("/")[2]).rpartition(".")[0] or "remote"
        return MediaFile(self.name_of(stem + path.suffix, path.read_bytes()), str(path))

    def _asked(self, url: str) -> Fetched:
        """The answer of an address. Raises `_StaysError` if it cannot be packed."""
        if len(self.in_vain) >= _MOST_IN_VAIN:
            raise _StaysError(f"is not asked for, since {_MOST_IN_VAIN} others took too long")
        try:
            answer = self.ask(url, self.largest)
        except (OSError, ValueError) as failure:
            if isinstance(failure, TimeoutError):
                self.in_vain.append(url)
            raise _StaysError(f"cannot be fetched ({failure})") from failure
        if answer.content_type not in SUFFIXES:
            raise _StaysError(f"is {answer.content_type}, no picture, sound or film")
        if len(answer.content) > self.largest:
            raise _StaysError(f"is larger than {self.largest // _MEGABYTE} MB")
        if not answer.content:
            raise _StaysError("is empty")
        return answer


class _StaysError(Exception):
    """Why something stays on the web."""


def _refused(url: str, why: str) -> Refusal:
    advice = "it stays on the web, or put a copy into assets/"
    return Refusal("remote-media", f"{url} {_on_one_line(why)}: {advice}", instead=url)


def remote(cache: Path, name_of: Callable[[str, bytes], str], largest: int) -> Remote:
    """Media on the web with this user's permissions, cached below the folder `cache`."""
    if private_is_asked():
        return Remote(cache / "remote-private", name_of, partial(fetch, may_be_private=True), largest)
    return Remote(cache / "remote", name_of, fetch, largest)
