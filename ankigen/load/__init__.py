"""A folder or a file: which notes, media and problems does it hold? Composes the stages up to finished notes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from ankigen import cards, config, graph, identity, notes
from ankigen.config import Config
from ankigen.data import CardBlock, Desired, Note, Position, Problem, Severity
from ankigen.errors import NoSuchSource, NotANote
from ankigen.load.pages import ReadPage, read_pages
from ankigen.load.walk import NOTE_SUFFIXES, Walk, is_graph, one_file, walk


def load(source: Path, now: int, settings: Config | None = None) -> Desired:
    """Read the notes of a folder or file; `now`, in milliseconds, dates what is new or changed.

    The notes' root is read whole, for identity depends on all of it; only the part below `source` is returned.
    Without `settings` the config file of the root counts.
    """
    if not source.exists():
        raise NoSuchSource(source)
    if source.is_file() and source.suffix.lower() not in NOTE_SUFFIXES:
        raise NotANote(source, ", ".join(NOTE_SUFFIXES))
    source = source.absolute()
    notes_here = _find(source)
    root = notes_here.root
    settings = settings or config.read(root)
    pages, page_problems = read_pages(notes_here.files, settings)
    found, card_problems = _cards(pages, settings)
    stored = identity.read_lock(root / identity.LOCK_NAME)
    known = stored or identity.new_lock()
    recognised, identity_problems = identity.recognise(found, known)
    composed = [notes.compose(card) for card in found]
    digests = [notes.content_digest(one.content, card.tags) for one, card in zip(composed, found, strict=True)]
    note_problems = (problem for one in composed for problem in one.problems)
    told = [*notes_here.problems, *page_problems, *card_problems, *identity_problems, *note_problems]
    problems = [problem for problem in told if not settings.is_off(problem.rule)]
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


def _find(source: Path) -> Walk:
    """The notes that belong together: those below the nearest folder upward that holds a lock file, or else a graph."""
    folder = source if source.is_dir() else source.parent
    upward = (folder, *folder.parents)
    locked = (one for one in upward if (one / identity.LOCK_NAME).is_file())
    root = next(locked, None) or next(filter(is_graph, upward), None)
    if root is None and source.is_file():
        return one_file(source)
    return walk(root or folder)


def _cards(pages: Iterable[ReadPage], settings: Config) -> tuple[list[CardBlock], list[Problem]]:
    found: list[CardBlock] = []
    problems: list[Problem] = []
    for one in pages:
        cards_here, problems_here = cards.find_cards(one.page, one.default_deck)
        found += (replace(card, deck=graph.with_prefix(card.deck, settings.deck_prefix)) for card in cards_here)
        problems += problems_here
    return found, problems


def _is_below(position: Position, selection: Path) -> bool:
    return Path(position.path).is_relative_to(selection)
