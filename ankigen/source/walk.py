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
from ankigen.support.structs import Struct, field
from ankigen.syntax import outline

_WHITEBOARDS = PurePosixPath("whiteboards")
_WHITEBOARD_SUFFIX = ".edn"
_TAG = b"#card"
_RULE = "cards-in-backups"
_NAMELESS = "notes"


class NoteFile(Struct, frozen=True, dict=True):
    """A file of notes; `path` is where it lies, `shown` is relative to the notes' root, `inner` to its graph."""

    path: Path
    shown: str
    inner: PurePosixPath
    graph: Graph

    @cached_property
    def from_file_name(self) -> PageName:
        """The name of its page, as long as no title says otherwise."""
        return graph.page_name(self.inner, None, self.graph.settings)


class Walk(Struct, frozen=True):
    """What a walk met: the files of notes, and what is wrong with the folders; it began at the root, or at one file."""

    root: Path
    start: Path
    files: list[NoteFile] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def is_graph(folder: Path) -> bool:
    """Whether the folder has Logseq's settings."""
    return (folder / graph.CONFIG_EDN).is_file()


def one_file(path: Path) -> Walk:
    """A single file outside every graph: it is a folder of its own, called like the file."""
    return Walk(path.parent, path, [NoteFile(path, path.name, PurePosixPath(path.name), graph.plain_folder(path.stem))])


def walk(root: Path) -> Walk:
    """Find the files of notes below the root, in the order of their paths; each graph hides files in its own way."""
    found = Walk(root, root)
    graphs = {root: graph.plain_folder(root.name or _NAMELESS)}
    copies: dict[str, list[Path]] = {}
    for folder_name, below, names in os.walk(root, onerror=_refuse):
        folder = Path(folder_name)
        here = _graph_at(folder, graphs.pop(folder), found)
        inner = _inside(folder, found, here)
        backups = [name for name in below if graph.is_backup(inner / name)]
        below[:] = [name for name in below if name not in backups and _is_shown(inner / name, here)]
        graphs |= {folder / name: here for name in below}
        copies.setdefault(here.root, []).extend(folder / name for name in backups)
        if here.is_logseq and inner == _WHITEBOARDS:
            copies[here.root].append(folder)
        found.files.extend(_note_files(folder, folder.relative_to(root), names, inner, here))
    found.files.sort(key=lambda file: file.path.parts)
    found.problems.extend(problem for places in copies.values() for problem in _told(sorted(places), root))
    return found


def _graph_at(folder: Path, above: Graph, found: Walk) -> Graph:
    """The graph that begins at the folder, or else the one around it."""
    if not is_graph(folder):
        return above
    shown = folder.relative_to(found.root).as_posix()
    config_edn = _read(folder / graph.CONFIG_EDN)
    made, problems = graph.logseq_graph(shown, folder.name or _NAMELESS, config_edn)
    found.problems.extend(problems)
    return made


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig", errors="replace")
    except OSError as failure:
        raise CannotRead(path, failure) from failure


def _inside(path: Path, found: Walk, here: Graph) -> PurePosixPath:
    return PurePosixPath(path.relative_to(found.root / here.root).as_posix())


def _is_shown(inner: PurePosixPath, here: Graph) -> bool:
    return not graph.is_never_read(inner.name) and not here.hides(inner.as_posix())


def _note_files(folder: Path, shown: Path, names: list[str], inner: PurePosixPath, here: Graph) -> Iterator[NoteFile]:
    """Files of notes in a folder, without the hidden ones and without links; `shown` and `inner` are the folder's."""
    for name in names:
        if name.lower().endswith(outline.SUFFIXES) and _is_shown(inner / name, here):
            path = folder / name
            if not path.is_symlink():
                yield NoteFile(path, (shown / name).as_posix(), inner / name, here)


def _refuse(failure: OSError) -> None:
    raise CannotRead(Path(failure.filename), failure) from failure


def _told(places: list[Path], root: Path) -> Iterator[Problem]:
    """Count the tags in old copies and on whiteboards: nobody should wonder where those cards are."""
    tags = {place.relative_to(root).as_posix(): sum(map(_tags_in, _copies(place))) for place in places}
    if counted := [f"{shown} ({number})" for shown, number in tags.items() if number]:
        message = f"#card in copies and whiteboards is not read: {', '.join(counted)}; move what you miss into a page"
        yield Problem(
            Position(next(shown for shown, number in tags.items() if number)), Severity.WARNING, _RULE, message
        )


def _copies(place: Path) -> Iterator[Path]:
    suffixes = (*outline.SUFFIXES, _WHITEBOARD_SUFFIX)
    return (path for path in place.rglob("*") if path.suffix.lower() in suffixes and path.is_file())


def _tags_in(path: Path) -> int:
    try:
        return path.read_bytes().lower().count(_TAG)
    except OSError:
        return 0
