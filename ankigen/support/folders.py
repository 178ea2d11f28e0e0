"""The folders for ankigen's cache, settings and state on this system."""

from __future__ import annotations

from pathlib import Path

import platformdirs

_NAME = "ankigen"


def cache() -> Path:
    """For data that can be recreated: diagrams, pictures from the web."""
    return platformdirs.user_cache_path(_NAME)


def settings() -> Path:
    """For the user's settings, which apply to all notes on this machine."""
    return platformdirs.user_config_path(_NAME)


def state() -> Path:
    """For data that must be kept, and belongs only to this machine."""
    return platformdirs.user_state_path(_NAME)
