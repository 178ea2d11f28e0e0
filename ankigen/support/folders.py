"""The folders where ankigen keeps caches and state on this system."""

from __future__ import annotations

from pathlib import Path

import platformdirs

_NAME = "ankigen"


def cache() -> Path:
    """For what can be made again: diagrams, pictures from the web."""
    return platformdirs.user_cache_path(_NAME)


def settings() -> Path:
    """For what the user has set for all notes on this machine."""
    return platformdirs.user_config_path(_NAME)


def state() -> Path:
    """For what must last, and belongs to this machine alone."""
    return platformdirs.user_state_path(_NAME)
