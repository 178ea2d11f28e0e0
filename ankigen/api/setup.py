"""Writes the files for checking, building and releasing a folder of notes."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

from ankigen import scaffold
from ankigen.api.notes import AnyPath
from ankigen.errors import BrokenFolderName, CannotRead, CannotWrite, GitFailed, NamelessFolder, NoSuchSource
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
    """Write the missing files that notes in this folder need; existing ones are kept, or get what they lack.

    Lines are added to `.gitignore`, and to the hooks that an earlier `init` wrote for another course; the workflow that
    it wrote gets this course as well.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise NoSuchSource(folder)
    root = _repository(folder.absolute())
    source = PurePosixPath(folder.absolute().relative_to(root).as_posix())
    if not is_text(str(source)):
        raise NamelessFolder(folder)
    if "\n" in str(source):
        raise BrokenFolderName(folder)
    found = scaffold.files(source, is_graph=is_graph(folder), host=scaffold.host_of(_remote(root)))
    texts = {root / path: text for path, text in found.items()}
    written = tuple(path for path, text in texts.items() if _create(path, text, root) or _extend(path, text, root))
    left = {path: text for path, text in texts.items() if path not in written}
    same = tuple(path for path, text in left.items() if _says(path, text))
    return Scaffolded(written, {path: text for path, text in left.items() if path not in same}, same)


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
    if path.name == scaffold.HOOKS.name and text.partition("repos:\n")[2] in existing:
        return True
    return existing == text or (_is_workflow(path) and scaffold.says_the_same(existing, text))


def _is_workflow(path: Path) -> bool:
    return path.name in {host.value.name for host in scaffold.Host}


def _text_of(path: Path) -> str:
    try:
        return files.read(path).decode(errors="replace")
    except CannotRead:
        return ""


def _extend(path: Path, text: str, root: Path) -> bool:
    """Add what is missing to a file, if that is certain to be right, and return whether it was done."""
    changed = _extended(path, text) if path.is_file() else None
    if changed is None:
        return False
    try:
        files.require_inside(path, root)
        files.replace(path, changed)
    except OSError as failure:
        raise CannotWrite(path, failure) from failure
    return True


def _extended(path: Path, text: str) -> bytes | None:
    existing = _text_of(path)
    if _is_workflow(path):
        more = scaffold.with_course(existing, text) if existing.encode() == files.read(path) else None
        return more.encode() if more is not None and more != existing else None
    more = scaffold.more_hooks(existing, text) if path.name == scaffold.HOOKS.name else None
    if path.name == scaffold.IGNORED.name and not _says(path, text):
        more = text
    end = "" if existing.endswith("\n") or not existing else "\n"
    return None if more is None else files.read(path) + f"{end}{more}".encode()


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
