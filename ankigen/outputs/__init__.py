"""Writes notes and media to files. A new output is a module here and an entry in `OUTPUTS`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from types import MappingProxyType

from ankigen.data import Html, MediaFile, Note, NoteType
from ankigen.errors import NoPackage
from ankigen.outputs.apkg import APKG, pack
from ankigen.outputs.output import Output
from ankigen.outputs.reading import held_notes, read_package

__all__ = [
    "OUTPUTS",
    "Output",
    "content",
    "default_suffix",
    "held_notes",
    "is_output",
    "pack",
    "read_package",
    "require_output",
]

OUTPUTS: tuple[Output, ...] = (APKG,)
"""The first one is the default for a folder."""
_OTHER_FILES = frozenset({
    ".7z", ".anki2", ".anki21", ".anki21b", ".colpkg", ".csv", ".db", ".gz", ".htm", ".html", ".json", ".md", ".org",
    ".pdf", ".rar", ".sqlite", ".tar", ".tgz", ".tsv", ".txt", ".xml", ".zip",
})  # fmt: skip
"""The suffixes of files that are neither an output nor a folder."""
_NEAR = 0.8


def default_suffix() -> str:
    """The suffix of the files written to a folder."""
    return OUTPUTS[0].suffix


def is_output(path: Path) -> bool:
    """Whether the suffix, in upper or lower case, is that of an output."""
    return any(output.suffix == path.suffix.lower() for output in OUTPUTS)


def require_output(path: Path) -> None:
    """Raise `NoPackage` for a path that is neither an output nor likely to be a folder.

    A folder may be named `v1.2`, but not like another program's file or a typo of one of ours, unless it exists.
    """
    stem, dot, ending = path.name.rpartition(".")
    suffix = f"{dot}{ending}".strip().lower() if dot else ""
    suffixes = [output.suffix for output in OUTPUTS]
    is_near = any(SequenceMatcher(None, suffix, known).ratio() >= _NEAR for known in suffixes)
    is_file = suffix in _OTHER_FILES or is_near or path.is_file()
    if not path.is_dir() and is_file and not is_output(path):
        raise NoPackage(path, path.with_name((Path(stem).stem or "notes") + default_suffix()))


def content(
    notes: Sequence[Note],
    media: Iterable[MediaFile],
    path: Path,
    own: Sequence[NoteType],
    descriptions: Mapping[str, Html] = MappingProxyType({}),
) -> bytes:
    """The content of the file at `path`, by its suffix: the notes, and the media that they or their styles show."""
    [output] = [output for output in OUTPUTS if output.suffix == path.suffix.lower()]
    shown = {name for note in notes for name in note.media}
    return output.content(notes, [file for file in media if file.name in shown or file.is_of_style], own, descriptions)
