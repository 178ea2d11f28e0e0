"""Draw the README's picture of the command line, from a real run on a terminal.

Run `python -m tests.browser.terminal docs/pictures`.
"""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

from tests.helpers import processes
from tests.helpers.anki_server import running
from tests.helpers.building import write

WIDTH = 100
NOTES = """- What bends light? #card
\t- A lens
- What splits white light into its colours? #card
\t- A prism: ![a prism](prsim.svg)
- At dusk {{cloze red}} light is left #card
"""
MENDED = NOTES.replace("![a prism](prsim.svg)", "*each* colour bends by another angle")
COMMANDS = ("ankigen check optics.md", "ankigen sync optics.md --yes")


def main(folder: Path) -> None:
    """Write one picture: a mistake that `check` shows, then the sync of what was mended."""
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    with tempfile.TemporaryDirectory() as place, running(Path(place)) as anki:
        environment = {"ANKIGEN_ANKICONNECT_URL": anki.url, "HOME": place, "COLUMNS": str(WIDTH), "TERM": "dumb"}
        for command, notes in zip(COMMANDS, (NOTES, MENDED), strict=True):
            write(Path(place), optics=notes)
            console.print(Text(f"$ {command}", style="bold"))
            console.print(Text.from_ansi(_on_a_terminal(command, Path(place), environment)))
    without_web_fonts = re.sub(r"@font-face \{.*?\}\n", "", console.export_svg(title="ankigen"), flags=re.DOTALL)
    (folder / "terminal.svg").write_text(without_web_fonts, "utf-8")


def _on_a_terminal(command: str, folder: Path, environment: dict[str, str]) -> str:
    """What the command prints on a terminal; on a dumb one it draws no bars."""
    ours, theirs = pty.openpty()
    path = os.pathsep.join([str(processes.programs()), os.environ["PATH"]])
    with subprocess.Popen(
        command.split(),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=folder,
        env={**os.environ, "PATH": path, **environment},
    ):
        os.close(theirs)
        shown = _read_all(ours)
    return shown.decode().replace("\r\n", "\n")


def _read_all(terminal: int) -> bytes:
    """Everything until the program closes its end, which Linux tells as an error."""
    parts: list[bytes] = []
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:
            part = b""
        if not part:
            os.close(terminal)
            return b"".join(parts)
        parts.append(part)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
