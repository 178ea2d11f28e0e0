"""Runs git in the notes' folder, which may come from a stranger."""

from __future__ import annotations

import subprocess
from pathlib import Path

from ankigen.errors import GitFailed

_HARMLESS = ("-c", "core.fsmonitor=false", "-c", "protocol.allow=never")
"""A repository's settings may name programs; this stops git from running them, and from fetching anything."""


def git(root: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run git in `root`, whatever its exit code. Raises `GitFailed` if git cannot be run."""
    command = ["git", *_HARMLESS, *arguments]
    try:
        return subprocess.run(command, cwd=root, capture_output=True, check=False)  # noqa: S603
    except OSError as failure:
        raise GitFailed(f"{failure.strerror or failure}") from failure
