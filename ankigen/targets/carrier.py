"""The note that brings a note type to a collection where no other note would, and is deleted at once.

If that is cut off, the next run that writes deletes it.
"""

from __future__ import annotations

from ankigen.data import Guid, PackedNote
from ankigen.support.structs import replace

CARRIER = Guid("ankigen-carrier")


def carrier_of(packed: PackedNote) -> PackedNote:
    """A note of the same type that is nobody's; it has no schedule, because its review would stay in Anki's log."""
    fields = dict(zip(packed.note_type.fields, packed.values, strict=True))
    values = tuple((fields | {"Guid": CARRIER, "Base": ""}).values())
    return replace(packed, guid=CARRIER, values=values, ordinals=(0,), schedules=())
