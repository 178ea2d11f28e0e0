"""The folders where this system keeps caches and state."""

from __future__ import annotations

from pathlib import Path

import platformdirs

_NAME = "ankigen"


def cache() -> Path:
    """For what can be made again: diagrams, pictures from the web."""
    return platformdirs.user_cache_path(_NAME)


def state() -> Path:
    """For what must last, and belongs to this machine alone."""
    return platformdirs.user_state_path(_NAME)
