"""What do the notes of all cards say? Made now, or kept from the last time where nothing they hang on has changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from ankigen import codec, notes
from ankigen.config import Config
from ankigen.data import Basic, Cloze
from ankigen.identity import Recognised
from ankigen.reading.kept import Draft, KeptPage, Listening, MadeNote
from ankigen.reading.links import NoteLinks
from ankigen.reading.pages import CardPage, ReadFile
from ankigen.reading.store import KeptFile


@dataclass(frozen=True, slots=True)
class MadeCard:
    """A card, which note it is, and what that says; nothing if it is not sound."""

    draft: Draft
    who: Recognised
    note: MadeNote | None


def make_card(page: CardPage, place: int, who: Recognised, links: NoteLinks, settings: Config) -> MadeCard:
    """Make the card that is on the page at this place among its cards."""
    draft = page.drafts[place]
    numbers = tuple(cloze.number for cloze in who.clozes if cloze.is_used)
    return MadeCard(draft, who, _made(page, place, numbers, links, settings) if draft.is_sound else None)


def _made(page: CardPage, place: int, numbers: tuple[int, ...], links: NoteLinks, settings: Config) -> MadeNote:
    kept = page.kept.notes[place] if page.kept else None
    if kept and kept.numbers == numbers and all(asked.holds(links) for asked in kept.asked):
        return kept
    card, listening = page.found.cards[place], Listening(links)
    said = notes.compose(card, numbers, listening, settings.context, links.source(card))
    return MadeNote(
        numbers=numbers,
        basic=said.content if isinstance(said.content, Basic) else None,
        cloze=said.content if isinstance(said.content, Cloze) else None,
        digest=said.digest,
        media=said.media,
        problems=said.problems,
        makes_cards=said.makes_cards,
        asked=tuple(listening.asked),
        is_lasting=listening.is_lasting,
    )


def to_keep(found: Iterable[ReadFile], pages: Iterable[CardPage], made: Iterable[MadeCard]) -> Iterator[KeptFile]:
    """What the next run may take over of each file that is not kept so already."""
    cards = iter(made)
    whole = {page.read: _kept_page(page, [one.note for one in islice(cards, len(page.drafts))]) for page in pages}
    for read in found:
        kept = whole.get(read) or KeptPage(read.title, read.problems)
        if kept != read.kept:
            yield read.file.shown, read.key, codec.to_bytes(kept)


def _kept_page(page: CardPage, made: Iterable[MadeNote | None]) -> KeptPage:
    return KeptPage(
        title=page.read.title,
        problems=page.read.problems,
        may_hold_cards=True,
        surroundings=page.surroundings,
        drafts=page.drafts,
        faults=page.faults,
        has_switches=page.has_switches,
        notes=tuple(one if one and one.is_lasting else None for one in made),
    )
