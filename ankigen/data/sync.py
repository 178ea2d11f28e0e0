"""The nouns of a sync: what Anki has, what would change, what was done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from ankigen.data.notes import Guid, Html, MediaFile, Note, PackedNote, Side, SourceId, Template
from ankigen.support.structs import Struct


class ExistingNoteType(Struct, frozen=True):
    """A note type as the collection has it, the reader's own fields and templates included."""

    id: int
    name: str
    fields: tuple[str, ...]
    templates: tuple[Template, ...]
    css: str


class ExistingCard(Struct, frozen=True):
    """A card in Anki; while it is in a filtered deck, `deck` names that one, and its own deck is unknown."""

    id: int
    deck: str
    is_suspended: bool = False
    is_filtered: bool = False


class ExistingNote(Struct, frozen=True):
    """A note in Anki that has a GUID in a field; `fields` are texts by name, `modified` is in seconds since 1970."""

    id: int
    guid: Guid
    note_type: str
    modified: int
    tags: tuple[str, ...]
    fields: Mapping[str, str]
    cards: tuple[ExistingCard, ...]


class Collection(Struct, frozen=True):
    """What sync has to know of Anki's data.

    `notes` are all that have a GUID in a field, ours or not; `note_types` those that were asked for and exist or that
    one of `notes` has; `filtered` those of `decks` that Anki fills by a search; `media` the names of files; `cardless`
    the ids of notes without a card. `name` tells one collection from another on all machines that this user syncs from.
    """

    name: str
    notes: tuple[ExistingNote, ...] = ()
    note_types: tuple[ExistingNoteType, ...] = ()
    decks: tuple[str, ...] = ()
    filtered: frozenset[str] = frozenset()
    media: frozenset[str] = frozenset()
    cardless: tuple[int, ...] = ()


class FieldChange(Struct, frozen=True):
    """A field whose text differs between Anki and the notes."""

    name: str
    existing: str
    desired: str


class CreateNote(Struct, frozen=True):
    """A note that Anki does not have."""

    note: Note
    packed: PackedNote


class UpdateNote(Struct, frozen=True):
    """A note whose fields or tags change; if none do, only the field changes that holds what ankigen wrote last."""

    note: Note
    existing: ExistingNote
    packed: PackedNote
    fields: tuple[FieldChange, ...] = ()
    added_tags: tuple[str, ...] = ()
    removed_tags: tuple[str, ...] = ()

    @property
    def is_visible(self) -> bool:
        return bool(self.fields or self.added_tags or self.removed_tags)


class ConvertNote(Struct, frozen=True):
    """A note that goes from Basic to Cloze or back, with the history of its first card."""

    note: Note
    existing: ExistingNote
    packed: PackedNote


class AdoptNote(Struct, frozen=True):
    """A note of another source that becomes one of these notes; what is written into it stands in a change beside."""

    note: Note
    existing: ExistingNote
    source_id: SourceId


class MoveCards(Struct, frozen=True):
    """Cards, by their ids, that follow their note into another deck."""

    note: Note
    existing: ExistingNote
    cards: tuple[int, ...]
    deck: str


class SuspendNote(Struct, frozen=True):
    """A note that is gone from the notes.

    `cards` are the ids of those to suspend, `rested` of those that the reader suspended before.
    """

    existing: ExistingNote
    cards: tuple[int, ...]
    rested: tuple[int, ...] = ()


class DeleteNote(Struct, frozen=True):
    """A note that is gone from the notes, deleted on request."""

    existing: ExistingNote


class RestoreNote(Struct, frozen=True):
    """A removed note that came back: `cards` are the ids of those that ankigen suspended."""

    note: Note
    existing: ExistingNote
    cards: tuple[int, ...]


class SendMedia(Struct, frozen=True):
    """A file that Anki's media folder lacks."""

    file: MediaFile


class RestyleNoteType(Struct, frozen=True):
    """Templates and CSS of ankigen that a newer text replaces."""

    existing: ExistingNoteType
    templates: tuple[Template, ...]
    css: str


class ExtendNoteType(Struct, frozen=True):
    """Fields that a newer ankigen has, or fields and cards that the user gave a note type of their own.

    Anki then wants a full sync, so the user is asked for it alone.
    """

    existing: ExistingNoteType
    fields: tuple[str, ...]
    templates: tuple[Template, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """What the note type gets."""
        return (*self.fields, *(template.name for template in self.templates))


Change = (
    CreateNote | UpdateNote | ConvertNote | AdoptNote | MoveCards | SuspendNote | DeleteNote | RestoreNote | SendMedia
    | RestyleNoteType | ExtendNoteType
)  # fmt: skip


class KeptEdit(Struct, frozen=True):
    """Fields that the reader edited in Anki and the author did not change."""

    note: Note
    existing: ExistingNote
    fields: tuple[FieldChange, ...]


class Conflict(Struct, frozen=True):
    """Fields that reader and author both changed, kept as the reader has them until somebody decides."""

    note: Note
    existing: ExistingNote
    fields: tuple[FieldChange, ...]


class Reason(StrEnum):
    """Why sync leaves something alone."""

    DELETED_IN_ANKI = "deleted-in-anki"
    OTHER_SOURCE = "other-source"
    LOST_LOCK = "lost-lock"
    UNCLAIMED = "unclaimed"
    OTHER_NOTE_TYPE = "other-note-type"
    COPY = "copy"
    FIELD_MISSING = "field-missing"
    TEMPLATE_MISSING = "template-missing"
    FILTERED_DECK = "filtered-deck"
    MOVED_IN_ANKI = "moved-in-anki"
    CARDLESS = "cardless"
    STYLE_EDITED = "style-edited"
    NOTES_HAVE_ERRORS = "notes-have-errors"
    ELSEWHERE = "elsewhere"


class LeftAlone(Struct, frozen=True):
    """What sync does not touch, and why; `detail` names what stands in the way, such as a deck or a field."""

    reason: Reason
    note: Note | None = None
    existing: ExistingNote | None = None
    detail: str = ""

    @property
    def is_unwritten(self) -> bool:
        """Whether a card that the notes ask for is not in Anki because of this; what the reader deleted is no such."""
        is_new = self.existing is None
        return self.note is not None and (self.reason in _OBSTACLES or (self.reason is Reason.FILTERED_DECK and is_new))


_OBSTACLES = frozenset(
    {Reason.OTHER_SOURCE, Reason.LOST_LOCK, Reason.OTHER_NOTE_TYPE, Reason.FIELD_MISSING, Reason.TEMPLATE_MISSING}
)


class Ambiguous(Struct, frozen=True):
    """A card that could be several notes in Anki, or one of several cards that could be one: it is paired with none."""

    note: Note
    candidates: tuple[ExistingNote, ...]


Notice = KeptEdit | Conflict | LeftAlone | Ambiguous


@dataclass(frozen=True, slots=True)
class Plan:
    """What a sync would do, and what it leaves as it is.

    `present` are those of these notes that are in Anki, `managed` counts them; `collection` is its name. `emptied`
    counts the pages that are gone with all that they had in Anki, of the `pages` that there were; `gone_folder` is one
    that is gone with all its pages. `claims` are notes in Anki that cards are, by the GUIDs of the cards;
    if the lock of all these notes was lost, `lost` is the name that they had; `claimed_types` are the user's note types
    that they are of and that no note type here is, with their ids. `schedules_from` names the tool that schedules of
    new cards come from, `today` is the day in its zone. `descriptions` are those of decks that the
    collection does not have.
    """

    changes: tuple[Change, ...] = ()
    notices: tuple[Notice, ...] = ()
    managed: int = 0
    present: frozenset[Guid] = field(default=frozenset(), compare=False, repr=False)
    collection: str = field(default="", compare=False, repr=False)
    emptied: int = field(default=0, compare=False, repr=False)
    pages: int = field(default=0, compare=False, repr=False)
    gone_folder: str = field(default="", compare=False, repr=False)
    claims: Mapping[Guid, ExistingNote] = field(default_factory=dict, compare=False, repr=False)
    lost: SourceId | None = field(default=None, compare=False, repr=False)
    claimed_types: Mapping[str, int] = field(default_factory=dict, compare=False, repr=False)
    schedules_from: str = field(default="", compare=False, repr=False)
    today: date | None = field(default=None, compare=False, repr=False)
    descriptions: Mapping[str, Html] = field(default_factory=dict, compare=False, repr=False)

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        return tuple(notice for notice in self.notices if isinstance(notice, Conflict))

    @property
    def unwritten(self) -> frozenset[Guid]:
        """The cards that the notes ask for and that cannot be brought to Anki."""
        left_alone = (notice for notice in self.notices if isinstance(notice, LeftAlone))
        return frozenset(
            notice.note.identity.guid for notice in left_alone if notice.note is not None and notice.is_unwritten
        )

    @property
    def adopted(self) -> int:
        return sum(isinstance(change, AdoptNote) for change in self.changes)

    @property
    def removals(self) -> int:
        return sum(isinstance(change, SuspendNote | DeleteNote) for change in self.changes)

    def without_extensions(self) -> Plan:
        """The plan without new fields of note types, which are done before it or not at all."""
        return replace(self, changes=tuple(change for change in self.changes if not isinstance(change, ExtendNoteType)))


class Wishes(Struct, frozen=True):
    """What the user decided for one sync.

    `is_first` says that the collection cannot have these notes; `taken_over` is the plan whose claims the lock knows by
    now.
    """

    prefer: Side | None = None
    is_deleting: bool = False
    is_restoring: bool = False
    is_restyling: bool = False
    is_adopting: bool = False
    is_first: bool = False
    taken_over: Plan | None = None


class Outcome(Struct, frozen=True):
    """What a sync did, as it was read back: `undone` did not arrive, `existing` is what Anki has of it now."""

    done: tuple[Change, ...]
    undone: tuple[Change, ...]
    existing: Collection
