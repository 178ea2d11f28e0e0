"""Logseq's rules for a graph: which files it hides, and the default deck of a page's cards.

These are functions of names and settings, without disk access.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import PurePosixPath

from ankigen.config import Config
from ankigen.data import Problem
from ankigen.source.config_edn import NameFormat, Settings, read_settings
from ankigen.source.page_names import PageName, page_name
from ankigen.support.normal_forms import page_key
from ankigen.support.structs import Struct

__all__ = [
    "CONFIG_EDN",
    "OF_A_GRAPH",
    "SETTINGS_FOLDER",
    "Graph",
    "NameFormat",
    "PageName",
    "Settings",
    "deck_of_page",
    "default_deck",
    "is_backup",
    "is_never_read",
    "is_of_a_service",
    "logseq_graph",
    "page_name",
    "plain_folder",
    "unset_graph",
    "with_prefix",
]

SETTINGS_FOLDER = "logseq"
CONFIG_EDN = f"{SETTINGS_FOLDER}/config.edn"
OF_A_GRAPH = frozenset({"pages", "journals"})
"""The folders that make a folder without settings a graph."""
_BACKUPS = frozenset({("logseq", "bak"), ("logseq", ".recycle"), ("logseq", "version-files")})
_TRASHES = frozenset({".trash", "#recycle", "@recycle", "$recycle.bin"})
_OF_SERVICES = frozenset({"@eadir", "#snapshot", "@recently-snapshot"})
"""Folders in which a NAS keeps its own files, in lower case."""
_OF_A_FOLDER = frozenset({"readme", "index"})
"""Names of files that describe their folder, in lower case."""
_NEVER_READ = frozenset({"node_modules"})
_CONTROLS = dict.fromkeys([*range(0x20), 0x7F]) | dict.fromkeys(map(ord, "\t\n\v\f\r"), " ")
_AROUND_A_LEVEL = re.compile(r"\A[\s:]+|[\s:]+\Z")
_DECK_SEPARATOR = re.compile(r"::|/")


class Graph(Struct, frozen=True):
    """A Logseq graph, or a plain folder of notes; `root` is its folder, relative to the root of the notes."""

    root: str
    name: str
    settings: Settings

    @property
    def is_logseq(self) -> bool:
        """Whether Logseq's rules apply."""
        return self.settings.name_format is not NameFormat.PLAIN

    def hides(self, path: str) -> bool:
        """Whether the graph's `:hidden` covers a path inside it."""
        return any(path.startswith(prefix.removeprefix("/")) for prefix in self.settings.hidden)


def plain_folder(name: str) -> Graph:
    """A folder without Logseq's settings."""
    return Graph(".", name, Settings(name_format=NameFormat.PLAIN))


def logseq_graph(root: str, name: str, config_edn: str) -> tuple[Graph, list[Problem]]:
    """A graph with the settings of its `config.edn`, and their problems."""
    settings, problems = read_settings(config_edn, (PurePosixPath(root) / CONFIG_EDN).as_posix())
    return Graph(root, name, settings), problems


def unset_graph(root: str, name: str) -> Graph:
    """A graph without a settings folder: Logseq would use the settings of a new graph."""
    return Graph(root, name, Settings(name_format=NameFormat.TRIPLE_LOWBAR))


def is_backup(path: PurePosixPath) -> bool:
    """Whether a folder, relative to its graph, contains old copies of pages."""
    return path.name.lower() in _TRASHES or path.parts[-2:] in _BACKUPS


def is_of_a_service(name: str) -> bool:
    """Whether a folder with this name contains what a NAS generates from the files beside it."""
    return name.lower() in _OF_SERVICES


def is_never_read(name: str) -> bool:
    """Whether Logseq ignores every file or folder with this name."""
    return name.startswith(".") or name in _NEVER_READ


def default_deck(graph: Graph, path: PurePosixPath, name: PageName, config: Config) -> str:
    """The deck of a card without `deck::`; `path` is relative to the graph."""
    ruled = _ruled(config.deck_rules, _names(graph, path, name))
    return _deck([ruled]) or _deck(_levels(graph, path, name, config)) or _deck([graph.name])


def deck_of_page(graph: Graph, path: PurePosixPath, name: PageName, config: Config) -> str:
    """The deck with the page's name, or for a README or index with its folder's name; or nothing."""
    source = _deck_source(graph, config)
    if path.stem.lower() in _OF_A_FOLDER:
        folders = _folders(graph, path)
        ruled = _ruled(config.deck_rules, [name.rpartition("/")[0] for name in _names(graph, path, name)])
        of_folder = folders if source == "folder" else ("",) if folders else (graph.name,)
        return with_prefix(ruled or "/".join(of_folder), config.deck_prefix)
    if source == "graph" or name.is_journal or _ruled(config.deck_rules, _names(graph, path, name)):
        return ""
    levels = [name.text] if source == "namespace" else _levels(graph, path, name, config)
    return with_prefix("/".join(levels), config.deck_prefix)


@lru_cache(maxsize=1024)
def with_prefix(deck: str, prefix: str) -> str:
    """The deck below the option's parent deck."""
    return _deck([prefix, deck])


def _names(graph: Graph, path: PurePosixPath, name: PageName) -> tuple[str, ...]:
    """The names by which a rule can match a page."""
    return name.text, path.as_posix(), (PurePosixPath(graph.root) / path).as_posix()


def _ruled(rules: Mapping[str, str], names: Iterable[str]) -> str:
    """The deck of the longest rule that matches one of the names or their parents."""
    if not rules:
        return ""
    fitting = [above for name in names for above in _upward(page_key(name)) if above in rules]
    return rules[max(fitting, key=len)] if fitting else ""


def _upward(name: str) -> Iterator[str]:
    """The name of a page or path, the same without its suffix, and all its parents."""
    path = PurePosixPath(name)
    yield name
    yield path.with_suffix("").as_posix() if path.name else name
    yield from (above.as_posix() for above in path.parents)


def _deck_source(graph: Graph, config: Config) -> str:
    """The source of deck names without a page property or a rule."""
    return config.deck_from or ("graph" if graph.is_logseq else "folder")


def _levels(graph: Graph, path: PurePosixPath, name: PageName, config: Config) -> list[str]:
    """The levels of the deck; none if it is the graph's deck."""
    source = _deck_source(graph, config)
    if source == "graph" or name.is_journal:
        return []
    if source == "page":
        return [name.text]
    if source == "namespace":
        return list(name.parents[:1])
    return [*_folders(graph, path), name.text if graph.is_logseq else path.stem]


def _folders(graph: Graph, path: PurePosixPath) -> tuple[str, ...]:
    """The folders above a file, without Logseq's folder for all pages."""
    pages = graph.settings.pages_directory
    inner = path.relative_to(pages) if graph.is_logseq and path.is_relative_to(pages) else path
    return inner.parent.parts


def _deck(levels: Iterable[str]) -> str:
    """The levels as one name, as Anki stores it: without control characters, and without colons around a level."""
    parts = (part for level in levels for part in _DECK_SEPARATOR.split(unicodedata.normalize("NFC", level)))
    return "::".join(level for part in parts if (level := _AROUND_A_LEVEL.sub("", part.translate(_CONTROLS))))
