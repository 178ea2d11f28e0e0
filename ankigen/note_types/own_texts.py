"""ankigen's templates and CSS: files in `templates`, stamped so that ankigen can recognise edited ones.

If a text changes, `changed` of its note type must increase, because Anki only imports newer ones.
"""

from __future__ import annotations

import re
from pathlib import Path

from ankigen.data import NoteType, Template
from ankigen.support.hashing import content_hash

_FOLDER = Path(__file__).parent / "templates"
_OTHER_SIGNS = "{{=<% %>=}}"
_STAMP = re.compile(
    rf"(?P<signs>(?:{re.escape(_OTHER_SIGNS)})?)"
    r"(?:<!--|/\*) ankigen (?P<hash>[0-9a-f]{16}) (?:-->|\*/)\n(?P<text>.*)",
    re.DOTALL,
)


def stamped_template(name: str, front: str, back: str) -> Template:
    """A card template of the user, stamped like ankigen's own."""
    return Template(name, _stamped(front, "<!-- %s -->"), _stamped(back, "<!-- %s -->"))


def stamped_css(text: str) -> str:
    """CSS of the user, stamped like ankigen's own."""
    return _stamped(text, "/* %s */")


def plain_text(text: str) -> str:
    """A template or CSS without ankigen's stamp."""
    stamped = _STAMP.fullmatch(_plain(text))
    return text if stamped is None else stamped["signs"] + stamped["text"]


_SCRIPT = re.compile(r"@(?P<stem>[A-Z]+)@")
"""The place of a template's script, which only newer features need."""


def template(name: str, stem: str) -> Template:
    """A card template with this name, from the two files with this stem."""
    return Template(name, _stamped_file(f"{stem}.front.html"), _stamped_file(f"{stem}.back.html"))


def css(*more: str) -> str:
    """The CSS of all note types, with `more` files for one that needs them."""
    if not more:
        return _stamped_file("card.css")
    return _stamped("\n".join((_FOLDER / name).read_text("utf-8") for name in ("card.css", *more)), "/* %s */")


def base_css() -> str:
    """The CSS of ankigen's note types without its stamp, for others to build on."""
    return (_FOLDER / "card.css").read_text("utf-8")


def is_own(text: str) -> bool:
    """Whether some version of ankigen wrote a template or CSS, and nobody edited it."""
    stamped = _STAMP.fullmatch(_plain(text))
    return stamped is not None and stamped["hash"] == _hash(stamped["text"])


def with_css(note_type: NoteType, added: str) -> str:
    """The note type's CSS followed by the user's own, stamped as one text."""
    own = _STAMP.fullmatch(note_type.css)
    assert own is not None, "a note type's CSS opens with its stamp"
    return _stamped(f"{own['text']}\n{added}", "/* %s */") if added.strip() else note_type.css


def _stamped_file(name: str) -> str:
    text = _SCRIPT.sub(_script, (_FOLDER / name).read_text("utf-8"))
    return _stamped(text, "/* %s */" if name.endswith(".css") else "<!-- %s -->")


def _script(place: re.Match[str]) -> str:
    name = f"{place['stem'].lower()}.js"
    return "\n" + (_FOLDER / name).read_text("utf-8")


def _stamped(text: str, comment: str) -> str:
    text = _plain(text)
    signs = _OTHER_SIGNS if text.startswith(_OTHER_SIGNS) else ""  # which Anki respects only at the very beginning
    text = text.removeprefix(signs)
    return f"{signs}{comment % f'ankigen {_hash(text)}'}\n{text}"


def _plain(text: str) -> str:
    """The text without what editors change by themselves: line ends, surrounding spaces."""
    return text.replace("\r\n", "\n").strip()


def _hash(text: str) -> str:
    return content_hash(text.encode(), length=16)
