"""A folder or a file: which notes, media and problems does it hold? Composes the stages up to finished notes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from ankigen import cards, decode, identity, notes, outline
from ankigen.data import CardBlock, Desired, Note, Position, Problem, Severity
from ankigen.errors import CannotRead, NoSuchSource, NotANote

NOTE_SUFFIXES = (".md", ".markdown")
_ROOT_MARKS = (identity.LOCK_NAME, "logseq/config.edn")
_SKIPPED_FOLDERS = ("node_modules",)
_TRIGGER = "card"


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
    composed = [notes.compose(card) for card in found]
    digests = [notes.content_digest(one.content, card.tags) for one, card in zip(composed, found, strict=True)]
    problems += [*identity_problems, *(problem for one in composed for problem in one.problems)]
    is_complete = not any(problem.severity is Severity.ERROR for problem in problems)
    lock = identity.remember(recognised, digests, known, now, is_complete=is_complete)
    made = (
        Note(
            position=card.position,
            identity=lock.identities[who.guid],
            source_id=lock.source_id,
            deck=card.deck,
            tags=card.tags,
            content=one.content,
            media=tuple(file.name for file in one.media),
        )
        for card, who, one in zip(found, recognised, composed, strict=True)
    )
    selection = source.relative_to(root)
    return Desired(
        root=root,
        selection=selection.as_posix(),
        notes=tuple(note for note in made if _is_below(note.position, selection)),
        media=tuple(dict.fromkeys(file for one in composed for file in one.media)),
        problems=tuple(sorted(one for one in problems if _is_below(one.position, selection))),
        lock=lock,
        stored_lock=stored,
    )


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
        if _TRIGGER in text.lower():
            page = outline.parse(text, shown, path.stem)
            cards_here, problems_here = cards.find_cards(page, _deck_of(path.relative_to(root)))
            found += cards_here
            problems += [*decode.check_text(text, shown), *problems_here]
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
