"""Finds the file on disk that a link refers to, and names it for Anki.

A name contains a hash of the content: two files with the same name stay two, and changed content gets a new name,
because Anki never replaces a file that it has.

Packages are given to others, and notes may come from strangers. So nothing outside the root of the notes is ever read,
nothing hidden, and nothing that Anki cannot show or play: such files may contain tokens and passwords.
"""

from __future__ import annotations

import contextlib
import os
import re
import unicodedata
from collections.abc import Set
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from ankigen.data import MediaFile, Refusal
from ankigen.source.absent import LFS_POINTER, placeholders
from ankigen.source.disguised import disguised
from ankigen.support.files import is_hidden, open_plain
from ankigen.support.hashing import content_hash
from ankigen.support.normal_forms import is_text
from ankigen.syntax.words import PACKED, unshown

_MEGABYTE = 1024 * 1024
LARGEST = 100 * _MEGABYTE
"""In bytes. Anki's own limit: it syncs no larger file."""
_ASSETS = re.compile(r"[./]*assets/")
_REMOTE = re.compile(r"https?://", re.IGNORECASE)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_NOT_IN_NAMES = re.compile(r"[^a-z0-9]+")
_ANCHOR = re.compile(r"[#?].*")
_LONGEST_STEM = 40
_LONGEST_SUFFIX = 8
_HASH_DIGITS = 16
MEDIA_ELSEWHERE = "media-elsewhere"
MISSING = "missing-media"
OUTSIDE = "outside-media"


def media_name(name: str, content: bytes) -> str:
    """The name of a file in Anki: safe on every system, and new if the content is new."""
    stem, dot, suffix = name.rpartition(".")
    if not dot:
        stem, suffix = name, ""
    named = "-".join(filter(None, (_ascii(stem)[:_LONGEST_STEM].strip("-"), content_hash(content, _HASH_DIGITS))))
    extension = _ascii(suffix).replace("-", "")[:_LONGEST_SUFFIX]
    return f"{named}.{extension}" if extension else named


def ways_to_write(target: str) -> tuple[str, ...]:
    """The paths that a link may refer to: as written, with `%XX` decoded, and without the fragment."""
    return tuple(dict.fromkeys((target, unquote(target), _ANCHOR.sub("", unquote(target)))))


def _ascii(text: str) -> str:
    """The text in lower-case ASCII, without accents; everything else becomes a hyphen."""
    letters = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return _NOT_IN_NAMES.sub("-", letters).strip("-")


class MediaFinder:
    """Finds files below the root of the notes for links on its pages; each is read once."""

    def __init__(self, root: Path, largest: int = LARGEST, kinds: Set[str] = PACKED) -> None:
        self._root = Path(os.path.realpath(root))
        self._largest = largest
        self._kinds = kinds
        self._known: dict[Path, MediaFile] = {}
        self._names: dict[Path, dict[str, Path]] = {}

    def find(self, target: str, page: str) -> MediaFile | Refusal | None:
        """The file of a link on the page; `None` for an address on the web."""
        if _REMOTE.match(target):
            return None
        try:
            return self._find(target, page)
        except (OSError, ValueError) as failure:
            return _missing(f"{target} cannot be read ({failure})")

    def _find(self, target: str, page: str) -> MediaFile | Refusal:
        leaves = False
        for written in ways_to_write(target):
            meant = self._meant(written.replace("\\", "/"), page)
            leaves = leaves or not meant
            for path in meant:
                if (found := self._at(path, target)) is not None:
                    return found
        return _outside(target) if leaves else _missing(f"there is no file {target}")

    def at(self, path: str, target: str) -> MediaFile | Refusal | None:
        """The file at a path from the root, for a link to `target`; `None` if there is none."""
        try:
            return self._at(self._root / path, target)
        except (OSError, ValueError) as failure:
            return _missing(f"{target} cannot be read ({failure})")

    def _at(self, path: Path, target: str) -> MediaFile | Refusal | None:
        if (file := self._existing(path)) is not None:
            return self._read(file, target)
        why = self._absence(path)
        return _elsewhere(target, why) if why else None

    def _meant(self, written: str, page: str) -> list[Path]:
        """The possible places of a file: beside the page, below the nearest `assets`, or below the root; never outside.

        As in Logseq, `/assets` is a folder of the graph, not of the file system's root.
        """
        if written.startswith("/") and _ASSETS.match(written):
            written = written.lstrip("/")
        if _SCHEME.match(written) or written.startswith(("/", "~")):
            return []
        above = PurePosixPath(page).parents
        near = [self._below(above[0], written)]
        asset = _ASSETS.sub("", written, count=1)
        if asset != written and "../" not in asset:
            near += [self._below(folder / "assets", asset) for folder in above]
        if not any(near):
            return []
        far = [self._below(PurePosixPath(), written), self._below(PurePosixPath("assets"), written)]
        return [path for path in near + far if path is not None]

    def _below(self, folder: PurePosixPath, written: str) -> Path | None:
        parts: list[str] = []
        for part in (*folder.parts, *written.split("/")):
            if part == ".." and not parts:
                return None
            if part == "..":
                parts.pop()
            elif part not in {"", "."}:
                parts.append(part)
        return self._root.joinpath(*parts)

    def _existing(self, path: Path) -> Path | None:
        """The file at that path, its name composed or decomposed."""
        if path.is_file():
            return path
        if path.name.isascii():
            return None
        return self._names_in(path.parent).get(unicodedata.normalize("NFC", path.name))

    def _absence(self, path: Path) -> str:
        """Why a missing file is known to be absent only for now, or nothing."""
        if not self._is_inside(path.parent):
            return ""
        if path.is_symlink():
            with contextlib.suppress(FileNotFoundError):
                path.stat()
                return ""
            return "is behind a link that leads nowhere"
        is_away = any(os.path.lexists(path.with_name(name)) for name in placeholders(path.name))
        return "is kept elsewhere by your sync service" if is_away else ""

    def _names_in(self, folder: Path) -> dict[str, Path]:
        if folder not in self._names:
            files = sorted(folder.iterdir()) if folder.is_dir() and self._is_inside(folder) else []
            self._names[folder] = {unicodedata.normalize("NFC", file.name): file for file in files if file.is_file()}
        return self._names[folder]

    def _is_inside(self, path: Path) -> bool:
        return Path(os.path.realpath(path)).is_relative_to(self._root)

    def _read(self, path: Path, target: str) -> MediaFile | Refusal:
        """The file, unless its path or, after links, its true path is one that is never packed."""
        true_path = Path(os.path.realpath(path))
        if not true_path.is_relative_to(self._root):
            return _outside(target)
        if not is_text(str(path)):
            return _missing(f"{target} lies in a folder whose name is not UTF-8")
        places = [place.relative_to(self._root) for place in (path, true_path)]
        if any(is_hidden(part) for place in places for part in place.parts):
            return _hidden(target)
        if others := [suffix for place in places if (suffix := place.suffix[1:].lower()) not in self._kinds]:
            return _unsuitable(target, *unshown(others[0]))
        return self._known.get(path) or self._packed(path, true_path, target)

    def _packed(self, path: Path, true_path: Path, target: str) -> MediaFile | Refusal:
        """A file that may be packed, read now."""
        with open_plain(true_path) as file:
            if os.fstat(file.fileno()).st_size > self._largest:
                size = f"is larger than {self._largest // _MEGABYTE} MB"
                return _unsuitable(target, size, "make it smaller, for Anki does not sync it as it is")
            content = file.read()
        if content.startswith(LFS_POINTER):
            return _elsewhere(target, "is a pointer of Git LFS (`git lfs pull` fetches the file)")
        if fault := disguised(content, path.suffix[1:].lower()):
            return _unsuitable(target, *fault)
        self._known[path] = MediaFile(media_name(path.name, content), str(path))
        return self._known[path]


def _missing(reason: str) -> Refusal:
    return Refusal(MISSING, f"{reason}: check the link, or put the file there")


def _elsewhere(target: str, why: str) -> Refusal:
    advice = "fetch it; until then the card is not made, and stays as it was where it was made before"
    return Refusal(MEDIA_ELSEWHERE, f"{target} {why}: {advice}")


def _hidden(target: str) -> Refusal:
    advice = "copy it into assets/, under a name without a dot in front"
    return Refusal("hidden-media", f"{target} is hidden and is not packed: {advice}")


def _unsuitable(target: str, why: str, advice: str) -> Refusal:
    return Refusal("unsuitable-media", f"{target} {why} and is not packed: {advice}")


def _outside(target: str) -> Refusal:
    return Refusal(OUTSIDE, f"{target} lies outside the notes and is not packed: copy it into assets/")
