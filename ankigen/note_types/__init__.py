"""The note types: which fields, templates and cards each has, and what a card block's note says."""

from ankigen.note_types.base_field import (
    CARRIER,
    REMOVED_TAG,
    REMOVING_TAG,
    deck_hash,
    field_hash,
    format_base,
    is_mark,
    read_base,
)
from ankigen.note_types.compose import compose
from ankigen.note_types.contents import base_of, card_ordinals, content_fields, fields_of, note_type_of, packed, said
from ankigen.note_types.definitions import ALL, BASIC, CLOZE, is_own, styled, with_css

__all__ = [
    "ALL",
    "BASIC",
    "CARRIER",
    "CLOZE",
    "REMOVED_TAG",
    "REMOVING_TAG",
    "base_of",
    "card_ordinals",
    "compose",
    "content_fields",
    "deck_hash",
    "field_hash",
    "fields_of",
    "format_base",
    "is_mark",
    "is_own",
    "note_type_of",
    "packed",
    "read_base",
    "said",
    "styled",
    "with_css",
]
