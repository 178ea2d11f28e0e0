"""The notes of one page, and what is asked of them when all pages are put together.

Each answer is found once. A page that is what it was keeps its answers from one reading to the next, so that a save
costs as much as the page that was saved, and not as much as all notes.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from functools import cached_property
from typing import Any

from ankigen import note_types
from ankigen.data import ComposedNote, Content, Guid, Identity, KindName, Lock, Note, OwnNoteType, Position, Problem
from ankigen.identity import CardEvidence, Recognised
from ankigen.source.cache import CachedPage, PageCard
from ankigen.source.make_notes import CardNote
from ankigen.source.new_order import as_written
from ankigen.source.own_note_types import OwnNoteTypes
from ankigen.support.structs import replace

Side = tuple[KindName, str, str, int]
"""What a card asks and answers, and which of its note's cards it is."""


Made = tuple[Any, Note, ComposedNote]
"""A note with its place among all, as it is written, and with what it says."""


class PageCards:
    """The cards of a page before it is known which notes they are."""

    def __init__(self, page: CachedPage, evidence: tuple[CardEvidence, ...] | None = None) -> None:
        """`evidence` is that of its cards, where it is at hand."""
        self.page = page
        self.evidence = tuple([card.evidence for card in page.cards]) if evidence is None else evidence

    @cached_property
    def faulty(self) -> tuple[Position, ...]:
        """Where those stand that make no note."""
        pairs = zip(self.page.cards, self.page.notes, strict=True)
        return tuple([card.evidence.position for card, note in pairs if not (note and note.composed.content.ordinals)])


class PageNotes:
    """The notes of a page: which they are, and what they say."""

    def __init__(
        self, page: CachedPage, recognised: tuple[Recognised, ...], notes: tuple[CardNote, ...], own: OwnNoteTypes
    ) -> None:
        said = tuple([note.note for note in notes])
        self.page = page if said == page.notes else replace(page, notes=said)
        self.recognised = recognised
        self._own = {note.composed.content.kind: own.named(note.composed.content.kind) for note in said if note}
        self.notes = tuple([_with_own_type(note, self._own) for note in notes])
        self._made: tuple[tuple[object, ...], tuple[Made, ...]] = ((), ())

    def is_of(self, page: CachedPage, recognised: tuple[Recognised, ...], own: OwnNoteTypes) -> bool:
        """Whether it is what would be made of these."""
        is_same = self.page is page and (self.recognised is recognised or self.recognised == recognised)
        return is_same and all(own.named(kind) == made for kind, made in self._own.items())

    @cached_property
    def with_cards(self) -> tuple[tuple[CardNote, ComposedNote], ...]:
        """The notes that Anki would make a card of, with what they say."""
        said = ((note, note.note.composed) for note in self.notes if note.note)
        return tuple([(note, composed) for note, composed in said if composed.content.ordinals])

    @cached_property
    def without_cards(self) -> tuple[Position, ...]:
        """Where the cards stand of which Anki would make none."""
        made = {note.card.evidence.position for note, _ in self.with_cards}
        positions = (note.card.evidence.position for note in self.notes)
        return tuple([position for position in positions if position not in made])

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with what the notes say."""
        return tuple([problem for note in self.troubled if note.note for problem in note.note.composed.problems])

    @cached_property
    def troubled(self) -> tuple[CardNote, ...]:
        """The notes that have problems."""
        return tuple([note for note in self.notes if note.note and note.note.composed.problems])

    @cached_property
    def guids(self) -> tuple[Guid, ...]:
        """The names of the notes of which Anki would make cards."""
        return tuple([note.recognised.guid for note, _ in self.with_cards])

    @cached_property
    def digests(self) -> Mapping[Guid, str]:
        """Digests of what those notes say."""
        return {note.recognised.guid: composed.digest for note, composed in self.with_cards}

    @cached_property
    def positions(self) -> tuple[Position, ...]:
        """Where all cards stand, made or not."""
        return tuple([note.card.evidence.position for note in self.notes])

    @cached_property
    def decks(self) -> Mapping[str, PageCard]:
        """The decks of the notes, as they are written, each with the first card that is in it."""
        first: dict[str, PageCard] = {}
        for note, _ in self.with_cards:
            first.setdefault(note.card.deck, note.card)
        return first

    @cached_property
    def sides(self) -> tuple[Side, ...]:
        """What all cards of Anki ask and answer."""
        return tuple([side for _, composed in self.with_cards for side in sides_of(composed.content)])

    def made(self, lock: Lock, decks: Mapping[str, str], held: Set[Guid]) -> tuple[Made, ...]:
        """The notes as this lock dates them, without those that are held; `decks` as Anki will spell them."""
        identities = tuple([lock.identities[guid] for guid in self.guids])
        made_of = (lock.source_id, identities, *(decks[deck] for deck in self.decks))
        if self._made[0] != made_of:
            pairs = zip(self.with_cards, identities, strict=True)
            made = [
                (as_written(card), _note(card, composed, known, lock, decks), composed)
                for (card, composed), known in pairs
            ]
            self._made = (made_of, tuple(made))
        made_now = self._made[1]
        return tuple([made for made in made_now if made[1].identity.guid not in held]) if held else made_now


def sides_of(content: Content) -> list[Side]:
    """What each card of a note asks and answers."""
    question, answer = note_types.sides_of(content)
    return [(content.kind, question, answer, ordinal) for ordinal in content.ordinals]


def _with_own_type(note: CardNote, own: Mapping[KindName, OwnNoteType | None]) -> CardNote:
    """The note with its type, if that is one of the user's: what is kept of notes does not hold it."""
    if note.note is None or (made := own[note.note.composed.content.kind]) is None:
        return note
    composed = replace(note.note.composed, content=replace(note.note.composed.content, own=made))
    return replace(note, note=replace(note.note, composed=composed))


def _note(note: CardNote, composed: ComposedNote, known: Identity, lock: Lock, decks: Mapping[str, str]) -> Note:
    card = note.card
    return Note(
        position=card.evidence.position,
        identity=known,
        source_id=lock.source_id,
        deck=decks[card.deck],
        tags=card.tags,
        content=composed.content,
        suspended=card.is_suspended,
        media=tuple(file.name for file in composed.media),
        schedules=note_types.scheduled_cards(composed.content, card.schedules),
    )
