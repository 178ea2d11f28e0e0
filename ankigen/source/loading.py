"""Loads a folder or a file: composes the stages up to finished notes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from ankigen import config, identity
from ankigen.config import Config
from ankigen.data import ComposedNote, Desired, FolderState, Lock, Note, Page, Position, Problem
from ankigen.errors import NoSuchSource, NotANote
from ankigen.source.cache import Cache, CachedPage
from ankigen.source.copies import problems_of
from ankigen.source.deck_spellings import spellings
from ankigen.source.folder_state import Absence, folder_state
from ankigen.source.links import NoteLinks
from ankigen.source.make_notes import CardNote, NoteMaker, to_keep
from ankigen.source.origin import source_id_of
from ankigen.source.pages import CardPage, card_pages, read_files
from ankigen.source.style import read_style
from ankigen.source.switched_off import reported
from ankigen.source.walk import UNREADABLE, Walk, is_graph, walk_file, walk_folder
from ankigen.source.workers import make_pages
from ankigen.support import files
from ankigen.support.structs import Struct
from ankigen.syntax import outline

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""

Item = TypeVar("Item")


def load(
    source: Path,
    now: int,
    settings: Config | None = None,
    progress: Progress = lambda _what, _done, _total: None,
    lock: Lock | None = None,
) -> Desired:
    """Read the notes of a folder or file; `now`, in milliseconds, dates what is new or changed.

    The notes' root is read whole, for identity depends on all of it; only the part below `source` is returned.
    Without `settings` the config file of the root counts. A `lock` counts in place of what the lock file says. Mistakes
    in notes are among the problems; a `NoSuchSource`, `NotANote`, `BrokenConfig`, `BrokenLock` or `CannotRead` is
    raised.
    """
    _require_notes(source)
    source = source.absolute()
    walk = _find(source)
    settings = settings or config.read(walk.root)
    with Cache(walk, settings) as cache:
        stored = cache.lock(walk.root / identity.LOCK_NAME)
        known = lock or stored or identity.new_lock(source_id_of(walk.root))
        reading = _read_notes(walk, settings, known, cache, progress)
    composed_notes = list(_composed_notes(reading))
    style = read_style(settings, walk.root)
    updated = _updated_lock(known, reading, style.css, now)
    selection = source.relative_to(walk.root)
    chosen = {file.relative_path for file in walk.files if Path(file.relative_path).is_relative_to(selection)}
    return Desired(
        root=walk.root,
        selection=selection.as_posix(),
        notes=tuple(
            _note(note, composed, updated, reading.decks)
            for note, composed in composed_notes
            if note.card.evidence.position.path in chosen
        ),
        media=(*style.media, *dict.fromkeys(file for _, composed in composed_notes for file in composed.media)),
        problems=(
            *reported(style.problems, (), Path(), settings),
            *reported(reading.problems, reading.switching, selection, settings),
        ),
        lock=updated,
        stored_lock=stored,
        css=style.css,
        folder=reading.folder,
    )


class _Reading(Struct, frozen=True):
    """The notes of all pages in reading order, what is wrong with them, the pages that switch rules off, the folder.

    `decks` are as Anki will spell them, by how they are written.
    """

    notes: list[CardNote]
    decks: Mapping[str, str]
    problems: list[Problem]
    switching: list[Page]
    folder: FolderState


def _read_notes(walk: Walk, settings: Config, known: Lock, cache: Cache, progress: Progress) -> _Reading:
    read = read_files(_counted(walk.files, "reading pages", progress), settings, cache)
    absence = Absence.of(walk, read)
    files = absence.files_here()
    pages = card_pages(files, settings)
    maker = NoteMaker(NoteLinks(walk, files, settings), settings)
    cached_pages = _make(pages, maker, progress)
    cards = [card.evidence for page in cached_pages for card in page.cards]
    recognised, of_identities = identity.recognise(cards, known, set(_faulty(cached_pages)))
    notes = list(maker.notes(pages, cached_pages, recognised))
    changed = (
        (file.note_file.relative_path, file.key, page) for file, page in to_keep(files, pages, cached_pages, notes)
    )
    cache.keep(changed, (file.relative_path for file in walk.files))
    of_pages = [problem for page in cached_pages for problem in page.problems]
    of_notes = (problem for note in notes if note.note for problem in note.note.composed.problems)
    folder, of_folder = folder_state(absence, _unmade(pages, cached_pages), notes, known, settings)
    spelled = spellings(note.card for note in notes if note.note and note.note.composed.content.ordinals)
    return _Reading(
        notes=notes,
        decks=spelled.decks,
        problems=[
            *(*walk.problems, *read.problems, *problems_of(absence.copies), *of_folder),
            *(*of_pages, *_pointed(of_identities, pages), *of_notes, *spelled.problems(pages)),
        ],
        switching=[page.page for page, cached in zip(pages, cached_pages, strict=True) if cached.has_switches],
        folder=folder,
    )


def _unmade(pages: Iterable[CardPage], cached_pages: Iterable[CachedPage]) -> Iterator[CardPage]:
    """The pages that took more than this machine has."""
    for page, cached in zip(pages, cached_pages, strict=True):
        if any(problem.rule == UNREADABLE for problem in cached.problems):
            yield page


def _faulty(pages: Iterable[CachedPage]) -> Iterator[Position]:
    """Where cards stand that make no note."""
    for page in pages:
        for card, note in zip(page.cards, page.notes, strict=True):
            if note is None or not note.composed.content.ordinals:
                yield card.evidence.position


def _pointed(of_identities: Iterable[Problem], pages: Iterable[CardPage]) -> Iterator[Problem]:
    """The problems of identities, pointing at what they speak of; only the pages that have any are parsed for that."""
    by_path: defaultdict[str, list[Problem]] = defaultdict(list)
    for problem in of_identities:
        by_path[problem.position.path].append(problem)
    for page in pages:
        if problems := by_path.get(page.file.note_file.relative_path):
            yield from page.pointed(problems)


def _composed_notes(reading: _Reading) -> Iterator[tuple[CardNote, ComposedNote]]:
    """The notes that Anki would make a card of, with what they say; without those that wait for what is elsewhere."""
    for note in reading.notes:
        if note.note and note.note.composed.content.ordinals and note.recognised.guid not in reading.folder.held:
            yield note, note.note.composed


def _updated_lock(known: Lock, reading: _Reading, css: str, now: int) -> Lock:
    digests = {note.recognised.guid: composed.digest for note, composed in _composed_notes(reading)}
    recognised = [note.recognised for note in reading.notes]
    lock = identity.settled_lock(recognised, digests, known, now, reading.folder.held)
    return identity.with_style(lock, css, now)


def _require_notes(source: Path) -> None:
    if not source.exists():
        raise NoSuchSource(source)
    if source.is_file() and source.suffix.lower() not in outline.SUFFIXES:
        raise NotANote(source, ", ".join(outline.SUFFIXES))


def _counted(items: Sequence[Item], what: str, progress: Progress) -> Iterator[Item]:
    """The same items; as each is taken, `progress` hears how many are done."""
    for done, item in enumerate(items):
        progress(what, done, len(items))
        yield item


def _make(pages: Sequence[CardPage], maker: NoteMaker, progress: Progress) -> list[CachedPage]:
    """What the cache has of each page, or else what is made of it now."""
    missing = [page for page in pages if page.cached is None]
    new = iter(make_pages(missing, maker.page, lambda done: progress("making notes", done, len(missing))))
    return [page.cached or next(new) for page in pages]


def find_files(source: Path) -> list[Path]:
    """The files of notes in a folder, or the file itself."""
    source = source.absolute()
    return [file.path for file in _find(source).files if file.path.is_relative_to(source)] if source.exists() else []


def root_of(source: Path) -> Path:
    """The folder of the notes that belong together, where their lock file is or will be."""
    source = source.absolute()
    return _marked_root(source) or _folder(source)


def _find(source: Path) -> Walk:
    """The notes that belong together."""
    root = _marked_root(source)
    if root is None and source.is_file():
        return walk_file(source)
    return walk_folder(root or _folder(source))


def _folder(source: Path) -> Path:
    return source if source.is_dir() else source.parent


def _marked_root(source: Path) -> Path | None:
    """The nearest folder upward that holds a lock file, or else a graph."""
    folder = _folder(source)
    upward = (folder, *folder.parents)
    locked = (parent for parent in upward if files.is_there(parent / identity.LOCK_NAME))
    return next(locked, None) or next(filter(is_graph, upward), None)


def _note(note: CardNote, composed: ComposedNote, lock: Lock, decks: Mapping[str, str]) -> Note:
    card = note.card
    return Note(
        position=card.evidence.position,
        identity=lock.identities[note.recognised.guid],
        source_id=lock.source_id,
        deck=decks[card.deck],
        tags=card.tags,
        content=composed.content,
        suspended=card.is_suspended,
        media=tuple(file.name for file in composed.media),
    )
