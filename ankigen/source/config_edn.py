"""Reads the settings in `logseq/config.edn` that reading the graph depends on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import Enum
from types import MappingProxyType
from typing import Any

from ankigen.data import Position, Problem, Severity
from ankigen.source import edn
from ankigen.support.structs import Struct, field

_CONFLICT = re.compile(r"^(?:<{7}|={7}|>{7})(?: |$)", re.MULTILINE)
_TRIPLE_LOWBAR = re.compile(r"^[^;\n]*:file/name-format\s+:triple-lowbar\b", re.MULTILINE)


class NameFormat(Enum):
    """How a page's name becomes a file's name; a plain folder has no such rule."""

    TRIPLE_LOWBAR = "triple-lowbar"
    LEGACY = "legacy"
    PLAIN = "plain"


class Settings(Struct, frozen=True):
    """The settings of a graph, with Logseq's defaults; directories and `hidden` are relative to the graph."""

    name_format: NameFormat = NameFormat.LEGACY
    hidden: tuple[str, ...] = ()
    pages_directory: str = "pages"
    journals_directory: str = "journals"
    journal_title_format: str = "MMM do, yyyy"
    journal_file_format: str = "yyyy_MM_dd"
    macros: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def read_settings(text: str, path: str) -> tuple[Settings, list[Problem]]:
    """Parse the text of a `config.edn`; a broken one gives a warning and the defaults; `path` is for the warning.

    The name format is looked up in a broken text, too, because page names, and so identities, depend on it.
    """
    try:
        return _settings(_plain(text)), []
    except _Broken as broken:
        message = f"{broken}: fix the file; until then Logseq's defaults are used"
        problem = Problem(Position(path, broken.line), Severity.WARNING, "broken-graph-config", message)
        return Settings(name_format=_name_format_of(bool(_TRIPLE_LOWBAR.search(text)))), [problem]


class _Broken(Exception):
    def __init__(self, fault: str, line: int = 1) -> None:
        super().__init__(fault)
        self.line = line


def _plain(text: str) -> dict[str, Any]:
    """The map of the file; its keys are the keywords without their colon."""
    if conflict := _CONFLICT.search(text):
        raise _Broken("git's conflict marks are in the graph's settings", text.count("\n", 0, conflict.start()) + 1)
    try:
        values = edn.read(text)
    except edn.BrokenEdn as broken:
        raise _Broken(f"the graph's settings cannot be read ({broken})", broken.line) from broken
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise _Broken("the graph's settings are not a map")
    return {key.name: value for key, value in values.items() if isinstance(key, edn.Keyword)}


def _settings(given: Mapping[str, Any]) -> Settings:
    default = Settings()
    return Settings(
        name_format=_name_format_of(given.get("file/name-format") == NameFormat.TRIPLE_LOWBAR.value),
        hidden=tuple(_texts(given, "hidden")),
        pages_directory=_text(given, "pages-directory", default.pages_directory).strip("/"),
        journals_directory=_text(given, "journals-directory", default.journals_directory).strip("/"),
        journal_title_format=_text(given, "journal/page-title-format", default.journal_title_format),
        journal_file_format=_text(given, "journal/file-name-format", default.journal_file_format),
        macros=_macros(given),
    )


def _name_format_of(is_triple_lowbar: bool) -> NameFormat:
    return NameFormat.TRIPLE_LOWBAR if is_triple_lowbar else NameFormat.LEGACY


def _text(given: Mapping[str, Any], key: str, default: str) -> str:
    value = given.get(key)
    if value is None:
        return default
    if not isinstance(value, str):
        raise _Broken(f"`:{key}` is not a text")
    return value or default


def _texts(given: Mapping[str, Any], key: str) -> Iterable[str]:
    value = given.get(key) or ()
    if not isinstance(value, tuple) or not all(isinstance(item, str) for item in value):
        raise _Broken(f"`:{key}` is not a list of texts")
    return value


def _macros(given: Mapping[str, Any]) -> Mapping[str, str]:
    value = given.get("macros") or {}
    if not isinstance(value, dict):
        raise _Broken("`:macros` is not a map")
    named = {name.name if isinstance(name, edn.Keyword) else str(name): text for name, text in value.items()}
    return MappingProxyType({name: text for name, text in named.items() if isinstance(text, str)})
