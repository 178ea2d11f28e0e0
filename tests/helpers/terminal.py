"""ankigen on a pseudo-terminal, as a person meets it."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from tests.helpers import processes


def on_a_terminal(*arguments: str, folder: Path, **environment: str) -> tuple[str, int]:
    """Run ankigen with all its streams on a terminal; what it showed, and its exit code."""
    import pty

    ours, theirs = pty.openpty()
    kept = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "TERM", "CI"}}
    running = processes.begin(arguments, folder, kept | {"TERM": "xterm"} | environment, [theirs] * 3)
    os.close(theirs)
    shown = b""
    with suppress(OSError):  # Linux ends the reading of a closed terminal with an error
        while chunk := os.read(ours, 4096):
            shown += chunk
    os.close(ours)
    return shown.decode().replace("\r\n", "\n"), running.wait()
