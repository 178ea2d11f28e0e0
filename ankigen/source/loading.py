"""Loads a folder or a file: composes the stages up to finished notes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from ankigen import config, identity
from ankigen.config import Config
from ankigen.data import ComposedNote, Desired, Lock, Note, Page, Problem
from ankigen.errors import CannotRead, NoSuchSource, NotANote
from ankigen.source.cache import Cache, CachedPage
from ankigen.source.links import NoteLinks
from ankigen.source.make_notes import CardNote, Maker, to_keep
from ankigen.source.pages import UNREADABLE, CardPage, card_pages, read_files
from ankigen.source.switched_off import reported
from ankigen.source.walk import Walk, is_graph, one_file, walk
from ankigen.source.workers import make_pages
from ankigen.support.structs import Struct
from ankigen.syntax import outline

Tell = Callable[[str, int, int], None]
"""Hears what is being done, how much of it is done, and how much there is."""

Item = TypeVar("Item")


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
    with Cache(walked, settings) as cache:
        stored = cache.lock(walked.root / identity.LOCK_NAME)
        known = stored or identity.new_lock()
        found = _gather(walked, settings, known, cache, tell)
    made = [(note, note.note.composed) for note in found.notes if note.note and note.note.composed.content.ordinals]
    digests = {note.who.guid: composed.digest for note, composed in made}
    css = _css(settings)
    who = [note.who for note in found.notes]
    lock = identity.update_lock(who, digests, known, now, is_complete=found.is_complete)
    lock = identity.with_style(lock, css, now)
    selection = source.relative_to(walked.root)
    chosen = {file.shown for file in walked.files if Path(file.shown).is_relative_to(selection)}
    return Desired(
        root=walked.root,
        selection=selection.as_posix(),
        notes=tuple(
            _note(note, composed, lock) for note, composed in made if note.card.evidence.position.path in chosen
        ),
        media=tuple(dict.fromkeys(file for _, composed in made for file in composed.media)),
        problems=reported(found.problems, found.switching, selection, settings),
        lock=lock,
        stored_lock=stored,
        css=css,
    )


class _Found(Struct, frozen=True):
    """The cards of all pages in reading order, what is wrong with the notes, and the pages that switch rules off.

    It `is_complete` unless some file could not be read.
    """

    notes: list[CardNote]
    problems: list[Problem]
    switching: list[Page]
    is_complete: bool


def _gather(walked: Walk, settings: Config, known: Lock, cache: Cache, tell: Tell) -> _Found:
    files, problems = read_files(_counted(walked.files, "reading pages", tell), settings, cache)
    pages = card_pages(files, settings)
    maker = Maker(NoteLinks(walked, files, settings), settings)
    made = _make(pages, maker, tell)
    recognised, doubts = identity.recognise([card.evidence for page in made for card in page.cards], known)
    notes = list(maker.notes(pages, made, recognised))
    changed = ((read.file.shown, read.key, page) for read, page in to_keep(files, pages, made, notes))
    cache.keep(changed, (file.shown for file in walked.files))
    faults = (fault for page in made for fault in page.faults)
    met = (problem for note in notes if note.note for problem in note.note.composed.problems)
    return _Found(
        notes=notes,
        problems=[*walked.problems, *problems, *faults, *doubts, *met],
        switching=[page.page for page, cached in zip(pages, made, strict=True) if cached.has_switches],
        is_complete=not any(problem.rule == UNREADABLE for problem in problems),
    )


def _require_notes(source: Path) -> None:
    if not source.exists():
        raise NoSuchSource(source)
    if source.is_file() and source.suffix.lower() not in outline.SUFFIXES:
        raise NotANote(source, ", ".join(outline.SUFFIXES))


def _counted(items: Sequence[Item], what: str, tell: Tell) -> Iterator[Item]:
    """The same, telling as each is asked for how many are done."""
    for done, item in enumerate(items):
        tell(what, done, len(items))
        yield item


def _make(pages: Sequence[CardPage], maker: Maker, tell: Tell) -> list[CachedPage]:
    """What was kept of each page, or else what it says now."""
    missing = [page for page in pages if page.kept is None]
    made = iter(make_pages(missing, maker.page, lambda done: tell("making notes", done, len(missing))))
    return [page.kept or next(made) for page in pages]


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


def _note(note: CardNote, composed: ComposedNote, lock: Lock) -> Note:
    card = note.card
    return Note(
        position=card.evidence.position,
        identity=lock.identities[note.who.guid],
        source_id=lock.source_id,
        deck=card.deck,
        tags=card.tags,
        content=composed.content,
        suspended=card.is_suspended,
        media=tuple(file.name for file in composed.media),
    )
