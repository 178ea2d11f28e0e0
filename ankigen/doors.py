"""How does a folder show what its parts hold, and load a part only when somebody asks for it?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import Any


def front_door(scope: dict[str, Any], parts: Mapping[str, Iterable[str]]) -> Callable[[str], object]:
    """A `__getattr__` for the folder with these globals; `parts` says which names each of its parts holds."""
    folder = scope["__name__"]
    homes = {name: part for part, names in parts.items() for name in names}
    assert homes.keys().isdisjoint(parts), "a part that is imported hides what has its name"

    def find(name: str) -> object:
        if name not in homes:
            raise AttributeError(f"module {folder!r} has no attribute {name!r}")
        found = scope[name] = getattr(import_module(f"{folder}.{homes[name]}"), name)  # asked once only
        return found

    return find
