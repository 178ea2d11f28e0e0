"""Converts pictures in the text, as `data:image/png;base64,…`, to files.

Anki's Check Media would do that, too, and so change the note, which would count as an edit.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote_to_bytes

from ankigen.data import MediaFile, Refusal
from ankigen.errors import CannotWrite
from ankigen.support import files
from ankigen.support.hashing import content_hash
from ankigen.support.structs import Struct

_ADDRESS = re.compile(r"\s*data:(?P<type>[^;,]*)(?P<options>[^,]*),(?P<data>.*)", re.IGNORECASE | re.DOTALL)
_SUFFIXES = {
    "image/png": "png", "image/apng": "png", "image/jpeg": "jpg", "image/jpg": "jpg", "image/gif": "gif",
    "image/webp": "webp", "image/avif": "avif", "image/bmp": "bmp",
}  # fmt: skip
"""The suffix of the file, by the type in the address. SVG is excluded, because it can contain scripts."""
_KEY_DIGITS = 32
_ADVICE = "save it as a file in assets/, and link to that"


def is_data(target: str) -> bool:
    """Whether an address is a `data:` URL."""
    return target[:32].lstrip()[:5].lower() == "data:"


class DataPictures(Struct, frozen=True):
    """Pictures from the text, written to the folder `cache`.

    `name_of` makes the name in Anki from a file's name and content.
    """

    cache: Path
    name_of: Callable[[str, bytes], str]

    def find(self, target: str) -> MediaFile | Refusal:
        """The file with the picture in a `data:` URL, or why there is none."""
        address = _ADDRESS.fullmatch(target)
        named = address["type"].strip().lower() if address else ""
        if address is None or named not in _SUFFIXES:
            return _refused(f"what stands in the text here ({named or 'data:'}) is no picture that Anki can keep")
        try:
            content = _content(address["data"], is_base64=address["options"].strip().lower().endswith(";base64"))
        except ValueError:
            return _refused("the picture that stands in the text here is broken: its base64 cannot be read")
        if not content:
            return _refused("the picture that stands in the text here is empty")
        return self._kept(content, f"picture.{_SUFFIXES[named]}")

    def _kept(self, content: bytes, name: str) -> MediaFile | Refusal:
        path = self.cache / f"{content_hash(content, _KEY_DIGITS)}{Path(name).suffix}"
        try:
            if not path.is_file() or path.stat().st_size != len(content):
                files.replace(path, content)
        except (OSError, CannotWrite) as failure:
            return _refused(f"the picture that stands in the text here cannot be kept ({failure})")
        return MediaFile(self.name_of(name, content), str(path))


def _content(data: str, *, is_base64: bool) -> bytes:
    """The bytes, decoded as a browser does: spaces are ignored, and the padding may be missing."""
    written = unquote_to_bytes(data)
    if not is_base64:
        return written
    packed = b"".join(written.split())
    packed = packed.removesuffix(b"=").removesuffix(b"=") if len(packed) % 4 == 0 else packed
    return base64.b64decode(packed + b"=" * (-len(packed) % 4), validate=True)


def _refused(why: str) -> Refusal:
    return Refusal("unsuitable-media", f"{why}: {_ADVICE}")
