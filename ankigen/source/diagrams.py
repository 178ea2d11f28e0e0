"""Draws Mermaid diagrams with `mmdc`, if it is installed."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from ankigen.data import MediaFile, Refusal
from ankigen.errors import CannotWrite
from ankigen.support import files
from ankigen.support.hashing import content_hash
from ankigen.support.structs import Struct

_PATIENCE = 60
"""In seconds."""
_KEY_DIGITS = 32


class Mermaid(Struct, frozen=True):
    """Draws diagrams with a program that takes `-i FILE -o FILE`, and keeps them in the folder `cache`.

    `name_of` makes the name in Anki from a file's name and content.
    """

    cache: Path
    name_of: Callable[[str, bytes], str]
    program: str = "mmdc"

    def draw(self, source: str) -> MediaFile | Refusal:
        """The picture of a diagram, or why there is none."""
        path = self.cache / f"{content_hash(source.encode(), _KEY_DIGITS)}.svg"
        if not path.is_file():
            program = shutil.which(self.program)
            if program is None:
                return _refused("install mmdc (npm install --global @mermaid-js/mermaid-cli) to show a picture")
            if failure := self._run(program, source, path):
                return _refused(failure)
        return MediaFile(self.name_of("diagram.svg", path.read_bytes()), str(path))

    def _run(self, program: str, source: str, path: Path) -> str:
        """Draw a diagram into the file `path`; returns what went wrong, or an empty text."""
        with tempfile.TemporaryDirectory() as folder:
            diagram, picture = Path(folder, "diagram.mmd"), Path(folder, "diagram.svg")
            diagram.write_text(source, encoding="utf-8")
            command = [program, "-i", str(diagram), "-o", str(picture), "-b", "transparent", "-q"]
            try:
                subprocess.run(command, check=True, capture_output=True, timeout=_PATIENCE)  # noqa: S603 - no shell
                files.replace(path, picture.read_bytes())
            except subprocess.CalledProcessError as failure:
                lines = failure.stderr.decode(errors="replace").strip().splitlines()
                return f"mmdc rejects it ({lines[0] if lines else 'without a word'}): fix the diagram"
            except (OSError, CannotWrite, subprocess.TimeoutExpired) as failure:
                return f"mmdc failed ({failure}): run it by hand to see why"
        return ""


def _refused(why: str) -> Refusal:
    return Refusal("no-mermaid", f"a diagram is shown as its source: {why}")
