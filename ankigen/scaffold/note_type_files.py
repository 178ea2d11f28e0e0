"""The files of a custom note type: an example, or a copy of one in Anki."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from ankigen.data import NoteType

_EXAMPLE = Path(__file__).parent / "note_type"
_NOT_IN_TAGS = re.compile(r"[^\w-]+")
DEFINITION, STYLE = "note_type.toml", "style.css"


def example(name: str) -> Mapping[str, str]:
    """The texts of a working example by file name; its tag is made from the note type's name."""
    tag = _NOT_IN_TAGS.sub("-", name.lower()).strip("-") or "own"
    texts = {path.name: path.read_text("utf-8") for path in sorted(_EXAMPLE.iterdir()) if path.is_file()}
    return texts | {DEFINITION: texts[DEFINITION].replace("@TAG@", tag)}


def copied(note_type: NoteType) -> Mapping[str, str]:
    """The texts of a note type by file name."""
    texts = {DEFINITION: "\n".join(_definition(note_type)) + "\n", STYLE: _text(note_type.css)}
    for template in note_type.templates:
        texts[f"{template.name}.front.html"] = _text(template.front)
        texts[f"{template.name}.back.html"] = _text(template.back)
    return texts


def _text(text: str) -> str:
    return text.replace("\r\n", "\n").rstrip("\n") + "\n"


def _definition(note_type: NoteType) -> Iterator[str]:
    yield "# Copied from Anki by `ankigen note-type copy`; the id makes its notes belong to the same note type in Anki."
    yield f"fields = {_list(note_type.fields)}"
    yield f"cards = {_list(template.name for template in note_type.templates)}"
    yield "tags = []"
    yield f"cloze = {str(note_type.is_cloze).lower()}"
    yield f"id = {note_type.id}"
    yield "ankigen_css = false   # the cards look as they do in Anki"
    for options in note_type.options:
        yield ""
        yield f"[field.{_quoted(options.name)}]"
        said = {"rtl": options.rtl, "font": options.font, "size": options.size, "description": options.description}
        for key, value in said.items():
            if value:
                yield f"{key} = {_quoted(value) if isinstance(value, str) else str(value).lower()}"


def _list(names: Iterator[str] | tuple[str, ...]) -> str:
    return f"[{', '.join(map(_quoted, names))}]"


def _quoted(text: str) -> str:
    """A text as a TOML basic string, which has the syntax of JSON."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
