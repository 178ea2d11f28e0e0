r"""The grammar of clozes: `{{cloze answer}}`, `{{cloze2 answer\\hint}}`, `{{c1::answer::hint}}`.

`spans` finds where macros begin and end; this module splits one into number, answer and hint. `clozes` finds all clozes
of a card, and marks them for `render` with the four marks of this module.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

# Noncharacters, which no text contains: the marks of a cloze whose number is known, in this order and with the number
# after the first: OPEN 3 ANSWER the answer HINT the hint CLOSE.
CLOZE_OPEN, CLOZE_ANSWER, CLOZE_HINT, CLOZE_CLOSE = "\ufdd3", "\ufdd4", "\ufdd5", "\ufdd6"

SIGNS = ("{{c", "#+begin_cloze")
"""Every text with a cloze contains one of these, in lower case."""

PLAIN_CLOZE = re.compile(
    r"\{\{(?:cloze(?P<number>[0-9]+)?(?=\s)|c(?P<native>[0-9]+)::)(?P<answer>[^\\`~${}#\[\](<:\ufdd3\ufdd6]*)\}\}"
)
"""A cloze without nested marks and without a possible hint: most are like this, and need only this pattern.

It saves 6 % of a first build. A test checks that it agrees with the rest of the grammar.
"""

SEVERAL_NUMBERS = r"(?:cloze|c)\d+(?:,\d+)+"
"""The name of a cloze on several cards: Anki's `{{c1,2::answer}}`."""

_NAME = re.compile(rf"(?:cloze|c)(?P<number>\d+)?|{SEVERAL_NUMBERS}", re.ASCII)
_NUMBER = re.compile(r"\d+", re.ASCII)
_BACKSLASHES = "\\\\"
_COLONS = "::"
_ADDRESS = re.compile(
    r"(?<![\w:])(?=[0-9A-Fa-f:]*\d)(?:[0-9A-Fa-f]{1,4}:)*[0-9A-Fa-f]{0,4}::[0-9A-Fa-f]{1,4}(?::(?!:)[0-9A-Fa-f]{1,4})*(?!\w)"
)
_CODE_NAME = re.compile(r"~?\w+\s*(?:[(<;{=&*\[]|::|\Z)")
_SIGNATURE = re.compile(r"[-=]>")

Stretch = tuple[int, int]
"""Where a part of a text begins and ends."""


def cloze_number(name: str, after: str) -> str | None:
    """The number in the name of a cloze macro, empty if it has none; `None` if the macro is not a cloze.

    Several are separated by commas.

    `after` is what follows the name: `::` as in Anki, `:` or a space.
    """
    match = _NAME.fullmatch(name)
    if match is None or after == ":" or name == "c" or (after == _COLONS and name == "cloze"):
        return None
    return ",".join(dict.fromkeys(_NUMBER.findall(name)))


def answer_and_hint(
    text: str, body: Stretch, inside: Iterable[Stretch], after: str, number: str, colons: str
) -> tuple[Stretch, Stretch | None]:
    """Split the body of a cloze; separators in the stretches `inside`, such as code, do not count.

    `colons` says whether `::` begins the hint of a cloze without a number: `auto`, `always` or `never`.
    """
    start, end = body
    whole = text[start:end]
    if _COLONS not in whole and _BACKSLASHES not in whole:
        return trimmed(text, start, end), None
    cut, mark = _parted(whole, _with_blanks(text, body, inside), after == _COLONS, bool(number), colons)
    hint = trimmed(text, start + cut + mark, end) if mark else None
    return trimmed(text, start, start + cut), hint


def trimmed(text: str, start: int, end: int) -> Stretch:
    """The stretch without spaces at either end."""
    part = text[start:end]
    start += len(part) - len(part.lstrip())
    return start, start + len(part.strip())


def _with_blanks(text: str, body: Stretch, inside: Iterable[Stretch]) -> str:
    """The body with code, mathematics, addresses and other clozes replaced by spaces."""
    parts = []
    position, end = body
    for first, last in inside:
        parts += [text[position:first], " " * (last - first)]
        position = last
    parts.append(text[position:end])
    return _ADDRESS.sub(lambda match: " " * len(match[0]), "".join(parts))


def _parted(text: str, masked: str, is_native: bool, is_numbered: bool, colons: str) -> tuple[int, int]:
    """Where the answer ends, and the length of the separator before the hint, or 0."""
    cut = masked.rfind(_BACKSLASHES)
    if cut < 0:
        cut = masked.find(_COLONS) if is_native else masked.rfind(_COLONS)
        if cut <= 0 or not (is_numbered or _may_hint(text, cut, colons)):
            return len(text), 0
    return (cut, 2) if text[cut + 2 :].strip() else (cut, 0)


def _may_hint(text: str, cut: int, colons: str) -> bool:
    """Whether `::` begins a hint, and is not part of a name such as `std::sort` or of a signature."""
    if colons != "auto":
        return colons == "always"
    before, after = text[:cut], text[cut + 2 :]
    is_joined = before[-1:].isalnum() and after[:1].isalnum()
    if is_joined and (_CODE_NAME.match(after) or len(text.split()) == 1):
        return False
    return not _SIGNATURE.search(after)
