"""Loads a folder or a file: composes the stages up to finished notes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from ankigen import config, identity
from ankigen.config import Config
from ankigen.data import Composed, Desired, Lock, Note, Page, Problem
from ankigen.errors import CannotRead, NoSuchSource, NotANote
from ankigen.source.cache.entries import MadePage
from ankigen.source.cache.store import Store
from ankigen.source.links import NoteLinks
from ankigen.source.make_notes import MadeCard, Maker, to_keep
from ankigen.source.pages import UNREADABLE, CardPage, card_pages, read_files
from ankigen.source.source_lines import lines_at
from ankigen.source.switched_off import heard
from ankigen.source.walk import Walk, is_graph, one_file, walk
from ankigen.source.workers import make_pages
from ankigen.support import folders, structs
from ankigen.support.structs import Struct
from ankigen.syntax import outline

__all__ = ["find_files", "lines_at", "load"]

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
    with closing(Store(folders.cache() / "notes", walked, settings)) as store:
        stored = identity.read_lock(walked.root / identity.LOCK_NAME, _parsing(store))
        known = stored or identity.new_lock()
        found = _gather(walked, settings, known, store, tell)
    said = [(card, card.note.composed) for card in found.cards if card.note and card.note.composed.said.ordinals]
    digests = {card.who.guid: composed.digest for card, composed in said}
    recognised = [card.who for card in found.cards]
    css = _css(settings)
    lock = identity.remember(recognised, digests, known, now, is_complete=found.is_complete)
    lock = identity.with_style(lock, css, now)
    selection = source.relative_to(walked.root)
    chosen = {file.shown for file in walked.files if Path(file.shown).is_relative_to(selection)}
    return Desired(
        root=walked.root,
        selection=selection.as_posix(),
        notes=tuple(_note(card, composed, lock) for card, composed in said if card.draft.claim.position.path in chosen),
        media=tuple(dict.fromkeys(file for _, composed in said for file in composed.media)),
        problems=heard(found.problems, found.switching, selection, settings),
        lock=lock,
        stored_lock=stored,
        css=css,
    )


class _Found(Struct, frozen=True):
    """All cards in reading order, what is wrong with the notes, and the pages that switch rules off.

    It `is_complete` unless some file could not be read.
    """

    cards: list[MadeCard]
    problems: list[Problem]
    switching: list[Page]
    is_complete: bool


def _parsing(store: Store) -> Callable[[Path, str], Lock]:
    """How a lock file is read that was read before."""

    def parse(path: Path, text: str) -> Lock:
        key = store.key(identity.LOCK_NAME, text.encode())
        if kept := store.take(identity.LOCK_NAME, key):
            return structs.from_bytes(Lock, kept)
        lock = identity.parse_lock(path, text)
        store.keep([(identity.LOCK_NAME, key, structs.to_bytes(lock))])
        return lock

    return parse


def _gather(walked: Walk, settings: Config, known: Lock, store: Store, tell: Tell) -> _Found:
    files, problems = read_files(_told(walked.files, "reading pages", tell), settings, store)
    pages = card_pages(files, settings)
    maker = Maker(NoteLinks(walked, files, settings), settings)
    made = _make(pages, maker, tell)
    recognised, doubts = identity.recognise([draft.claim for page in made for draft in page.drafts], known)
    cards = list(maker.cards(pages, made, recognised))
    store.keep(to_keep(files, pages, made, cards))
    store.forget_all_but({identity.LOCK_NAME, *(file.shown for file in walked.files)})
    faults = (fault for page in made for fault in page.faults)
    told = (problem for card in cards if card.note for problem in card.note.composed.problems)
    return _Found(
        cards=cards,
        problems=[*walked.problems, *problems, *faults, *doubts, *told],
        switching=[page.page for page, one in zip(pages, made, strict=True) if one.has_switches],
        is_complete=not any(problem.rule == UNREADABLE for problem in problems),
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


def _make(pages: Sequence[CardPage], maker: Maker, tell: Tell) -> list[MadePage]:
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


def _note(card: MadeCard, composed: Composed, lock: Lock) -> Note:
    draft = card.draft
    return Note(
        position=draft.claim.position,
        identity=lock.identities[card.who.guid],
        source_id=lock.source_id,
        deck=draft.deck,
        tags=draft.tags,
        said=composed.said,
        suspended=draft.is_suspended,
        media=tuple(file.name for file in composed.media),
    )
