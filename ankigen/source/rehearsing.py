"""What a page would say if its file held something else, found by the very means that read the notes.

Nothing is written. It is quick, for all other pages stay as they were read. Whether another page shows what this one
says is left to `load`, which takes contents in place of files as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from ankigen import config
from ankigen.data import CardBlock, ComposedNote, Desired, Page, Severity
from ankigen.source.cache import Cache, PageCard
from ankigen.source.folder_state import Absence
from ankigen.source.links import NoteLinks
from ankigen.source.make_notes import NoteMaker
from ankigen.source.own_note_types import NoteTypeFiles
from ankigen.source.pages import CardPage, SourceFile, card_pages, read_files
from ankigen.source.roots import find_notes
from ankigen.support.structs import replace


class Rehearsal:
    """The pages of a set of notes as they are now, each ready to be read with another content."""

    def __init__(self, desired: Desired) -> None:
        settings = config.read(desired.root)
        walk = find_notes([path.absolute() for path in desired.sources], desired.root, settings)
        settings = replace(settings, card_tags=(*settings.card_tags, *NoteTypeFiles(walk.root).tags))
        with Cache(walk, settings) as cache:
            self._files = Absence.of(walk, read_files(walk.files, settings, cache)).files_here()
        self._walk, self._settings = walk, settings
        self._pages = {
            page.file.note_file.relative_path: page for page in card_pages(self._files, settings, desired.own)
        }

    def content(self, path: str) -> bytes | None:
        """What the file of a page with cards held when it was read; nothing if there is no such page."""
        page = self._pages.get(path)
        return page.file.content if page else None

    def page(self, path: str, content: bytes) -> RehearsedPage:
        """The page with another content."""
        known = self._pages[path]
        file = SourceFile(known.file.note_file, content, "", None, self._settings)
        files = [file if other is known.file else other for other in self._files]
        links = NoteLinks(self._walk, files, self._settings)
        page = CardPage(file, known.default_deck, known.inherited, known.own, known.own_digest)
        return RehearsedPage(page, NoteMaker(links, self._settings))


class RehearsedPage:
    """A page as it would be; each note is made when it is asked for."""

    def __init__(self, page: CardPage, maker: NoteMaker) -> None:
        self._card_page = page
        self._maker = maker
        self._notes: dict[tuple[int, tuple[int, ...]], ComposedNote] = {}

    @property
    def is_here(self) -> bool:
        """Whether the file would be read as a page with cards at all."""
        return self._card_page.file.is_here and self._card_page.file.summary.may_hold_cards

    @cached_property
    def page(self) -> Page:
        """The page as it would be parsed."""
        return self._card_page.page

    @cached_property
    def blocks(self) -> tuple[CardBlock, ...]:
        """The card blocks, in reading order."""
        return self._card_page.found.cards

    @cached_property
    def cards(self) -> tuple[PageCard, ...]:
        """The cards, as far as they hang on this page alone."""
        return self._card_page.cards

    @cached_property
    def errors(self) -> int:
        """How many errors the page would have."""
        return sum(problem.severity is Severity.ERROR for problem in self._card_page.problems)

    def note(self, index: int, numbers: Sequence[int]) -> ComposedNote:
        """What the note of a card says with these cloze numbers."""
        key = index, tuple(numbers)
        if key not in self._notes:
            composed = self._maker.composed(self._card_page, index, key[1])
            own = next((made for made in self._card_page.own if made.kind == composed.content.kind), None)
            self._notes[key] = replace(composed, content=replace(composed.content, own=own)) if own else composed
        return self._notes[key]
