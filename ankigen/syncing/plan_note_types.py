"""What would change in note types: fields of a later ankigen, templates and CSS."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ankigen import note_types
from ankigen.data import (
    Change,
    ExistingNoteType,
    ExtendNoteType,
    LeftAlone,
    NoteType,
    Notice,
    Reason,
    RestyleNoteType,
    Wishes,
)
from ankigen.syncing.existing import Here


def note_type_findings(at: Here, wishes: Wishes) -> Iterator[Change | Notice]:
    """Say what becomes of our note types; copies that Anki made of them are left as they are."""
    for name, kind in at.homes.items():
        own = at.own[name]
        if missing := at.missing_fields(own, kind):
            if _are_new(missing, own):
                yield ExtendNoteType(kind, missing)
            else:
                yield LeftAlone(Reason.FIELD_MISSING, detail=f"{kind.name}: {', '.join(missing)}")
        yield from _style(own, kind, wishes)


def _are_new(missing: Sequence[str], own: NoteType) -> bool:
    """Whether the fields came with a later ankigen, after `Base`, which is as old as the note type."""
    return all(own.fields.index(field) > own.fields.index("Base") for field in missing)


def _style(own: NoteType, kind: ExistingNoteType, wishes: Wishes) -> Iterator[Change | Notice]:
    """Replace the texts that some version of ankigen wrote; those that the reader edited only on request."""
    mine = {template.name: template for template in own.templates}
    outdated = [mine[one.name] for one in kind.templates if one != mine.get(one.name, one)]
    stale = tuple(one for one in outdated if wishes.is_restyling or _is_own(kind, one.name))
    is_css_stale = kind.css != own.css and (wishes.is_restyling or note_types.is_own(kind.css))
    if stale or is_css_stale:
        yield RestyleNoteType(kind, stale, own.css if is_css_stale else kind.css)
    edited = [one.name for one in outdated if one not in stale]
    if kind.css != own.css and not is_css_stale:
        edited.append("CSS")
    for name in edited:
        yield LeftAlone(Reason.STYLE_EDITED, detail=f"{kind.name}: {name}")


def _is_own(kind: ExistingNoteType, name: str) -> bool:
    template = next(one for one in kind.templates if one.name == name)
    return note_types.is_own(template.front) and note_types.is_own(template.back)
