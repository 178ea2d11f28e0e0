"""A side of a card as a document: the note type's template and CSS around the note's fields, as Anki shows them.

A script runs only if it stands in the template itself, or is ours: a document names the hashes of both. What notes
hold was cleaned when it was rendered, and could not run here even if it had not been.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Mapping

from ankigen.data import Note, NoteType
from ankigen.note_types import fields_of
from ankigen.preview.page import page_file

FACE_RULES = "sandbox allow-scripts allow-popups allow-popups-to-escape-sandbox; frame-ancestors 'self'"
"""What a server says of a face besides what the document says of itself."""

_SCRIPT = re.compile(r"<script\b[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_SOUND = re.compile(r"\[sound:(?P<name>[^\]]+)\]")
_SPEECH = re.compile(r"\[anki:tts (?P<options>[^\]]*)\](?P<text>.*?)\[/anki:tts\]", re.DOTALL)
_OPTION = re.compile(r"(?P<key>\w+)=(?P<value>\S+)")
_FORMULA = re.compile(r"\\\(|\\\[")
_MATHJAX = (
    'MathJax={tex:{displayMath:[["\\\\[","\\\\]"]],processEscapes:false,processEnvironments:false,processRefs:false,'
    'packages:{"[+]":["mhchem","mathtools"]}},options:{enableMenu:false}};'
)
"""As Anki sets MathJax up, without its menu."""

_STYLE = (
    ".ankigen-play{background:none;border:1px solid currentColor;border-radius:50%;color:inherit;cursor:pointer;"
    "font:inherit;block-size:2.2em;inline-size:2.2em;line-height:1;margin:.2em;padding:0}"
    ".ankigen-away{border:1px dashed currentColor;border-radius:6px;display:inline-block;font-size:.8em;padding:.4em .8em}"
)


def face_document(note: Note, note_type: NoteType, ordinal: int, *, is_back: bool) -> str:
    """One side of the card with this ordinal, as a whole document; it finds its media at `../../../media/`."""
    fields = fields_of(note)
    template = note_type.templates[0 if note_type.is_cloze else ordinal]
    shown = _rendered(template, fields, note, ordinal, note_type, is_back=is_back)
    scripts = [match[1] for match in _SCRIPT.finditer(shown) if _is_of_template(match[1], template.front + template.back)]
    has_formulas = _FORMULA.search(shown) is not None
    ours = page_file("face.js")[0]
    if has_formulas:
        scripts.append(_MATHJAX)
    rules = _rules([*scripts, ours])
    formulas = f'<script>{_MATHJAX}</script><script src="../../../mathjax.js" async></script>' if has_formulas else ""
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{rules}">'
        f'<meta name="viewport" content="width=device-width">{formulas}<base href="../../../media/" target="_blank">'
        f'<style>{note_type.css}\n{_STYLE}</style></head><body class="card card{ordinal + 1}"><div id="qa">'
        f"{_with_players(shown)}</div><script>{ours}</script></body></html>"
    )


def _rules(scripts: list[str]) -> str:
    hashes = " ".join(f"'sha256-{_hash(script)}'" for script in dict.fromkeys(scripts))
    # `file:` is for a page that lies in a folder, where nothing counts as its own.
    return (
        "default-src 'none'; img-src 'self' file: data:; media-src 'self' file:; font-src 'self' file: data:; "
        f"style-src 'unsafe-inline'; script-src 'self' file: {hashes}"
    )


def _hash(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _is_of_template(script: str, template: str) -> bool:
    return script in template


def _with_players(shown: str) -> str:
    """The face with a button for each sound, as Anki shows it."""
    return _SPEECH.sub(_speech, _SOUND.sub(_sound, shown))


def _sound(found: re.Match[str]) -> str:
    name = html.escape(html.unescape(found["name"]))
    return f'<button type="button" class="ankigen-play" data-sound="{name}" aria-label="Play {name}">▶</button>'


def _speech(found: re.Match[str]) -> str:
    options = {option["key"]: option["value"] for option in _OPTION.finditer(found["options"])}
    text = html.escape(html.unescape(re.sub(r"<[^>]*>", " ", found["text"])))
    lang, speed = html.escape(options.get("lang", "")), html.escape(options.get("speed", "1"))
    return (
        f'<button type="button" class="ankigen-play" data-text="{text}" data-lang="{lang}" data-speed="{speed}" '
        'aria-label="Read aloud">▶</button>'
    )


# Until the parser of templates is there.


def _rendered(template, fields: Mapping[str, str], note: Note, ordinal: int, note_type: NoteType, *, is_back: bool) -> str:
    front = _filled(template.front, fields, ordinal, is_back=False)
    return _filled(template.back.replace("{{FrontSide}}", front), fields, ordinal, is_back=True) if is_back else front


def _filled(text, fields, ordinal, *, is_back):
    def section(found):
        return found[3] if bool(fields[found[2]]) == (found[1] == "#") else ""

    before = None
    while before != text:
        before, text = text, re.sub(r"\{\{([#^])([^}]+)\}\}((?:(?!\{\{[#^]).)*?)\{\{/\2\}\}", section, text, flags=re.DOTALL)

    def value(found):
        *filters, name = found[1].split(":")
        value = fields[name]
        if "cloze" in filters:
            value = re.sub(r"\{\{c(\d+)::(.*?)(?:::(.*?))?\}\}", lambda f: (f'<span class="cloze">{f[2] if is_back else "[" + (f[3] or "...") + "]"}</span>' if int(f[1]) == ordinal + 1 else f'<span class="cloze-inactive">{f[2]}</span>'), value, flags=re.DOTALL)
        if "type" in filters:
            return '<input id="typeans">'
        return value

    return re.sub(r"\{\{([^#^/][^}]*)\}\}", value, text)
