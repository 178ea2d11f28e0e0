"""Which files and folders are excluded, by the option `exclude` or a `.gitignore`.

Patterns may come from strangers, so those that would take long to match are reported and ignored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ankigen.errors import CannotRead
from ankigen.support import files
from ankigen.support.structs import Struct

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

GITIGNORE = ".gitignore"
OPTION = "exclude"
_GIT = ".git"
_MOST_PATTERNS = 1000
_LONGEST = 1000
_MOST_STARS = 3
_STARS = re.compile(r"\*+")


class Patterns(Struct, frozen=True):
    """The patterns of one list, which `source` names. They are relative to the folder `below` in the notes.

    If they come from above the root, `above` is the path from there to the root. `faults` are ignored lines.
    """

    source: str
    spec: GitIgnoreSpec
    below: str = ""
    above: str = ""
    faults: tuple[tuple[int, str], ...] = ()

    def say(self, path: str) -> bool | None:
        """Whether a path from the root (a folder ends with a slash) is excluded; `None` if no pattern matches."""
        return self.spec.check_file(self.above + path.removeprefix(self.below)).include


def excluded_by(path: str, lists: Sequence[Patterns]) -> str:
    """What excludes a path, or nothing; the last list that matches wins, as in git the nearest."""
    for patterns in reversed(lists):
        if (said := patterns.say(path)) is not None:
            return patterns.source if said else ""
    return ""


def of_option(patterns: Iterable[str]) -> Patterns | None:
    """The patterns of the option, relative to the root of the notes."""
    return _patterns(list(patterns), OPTION)


def of_folder(folder: Path, relative_path: str, root: Path) -> Patterns | None:
    """The `.gitignore` in a folder of the notes."""
    below = "" if relative_path == "." else f"{relative_path}/"
    return _read(folder / GITIGNORE, root, below + GITIGNORE, below=below)


def above_root(root: Path) -> Iterator[Patterns]:
    """The `.gitignore` files above the root of the notes, up to the top of the git repository, outermost first."""
    upward = (root, *root.parents)
    top = next((index for index, folder in enumerate(upward) if (folder / _GIT).exists()), 0)
    for folder in reversed(upward[1 : top + 1]):
        way = f"{root.relative_to(folder).as_posix()}/"
        if files.is_there(folder / GITIGNORE):
            patterns = _read(folder / GITIGNORE, folder, f"{GITIGNORE} of {folder.name}", above=way)
            yield from [patterns] if patterns else []


def _read(path: Path, within: Path, source: str, below: str = "", above: str = "") -> Patterns | None:
    try:
        text = files.read_text(path, within, encoding="utf-8-sig", errors="replace")
    except CannotRead:
        return None
    return _patterns(text.split("\n"), source, below, above)


def _patterns(lines: Sequence[str], source: str, below: str = "", above: str = "") -> Patterns | None:
    import pathspec  # noqa: PLC0415 - many notes need none

    read: list[GitIgnoreSpecPattern] = []
    faults: list[tuple[int, str]] = []
    for number, line in enumerate(lines, 1):
        if len(read) == _MOST_PATTERNS:
            faults.append((number, f"more than {_MOST_PATTERNS} patterns"))
            break
        if fault := _fault(line):
            faults.append((number, fault))
            continue
        try:
            read += pathspec.GitIgnoreSpec.from_lines([line]).patterns if line.strip() else []
        except (ValueError, re.error):
            faults.append((number, "not a pattern"))
    return Patterns(source, pathspec.GitIgnoreSpec(read), below, above, tuple(faults)) if read or faults else None


def _fault(line: str) -> str:
    """Why a pattern that would take long to match is ignored."""
    if line.startswith("#"):
        return ""
    return "too many stars, or too long" if len(_STARS.findall(line)) > _MOST_STARS or len(line) > _LONGEST else ""
