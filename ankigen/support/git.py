"""Runs git in the folder of the notes, which may be a stranger's."""

from __future__ import annotations

import subprocess
from pathlib import Path

from ankigen.errors import GitFailed

_HARMLESS = ("-c", "core.fsmonitor=false", "-c", "protocol.allow=never")
"""A repository's settings may name programs; none of these is run, and nothing is fetched."""


def git(root: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run git below `root`, whatever its exit code; where there is no git to run, raise `GitFailed`."""
    command = ["git", *_HARMLESS, *arguments]
    try:
        return subprocess.run(command, cwd=root, capture_output=True, check=False)  # noqa: S603
    except OSError as failure:
        raise GitFailed(f"{failure.strerror or failure}") from failure
