"""Writes the files for checking, building and releasing a folder of notes."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from ankigen import scaffold
from ankigen.api.notes import AnyPath
from ankigen.errors import CannotRead, CannotWrite, GitFailed, NamelessFolder, NoSuchSource
from ankigen.source import is_graph
from ankigen.support import files
from ankigen.support.git import git
from ankigen.support.normal_forms import is_text
from ankigen.support.structs import Struct


class Scaffolded(Struct, frozen=True):
    """The files that were written or extended, and those that were already right.

    `kept` are the texts for files that exist, differ and stay unchanged.
    """

    written: tuple[Path, ...]
    kept: dict[Path, str]
    same: tuple[Path, ...] = ()


def init(folder: AnyPath = "") -> Scaffolded:
    """Write the missing files that notes in this folder need; existing ones are kept, or get lines at their end.

    Lines are added to `.gitignore`, and to the hooks that an earlier `init` wrote for another course.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise NoSuchSource(folder)
    root = _repository(folder.absolute())
    source = PurePosixPath(folder.absolute().relative_to(root).as_posix())
    if not is_text(str(source)):
        raise NamelessFolder(folder)
    texts = {root / path: text for path, text in _texts(folder, root, source).items()}
    written = tuple(path for path, text in texts.items() if _create(path, text, root) or _extend(path, text, root))
    left = {path: text for path, text in texts.items() if path not in written}
    same = tuple(path for path, text in left.items() if _says(path, text))
    return Scaffolded(written, {path: text for path, text in left.items() if path not in same}, same)


def _texts(folder: Path, root: Path, source: PurePosixPath) -> Mapping[PurePosixPath, str]:
    host = scaffold.host_of(_remote(root))
    texts = scaffold.files(source, is_graph=is_graph(folder), host=host)
    workflow = root / host.value
    if host is scaffold.Host.GITLAB or not _is_of_init(workflow) or _says(workflow, texts[host.value]):
        return texts
    return scaffold.files(source, is_graph=is_graph(folder), host=host, is_second=True)


def _is_of_init(workflow: Path) -> bool:
    """Whether an earlier `init` wrote this workflow, perhaps for another course."""
    return "Written by `ankigen init`" in _text_of(workflow)


def _remote(root: Path) -> str:
    """The URL of the git remote, in lower case; empty if unknown."""
    try:
        return git(root, "remote", "get-url", "origin").stdout.decode(errors="replace").lower()
    except GitFailed:
        return ""


def _says(path: Path, text: str) -> bool:
    """Whether a file already has this text; a `.gitignore` has it as one of its lines."""
    existing = _text_of(path)
    if path.name == scaffold.IGNORED.name:
        return text.strip() in map(str.strip, existing.split("\n"))
    return existing == text or (path.name == scaffold.HOOKS.name and text.partition("repos:\n")[2] in existing)


def _text_of(path: Path) -> str:
    try:
        return files.read(path).decode(errors="replace")
    except CannotRead:
        return ""


def _extend(path: Path, text: str, root: Path) -> bool:
    """Append missing lines to a file, if that is certain to be right, and return whether it was done."""
    existing = _text_of(path)
    more = scaffold.more_hooks(existing, text) if path.name == scaffold.HOOKS.name else None
    if path.name == scaffold.IGNORED.name and not _says(path, text):
        more = text
    if more is None or not path.is_file():
        return False
    try:
        files.require_inside(path, root)
        end = "" if existing.endswith("\n") or not existing else "\n"
        files.replace(path, files.read(path) + f"{end}{more}".encode())
    except OSError as failure:
        raise CannotWrite(path, failure) from failure
    return True


def _repository(folder: Path) -> Path:
    """The git repository around the folder, or else the folder."""
    return next((path for path in (folder, *folder.parents) if (path / ".git").exists()), folder)


def _create(path: Path, text: str, root: Path) -> bool:
    """Write a file unless it exists, and return whether it was written; no link may lead out of `root`."""
    try:
        if not os.path.lexists(path):
            files.require_inside(path.parent, root)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(text.encode())
    except FileExistsError:
        return False
    except OSError as failure:
        raise CannotWrite(path, failure) from failure
    return True
