"""Fields that Anki's mask editor rewrote without being asked, of pictures so flat that only their size tells it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import unescape

from ankigen.data import ExistingNote, NoteType
from ankigen.note_types import content_names, field_hash
from ankigen.source import size_of
from ankigen.syncing.existing import ExistingIndex
from ankigen.syntax.mask_editor import before_save

_SHAPES, _IMAGE = "Occlusion", "Image"
_PICTURE = re.compile(r'<img[^>]*?\ssrc="(?P<name>[^"]*)"')


def meant_fields(
    note: ExistingNote, ours: Mapping[str, str], hashes: Sequence[str], own: NoteType, existing: ExistingIndex
) -> Mapping[str, str]:
    """What stood in the field of shapes before the editor saved it, if it is known: by the notes, or by the base.

    `hashes` are those of the base, in the order of the note type's content fields.
    """
    written = dict(zip(content_names(own), hashes, strict=False)).get(_SHAPES)
    theirs, desired = note.fields.get(_SHAPES), ours.get(_SHAPES, "")
    if not own.stock_kind or not theirs or not written or theirs == desired:
        return {}
    known = {written, field_hash(desired)}
    if field_hash(theirs) in known:
        return {}
    picture = _PICTURE.search(note.fields.get(_IMAGE, ""))
    path = existing.media.get(unescape(picture["name"])) if picture else None
    size = size_of(path) if path else None
    text = before_save(theirs, desired, size, lambda text: field_hash(text) in known) if size else None
    return {_SHAPES: text} if text else {}
