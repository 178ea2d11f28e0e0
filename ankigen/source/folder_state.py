"""The state of the folder: which pages are here, and which are known to be absent for now.

Absent is not deleted: while a page may be absent, its notes are neither removed nor changed; all others are processed
as usual.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from typing import Self

from ankigen.config import Config
from ankigen.data import Elsewhere, FolderState, Guid, Lock, Position, Problem, Severity
from ankigen.source.copies import Copy, find_copies
from ankigen.source.make_notes import CardNote
from ankigen.source.media import MEDIA_ELSEWHERE
from ankigen.source.page_notes import PageNotes
from ankigen.source.pages import UNMERGED, CardPage, ReadPages, SourceFile
from ankigen.source.walk import NoteFile, Walk
from ankigen.support.files import open_plain
from ankigen.support.structs import Struct

_EMPTY = "empty-folder"
EXCLUDED = "excluded-page"
_DANGLING = "dangling-reference"
_JOURNALS = "journals"
_YEAR = re.compile(r"\d{4}")


class Absence(Struct, frozen=True):
    """The files read, and which of them are copies or not here."""

    walk: Walk
    read: ReadPages
    copies: list[Copy]

    @classmethod
    def of(cls, walk: Walk, read: ReadPages) -> Self:
        """Find the copies among the files."""
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
    absence: Absence, unmade: Iterable[CardPage], pages: Sequence[PageNotes], lock: Lock, settings: Config
) -> tuple[FolderState, list[Problem]]:
    """The state of the folder, as far as the notes in the lock depend on it, and its problems.

    `unmade` are pages that could not be made, `pages` are the notes of all.
    """
    known = {identity.page for identity in lock.identities.values() if identity.removed is None}
    elsewhere = [*_elsewhere(absence, known), *(_unmade(page.file) for page in unmade)]
    here = {file.page_key for file in absence.files_here()}
    missed = _excluded(absence.walk, known - here, settings) if known - here else {}
    elsewhere += (Elsewhere(path, names, is_missed=False) for path, (names, _) in missed.items())
    named = _named(elsewhere)
    here -= named
    problems = list(_empty(absence.walk.empty, _gone(known - here, elsewhere), settings))
    elsewhere += (Elsewhere(problem.position.path, may_be_any=True) for problem in problems)
    is_any = any(missing.may_be_any for missing in elsewhere)
    waiting = set(_of_pages(known - here if is_any else named, pages, lock)) if elsewhere else set()
    troubled = [note for page in pages for note in page.troubled]
    waiting.update(_without_media(troubled))
    if any(missing.is_missed for missing in elsewhere):
        waiting.update(_shown_in_part(troubled))
    gone = _gone({identity.page for identity in lock.identities.values()} - here, elsewhere)
    folders = {file.relative_path.rpartition("/")[0] for file in absence.walk.files}
    problems += _told_exclusions({path: source for path, (_, source) in missed.items()})
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


def _excluded(walk: Walk, gone: set[str], settings: Config) -> dict[str, tuple[frozenset[str], str]]:
    """The excluded pages in the lock, by path: their names, and what excludes them.

    Excluding a page does not mean that its notes should be removed; switching the rule off does.
    """
    found = {}
    for note_file, source in walk.excluded_pages():
        names = frozenset({note_file.from_file_name.key, *_titles(note_file, settings)})
        if not (names.isdisjoint(gone) or settings.is_off(EXCLUDED, note_file.relative_path)):
            found[note_file.relative_path] = names, source
    return found


def _titles(note_file: NoteFile, settings: Config) -> Iterator[str]:
    """The name of a page by its title, if that can be read."""
    with contextlib.suppress(OSError), open_plain(note_file.path) as file:
        yield SourceFile(note_file, file.read(), "", None, settings).page_key


def _told_exclusions(sources: Mapping[str, str]) -> Iterator[Problem]:
    """A problem for all pages excluded by one list of patterns, at the first of them."""
    for source in dict.fromkeys(sources.values()):
        pages = [path for path, other in sources.items() if other == source]
        several = f" and {len(pages) - 1} more" if len(pages) > 1 else ""
        message = (
            f"{pages[0]}{several} had cards and is now excluded by {source}: the notes stay in Anki as they are; "
            f'to have them removed, switch this rule off ({EXCLUDED} = "off")'
        )
        yield Problem(Position(pages[0]), Severity.WARNING, EXCLUDED, message)


def _behind_name(file: NoteFile, known: set[str]) -> Elsewhere:
    """A page of which only the file name is known: if it is not in the lock, it had a title."""
    key = file.from_file_name.key
    return Elsewhere(file.relative_path, frozenset({key}), may_be_any=key not in known)


def _unmade(file: SourceFile) -> Elsewhere:
    """A page whose title can be read."""
    return Elsewhere(file.note_file.relative_path, frozenset({file.page_key, file.note_file.from_file_name.key}))


def _named(elsewhere: Iterable[Elsewhere]) -> set[str]:
    return {name for missing in elsewhere for name in missing.names}


def _gone(away: set[str], elsewhere: Sequence[Elsewhere]) -> frozenset[str]:
    """The missing pages that no absent file explains."""
    is_any = any(missing.may_be_any for missing in elsewhere)
    return frozenset() if is_any else frozenset(away - _named(elsewhere))


def _empty(folders: Iterable[str], gone: Collection[str], settings: Config) -> Iterator[Problem]:
    """A problem for each folder that is empty while pages are gone, as an unmounted disk leaves it."""
    with_journals = any(_YEAR.search(page) for page in gone)
    for path in folders if gone else ():
        if not settings.is_off(_EMPTY, path) and (path.rpartition("/")[2] != _JOURNALS or with_journals):
            message = (
                "nothing is here, and pages that ankigen.lock knows are gone: bring them back, or delete this, too; "
                "until then no note of theirs is removed"
            )
            yield Problem(Position(path), Severity.WARNING, _EMPTY, message)


def _of_pages(pages: Container[str], now: Iterable[PageNotes], lock: Lock) -> Iterator[Guid]:
    """The notes in the lock that were on these pages, and are nowhere else now."""
    found = {note.recognised.guid for page in now for note in page.notes}
    for guid, identity in lock.identities.items():
        if identity.page in pages and identity.removed is None and guid not in found:
            yield guid


def _without_media(notes: Iterable[CardNote]) -> Iterator[Guid]:
    """The notes that cannot be made because a picture is absent."""
    for note in notes:
        if note.note and any(problem.rule == MEDIA_ELSEWHERE for problem in note.note.composed.problems):
            yield note.recognised.guid


def _shown_in_part(notes: Iterable[CardNote]) -> Iterator[Guid]:
    """Earlier notes that would now lose what they show from a page that may be absent."""
    for note in notes:
        known = note.recognised.known
        if not note.note or not known or known.content_digest == note.note.composed.digest:
            continue
        if any(problem.rule == _DANGLING for problem in note.note.composed.problems):
            yield note.recognised.guid
