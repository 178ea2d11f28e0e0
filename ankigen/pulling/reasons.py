"""Why no text of the notes says what Anki holds: the most telling reason first."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from ankigen.data import NotPulled
from ankigen.note_types import canonical
from ankigen.pulling import delimiters
from ankigen.pulling.candidates import FieldEdit
from ankigen.pulling.words import Element, Sort, Token

_SOUND = re.compile(r"\[sound:[^\]]*\]")
_EMPTY_CLOZE = re.compile(r"\{\{c[0-9,]+::(?:::|\}\})")
_EMPTY = re.compile(r"<(?P<name>li|strong|em|del|u|code|mark|span|a|p)\b[^>]*>(?:\s|<br>)*</(?P=name)>")
_TTS = "tts"
_MEDIA = ("<img", "<audio", "<video", "<object", "<source")


def clozes_of(tokens: Iterable[Token]) -> Counter[str]:
    """The marks of clozes, each with how often it stands there."""
    return Counter(token.text for token in tokens if token.text.startswith("{{c") or token.text == "}}")


def reason_before(theirs: str, ours: str, mine: Iterable[Token], new: Iterable[Token]) -> tuple[NotPulled, str] | None:
    """Why it need not even be tried."""
    mine, new = [*mine], [*new]
    if clozes_of(mine) != clozes_of(new) or _EMPTY_CLOZE.search(theirs):
        return NotPulled.CLOZES, ""
    if empty := next((found for found in _EMPTY.finditer(canonical(theirs)) if found[0] not in canonical(ours)), None):
        return NotPulled.EMPTY, empty[0]
    added = _media_in(new, theirs) - _media_in(mine, ours)
    if added:
        return NotPulled.MEDIA, next(iter(added))
    return None


def reason_after(edit: FieldEdit) -> tuple[NotPulled, str]:
    """Why none of the texts that were tried was right."""
    known = {element.form for token in edit.mine for element in token.within}
    strange = [element for element in _elements(edit.theirs) if element.form not in known]
    unknown = next((element for element in strange if not delimiters.is_known(element)), None)
    if unknown is not None:
        return NotPulled.STYLED, unknown.form
    if any(token.text == _TTS for token in edit.mine):
        return NotPulled.SPOKEN, ""
    for change in edit.difference.changes:
        gone = [at for at in range(change.start, change.end) if edit.mine[at].sort is Sort.WORD]
        if gone and all(edit.places[at] is None for at in gone):
            return NotPulled.ELSEWHERE, edit.mine[gone[0]].text
    return NotPulled.UNPROVED, ""


def _elements(tokens: Iterable[Token]) -> Iterable[Element]:
    return (element for token in tokens for element in token.within)


def _media_in(tokens: Iterable[Token], html: str) -> Counter[str]:
    """What is shown or played, each with how often."""
    shown = (token.text for token in tokens if token.text.startswith(_MEDIA))
    return Counter([*shown, *_SOUND.findall(html)])
