"""Finds merge conflict markers."""

from __future__ import annotations

import re

_MARK = "<<<<<<<"
_BEHIND = re.compile(r"^(?:={7,}+|(?:>{7,}+|%{7,}+|\+{7,}+)(?:[ \t][^\n]*+)?)\r?$", re.MULTILINE)
"""The markers between or after the two sides, including those of Jujutsu."""
_LANDMARK = re.compile(
    r"""^(?:
        (?P<start><{7,}+(?:[ \t][^\n]*+)?\r?$)
      | (?P<indent>[ \t]*+)(?:(?P<fence>`{3,}+(?=[^`\n]*+$)|~{3,}+)|\#\+(?P<bound>BEGIN|END)_(?P<block>\w++))
    )""",
    re.MULTILINE | re.VERBOSE | re.IGNORECASE,
)

_OF_BOOKKEEPING = re.compile(
    r"""<{7,}+[^\n]*+\n
    (?>(?:(?:
        [ \t]*+:?(?:card-[\w-]++|collapsed|(?:created|updated|last-modified)-at):{1,2}(?:[ \t][^\n]*+)?
      | [=|]{7,}+[^\n]*+
    )\r?\n)*)
    >{7,}+(?:[ \t][^\n]*+)?\r?$""",
    re.MULTILINE | re.VERBOSE | re.IGNORECASE,
)
"""A conflict only in Logseq's own data, such as reviews on two devices, which no card shows."""


def unmerged_line(text: str) -> int | None:
    """The line, from 1, where an unresolved conflict begins.

    Conflict markers are at the left edge, whatever is around them. In a closed fence at the left edge they are an
    example; a conflict only in Logseq's own reviews does not affect cards.
    """
    behind = [mark.start() for mark in _BEHIND.finditer(text)] if _MARK in text else []
    if not behind:
        return None
    around, first = "", None
    for landmark in _LANDMARK.finditer(text, 0, behind[-1]):
        if landmark["start"] is None:
            around = _after(around, landmark)
            first = first if around else None
        elif _OF_BOOKKEEPING.match(text, landmark.start()):
            continue
        elif not around:
            return _line(text, landmark)
        else:
            first = first or landmark
    is_closed = any(not _after(around, landmark) for landmark in _LANDMARK.finditer(text, behind[-1]))
    return None if first is None or is_closed else _line(text, first)


def _line(text: str, mark: re.Match[str]) -> int:
    return text.count("\n", 0, mark.start()) + 1


def _after(around: str, landmark: re.Match[str]) -> str:
    """The fence, or name of a block, that is open after a landmark, if `around` was open before it."""
    if landmark["start"] is not None:
        return around
    fence, block = landmark["fence"] or "", (landmark["block"] or "").lower()
    is_end = (landmark["bound"] or "").upper() == "END"
    if not around:
        return "" if landmark["indent"] or is_end else fence or block
    is_closed = (is_end and block == around) or (fence[:1] == around[0] and len(fence) >= len(around))
    return "" if is_closed else around
