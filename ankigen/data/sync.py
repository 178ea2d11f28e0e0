"""The data types of a sync: what Anki has, what would change, what was done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from ankigen.data.notes import Guid, Html, MediaFile, Note, PackedNote, Side, SourceId, Template
from ankigen.support.structs import Struct


class ExistingNoteType(Struct, frozen=True):
    """A note type as the collection has it, including the user's own fields and templates."""

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
    """A note in Anki that has a GUID in a field; `fields` are texts by name, `modified` is in seconds since 1970.

    Where a target tells, `is_original` says whether the GUID is the note's own: a copy that the reader made has it in
    its field alone, and a note whose field the reader emptied still has it.
    """

    id: int
    guid: Guid
    note_type: str
    modified: int
    tags: tuple[str, ...]
    fields: Mapping[str, str]
    cards: tuple[ExistingCard, ...]
    is_original: bool | None = None

    def is_the_note(self, created: int | None) -> bool:
        """Whether it is the note with its GUID and no copy of it; where no target tells, its time of creation does."""
        return self.id == created if self.is_original is None else self.is_original


class Collection(Struct, frozen=True):
    """The data in Anki that a sync needs.

    `notes` are all with a GUID of ankigen's, ours or not; `note_types` those that were asked for and exist or that
    one of `notes` has; `filtered` those of `decks` that Anki fills by a search; `media` the names of files; `cardless`
    the ids of notes without a card; `graves` those of notes that were deleted, where a target tells. `name` tells one
    collection from another on all machines that this user syncs from.
    """

    name: str
    notes: tuple[ExistingNote, ...] = ()
    note_types: tuple[ExistingNoteType, ...] = ()
    decks: tuple[str, ...] = ()
    filtered: frozenset[str] = frozenset()
    media: frozenset[str] = frozenset()
    cardless: tuple[int, ...] = ()
    graves: frozenset[int] = frozenset()


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
    """A note whose fields or tags change; if none do, only the field with the base changes."""

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
    """A note that becomes Cloze instead of Basic or back, with the history of its first card."""

    note: Note
    existing: ExistingNote
    packed: PackedNote


class AdoptNote(Struct, frozen=True):
    """A note of another source that becomes one of these notes; its new content is in a separate change."""

    note: Note
    existing: ExistingNote
    source_id: SourceId


class MoveCards(Struct, frozen=True):
    """Cards, by id, that follow their note into another deck."""

    note: Note
    existing: ExistingNote
    cards: tuple[int, ...]
    deck: str


class SuspendNote(Struct, frozen=True):
    """A note whose card block is gone.

    `cards` are the ids of cards to suspend, `rested` of those that the user had suspended before.
    """

    existing: ExistingNote
    cards: tuple[int, ...]
    rested: tuple[int, ...] = ()


class DeleteNote(Struct, frozen=True):
    """A note whose card block is gone, deleted on request."""

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
    """ankigen's templates and CSS that a newer version replaces."""

    existing: ExistingNoteType
    templates: tuple[Template, ...]
    css: str


class ExtendNoteType(Struct, frozen=True):
    """New fields of a newer ankigen, or new fields and cards of the user's own note type.

    AnkiWeb then needs a full sync, so the user is asked separately.
    """

    existing: ExistingNoteType
    fields: tuple[str, ...]
    templates: tuple[Template, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the new fields and cards."""
        return (*self.fields, *(template.name for template in self.templates))


Change = (
    CreateNote | UpdateNote | ConvertNote | AdoptNote | MoveCards | SuspendNote | DeleteNote | RestoreNote | SendMedia
    | RestyleNoteType | ExtendNoteType
)  # fmt: skip


class KeptEdit(Struct, frozen=True):
    """Fields that were edited in Anki and did not change in the notes."""

    note: Note
    existing: ExistingNote
    fields: tuple[FieldChange, ...]


class Conflict(Struct, frozen=True):
    """Fields that changed both in Anki and in the notes; Anki's text is kept until somebody decides.

    If the note `changes_type` here, they are fields of the type that it has in Anki, which would be lost with it.
    """

    note: Note
    existing: ExistingNote
    fields: tuple[FieldChange, ...]
    changes_type: bool = False


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
    """Something that sync does not touch, and why; `detail` names the obstacle, such as a deck or a field."""

    reason: Reason
    note: Note | None = None
    existing: ExistingNote | None = None
    detail: str = ""

    @property
    def is_unwritten(self) -> bool:
        """Whether this keeps a card out of Anki; notes that the user deleted do not count."""
        is_new = self.existing is None
        return self.note is not None and (self.reason in _OBSTACLES or (self.reason is Reason.FILTERED_DECK and is_new))


_OBSTACLES = frozenset(
    {Reason.OTHER_SOURCE, Reason.LOST_LOCK, Reason.OTHER_NOTE_TYPE, Reason.FIELD_MISSING, Reason.TEMPLATE_MISSING}
)


class Ambiguous(Struct, frozen=True):
    """A card that matches several notes in Anki, or several cards that match one note: it is paired with none."""

    note: Note
    candidates: tuple[ExistingNote, ...]


Notice = KeptEdit | Conflict | LeftAlone | Ambiguous


@dataclass(frozen=True, slots=True)
class Plan:
    """The changes of a sync, and what it leaves alone.

    `present` are the notes of this set that are in Anki, `managed` is their number; `collection` is its name. `emptied`
    counts the pages that lost all their notes, of all `pages`; `gone_folder` is a folder that is gone with all its
    pages. `claims` are notes in Anki that match cards, by the GUIDs of the cards; if the lock of all these notes was
    lost, `lost` is the name that they had; `claimed_types` are the user's note types of these notes that are missing
    here, with their ids. `schedules_from` names the tool with the schedules of new cards, `today` is the day in its
    zone. `descriptions` are those of new decks.
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
    def kept_edits(self) -> tuple[KeptEdit, ...]:
        return tuple(notice for notice in self.notices if isinstance(notice, KeptEdit))

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        return tuple(notice for notice in self.notices if isinstance(notice, Conflict))

    @property
    def unwritten(self) -> frozenset[Guid]:
        """The cards that cannot be written to Anki."""
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
        """The plan without new fields of note types, which are added before it or not at all."""
        return replace(self, changes=tuple(change for change in self.changes if not isinstance(change, ExtendNoteType)))


class Wishes(Struct, frozen=True):
    """The user's options for one sync.

    `is_first` says that the collection cannot have these notes; `taken_over` is the plan whose claims the lock has.
    """

    prefer: Side | None = None
    is_deleting: bool = False
    is_restoring: bool = False
    is_restyling: bool = False
    is_adopting: bool = False
    is_first: bool = False
    taken_over: Plan | None = None


class Outcome(Struct, frozen=True):
    """The result of a sync, read back: `undone` did not arrive, `existing` is the state in Anki now."""

    done: tuple[Change, ...]
    undone: tuple[Change, ...]
    existing: Collection
