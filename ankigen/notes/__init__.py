"""Which note type does a card block become, and what stands in its fields?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ankigen.doors import front_door

if TYPE_CHECKING:
    from ankigen.notes.composing import compose as compose
    from ankigen.notes.fields import base_of as base_of
    from ankigen.notes.fields import card_ordinals as card_ordinals
    from ankigen.notes.fields import content_fields as content_fields
    from ankigen.notes.fields import fields_of as fields_of
    from ankigen.notes.fields import note_type_of as note_type_of
    from ankigen.notes.fields import packed as packed
    from ankigen.notes.fields import said as said
else:
    __getattr__ = front_door(
        globals(),
        {
            "composing": ["compose"],
            "fields": ["base_of", "card_ordinals", "content_fields", "fields_of", "note_type_of", "packed", "said"],
        },
    )
