"""Plans the changes of note types: new fields of a later ankigen, templates and CSS."""

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
    Template,
    Wishes,
)
from ankigen.syncing.existing import ExistingIndex, is_built_in, missing_fields


def note_type_findings(existing: ExistingIndex, wishes: Wishes) -> Iterator[Change | Notice]:
    """Yield the changes of our note types; copies that Anki made of them stay unchanged."""
    for name, existing_type in existing.originals.items():
        own = existing.own[name]
        missing, templates = missing_fields(own, existing_type), _new_templates(own, existing_type)
        if missing and not _are_new(missing, own):
            yield LeftAlone(Reason.FIELD_MISSING, detail=f"{existing_type.name}: {', '.join(missing)}")
        elif missing or templates:
            yield ExtendNoteType(existing_type, missing, templates)
        yield from _style_findings(own, existing_type, wishes)


def _are_new(missing: Sequence[str], own: NoteType) -> bool:
    """Whether the fields are from a later ankigen: after `Base`, which is as old as the note type.

    A note type of the user can exist in Anki before ankigen wrote to it: then all of ankigen's fields are new.
    """
    if not is_built_in(own) and {*note_types.OWN_FIELDS, *note_types.SHARED_FIELDS} <= {*missing}:
        return True
    return all(own.fields.index(field) > own.fields.index("Base") for field in missing)


def _new_templates(own: NoteType, existing_type: ExistingNoteType) -> tuple[Template, ...]:
    """The cards that the user added to their own note type: those after all that the collection has."""
    known = {template.name for template in existing_type.templates}
    names = [template.name in known for template in own.templates]
    if is_built_in(own) or own.is_cloze or not any(names):
        return ()
    last = len(names) - names[::-1].index(True)
    return own.templates[last:]


def _style_findings(own: NoteType, existing_type: ExistingNoteType, wishes: Wishes) -> Iterator[Change | Notice]:
    """Replace texts that some version of ankigen wrote; those that the user edited only on request."""
    outdated = [*_outdated(own, existing_type)]
    is_css_outdated = existing_type.css != own.css
    replaced = tuple(new for old, new in outdated if wishes.is_restyling or _is_own(old) or _says(old, new))
    is_css_own = note_types.is_own(existing_type.css) or _is_same(existing_type.css, own.css)
    is_css_replaced = is_css_outdated and (wishes.is_restyling or is_css_own)
    if replaced or is_css_replaced:
        yield RestyleNoteType(existing_type, replaced, own.css if is_css_replaced else existing_type.css)
    edited = [new.name for _, new in outdated if new not in replaced]
    if is_css_outdated and not is_css_replaced:
        edited.append("CSS")
    for name in edited:
        yield LeftAlone(Reason.STYLE_EDITED, detail=f"{existing_type.name}: {name}")


def _outdated(own: NoteType, existing_type: ExistingNoteType) -> Iterator[tuple[Template, Template]]:
    """The templates of the collection that differ from ours of the same name, each with ours."""
    ours = {template.name: template for template in own.templates}
    for template in existing_type.templates:
        if template != ours.get(template.name, template):
            yield template, ours[template.name]


def _is_own(template: Template) -> bool:
    return note_types.is_own(template.front) and note_types.is_own(template.back)


def _says(old: Template, new: Template) -> bool:
    """Whether a template in Anki is ours except for the stamp: it was copied from there, and not edited since."""
    return _is_same(old.front, new.front) and _is_same(old.back, new.back)


def _is_same(old: str, new: str) -> bool:
    return note_types.plain_text(new) == old.replace("\r\n", "\n").strip()
