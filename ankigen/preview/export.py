"""The page as files in a folder, for a browser without a server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ankigen.preview.page import page_file
from ankigen.preview.snapshot import Snapshot
from ankigen.support import files
from ankigen.support.structs import to_json

MARK = "cards.js"
"""The file by which such a folder is recognised."""

_PAGE_SCRIPT = '<script src="page.js" defer></script>'


def exported(snapshot: Snapshot, mathjax: Path | None, health: str) -> Iterator[tuple[str, bytes]]:
    """All files of the folder by their paths in it: media, MathJax and the document on the decks' health included."""
    yield "health.html", health.encode()
    for name in ("page.css", "page.js"):
        yield name, page_file(name)[0].encode()
    index = page_file("index.html")[0].replace(_PAGE_SCRIPT, f'<script src="{MARK}"></script>\n{_PAGE_SCRIPT}')
    yield "index.html", index.encode()
    yield MARK, b"window.ankigenPreview = " + _in_script(to_json(_stored(snapshot))) + b";\n"
    names: set[str] = set()
    for card in snapshot.preview.cards:
        guid, _, ordinal = card.address.partition("/")
        for side in ("front", "back"):
            face = snapshot.face(guid, int(ordinal), side)
            assert face is not None, "a card that is listed has both sides"
            yield f"face/{card.address}/{side}.html", face.encode()
        names |= set(snapshot.media_of(guid))
    for name in sorted(names):
        if file := snapshot.media(name):
            yield f"media/{name}", files.read(Path(file.path))
    if mathjax:
        yield "mathjax.js", files.read(mathjax)


def _stored(snapshot: Snapshot) -> dict[str, object]:
    lines = {f"{path}:{line}": snapshot.lines(path, line) for path, line in sorted(snapshot.places)}
    return {"cards": snapshot.preview, "lines": lines}


def _in_script(json: bytes) -> bytes:
    """JSON that may stand in a script of any page: no end of a script, no line end that JavaScript once refused."""
    return json.replace(b"<", b"\\u003c").replace("\u2028".encode(), b"\\u2028").replace("\u2029".encode(), b"\\u2029")
