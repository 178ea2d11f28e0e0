"""A folder or a file: which notes, media and problems does it hold? Composes the stages up to finished notes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from ankigen import cards, decode, identity, notes, outline
from ankigen.config import Config
from ankigen.data import CardBlock, Desired, Identity, Lock, Note, Position, Problem, Severity
from ankigen.errors import CannotRead, NoSuchSource, NotANote
from ankigen.notes import Composed

NOTE_SUFFIXES = (".md", ".markdown")
_ROOT_MARKS = (identity.LOCK_NAME, "logseq/config.edn")
_SKIPPED_FOLDERS = ("node_modules",)
_TRIGGERS = ("card", "{{c", ":->", ":<-")
"""A page without any of these has neither a card nor anything that looks like one."""


def load(source: Path, now: int) -> Desired:
    """Read the notes of a folder or file; `now`, in milliseconds, dates what is new or changed.

    The notes' root is read whole, for identity depends on all of it; only the part below `source` is returned.
    """
    if not source.exists():
        raise NoSuchSource(source)
    if source.is_file() and source.suffix.lower() not in NOTE_SUFFIXES:
        raise NotANote(source, ", ".join(NOTE_SUFFIXES))
    source = source.absolute()
    root, paths = _find(source)
    found, problems = _read_all(root, paths)
    stored = identity.read_lock(root / identity.LOCK_NAME)
    known = stored or identity.new_lock()
    recognised, identity_problems = identity.recognise(found, known)
    composed = {one.guid: notes.compose(one.claim.card, one.clozes) for one in recognised if one.claim.card.is_sound}
    digests = {guid: one.digest for guid, one in composed.items()}
    is_complete = not any(problem.rule == "unreadable-file" for problem in problems)
    lock = identity.remember(recognised, digests, known, now, is_complete=is_complete)
    problems += [*identity_problems, *(problem for one in composed.values() for problem in one.problems)]
    selection = source.relative_to(root)
    made = (_note(composed[one.guid], lock.identities[one.guid], lock) for one in recognised if one.guid in composed)
    return Desired(
        root=root,
        selection=selection.as_posix(),
        notes=tuple(note for note in made if _is_below(note.position, selection)),
        media=tuple(dict.fromkeys(file for one in composed.values() for file in one.media)),
        problems=tuple(sorted(one for one in problems if _is_below(one.position, selection))),
        lock=lock,
        stored_lock=stored,
    )


def _note(composed: Composed, who: Identity, lock: Lock) -> Note:
    card = composed.card
    return Note(
        position=card.position,
        identity=who,
        source_id=lock.source_id,
        deck=card.deck,
        tags=card.tags,
        content=composed.content,
        suspended=card.is_suspended,
        media=tuple(file.name for file in composed.media),
    )


def find_files(source: Path) -> tuple[Path, list[Path]]:
    """Return the root of the notes, and those files of notes that lie in the folder or are the file."""
    source = source.absolute()
    root, paths = _find(source)
    return root, [path for path in paths if path.is_relative_to(source)]


def _find(source: Path) -> tuple[Path, list[Path]]:
    """The root of the notes, and the files to read: the nearest folder upward that holds a lock file or a graph."""
    folder = source if source.is_dir() else source.parent
    marked = next((one for one in (folder, *folder.parents) if _is_root(one)), None)
    if marked is None and source.is_file():
        return folder, [source]
    root = marked or folder
    return root, sorted(_note_files(root))


def _is_root(folder: Path) -> bool:
    return any((folder / mark).is_file() for mark in _ROOT_MARKS)


def _note_files(root: Path) -> Iterator[Path]:
    """Files of notes in the root, hidden folders and links left out."""
    for folder, below, names in os.walk(root, onerror=_refuse):
        below[:] = [name for name in below if not name.startswith(".") and name not in _SKIPPED_FOLDERS]
        for name in names:
            path = Path(folder, name)
            if path.suffix.lower() in NOTE_SUFFIXES and not name.startswith(".") and not path.is_symlink():
                yield path


def _refuse(failure: OSError) -> None:
    raise CannotRead(Path(failure.filename), failure) from failure


def _read_all(root: Path, paths: list[Path]) -> tuple[list[CardBlock], list[Problem]]:
    found: list[CardBlock] = []
    problems: list[Problem] = []
    for path in paths:
        shown = path.relative_to(root).as_posix()
        text, problems_here = _read(path, shown)
        problems += problems_here
        if any(trigger in text.lower() for trigger in _TRIGGERS):
            page = outline.parse(text, shown, path.stem)
            here = cards.find_cards(page, _deck_of(path.relative_to(root)), Config())
            found += here.cards
            problems += [*decode.check_text(text, shown), *here.problems]
    return found, problems


def _read(path: Path, shown: str) -> tuple[str, list[Problem]]:
    try:
        return decode.decode(path.read_bytes(), shown)
    except OSError as failure:
        message = f"{failure.strerror or failure}: make the file readable, or move it out of the notes"
        return "", [Problem(Position(shown), Severity.ERROR, "unreadable-file", message)]


def _deck_of(path: Path) -> str:
    return "::".join(path.with_suffix("").parts)


def _is_below(position: Position, selection: Path) -> bool:
    return Path(position.path).is_relative_to(selection)
