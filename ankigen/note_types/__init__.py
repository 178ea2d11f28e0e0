"""The kinds of notes: their fields, templates and cards, and the content of a card block's note.

Names, order of fields and ids are frozen: any change there duplicates note types in Anki.
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
from ankigen.note_types.kind import OWN_FIELDS, NoteKind, content_names
from ankigen.note_types.kinds import (
    KINDS,
    hashes_as,
    kind_in,
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
from ankigen.note_types.own import SHARED_FIELDS, OwnKind, own_kind_name
from ankigen.note_types.own_texts import (
    base_css,
    is_own,
    plain_text,
    stamped_css,
    stamped_template,
    with_css,
)

__all__ = [
    "BASIC",
    "CLOZE",
    "KINDS",
    "OCCLUSION",
    "OWN_FIELDS",
    "REMOVED_TAG",
    "REMOVING_TAG",
    "SHARED_FIELDS",
    "NoteKind",
    "OwnKind",
    "base_css",
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
    "kind_in",
    "kind_named",
    "kind_of",
    "note_type_of",
    "note_types",
    "own_kind_name",
    "packed",
    "plain_text",
    "question_of",
    "read_base",
    "scheduled_cards",
    "shown_in",
    "sides_of",
    "stamped_css",
    "stamped_template",
    "styled",
    "with_css",
    "wrote",
]
