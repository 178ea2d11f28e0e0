"""Finds the folder of notes that belong together, and its files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from ankigen import config, identity
from ankigen.config import Config
from ankigen.errors import BrokenConfig, NoSuchSource, NotANote, SeveralSets
from ankigen.source import excluded
from ankigen.source.walk import Walk, is_graph, walk_file, walk_folder
from ankigen.support import files
from ankigen.syntax import outline


def require_notes(source: Path) -> None:
    """Raise `NoSuchSource` or `NotANote` for a path that cannot be notes."""
    if not source.exists():
        raise NoSuchSource(source)
    if source.is_file() and source.suffix.lower() not in outline.SUFFIXES:
        raise NotANote(source, ", ".join(outline.SUFFIXES))


def find_files(source: Path) -> list[Path]:
    """The files of notes in a folder, or the file itself."""
    source = source.absolute()
    if not source.exists():
        return []
    root = root_of([source])
    walk = find_notes([source], root, config.read(root))
    return [file.path for file in walk.files if file.path.is_relative_to(source)]


def root_of(sources: Iterable[Path]) -> Path:
    """The folder of the notes that belong together, where their lock file is or will be.

    Raises `SeveralSets` if they do not belong together.
    """
    roots = {root: _marked_root(root) for root in (_root_of(source.absolute()) for source in sources)}
    marked = [root for root, mark in roots.items() if mark]
    widest = min(roots, key=lambda root: len(root.parts))
    if len(roots) > 1 and (marked not in ([], [widest]) or not all(root.is_relative_to(widest) for root in roots)):
        raise SeveralSets(sorted(roots))
    return widest


def _root_of(source: Path) -> Path:
    return _marked_root(source) or _folder(source)


def find_notes(sources: Sequence[Path], root: Path, settings: Config) -> Walk:
    """The notes that belong together."""
    if len(sources) == 1 and sources[0].is_file() and _marked_root(root) is None:
        return walk_file(sources[0])
    exclude = excluded.of_option(settings.exclude) if settings.exclude else None
    if exclude and exclude.faults:
        number, fault = exclude.faults[0]
        raise BrokenConfig(config.find(root) or root, f'`exclude`: "{settings.exclude[number - 1]}": {fault}')
    return walk_folder(root, exclude, uses_gitignore=settings.use_gitignore)


def _folder(source: Path) -> Path:
    return source if source.is_dir() else source.parent


def _marked_root(source: Path) -> Path | None:
    """The nearest parent folder with a lock file, or else the nearest graph."""
    folder = _folder(source)
    upward = (folder, *folder.parents)
    locked = (parent for parent in upward if files.is_there(parent / identity.LOCK_NAME))
    return next(locked, None) or next(filter(is_graph, upward), None)
