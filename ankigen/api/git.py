"""Runs git in the folder of the notes."""

from __future__ import annotations

import subprocess
from pathlib import Path

from ankigen.errors import GitFailed


def git(root: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run git below `root`, whatever its exit code; where there is no git to run, raise `GitFailed`."""
    try:
        return subprocess.run(["git", *arguments], cwd=root, capture_output=True, check=False)  # noqa: S603, S607
    except OSError as failure:
        raise GitFailed(f"{failure.strerror or failure}") from failure
