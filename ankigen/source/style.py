"""The user's own CSS, with its fonts and pictures.

They are packed under names that begin with `_`, which Anki keeps even if unused, and the CSS refers to those names.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from ankigen import config
from ankigen.config import Config
from ankigen.data import End, MediaFile, Position, Problem, Refusal, Severity
from ankigen.errors import CannotRead
from ankigen.source.data_pictures import is_data
from ankigen.source.media import MediaFinder
from ankigen.support import files
from ankigen.support.structs import Struct, replace
from ankigen.syntax.words import FONTS, PACKED

_DOUBLE, _SINGLE = r'"(?>(?:[^"\\\n]|\\.)*)"', r"'(?>(?:[^'\\\n]|\\.)*)'"
TOKEN = re.compile(
    rf"""
    /\*(?>(?:[^*]|\*(?!/))*)(?:\*/|\Z)
    | @namespace\b[^;]*+
    | (?P<import>@import\b(?>(?:{_DOUBLE}|{_SINGLE}|[^;"'])*))
    | (?<![\w-])url\(\s*+(?P<url>{_DOUBLE}|{_SINGLE}|(?>(?:[^\s"'()\\]|\\[0-9a-f]{{1,6}}\s?|\\.)*))\s*+\)
    | (?P<choice>{_DOUBLE}|{_SINGLE})(?=\s+(?:[\d.]+(?:x|dp\w+)\b|type\())
    | {_DOUBLE} | {_SINGLE}
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
"""The addresses in CSS, including strings in an `image-set`, and the tokens that only look like addresses."""
_ESCAPE = re.compile(r"\\(?:(?P<code>[0-9A-Fa-f]{1,6})\s?|(?P<sign>.))", re.DOTALL)
_WEB = re.compile(r"\s*(?:https?:)?//", re.IGNORECASE)


class Style(Struct, frozen=True):
    """The CSS for Anki, its files, and its problems."""

    css: str = ""
    media: tuple[MediaFile, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_style(settings: Config, root: Path) -> Style:
    """The CSS file from the settings; paths in problems are relative to the root of the notes. Raises `CannotRead`."""
    if settings.css is None:
        return Style()
    try:
        css = files.read_text(settings.css)
    except UnicodeDecodeError as failure:
        raise CannotRead(settings.css, failure) from failure
    shown_path = Path(os.path.relpath(settings.css, root)).as_posix()
    return packed_css(settings.css, css, _folder(settings.css, root), shown_path)


def packed_css(path: Path, css: str, folder: Path, shown_path: str) -> Style:
    """The text of a CSS file, with its media from a folder; problems name the file by `shown_path`."""
    reading = _Reading(path, folder, shown_path, css)
    packed = TOKEN.sub(reading.token, css)
    return Style(packed, tuple(dict.fromkeys(reading.media)), tuple(reading.problems))


class _Reading:
    """One CSS text being read: media and problems are collected."""

    def __init__(self, path: Path, folder: Path, shown_path: str, css: str) -> None:
        self._css = css
        self._page = Path(os.path.relpath(path, folder)).as_posix()
        self._path = shown_path
        self._finder = MediaFinder(folder, kinds=PACKED | FONTS)
        self.media: list[MediaFile] = []
        self.problems: list[Problem] = []

    def token(self, token: re.Match[str]) -> str:
        """The same token, with the address of the file in Anki."""
        if token["import"]:
            self._warn(token, "style-address", "@import does nothing on a card: put the rules of that file here")
        written = token["url"] or token["choice"]
        address = _unescaped(written.strip("\"'")) if written else ""
        name = self._name(token, address) if address and not is_data(address) and not address.startswith("#") else None
        return token[0] if name is None else token[0].replace(written, f'"{name}"', 1)

    def _name(self, token: re.Match[str], address: str) -> str | None:
        """The name of the file in Anki; empty, with a problem, if it is not packed."""
        if _WEB.match(address):
            advice = (
                "put the file beside the CSS, or it is not shown without a network, and who serves it sees the reader"
            )
            self._warn(token, "style-address", f"{address} is on the web and is not packed: {advice}")
            return None
        found = self._finder.find(address, self._page)
        if not isinstance(found, MediaFile):
            refusal = found or Refusal(
                "style-address", f"{address} is not the address of a file: use a file next to the CSS"
            )
            self._warn(token, refusal.rule, refusal.message)
            return None
        file = replace(found, name=f"_{found.name}")
        self.media.append(file)
        return file.name + (f"#{address.partition('#')[2]}" if address.partition("#")[2].isalnum() else "")

    def _warn(self, token: re.Match[str], rule: str, message: str) -> None:
        start, end = (self._place(offset) for offset in token.span())
        self.problems.append(Problem(Position(self._path, *start), Severity.WARNING, rule, message, End(*end)))

    def _place(self, offset: int) -> tuple[int, int]:
        """Line and column, from 1."""
        return self._css.count("\n", 0, offset) + 1, offset - self._css.rfind("\n", 0, offset)


def _folder(path: Path, root: Path) -> Path:
    """The folder of the config, from which files may be packed; that of the CSS file if Python code set it."""
    found = config.find(root)
    return found.parent if found and path.is_relative_to(found.parent) else path.parent


def _unescaped(text: str) -> str:
    def sign(escape: re.Match[str]) -> str:
        if not escape["code"]:
            return escape["sign"]
        code = int(escape["code"], 16)
        return chr(code) if 0 < code < 0xD800 or 0xDFFF < code < 0x110000 else "\ufffd"

    return _ESCAPE.sub(sign, text) if "\\" in text else text
