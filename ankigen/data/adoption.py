"""The nouns of an adoption: notes that another tool made, or a person, and that become ankigen's."""

from __future__ import annotations

from enum import StrEnum

from ankigen.data.notes import Desired, Note
from ankigen.data.sync import ConvertNote, ExistingNote, FieldChange
from ankigen.support.structs import Struct


class Evidence(StrEnum):
    """Why a note in Anki is that of a card here, the best first."""

    LOCK = "lock"
    MARK = "mark"
    QUESTION_AND_ANSWER = "question and answer"
    QUESTION = "question"
    PUNCTUATION = "question, but for punctuation"
    ANSWER = "answer"
    SIMILAR = "similar question"


class Marks(Struct, frozen=True):
    """What other tools wrote into the notes beside a card: ids of notes, or keys that a field of the note holds."""

    note_ids: tuple[int, ...] = ()
    keys: tuple[str, ...] = ()


class Pair(Struct, frozen=True):
    """A card here, by the note that it makes, and the note in Anki that it was."""

    note: Note
    existing: ExistingNote
    evidence: Evidence


class Ambiguous(Struct, frozen=True):
    """A card that could be several notes in Anki, or one of several cards that could be one."""

    note: Note
    candidates: tuple[ExistingNote, ...]


class Matched(Struct, frozen=True):
    """Which notes in Anki are which cards, one to one; `unmatched` counts the others on either side."""

    pairs: tuple[Pair, ...] = ()
    ambiguous: tuple[Ambiguous, ...] = ()
    unmatched_notes: int = 0
    unmatched_existing: int = 0


class ExportedCard(Struct, frozen=True):
    """A card as a package has it: which of its note's, and how often it was reviewed."""

    id: int
    ordinal: int
    reviews: int


class ExportedNote(Struct, frozen=True):
    """What only a package tells of a note; `guid` is as Anki holds it."""

    guid: str
    cards: tuple[ExportedCard, ...]


class Obstacle(StrEnum):
    """Why a note stays what it is, although its card is known."""

    NO_GUID = "no-guid"
    GUID_TAKEN = "guid-taken"
    HOMELESS_CARDS = "homeless-cards"
    NOTE_TYPE_EDITED = "note-type-edited"


class NotAdopted(Struct, frozen=True):
    """A pair that is left as it is, and why."""

    pair: Pair
    obstacle: Obstacle
    detail: str = ""


class Adoption(Struct, frozen=True):
    """A note in Anki that becomes ankigen's.

    `fields` differ in words between both. `homeless` are cards that stay in Anki until Empty Cards, `created` counts
    those that the note gets besides. `unplaced` are fields with text that has no place in our note.
    """

    pair: Pair
    conversion: ConvertNote
    fields: tuple[FieldChange, ...] = ()
    homeless: tuple[ExportedCard, ...] = ()
    created: int = 0
    unplaced: tuple[str, ...] = ()

    @property
    def kept(self) -> int:
        """How many cards keep their history."""
        return len(self.pair.existing.cards) - len(self.homeless)


class AdoptionWishes(Struct, frozen=True):
    """What the user decided for an adoption."""

    drops_cards: bool = False
    keeps_extra: bool = False
    cleans: bool = False
    moves: bool = False


class AdoptionPlan(Struct, frozen=True):
    """What an adoption would do; `desired` are the notes and the lock as they are afterwards.

    `published` counts adopted notes that the lock on disk has under another GUID.
    """

    desired: Desired
    collection: str
    adoptions: tuple[Adoption, ...]
    left: tuple[NotAdopted, ...]
    matched: Matched
    published: int = 0

    @property
    def differing(self) -> int:
        """How many of the adopted notes differ in words."""
        return sum(bool(adoption.fields) for adoption in self.adoptions)
