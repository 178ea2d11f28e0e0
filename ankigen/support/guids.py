"""The two forms of a GUID: Anki's form, and plain.

The GUIDs of Anki and other tools contain `<`, `&`, `[`, quotes, `#`. In ankigen, in the lock file, in the field `Guid`
and in searches a GUID is plain: letters, digits and hyphens, everything else escaped, as in `%3C`. Only packages, and
Anki's answers about its notes, have Anki's form. ankigen's own GUIDs are the same in both.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

_LONGEST = 64
_SIMPLE = re.compile(r"[0-9A-Za-z-]{1,64}")
_PLAIN = re.compile(r"(?:[0-9A-Za-z-]|%[0-9A-F]{2})+")
_WORDS_OF_THE_LOCK = frozenset({"note", "source", "style", "version"})
"""The first words of lock file lines that are not notes: in a GUID equal to one, the first letter is escaped."""

_UNCOMMON = re.compile(r"[^0-9A-Za-z-]+")


def plain_guid(held: str) -> str | None:
    """The plain form of a GUID in Anki; `None` if it is empty, unprintable or too long."""
    if not held or len(held) > _LONGEST or not held.isprintable():
        return None
    if held in _WORDS_OF_THE_LOCK:
        return f"%{ord(held[0]):02X}{held[1:]}"
    return _UNCOMMON.sub(_escaped, held)


def held_guid(plain: str) -> str:
    """The GUID in Anki's form."""
    return unquote(plain) if "%" in plain else plain


def is_plain_guid(text: str) -> bool:
    """Whether this is the plain form of a GUID, letter for letter as `plain_guid` makes it."""
    if "%" not in text:
        return _SIMPLE.fullmatch(text) is not None and text not in _WORDS_OF_THE_LOCK
    return _PLAIN.fullmatch(text) is not None and plain_guid(held_guid(text)) == text


def _escaped(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode())
