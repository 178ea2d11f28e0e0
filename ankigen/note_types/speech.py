"""Speech in a note: a text that Anki reads aloud, or its sound file, at the end of a field."""

from __future__ import annotations

from ankigen import render
from ankigen.data import CardBlock, Face, MediaFile, Property, Refusal, Severity, Spot, Voice
from ankigen.render import Links
from ankigen.support.structs import replace
from ankigen.syntax import tracing

_RULE = "speak-nothing"


def heard(face: Face, html: str, voice: Voice | None, key: str, card: CardBlock, links: Links) -> Face:
    """The face with the speech for a finished field; `key` is that of the property that asks for it."""
    if voice is None:
        return face
    text = render.spoken_text(html)
    own = next((prop for prop in card.speech.asked if prop.key == key), None)
    if not text:
        message = f"{key}:: has nothing to read: code, formulas and pictures are not read; write words, or take it out"
        return _warned(face, message, card, own) if own else face
    sound = links.speech(text, voice.language, ",".join(voice.voices), voice.speed)
    if isinstance(sound, MediaFile):
        named = render.with_sound(face, f"[sound:{sound.name}]")
        return replace(named, media=(*face.media, sound))
    spoken = render.with_sound(face, render.spoken(text, voice))
    return _warned(spoken, sound.message, card, own) if isinstance(sound, Refusal) else spoken


def _warned(face: Face, message: str, card: CardBlock, own: Property | None) -> Face:
    problem = _spot(card, own).problem(Severity.WARNING, _RULE, message)
    return replace(face, problems=(*face.problems, problem))


def _spot(card: CardBlock, own: Property | None) -> Spot:
    return tracing.trace_property(card.page.path, card.page.source, own) if own else tracing.trace_question(card)
