"""Anki's own filters; others belong to add-ons, and change nothing here."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from functools import partial

from ankigen.support.structs import Struct
from ankigen.templates.plain import without_html
from ankigen.templates.revealed_clozes import only_clozes, revealed

_READING = re.compile(r" ?(?P<kanji>[^ >]+?)\[(?P<kana>.+?)\]")
_HINT = """
<a class=hint href="#"
onclick="this.style.display='none';
document.getElementById('hint{id}').style.display='block';
return false;" draggable=false>
{name}</a>
<div id="hint{id}" class=hint style="display: none">{text}</div>
"""


class Rendering(Struct, frozen=True):
    """The context of a filter: the field, and the side of the card."""

    field: str
    ordinal: int
    is_question: bool


def filtered(text: str, filters: tuple[str, ...], rendering: Rendering) -> str:
    """The text of a field after its filters, the one next to the field first.

    An unknown one may be an add-on's: it and those after it change nothing.
    """
    if filters[-1:] == ("type",):
        return f"[[type:{_HOW_TYPED.get(filters[:-1], '')}{rendering.field}]]"
    for name in filters:
        known = _filtered(text, name, rendering)
        if known is None:
            break
        text = known
    return text


def _filtered(text: str, name: str, rendering: Rendering) -> str | None:
    """The text after one filter, or `None` if Anki does not know it."""
    number, field = rendering.ordinal + 1, rendering.field
    if name.startswith("tts "):
        return f"[anki:tts lang={name.removeprefix('tts ')}]{text}[/anki:tts]"
    if name.startswith("type"):
        return f"[[{name.replace('-', ':')}:{field}]]" if name in _TYPES else None
    match name:
        case "hint":
            return _hint(text, field)
        case "cloze":
            return revealed(text, number, is_question=rendering.is_question)
        case "cloze-only":
            return only_clozes(text, number, is_question=rendering.is_question)
        case _:
            return _SIMPLE[name](text) if name in _SIMPLE else None


def _with_readings(text: str, form: str) -> str:
    def reading(match: re.Match[str]) -> str:
        if match["kana"].startswith("sound:"):
            return match[0]
        return form.format(kanji=match["kanji"], kana=match["kana"])

    return _READING.sub(reading, text.replace("&nbsp;", " "))


def _hint(text: str, name: str) -> str:
    if not text.strip():
        return text
    id = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()[:16]
    return _HINT.format(id=id, name=name, text=text)


_TYPES = frozenset({"type", "type-nc", "type-cloze"})
_HOW_TYPED: Mapping[tuple[str, ...], str] = {("cloze",): "cloze:", ("nc",): "nc:"}
_SIMPLE: Mapping[str, Callable[[str], str]] = {
    "text": without_html,
    "furigana": partial(_with_readings, form="<ruby><rb>{kanji}</rb><rt>{kana}</rt></ruby>"),
    "kanji": partial(_with_readings, form="{kanji}"),
    "kana": partial(_with_readings, form="{kana}"),
}
