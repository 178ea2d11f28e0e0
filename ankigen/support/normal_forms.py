"""Normal forms: two names or texts that count as the same have the same one."""

from __future__ import annotations

import unicodedata
from functools import lru_cache


def comparable(text: str) -> str:
    """The text as identity compares it: NFC, each run of white space one blank."""
    return " ".join(unicodedata.normalize("NFC", text).split())


@lru_cache
def page_key(name: str) -> str:
    """A page's name as Logseq compares it: without regard to case, one slash at either end left out."""
    return comparable(name).lower().removeprefix("/").removesuffix("/")
