"""The nouns of a sync: what Anki has, what would change, what was done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ankigen.data.notes import Guid, MediaFile, Note, PackedNote, Side, Template


@dataclass(frozen=True, slots=True)
class ExistingNoteType:
    """A note type as the collection has it, the reader's own fields and templates included."""

    id: int
    name: str
    fields: tuple[str, ...]
    templates: tuple[Template, ...]
    css: str


@dataclass(frozen=True, slots=True)
class ExistingCard:
    """A card in Anki; while it sits in a filtered deck, `deck` is that deck and its home is unknown."""

    id: int
    deck: str
    is_suspended: bool = False
    is_filtered: bool = False


@dataclass(frozen=True, slots=True)
class ExistingNote:
    """A note in Anki that carries a GUID in a field; `modified` in seconds since 1970."""

    id: int
    guid: Guid
    note_type: str
    modified: int
    tags: tuple[str, ...]
    fields: Mapping[str, str]
    cards: tuple[ExistingCard, ...]


@dataclass(frozen=True, slots=True)
class Collection:
    """What sync has to know of Anki's data.

    `notes` are all that carry a GUID in a field, ours or not; `note_types` those that were asked for and exist or that
    one of `notes` has; `filtered` those of `decks` that Anki fills by a search. `name` tells one collection from
    another on all machines that this user syncs from.
    """

    name: str
    notes: tuple[ExistingNote, ...] = ()
    note_types: tuple[ExistingNoteType, ...] = ()
    decks: tuple[str, ...] = ()
    filtered: frozenset[str] = frozenset()
    media: frozenset[str] = frozenset()
    cardless: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field whose text differs between Anki and the notes."""

    name: str
    existing: str
    desired: str


@dataclass(frozen=True, slots=True)
class CreateNote:
    """A note that Anki does not have."""

    note: Note
    packed: PackedNote


@dataclass(frozen=True, slots=True)
class UpdateNote:
    """A note whose fields or tags change; with none of either, it only remembers anew what ankigen wrote."""

    note: Note
    existing: ExistingNote
    packed: PackedNote
    fields: tuple[FieldChange, ...] = ()
    added_tags: tuple[str, ...] = ()
    removed_tags: tuple[str, ...] = ()

    @property
    def is_visible(self) -> bool:
        return bool(self.fields or self.added_tags or self.removed_tags)


@dataclass(frozen=True, slots=True)
class ConvertNote:
    """A note that goes from Basic to Cloze or back, with the history of its first card."""

    note: Note
    existing: ExistingNote
    packed: PackedNote


@dataclass(frozen=True, slots=True)
class MoveCards:
    """Cards that follow their note into another deck."""

    note: Note
    existing: ExistingNote
    cards: tuple[int, ...]
    deck: str


@dataclass(frozen=True, slots=True)
class SuspendNote:
    """A note that left the notes: `cards` are suspended; `rested` were suspended by the reader before."""

    existing: ExistingNote
    cards: tuple[int, ...]
    rested: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class DeleteNote:
    """A note that left the notes, deleted on request."""

    existing: ExistingNote


@dataclass(frozen=True, slots=True)
class RestoreNote:
    """A removed note that came back: `cards` are those that ankigen suspended."""

    note: Note
    existing: ExistingNote
    cards: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SendMedia:
    """A file that Anki's media folder lacks."""

    file: MediaFile


@dataclass(frozen=True, slots=True)
class RestyleNoteType:
    """Templates and CSS of ankigen that a newer text replaces."""

    existing: ExistingNoteType
    templates: tuple[Template, ...]
    css: str


@dataclass(frozen=True, slots=True)
class ExtendNoteType:
    """Fields that a newer ankigen has; Anki then wants a full sync, so it is asked for by itself."""

    existing: ExistingNoteType
    fields: tuple[str, ...]


Change = (
    CreateNote | UpdateNote | ConvertNote | MoveCards | SuspendNote | DeleteNote | RestoreNote | SendMedia
    | RestyleNoteType | ExtendNoteType
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class KeptEdit:
    """Fields that the reader edited in Anki and the author did not change."""

    note: Note
    existing: ExistingNote
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Fields that reader and author both changed, kept as the reader has them until somebody decides."""

    note: Note
    existing: ExistingNote
    fields: tuple[FieldChange, ...]


class Reason(StrEnum):
    """Why sync leaves something alone."""

    DELETED_IN_ANKI = "deleted-in-anki"
    OTHER_SOURCE = "other-source"
    OTHER_NOTE_TYPE = "other-note-type"
    COPY = "copy"
    FIELD_MISSING = "field-missing"
    TEMPLATE_MISSING = "template-missing"
    FILTERED_DECK = "filtered-deck"
    MOVED_IN_ANKI = "moved-in-anki"
    CARDLESS = "cardless"
    STYLE_EDITED = "style-edited"
    NOTES_HAVE_ERRORS = "notes-have-errors"


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """What sync does not touch, and why; `detail` names what stands in the way, such as a deck or a field."""

    reason: Reason
    note: Note | None = None
    existing: ExistingNote | None = None
    detail: str = ""


Notice = KeptEdit | Conflict | LeftAlone


@dataclass(frozen=True, slots=True)
class Plan:
    """What a sync would do, and what it leaves as it is.

    `present` are the notes in Anki that are of these notes, `managed` counts them; `collection` is where they are.
    """

    changes: tuple[Change, ...] = ()
    notices: tuple[Notice, ...] = ()
    managed: int = 0
    present: frozenset[Guid] = field(default=frozenset(), compare=False, repr=False)
    collection: str = field(default="", compare=False, repr=False)

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        return tuple(notice for notice in self.notices if isinstance(notice, Conflict))

    @property
    def removals(self) -> int:
        return sum(isinstance(change, SuspendNote | DeleteNote) for change in self.changes)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user decided for one sync."""

    prefer: Side | None = None
    is_deleting: bool = False
    is_restoring: bool = False
    is_restyling: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a sync did, as far as it was read back: `undone` did not arrive, `existing` is what Anki holds now of it."""

    done: tuple[Change, ...]
    undone: tuple[Change, ...]
    existing: Collection
