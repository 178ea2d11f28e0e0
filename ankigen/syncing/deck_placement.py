"""The decks for the cards of a note: cards follow the notes only if they are where ankigen last put them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ankigen.data import Base, Change, ExistingCard, ExistingNote, LeftAlone, MoveCards, Note, Notice, Reason
from ankigen.note_types import deck_hash
from ankigen.support.normal_forms import deck_key
from ankigen.support.structs import Struct
from ankigen.syncing.existing import ExistingIndex


class DeckPlacement(Struct, frozen=True):
    """The decks for a note's cards; `home` is for its new cards, `remembered` is the hash of a deck for its base."""

    findings: tuple[Change | Notice, ...]
    home: str
    remembered: str


def placement_of(note: Note, existing_note: ExistingNote, base: Base, existing: ExistingIndex) -> DeckPlacement:
    """Move the cards that are where ankigen put them; never into or out of a filtered deck."""
    wanted = deck_key(note.deck)
    away = [card for card in existing_note.cards if not card.is_filtered and deck_key(card.deck) != wanted]
    before = base.deck or deck_hash("")
    if wanted in existing.filtered:
        left_alone = LeftAlone(Reason.FILTERED_DECK, note, existing_note, note.deck)
        return DeckPlacement((left_alone,), away[0].deck if away else note.deck, before)
    ours = [card for card in away if deck_hash(card.deck) == base.deck]
    strays = [card for card in away if card not in ours]
    have_all_strayed = len(strays) == len(existing_note.cards)
    is_settled = not have_all_strayed and not any(card.is_filtered for card in existing_note.cards)
    return DeckPlacement(
        findings=(*_moves(note, existing_note, ours), *_left_where_they_are(note, existing_note, strays)),
        home=strays[0].deck if have_all_strayed else note.deck,
        remembered=deck_hash(note.deck) if is_settled else before,
    )


def _moves(note: Note, existing_note: ExistingNote, cards: Sequence[ExistingCard]) -> Iterable[MoveCards]:
    return [MoveCards(note, existing_note, tuple(card.id for card in cards), note.deck)] if cards else []


def _left_where_they_are(note: Note, existing_note: ExistingNote, cards: Iterable[ExistingCard]) -> Iterable[LeftAlone]:
    """A notice for each deck that the user moved cards to."""
    decks = sorted({card.deck for card in cards})
    return [LeftAlone(Reason.MOVED_IN_ANKI, note, existing_note, deck) for deck in decks]
