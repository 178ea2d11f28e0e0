"""Rewrites the plugin's drawings as readable lines, only on request."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ankigen import identity
from ankigen.api.notes import Sources, load, paths_of
from ankigen.api.stamps import readable
from ankigen.data import Desired, Note
from ankigen.note_types import OCCLUSION, content_fields
from ankigen.source import DrawnParts, find_files, write_areas
from ankigen.support import files
from ankigen.support.structs import Struct
from ankigen.syntax import occlusions


class Converted(Struct, frozen=True):
    """The files in which `occlusion::` became `area::`, the number of cards, and the notes as read before."""

    files: tuple[Path, ...]
    cards: int
    desired: Desired


def convert(source: Sources | None = None, *, decks: Sequence[str] = (), tags: Sequence[str] = ()) -> Converted:
    """Rewrite each `occlusion::` of the cards that `load` returns as `area::`; each keeps its numbers.

    The numbers are written into the lock file first, under the names that the parts get.
    """
    sources = paths_of(source)
    before = dict(readable(path for path_of in sources for path in find_files(path_of)))
    desired = load(sources, decks=decks, tags=tags)
    by_file: dict[Path, dict[int, DrawnParts]] = {}
    for note in desired.notes:
        if note.content.kind == OCCLUSION.name:
            by_file.setdefault(desired.root / note.position.path, {})[note.position.line] = _parts(note)
    drawn = {path: cards for path, cards in by_file.items() if b"occlusion:" in before[path]}
    for path in drawn:
        files.require_replaceable(path)
    if drawn:
        identity.write_lock(desired.root / identity.LOCK_NAME, desired.lock)
    counts = {path: write_areas(path, before[path], cards) for path, cards in drawn.items()}
    return Converted(tuple(path for path, count in counts.items() if count), sum(counts.values()), desired)


def _parts(note: Note) -> DrawnParts:
    field = content_fields(note.content)["Occlusion"]
    shapes = sorted(occlusions.rectangles_in(field).items())
    areas = tuple((str(number), "; ".join(map(occlusions.written_area, each))) for number, each in shapes)
    return DrawnParts(areas, occlusions.hides_all(field))
