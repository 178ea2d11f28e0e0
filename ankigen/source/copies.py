"""Recognises copies of pages that are not meant as pages: sync conflicts, manual copies, backups.

A name alone proves nothing: `Chapter 2.md` beside `Chapter.md` may be the next chapter. So a copy needs both: a name
made from another page's, and that page's lines. A name that mentions a conflict needs only few of them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import PurePosixPath

from ankigen.data import Position, Problem, Severity
from ankigen.source.pages import SourceFile
from ankigen.source.walk import BACKUPS, COPIES, IN_COPIES
from ankigen.support.structs import Struct

_CARD = b"#card"
_JOINT = re.compile(
    r"[ (\[-]|[._~](?=sync-conflict|conflict|conf\(|casecon|orig|bak|backup|base_|local_|remote_|\d+~?$)|~|_(?=[^_]+_)",
    re.IGNORECASE,
)
"""Where the suffix that a service or program adds to a page's name may begin."""
_TELLING = re.compile(
    r"conflict|konflikt|conflit|conf\(|конфл[иі]кт|競合|問題のあるコピー|冲突|衝突|충돌|motstridende|bertentangan"
    r"|[._](?:orig|bak)$|_(?:backup|base|local|remote)_\d+$",
    re.IGNORECASE,
)
"""Words of Dropbox, Syncthing, Nextcloud, Synology, Seafile, Resilio and others, in their languages; and of git."""
_COPY_OF = re.compile(r"(?:copy of|kopie v[oa]n|copie de|copia d[ei]|cópia de|kopia|копия) ", re.IGNORECASE)
_DATED = re.compile(r"\d{4}-\d\d-\d\dT\d\d[_.:-]\d\d")
_OF_LOGSEQ = frozenset({"bak", "version-files"})
_BACKUP_FOLDERS = frozenset({*_OF_LOGSEQ, "backup", "backups"})
_MAY_BE_BACKUP = re.compile(r"(?:^|/)(?:bak|backups?|version-files)/|/\d{4}-\d\d-\d\dT", re.IGNORECASE)

_MOST_OF_ONE_NAME = 20
"""How many pages with the same name a backup is compared with."""


class Copy(Struct, frozen=True):
    """A file that is a copy of the page in `original`; the backup `folder` that contains it, or empty."""

    file: SourceFile
    original: str
    folder: str = ""


def find_copies(files: Sequence[SourceFile], absent: Collection[str]) -> list[Copy]:
    """The copies among the files; `absent` are the paths of pages that are not here for now."""
    search = _Search(files, absent)
    copies = [copy for file in files if (copy := search.beside(file))]
    return [*copies, *search.in_backups({copy.file.note_file.relative_path for copy in copies})]


def problems_of(copies: Iterable[Copy]) -> Iterator[Problem]:
    """A problem for each copy that may have cards; one for all backups, since there are many."""
    counts: defaultdict[str, int] = defaultdict(int)
    for copy in copies:
        if copy.folder:
            counts[copy.folder] += copy.file.content.lower().count(_CARD)
        elif copy.file.summary.may_hold_cards:
            message = (
                f"a copy of {copy.original}, whose cards are not made twice: take over what you miss and delete it, "
                "or give it a name of its own"
            )
            yield Problem(Position(copy.file.note_file.relative_path), Severity.WARNING, COPIES, message)
    if tagged := {folder: count for folder, count in sorted(counts.items()) if count}:
        shown = ", ".join(f"{folder} ({count})" for folder, count in tagged.items())
        yield Problem(Position(next(iter(tagged))), Severity.WARNING, BACKUPS, IN_COPIES.format(shown))


class _Search:
    """The files by path, and the lines of those that were compared."""

    def __init__(self, files: Sequence[SourceFile], absent: Collection[str]) -> None:
        self.files = files
        self.absent = absent
        self.by_path = {file.note_file.relative_path: file for file in files}
        self.lines: dict[str, frozenset[bytes]] = {}

    def beside(self, file: SourceFile) -> Copy | None:
        """The file as a copy of a page beside it, if it is one; copies without cards and ids do not matter."""
        if not (file.summary.may_hold_cards or file.summary.ids):
            return None
        folder, slash, name = file.note_file.relative_path.rpartition("/")
        stem, dot, suffix = name.rpartition(".")
        for original, behind in _originals(stem):
            path = f"{folder}{slash}{original}{dot}{suffix}"
            if path not in self.by_path and path not in self.absent:
                continue
            is_telling = bool(_TELLING.search(behind))
            if is_telling if path in self.absent else self._is_copy(file, self.by_path[path], is_telling):
                return Copy(file, path)
        return None

    def in_backups(self, known: Collection[str]) -> Iterator[Copy]:
        """Files in a backup folder, or with a backup's date, that are copies of a page outside it."""
        named = [(file, _path(file)) for file in self.files if _MAY_BE_BACKUP.search(file.note_file.relative_path)]
        suspects = [(file, path, folder) for file, path in named if (folder := _backup_folder(path))]
        if not suspects:
            return
        suspected = {path for _, path, _ in suspects}
        by_name: defaultdict[str, list[SourceFile]] = defaultdict(list)
        for file in self.files:
            if _path(file) not in suspected:
                by_name[_path(file).stem].append(file)
        for file, path, folder in suspects:
            is_dated = bool(_DATED.match(path.stem))
            is_telling = is_dated or PurePosixPath(folder).name.lower() in _OF_LOGSEQ
            others = by_name.get(path.parent.name if is_dated else path.stem, ())[:_MOST_OF_ONE_NAME]
            original = next((other for other in others if self._is_copy(file, other, is_telling)), None)
            if original and path.as_posix() not in known:
                yield Copy(file, original.note_file.relative_path, folder)

    def _is_copy(self, file: SourceFile, other: SourceFile, is_telling: bool) -> bool:
        """Whether a file has most lines of another one, or any if its name mentions a conflict."""
        lines = self._lines(file)
        shared = len(lines & self._lines(other))
        return not lines or (shared > 0 if is_telling else shared * 2 > len(lines))

    def _lines(self, file: SourceFile) -> frozenset[bytes]:
        """The distinct lines, without bullets and empty lines."""
        path = file.note_file.relative_path
        if path not in self.lines:
            stripped = (line.strip(b" \t\r-*#") for line in file.content.split(b"\n"))
            self.lines[path] = frozenset(line for line in stripped if len(line) > 1)
        return self.lines[path]


def _originals(stem: str) -> Iterator[tuple[str, str]]:
    """The names that this one may be made from, the longest first, each with the suffix."""
    for joint in reversed(list(_JOINT.finditer(stem, 1))):
        yield stem[: joint.start()].rstrip(" -"), stem[joint.start() :]
    if prefix := _COPY_OF.match(stem):
        yield stem[prefix.end() :], ""


def _path(file: SourceFile) -> PurePosixPath:
    return PurePosixPath(file.note_file.relative_path)


def _backup_folder(path: PurePosixPath) -> str:
    """The backup folder of a file, or the folder with a page's name that has its dated copies."""
    for above in reversed(path.parents):
        if above.name.lower() in _BACKUP_FOLDERS:
            return above.as_posix()
    return path.parent.as_posix() if _DATED.match(path.stem) and path.parent.name else ""
