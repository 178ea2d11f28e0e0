"""What sync has to know of a collection, in a number of requests that does not grow with the notes."""

from __future__ import annotations

import re
from collections.abc import Collection as Group
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ankigen.anki_connect.wire import Action, Wire, action
from ankigen.base import deck_key
from ankigen.data import Collection, ExistingCard, ExistingNote, ExistingNoteType, Guid, Html, Template
from ankigen.errors import AnkiRefused
from ankigen.values import Struct, replace

_MANAGED = '"Guid:_*"'
_HAS_CARDS = "prop:lapses>=0"
"""Asks for a property of cards, which leaves out the notes without one."""

_MOST_BY_EXPRESSION = 500
_PLAIN_GUID = re.compile(r"[0-9A-Za-z-]+")  # every GUID of ours; no other is worth escaping

_CARDS_PER_ACTION = 50_000
_CARDS_PER_SEARCH = 100
"""A search of one deck takes Anki about as long as looking up this many cards."""

_NOTE_TYPE_PARTS = ("modelFieldNames", "modelTemplates", "modelStyling")


def read(wire: Wire, note_types: Group[int], guids: Group[Guid] | None) -> Collection:
    """Read the notes that carry a GUID and a base, with their cards and note types, in two requests."""
    seen = _look(wire, _query(guids))
    found = [note for note in seen.notes if note and {"Guid", "Base"} <= note["fields"].keys()]
    kinds = {kind for kind, id_ in seen.note_types.items() if id_ in note_types} | {note["modelName"] for note in found}
    ids = {kind: seen.note_types[kind] for kind in sorted(kinds)}
    parts = [action(part, modelName=kind) for kind in ids for part in _NOTE_TYPE_PARTS]
    places = _Places(seen.decks, [card for note in found for card in note["cards"]], seen.filtered)
    results = wire.multi([*parts, *places.actions()])
    cards = _Cards(places.decks_of_cards(results[len(parts) :]), seen.suspended, seen.filtered)
    return Collection(
        name=seen.name,
        notes=tuple(_existing(note, cards) for note in found),
        note_types=tuple(_note_types(ids, iter(results))),
        decks=tuple(seen.decks),
        cardless=seen.cardless,
    )


def read_around(wire: Wire, collection: Collection, decks: Group[str], *, with_media: bool) -> Collection:
    """Add which of `decks` are filtered, and the names of media; no request where nothing of it is in doubt."""
    # A deck with a card that is not on loan lies there for good: no search fills it.
    settled = {deck_key(card.deck) for note in collection.notes for card in note.cards if not card.is_filtered}
    wanted = {deck_key(deck) for deck in decks} - settled
    doubtful = [deck for deck in collection.decks if deck_key(deck) in wanted]
    listing = [action("getMediaFilesNames")] if with_media else []
    results = iter(wire.multi([*listing, *(action("getDeckConfig", deck=deck) for deck in doubtful)]))
    media = frozenset(next(results)) if with_media else collection.media
    filtered = frozenset(deck for deck, config in zip(doubtful, results, strict=True) if config and config["dyn"])
    return replace(collection, media=media, filtered=filtered)


def _query(guids: Group[Guid] | None) -> str:
    """Search for all notes with a GUID, or for some of them by one expression, the quickest search there is."""
    if guids is None or len(guids) > _MOST_BY_EXPRESSION or not all(map(_PLAIN_GUID.fullmatch, guids)):
        return _MANAGED
    return f'"Guid:re:^({"|".join(sorted(guids))})$"'


class _Seen(Struct, frozen=True):
    """The answer to the first request: notes as the wire has them, decks and note types by name."""

    name: str
    decks: Mapping[str, int]
    note_types: Mapping[str, int]
    suspended: frozenset[int]
    filtered: frozenset[int]
    notes: Sequence[Mapping[str, Any]]
    cardless: tuple[int, ...]


def _look(wire: Wire, query: str) -> _Seen:
    try:
        name, decks, note_types, suspended, filtered, notes = wire.multi([*_summary(query), _infos(query)])
        missed = []
    except AnkiRefused as refused:
        if not refused.text.isdigit():
            raise
        # One note without a card fails the whole action.
        actions = [*_summary(query), _infos(f"{query} {_HAS_CARDS}"), action("findNotes", query=query)]
        name, decks, note_types, suspended, filtered, notes, missed = wire.multi(actions)
    cardless = tuple(sorted({*missed} - {note["noteId"] for note in notes if note}))
    return _Seen(name, decks, note_types, frozenset(suspended), frozenset(filtered), notes, cardless)


def _summary(query: str) -> tuple[Action, ...]:
    return (
        action("getMediaDirPath"),
        action("deckNamesAndIds"),
        action("modelNamesAndIds"),
        action("findCards", query=f"is:suspended {query}"),
        action("findCards", query=f"deck:filtered {query}"),
    )


def _infos(query: str) -> Action:
    return action("notesInfo", query=query)


class _Places(Struct, frozen=True):
    """How to learn in which deck each card is: deck by deck where the decks are few, else card by card.

    A search finds a card by its home deck as well, so the filtered ones, which are elsewhere, are always looked up.
    """

    decks: Mapping[str, int]
    cards: Sequence[int]
    filtered: frozenset[int]

    @property
    def _is_by_deck(self) -> bool:
        return len(self.decks) * _CARDS_PER_SEARCH < len(self.cards)

    def actions(self) -> list[Action]:
        """The searches, then the look-ups."""
        searches = [action("findCards", query=f"did:{id_}") for id_ in self.decks.values()] if self._is_by_deck else []
        cards = [card for card in self.cards if card in self.filtered] if self._is_by_deck else self.cards
        starts = range(0, len(cards), _CARDS_PER_ACTION)
        return [*searches, *(action("getDecks", cards=cards[start : start + _CARDS_PER_ACTION]) for start in starts)]

    def decks_of_cards(self, results: Sequence[Any]) -> dict[int, str]:
        """The deck of each card, from what the actions returned."""
        found: dict[int, str] = {}
        for deck, inside in zip(self.decks, results, strict=False) if self._is_by_deck else ():
            found |= dict.fromkeys(inside, deck)
        for looked_up in results[len(self.decks) :] if self._is_by_deck else results:
            found |= {card: deck for deck, inside in looked_up.items() for card in inside}
        return found


class _Cards(Struct, frozen=True):
    """What was read about cards, by id."""

    decks: Mapping[int, str]
    suspended: frozenset[int]
    filtered: frozenset[int]

    def card(self, id_: int) -> ExistingCard:
        # A card whose deck is gone lies in Default, to the eyes of Anki.
        return ExistingCard(id_, self.decks.get(id_, "Default"), id_ in self.suspended, id_ in self.filtered)


def _existing(note: Mapping[str, Any], cards: _Cards) -> ExistingNote:
    fields = {name: Html(held["value"]) for name, held in note["fields"].items()}
    return ExistingNote(
        id=note["noteId"],
        guid=Guid(fields["Guid"]),
        note_type=note["modelName"],
        modified=note["mod"],
        tags=tuple(note["tags"]),
        fields=fields,
        cards=tuple(map(cards.card, note["cards"])),
    )


def _note_types(ids: Mapping[str, int], results: Iterator[Any]) -> Iterator[ExistingNoteType]:
    for name, id_ in ids.items():
        fields, templates, style = next(results), next(results), next(results)
        texts = tuple(Template(kind, text["Front"], text["Back"]) for kind, text in templates.items())
        yield ExistingNoteType(id_, name, tuple(fields), texts, style["css"])
