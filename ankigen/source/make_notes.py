"""Makes the notes of pages, or takes those of the last run if nothing that they depend on has changed."""

from __future__ import annotations

from collections.abc import Iterable

from ankigen import identity, note_types
from ankigen.config import Config
from ankigen.data import CardBlock, ComposedNote, Content, Position, Problem, Severity
from ankigen.identity import Recognised
from ankigen.source.cache import CachedPage, PageCard, RecordingLinks, RenderedNote
from ankigen.source.links import NoteLinks
from ankigen.source.media import MEDIA_ELSEWHERE
from ankigen.source.pages import CardPage
from ankigen.source.walk import UNREADABLE
from ankigen.support.structs import Struct, replace
from ankigen.syntax import bounds


class CardNote(Struct, frozen=True):
    """A card, its identity, and the content of its note: `None` if the card makes none."""

    card: PageCard
    recognised: Recognised
    note: RenderedNote | None


class NoteMaker(Struct, frozen=True):
    """Makes the notes of cards; `links` looks up what is outside their page."""

    links: NoteLinks
    settings: Config

    def page(self, page: CardPage) -> CachedPage:
        """Make a whole page, its clozes numbered as if all cards were new."""
        try:
            cards = page.cards
        except (RecursionError, MemoryError):
            return self._unread(page)
        cached = CachedPage(
            title=page.file.title,
            summary=page.file.summary,
            surroundings=page.surroundings,
            cards=cards,
            problems=page.problems,
            has_switches=page.has_switches,
            notes=tuple(
                self._note(page, index, identity.first_numbers(card.evidence)) if card.is_sound else None
                for index, card in enumerate(cards)
            ),
            description=page.file.description,
        )
        page.release()
        return cached

    def _unread(self, page: CardPage) -> CachedPage:
        """The result for a page that needs more than this machine has: like a file that cannot be read."""
        path, message = page.file.note_file.relative_path, "this page is too large or too deep to be read: part it"
        page.release()
        problem = Problem(Position(path), Severity.ERROR, UNREADABLE, message)
        return CachedPage(page.file.title, page.file.summary, page.surroundings, problems=(problem,))

    def current(self, page: CardPage, cached: CachedPage) -> CachedPage:
        """The page; cached notes with a lookup that has another answer now are made again.

        Identity needs to know which cards make a note, and that is known only then.
        """
        if cached is not page.cached:
            return cached
        notes = tuple(
            note if note is None or self._still_holds(note) else self._note(page, index, note.numbers)
            for index, note in enumerate(cached.notes)
        )
        return cached if notes == cached.notes else replace(cached, notes=notes)

    def notes(self, page: CardPage, cached: CachedPage, recognised: Iterable[Recognised]) -> tuple[CardNote, ...]:
        """The notes of a `current` page, whose cards are `recognised`.

        A note is made again if its clozes have other numbers now.
        """
        notes = []
        for index, (card, note, known) in enumerate(zip(cached.cards, cached.notes, recognised, strict=True)):
            numbers = tuple([cloze.number for cloze in known.clozes if cloze.is_used])
            is_left = not card.is_sound or (note is not None and note.numbers == numbers)
            notes.append(CardNote(card, known, note if is_left else self._note(page, index, numbers)))
        return tuple(notes)

    def composed(self, page: CardPage, index: int, numbers: tuple[int, ...]) -> ComposedNote:
        """What the note of one card of a page says, by its place among them."""
        return self._note(page, index, numbers).composed

    def _still_holds(self, note: RenderedNote) -> bool:
        return all(lookup.still_holds(self.links) for lookup in note.lookups)

    def _note(self, page: CardPage, index: int, numbers: tuple[int, ...]) -> RenderedNote:
        cards = page.found.cards
        card, links = cards[index], RecordingLinks(self.links, bounds.share_of(len(cards)))
        try:
            composed = note_types.compose(card, numbers, links, self.settings, self.links.source(card))
        except (RecursionError, MemoryError):
            composed = _unmade(card)
        if any(problem.rule == MEDIA_ELSEWHERE for problem in composed.problems):
            composed = _waiting(composed)
        return RenderedNote(numbers, composed, tuple(links.lookups))


def _unmade(card: CardBlock) -> ComposedNote:
    """The result for a note that needs more than this machine has: no cards, and the earlier note stays.

    The limits of the syntax should prevent this; if it happens, all other cards are still made.
    """
    message = "this card is too large or too deep to be made: part it into several"
    problem = Problem(card.position, Severity.ERROR, "no-card", message)
    return ComposedNote(Content(note_types.kind_of(card).name, (), (), ()), "", (), (problem,))


def _waiting(composed: ComposedNote) -> ComposedNote:
    """The result for a note that shows an absent file: no cards, and the earlier note stays."""
    problems = tuple(
        replace(problem, severity=Severity.ERROR) if problem.rule == MEDIA_ELSEWHERE else problem
        for problem in composed.problems
    )
    return replace(composed, content=replace(composed.content, ordinals=()), digest="", media=(), problems=problems)
