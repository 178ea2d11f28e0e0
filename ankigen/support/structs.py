"""Frozen values, made twelve times as fast as frozen dataclasses, and their conversion to bytes and back.

The speed counts: a build makes fifty values for each note.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

import msgspec
from msgspec import Meta, Raw, Struct, field
from msgspec.structs import fields, force_setattr, replace

__all__ = [
    "Meta",
    "Raw",
    "Struct",
    "field",
    "force_setattr",
    "from_bytes",
    "from_json",
    "from_plain",
    "replace",
    "required_fields",
    "to_bytes",
    "to_json",
]

Value = TypeVar("Value")


def to_bytes(value: object) -> bytes:
    """A tree of values as bytes, which `from_bytes` reads."""
    return msgspec.msgpack.encode(value)


def to_json(value: object) -> bytes:
    """A tree of values as JSON, an object for each value."""
    return msgspec.json.encode(value)


def from_bytes(type_: type[Value], data: bytes) -> Value:
    """The value of this type that `to_bytes` made the bytes of; a `ValueError` if they are of no such value."""
    try:
        value: Value = _decoder(type_).decode(data)  # type: ignore[arg-type] # a class can be hashed
    except (msgspec.DecodeError, RecursionError) as failure:
        raise ValueError(str(failure)) from failure
    return value


def from_json(type_: type[Value], data: bytes | Raw) -> Value:
    """The value of this type that a JSON text holds; a `ValueError` if it does not fit the type."""
    try:
        value: Value = _json_decoder(type_).decode(data)  # type: ignore[arg-type] # a class can be hashed
    except msgspec.DecodeError as failure:
        raise ValueError(str(failure)) from failure
    return value


def from_plain(type_: type[Value], plain: object, dec_hook: Callable[[type, Any], object] | None = None) -> Value:
    """The value of this type that dictionaries, lists and texts hold.

    A part that does not fit the type is a `ValueError`, which says where it is.

    `dec_hook(type, object)` makes the value of a type that is not built in; it raises a `TypeError` if it cannot.
    """
    try:
        return msgspec.convert(plain, type_, strict=True, dec_hook=dec_hook)
    except msgspec.ValidationError as failure:
        raise ValueError(str(failure)) from failure


def required_fields(struct: type[Struct]) -> tuple[str, ...]:
    """The names of the fields that have no default."""
    return tuple(info.name for info in fields(struct) if info.required)


@cache
def _decoder(type_: Any) -> msgspec.msgpack.Decoder[Any]:
    return msgspec.msgpack.Decoder(type_)


@cache
def _json_decoder(type_: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(type_)
