"""Templates and notes by chance, of the pieces that Anki's language has, and of mistakes in them."""

from __future__ import annotations

import random

from ankigen.support.structs import Struct

FIELDS = ("Word", "Meaning", "Tags", "Empty")
_NAMES = (*FIELDS, "Deck", "Card", "Type", "CardFlag", "CardID", "Subdeck", "FrontSide", *FIELDS, *FIELDS)
_ASKED = (*FIELDS, *FIELDS, *FIELDS, *FIELDS, "Deck", "Card", "c1", "c2")
_FILTERS = (
    "text", "hint", "type", "cloze", "furigana", "kana", "kanji", "tts en_US", "tts ja_JP voices=A,B", "nc", "other",
    "cloze-only", "",
)  # fmt: skip
_TEXTS = (
    "a", " ", "\n", "<b>", "</b>", "<hr id=answer>", "<!-- {{Word}} {{#Word}} -->", "<!--", "-->", "}}", "é", "&nbsp;",
    "<script>if (a < b) { c }</script>", "{", "}", "<%", "%>",
)  # fmt: skip
_ODD = ("{{", "{{=<% %>=}}", "{{}}", "{{#}}", "{{/}}", "{{Unknown}}", "{{ Word", "{{{Word}}}", "{{word}}", "{{a:}}")
_VALUES = (
    "", " ", "<br>", "<div><br/></div>", "&nbsp;", "dog", "<b>a</b>&amp;b", "\u00a0", "漢字[かんじ] と x[y]",
    "a[sound:b.mp3]", "{{c1::a}}", "{{c1::a::hint}} {{c2::b}}", "{{c2::out {{c1::in::h}}}}", "{{c1,2::x}}",
    "\\({{c1::x}}\\)", "{{c1::}}", "{{c1::a", "}}", "<style>x</style>y", "&lt;i&gt;", "&bogus;", "a &amp; b & c",
    "{{c0::z}}{{c500::y}}", "<img src=\"x.png\">", "{{c1::<b>\"q\" — 'r'</b>}}", "a\nb",
)  # fmt: skip


class Example(Struct, frozen=True):
    """The fronts and backs of two cards, what the fields say, and whether the note type is one of clozes."""

    fronts: tuple[str, ...]
    backs: tuple[str, ...]
    values: dict[str, str]
    is_cloze: bool
    tags: tuple[str, ...]


def example(seed: int) -> Example:
    """The example of that number, the same on all machines."""
    chance = random.Random(seed)
    is_cloze = chance.random() < 0.3
    count = 1 if is_cloze else 2
    return Example(
        fronts=tuple(_side(chance, is_cloze=is_cloze) for _ in range(count)),
        backs=tuple(_side(chance, is_cloze=is_cloze) for _ in range(count)),
        values={name: _value(chance) for name in FIELDS if name != "Empty"} | {"Empty": ""},
        is_cloze=is_cloze,
        tags=("x",) if chance.random() < 0.3 else (),
    )


def _value(chance: random.Random) -> str:
    return "".join(chance.choice(_VALUES) for _ in range(chance.choice((1, 1, 2, 3))))


def _side(chance: random.Random, *, is_cloze: bool) -> str:
    """One side; most of a note type of clozes show one, or Anki refuses the type."""
    hiding = chance.choice(("{{cloze:Word}}", "{{cloze:Meaning}}", "{{type:cloze:Word}}"))
    template = _template(chance)
    return f"{template}{hiding}" if is_cloze and chance.random() < 0.9 else template


def _template(chance: random.Random, depth: int = 0) -> str:
    pieces = (_piece(chance, depth) for _ in range(chance.randint(1, 3)))
    start = "{{=<% %>=}}" if depth == 0 and chance.random() < 0.05 else ""
    text = start + "".join(pieces)
    return text.replace("{{", "<%").replace("}}", "%>") if start and chance.random() < 0.7 else text


def _piece(chance: random.Random, depth: int) -> str:
    roll = chance.random()
    blank = chance.choice(("", "", "", " ", "\n"))
    if roll < 0.45:
        filters = "".join(f"{chance.choice(_FILTERS)}:" for _ in range(chance.choice((0, 0, 1, 1, 2))))
        return f"{{{{{blank}{filters}{chance.choice(_NAMES)}{blank}}}}}"
    if roll < 0.7 and depth < 3:
        name = chance.choice(_ASKED)
        closing = name if chance.random() < 0.99 else chance.choice(_ASKED)
        return f"{{{{{chance.choice('#^')}{blank}{name}}}}}{_template(chance, depth + 1)}{{{{/{closing}}}}}"
    if roll < 0.985:
        return chance.choice(_TEXTS)
    return chance.choice(_ODD)
