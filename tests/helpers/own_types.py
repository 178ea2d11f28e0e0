"""A note type of the user's on disk, for tests."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

_NONE: Mapping[str, str | None] = MappingProxyType({})

DEFINITION = """\
fields = ["Word", "Meaning", "Gender", "Example"]
cards = ["Recognise", "Recall"]
tags = ["vocab"]
"""
FILES = {
    "note_type.toml": DEFINITION,
    "Recognise.front.html": "<b>{{Word}}</b>\n",
    "Recognise.back.html": "{{FrontSide}}<hr id=answer>{{Meaning}} {{Gender}} {{Example}}\n",
    "Recall.front.html": "{{#Meaning}}{{Meaning}}?{{/Meaning}}\n",
    "Recall.back.html": "{{FrontSide}}<hr id=answer>{{Word}}\n",
    "style.css": ".card { color: teal; }\n",
}
PERRO = """\
- perro #card
  note-type:: Vocabulary
  gender:: masculine
\t- dog
\t- **Example**
\t\t- El perro ladra.
"""


def write_type(notes: Path, name: str = "Vocabulary", changed: Mapping[str, str | None] = _NONE) -> Path:
    """Write the files of a note type; `changed` by their names with `__` for `.`, `None` for one that is not there."""
    folder = notes / "note_types" / name
    folder.mkdir(parents=True, exist_ok=True)
    files: dict[str, str | None] = {**FILES, **{key.replace("__", "."): text for key, text in changed.items()}}
    for file, text in files.items():
        if text is None:
            (folder / file).unlink(missing_ok=True)
        else:
            (folder / file).write_text(text, "utf-8")
    return folder
