"""Loads a folder or file: runs the stages up to finished notes."""

from __future__ import annotations

from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from itertools import chain
from operator import itemgetter
from pathlib import Path
from typing import TypeVar

from ankigen import config, identity
from ankigen.config import Config
from ankigen.data import (
    Desired,
    FolderState,
    Guid,
    Html,
    Lock,
    Page,
    Position,
    Problem,
    Scheduling,
    Selection,
    Severity,
)
from ankigen.identity import Recognised
from ankigen.source.cache import Cache, CachedPage, KeptPage
from ankigen.source.chosen import chosen_cards, selected
from ankigen.source.copies import problems_of
from ankigen.source.deck_descriptions import descriptions
from ankigen.source.deck_spellings import spellings
from ankigen.source.folder_state import EXCLUDED, Absence, folder_state
from ankigen.source.links import NoteLinks
from ankigen.source.make_notes import NoteMaker
from ankigen.source.media import MISSING
from ankigen.source.memory import Memory
from ankigen.source.new_order import as_written
from ankigen.source.origin import source_id_of
from ankigen.source.other_forms import FEW, folder_kinds, other_forms
from ankigen.source.own_note_types import NoteTypeFiles, OwnNoteTypes, gone_types, record_of
from ankigen.source.page_notes import Made, PageCards, PageNotes
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
_WRITTEN = itemgetter(0)


def load(
    source: Path | Sequence[Path],
    now: int,
    settings: Config | None = None,
    progress: Progress = lambda _what, _done, _total: None,
    lock: Lock | None = None,
    *,
    decks: Sequence[str] = (),
    tags: Sequence[str] = (),
    memory: Memory | None = None,
    instead: Mapping[str, bytes] | None = None,
) -> Desired:
    """Read the notes of folders or files; `now`, in milliseconds, dates what is new or changed.

    The whole root is read, because identity depends on all of it; only the part below `source` is returned, and of
    that the cards selected by `decks` and `tags`, as in a `Selection`. Without `settings` the config file of the root
    is used. A `lock` replaces the lock file. Mistakes in notes become problems. Raises `NoSuchSource`, `NotANote`,
    `SeveralSets`, `NothingSelected`, `BrokenConfig`, `BrokenLock` or `CannotRead`. The `memory` of an earlier call for
    the same notes only saves time. `instead` replaces the contents of files, by their paths from the root.
    """
    memory = memory or Memory()
    sources = [source] if isinstance(source, Path) else list(source)
    for path in sources:
        require_notes(path)
    sources = [path.absolute() for path in sources]
    root = root_of(sources)
    settings = settings or config.read(root)
    walk = find_notes(sources, root, settings)
    memory.begin(walk.start)
    type_files = NoteTypeFiles(walk.root)
    settings = replace(settings, card_tags=(*settings.card_tags, *type_files.tags))
    with Cache(walk, settings, memory.cached) as cache:
        stored = cache.lock(walk.root / identity.LOCK_NAME)
        known = lock or stored or identity.new_lock(source_id_of(walk.root))
        own = type_files.settled(known, now)
        reading = _read_notes(_Notes(walk, settings, known, own, instead), cache, memory, progress)
    style = read_style(settings, walk.root)
    updated = _updated_lock(known, reading, style.css, now, own, memory)
    made = _made(reading, updated)
    made.sort(key=_WRITTEN if settings.new_order == "notes" else lambda each: each[1].identity.created)
    selection = selected([path.relative_to(walk.root).as_posix() for path in sources], decks, tags)
    chosen = chosen_cards(reading.pages, selection)
    problems = (
        *reported((*style.problems, *own.problems), (), Selection(), settings),
        *chosen.problems(reported(reading.problems, reading.switching, selection, settings)),
        *reported(_excluded(walk, selection), (), Selection(), settings),
    )
    notes = tuple([note for _, note, _ in made if chosen.has(note.position)])
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
            *dict.fromkeys(file for _, note, composed in made if note.media for file in composed.media),
        ),
        problems=problems,
        lock=updated,
        stored_lock=stored,
        css=style.css,
        folder=reading.folder,
        unmade=tuple(_unmade_cards(reading.pages, problems)),
        others=tuple([note for _, note, _ in made if not chosen.has(note.position)]),
        cards=tuple(chain.from_iterable(page.positions for page in reading.pages)),
        scheduling=Scheduling(settings.schedule, settings.schedule_zone) if settings.schedule else None,
        descriptions=reading.descriptions,
        kinds=folder_kinds((file for file in walk.files if selection.has_path(file.relative_path)), walk.root, folder),
        other_forms=other_forms(unread, settings, len(notes)),
        card_tag=config.card_tag(settings),
        own=own.types,
        vault=vault_around(walk.root) if any(problem.rule == MISSING for problem in problems) else None,
        sets_below=tuple(sorted(walk.sets_below)),
        excluded={}
        if made or any(problem.rule == EXCLUDED for problem in problems)
        else _excluded_pages(walk, selection),
    )


class _Notes(Struct, frozen=True):
    """What is to be read: the files, and all that decides what becomes of them."""

    walk: Walk
    settings: Config
    known: Lock
    own: OwnNoteTypes
    instead: Mapping[str, bytes] | None = None


class _Reading(Struct, frozen=True):
    """The notes of all pages in reading order, their problems, the pages that switch rules off, the folder.

    `files` are those that are here, `cards` the cards of the pages, `decks` the spelling in Anki, by the spelling in
    the notes.
    """

    files: list[SourceFile]
    cards: list[PageCards]
    pages: list[PageNotes]
    decks: Mapping[str, str]
    problems: list[Problem]
    switching: list[Page]
    folder: FolderState
    descriptions: Mapping[str, Html]


def _read_notes(notes: _Notes, cache: Cache, memory: Memory, progress: Progress) -> _Reading:
    walk, settings, known, own = notes.walk, notes.settings, notes.known, notes.own
    read = read_files(_counted(walk.files, "reading pages", progress), settings, cache, notes.instead)
    absence = Absence.of(walk, read)
    files = absence.files_here()
    pages = card_pages(files, settings, own.types)
    maker = NoteMaker(NoteLinks(walk, files, settings), settings)
    at_hand = _make(pages, maker, progress)
    cached_pages = [maker.current(page, cached) for page, cached in zip(pages, at_hand, strict=True)]
    cards = [
        memory.cards(page.file.note_file.relative_path, cached)
        for page, cached in zip(pages, cached_pages, strict=True)
    ]
    faulty = set(chain.from_iterable(page.faulty for page in cards))
    recognised, of_identities = memory.recogniser.recognise([page.evidence for page in cards], known, faulty)
    made = [_page_notes(*of_page, maker, own, memory) for of_page in zip(pages, cached_pages, recognised, strict=True)]
    if not notes.instead:
        cache.keep(list(_kept(files, pages, made)), (file.relative_path for file in walk.files))
    memory.forget_all_but({page.file.note_file.relative_path: its for page, its in zip(pages, made, strict=True)})
    of_pages = [problem for page in cached_pages for problem in page.problems]
    of_notes = (problem for page in made for problem in page.problems)
    folder, of_folder = folder_state(absence, _unmade(pages, cached_pages), made, known, settings)
    held = gone_types(own, known, chain.from_iterable(recognised))
    folder = replace(folder, held=folder.held | held.notes)
    described = {page.file: cached.description for page, cached in zip(pages, cached_pages, strict=True)}
    described |= {file: file.description for file in files if file not in described}
    spelled = spellings(card for page in made for card in page.decks.values())
    of_decks = descriptions(
        ((file, described[file]) for file in files),
        spelled.decks.values(),
        settings,
    )
    return _Reading(
        files=files,
        cards=cards,
        pages=made,
        decks=spelled.decks,
        problems=[
            *(*walk.problems, *read.problems, *problems_of(absence.copies), *of_folder),
            *(*of_pages, *of_notes, *spelled.problems(pages), *of_decks.problems),
            *held.problems,
            *_pointed((*of_identities, *same_cards(made, spelled.decks)), pages),
        ],
        switching=[page.page for page, cached in zip(pages, cached_pages, strict=True) if cached.has_switches],
        folder=folder,
        descriptions=of_decks.html,
    )


def _page_notes(
    page: CardPage,
    cached: CachedPage,
    recognised: tuple[Recognised, ...],
    maker: NoteMaker,
    own: OwnNoteTypes,
    memory: Memory,
) -> PageNotes:
    """The notes of a page: those that it had when it was read last, if nothing that they are made of is another now."""
    known = memory.notes.get(page.file.note_file.relative_path)
    if known and known.is_of(cached, recognised, own):
        return known
    return PageNotes(cached, recognised, maker.notes(page, cached, recognised), own)


def _kept(files: Iterable[SourceFile], pages: Iterable[CardPage], made: Iterable[PageNotes]) -> Iterator[KeptPage]:
    """What the cache should hold of each file."""
    by_file = {page.file: notes.page for page, notes in zip(pages, made, strict=True)}
    for file in files:
        cached = by_file.get(file) or CachedPage(file.title, file.summary, description=file.description)
        if not any(problem.rule == UNREADABLE for problem in cached.problems):
            is_new = cached is not file.cached and cached != file.cached
            yield KeptPage(file.note_file.relative_path, file.key, cached, is_new)


def _unmade(pages: Iterable[CardPage], cached_pages: Iterable[CachedPage]) -> Iterator[CardPage]:
    """The pages that needed more memory or stack than this machine has."""
    for page, cached in zip(pages, cached_pages, strict=True):
        if any(problem.rule == UNREADABLE for problem in cached.problems):
            yield page


def _pointed(of_cards: Iterable[Problem], pages: Iterable[CardPage]) -> Iterator[Problem]:
    """Problems of whole cards with their exact spots; only pages with such problems are parsed for that."""
    by_path: defaultdict[str, list[Problem]] = defaultdict(list)
    for problem in of_cards:
        by_path[problem.position.path].append(problem)
    for page in pages:
        if problems := by_path.get(page.file.note_file.relative_path):
            yield from page.pointed(problems)


def _made(reading: _Reading, lock: Lock) -> list[Made]:
    """The notes that Anki would make a card of; without those that wait for what is elsewhere."""
    return list(chain.from_iterable(page.made(lock, reading.decks, reading.folder.held) for page in reading.pages))


def _unmade_cards(pages: Iterable[PageNotes], problems: Iterable[Problem]) -> Iterator[Position]:
    """The cards that errors prevented: an error belongs to the last card that begins at or before it."""
    faulty: defaultdict[str, list[int]] = defaultdict(list)
    for position in chain.from_iterable(page.without_cards for page in pages):
        faulty[position.path].append(position.line)
    errors = (problem.position for problem in problems if problem.severity is Severity.ERROR)
    places = {(error.path, bisect(faulty[error.path], error.line)) for error in errors if error.path in faulty}
    yield from sorted(Position(path, faulty[path][place - 1]) for path, place in places if place)


def _updated_lock(known: Lock, reading: _Reading, css: str, now: int, own: OwnNoteTypes, memory: Memory) -> Lock:
    held = reading.folder.held
    digests: dict[Guid, str] = {}
    for page in reading.pages:
        digests.update(page.digests)
    for guid in held:
        digests.pop(guid, None)
    recognised = list(chain.from_iterable(page.recognised for page in reading.pages))
    new = [note for page in reading.pages for note in page.notes if note.recognised.known is None]
    order = {note.recognised.guid: place for place, note in enumerate(sorted(new, key=as_written))}

    def again(lock: Lock, faulty: Set[Position]) -> list[Recognised]:
        evidence = [page.evidence for page in reading.cards]
        return list(chain.from_iterable(memory.recogniser.recognise(evidence, lock, faulty)[0]))

    lock = identity.settled_lock(recognised, digests, known, now, held, order, again)
    used = {composed.content.kind for page in reading.pages for _, composed in page.with_cards} if own.types else set()
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


def _excluded_pages(walk: Walk, selection: Selection) -> Mapping[str, int]:
    """How many of the selected pages are excluded, by what excludes them."""
    return Counter(source for file, source in walk.excluded_pages() if selection.has_path(file.relative_path))
