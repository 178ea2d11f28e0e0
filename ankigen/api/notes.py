"""Reads the notes as they are now, dated by the clock."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from ankigen import config, note_types
from ankigen import source as notes_source
from ankigen.api import clock
from ankigen.data import Desired, Lock, NoteType
from ankigen.source import Memory, Progress, lines_at

AnyPath = str | os.PathLike[str]
Sources = AnyPath | Iterable[AnyPath]
"""A folder or file of notes, or several that belong together."""


def own_note_types(desired: Desired) -> tuple[NoteType, ...]:
    """All note types with the user's CSS, and the user's own note types, if they have no errors."""
    style = desired.lock.style
    sound = [made for made in desired.own if not made.fault]
    return note_types.styled(desired.css, style.changed if style else 0, sound)


def load(
    source: Sources | None = None,
    progress: Progress = lambda _what, _done, _total: None,
    *,
    decks: Sequence[str] = (),
    tags: Sequence[str] = (),
) -> Desired:
    """Read the notes of a folder or file, or of several; nothing is written.

    Without a source, it is the one in the config of the current folder, or else that folder. `decks` and `tags` select
    the cards in one of these decks and with one of these tags, including subdecks and child tags. New and changed notes
    are dated by the clock, or by SOURCE_DATE_EPOCH. `progress` is called during the work. Mistakes in the notes are in
    `problems` of the result; an `AnkigenError` is raised if they cannot be read at all.
    """
    return notes_source.load(paths_of(source), clock.now(), progress=progress, decks=decks, tags=tags)


def load_again(desired: Desired, now: int, lock: Lock | None = None, memory: Memory | None = None) -> Desired:
    """Read the same part of the same notes as they are now; a `lock` counts in place of what the lock file says.

    The `memory` of an earlier reading makes it quicker.
    """
    selection = desired.selection
    return notes_source.load(desired.sources, now, lock=lock, decks=selection.decks, tags=selection.tags, memory=memory)


def paths_of(source: Sources | None) -> list[Path]:
    """The source as a tuple of paths."""
    if isinstance(source, str | os.PathLike):
        return [Path(source)]
    return [Path(path) for path in source or ()] or [config.read(Path()).source or Path()]


def quoted_lines(desired: Desired) -> Mapping[tuple[str, int], str]:
    """The lines that the problems point to, by path and number, for `report.problems_text`."""
    return lines_at(desired.root, (problem.position for problem in desired.problems))
