"""Loads a folder or file: runs the stages up to finished notes."""

from __future__ import annotations

from bisect import bisect
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from ankigen import config, identity, note_types
from ankigen.config import Config
from ankigen.data import (
    ComposedNote,
    Desired,
    FolderState,
    Html,
    Lock,
    Note,
    Page,
    Position,
    Problem,
    Scheduling,
    Selection,
    Severity,
)
from ankigen.source.cache import Cache, CachedPage
from ankigen.source.chosen import chosen_cards, selected
from ankigen.source.copies import problems_of
from ankigen.source.deck_descriptions import descriptions
from ankigen.source.deck_spellings import spellings
from ankigen.source.folder_state import EXCLUDED, Absence, folder_state
from ankigen.source.links import NoteLinks
from ankigen.source.make_notes import CardNote, NoteMaker, to_keep
from ankigen.source.media import MISSING
from ankigen.source.new_order import as_written, new_order
from ankigen.source.origin import source_id_of
from ankigen.source.other_forms import FEW, folder_kinds, other_forms
from ankigen.source.own_note_types import NoteTypeFiles, OwnNoteTypes, gone_types, record_of
from ankigen.source.pages import CardPage, SourceFile, card_pages, read_files
from ankigen.source.roots import find_notes, require_notes, root_of
from ankigen.source.same_cards import same_cards
from ankigen.source.style import read_style
from ankigen.source.switched_off import reported
from ankigen.source.vault_files import vault_around
from ankigen.source.walk import UNREADABLE, Walk
from ankigen.source.workers import make_pages
from ankigen.support.structs import Struct, replace

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""

Item = TypeVar("Item")


def load(
    source: Path | Sequence[Path],
    now: int,
    settings: Config | None = None,
    progress: Progress = lambda _what, _done, _total: None,
    lock: Lock | None = None,
    *,
    decks: Sequence[str] = (),
    tags: Sequence[str] = (),
) -> Desired:
    """Read the notes of folders or files; `now`, in milliseconds, dates what is new or changed.

    The whole root is read, because identity depends on all of it; only the part below `source` is returned, and of
    that the cards selected by `decks` and `tags`, as in a `Selection`. Without `settings` the config file of the root
    is used. A `lock` replaces the lock file. Mistakes in notes become problems. Raises `NoSuchSource`, `NotANote`,
    `SeveralSets`, `NothingSelected`, `BrokenConfig`, `BrokenLock` or `CannotRead`.
    """
    sources = [source] if isinstance(source, Path) else list(source)
    for path in sources:
        require_notes(path)
    sources = [path.absolute() for path in sources]
    root = root_of(sources)
    settings = settings or config.read(root)
    walk = find_notes(sources, root, settings)
    type_files = NoteTypeFiles(walk.root)
    settings = replace(settings, card_tags=(*settings.card_tags, *type_files.tags))
    with Cache(walk, settings) as cache:
        stored = cache.lock(walk.root / identity.LOCK_NAME)
        known = lock or stored or identity.new_lock(source_id_of(walk.root))
        own = type_files.settled(known, now)
        reading = _read_notes(walk, settings, known, cache, progress, own)
    style = read_style(settings, walk.root)
    updated = _updated_lock(known, reading, style.css, now, own)
    key = new_order(settings, updated)
    composed_notes = sorted(_composed_notes(reading), key=lambda pair: key(pair[0]))
    selection = selected([path.relative_to(walk.root).as_posix() for path in sources], decks, tags)
    chosen = chosen_cards(reading.notes, selection)
    problems = (
        *reported((*style.problems, *own.problems), (), Selection(), settings),
        *chosen.problems(reported(reading.problems, reading.switching, selection, settings)),
        *reported(_excluded(walk, selection), (), Selection(), settings),
    )
    made = [_note(note, composed, updated, reading.decks) for note, composed in composed_notes]
    notes = tuple(note for note in made if note.position in chosen.positions)
    is_few = len(notes) <= FEW
    unread = [file for file in reading.files if is_few and selection.has_path(file.note_file.relative_path)]
    folder = min(sources, key=lambda path: len(path.parts))
    return Desired(
        root=walk.root,
        selection=selection,
        notes=notes,
        media=(
            *style.media,
            *own.media,
            *dict.fromkeys(file for _, composed in composed_notes for file in composed.media),
        ),
        problems=problems,
        lock=updated,
        stored_lock=stored,
        css=style.css,
        folder=reading.folder,
        unmade=tuple(_unmade_cards(reading.notes, problems)),
        others=tuple(note for note in made if note.position not in chosen.positions),
        cards=tuple(note.card.evidence.position for note in reading.notes),
        scheduling=Scheduling(settings.schedule, settings.schedule_zone) if settings.schedule else None,
        descriptions=reading.descriptions,
        kinds=folder_kinds((file for file in walk.files if selection.has_path(file.relative_path)), walk.root, folder),
        other_forms=other_forms(unread, settings, len(notes)),
        card_tag=config.card_tag(settings),
        own=own.types,
        vault=vault_around(walk.root) if any(problem.rule == MISSING for problem in problems) else None,
    )


class _Reading(Struct, frozen=True):
    """The notes of all pages in reading order, their problems, the pages that switch rules off, the folder.

    `files` are those that are here, `decks` the spelling in Anki, by the spelling in the notes.
    """

    files: list[SourceFile]
    notes: list[CardNote]
    decks: Mapping[str, str]
    problems: list[Problem]
    switching: list[Page]
    folder: FolderState
    descriptions: Mapping[str, Html]


def _read_notes(
    walk: Walk, settings: Config, known: Lock, cache: Cache, progress: Progress, own: OwnNoteTypes
) -> _Reading:
    read = read_files(_counted(walk.files, "reading pages", progress), settings, cache)
    absence = Absence.of(walk, read)
    files = absence.files_here()
    pages = card_pages(files, settings, own.types)
    maker = NoteMaker(NoteLinks(walk, files, settings), settings)
    cached_pages = maker.current(pages, _make(pages, maker, progress))
    cards = [card.evidence for page in cached_pages for card in page.cards]
    recognised, of_identities = identity.recognise(cards, known, set(_faulty(cached_pages)))
    notes = list(maker.notes(pages, cached_pages, recognised))
    changed = (
        (file.note_file.relative_path, file.key, page) for file, page in to_keep(files, pages, cached_pages, notes)
    )
    cache.keep(changed, (file.relative_path for file in walk.files))
    notes = [_with_own_type(note, own) for note in notes] if own.types else notes
    of_pages = [problem for page in cached_pages for problem in page.problems]
    of_notes = (problem for note in notes if note.note for problem in note.note.composed.problems)
    folder, of_folder = folder_state(absence, _unmade(pages, cached_pages), notes, known, settings)
    held = gone_types(own, known, recognised)
    folder = replace(folder, held=folder.held | held.notes)
    described = {page.file: cached.description for page, cached in zip(pages, cached_pages, strict=True)}
    described |= {file: file.description for file in files if file not in described}
    spelled = spellings(note.card for note in notes if note.note and note.note.composed.content.ordinals)
    of_decks = descriptions(
        ((file, described[file]) for file in files),
        spelled.decks.values(),
        settings,
    )
    return _Reading(
        files=files,
        notes=notes,
        decks=spelled.decks,
        problems=[
            *(*walk.problems, *read.problems, *problems_of(absence.copies), *of_folder),
            *(*of_pages, *of_notes, *spelled.problems(pages), *of_decks.problems),
            *held.problems,
            *_pointed((*of_identities, *same_cards(notes, spelled.decks)), pages),
        ],
        switching=[page.page for page, cached in zip(pages, cached_pages, strict=True) if cached.has_switches],
        folder=folder,
        descriptions=of_decks.html,
    )


def _with_own_type(note: CardNote, own: OwnNoteTypes) -> CardNote:
    """The note with its type, if that is one of the user's, which the cache does not have."""
    if note.note is None or (made := own.named(note.note.composed.content.kind)) is None:
        return note
    composed = replace(note.note.composed, content=replace(note.note.composed.content, own=made))
    return replace(note, note=replace(note.note, composed=composed))


def _unmade(pages: Iterable[CardPage], cached_pages: Iterable[CachedPage]) -> Iterator[CardPage]:
    """The pages that needed more memory or stack than this machine has."""
    for page, cached in zip(pages, cached_pages, strict=True):
        if any(problem.rule == UNREADABLE for problem in cached.problems):
            yield page


def _faulty(pages: Iterable[CachedPage]) -> Iterator[Position]:
    """The positions of cards that make no note."""
    for page in pages:
        for card, note in zip(page.cards, page.notes, strict=True):
            if note is None or not note.composed.content.ordinals:
                yield card.evidence.position


def _pointed(of_cards: Iterable[Problem], pages: Iterable[CardPage]) -> Iterator[Problem]:
    """Problems of whole cards with their exact spots; only pages with such problems are parsed for that."""
    by_path: defaultdict[str, list[Problem]] = defaultdict(list)
    for problem in of_cards:
        by_path[problem.position.path].append(problem)
    for page in pages:
        if problems := by_path.get(page.file.note_file.relative_path):
            yield from page.pointed(problems)


def _composed_notes(reading: _Reading) -> Iterator[tuple[CardNote, ComposedNote]]:
    """The notes from which Anki would make a card, with their content; without those that wait for an absent file."""
    for note in reading.notes:
        if note.note and note.note.composed.content.ordinals and note.recognised.guid not in reading.folder.held:
            yield note, note.note.composed


def _unmade_cards(notes: Iterable[CardNote], problems: Iterable[Problem]) -> Iterator[Position]:
    """The cards that errors prevented: an error belongs to the last card that begins at or before it."""
    faulty: defaultdict[str, list[int]] = defaultdict(list)
    for note in notes:
        if note.note is None or not note.note.composed.content.ordinals:
            faulty[note.card.evidence.position.path].append(note.card.evidence.position.line)
    errors = (problem.position for problem in problems if problem.severity is Severity.ERROR)
    places = {(error.path, bisect(faulty[error.path], error.line)) for error in errors if error.path in faulty}
    yield from sorted(Position(path, faulty[path][place - 1]) for path, place in places if place)


def _updated_lock(known: Lock, reading: _Reading, css: str, now: int, own: OwnNoteTypes) -> Lock:
    digests = {note.recognised.guid: composed.digest for note, composed in _composed_notes(reading)}
    recognised = [note.recognised for note in reading.notes]
    order = {note.recognised.guid: place for place, note in enumerate(sorted(reading.notes, key=as_written))}
    lock = identity.settled_lock(recognised, digests, known, now, reading.folder.held, order)
    used = {composed.content.kind for _, composed in _composed_notes(reading)}
    records = [record_of(made.note_type) for made in own.types if made.kind in used and not made.fault]
    return identity.with_note_types(identity.with_style(lock, css, now), records)


def _counted(items: Sequence[Item], what: str, progress: Progress) -> Iterator[Item]:
    """The same items; `progress` is called with the count as each is taken."""
    for done, item in enumerate(items):
        progress(what, done, len(items))
        yield item


def _make(pages: Sequence[CardPage], maker: NoteMaker, progress: Progress) -> list[CachedPage]:
    """The cached result of each page, or else a new one."""
    missing = [page for page in pages if page.cached is None]
    new = iter(make_pages(missing, maker.page, lambda done: progress("making notes", done, len(missing))))
    return [page.cached or next(new) for page in pages]


def _excluded(walk: Walk, selection: Selection) -> Iterator[Problem]:
    """A problem for each selected file or folder that is excluded."""
    for path in selection.paths:
        if source := walk.excluded_by(path):
            message = f"excluded by {source}, so its cards are not made: take the pattern away to make them"
            yield Problem(Position(path), Severity.WARNING, EXCLUDED, message)


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
        schedules=note_types.scheduled_cards(composed.content, card.schedules),
    )
