"""A folder or a file: which notes, media and problems does it hold? Composes the stages up to finished notes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from ankigen import cards, config, graph, identity, notes, outline
from ankigen.config import Config
from ankigen.data import CardBlock, Desired, Guid, Identity, Lock, Note, Problem
from ankigen.errors import CannotRead, NoSuchSource, NotANote
from ankigen.identity import Recognised
from ankigen.notes import Composed
from ankigen.reading.hearing import heard
from ankigen.reading.links import NoteLinks
from ankigen.reading.pages import ReadPage, read_pages
from ankigen.reading.quotes import lines_at
from ankigen.reading.walk import Walk, is_graph, one_file, walk

__all__ = ["find_files", "lines_at", "load"]

Tell = Callable[[str, int, int], None]
"""Hears what is being done, how much of it is done, and how much there is."""

Item = TypeVar("Item")

_UNREADABLE = "unreadable-file"


def load(
    source: Path, now: int, settings: Config | None = None, tell: Tell = lambda _what, _done, _total: None
) -> Desired:
    """Read the notes of a folder or file; `now`, in milliseconds, dates what is new or changed.

    The notes' root is read whole, for identity depends on all of it; only the part below `source` is returned.
    Without `settings` the config file of the root counts.
    """
    _require_notes(source)
    source = source.absolute()
    walked = _find(source)
    settings = settings or config.read(walked.root)
    pages, problems = read_pages(_told(walked.files, "reading pages", tell), settings)
    found, card_problems = _cards(pages, settings)
    stored = identity.read_lock(walked.root / identity.LOCK_NAME)
    known = stored or identity.new_lock()
    recognised, identity_problems = identity.recognise(found, known)
    tried = _compose(_told(recognised, "making notes", tell), NoteLinks(walked, pages, settings), settings)
    composed = {guid: one for guid, one in tried.items() if one.makes_cards}
    is_complete = not any(problem.rule == _UNREADABLE for problem in problems)
    digests = {guid: one.digest for guid, one in composed.items()}
    css = _css(settings)
    lock = identity.with_style(identity.remember(recognised, digests, known, now, is_complete=is_complete), css, now)
    note_problems = (problem for one in tried.values() for problem in one.problems)
    told = [*walked.problems, *problems, *card_problems, *identity_problems, *note_problems]
    selection = source.relative_to(walked.root)
    made = (_note(composed[one.guid], lock.identities[one.guid], lock) for one in recognised if one.guid in composed)
    chosen = {file.shown for file in walked.files if Path(file.shown).is_relative_to(selection)}
    return Desired(
        root=walked.root,
        selection=selection.as_posix(),
        notes=tuple(note for note in made if note.position.path in chosen),
        media=tuple(dict.fromkeys(file for one in composed.values() for file in one.media)),
        problems=heard(told, (one.page for one in pages), selection, settings),
        lock=lock,
        stored_lock=stored,
        css=css,
    )


def _require_notes(source: Path) -> None:
    if not source.exists():
        raise NoSuchSource(source)
    if source.is_file() and source.suffix.lower() not in outline.SUFFIXES:
        raise NotANote(source, ", ".join(outline.SUFFIXES))


def _told(items: Sequence[Item], what: str, tell: Tell) -> Iterator[Item]:
    """The same, telling as each is asked for how many are done."""
    for done, item in enumerate(items):
        tell(what, done, len(items))
        yield item


def _compose(recognised: Iterable[Recognised], links: NoteLinks, settings: Config) -> dict[Guid, Composed]:
    """What the notes of all cards without a mistake say."""
    return {
        one.guid: notes.compose(one.claim.card, one.clozes, links, settings.context, links.source(one.claim.card))
        for one in recognised
        if one.claim.card.is_sound
    }


def _css(settings: Config) -> str:
    if settings.css is None:
        return ""
    try:
        return settings.css.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as failure:
        raise CannotRead(settings.css, failure) from failure


def find_files(source: Path) -> list[Path]:
    """The files of notes in a folder, or the file itself."""
    source = source.absolute()
    return [file.path for file in _find(source).files if file.path.is_relative_to(source)] if source.exists() else []


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
        here = cards.find_cards(one.page, one.default_deck, settings)
        found += (_in_deck(card, graph.with_prefix(card.deck, settings.deck_prefix)) for card in here.cards)
        problems += here.problems
    return found, problems


def _in_deck(card: CardBlock, deck: str) -> CardBlock:
    return card if card.deck == deck else replace(card, deck=deck)


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
