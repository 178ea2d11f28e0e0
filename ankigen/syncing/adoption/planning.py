"""Plans an adoption: which note becomes which, what changes, and which notes stay unchanged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ankigen.data import (
    Adoption,
    AdoptionWishes,
    Base,
    Collection,
    ConvertNote,
    Evidence,
    ExistingNote,
    ExistingNoteType,
    ExportedCard,
    ExportedNote,
    FieldChange,
    Guid,
    Html,
    Lock,
    NotAdopted,
    Note,
    NoteType,
    Obstacle,
    Pair,
)
from ankigen.note_types import (
    content_fields,
    deck_hash,
    fields_of,
    format_base,
    is_mark,
    kind_in,
    note_type_of,
)
from ankigen.support.guids import plain_guid
from ankigen.support.normal_forms import tag_key
from ankigen.support.structs import Struct, replace
from ankigen.syncing.adoption.matching import said_here, said_there, texts_of
from ankigen.syncing.adoption.renumbering import renumbered
from ankigen.syncing.adoption.words import words
from ankigen.syncing.existing import missing_fields
from ankigen.syncing.three_way import merge_tags
from ankigen.syncing.to_package import as_in_collection, pack_note

TOOL_TAGS = frozenset({"obsidian_to_anki", "obsidian", "logseq-anki-sync", "mdanki"})
"""Tags, in lower case, by which other tools recognise their notes."""


def with_guids(
    pairs: Iterable[Pair], exported: Mapping[int, ExportedNote], lock: Lock, managed: Iterable[Guid]
) -> tuple[list[Pair], list[NotAdopted]]:
    """The pairs with the GUIDs of Anki's notes, and those whose note cannot keep its GUID."""
    pairs = list(pairs)
    own = {pair.note.identity.guid for pair in pairs}
    taken = ({*lock.identities} - own) | {*managed}
    counts = Counter(_guid_of(pair, exported) for pair in pairs)
    found, left = [], []
    for pair in pairs:
        guid = _guid_of(pair, exported)
        if guid is None:
            left.append(NotAdopted(pair, Obstacle.NO_GUID))
        elif guid in taken or counts[guid] > 1 or (pair.evidence is Evidence.LOCK and pair.note.identity.guid != guid):
            left.append(NotAdopted(pair, Obstacle.GUID_TAKEN, guid))
        else:
            found.append(replace(pair, existing=replace(pair.existing, guid=guid)))
    return found, left


def _guid_of(pair: Pair, exported: Mapping[int, ExportedNote]) -> Guid | None:
    told = exported.get(pair.existing.id)
    plain = plain_guid(told.guid) if told else None
    return None if plain is None else Guid(plain)


def adopted_lock(lock: Lock, pairs: Iterable[Pair], now: int) -> Lock:
    """The lock that takes over the GUIDs, times of creation and cloze numbers of notes in Anki.

    `now` is in milliseconds. It dates the content as just changed, and is settled when the notes are read with it.
    """
    identities = dict(lock.identities)
    for pair in pairs:
        known = identities.pop(pair.note.identity.guid)
        identities[pair.existing.guid] = replace(
            known,
            guid=pair.existing.guid,
            created=pair.existing.id,
            modified=max(1, now // 1000 - 1),
            clozes=renumbered(known.clozes, _text_here(pair.note), _text_there(pair.existing)),
        )
    return replace(lock, identities=identities)


def _text_here(note: Note) -> str:
    return kind_in(note.content).question(content_fields(note.content))


def _text_there(existing: ExistingNote) -> str:
    return next(iter(texts_of(existing).values()), "")


def plan_adoptions(
    pairs: Sequence[Pair],
    notes: Iterable[Note],
    collection: Collection,
    exported: Mapping[int, ExportedNote],
    own: Sequence[NoteType],
    wishes: AdoptionWishes,
) -> tuple[list[Adoption], list[NotAdopted]]:
    """The change for each pair; `notes`, including other cards, are read with the lock that has Anki's GUIDs.

    `collection` has the note types, and which decks are filtered.
    """
    by_guid = {note.identity.guid: note for note in notes}
    known_types = {note_type.id: note_type for note_type in collection.note_types}
    findings = []
    for pair in pairs:
        current = replace(pair, note=by_guid[pair.existing.guid])
        note_type = note_type_of(current.note.content)
        [styled] = [candidate for candidate in own if candidate.id == note_type.id]
        target = _Target(styled, known_types.get(note_type.id), wishes)
        findings.append(target.adoption(current, exported[pair.existing.id].cards))
    adoptions = [finding for finding in findings if isinstance(finding, Adoption)]
    return adoptions, [finding for finding in findings if isinstance(finding, NotAdopted)]


class _Target(Struct, frozen=True):
    """The note type that notes of a kind get."""

    own: NoteType
    existing_type: ExistingNoteType | None
    wishes: AdoptionWishes

    def adoption(self, pair: Pair, cards: Sequence[ExportedCard]) -> Adoption | NotAdopted:
        if edited := self._edited():
            return NotAdopted(pair, Obstacle.NOTE_TYPE_EDITED, edited)
        ordinals = {*pair.note.content.ordinals}
        homeless = tuple(card for card in cards if card.ordinal not in ordinals)
        if homeless and not self.wishes.drops_cards:
            return NotAdopted(pair, Obstacle.HOMELESS_CARDS, ", ".join(map(_card_label, homeless)))
        if len(homeless) == len(cards):
            return NotAdopted(pair, Obstacle.HOMELESS_CARDS, "none of its cards is asked here")
        return Adoption(
            pair=pair,
            conversion=self._conversion(pair),
            fields=tuple(_differing(pair)),
            homeless=homeless,
            created=len(ordinals - {card.ordinal for card in cards}),
            unplaced=tuple(_unplaced(pair)),
        )

    def _edited(self) -> str:
        """What the user removed from our note type, or put before one of our templates."""
        if self.existing_type is None:
            return ""
        names = [template.name for template in self.own.templates]
        if [template.name for template in self.existing_type.templates][: len(names)] != names:
            return ", ".join(names)
        return ", ".join(missing_fields(self.own, self.existing_type))

    def _conversion(self, pair: Pair) -> ConvertNote:
        note, existing = pair.note, pair.existing
        theirs = [tag for tag in existing.tags if not (self.wishes.cleans and tag_key(tag) in TOOL_TAGS)]
        tags = merge_tags(note.tags, [tag for tag in theirs if not is_mark(tag)], ())
        deck = next((card.deck for card in existing.cards if not card.is_filtered), note.deck)
        remembered = deck if self.wishes.moves else note.deck
        base = Base(note.source_id, deck_hash(remembered), note.content.hashes, tags.remembered, note.content.kind)
        fields = fields_of(note) | {"Base": format_base(base)}
        if self.wishes.keeps_extra and "Extra" in fields:
            fields["Extra"] = Html("<br>".join(filter(None, [fields["Extra"], *_unplaced(pair).values()])))
        note_type = as_in_collection(self.own, self.existing_type)
        return ConvertNote(note, existing, pack_note(note, note_type, fields, tags.final, deck=deck))


def _card_label(card: ExportedCard) -> str:
    reviews = "1 review" if card.reviews == 1 else f"{card.reviews:,} reviews"
    return f"card {card.ordinal + 1} with {reviews}"


def _differing(pair: Pair) -> Iterator[FieldChange]:
    """Question and answer, if they differ from the text anywhere in Anki's note."""
    if pair.evidence is Evidence.QUESTION_AND_ANSWER:
        return
    here, there = said_here(pair.note), said_there(pair.existing)
    everything = " ".join(map(words, pair.existing.fields.values()))
    texts = [*texts_of(pair.existing).values(), "", ""]
    fields = content_fields(pair.note.content)
    kind = kind_in(pair.note.content)
    if here.question not in everything:
        yield FieldChange("question", texts[0], kind.question(fields))
    if not here.is_cloze and not there.is_cloze and here.answer not in everything:
        yield FieldChange("answer", texts[1], kind.answer(fields))


def _unplaced(pair: Pair) -> dict[str, str]:
    """The fields after question and answer with words that our note does not contain."""
    asked = 1 if note_type_of(pair.note.content).is_cloze else 2
    said = " ".join(map(words, content_fields(pair.note.content).values()))
    rest = list(texts_of(pair.existing).items())[asked:]
    return {name: text for name, text in rest if (found := words(text)) and found not in said}
