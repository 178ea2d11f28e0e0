"""How do data become bytes, and bytes data again, fast?"""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

import msgspec

Kind = TypeVar("Kind")


def to_bytes(value: object) -> bytes:
    """A tree of dataclasses as bytes, which `from_bytes` reads."""
    return msgspec.msgpack.encode(value)


def from_bytes(kind: type[Kind], data: bytes) -> Kind:
    """The value of this kind that the bytes were made of."""
    value: Kind = _decoder(kind).decode(data)  # type: ignore[arg-type] # a class can be hashed
    return value


def from_json(data: bytes) -> Any:
    """What a JSON text says; a ValueError if it is none."""
    try:
        return msgspec.json.decode(data)
    except msgspec.DecodeError as failure:
        raise ValueError(str(failure)) from failure


@cache
def _decoder(kind: Any) -> msgspec.msgpack.Decoder[Any]:
    return msgspec.msgpack.Decoder(kind)
