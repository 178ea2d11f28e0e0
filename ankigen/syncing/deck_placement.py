"""Where the cards of a note go: they follow the notes only from where ankigen last put them."""

from __future__ import annotations

from ankigen.data import Base, Change, ExistingNote, LeftAlone, MoveCards, Note, Notice, Reason
from ankigen.note_types import deck_hash
from ankigen.support.normal_forms import deck_key
from ankigen.support.structs import Struct
from ankigen.syncing.existing import Here


class Places(Struct, frozen=True):
    """Where a note's cards go; `home` is the deck for its new cards, `remembered` the deck that base will hold."""

    findings: tuple[Change | Notice, ...]
    home: str
    remembered: str


def places_of(note: Note, found: ExistingNote, base: Base, at: Here) -> Places:
    """Move the cards that are where ankigen put them; never one into a filtered deck, or out of one."""
    wanted = deck_key(note.deck)
    away = [card for card in found.cards if not card.is_filtered and deck_key(card.deck) != wanted]
    before = base.deck or deck_hash("")
    if wanted in at.filtered:
        home = next((card.deck for card in away), note.deck)
        return Places((LeftAlone(Reason.FILTERED_DECK, note, found, note.deck),), home, before)
    ours = [card for card in away if deck_hash(card.deck) == base.deck]
    strays = [card for card in away if card not in ours]
    moves = [MoveCards(note, found, tuple(card.id for card in ours), note.deck)] if ours else []
    kept = [LeftAlone(Reason.MOVED_IN_ANKI, note, found, deck) for deck in sorted({card.deck for card in strays})]
    is_all_strayed = len(strays) == len(found.cards)
    is_settled = not is_all_strayed and not any(card.is_filtered for card in found.cards)
    home = strays[0].deck if is_all_strayed else note.deck
    return Places((*moves, *kept), home, deck_hash(note.deck) if is_settled else before)
