"""Adds readings above kanji and text to speech to finished fields."""

from __future__ import annotations

import re
from html import escape, unescape
from unicodedata import category, normalize

from ankigen.data import Face, Html, Voice
from ankigen.render.escape_for_anki import OVERLAY
from ankigen.support.structs import replace

_KANJI = r"[\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]"
_KANA = r"[\u3041-\u3096\u309d-\u309f\u30a1-\u30ff]"
_APART = (
    r"<!--.*?-->|<(?P<element>pre|code|ruby)\b[^<>]*>.*?</(?P=element)>|<[^<>]*>|\\\(.*?\\\)|\\\[.*?\\\]"
    r"|\[sound:[^\]]*\]"
)
"""The parts of a field that are not text, or must not get readings."""
_ANNOTATED = re.compile(rf"{_APART}|(?P<kanji>{_KANJI}+)\[(?P<kana>{_KANA}+)\](?![({OVERLAY}])", re.DOTALL)

_RUBY = re.compile(r"<ruby\b[^<>]*>(?P<inside>.*?)</ruby>", re.DOTALL)
_READING = re.compile(r"<rt\b[^<>]*>(?P<kana>.*?)</rt>", re.DOTALL)
_CLOZE = re.compile(
    r"\{\{c[0-9,]+::(?P<answer>(?>(?:(?!\{\{c[0-9]|\}\}|::).)*))(?:::(?>(?:(?!\{\{c[0-9]|\}\}).)*))?\}\}", re.DOTALL
)
_DEEPEST = 12
_UNHEARD = re.compile(
    r"<(?P<element>pre|code|details|audio|video)\b[^<>]*>.*?</(?P=element)>|\\\(.*?\\\)|\\\[.*?\\\]|\[sound:[^\]]*\]"
    r'|<section class="footnotes">.*?</section>|<p class="count">.*?</p>',
    re.DOTALL,
)
_AID = re.compile(
    r'\[anki:tts [^\]]*\].*?\[/anki:tts\]|<details class="hint">.*?</details>|<p class="count">.*?</p>', re.DOTALL
)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_LINE_END = re.compile(r"</?(?:p|li|ul|ol|div|h[1-6]|td|th|tr|table|blockquote|br|hr|dd|dt|section)\b[^<>]*>")
_TAG = re.compile(r"<[^<>]*>")
_SPOKEN = str.maketrans({"[": "(", "]": ")", "{": "(", "}": ")", "\\": " "})
"""What Anki, or a program that does not know the tag, could read as a command is spoken as its like."""


def with_readings(face: Face) -> Face:
    """The face with `漢字[かな]` as kanji with their reading above: only kana, directly after kanji."""
    return replace(face, html=Html(_ANNOTATED.sub(_annotated, face.html))) if "[" in face.html else face


def _annotated(found: re.Match[str]) -> str:
    return f"<ruby>{found['kanji']}<rt>{found['kana']}</rt></ruby>" if found["kanji"] else found[0]


def spoken_text(html: str) -> str:
    """The text of a finished field to read aloud: visible text without code, formulas and sounds, kanji as kana."""
    text = _UNHEARD.sub(" ", html)
    text = _RUBY.sub(lambda ruby: "".join(_READING.findall(ruby["inside"])) or ruby["inside"], text)
    for _ in range(_DEEPEST):
        text, count = _CLOZE.subn(r"\g<answer>", text)
        if not count:
            break
    lines = [_TAG.sub("", _COMMENT.sub("", line)) for line in _LINE_END.split(text)]
    said = [" ".join(normalize("NFC", unescape(line).translate(_SPOKEN)).split()) for line in lines]
    return _sentences([line for line in said if any(sign.isalnum() for sign in line)])


def _sentences(lines: list[str]) -> str:
    """The lines as one text, with a pause between them if there is none."""
    ends = [line if category(line[-1]).startswith("P") else f"{line}," for line in lines[:-1]]
    return " ".join([*ends, *lines[-1:]])


def spoken(text: str, voice: Voice) -> Html:
    """Anki's tag for reading a text aloud, which works in a field."""
    voices = f" voices={','.join(voice.voices)}" if voice.voices else ""
    speed = f" speed={voice.speed}" if voice.speed else ""
    return Html(f"[anki:tts lang={voice.language}{voices}{speed}]{escape(text, quote=False)}[/anki:tts]")


def without_aids(html: str) -> str:
    """A finished field without aids: speech, a hint, the number of answers."""
    return _AID.sub("", html) if "[anki:tts " in html or "class=" in html else html


def with_sound(face: Face, sound: str) -> Face:
    """The face with the sound at its end."""
    return replace(face, html=Html(face.html + sound))
