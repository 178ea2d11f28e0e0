"""Walks a folder: which files are pages, and of which graph."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path, PurePosixPath

from ankigen.data import Position, Problem, Severity
from ankigen.errors import CannotRead
from ankigen.source import graph
from ankigen.source.graph import Graph, PageName
from ankigen.support import files
from ankigen.support.normal_forms import readable
from ankigen.support.structs import Struct, field
from ankigen.syntax import outline

_WHITEBOARDS = PurePosixPath("whiteboards")
_WHITEBOARD_SUFFIX = ".edn"
_TAG = b"#card"
_RULE = "cards-in-backups"
_NAMELESS = "notes"


class NoteFile(Struct, frozen=True, dict=True):  # a `__dict__` for the cached property
    """A file of notes; `relative_path` is from the notes' root, with `/` on every system."""

    path: Path
    relative_path: str
    path_in_graph: PurePosixPath
    graph: Graph

    @cached_property
    def from_file_name(self) -> PageName:
        """The name of its page, unless the page has a title."""
        return graph.page_name(self.path_in_graph, None, self.graph.settings)


class Walk(Struct, frozen=True):
    """The files of notes that belong together, and what is wrong with their folders.

    `root` is the folder that all paths are relative to, `start` what was walked: the root, or a single file in it.
    """

    root: Path
    start: Path
    files: list[NoteFile] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def is_graph(folder: Path) -> bool:
    """Whether the folder has Logseq's settings."""
    return files.is_there(folder / graph.CONFIG_EDN)


def walk_file(path: Path) -> Walk:
    """A single file outside every graph: it is a folder of its own, called like the file."""
    return Walk(path.parent, path, [NoteFile(path, path.name, PurePosixPath(path.name), graph.plain_folder(path.stem))])


def walk_folder(root: Path) -> Walk:
    """Find the files of notes below the root, in the order of their paths; each graph hides files in its own way.

    A folder that cannot be read is a `CannotRead`.
    """
    walk = Walk(root, root)
    graphs = {root: graph.plain_folder(readable(root.name) or _NAMELESS)}
    copies: dict[str, list[Path]] = {}
    for folder_name, below, names in os.walk(root, onerror=_refuse):
        folder = Path(folder_name)
        own_graph = _graph_at(folder, graphs.pop(folder), walk)
        inner = _inside(folder, walk, own_graph)
        backups = [name for name in below if graph.is_backup(inner / name)]
        below[:] = [name for name in below if name not in backups and _is_shown(inner / name, own_graph)]
        graphs |= {folder / name: own_graph for name in below}
        copies.setdefault(own_graph.root, []).extend(folder / name for name in backups)
        if own_graph.is_logseq and inner == _WHITEBOARDS:
            copies[own_graph.root].append(folder)
        walk.files.extend(_note_files(folder, folder.relative_to(root), names, inner, own_graph))
    walk.files.sort(key=lambda file: file.path.parts)
    walk.problems.extend(problem for folders in copies.values() for problem in _cards_in_copies(sorted(folders), root))
    return walk


def _graph_at(folder: Path, above: Graph, walk: Walk) -> Graph:
    """The graph that begins at the folder, or else the one around it."""
    if not is_graph(folder):
        return above
    relative_path = folder.relative_to(walk.root).as_posix()
    config_edn = files.read_text(folder / graph.CONFIG_EDN, walk.root, encoding="utf-8-sig", errors="replace")
    own_graph, problems = graph.logseq_graph(relative_path, readable(folder.name) or _NAMELESS, config_edn)
    walk.problems.extend(problems)
    return own_graph


def _inside(path: Path, walk: Walk, own_graph: Graph) -> PurePosixPath:
    return PurePosixPath(path.relative_to(walk.root / own_graph.root).as_posix())


def _is_shown(inner: PurePosixPath, own_graph: Graph) -> bool:
    return not graph.is_never_read(inner.name) and not own_graph.hides(inner.as_posix())


def _note_files(
    folder: Path, relative_folder: Path, names: list[str], inner: PurePosixPath, own_graph: Graph
) -> Iterator[NoteFile]:
    """The files of notes among the `names` in a folder, without hidden ones and links.

    `relative_folder` is the folder from the notes' root, `inner` from its graph.
    """
    for name in names:
        if name.lower().endswith(outline.SUFFIXES) and _is_shown(inner / name, own_graph):
            path = folder / name
            if not path.is_symlink():
                yield NoteFile(path, (relative_folder / name).as_posix(), inner / name, own_graph)


def _refuse(failure: OSError) -> None:
    raise CannotRead(Path(failure.filename), failure) from failure


def _cards_in_copies(folders: list[Path], root: Path) -> Iterator[Problem]:
    """A problem if there are tags in old copies and on whiteboards: nobody should wonder where those cards are."""
    tags = {folder.relative_to(root).as_posix(): sum(map(_tags_in, _copies(folder))) for folder in folders}
    if tagged := {path: count for path, count in tags.items() if count}:
        counts = ", ".join(f"{path} ({count})" for path, count in tagged.items())
        message = f"#card in copies and whiteboards is not read: {counts}; move what you miss into a page"
        yield Problem(Position(next(iter(tagged))), Severity.WARNING, _RULE, message)


def _copies(folder: Path) -> Iterator[Path]:
    """The files below a folder that may hold tags; links are passed by, as they are among the notes."""
    suffixes = (*outline.SUFFIXES, _WHITEBOARD_SUFFIX)
    for inner, below, names in os.walk(folder) if not folder.is_symlink() else ():
        below.sort()
        paths = (Path(inner, name) for name in sorted(names))
        yield from (path for path in paths if path.suffix.lower() in suffixes and not path.is_symlink())


def _tags_in(path: Path) -> int:
    try:
        return files.read(path).lower().count(_TAG)
    except CannotRead:
        return 0
