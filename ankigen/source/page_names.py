"""Names the page in a file by Logseq's rules, and says what a page's name tells."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import PurePosixPath
from urllib.parse import unquote

from ankigen.source import journal_dates
from ankigen.source.config_edn import NameFormat, Settings
from ankigen.support.normal_forms import page_key
from ankigen.support.structs import Struct
from ankigen.syntax.bounds import DEEPEST_NAMESPACE

_JOURNAL_FORMATS = ("MMM do, yyyy", "yyyy-MM-dd", "yyyy_MM_dd")
_NO_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_LOWBARS = "___"
_NOT_A_NAMESPACE = ("../", "./")


class PageName(Struct, frozen=True):
    """A page's name as Logseq shows it."""

    text: str
    is_journal: bool = False

    @property
    def key(self) -> str:
        """What Logseq compares names by."""
        return page_key(self.text)

    @property
    def parents(self) -> tuple[str, ...]:
        """The names of the pages whose namespace holds this one, the nearest first; a journal is in none.

        Of very many only the nearest.
        """
        name = self.text
        if self.is_journal or name.startswith(_NOT_A_NAMESPACE) or "://" in name:
            return ()
        return tuple(name[:index] for index in _slashes(name)[: -DEEPEST_NAMESPACE - 1 : -1])


def _slashes(name: str) -> list[int]:
    return [index for index, character in enumerate(name) if character == "/" and 0 < index < len(name) - 1]


def page_name(path: PurePosixPath, title: str | None, settings: Settings) -> PageName:
    """Name the page in the file `path`, relative to its graph; `title` is the page's property of that name."""
    if settings.name_format is NameFormat.PLAIN:
        return PageName(_normal(title or path.stem), is_journal=any(_journal_dates(path.stem, _JOURNAL_FORMATS)))
    name = title or _from_file(path, settings)
    formats: list[tuple[str, tuple[str, ...]]] = [(name, (settings.journal_title_format, *_JOURNAL_FORMATS))]
    if path.is_relative_to(settings.journals_directory):
        formats.append((path.stem, (settings.journal_file_format,)))
    days = (day for text, patterns in formats for day in _journal_dates(text, patterns))
    if day := next(days, None):
        return PageName(journal_dates.format_date(day, settings.journal_title_format), is_journal=True)
    return PageName(_normal(name))


def _journal_dates(text: str, patterns: tuple[str, ...]) -> Iterator[date]:
    return (day for pattern in patterns if (day := journal_dates.parse_date(text, pattern)))


def _normal(name: str) -> str:
    return unicodedata.normalize("NFC", name.strip()).removeprefix("/").removesuffix("/")


def _from_file(path: PurePosixPath, settings: Settings) -> str:
    stem = path.stem
    if path.parent.as_posix() == settings.pages_directory and stem.lower() == "contents":
        return "Contents"
    if settings.name_format is NameFormat.LEGACY:
        return _decoded(stem.replace(".", "/"))
    return "/".join(part for part in _decoded(stem.replace(_LOWBARS, "/")).split("/") if part.strip())


def _decoded(text: str) -> str:
    """The text with its `%XX` read; all of it as it is, if one cannot be read."""
    if _NO_ESCAPE.search(text):
        return text
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError:
        return text
