"""Walks a folder: finds pages and their graphs, and what is known to be absent for now."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path, PurePosixPath

from ankigen import config, identity
from ankigen.data import Position, Problem, Severity
from ankigen.errors import CannotRead
from ankigen.source import excluded, graph
from ankigen.source.absent import PLACEHOLDERS, stood_for
from ankigen.source.excluded import Patterns
from ankigen.source.graph import Graph, PageName
from ankigen.support import files
from ankigen.support.normal_forms import readable
from ankigen.support.structs import Struct, field, replace
from ankigen.syntax import outline

UNREADABLE = "unreadable-file"
COPIES = "conflict-copy"
BACKUPS = "cards-in-backups"
_LINKS = "unread-link"
_PATTERNS = "unread-pattern"
_WHITEBOARDS = PurePosixPath("whiteboards")
_TAGGED = frozenset({*outline.SUFFIXES, ".edn"})
"""The suffixes of files that may have tags: pages and whiteboards."""
IN_COPIES = "#card in copies and whiteboards is not read: {}; move what you miss into a page"
_TAG = b"#card"
_NAMELESS = "notes"
_OF_A_SET = frozenset({identity.LOCK_NAME, config.FILE_NAME})
_OF_OBSIDIAN = ".obsidian"
_LEFT_BY_DESKTOPS = frozenset({".DS_Store", ".localized", "desktop.ini", "Thumbs.db"})
_WITHOUT_PAGES = frozenset({"assets", "draws", "whiteboards"})


class NoteFile(Struct, frozen=True, dict=True):  # a `__dict__` for the cached property
    """A file of notes; `relative_path` is relative to the notes' root, with `/` on every system."""

    path: Path
    relative_path: str
    path_in_graph: PurePosixPath
    graph: Graph

    @cached_property
    def from_file_name(self) -> PageName:
        """The name of its page, if the page has no title."""
        return graph.page_name(self.path_in_graph, None, self.graph.settings)


class Walk(Struct, frozen=True):
    """The files of notes that belong together, and the problems of their folders.

    `root` is the folder that all paths are relative to, `start` the walked path: the root, or a single file in it.
    `missing` are pages and `unread` folders that are known to be absent for now, `outside` pages behind links out of
    the notes; `empty` are folders, or broken links, which may have had pages. `excluded` are pages, and folders with
    their graph, that a list of patterns excludes, each with the list's name.
    """

    root: Path
    start: Path
    files: list[NoteFile] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    missing: list[NoteFile] = field(default_factory=list)
    outside: list[NoteFile] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    excluded: list[tuple[NoteFile, str]] = field(default_factory=list)
    excluded_folders: list[tuple[str, Graph, str]] = field(default_factory=list)
    sets_below: list[str] = field(default_factory=list)

    def excluded_by(self, selection: str) -> str:
        """What excludes a path from the root, or one of its parents; empty if it is not excluded."""
        for file, source in self.excluded:
            if file.relative_path == selection:
                return source
        folders = ((source, f"{folder}/") for folder, _, source in self.excluded_folders)
        return next((source for source, folder in folders if f"{selection}/".startswith(folder)), "")

    def excluded_pages(self) -> Iterator[tuple[NoteFile, str]]:
        """All excluded pages, including those in excluded folders, which are only searched now."""
        yield from self.excluded
        for folder, around, source in self.excluded_folders:
            for inner, below, names in os.walk(self.root / folder):
                below[:] = sorted(name for name in below if not graph.is_never_read(name))
                for name in sorted(names):
                    if name.lower().endswith(outline.SUFFIXES) and not graph.is_never_read(name):
                        relative = (Path(inner) / name).relative_to(self.root)
                        in_graph = PurePosixPath(relative.relative_to(around.root).as_posix())
                        yield NoteFile(self.root / relative, relative.as_posix(), in_graph, around), source


def is_graph(folder: Path) -> bool:
    """Whether Logseq would take the folder for a graph; a graph's settings folder never is one."""
    if folder.name == graph.SETTINGS_FOLDER and _has_settings(folder.parent):
        return False
    return _has_settings(folder) or _is_unset_graph(folder)


def _has_settings(folder: Path) -> bool:
    return files.is_there(folder / graph.CONFIG_EDN)


def _is_unset_graph(folder: Path) -> bool:
    """Whether it is a graph whose settings were not committed, and not an Obsidian vault."""
    return all((folder / name).is_dir() for name in graph.OF_A_GRAPH) and not (folder / _OF_OBSIDIAN).is_dir()


def walk_file(path: Path) -> Walk:
    """A single file outside any graph: it counts as a folder with the file's name."""
    return Walk(path.parent, path, [NoteFile(path, path.name, PurePosixPath(path.name), graph.plain_folder(path.stem))])


def walk_folder(root: Path, exclude: Patterns | None = None, *, uses_gitignore: bool = True) -> Walk:
    """Find the files of notes below the root, sorted by path; each graph hides its own files.

    Files in `exclude` or a `.gitignore` are excluded. Raises `CannotRead` if the root itself cannot be read.
    """
    walker = _Walker(root, exclude, uses_gitignore=uses_gitignore)
    ignored = tuple(excluded.above_root(root)) if uses_gitignore else ()
    stack = [(root, graph.plain_folder(readable(root.name) or _NAMELESS), ignored)]
    while stack:
        stack += walker.enter(*stack.pop())
    return walker.finished()


class _Folder(Struct, frozen=True):
    """A folder and its entries by name; `relative_path` is from the notes' root, `inner` from its graph.

    `ignored` are the lists of patterns that apply here, the nearest last.
    """

    path: Path
    relative_path: str
    inner: PurePosixPath
    graph: Graph
    entries: dict[str, os.DirEntry[str]]
    ignored: tuple[Patterns, ...] = ()

    def below(self, name: str) -> str:
        """The path of an entry from the notes' root."""
        return name if self.relative_path == "." else f"{self.relative_path}/{name}"

    def is_shown(self, name: str) -> bool:
        """Whether Logseq reads entries with this name."""
        is_hidden = self.graph.settings.hidden and self.graph.hides((self.inner / name).as_posix())
        return not is_hidden and not graph.is_never_read(name)

    def page(self, name: str) -> NoteFile | None:
        """The file of notes with this name; `None` for other and hidden files."""
        if name.lower().endswith(outline.SUFFIXES) and self.is_shown(name):
            return NoteFile(self.path / name, self.below(name), self.inner / name, self.graph)
        return None


class _Walker:
    """The results so far. A folder is listed once, and the listing has the file types, so no file is examined."""

    def __init__(self, root: Path, exclude: Patterns | None, *, uses_gitignore: bool) -> None:
        self.walk = Walk(root, root)
        self.exclude = (exclude,) if exclude else ()
        self.uses_gitignore = uses_gitignore
        self.copies: dict[str, list[Path]] = {}
        self.of_services: list[Path] = []
        self.linked: list[tuple[Path, NoteFile]] = []

    def enter(
        self, path: Path, around: Graph, ignored: tuple[Patterns, ...]
    ) -> Iterator[tuple[Path, Graph, tuple[Patterns, ...]]]:
        """Examine a folder; returns the subfolders to enter, with their surroundings."""
        folder = self._with_patterns(self._folder(path, around), ignored)
        if path != self.walk.root and not _OF_A_SET.isdisjoint(folder.entries):
            self.walk.sets_below.append(folder.relative_path)
        copies = self.copies.setdefault(folder.graph.root, [])
        if _is_of_settings(folder):
            copies.extend(path / name for name, entry in folder.entries.items() if _may_be_copied(entry))
            return
        if folder.graph.is_logseq and folder.inner == _WHITEBOARDS:
            copies.append(path)
        for name, entry in folder.entries.items():
            if not entry.is_dir(follow_symlinks=False):
                self._look_at(entry, folder)
            elif graph.is_backup(folder.inner / name):
                copies.append(path / name)
            elif graph.is_of_a_service(name):
                self.of_services.append(path / name)
            elif folder.is_shown(name):
                if source := self._excluded_by(f"{folder.below(name)}/", folder):
                    self.walk.excluded_folders.append((folder.below(name), folder.graph, source))
                else:
                    yield path / name, folder.graph, folder.ignored

    def _with_patterns(self, folder: _Folder, ignored: tuple[Patterns, ...]) -> _Folder:
        """The folder with the patterns that apply in it."""
        if self.uses_gitignore and excluded.GITIGNORE in folder.entries:
            own = excluded.of_folder(folder.path, folder.relative_path, self.walk.root)
            for number, fault in own.faults if own else ():
                message = f"{fault}: this line is passed by; write it simpler"
                position = Position(folder.below(excluded.GITIGNORE), number)
                self.walk.problems.append(Problem(position, Severity.WARNING, _PATTERNS, message))
            ignored = (*ignored, own) if own else ignored
        return replace(folder, ignored=ignored) if ignored else folder

    def _excluded_by(self, path: str, folder: _Folder) -> str:
        """What excludes a path in a folder, or nothing."""
        lists = (*folder.ignored, *self.exclude)
        return excluded.excluded_by(path, lists) if lists else ""

    def _leaves_out(self, page: NoteFile, folder: _Folder) -> bool:
        """Whether a page is excluded, which is remembered."""
        if source := self._excluded_by(page.relative_path, folder):
            self.walk.excluded.append((page, source))
        return bool(source)

    def finished(self) -> Walk:
        """The sorted results."""
        walk = self.walk
        self._add_linked()
        walk.files.sort(key=lambda file: file.path.parts)
        for folders in self.copies.values():
            walk.problems.extend(_cards_in_copies(sorted(folders), walk.root))
        walk.problems.extend(_cards_of_services(sorted(self.of_services), walk.root))
        return walk

    def _folder(self, path: Path, around: Graph) -> _Folder:
        """The entries of a folder: none, with a problem, if it cannot be read."""
        relative_path = path.relative_to(self.walk.root).as_posix()
        try:
            with os.scandir(path) as listing:
                entries = {entry.name: entry for entry in listing}
        except OSError as failure:
            if path == self.walk.root:
                raise CannotRead(path, failure) from failure
            message = (
                f"{failure.strerror or failure}: make the folder readable; until then none of its notes is removed"
            )
            self._tell(relative_path, Severity.ERROR, UNREADABLE, message)
            self.walk.unread.append(relative_path)
            return _Folder(path, relative_path, self._inner(path, around), around, {})
        if not entries.keys() - _LEFT_BY_DESKTOPS and path.name not in _WITHOUT_PAGES and path != self.walk.root:
            self.walk.empty.append(relative_path)
        own_graph = self._graph_at(path, relative_path, entries, around)
        return _Folder(path, relative_path, self._inner(path, own_graph), own_graph, entries)

    def _inner(self, path: Path, own_graph: Graph) -> PurePosixPath:
        return PurePosixPath(path.relative_to(self.walk.root / own_graph.root).as_posix())

    def _graph_at(
        self, path: Path, relative_path: str, entries: Mapping[str, os.DirEntry[str]], around: Graph
    ) -> Graph:
        """The graph at a folder, or else the one around it."""
        is_of_settings = around.is_logseq and self._inner(path, around).as_posix() == graph.SETTINGS_FOLDER
        name = readable(path.name) or _NAMELESS
        if graph.SETTINGS_FOLDER in entries and not is_of_settings and _has_settings(path):
            config_edn = files.read_text(
                path / graph.CONFIG_EDN, self.walk.root, encoding="utf-8-sig", errors="replace"
            )
            own_graph, problems = graph.logseq_graph(relative_path, name, config_edn)
            self.walk.problems.extend(problems)
            return own_graph
        may_be_unset = not around.is_logseq and entries.keys() >= graph.OF_A_GRAPH
        return graph.unset_graph(relative_path, name) if may_be_unset and _is_unset_graph(path) else around

    def _look_at(self, entry: os.DirEntry[str], folder: _Folder) -> None:
        """Record an entry that is not a folder: a page, a link, a placeholder for a page."""
        page = folder.page(entry.name)
        if page and self._leaves_out(page, folder):
            return
        if entry.is_symlink():
            is_out = not page and self._excluded_by(folder.below(entry.name), folder)
            if page or (folder.is_shown(entry.name) and not is_out):
                self._follow(folder.path / entry.name, folder.below(entry.name), page)
        elif page:
            self.walk.files.append(page)
        elif entry.name.endswith(PLACEHOLDERS):
            self._miss(stood_for(entry.name), folder)

    def _miss(self, name: str, folder: _Folder) -> None:
        """Record that the page in a file with this name is absent, unless the file exists as well."""
        page = folder.page(name)
        if page and name not in folder.entries and not self._leaves_out(page, folder):
            self._lack(page, "kept elsewhere by your sync service: let it fetch the file; no note of it is removed")

    def _follow(self, path: Path, relative_path: str, page: NoteFile | None) -> None:
        """Follow a symbolic link. A target within the notes is read at its own place, unless that is not read."""
        try:
            mode = path.stat().st_mode
        except OSError as failure:
            if page:
                reason = failure.strerror or failure
                self._lack(page, f"a link leads nowhere ({reason}): fix it, or fetch what it points to")
            elif not path.suffix:
                self.walk.empty.append(relative_path)
            return
        if page and not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            self._lack(page, "a link to a pipe or a device, not to a file: put the file in its place")
        elif page or stat.S_ISDIR(mode):
            try:
                target = files.inside(path, self.walk.root)
            except OSError:
                self._tell(relative_path, Severity.WARNING, _LINKS, self._why_unread(path))
                self.walk.outside.extend([page] if page else [])
            else:
                self.linked.extend([(target, page)] if page and stat.S_ISREG(mode) else [])

    def _why_unread(self, link: Path) -> str:
        where = "out of the notes" if files.leads_out(link, self.walk.root) else "to what is hidden, or of another kind"
        return f"a link leads {where}, and is not followed: put its target in its place"

    def _lack(self, page: NoteFile, message: str) -> None:
        """Record that a page is absent for now."""
        self._tell(page.relative_path, Severity.ERROR, UNREADABLE, message)
        self.walk.missing.append(page)

    def _add_linked(self) -> None:
        """Add the pages that only a link reaches, each once, under the name of the first link."""
        if not self.linked:
            return
        root = Path(os.path.realpath(self.walk.root))
        known = {root / file.relative_path for file in self.walk.files}
        for target, page in sorted(self.linked, key=lambda pair: pair[1].relative_path):
            if target not in known:
                known.add(target)
                self.walk.files.append(replace(page, path=target))

    def _tell(self, path: str, severity: Severity, rule: str, message: str) -> None:
        self.walk.problems.append(Problem(Position(path), severity, rule, message))


def _is_of_settings(folder: _Folder) -> bool:
    return folder.graph.is_logseq and folder.inner.as_posix() == graph.SETTINGS_FOLDER


def _may_be_copied(entry: os.DirEntry[str]) -> bool:
    """Whether an entry of a graph's settings folder may be a page, or a folder with pages."""
    return entry.is_dir(follow_symlinks=False) or entry.name.lower().endswith(outline.SUFFIXES)


def _cards_in_copies(folders: list[Path], root: Path) -> Iterator[Problem]:
    """A problem if there are tags in backups or whiteboards, so that nobody wonders where those cards are."""
    yield from _told_tags(_tags_below(folders, root), BACKUPS, IN_COPIES)


def _cards_of_services(folders: list[Path], root: Path) -> Iterator[Problem]:
    message = "#card in a folder of a disk station's own is not read: {}; move what you miss into a page"
    yield from _told_tags(_tags_below(folders, root), COPIES, message)


def _told_tags(tags: Mapping[str, int], rule: str, message: str) -> Iterator[Problem]:
    if tagged := {path: count for path, count in tags.items() if count}:
        counts = ", ".join(f"{path} ({count})" for path, count in tagged.items())
        yield Problem(Position(next(iter(tagged))), Severity.WARNING, rule, message.format(counts))


def _tags_below(folders: list[Path], root: Path) -> dict[str, int]:
    return {folder.relative_to(root).as_posix(): sum(map(_tags_in, _copies(folder))) for folder in folders}


def _copies(folder: Path) -> Iterator[Path]:
    """The files below a folder, or itself, that may have tags; links are skipped, as in the notes."""
    if folder.suffix.lower() in _TAGGED and not folder.is_symlink():
        yield folder
    for inner, below, names in os.walk(folder) if not folder.is_symlink() else ():
        below.sort()
        paths = (Path(inner, name) for name in sorted(names))
        yield from (path for path in paths if path.suffix.lower() in _TAGGED and not path.is_symlink())


def _tags_in(path: Path) -> int:
    try:
        return files.read(path).lower().count(_TAG)
    except CannotRead:
        return 0
