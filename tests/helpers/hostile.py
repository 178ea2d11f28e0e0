"""Texts that would take over a terminal or a log, and what gives away that one of them did."""

from __future__ import annotations

import unicodedata

from hypothesis import strategies as st

MARK = "¤"
"""Stands first on every line that a hostile text begins."""

BREAKS = ("\n", "\r", "\r\n", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029")
UNSEEN = (
    *("\0", "\a", "\b", "\x1b[31m", "\x1b]0;title\a", "\x1b[2J", "\x7f", "\x9b31m", "\x90q\x9c"),
    *("\u202e", "\u202a", "\u2066", "\u2069", "\ufdd0", "\uffff"),
)
COMMANDS = (
    "::error::x",
    f"{MARK}::error::x",
    "::add-mask::a",
    "##[error]x",
    "##vso[task.x]",
    "::stop-commands::t",
    " ::x::",
)
pieces = st.sampled_from([*BREAKS, *UNSEEN, *COMMANDS, "a", "é", "日本", "\t", " ", "`", "*", "%0A", "{{", "]]"])
texts = st.lists(pieces, min_size=1, max_size=5).map(
    lambda found: "a" + "".join(f"{piece}{MARK}" if piece in BREAKS else piece for piece in found)
)

_TURNING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
_OUR_COMMANDS = ("::error file=", "::warning file=")


def faults(printed: str, *, has_commands: bool = False) -> list[str]:
    """The lines that a hostile text began, the commands in them, and the characters that nobody sees."""
    found = [f"character {character!r}" for character in printed if _is_unseen(character)]
    for line in printed.split("\n"):
        start = line.lstrip()
        if has_commands and start.startswith(_OUR_COMMANDS):
            continue
        if start.startswith(("::", MARK)) or "##[" in line or "##vso[" in line:
            found.append(f"line {line!r}")
    return found


def _is_unseen(character: str) -> bool:
    if character in "\n\t":
        return False
    is_noncharacter = ord(character) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(character) <= 0xFDEF
    return (
        unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}
        or unicodedata.bidirectional(character) in _TURNING
        or is_noncharacter
    )
