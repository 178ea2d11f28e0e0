"""The data types of an adoption: notes made by another tool or by hand, which ankigen takes over."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from ankigen.data.notes import Desired, Guid, Note, Position
from ankigen.data.sync import Ambiguous, ConvertNote, ExistingNote, FieldChange
from ankigen.support.structs import Struct


class Evidence(StrEnum):
    """Why a note in Anki matches a card here, the best first."""

    LOCK = "lock"
    MARK = "mark"
    QUESTION_AND_ANSWER = "question and answer"
    QUESTION = "question"
    PUNCTUATION = "question without punctuation"
    ANSWER = "answer"
    SIMILAR = "similar question"


class WrittenMark(Struct, frozen=True):
    """Another tool's mark at a card: the id of a note, or a key in one of its fields."""

    position: Position
    text: str
    note_id: int = 0
    key: str = ""


class Pair(Struct, frozen=True):
    """A card here, by its note, and the matching note in Anki."""

    note: Note
    existing: ExistingNote
    evidence: Evidence


class Matched(Struct, frozen=True):
    """Which notes in Anki are which cards, one to one; `unmatched` counts the others on either side."""

    pairs: tuple[Pair, ...] = ()
    ambiguous: tuple[Ambiguous, ...] = ()
    unmatched_notes: int = 0
    unmatched_existing: int = 0


class ExportedCard(Struct, frozen=True):
    """A card in a package: its ordinal, and how often it was reviewed."""

    id: int
    ordinal: int
    reviews: int


class ExportedNote(Struct, frozen=True):
    """The data of a note that only a package has; `guid` is as Anki stores it."""

    guid: str
    cards: tuple[ExportedCard, ...]


class Obstacle(StrEnum):
    """Why a matched note is not adopted."""

    NO_GUID = "no-guid"
    GUID_TAKEN = "guid-taken"
    HOMELESS_CARDS = "homeless-cards"
    NOTE_TYPE_EDITED = "note-type-edited"


class NotAdopted(Struct, frozen=True):
    """A pair that is not adopted, and why."""

    pair: Pair
    obstacle: Obstacle
    detail: str = ""


class Adoption(Struct, frozen=True):
    """A note in Anki that ankigen takes over.

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
    """The changes of an adoption; `desired` are the notes and the lock after it.

    `published` counts adopted notes that the lock on disk has under another GUID. `marks` go out of the notes. If there
    is nothing to adopt, `claimed` counts the cards that Anki has as notes of ankigen under a lost or another lock.
    """

    desired: Desired
    collection: str
    adoptions: tuple[Adoption, ...]
    left: tuple[NotAdopted, ...]
    matched: Matched
    published: int = 0
    claimed: int = 0
    marks: Mapping[Guid, tuple[WrittenMark, ...]] = {}

    @property
    def written_marks(self) -> int:
        """How many marks will be removed from the notes."""
        return sum(map(len, self.marks.values()))

    @property
    def differing(self) -> int:
        """How many of the adopted notes differ in words."""
        return sum(bool(adoption.fields) for adoption in self.adoptions)
