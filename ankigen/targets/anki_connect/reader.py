"""Reads what a sync needs from a collection, in a fixed number of requests.

Anki handles one request at a time, and polls for the next one at intervals. So requests are sent in parallel, and
follow-up requests are sent while Anki still handles another one.
"""

from __future__ import annotations

import re
from collections.abc import Collection as Group
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from functools import partial
from typing import Any

from ankigen.data import Collection, ExistingCard, ExistingNote, ExistingNoteType, Guid, Template
from ankigen.errors import AnkiRefused, CollectionBusy
from ankigen.support.normal_forms import deck_key
from ankigen.support.structs import Struct, field, replace
from ankigen.targets.anki_connect.readiness import REFLECTION, require_actions
from ankigen.targets.anki_connect.wire import Action, Wire, action, begin
from ankigen.targets.carrier import CARRIER

_MANAGED = '"Guid:_*"'
_NOTHING = "nid:0"
_HAS_CARDS = "prop:lapses>=0"
"""Searches by a property of cards, which excludes notes without cards."""

_MOST_BY_EXPRESSION = 500
_PLAIN_GUID = re.compile(r"[0-9A-Za-z%-]+")  # the text of a user's own field is not worth escaping

_PARTS = 4
"""The number of parallel requests for notes: Anki would accept a sixth client only after a second."""

_NOTES_PER_PART = 500
"""Anki reads fewer notes than this in less time than its polling interval."""

_CARDS_PER_ACTION = 50_000
_NOTES_PER_SEARCH = 100
"""Searching one deck takes Anki about as long as looking up the cards of this many notes."""

_NOTE_TYPE_PARTS = ("modelFieldNames", "modelTemplates", "modelStyling")


class HeldField(Struct, frozen=True):
    """The text of a field."""

    value: str


class Info(Struct, frozen=True):
    """A note in AnkiConnect's JSON; empty if the note does not exist."""

    noteId: int = 0  # noqa: N815 - the wire's spelling
    modelName: str = ""  # noqa: N815
    mod: int = 0
    tags: tuple[str, ...] = ()
    fields: dict[str, HeldField] = field(default_factory=dict)
    cards: tuple[int, ...] = ()


class Reading(Struct, frozen=True):
    """A collection that is being read: the ids of its notes, and in another request everything else."""

    wire: Wire
    query: str
    guids: frozenset[Guid] | None
    note_ids: Future[list[Any]]
    overview: Future[list[Any]]

    @classmethod
    def begin(cls, wire: Wire, guids: Group[Guid] | None = None) -> Reading:
        """Ask for the notes with a GUID, or for those with one of `guids`."""
        query = _query(guids)
        cards = [] if query == _MANAGED else [Action("findCards", {"query": query}, list[int])]
        return cls(
            wire,
            query,
            None if guids is None else frozenset(guids),
            wire.begin([_find_notes(query)]),
            wire.begin([*_overview_actions(query), *cards]),
        )

    def require_ready(self) -> None:
        """Wait for the first answers; raise what prevents a sync."""
        self._overview()
        self.note_ids.result()

    def collection(self, note_types: Group[int]) -> Collection:
        """Read the notes with a GUID and a base, with their cards and note types; `note_types` are ids of more types.

        Raises `CollectionBusy` if another profile was opened meanwhile.
        """
        (note_ids,) = self.note_ids.result()
        parts = _parts(note_ids)
        *early, carrier = parts[:2]
        begun = [begin(partial(self._part, part)) for part in early]
        overview = self._overview()
        lookup = _Lookup.of(overview, note_types, len(note_ids))
        carried = begin(partial(self._part, carrier, lookup.actions()))
        begun += [carried, *(begin(partial(self._part, part)) for part in parts[2:])]
        decks, existing_types = lookup.read(carried.result().looked_up, overview.filtered)
        notes = [*self._notes(begun, overview, decks)]
        others = overview.ids_of({note.note_type for note in notes} - {note_type.name for note_type in existing_types})
        existing_types += _note_types(others, self.wire.multi(_note_type_actions(others)))
        return Collection(
            name=overview.name,
            notes=tuple(notes),
            note_types=tuple(existing_types),
            decks=tuple(overview.decks),
            cardless=tuple(sorted(note for part in begun for note in part.result().cardless)),
        )

    def _notes(
        self, parts: Iterable[Future[_Part]], overview: _Overview, known_decks: Mapping[int, str]
    ) -> Iterator[ExistingNote]:
        """The notes, each part parsed while Anki reads the next; `known_decks` are the decks of cards by id."""
        decks = dict(known_decks)
        for part in parts:
            if part.result().name != overview.name:  # another profile was opened
                raise CollectionBusy
            infos = part.result().infos
            decks |= self._decks([card for info in infos for card in info.cards if card not in decks])
            cards = _Cards(decks, overview.suspended, overview.filtered)
            yield from (_existing_note(info, cards) for info in infos if self._is_wanted(info.fields["Guid"].value))

    def _is_wanted(self, guid: str) -> bool:
        """Whether it was asked for: the search finds more notes than those where it cannot name them."""
        return guid != CARRIER and (self.guids is None or guid in self.guids)

    def _part(self, notes: Sequence[int], lookups: Sequence[Action] = ()) -> _Part:
        """Read some of the notes, with `lookups` in the same request.

        Notes without cards are listed, and those that no longer exist are left out.
        """
        try:
            name, infos, *looked_up = self.wire.multi([_NAME, notes_info(notes), *lookups])
            return _Part(name, [info for info in infos if {"Guid", "Base"} <= info.fields.keys()], looked_up)
        except AnkiRefused as refused:
            if not _is_for_a_card(refused):
                raise
        # One note without a card fails the whole action.
        held, with_cards = map(
            set, self.wire.multi([_find_notes(self.query), _find_notes(f"{self.query} {_HAS_CARDS}")])
        )
        if with_cards.issuperset(notes):
            raise CollectionBusy
        rest = self._part([note for note in notes if note in with_cards], lookups)
        return replace(rest, cardless=rest.cardless | held.intersection(notes) - with_cards)

    def _decks(self, cards: Sequence[int]) -> dict[int, str]:
        """The decks of cards that no search found, by the cards' ids; without any, no request is sent."""
        decks: dict[int, str] = {}
        for answer in self.wire.multi(_deck_actions(cards)):
            decks |= _decks_of_cards(answer)
        return decks

    def _overview(self) -> _Overview:
        reflection, *answers = self.overview.result()
        require_actions(reflection)
        return _Overview(*answers)


class PendingReading(Struct, frozen=True):
    """A collection that is being read: whether a sync is possible is known long before the data."""

    reading: Reading
    promise: Future[Collection]

    @classmethod
    def begin(cls, wire: Wire, note_types: Group[int]) -> PendingReading:
        """Send the first requests."""
        reading = Reading.begin(wire)
        return cls(reading, begin(lambda: reading.collection(note_types)))

    def require_ready(self) -> None:
        """Wait for Anki's first answers; raise what prevents a sync."""
        self.reading.require_ready()

    def collection(self) -> Collection:
        """Wait for the collection; raise what prevented reading it."""
        return self.promise.result()


def read_around(wire: Wire, collection: Collection, decks: Group[str], *, with_media: bool) -> Collection:
    """Add which of `decks` are filtered, and the names of media; known answers need no request."""
    # A deck with a card whose home it is cannot be filtered.
    settled = {deck_key(card.deck) for note in collection.notes for card in note.cards if not card.is_filtered}
    wanted = {deck_key(deck) for deck in decks} - settled
    doubtful = [deck for deck in collection.decks if deck_key(deck) in wanted]
    listing = [action("getMediaFilesNames")] if with_media else []
    results = iter(wire.multi([*listing, *(action("getDeckConfig", deck=deck) for deck in doubtful)]))
    media = frozenset(next(results)) if with_media else collection.media
    filtered = frozenset(deck for deck, config in zip(doubtful, results, strict=True) if config and config["dyn"])
    return replace(collection, media=media, filtered=filtered)


def _query(guids: Group[Guid] | None) -> str:
    """The search for all notes with a GUID, or for some of them by one regular expression, the fastest way."""
    if guids is not None and not guids:
        return _NOTHING
    if guids is None or len(guids) > _MOST_BY_EXPRESSION or not all(map(_PLAIN_GUID.fullmatch, guids)):
        return _MANAGED
    return f'"Guid:re:^({"|".join(sorted(guids))})$"'


class _Overview(Struct, frozen=True):
    """The data beside the notes: ids of decks and note types by name, and of suspended or filtered cards.

    `name` is that of the collection. `cards` are those of the notes, if only some of the notes were asked for.
    """

    name: str
    decks: Mapping[str, int]
    note_types: Mapping[str, int]
    suspended: frozenset[int]
    filtered: frozenset[int]
    cards: list[int] = field(default_factory=list)

    def ids_of(self, names: Group[str]) -> dict[str, int]:
        """The ids of the note types with these names, by name."""
        return {name: id_ for name, id_ in self.note_types.items() if name in names}


class _Lookup(Struct, frozen=True):
    """Data read in the same request as a part of the notes: the decks of cards, and some note types.

    Few decks are searched for their cards; otherwise the known cards are looked up.
    """

    decks: Mapping[str, int]
    cards: Sequence[int]
    note_types: Mapping[str, int]

    @classmethod
    def of(cls, overview: _Overview, note_types: Group[int], notes: int) -> _Lookup:
        """Choose the faster way to the decks of cards, for this many notes."""
        decks = overview.decks if len(overview.decks) * _NOTES_PER_SEARCH < notes else {}
        cards = () if decks else overview.cards
        return cls(decks, cards, {name: id_ for name, id_ in overview.note_types.items() if id_ in note_types})

    def actions(self) -> list[Action]:
        searches = [Action("findCards", {"query": f"did:{id_}"}, list[int]) for id_ in self.decks.values()]
        return [*searches, *_deck_actions(self.cards), *_note_type_actions(self.note_types)]

    def read(self, results: Sequence[Any], filtered: frozenset[int]) -> tuple[dict[int, str], list[ExistingNoteType]]:
        """The decks of cards by the cards' ids, and the note types.

        A search also finds cards by their home deck, so cards in filtered decks are left out.
        """
        rest = iter(results)
        decks = {card: deck for deck in self.decks for card in next(rest) if card not in filtered}
        for _ in _deck_actions(self.cards):
            decks |= _decks_of_cards(next(rest))
        return decks, [*_note_types(self.note_types, rest)]


class _Part(Struct, frozen=True):
    """The answer to a request for a part of the notes, with a lookup; `name` is the collection's."""

    name: str
    infos: list[Info]
    looked_up: list[Any]
    cardless: frozenset[int] = frozenset()


_NAME = Action("getMediaDirPath", result_type=str)
"""A collection is named by the folder of its media."""


def _find_notes(query: str) -> Action:
    return Action("findNotes", {"query": query}, list[int])


def _overview_actions(query: str) -> list[Action]:
    return [
        REFLECTION,
        _NAME,
        Action("deckNamesAndIds", result_type=dict[str, int]),
        Action("modelNamesAndIds", result_type=dict[str, int]),
        Action("findCards", {"query": f"is:suspended {query}"}, frozenset[int]),
        Action("findCards", {"query": f"deck:filtered {query}"}, frozenset[int]),
    ]


def _deck_actions(cards: Sequence[int]) -> list[Action]:
    starts = range(0, len(cards), _CARDS_PER_ACTION)
    return [action("getDecks", cards=cards[start : start + _CARDS_PER_ACTION]) for start in starts]


def _decks_of_cards(answer: Mapping[str, Sequence[int]]) -> dict[int, str]:
    return {card: deck for deck, cards in answer.items() for card in cards}


def _parts(notes: Sequence[int]) -> list[Sequence[int]]:
    """The notes split into parts, in order; one part if there are few."""
    size = max(_NOTES_PER_PART, -(-len(notes) // _PARTS))
    return [notes[start : start + size] for start in range(0, max(1, len(notes)), size)]


def notes_info(notes: Sequence[int]) -> Action:
    """Ask for notes by their ids."""
    return Action("notesInfo", {"notes": notes}, list[Info])


def _is_for_a_card(refused: AnkiRefused) -> bool:
    """Whether the add-on failed at a note without cards: the error is then only the note's id."""
    return refused.action == "notesInfo" and refused.text.isdigit()


class _Cards(Struct, frozen=True):
    """The data read about cards, by their ids."""

    decks: Mapping[int, str]
    suspended: frozenset[int]
    filtered: frozenset[int]

    def card(self, id_: int) -> ExistingCard:
        # Anki shows a card whose deck no longer exists in Default.
        return ExistingCard(id_, self.decks.get(id_, "Default"), id_ in self.suspended, id_ in self.filtered)


def _existing_note(info: Info, cards: _Cards) -> ExistingNote:
    fields = {name: held.value for name, held in info.fields.items()}
    return ExistingNote(
        id=info.noteId,
        guid=Guid(fields["Guid"]),
        note_type=info.modelName,
        modified=info.mod,
        tags=info.tags,
        fields=fields,
        cards=tuple(map(cards.card, info.cards)),
    )


def _note_type_actions(names: Iterable[str]) -> list[Action]:
    return [action(part, modelName=name) for name in names for part in _NOTE_TYPE_PARTS]


def _note_types(ids: Mapping[str, int], results: Iterable[Any]) -> Iterator[ExistingNoteType]:
    parts = iter(results)
    for name, id_ in ids.items():
        fields, templates, style = next(parts), next(parts), next(parts)
        texts = tuple(Template(template, text["Front"], text["Back"]) for template, text in templates.items())
        yield ExistingNoteType(id_, name, tuple(fields), texts, style["css"])
