"""Reads the notes as they are now, dated by the clock."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ankigen import config, note_types
from ankigen import source as notes_source
from ankigen.api import clock
from ankigen.data import Desired, NoteType
from ankigen.source import Progress, lines_at


def own_note_types(desired: Desired) -> tuple[NoteType, ...]:
    """All note types with the CSS that the user added to them."""
    style = desired.lock.style
    return note_types.styled(desired.css, style.changed if style else 0)


def load(source: Path | None = None, progress: Progress = lambda _what, _done, _total: None) -> Desired:
    """Read the notes of a folder or file; what is new or changed is dated by the clock, or by SOURCE_DATE_EPOCH.

    Without a source the config of the current folder names it, or else the folder itself is meant. `progress` hears how
    the work goes on. Raises `BadClock` where SOURCE_DATE_EPOCH cannot be meant, and `WrongSystemClock`.
    """
    return notes_source.load(source or config.read(Path()).source or Path(), clock.now(), progress=progress)


def quoted_lines(desired: Desired) -> Mapping[tuple[str, int], str]:
    """The lines that the problems speak of, by path and number, for `report.problems_text`."""
    return lines_at(desired.root, (problem.position for problem in desired.problems))
