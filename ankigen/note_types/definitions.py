"""The note types: fields, templates, CSS, fixed ids.

The texts are files in `templates`. Names, order and ids are frozen: whatever changes there doubles note types in Anki.
A text may change, and then `changed` moves forward with it, for Anki takes only what is newer.
"""

from __future__ import annotations

import re
from pathlib import Path

from ankigen.data import NoteType, Template
from ankigen.support.hashing import content_hash
from ankigen.support.structs import replace

_STAMP = re.compile(r"(?:<!--|/\*) ankigen (?P<hash>[0-9a-f]{16}) (?:-->|\*/)\n(?P<text>.*)", re.DOTALL)


def is_own(text: str) -> bool:
    """Tell a template or CSS that some version of ankigen wrote from one that the reader edited."""
    stamped = _STAMP.fullmatch(_plain(text))
    return stamped is not None and stamped["hash"] == _hash(stamped["text"])


def styled(css: str, changed: int = 0) -> tuple[NoteType, ...]:
    """All note types with the user's own CSS, of which the last change is given in seconds, behind ankigen's."""
    return tuple(replace(one, css=with_css(one, css), changed=max(one.changed, changed)) for one in ALL)


def with_css(note_type: NoteType, css: str) -> str:
    """The note type's CSS with the user's own behind it, stamped as one text."""
    own = _STAMP.fullmatch(note_type.css)
    assert own is not None, "a note type's CSS opens with its stamp"
    return _stamped(f"{own['text']}\n{css}", "/* %s */") if css.strip() else note_type.css


def _load(name: str) -> str:
    text = Path(__file__).with_name("templates").joinpath(name).read_text("utf-8")
    return _stamped(text, "/* %s */" if name.endswith(".css") else "<!-- %s -->")


def _stamped(text: str, comment: str) -> str:
    text = _plain(text)
    return f"{comment % f'ankigen {_hash(text)}'}\n{text}"


def _plain(text: str) -> str:
    """The text without what an editor or a form changes unasked: line ends, blanks around."""
    return text.replace("\r\n", "\n").strip()


def _hash(text: str) -> str:
    return content_hash(text.encode(), 16)


def _template(name: str, stem: str) -> Template:
    return Template(name, _load(f"{stem}.front.html"), _load(f"{stem}.back.html"))


_CSS = _load("card.css")

BASIC = NoteType(
    id=1738104529337,
    name="ankigen Basic",
    fields=("Front", "Back", "Extra", "Context", "Source", "Forward", "Reverse", "Type", "Guid", "Base"),
    templates=(_template("Forward", "forward"), _template("Reverse", "reverse")),
    css=_CSS,
    is_cloze=False,
    changed=1795464000,
)
CLOZE = NoteType(
    id=1741882306153,
    name="ankigen Cloze",
    fields=("Text", "Extra", "Context", "Source", "Type", "Hide Others", "Guid", "Base"),
    templates=(_template("Cloze", "cloze"),),
    css=_CSS,
    is_cloze=True,
    changed=1795464000,
)
ALL = (BASIC, CLOZE)
