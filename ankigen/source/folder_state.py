"""The state of the folder: which pages are here, and which are known to be elsewhere for now.

What is absent is not deleted. As long as a page may be elsewhere, its notes are neither removed nor changed; all others
go on as ever.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterable, Iterator, Sequence
from typing import Self

from ankigen.config import Config
from ankigen.data import Elsewhere, FolderState, Guid, Lock, Position, Problem, Severity
from ankigen.source.copies import Copy, find_copies
from ankigen.source.make_notes import CardNote
from ankigen.source.media import MEDIA_ELSEWHERE
from ankigen.source.pages import UNMERGED, CardPage, ReadPages, SourceFile
from ankigen.source.walk import NoteFile, Walk
from ankigen.support.structs import Struct

_EMPTY = "empty-folder"
_DANGLING = "dangling-reference"
_JOURNALS = "journals"
_YEAR = re.compile(r"\d{4}")


class Absence(Struct, frozen=True):
    """What was read, and what of it is no page of its own or not here."""

    walk: Walk
    read: ReadPages
    copies: list[Copy]

    @classmethod
    def of(cls, walk: Walk, read: ReadPages) -> Self:
        """Look for copies among the files that were read."""
        absent = {file.relative_path for file in (*walk.missing, *read.unread)}
        absent |= {file.note_file.relative_path for file in read.absent}
        return cls(walk, read, find_copies(read.files, absent))

    def files_here(self) -> list[SourceFile]:
        """The files that are pages, and are here."""
        copied = {copy.file.note_file.relative_path for copy in self.copies}
        if not copied:
            return self.read.files
        return [file for file in self.read.files if file.note_file.relative_path not in copied]


def folder_state(
    absence: Absence, unmade: Iterable[CardPage], notes: Sequence[CardNote], lock: Lock, settings: Config
) -> tuple[FolderState, list[Problem]]:
    """The state of the folder, as far as what the lock knows hangs on it, and what is wrong with it.

    `unmade` are pages that could not be made, `notes` those of all other pages.
    """
    known = {identity.page for identity in lock.identities.values() if identity.removed is None}
    elsewhere = [*_elsewhere(absence, known), *(_unmade(page.file) for page in unmade)]
    named = _named(elsewhere)
    here = {file.page_key for file in absence.files_here()} - named
    problems = list(_empty(absence.walk.empty, _gone(known - here, elsewhere), settings))
    elsewhere += (Elsewhere(problem.position.path, may_be_any=True) for problem in problems)
    is_any = any(missing.may_be_any for missing in elsewhere)
    waiting = set(_of_pages(known - here if is_any else named, notes, lock)) if elsewhere else set()
    waiting.update(_without_media(notes))
    if any(missing.is_missed for missing in elsewhere):
        waiting.update(_shown_in_part(notes))
    gone = _gone({identity.page for identity in lock.identities.values()} - here, elsewhere)
    folders = {file.relative_path.rpartition("/")[0] for file in absence.walk.files}
    return FolderState(tuple(elsewhere), frozenset(waiting), gone, frozenset(folders)), problems


def _elsewhere(absence: Absence, known: set[str]) -> Iterator[Elsewhere]:
    for file in (*absence.walk.missing, *absence.read.unread):
        yield _behind_name(file, known)
    for read in absence.read.absent:
        if any(problem.rule == UNMERGED for problem in read.summary.problems):
            yield _unmade(read)
        else:
            yield _behind_name(read.note_file, known)
    for path in absence.walk.unread:
        yield Elsewhere(path, may_be_any=True)
    for file in (*absence.walk.outside, *(copy.file.note_file for copy in absence.copies)):
        yield Elsewhere(file.relative_path, frozenset({file.from_file_name.key}), is_missed=False)


def _behind_name(file: NoteFile, known: set[str]) -> Elsewhere:
    """A page of which nothing but the name of its file can be seen: if the lock does not know it, it had a title."""
    key = file.from_file_name.key
    return Elsewhere(file.relative_path, frozenset({key}), may_be_any=key not in known)


def _unmade(file: SourceFile) -> Elsewhere:
    """A page whose title can be read."""
    return Elsewhere(file.note_file.relative_path, frozenset({file.page_key, file.note_file.from_file_name.key}))


def _named(elsewhere: Iterable[Elsewhere]) -> set[str]:
    return {name for missing in elsewhere for name in missing.names}


def _gone(away: set[str], elsewhere: Sequence[Elsewhere]) -> frozenset[str]:
    """The pages that nothing accounts for which is elsewhere."""
    is_any = any(missing.may_be_any for missing in elsewhere)
    return frozenset() if is_any else frozenset(away - _named(elsewhere))


def _empty(folders: Iterable[str], gone: Collection[str], settings: Config) -> Iterator[Problem]:
    """A problem for each folder that is empty while pages are gone: a disk that is not mounted leaves such a folder."""
    with_journals = any(_YEAR.search(page) for page in gone)
    for path in folders if gone else ():
        if not settings.is_off(_EMPTY, path) and (path.rpartition("/")[2] != _JOURNALS or with_journals):
            message = (
                "nothing is here, and pages that ankigen.lock knows are gone: bring them back, or delete this, too; "
                "until then no note of theirs is removed"
            )
            yield Problem(Position(path), Severity.WARNING, _EMPTY, message)


def _of_pages(pages: Container[str], notes: Iterable[CardNote], lock: Lock) -> Iterator[Guid]:
    """The notes of the lock that were on these pages, and are nowhere else now."""
    found = {note.recognised.guid for note in notes}
    for guid, identity in lock.identities.items():
        if identity.page in pages and identity.removed is None and guid not in found:
            yield guid


def _without_media(notes: Iterable[CardNote]) -> Iterator[Guid]:
    """The notes that cannot be made for want of a picture that is elsewhere."""
    for note in notes:
        if note.note and any(problem.rule == MEDIA_ELSEWHERE for problem in note.note.composed.problems):
            yield note.recognised.guid


def _shown_in_part(notes: Iterable[CardNote]) -> Iterator[Guid]:
    """The notes that were made before, and would now lose what they show of a page that may be elsewhere."""
    for note in notes:
        known = note.recognised.known
        if not note.note or not known or known.content_digest == note.note.composed.digest:
            continue
        if any(problem.rule == _DANGLING for problem in note.note.composed.problems):
            yield note.recognised.guid
