"""A folder or a file: which notes, media and problems does it hold? Composes the stages up to finished notes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from ankigen import config, folders, identity, outline
from ankigen.config import Config
from ankigen.data import Desired, Lock, Note
from ankigen.errors import CannotRead, NoSuchSource, NotANote
from ankigen.identity import Recognised
from ankigen.reading.hearing import heard
from ankigen.reading.kept import MadeNote
from ankigen.reading.links import NoteLinks
from ankigen.reading.making import MadeCard, make_card, to_keep
from ankigen.reading.pages import UNREADABLE, CardPage, card_pages, read_files
from ankigen.reading.quotes import lines_at
from ankigen.reading.store import Store
from ankigen.reading.walk import Walk, is_graph, one_file, walk

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
    stored = identity.read_lock(walked.root / identity.LOCK_NAME)
    known = stored or identity.new_lock()
    with closing(Store(folders.cache() / "notes", walked, settings)) as store:
        files, problems = read_files(_told(walked.files, "reading pages", tell), settings, store)
        pages = card_pages(files, settings)
        claims = [draft.claim for page in pages for draft in page.drafts]
        recognised, identity_problems = identity.recognise(claims, known)
        cards = _make(pages, recognised, NoteLinks(walked, files, settings), settings, tell)
        store.keep(to_keep(files, pages, cards), {file.shown for file in walked.files})
    is_complete = not any(problem.rule == UNREADABLE for problem in problems)
    digests = {one.who.guid: one.note.digest for one in cards if one.note and one.note.makes_cards}
    css = _css(settings)
    lock = identity.with_style(identity.remember(recognised, digests, known, now, is_complete=is_complete), css, now)
    told = [
        *walked.problems,
        *problems,
        *(fault for page in pages for fault in page.faults),
        *identity_problems,
        *(problem for one in cards if one.note for problem in one.note.problems),
    ]
    selection = source.relative_to(walked.root)
    chosen = {file.shown for file in walked.files if Path(file.shown).is_relative_to(selection)}
    made = [(one, one.note) for one in cards if one.note and one.note.makes_cards]
    return Desired(
        root=walked.root,
        selection=selection.as_posix(),
        notes=tuple(_note(one, said, lock) for one, said in made if one.draft.claim.position.path in chosen),
        media=tuple(dict.fromkeys(file for _, said in made for file in said.media)),
        problems=heard(told, (page.page for page in pages if page.has_switches), selection, settings),
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


def _make(
    pages: Sequence[CardPage], recognised: Sequence[Recognised], links: NoteLinks, settings: Config, tell: Tell
) -> list[MadeCard]:
    """All cards, in reading order."""
    places = [(page, place) for page in pages for place in range(len(page.drafts))]
    told = _told(places, "making notes", tell)
    return [make_card(*place, who, links, settings) for place, who in zip(told, recognised, strict=True)]


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


def _note(card: MadeCard, said: MadeNote, lock: Lock) -> Note:
    draft = card.draft
    return Note(
        position=draft.claim.position,
        identity=lock.identities[card.who.guid],
        source_id=lock.source_id,
        deck=draft.deck,
        tags=draft.tags,
        content=said.content,
        suspended=draft.is_suspended,
        media=tuple(file.name for file in said.media),
    )
