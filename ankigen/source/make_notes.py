"""Makes the notes of pages, or takes those kept from the last run where nothing they hang on has changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ankigen import identity, note_types
from ankigen.config import Config
from ankigen.identity import Recognised
from ankigen.source.cache import CachedPage, PageCard, RecordingLinks, RenderedNote
from ankigen.source.links import NoteLinks
from ankigen.source.pages import CardPage, ReadFile
from ankigen.support.structs import Struct, replace


class CardNote(Struct, frozen=True):
    """A card, which note it is, and what that says; nothing if it is not sound."""

    card: PageCard
    who: Recognised
    note: RenderedNote | None


class Maker(Struct, frozen=True):
    """Makes the notes of cards; `links` answer what they look up outside their page."""

    links: NoteLinks
    settings: Config

    def page(self, page: CardPage) -> CachedPage:
        """Make a whole page, with the cloze numbers of cards that nobody knows yet."""
        cards = page.cards
        made = CachedPage(
            title=page.file.title,
            summary=page.file.summary,
            surroundings=page.surroundings,
            cards=cards,
            faults=page.faults,
            has_switches=page.has_switches,
            notes=tuple(
                self._note(page, place, identity.first_numbers(card.evidence)) if card.is_sound else None
                for place, card in enumerate(cards)
            ),
        )
        page.release()
        return made

    def notes(
        self, pages: Iterable[CardPage], made: Iterable[CachedPage], recognised: Iterable[Recognised]
    ) -> Iterator[CardNote]:
        """The notes of all pages; one is made anew if its clozes have other numbers, or a lookup another answer."""
        who = iter(recognised)
        for page, cached in zip(pages, made, strict=True):
            is_new = cached is not page.kept
            for place, (card, note) in enumerate(zip(cached.cards, cached.notes, strict=True)):
                yield self._card_note(page, place, next(who), card, note, is_new=is_new)

    def _card_note(
        self, page: CardPage, place: int, who: Recognised, card: PageCard, note: RenderedNote | None, *, is_new: bool
    ) -> CardNote:
        numbers = tuple([cloze.number for cloze in who.clozes if cloze.is_used])
        is_right = note and note.numbers == numbers and (is_new or self._still_holds(note))
        return CardNote(card, who, note if is_right or not card.is_sound else self._note(page, place, numbers))

    def _still_holds(self, note: RenderedNote) -> bool:
        return all(lookup.still_holds(self.links) for lookup in note.lookups)

    def _note(self, page: CardPage, place: int, numbers: tuple[int, ...]) -> RenderedNote:
        card, links = page.found.cards[place], RecordingLinks(self.links)
        composed = note_types.compose(card, numbers, links, self.settings.context, self.links.source(card))
        return RenderedNote(numbers, composed, tuple(links.lookups))


def to_keep(
    files: Iterable[ReadFile], pages: Sequence[CardPage], made: Iterable[CachedPage], notes: Iterable[CardNote]
) -> Iterator[tuple[ReadFile, CachedPage]]:
    """What the next run may take over of each file that is not kept so already."""
    coming = iter(notes)
    whole = {page.file: _with_notes(cached, coming) for page, cached in zip(pages, made, strict=True)}
    for read in files:
        cached = whole.get(read) or CachedPage(read.title, read.summary)
        if cached != read.kept:
            yield read, cached


def _with_notes(made: CachedPage, notes: Iterator[CardNote]) -> CachedPage:
    """The page with what its notes say now."""
    return replace(made, notes=tuple([next(notes).note for _ in made.cards]))
