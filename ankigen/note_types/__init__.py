"""The kinds of notes: which fields, templates and cards each has, and what a card block's note says.

Names, order of fields and ids are frozen: whatever changes there doubles note types in Anki.
"""

from ankigen.note_types.base_field import (
    REMOVED_TAG,
    REMOVING_TAG,
    deck_hash,
    field_hash,
    format_base,
    is_hash_of,
    is_mark,
    read_base,
)
from ankigen.note_types.basic import BASIC
from ankigen.note_types.canonical_form import canonical
from ankigen.note_types.cloze import CLOZE
from ankigen.note_types.compose import compose
from ankigen.note_types.contents import (
    base_of,
    cards_with,
    content_fields,
    content_of,
    fields_of,
    packed,
    scheduled_cards,
)
from ankigen.note_types.kind import NoteKind, content_names
from ankigen.note_types.kinds import (
    KINDS,
    hashes_as,
    kind_named,
    kind_of,
    note_type_of,
    note_types,
    question_of,
    shown_in,
    sides_of,
    styled,
    wrote,
)
from ankigen.note_types.occlusion import OCCLUSION
from ankigen.note_types.own_texts import is_own, with_css

__all__ = [
    "BASIC",
    "CLOZE",
    "KINDS",
    "OCCLUSION",
    "REMOVED_TAG",
    "REMOVING_TAG",
    "NoteKind",
    "base_of",
    "canonical",
    "cards_with",
    "compose",
    "content_fields",
    "content_names",
    "content_of",
    "deck_hash",
    "field_hash",
    "fields_of",
    "format_base",
    "hashes_as",
    "is_hash_of",
    "is_mark",
    "is_own",
    "kind_named",
    "kind_of",
    "note_type_of",
    "note_types",
    "packed",
    "question_of",
    "read_base",
    "scheduled_cards",
    "shown_in",
    "sides_of",
    "styled",
    "with_css",
    "wrote",
]
