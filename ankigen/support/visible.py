"""Makes text from a note, a file's name or a server harmless on a terminal and in a log.

Such text may contain line feeds, escape sequences, characters that change the writing direction, surrogates, and the
commands that a CI service reads from a log. `visible` makes all of them visible; `shown` does so in each of our own
lines, so that lines begin only where we begin them. Everything printed is `Shown`; mypy checks that.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import NewType

Shown = NewType("Shown", str)
"""Text that may be printed: our own lines, with harmless content."""

_UNDECODED = range(0xDC80, 0xDD00)
"""The surrogates that Python uses for invalid bytes in a file's name."""

_UNSEEN = "\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
_UNSEEN_CHARACTER = re.compile(f"[{_UNSEEN}]")
_UNSEEN_IN_A_LINE = re.compile(f"[{_UNSEEN}]".replace("\x00-\x1f", "\x00-\x08\x0a-\x1f"))
_UNSEEN_IN_LINES = re.compile(f"[{_UNSEEN}]".replace("\x00-\x1f", "\x00-\x08\x0b-\x1f"))
_COLOUR = re.compile(r"(\x1b\[[\d;]{1,6}m)")
_COMMAND = re.compile(r"(?m)^(?P<before>[^\S\n]*):(?=:)|##(?=\w*\[)")
"""The start of a command to a CI service: `::` at the start of a line, `##[` and similar anywhere."""


def as_json(value: object, indent: int | None = None) -> Shown:
    """The value as JSON; unprintable characters are escaped by their number."""
    written = json.dumps(value, ensure_ascii=False, indent=indent)
    return Shown(_UNSEEN_IN_LINES.sub(_by_number, written).replace("##", "#\\u0023"))


def _by_number(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def visible(text: str) -> str:
    r"""The text on one line: control characters as pictures, invalid bytes as `\xe9`, others as `<U+202E>`."""
    return _UNSEEN_CHARACTER.sub(_picture, text)


def shown(lines: Iterable[str], *, is_coloured: bool = False) -> Shown:
    """The lines, printable: everything is made visible except tabs and, if `is_coloured`, our colours."""
    listed = list(lines)
    text = "\n".join(listed)
    is_plain = text.count("\n") == max(len(listed) - 1, 0) and not _UNSEEN_IN_LINES.search(text)
    if not is_plain:
        as_line = _coloured_line if is_coloured else _line
        text = "\n".join(map(as_line, listed))
    return Shown(_COMMAND.sub(_no_command, text) if "::" in text or "##" in text else text)


def commands(lines: Iterable[str]) -> Shown:
    """The lines as from `shown`, but each may begin with a workflow command of our own."""
    return Shown("\n".join(map(_line, lines)))


def _line(text: str) -> str:
    return _UNSEEN_IN_A_LINE.sub(_picture, text)


def _coloured_line(text: str) -> str:
    return "".join(part if number % 2 else _line(part) for number, part in enumerate(_COLOUR.split(text)))


def _picture(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    return f"\\x{code - 0xDC00:02x}" if code in _UNDECODED else f"<U+{code:04X}>"


def _no_command(found: re.Match[str]) -> str:
    r"""The same text with a backslash in it: `\::error::`, `#\#[error]`."""
    return r"#\#" if found["before"] is None else f"{found['before']}\\:"
