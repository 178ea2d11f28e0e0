"""Decodes files of notes, and finds text that was decoded wrongly before."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from ankigen.data import End, Position, Problem, Severity, Spot

_CODECS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_CONTROL_CHARACTER = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_CONTROL_BYTES = bytes(byte for byte in range(128) if _CONTROL_CHARACTER.match(chr(byte)))
_EXCERPT = 60


def encoding_of(data: bytes) -> tuple[bytes, str]:
    """The byte order mark at the start of a file, if any, and the codec of the rest."""
    mark = next((mark for mark in _CODECS if data.startswith(mark)), b"")
    return mark, _CODECS.get(mark, "utf-8")


def decode(data: bytes, path: str) -> tuple[str, list[Problem]]:
    """Return the text of a file, without byte order mark; an unreadable file is empty text and an error."""
    mark, codec = encoding_of(data)
    try:
        return data[len(mark) :].decode(codec), []
    except UnicodeDecodeError as failure:
        return "", [_unreadable(data, path, len(mark) + failure.start, codec)]


def _unreadable(data: bytes, path: str, offset: int, codec: str) -> Problem:
    read = data[len(encoding_of(data)[0]) : offset].decode(codec)
    message = f"byte 0x{data[offset]:02x} at offset {offset} is not {codec}: save the file as UTF-8"
    return _character(read, path).problem(Severity.ERROR, "unreadable-file", message)


def _character(read: str, path: str) -> Spot:
    """The next character after a text."""
    line, column = read.count("\n") + 1, len(read) - read.rfind("\n")
    return Spot(Position(path, line, column), End(line, column + 1))


def check_text(text: str, path: str) -> Iterator[Problem]:
    """Find control characters, and text that was once decoded with the wrong encoding."""
    yield from _control_characters(text, path)
    if not text.isascii():
        for number, line in enumerate(text.split("\n"), 1):
            if not line.isascii():
                yield from _wrong_encoding(line, path, number)


def _control_characters(text: str, path: str) -> Iterator[Problem]:
    data = text.encode(errors="surrogatepass")
    if len(data.translate(None, _CONTROL_BYTES)) == len(data):  # six times faster than the pattern
        return
    if match := _CONTROL_CHARACTER.search(text):
        message = f"control character U+{ord(match[0]):04X}: delete it; cards leave such characters out"
        yield _character(text[: match.start()], path).problem(Severity.WARNING, "control-character", message)


def _wrong_encoding(line: str, path: str, number: int) -> Iterator[Problem]:
    import ftfy  # noqa: PLC0415 - most notes never need it, and every start would wait for it

    repaired = ftfy.fix_encoding(line)
    if repaired != line:
        start, rest = _shared(line, repaired)
        wrong, right = _excerpt(line, start, rest), _excerpt(repaired, start, rest)
        message = f'text decoded with the wrong encoding: "{wrong}" should read "{right}"'
        spot = Spot(Position(path, number, start + 1), End(number, max(start + 1, len(line) - rest) + 1))
        yield spot.problem(Severity.WARNING, "wrong-encoding", message)


def _shared(written: str, repaired: str) -> tuple[int, int]:
    """The number of equal characters at the start, and of the rest at the end."""
    start = next((index for index, (a, b) in enumerate(zip(written, repaired, strict=False)) if a != b), len(repaired))
    backwards = zip(reversed(written[start:]), reversed(repaired[start:]), strict=False)
    return start, next((index for index, (a, b) in enumerate(backwards) if a != b), len(repaired) - start)


def _excerpt(line: str, start: int, rest: int) -> str:
    """The words around the difference, from `start` to `rest` characters before the end, cut to a readable length."""
    left = line.rfind(" ", 0, start) + 1
    right = line.find(" ", len(line) - rest)
    words = line[left : right if right >= 0 else None]
    return words if len(words) <= _EXCERPT else words[:_EXCERPT] + "…"
