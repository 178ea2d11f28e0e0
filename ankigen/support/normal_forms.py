"""Normal forms of names and texts: two that count as the same have the same form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

_NUMBER = re.compile(r"([0-9]+)")


def is_text(name: str) -> bool:
    """Whether a file's name is valid text; Python uses surrogates for bytes that are not UTF-8."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def readable(name: str) -> str:
    """A folder's name with `?` for everything that is not valid text."""
    return name.encode(errors="replace").decode()


def comparable(text: str) -> str:
    """The text as identity compares it: in NFC, with each run of white space as one space."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def unquoted(text: str) -> str:
    """The text without the quotes around it, if they enclose all of it."""
    text = text.strip()
    is_quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'"
    return text[1:-1] if is_quoted and text[0] not in text[1:-1] else text


def searchable(text: str) -> str:
    """The text for a search that must not miss a name: if any function below gives equal keys, so does this one."""
    return unicodedata.normalize("NFC", text.casefold())


@lru_cache(maxsize=1024)
def page_key(name: str) -> str:
    """A page's name as Logseq compares it: case-insensitive, without one slash at either end."""
    return comparable(name.lower()).removeprefix("/").removesuffix("/")


def reference_key(written: str) -> str:
    """The page that a reference means, however it is written: `#Ask`, `[[Ask]]`, `#[[Ask]]` and `Ask` are the same."""
    name = written.strip().lstrip("#")
    if name.startswith("[[") and name.endswith("]]"):
        name = name[2:-2].lstrip("#")
    return page_key(name)


@lru_cache
def property_key(key: str) -> str:
    """A property's name as Logseq compares it: lower-case, `-` for `_` and spaces, in any Unicode form."""
    return unicodedata.normalize("NFC", key.lower()).replace("_", "-").replace(" ", "-")


@lru_cache
def deck_key(deck: str) -> str:
    """A deck's name as Anki compares names: ignoring case, Unicode form and spaces around its parts."""
    return "::".join(part.strip() for part in unicodedata.normalize("NFC", deck).casefold().split("::"))


@lru_cache
def tag_key(tag: str) -> str:
    """A tag as Anki compares tags."""
    return unicodedata.normalize("NFC", tag).casefold()


def is_in_deck(deck: str, above: str) -> bool:
    """Whether a deck is `above` or one of its subdecks; both as in Anki."""
    return f"{deck_key(deck)}::".startswith(f"{deck_key(above)}::")


def is_below_tag(tag: str, above: str) -> bool:
    """Whether a tag is `above` or below it; both as in Anki."""
    return f"{tag_key(tag)}::".startswith(f"{tag_key(above)}::")


def with_those_above(name: str) -> list[str]:
    """The names of a deck or tag and all its parents, outermost first."""
    levels = name.split("::")
    return ["::".join(levels[:depth]) for depth in range(1, len(levels) + 1)]


Natural = tuple[tuple[str | tuple[int, str], ...], ...]
"""A sort key in natural order, level by level: words ignoring case, and numbers by value."""


@lru_cache(maxsize=4096)
def natural_path(path: str) -> tuple[Natural, str]:
    """The sort key of a file's path: `2 Next.md` comes before `10 Last.md`, and `Intro.md` before `Intro 2.md`."""
    folder, slash, name = path.rpartition("/")
    stem = name.rpartition(".")[0] or name
    return _natural(f"{folder}{slash}{stem}".split("/")), path


def natural_deck(deck: str) -> tuple[Natural, str]:
    """The sort key of a deck's name."""
    return _natural(deck.split("::")), deck


def _natural(levels: Iterable[str]) -> Natural:
    return tuple(tuple(_comparable_parts(level)) for level in levels)


def _comparable_parts(text: str) -> Iterator[str | tuple[int, str]]:
    """Words and numbers in turn, words first; a number has its count of digits first, because it may be very long."""
    for place, part in enumerate(_NUMBER.split(unicodedata.normalize("NFC", text))):
        digits = part.lstrip("0")
        yield (len(digits), digits) if place % 2 else part.casefold()
