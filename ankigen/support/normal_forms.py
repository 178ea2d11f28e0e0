"""Normal forms of names and texts: two that count as the same have the same form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

_NUMBER = re.compile(r"([0-9]+)")


def is_text(name: str) -> bool:
    """Whether the name of a file is text; Python puts halves of characters for bytes that are not UTF-8."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def readable(name: str) -> str:
    """The name of a folder with `?` for what is no text in it."""
    return name.encode(errors="replace").decode()


def comparable(text: str) -> str:
    """The text as identity compares it: NFC, each run of white space one blank."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def unquoted(text: str) -> str:
    """The text without quotes around the whole of it; those of a part are its own."""
    text = text.strip()
    is_quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'"
    return text[1:-1] if is_quoted and text[0] not in text[1:-1] else text


def searchable(text: str) -> str:
    """The text for a search that must miss no name: names with equal keys, by any function below, are equal in it."""
    return unicodedata.normalize("NFC", text.casefold())


@lru_cache(maxsize=1024)
def page_key(name: str) -> str:
    """A page's name as Logseq compares it: without regard to case, one slash at either end left out."""
    return comparable(name.lower()).removeprefix("/").removesuffix("/")


def reference_key(written: str) -> str:
    """The page that a reference means, whichever way it is written: `#Ask`, `[[Ask]]`, `#[[Ask]]` and `Ask` are one."""
    name = written.strip().lstrip("#")
    if name.startswith("[[") and name.endswith("]]"):
        name = name[2:-2].lstrip("#")
    return page_key(name)


@lru_cache
def property_key(key: str) -> str:
    """A property's name as Logseq compares it: lower-case, `-` for `_` and blanks; the Unicode form does not count."""
    return unicodedata.normalize("NFC", key.lower()).replace("_", "-").replace(" ", "-")


@lru_cache
def deck_key(deck: str) -> str:
    """A deck's name as Anki compares names: without regard to case, Unicode form and blanks around its parts."""
    return "::".join(part.strip() for part in unicodedata.normalize("NFC", deck).casefold().split("::"))


@lru_cache
def tag_key(tag: str) -> str:
    """A tag as Anki compares tags."""
    return unicodedata.normalize("NFC", tag).casefold()


def is_in_deck(deck: str, above: str) -> bool:
    """Whether a deck is the other one or below it; both are as Anki has them."""
    return f"{deck_key(deck)}::".startswith(f"{deck_key(above)}::")


def is_below_tag(tag: str, above: str) -> bool:
    """Whether a tag is the other one or below it; both are as Anki has them."""
    return f"{tag_key(tag)}::".startswith(f"{tag_key(above)}::")


def with_those_above(name: str) -> list[str]:
    """The names of the levels of a deck or tag, from the outermost down to its own."""
    levels = name.split("::")
    return ["::".join(levels[:depth]) for depth in range(1, len(levels) + 1)]


Natural = tuple[tuple[str | tuple[int, str], ...], ...]
"""Names in an order that people expect, level by level: words without regard to case, and numbers by their value."""


@lru_cache(maxsize=4096)
def natural_path(path: str) -> tuple[Natural, str]:
    """A file's path as it is ordered: `2 Next.md` comes before `10 Last.md`, and `Intro.md` before `Intro 2.md`."""
    folder, slash, name = path.rpartition("/")
    stem = name.rpartition(".")[0] or name
    return _natural(f"{folder}{slash}{stem}".split("/")), path


def natural_deck(deck: str) -> tuple[Natural, str]:
    """A deck's name as it is ordered."""
    return _natural(deck.split("::")), deck


def _natural(levels: Iterable[str]) -> Natural:
    return tuple(tuple(_comparable_parts(level)) for level in levels)


def _comparable_parts(text: str) -> Iterator[str | tuple[int, str]]:
    """Words and numbers in turn, words first; a number by how many digits it has, for it may be of any length."""
    for place, part in enumerate(_NUMBER.split(unicodedata.normalize("NFC", text))):
        digits = part.lstrip("0")
        yield (len(digits), digits) if place % 2 else part.casefold()
