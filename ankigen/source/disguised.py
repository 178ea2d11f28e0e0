"""Files that are not what their suffix says: a phone names HEIC `.jpg`, a browser saves an error page as `.png`."""

from __future__ import annotations

from ankigen.syntax.words import AUDIO, PACKED, VIDEO, Unshown, unshown

_PICTURES = PACKED - AUDIO - VIDEO - {"svg"}
_HEIC = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"})
_HEIC_OR_AVIF = frozenset({b"mif1", b"msf1"})
_TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_PDF = b"%PDF-"
_PAGE = (b"<!doctype html", b"<html")
_START = 64


def disguised(content: bytes, suffix: str) -> Unshown | None:
    """The message for a file with a picture's suffix and content that Anki cannot show."""
    if suffix not in _PICTURES:
        return None
    start = content[:_START]
    if _is_heic(start):
        return unshown("heic")
    if start.startswith(_TIFF):
        return unshown("tiff")
    if start.startswith(_PDF):
        return unshown("pdf")
    if start.lstrip().lower().startswith(_PAGE):
        return Unshown("is a page of the web that was saved as a picture", "save the picture itself")
    return None


def _is_heic(start: bytes) -> bool:
    brand = start[8:12] if start[4:8] == b"ftyp" else b""
    return brand in _HEIC or (brand in _HEIC_OR_AVIF and b"avif" not in start)
