"""Makes the notes of pages, or takes those kept from the last run where nothing they hang on has changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ankigen import identity, note_types
from ankigen.config import Config
from ankigen.identity import Recognised
from ankigen.source.cache.entries import Draft, Listening, MadeNote, MadePage
from ankigen.source.cache.store import KeptFile
from ankigen.source.links import NoteLinks
from ankigen.source.pages import CardPage, ReadFile
from ankigen.support import structs
from ankigen.support.structs import Struct, replace


class MadeCard(Struct, frozen=True):
    """A card, which note it is, and what that says; nothing if it is not sound."""

    draft: Draft
    who: Recognised
    note: MadeNote | None


class Maker(Struct, frozen=True, dict=True):
    """Makes the notes of cards; `links` answer what they ask of the world outside their page."""

    links: NoteLinks
    settings: Config

    def page(self, page: CardPage) -> MadePage:
        """Make a whole page, with the cloze numbers of cards that nobody knows yet."""
        drafts = page.drafts
        made = MadePage(
            title=page.read.title,
            look=page.read.look,
            surroundings=page.surroundings,
            drafts=drafts,
            faults=page.found.problems,
            has_switches=page.has_switches,
            notes=tuple(
                self._note(page, place, identity.first_numbers(draft.claim)) if draft.is_sound else None
                for place, draft in enumerate(drafts)
            ),
        )
        page.forget()
        return made

    def cards(
        self, pages: Iterable[CardPage], made: Iterable[MadePage], recognised: Iterable[Recognised]
    ) -> Iterator[MadeCard]:
        """The cards of all pages; a note is made anew if its clozes have other numbers, or the world says otherwise."""
        ahead = iter(recognised)
        for page, one in zip(pages, made, strict=True):
            is_new = one is not page.kept
            for place, (draft, note) in enumerate(zip(one.drafts, one.notes, strict=True)):
                who = next(ahead)
                numbers = tuple([cloze.number for cloze in who.clozes if cloze.is_used])
                is_right = note and note.numbers == numbers and (is_new or self._holds(note))
                yield MadeCard(draft, who, note if is_right or not draft.is_sound else self._note(page, place, numbers))

    def _holds(self, note: MadeNote) -> bool:
        return all(asked.holds(self.links) for asked in note.asked)

    def _note(self, page: CardPage, place: int, numbers: tuple[int, ...]) -> MadeNote:
        card, listening = page.found.cards[place], Listening(self.links)
        composed = note_types.compose(card, numbers, listening, self.settings.context, self.links.source(card))
        return MadeNote(numbers, composed, tuple(listening.asked))


def to_keep(
    found: Iterable[ReadFile], pages: Sequence[CardPage], made: Iterable[MadePage], cards: Iterable[MadeCard]
) -> Iterator[KeptFile]:
    """What the next run may take over of each file that is not kept so already."""
    said = iter(cards)
    whole = {page.read: _with_notes(one, said) for page, one in zip(pages, made, strict=True)}
    for read in found:
        kept = whole.get(read) or MadePage(read.title, read.look)
        if kept != read.kept:
            yield read.file.shown, read.key, structs.to_bytes(kept)


def _with_notes(made: MadePage, cards: Iterator[MadeCard]) -> MadePage:
    """The page with what its notes say now."""
    return replace(made, notes=tuple([next(cards).note for _ in made.drafts]))
