"""The two forms of a GUID: as Anki holds it, and plain.

Anki's own GUIDs, and those of other tools, hold `<`, `&`, `[`, quotes, `#`. Everywhere in ankigen, in the lock file, in
the field `Guid` and in searches a GUID is plain: letters, digits and hyphens, all else as `%3C`. Only packages, and
what Anki says of its notes, hold the other form. What ankigen makes itself is the same in both.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

_LONGEST = 64
_SIMPLE = re.compile(r"[0-9A-Za-z-]{1,64}")
_PLAIN = re.compile(r"(?:[0-9A-Za-z-]|%[0-9A-F]{2})+")
_WORDS_OF_THE_LOCK = frozenset({"note", "source", "style", "version"})
"""What begins a line of the lock file that is of no note: a GUID that is such a word has its first letter escaped."""

_UNCOMMON = re.compile(r"[^0-9A-Za-z-]+")


def plain_guid(held: str) -> str | None:
    """The plain form of a GUID that Anki holds; nothing if it has none, since it cannot be printed or is too long."""
    if not held or len(held) > _LONGEST or not held.isprintable():
        return None
    if held in _WORDS_OF_THE_LOCK:
        return f"%{ord(held[0]):02X}{held[1:]}"
    return _UNCOMMON.sub(_escaped, held)


def held_guid(plain: str) -> str:
    """The GUID as Anki holds it."""
    return unquote(plain) if "%" in plain else plain


def is_plain_guid(text: str) -> bool:
    """Whether this is the plain form of a GUID, letter for letter as `plain_guid` makes it."""
    if "%" not in text:
        return _SIMPLE.fullmatch(text) is not None and text not in _WORDS_OF_THE_LOCK
    return _PLAIN.fullmatch(text) is not None and plain_guid(held_guid(text)) == text


def _escaped(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode())
