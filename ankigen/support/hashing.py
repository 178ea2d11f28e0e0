"""Hashes that name content, the same on every machine."""

from __future__ import annotations

import hashlib


def digest(*parts: str, length: int) -> str:
    """A hash of `length` hex digits; the parts are hashed with their lengths, so ("ab", "c") and ("a", "bc") differ."""
    framed = ""
    for part in parts:
        framed += f"{len(part)}:{part}"
    return content_hash(framed.encode(), length)


def content_hash(data: bytes, length: int) -> str:
    """The first `length` hex digits of the SHA-256 of some bytes."""
    return hashlib.sha256(data).hexdigest()[:length]
