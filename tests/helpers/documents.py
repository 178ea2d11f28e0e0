"""Pages of documentation as sessions: the notes they show are on disk, their commands run one after the other."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.helpers import processes

ROOT = Path(__file__).parents[2]
_EXAMPLE = re.compile(r"^```console\n\$ (?P<command>.+)\n(?P<output>(?:.*\n)*?)```$", re.MULTILINE)
_FILE = re.compile(
    r"`(?P<name>[\w ./-]+\.(?:md|org|py|toml))`[^`\n]*:\n\n"
    r"(?P<fence>`{3,})(?:markdown|org|python|toml)\n(?P<text>(?:.*\n)*?)(?P=fence)$",
    re.MULTILINE,
)
_AUTHOR = {f"GIT_{who}_{what}": f"{what}@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


def lay(text: str, folder: Path) -> Path:
    """Write what a reader of the page has: the project's decks and the page's own notes."""
    shutil.copytree(ROOT / "decks", folder / "decks")
    for file in _FILE.finditer(text):
        path = folder / file["name"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file["text"], "utf-8")
    return folder


def as_it_runs(text: str, folder: Path, **environment: str) -> str:
    """The page with what its commands print now."""
    return _EXAMPLE.sub(
        lambda match: _shown(match["command"], run(match["command"], folder, **environment).stdout), text
    )


def _shown(command: str, output: str) -> str:
    return f"```console\n$ {command}\n{output}```"


def run(command: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command as a reader's shell does; its two streams come as one."""
    programs = os.pathsep.join([str(processes.programs()), str(Path(sys.executable).parent), os.environ["PATH"]])
    outside = {name: value for name, value in os.environ.items() if name != "CI"}
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        cwd=folder,
        env={**outside, **_AUTHOR, "PATH": programs, "PYTHONUTF8": "1", **environment},
    )
