"""What each side of a card shows of a field with clozes: `{{c1::answer::hint}}`, also nested."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TOKEN = re.compile(r"\{\{c(?P<numbers>[0-9,]+)::|(?P<close>\}\})")
_DEEPEST = 10
_FORMULA = re.compile(r"(?s)\\[([].+?\\[)\]]")
_SPAN = re.compile(r"</?span[^>]*>")
_PLAIN = re.compile(r"[0-9A-Za-z]")
_OCCLUSION = "image-occlusion:"
_PAIR = re.compile(r"(?<!\\):")
_ESCAPE = re.compile(r"\\(.)")
_SAME = ("left", "top", "width", "height", "rx", "ry", "points", "angle", "text", "scale", "fill")
_ATTRIBUTES = {**{key: key for key in _SAME}, "oi": "occludeInactive", "fs": "font-size"}
_NAMED = {"<": "&lt;", ">": "&gt;", "&": "&amp;", '"': "&quot;"}


class _Cloze:
    """A cloze: its numbers, its hint if any, and its content, texts and nested clozes."""

    def __init__(self, numbers: tuple[int, ...]) -> None:
        self.numbers = numbers
        self.inside: list[str | _Cloze] = []
        self.hint: str | None = None

    def add(self, text: str) -> None:
        """Add text; what follows the first `::` is the hint."""
        head, mark, tail = text.partition("::")
        if mark:
            self.hint = tail
        self.inside.append(head)


def revealed(text: str, number: int, *, is_question: bool) -> str:
    """The field on one side of the card of that number; nothing if no cloze has it."""
    pieces = _parsed(text)
    if not any(number in cloze.numbers for cloze in _all(pieces)):
        return ""
    shown = "".join(_shown(piece, number, is_question=is_question) for piece in pieces)
    return _FORMULA.sub(lambda formula: _SPAN.sub("", formula[0]), shown)


def only_clozes(text: str, number: int, *, is_question: bool) -> str:
    """Only the text that the card with that number asks for."""
    asked = [cloze for cloze in _all(_parsed(text)) if number in cloze.numbers]
    return ", ".join((cloze.hint or "...") if is_question else _plain(cloze) for cloze in asked)


def _parsed(text: str) -> list[str | _Cloze]:
    """The field as texts and clozes; unclosed and too deeply nested ones are text."""
    top: list[str | _Cloze] = []
    opened: list[_Cloze] = []
    position = 0
    for token in _TOKEN.finditer(text):
        is_text = len(opened) >= _DEEPEST if token["numbers"] else not opened
        before = text[position : token.end() if is_text else token.start()]
        position = token.end()
        if before:
            _add(top, opened, before)
        if is_text:
            continue
        if token["close"]:
            closed = opened.pop()
            (opened[-1].inside if opened else top).append(closed)
        else:
            opened.append(_Cloze(tuple([int(digits) for digits in token["numbers"].split(",") if digits])))
    if text[position:]:
        _add(top, opened, text[position:])
    return top


def _add(top: list[str | _Cloze], opened: list[_Cloze], text: str) -> None:
    if opened:
        opened[-1].add(text)
    else:
        top.append(text)


def _all(pieces: list[str | _Cloze]) -> Iterator[_Cloze]:
    for piece in pieces:
        if isinstance(piece, _Cloze):
            yield piece
            yield from _all(piece.inside)


def _plain(cloze: _Cloze) -> str:
    return "".join(piece if isinstance(piece, str) else _plain(piece) for piece in cloze.inside)


def _shown(piece: str | _Cloze, number: int, *, is_question: bool) -> str:
    if isinstance(piece, str):
        return piece
    first = piece.inside[0] if piece.inside else None
    if isinstance(first, str) and first.startswith(_OCCLUSION):
        return _shape(first, piece.numbers, number, is_question=is_question)
    inside = "".join(_shown(inner, number, is_question=is_question) for inner in piece.inside)
    ordinals = ",".join(map(str, piece.numbers))
    if number not in piece.numbers:
        return f'<span class="cloze-inactive" data-ordinal="{ordinals}">{inside}</span>'
    if not is_question:
        return f'<span class="cloze" data-ordinal="{ordinals}">{inside}</span>'
    hint = "..." if piece.hint is None else piece.hint
    return f'<span class="cloze" data-cloze="{_as_attribute(inside)}" data-ordinal="{ordinals}">[{hint}]</span>'


def _shape(text: str, numbers: tuple[int, ...], number: int, *, is_question: bool) -> str:
    """A hidden part of a picture, as Anki passes it to its drawing script."""
    role = "cloze-inactive" if number not in numbers else "cloze" if is_question else "cloze-highlight"
    if numbers == (0,):
        role = "cloze"
    form, *pairs = _PAIR.split(text.removeprefix(_OCCLUSION))
    said = [("shape", form if pairs else "")]
    for pair in pairs:
        key, _, value = pair.partition("=")
        said.append((_ATTRIBUTES.get(key, ""), _as_attribute(_ESCAPE.sub(r"\1", value)) if key == "text" else value))
    data = "".join(f'data-{name}="{value}" ' for name, value in said if name and value)
    return f'<div class="{role}" data-ordinal="{",".join(map(str, numbers))}" {data}></div>'


def _as_attribute(text: str) -> str:
    return "".join(
        _NAMED.get(sign) or (f"&#x{ord(sign):02X};" if sign <= "\xff" and not _PLAIN.fullmatch(sign) else sign)
        for sign in text
    )
