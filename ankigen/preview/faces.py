"""A side of a card as a document: the note type's template and CSS around the note's fields, as Anki shows them.

A script runs only if it stands in the template itself, or is ours: a document names the hashes of both. What notes
hold was cleaned when it was rendered, and could not run here even if it had not been.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re

from ankigen import templates
from ankigen.data import Note, NoteType
from ankigen.note_types import fields_of
from ankigen.preview.masks import MASK_STYLE, with_masks
from ankigen.preview.page import page_file

FACE_RULES = "sandbox allow-scripts allow-popups allow-popups-to-escape-sandbox; frame-ancestors 'self'"
"""What a server says of a face besides what the document says of itself."""

_SCRIPT = re.compile(r"<script\b[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_SOUND = re.compile(r"\[sound:(?P<name>[^\]]+)\]")
_SPEECH = re.compile(r"\[anki:tts (?P<options>[^\]]*)\](?P<text>.*?)\[/anki:tts\]", re.DOTALL)
_OPTION = re.compile(r"(?P<key>\w+)=(?P<value>\S+)")
_TYPED = re.compile(r"\[\[type:(?P<is_cloze>cloze:)?(?P<field>.*?)\]\]")
_ASKED = '<input type="text" id="typeans" aria-label="Your answer">'
_TAG = re.compile(r"<[^>]*>")
_HIDDEN = re.compile(r'<span class="cloze"[^>]*>(.*?)</span>', re.DOTALL)
_FORMULA = re.compile(r"\\\(|\\\[")
_MATHJAX = (
    'MathJax={tex:{displayMath:[["\\\\[","\\\\]"]],processEscapes:false,processEnvironments:false,processRefs:false,'
    'packages:{"[+]":["mhchem","mathtools"]}},options:{enableMenu:false}};'
)
"""As Anki sets MathJax up, without its menu."""

_STYLE = (
    ".ankigen-play{background:none;border:1px solid currentColor;border-radius:50%;color:inherit;cursor:pointer;"
    "font:inherit;block-size:2.2em;inline-size:2.2em;line-height:1;margin:.2em;padding:0}"
    ".ankigen-away{border:1px dashed currentColor;border-radius:6px;display:inline-block;font-size:.8em;"
    "padding:.4em .8em}"
    ".nightMode .face mjx-container>svg{background:none}"
)
"""Formulas are SVG here, and text in Anki: the white paper of the note types is for pictures."""


def face_document(note: Note, note_type: NoteType, ordinal: int, *, is_back: bool) -> str:
    """One side of the card with this ordinal, as a whole document; it finds its media at `../../../media/`."""
    side = _Side(note, note_type, ordinal)
    shown = side.text(is_back=is_back)
    scripts = side.scripts(is_back=is_back)
    style = _STYLE
    if note_type.stock_kind:
        shown = with_masks(shown, fields_of(note)["Occlusion"], ordinal + 1, is_back=is_back)
        scripts, style = [], f"{_STYLE}\n{MASK_STYLE}"
    has_formulas = _FORMULA.search(shown) is not None
    ours = page_file("face.js")[0]
    rules = _rules([*scripts, ours, *([_MATHJAX] if has_formulas else [])], has_formulas=has_formulas)
    formulas = f'<script>{_MATHJAX}</script><script src="../../../mathjax.js" async></script>' if has_formulas else ""
    return (
        '<!doctype html><html><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{rules}">'
        f'<meta name="viewport" content="width=device-width">{formulas}<base href="../../../media/" target="_blank">'
        f'<style>{note_type.css}\n{style}</style></head><body class="card card{ordinal + 1}"><div id="qa">'
        f"{_with_players(shown)}</div><script>{ours}</script></body></html>"
    )


def text_of_side(note: Note, note_type: NoteType, ordinal: int, *, is_back: bool) -> str:
    """What the templates make of a side, as Anki's library gives it to a window: boxes and sounds are still marks."""
    return _Side(note, note_type, ordinal).marked(is_back=is_back)


class _Side:
    """A card whose faces are made."""

    def __init__(self, note: Note, note_type: NoteType, ordinal: int) -> None:
        self._template = note_type.templates[0 if note_type.is_cloze else ordinal]
        special = {
            "Card": self._template.name,
            "Deck": html.escape(note.deck),
            "Subdeck": html.escape(note.deck.rpartition("::")[2]),
            "Tags": html.escape(" ".join(note.tags)),
            "Type": html.escape(note_type.name),
        }
        self._card = templates.Card(fields=fields_of(note), ordinal=ordinal, special=special)

    def text(self, *, is_back: bool) -> str:
        """The text of the front, or of the back, with a box where an answer is typed."""
        return _TYPED.sub(self._compared if is_back else _ASKED, self.marked(is_back=is_back))

    def scripts(self, *, is_back: bool) -> list[str]:
        """What may run there: the scripts that the templates themselves hold, with what they say of this note."""
        sides = [self._template.front, *([self._template.back] if is_back else [])]
        return [self._rendered(found[1], is_back=is_back) for side in sides for found in _SCRIPT.finditer(side)]

    def marked(self, *, is_back: bool) -> str:
        """The text of a side, with a mark where an answer is typed."""
        front = self._rendered(self._template.front, is_back=False)
        return self._rendered(self._template.back, is_back=True, front=front) if is_back else front

    def _compared(self, typed: re.Match[str]) -> str:
        """What the back says where nothing was typed: the answer."""
        field = typed["field"]
        if typed["is_cloze"]:
            answers = _HIDDEN.findall(self._rendered(f"{{{{cloze:{field}}}}}", is_back=True))
            return f'<code id="typeans">{html.escape(", ".join(map(_plain, answers)), quote=False)}</code>'
        return f'<code id="typeans">{html.escape(_plain(self._card.fields.get(field, "")), quote=False)}</code>'

    def _rendered(self, source: str, *, is_back: bool, front: str = "") -> str:
        return templates.rendered(templates.parse(source), self._card, is_question=not is_back, front=front)


def _plain(text: str) -> str:
    return html.unescape(_TAG.sub("", text))


def _rules(scripts: list[str], *, has_formulas: bool) -> str:
    """What the document may do; `file:` is for a page that lies in a folder, where nothing counts as its own."""
    hashes = " ".join(f"'sha256-{_hash(script)}'" for script in dict.fromkeys(scripts))
    mathjax = "'self' file: " if has_formulas else ""
    return (
        "default-src 'none'; img-src 'self' file: data:; media-src 'self' file:; font-src 'self' file: data:; "
        f"style-src 'unsafe-inline'; script-src {mathjax}{hashes}"
    )


def _hash(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _with_players(shown: str) -> str:
    """The face with a button for each sound, as Anki shows it."""
    return _SPEECH.sub(_speech, _SOUND.sub(_sound, shown))


def _sound(found: re.Match[str]) -> str:
    name = html.escape(html.unescape(found["name"]))
    return f'<button type="button" class="ankigen-play" data-sound="{name}" aria-label="Play {name}">▶</button>'


def _speech(found: re.Match[str]) -> str:
    options = {option["key"]: option["value"] for option in _OPTION.finditer(found["options"])}
    text = html.escape(_plain(found["text"]))
    lang, speed = html.escape(options.get("lang", "")), html.escape(options.get("speed", "1"))
    return (
        f'<button type="button" class="ankigen-play" data-text="{text}" data-lang="{lang}" data-speed="{speed}" '
        'aria-label="Read aloud">▶</button>'
    )
