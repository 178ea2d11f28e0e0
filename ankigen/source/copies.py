"""Knows copies of pages that nobody meant to be pages: of a conflict between two devices, by hand, in a backup.

A name alone proves nothing: `Chapter 2.md` beside `Chapter.md` may be the next chapter. So a copy is what has both: a
name made from another page's, and that page's lines. A name that speaks of a conflict needs few of them.
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
"""Where what a service or program puts behind a page's name may begin."""
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


class Copy(Struct, frozen=True):
    """A file that is a copy of the page in `original`; the `folder` of a backup that holds it, or nothing."""

    file: SourceFile
    original: str
    folder: str = ""


def find_copies(files: Sequence[SourceFile], absent: Collection[str]) -> list[Copy]:
    """The copies among the files; `absent` are the paths of pages that are elsewhere for now."""
    by_path = {file.note_file.relative_path: file for file in files}
    copies: list[Copy] = []
    for file in files:
        if file.summary.may_hold_cards or file.summary.ids:
            copies += _as_copy(file, by_path, absent)
    return [*copies, *_in_backups(files, {copy.file.note_file.relative_path for copy in copies})]


def problems_of(copies: Iterable[Copy]) -> Iterator[Problem]:
    """A problem for each copy that may hold cards; one for all backups, which are many."""
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


def _as_copy(file: SourceFile, by_path: dict[str, SourceFile], absent: Collection[str]) -> Iterator[Copy]:
    """The file as a copy of a page beside it, if it is one."""
    folder, _, name = file.note_file.relative_path.rpartition("/")
    stem, dot, suffix = name.rpartition(".")
    for name_of_other, behind in _originals(stem):
        path = f"{folder}/{name_of_other}{dot}{suffix}" if folder else f"{name_of_other}{dot}{suffix}"
        is_telling = bool(_TELLING.search(behind))
        if (is_telling and path in absent) or (path in by_path and _is_copy(file, by_path[path], is_telling)):
            yield Copy(file, path)
            return


def _originals(stem: str) -> Iterator[tuple[str, str]]:
    """The names that this one may be made from, the longest first, each with what is behind it."""
    for joint in reversed(list(_JOINT.finditer(stem, 1))):
        yield stem[: joint.start()].rstrip(" -"), stem[joint.start() :]
    if prefix := _COPY_OF.match(stem):
        yield stem[prefix.end() :], ""


def _is_copy(file: SourceFile, other: SourceFile, is_telling: bool) -> bool:
    """Whether a file has most lines of another one, or any at all if its name tells."""
    lines, theirs = _lines(file), _lines(other)
    shared = len(lines & theirs)
    return not lines or (shared > 0 if is_telling else shared * 2 > len(lines))


def _lines(file: SourceFile) -> set[bytes]:
    """What the lines say, each once; bullets and empty lines say nothing."""
    return {text for line in file.content.split(b"\n") if len(text := line.strip(b" \t\r-*#")) > 1}


def _in_backups(files: Iterable[SourceFile], known: Collection[str]) -> Iterator[Copy]:
    """Files in a folder of backups, or dated as such, that are copies of a page outside it."""
    named = [(file, _path(file)) for file in files if _MAY_BE_BACKUP.search(file.note_file.relative_path)]
    suspects = [(file, path, folder) for file, path in named if (folder := _backup_folder(path))]
    if not suspects:
        return
    suspected = {path for _, path, _ in suspects}
    by_name: defaultdict[str, list[SourceFile]] = defaultdict(list)
    for file in files:
        if _path(file) not in suspected:
            by_name[_path(file).stem].append(file)
    for file, path, folder in suspects:
        is_dated = bool(_DATED.match(path.stem))
        is_telling = is_dated or PurePosixPath(folder).name.lower() in _OF_LOGSEQ
        others = by_name.get(path.parent.name if is_dated else path.stem, ())
        original = next((other for other in others if _is_copy(file, other, is_telling)), None)
        if original and path.as_posix() not in known:
            yield Copy(file, original.note_file.relative_path, folder)


def _path(file: SourceFile) -> PurePosixPath:
    return PurePosixPath(file.note_file.relative_path)


def _backup_folder(path: PurePosixPath) -> str:
    """The folder of backups that a file lies in, or the one that is named for a page and holds its dated copies."""
    for above in reversed(path.parents):
        if above.name.lower() in _BACKUP_FOLDERS:
            return above.as_posix()
    return path.parent.as_posix() if _DATED.match(path.stem) and path.parent.name else ""
