"""Which sides of a card are read aloud: `speak::` and `speak-answer::` of the block, its parents, the page."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ankigen.cards.surroundings import Surroundings
from ankigen.data import Block, Position, Problem, Property, Severity, Speech, Spot, Voice
from ankigen.syntax import tracing

QUESTION, ANSWER = "speak", "speak-answer"
_OFF = "off"
_LANGUAGE = re.compile(r"[a-z]{2,3}_[A-Z]{2}")
_VOICES = re.compile(r"voices=(?P<voices>\w[\w.-]*(?:,\w[\w.-]*)*)")
_SPEED = re.compile(r"speed=(?P<speed>\d(?:\.\d{1,3})?)")


def speech_of(block: Block, surroundings: Surroundings) -> tuple[Speech, list[Problem]]:
    """How the sides of the card at a block are read aloud, and problems of the block's own properties.

    A property elsewhere applies to many cards; its problem is reported at the first of them.
    """
    voices: dict[str, Voice | None] = {}
    faults: list[Problem] = []
    for key in (QUESTION, ANSWER):
        written = surroundings.value(block, key) or _OFF
        voices[key] = None if written.lower() == _OFF else _voice(written)
        if voices[key] is None and written.lower() != _OFF:
            faults += _fault(key, written, block, surroundings)
    asked = tuple(prop for prop in block.properties if voices.get(prop.key))
    return Speech(voices[QUESTION], voices[ANSWER], asked), faults


def _voice(written: str) -> Voice | None:
    """The voice in a property, or `None` if it is not valid."""
    language, *others = written.split()
    if not _LANGUAGE.fullmatch(language):
        return None
    voices: tuple[str, ...] = ()
    speed = ""
    for other in others:
        if named := _VOICES.fullmatch(other):
            voices = tuple(named["voices"].split(","))
        elif paced := _SPEED.fullmatch(other):
            speed = paced["speed"]
        else:
            return None
    return Voice(language, voices, speed)


def _fault(key: str, written: str, block: Block, surroundings: Surroundings) -> Iterator[Problem]:
    message = (
        f"{key}:: {written} is not read: write a language and its country, as in `{key}:: fr_FR`, then "
        "voices=… and speed=… if you like, or `off`"
    )
    page = surroundings.page
    for properties in (block.properties, *surroundings.inherited):
        for prop in properties:
            if prop.key == key and prop.value == written:
                yield _at(page.path, page.source, prop, block).problem(Severity.WARNING, "speak-language", message)
                return


def _at(path: str, source: tuple[str, ...], prop: Property, block: Block) -> Spot:
    """The spot of the property on this page; the card if it is on another one."""
    is_here = prop.line <= len(source) and prop.value in source[prop.line - 1] and prop.key in source[prop.line - 1]
    return tracing.trace_property(path, source, prop) if is_here else Spot(Position(path, block.line))
