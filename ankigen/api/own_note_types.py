"""Writes the files of the user's own note types: a working example, or a copy from Anki."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from ankigen import note_types, scaffold
from ankigen import source as notes_source
from ankigen.api.notes import Sources, paths_of
from ankigen.data import NoteType, Template
from ankigen.errors import BadNoteType, CannotWrite, NoteTypeExists
from ankigen.support import files
from ankigen.support.structs import replace
from ankigen.targets import AdoptingTarget

_OWN = frozenset((*note_types.SHARED_FIELDS, *note_types.OWN_FIELDS))


def new_note_type(name: str, source: Sources | None = None) -> tuple[Path, ...]:
    """Write a working example of a note type into the notes; return its files.

    Raises `NoteTypeExists`, and `BadNoteType` for a name that Anki or a file cannot have.
    """
    return _write(name, scaffold.example(name), source)


def copy_note_type(name: str, target: AdoptingTarget, source: Sources | None = None) -> tuple[Path, ...]:
    """Write the files of a note type in Anki, with its id; otherwise like `new_note_type`.

    Nothing is written in Anki. Raises `NoSuchNoteType`.
    """
    note_type = target.copied_note_type(name)
    for template in note_type.templates:
        if fault := notes_source.fault_of_file_name(template.name):
            raise BadNoteType(name, f"its card {template.name} {fault}: rename it in Anki first")
    return _write(name, scaffold.copied(_plain(note_type)), source)


def _plain(note_type: NoteType) -> NoteType:
    """The note type without the fields and stamps that ankigen may have added."""
    templates = [
        Template(known.name, note_types.plain_text(known.front), note_types.plain_text(known.back))
        for known in note_type.templates
    ]
    return replace(
        note_type,
        fields=tuple([name for name in note_type.fields if name not in _OWN]),
        templates=tuple(templates),
        css=note_types.plain_text(note_type.css),
    )


def _write(name: str, texts: Mapping[str, str], source: Sources | None) -> tuple[Path, ...]:
    if fault := notes_source.fault_of_file_name(name):
        raise BadNoteType(name, f"this {fault}: choose another name")
    root = notes_source.root_of(paths_of(source))
    folder = root / notes_source.NOTE_TYPES / name
    if os.path.lexists(folder):
        raise NoteTypeExists(folder)
    written = {folder / file: text for file, text in texts.items()}
    _require_inside(folder, root)
    with files.together() as replaced:
        for path, text in written.items():
            replaced(path, text.encode())
    return tuple(written)


def _require_inside(folder: Path, root: Path) -> None:
    """Refuse a folder behind a link that leads out of the notes, before anything is written."""
    try:
        files.require_inside(folder, root)
    except OSError as failure:
        raise CannotWrite(folder, failure) from failure
