"""Collections written by hand, as values, and plans in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import assert_never

from ankigen import note_types
from ankigen.data import (
    AdoptNote,
    Ambiguous,
    Base,
    Change,
    Collection,
    Conflict,
    ConvertNote,
    CreateNote,
    DeleteNote,
    ExistingCard,
    ExistingNote,
    ExistingNoteType,
    ExtendNoteType,
    KeptEdit,
    LeftAlone,
    MoveCards,
    Note,
    NoteType,
    Notice,
    PackedNote,
    Plan,
    RestoreNote,
    RestyleNoteType,
    SendMedia,
    SuspendNote,
    UpdateNote,
)
from ankigen.note_types import fields_of, note_type_of
from ankigen.note_types.base_field import read_base
from ankigen.support.structs import replace

BASIC, CLOZE = note_types.BASIC.note_type, note_types.CLOZE.note_type


def kind_of(own: NoteType) -> ExistingNoteType:
    """The note type as it is when ankigen brought it and nobody touched it."""
    return ExistingNoteType(own.id, own.name, own.fields, own.templates, own.css)


KINDS = (kind_of(BASIC), kind_of(CLOZE))


def cards(*decks: str) -> tuple[ExistingCard, ...]:
    """Cards with the ids 1, 2, ..; one that Anki has on loan to a filtered deck is written `Cram!`."""
    return tuple(
        ExistingCard(number, deck.removesuffix("!"), is_filtered=deck.endswith("!"))
        for number, deck in enumerate(decks, 1)
    )


def held(note: Note, *decks: str, edits: Mapping[str, str] | None = None, **more: object) -> ExistingNote:
    """The note in Anki as ankigen wrote it, one card in its deck unless `decks` says where; then `edits` were made."""
    fields: dict[str, str] = {**fields_of(note), **(edits or {})}
    own = note_type_of(note.content)
    there = ExistingNote(
        note.identity.created, note.identity.guid, own.name, 100, note.tags, fields, cards(*(decks or (note.deck,)))
    )
    return replace(there, **more)


def anki(*notes: ExistingNote, kinds: Sequence[ExistingNoteType] = KINDS, filtered: Iterable[str] = ()) -> Collection:
    return Collection("anki", notes, tuple(kinds), filtered=frozenset(filtered))


def base_of(packed: PackedNote) -> Base | None:
    return read_base(values_of(packed)["Base"])


def values_of(packed: PackedNote) -> dict[str, str]:
    return dict(zip(packed.note_type.fields, packed.values, strict=True))


def packed_by(plan: Plan) -> PackedNote:
    """The only note that is written."""
    [packed] = [change.packed for change in plan.changes if isinstance(change, CreateNote | UpdateNote | ConvertNote)]
    return packed


def in_words(plan: Plan) -> list[str]:
    """A line for each change and then for each notice."""
    return [*map(_change, plan.changes), *map(_notice, plan.notices)]


def _change(change: Change) -> str:
    match change:
        case CreateNote():
            line = f"create {change.note.identity.guid} as {change.packed.note_type.name}"
        case UpdateNote():
            fields = [field.name for field in change.fields]
            tags = [*(f"+{tag}" for tag in change.added_tags), *(f"-{tag}" for tag in change.removed_tags)]
            line = " ".join([f"update {change.note.identity.guid}:", *fields, *tags])
        case ConvertNote():
            line = f"convert {change.note.identity.guid} to {change.packed.note_type.name}"
        case MoveCards():
            line = f"move {_listed(change.cards)} of {change.note.identity.guid} to {change.deck}"
        case SuspendNote():
            line = f"suspend {change.existing.guid}: {_listed(change.cards)}; resting {_listed(change.rested)}"
        case DeleteNote():
            line = f"delete {change.existing.guid}"
        case AdoptNote():
            line = f"adopt {change.note.identity.guid} from {change.source_id}"
        case RestoreNote():
            line = f"restore {change.note.identity.guid}: {_listed(change.cards)}"
        case SendMedia():
            line = f"send {change.file.name}"
        case RestyleNoteType():
            texts = [template.name for template in change.templates]
            css = ["CSS"] if change.css != change.existing.css else []
            line = f"restyle {change.existing.name}: {', '.join(texts + css)}"
        case ExtendNoteType():
            line = f"extend {change.existing.name}: {', '.join(change.names)}"
        case _:
            assert_never(change)
    return line


def _notice(notice: Notice) -> str:
    match notice:
        case KeptEdit() | Conflict():
            word = "kept" if isinstance(notice, KeptEdit) else "conflict"
            return f"{word} {notice.note.identity.guid}: {', '.join(field.name for field in notice.fields)}"
        case LeftAlone():
            desired = notice.note.identity.guid if notice.note else "-"
            existing = notice.existing.id if notice.existing else "-"
            return f"{notice.reason}: {desired}, {existing}, {notice.detail}"
        case Ambiguous():
            return f"ambiguous {notice.note.identity.guid}: {_listed(note.id for note in notice.candidates)}"
        case _:
            assert_never(notice)


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers)) or "none"
