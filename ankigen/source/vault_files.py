"""Finds files by their name, anywhere in a vault, as Obsidian does.

All files are listed once, when a link first needs it; the best match of a name is then known for every folder, so that
many equal names do not make a link slow.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path, PurePosixPath

from ankigen.data import MediaFile, Refusal
from ankigen.errors import CannotRead
from ankigen.source import graph
from ankigen.source.absent import PLACEHOLDERS, stood_for
from ankigen.source.media import MediaFinder, ways_to_write
from ankigen.support import files
from ankigen.support.normal_forms import searchable
from ankigen.support.structs import Struct, field, from_json, replace

_APP = ".obsidian/app.json"
_TOP = PurePosixPath()


def vault_around(root: Path) -> Path | None:
    """The vault that the notes are a part of; its files are not theirs, and none is read."""
    vault = next((above for above in (root, *root.parents) if files.is_there(above / _APP)), None)
    return vault if vault != root else None


class _App(Struct, frozen=True):
    """Obsidian's settings for attachments: a folder of the vault, or `./` for the note's folder, or below it."""

    attachment_folder: str = field(default="", name="attachmentFolderPath")


class _Found(Struct):
    """The best and second best file with a name below a folder; paths are relative to the root of the notes."""

    best: str
    other: str = ""


class VaultFiles:
    """The files below the root of the notes by name; `media` decides which may be shown."""

    def __init__(self, root: Path, media: MediaFinder) -> None:
        self._root = root
        self._media = media
        self._found: dict[str, dict[PurePosixPath, _Found]] = {}
        self._vaults: dict[PurePosixPath, tuple[PurePosixPath, str]] = {}

    def find(self, target: str, page: str) -> MediaFile | Refusal | None:
        """The file of a link on the page: in the attachment folder, else the nearest with that name.

        A link that begins with a slash is relative to the vault. `None` if there is no such file.
        """
        folder = PurePosixPath(page).parent
        for written in ways_to_write(target):
            slashed = written.replace("\\", "/")
            way = PurePosixPath(slashed.lstrip("/"))
            if not way.name or ".." in way.parts:
                continue
            if slashed.startswith("/"):
                found = self._media.at((self._vault_of(folder)[0] / way).as_posix(), target)
            else:
                found = self._in_vault(way, folder, target)
            if found:
                return found
        return None

    def _in_vault(self, way: PurePosixPath, folder: PurePosixPath, target: str) -> MediaFile | Refusal | None:
        vault, attachments = self._vault_of(folder)
        if attachments and (
            found := self._media.at((_attachments(attachments, vault, folder) / way).as_posix(), target)
        ):
            return found
        by_folder = self._named(way)
        for above in (folder, *folder.parents):
            if named := by_folder.get(above):
                whole = by_folder[vault]
                other = next(path for path in (whole.other, whole.best) if path != named.best)
                return _told(self._media.at(named.best, target), target, named.best, other)
            if above == vault:
                return None
        return None

    def _vault_of(self, folder: PurePosixPath) -> tuple[PurePosixPath, str]:
        """The vault around a folder, and its attachment folder; without one, all notes are a vault."""
        if folder not in self._vaults:
            marked = (above for above in (folder, *folder.parents) if files.is_there(self._root / above / _APP))
            vault = next(marked, None)
            named = _attachment_folder(self._root / vault / _APP, self._root) if vault is not None else ""
            self._vaults[folder] = vault or _TOP, named
        return self._vaults[folder]

    def _named(self, way: PurePosixPath) -> dict[PurePosixPath, _Found]:
        """The best files for a path, for each folder that has any below it: the least nested come first."""
        tail = searchable(way.as_posix())
        if tail not in self._found:
            by_folder: dict[PurePosixPath, _Found] = {}
            for path in self._paths[searchable("/".join(way.parts[-2:]))]:
                if f"/{searchable(path)}".endswith(f"/{tail}"):
                    for above in PurePosixPath(path).parents:
                        found = by_folder.setdefault(above, _Found(path))
                        found.other = found.other or (path if path != found.best else "")
            self._found[tail] = by_folder
        return self._found[tail]

    @cached_property
    def _paths(self) -> defaultdict[str, list[str]]:
        """The paths of all files by name, and by folder and name; the least nested first."""
        paths: defaultdict[str, list[str]] = defaultdict(list)
        for path in sorted(dict.fromkeys(self._all()), key=lambda path: (path.count("/"), path)):
            parts = path.split("/")
            paths[searchable(parts[-1])].append(path)
            if len(parts) > 1:
                paths[searchable("/".join(parts[-2:]))].append(path)
        return paths

    def _all(self) -> Iterator[str]:
        """All visible files, including absent ones with a placeholder; links to folders are not followed."""
        for inner, below, names in os.walk(self._root):
            below[:] = [name for name in below if _is_seen(name)]
            folder = Path(inner).relative_to(self._root).as_posix()
            for name in names:
                seen = stood_for(name) if name.endswith(PLACEHOLDERS) else name
                if _is_seen(seen):
                    yield seen if folder == "." else f"{folder}/{seen}"


def _is_seen(name: str) -> bool:
    return not (files.is_hidden(name) or graph.is_never_read(name) or graph.is_of_a_service(name))


def _attachment_folder(app: Path, root: Path) -> str:
    """The attachment folder from the settings of a vault; empty if they cannot be read."""
    try:
        return from_json(_App, files.read(app, root)).attachment_folder
    except (CannotRead, ValueError):
        return ""


def _attachments(written: str, vault: PurePosixPath, folder: PurePosixPath) -> PurePosixPath:
    """The attachment folder for notes in that folder."""
    is_beside = written == "." or written.startswith("./")
    inner = PurePosixPath(written.strip("/"))
    return (folder if is_beside else vault) / inner if ".." not in inner.parts else vault


def _told(found: MediaFile | Refusal | None, target: str, path: str, other: str) -> MediaFile | Refusal | None:
    """The file, marked as ambiguous if another one has the same name."""
    if not (isinstance(found, MediaFile) and other):
        return found
    return replace(found, doubt=f"{target} may be {path}, which is shown, or {other}: write the folder as well")
