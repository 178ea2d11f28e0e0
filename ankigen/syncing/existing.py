"""What was read from Anki, by name and GUID, with what ankigen wrote last into each note."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from ankigen.data import Base, Collection, Desired, ExistingNote, ExistingNoteType, Guid, NoteType
from ankigen.note_types import read_base
from ankigen.support.normal_forms import deck_key
from ankigen.support.structs import Struct
from ankigen.syncing.pristine import Writing

_COPY_MARK = re.compile(r"(\+|-[0-9a-f]{5})+")


class Here(Struct, frozen=True):
    """What was read, by name and GUID, beside what the notes say.

    `kinds` are our note types as the collection has them, with their copies; `homes` those that are no copies, by our
    name; `whole` tells of kinds that lack neither a field nor a template of ours which of our names they have.
    """

    writings: Mapping[Guid, Writing]
    notes: Mapping[Guid, ExistingNote]
    bases: Mapping[Guid, Base | None]
    copies: tuple[ExistingNote, ...]
    kinds: Mapping[str, tuple[NoteType, ExistingNoteType]]
    homes: Mapping[str, ExistingNoteType]
    whole: Mapping[str, str]
    own: Mapping[str, NoteType]
    filtered: frozenset[str]

    @classmethod
    def of(
        cls, desired: Desired, existing: Collection, own: Sequence[NoteType], writings: Mapping[Guid, Writing]
    ) -> Here:
        """Sort out what was read; where there are copies of a note, the one as old as ours is the note."""
        births = {note.identity.guid: note.identity.created for note in desired.notes}
        notes, copies = _originals(existing.notes, births)
        pairs = [(mine, kind) for kind in existing.note_types for mine in own if _is_ours(kind, mine)]
        return cls(
            writings=writings,
            notes=notes,
            bases={guid: _base(note, writings.get(guid)) for guid, note in notes.items()},
            copies=tuple(copy for copy in copies if is_of(read_base(copy.fields["Base"]), desired)),
            kinds={kind.name: (mine, kind) for mine, kind in pairs},
            homes={mine.name: kind for mine, kind in pairs if mine.id == kind.id},
            whole={kind.name: mine.name for mine, kind in pairs if _is_whole(kind, mine)},
            own={mine.name: mine for mine in own},
            filtered=frozenset(deck_key(deck) for deck in existing.filtered),
        )

    def missing_fields(self, own: NoteType, kind: ExistingNoteType) -> tuple[str, ...]:
        """The fields of ours that the collection's note type lacks."""
        return tuple(field for field in own.fields if field not in kind.fields)


def _base(note: ExistingNote, first: Writing | None) -> Base | None:
    """What ankigen wrote last; where it is what it would write now, as for most notes, it need not be read."""
    held = note.fields["Base"]
    return first.base if first and first.fields["Base"] == held else read_base(held)


def _originals(
    notes: Iterable[ExistingNote], births: Mapping[Guid, int]
) -> tuple[dict[Guid, ExistingNote], list[ExistingNote]]:
    """Part the notes from the copies that the reader made of them: the original is the one as old as ours."""
    originals: dict[Guid, ExistingNote] = {}
    copies: list[ExistingNote] = []
    for note in notes:
        other = originals.setdefault(note.guid, note)
        if other is not note:
            originals[note.guid], copy = sorted((other, note), key=lambda one: (one.id != births.get(one.guid), one.id))
            copies.append(copy)
    return originals, copies


def _is_ours(kind: ExistingNoteType, own: NoteType) -> bool:
    """Our note type, or the copy that Anki made of it when a package disagreed with the collection."""
    if kind.id == own.id:
        return True
    is_named_so = kind.name.startswith(own.name) and _COPY_MARK.fullmatch(kind.name.removeprefix(own.name)) is not None
    return is_named_so and _is_whole(kind, own)


def _is_whole(kind: ExistingNoteType, own: NoteType) -> bool:
    names = {template.name for template in kind.templates}
    return {*own.fields} <= {*kind.fields} and {template.name for template in own.templates} <= names


def is_of(base: Base | None, desired: Desired) -> bool:
    """Whether ankigen wrote a note from these notes."""
    return base is not None and base.source_id == desired.lock.source_id
