"""What sync has to know of a collection, asked of its tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection as Group
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ankigen.data import (
    Collection,
    ExistingCard,
    ExistingNote,
    ExistingNoteType,
    ExportedCard,
    ExportedNote,
    Guid,
    Review,
    Studied,
    Template,
)
from ankigen.support.guids import plain_guid
from ankigen.support.structs import Struct
from ankigen.targets import searches
from ankigen.targets.carrier import CARRIER

if TYPE_CHECKING:
    from anki.collection import Collection as AnkiCollection

_OURS = frozenset({"Guid", "Base"})
_SUSPENDED = -1
_NOTE = 1
"""What graves call a note."""
_SEPARATOR = "\x1f"
_PER_QUERY = 5000
"""How many ids stand in one statement."""


def read(collection: AnkiCollection, name: str, note_types: Group[int], guids: Group[Guid] | None = None) -> Collection:
    """The notes that carry a GUID, with all that stands around them."""
    kinds = _NoteTypes.of(collection)
    notes = list(_notes(collection, kinds, kinds.managed(), guids))
    used = {note.note_type for note in notes}
    asked = [kinds.existing(id_) for id_ in kinds.ids() if id_ in note_types]
    others = [kinds.existing(id_) for id_ in kinds.ids() if kinds.name(id_) in used and id_ not in note_types]
    return Collection(
        name=name,
        notes=tuple(note for note in notes if note.cards),
        note_types=(*asked, *others),
        decks=tuple(deck.name for deck in collection.decks.all_names_and_ids()),
        filtered=_filtered(collection),
        media=media_of(collection),
        cardless=tuple(note.id for note in notes if not note.cards),
        graves=frozenset(_graves(collection)),
    )


def _graves(collection: AnkiCollection) -> Iterator[int]:
    """The ids of the notes that were deleted since somebody uploaded the whole collection."""
    assert collection.db is not None
    return iter(collection.db.list("select oid from graves where type = ?", _NOTE))


def _filtered(collection: AnkiCollection) -> frozenset[str]:
    plain = {deck.id for deck in collection.decks.all_names_and_ids(include_filtered=False)}
    return frozenset(deck.name for deck in collection.decks.all_names_and_ids() if deck.id not in plain)


def media_of(collection: AnkiCollection) -> frozenset[str]:
    """The names of the files in the media folder."""
    folder = Path(collection.media.dir())
    return frozenset(path.name for path in folder.iterdir() if path.is_file()) if folder.is_dir() else frozenset()


class _NoteTypes(Struct, frozen=True):
    """The note types of a collection, in the order of their names, by their ids."""

    by_id: Mapping[int, Mapping[str, Any]]

    @classmethod
    def of(cls, collection: AnkiCollection) -> _NoteTypes:
        ids = [known.id for known in collection.models.all_names_and_ids()]
        found = ((id_, collection.models.get(id_)) for id_ in ids)  # type: ignore[arg-type]
        return cls({id_: kind for id_, kind in found if kind is not None})

    def ids(self) -> list[int]:
        return [*self.by_id]

    def name(self, id_: int) -> str:
        return str(self.by_id[id_]["name"])

    def fields(self, id_: int) -> tuple[str, ...]:
        return tuple(known["name"] for known in self.by_id[id_]["flds"])

    def managed(self) -> list[int]:
        """Those with ankigen's fields."""
        return [id_ for id_ in self.by_id if {*self.fields(id_)} >= _OURS]

    def existing(self, id_: int) -> ExistingNoteType:
        kind = self.by_id[id_]
        texts = tuple(Template(known["name"], known["qfmt"], known["afmt"]) for known in kind["tmpls"])
        return ExistingNoteType(id_, kind["name"], self.fields(id_), texts, kind["css"])


def _notes(
    collection: AnkiCollection, kinds: _NoteTypes, managed: Sequence[int], guids: Group[Guid] | None
) -> Iterator[ExistingNote]:
    """The notes of these note types, all or those with some GUIDs; `cards` may be empty.

    The GUID is what the field says, and the note's own if the reader emptied that.
    """
    if guids is not None and not guids:
        return
    wanted = None if guids is None else frozenset(guids)
    held: list[_Held] = []
    sql = "select id, mid, mod, tags, flds, guid from notes where mid in ({}) order by id"
    for *row, own in _rows(collection, sql, managed):
        fields = dict(zip(kinds.fields(row[1]), row[4].split(_SEPARATOR), strict=False))
        own_guid = plain_guid(own) or ""
        guid = fields["Guid"] or own_guid
        if guid and guid != CARRIER and (wanted is None or guid in wanted):
            held.append(_Held(row, fields, Guid(guid), is_original=guid == own_guid))
    yield from _with_cards(collection, kinds, held)


class _Held(Struct, frozen=True):
    """A row of the table of notes, its fields by name, and its GUID; that of another tool's note is not told."""

    row: Sequence[Any]
    fields: dict[str, str]
    guid: Guid = Guid("")
    is_original: bool | None = None


def _with_cards(collection: AnkiCollection, kinds: _NoteTypes, held: Sequence[_Held]) -> Iterator[ExistingNote]:
    decks = {deck.id: deck.name for deck in collection.decks.all_names_and_ids()}
    cards: defaultdict[int, list[ExistingCard]] = defaultdict(list)
    sql = "select id, nid, did, odid, queue from cards where nid in ({}) order by nid, ord"
    for id_, note, deck, home, queue in _rows(collection, sql, [one.row[0] for one in held]):
        # Anki shows a card whose deck is gone in Default.
        cards[note].append(ExistingCard(id_, decks.get(deck, "Default"), queue == _SUSPENDED, home != 0))
    for one in held:
        id_, kind, modified, tags, _ = one.row
        yield ExistingNote(
            id=id_,
            guid=one.guid,
            note_type=kinds.name(kind),
            modified=modified,
            tags=tuple(tags.split()),
            fields=one.fields,
            cards=tuple(cards[id_]),
            is_original=one.is_original,
        )


def read_foreign(collection: AnkiCollection, query: str | None) -> tuple[ExistingNote, ...]:
    """The notes that lack ankigen's fields, all or those that a search finds; their GUIDs are not told."""
    kinds = _NoteTypes.of(collection)
    managed = {*kinds.managed()}
    ids = collection.find_notes(searches.foreign(query))
    rows = _rows(collection, "select id, mid, mod, tags, flds from notes where id in ({}) order by id", ids)
    held = [
        _Held(row, dict(zip(kinds.fields(row[1]), row[4].split(_SEPARATOR), strict=False)))
        for row in rows
        if row[1] not in managed and row[1] in kinds.by_id
    ]
    return tuple(note for note in _with_cards(collection, kinds, held) if note.cards)


def read_exported(collection: AnkiCollection, decks: Iterable[str]) -> dict[int, ExportedNote]:
    """The GUIDs and cards of the notes in decks, and below the outermost deck of each."""
    outermost = {deck.partition("::")[0] for deck in decks}
    known = collection.decks.all_names_and_ids()
    ids = [deck.id for deck in known if deck.name.partition("::")[0] in outermost]
    cards: defaultdict[int, list[ExportedCard]] = defaultdict(list)
    sql = (
        "select id, nid, ord, (select count() from revlog where cid = cards.id) from cards "
        "where did in ({0}) or odid in ({0}) order by nid, ord"
    )
    for id_, note, ordinal, reviews in _rows(collection, sql, ids):
        cards[note].append(ExportedCard(id_, ordinal, reviews))
    guids = dict(_rows(collection, "select id, guid from notes where id in ({})", [*cards]))
    return {note: ExportedNote(guids[note], tuple(held)) for note, held in cards.items() if note in guids}


def read_studied(collection: AnkiCollection, cards: Sequence[int], days: int) -> Studied:
    """All answers to these cards, and how many cards of ankigen's are due on each of so many days from today."""
    reviews: dict[int, list[Review]] = {card: [] for card in cards}
    sql = "select cid, id, ease, lastIvl, time, type from revlog where cid in ({}) order by id"
    for card, *answer in _rows(collection, sql, cards):
        reviews[card].append(Review(*answer))
    due = tuple(len(collection.find_cards(query)) for query in searches.due(days))
    return Studied({card: tuple(answers) for card, answers in reviews.items()}, due)


def _rows(collection: AnkiCollection, sql: str, ids: Sequence[int]) -> Iterator[Any]:
    """The rows of a statement with `{}` for ids, asked for some of the ids at a time."""
    assert collection.db is not None
    for start in range(0, len(ids), _PER_QUERY):
        numbers = ",".join(map(str, map(int, ids[start : start + _PER_QUERY])))
        yield from collection.db.all(sql.format(numbers))
