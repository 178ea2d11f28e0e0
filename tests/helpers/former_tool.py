"""Made-up cards, and the notes of them that a tool without marks left in Anki: only their words tell which is which."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from pathlib import Path

from ankigen.data import ExistingCard, ExistingNote, Guid, Note
from ankigen.note_types import CLOZE, content_fields, kind_named
from ankigen.source import load
from ankigen.support.structs import Struct
from tests.helpers.building import NOON, write

_SYLLABLES = [start + vowel for start in "bdfgklmnprstvz" for vowel in "aeiou"]
_PER_PAGE = 500
_MISSING, _STRANGERS, _REPEATED = 0.1, 0.1, 0.1


class Edit(Enum):
    """What the author did to a card after the other tool had made its note."""

    NONE = "nothing"
    ANSWER = "the answer said anew"
    WORD = "one word of the question changed"


_CHANCES = {Edit.NONE: 82, Edit.ANSWER: 10, Edit.WORD: 8}


class Move(Struct, frozen=True):
    """The notes here and those in Anki; `origins` are the ids of the notes that the cards had, by the cards' GUIDs.

    `edits` are by GUID as well, of cards whose question and answer stand once on either side.
    """

    notes: Sequence[Note]
    existing: Sequence[ExistingNote]
    origins: Mapping[Guid, int]
    edits: Mapping[Guid, Edit]


def move(folder: Path, count: int, seed: int) -> Move:
    """A move of `count` cards from one tool to the other, the same each time."""
    chance = random.Random(seed)
    texts = [_card(chance) for _ in range(count)]
    for copy in chance.sample(range(count), int(count * _REPEATED)):
        texts[copy] = chance.choice(texts)
    pages = [texts[start : start + _PER_PAGE] for start in range(0, count, _PER_PAGE)]
    write(folder, **{f"page {number}": "".join(page) for number, page in enumerate(pages)})
    desired = load(folder, NOON)
    assert not any(problem.severity == "error" for problem in desired.problems)
    return _moved(desired.notes, chance)


def _moved(notes: Sequence[Note], chance: random.Random) -> Move:
    existing, origins, edits = [], {}, {}
    said = Counter(_asked_and_answered(note) for note in notes)
    for id_, note in enumerate(notes, 1):
        if chance.random() < _MISSING:
            continue
        [edit] = chance.choices(list(_CHANCES), list(_CHANCES.values()))
        asked, answered = _asked_and_answered(note)
        if edit is Edit.ANSWER:
            answered = _sentence(chance, 5)
        elif edit is Edit.WORD:
            asked = _with_another_word(asked, chance)
        existing.append(_existing(id_, _roughly(asked, chance), _roughly(answered, chance)))
        origins[note.identity.guid] = id_
        if said[_asked_and_answered(note)] == 1:
            edits[note.identity.guid] = edit
    strangers = range(len(notes) + 1, len(notes) + 1 + int(len(notes) * _STRANGERS))
    existing += [_existing(id_, _sentence(chance, 6) + "?", _sentence(chance, 4)) for id_ in strangers]
    return Move(notes, existing, origins, edits)


def _asked_and_answered(note: Note) -> tuple[str, str]:
    kind, fields = kind_named(note.content.kind), content_fields(note.content)
    return kind.question(fields), "" if kind.name == CLOZE.name else kind.answer(fields)


def _existing(id_: int, asked: str, answered: str) -> ExistingNote:
    return ExistingNote(id_, Guid(""), "Theirs", 1, (), {"Front": asked, "Back": answered}, (ExistingCard(id_, "A"),))


# Texts


def _card(chance: random.Random) -> str:
    """A card as it stands in the notes: a template of short answers, an explanation, or clozes."""
    topic, other = _word(chance), _word(chance)
    kind = chance.randrange(5)
    if kind == 0:
        return f"- What is the capital of {topic.title()}? #card\n\t- {other.title()}\n"
    if kind == 1:
        return f"- {topic} {_word(chance)} #card\n\t- {other}\n"
    if kind == 2:
        return f"- The {{{{cloze {topic}}}}} of *{other}* is {{{{cloze {_sentence(chance, 2)}}}}} #card\n"
    if kind == 3:
        return (
            f"- Why does `{topic}()` **{other}** $x_{{{chance.randrange(9)}}} < y$? #card\n\t- {_sentence(chance, 7)}\n"
        )
    points = "".join(f"\t\t- {_sentence(chance, 3)}\n" for _ in range(3))
    return f"- Name what {topic} & {other} have #card\n\t- All *of*:\n{points}"


def _word(chance: random.Random) -> str:
    return "".join(chance.choices(_SYLLABLES, k=3))


def _sentence(chance: random.Random, words: int) -> str:
    return " ".join(_word(chance) for _ in range(words))


def _with_another_word(field: str, chance: random.Random) -> str:
    """The field with one of its made-up words changed."""
    places = [match.span() for match in re.finditer(r"\b(?:[bdfgklmnprstvz][aeiou]){3}\b", field, re.IGNORECASE)]
    start, end = chance.choice(places)
    return field[:start] + _word(chance) + field[end:]


def _roughly(field: str, chance: random.Random) -> str:
    """The HTML as another program would have written it: other tags, no classes, other blanks, another formula."""
    for pattern, forms in _FORMS:
        field = re.sub(pattern, chance.choice(forms), field)
    texts = re.split(r"(<[^<>]*>)", field)
    spaced = (text if text.startswith("<") else _with_hard_blanks(text, chance) for text in texts)
    return "".join(spaced) + chance.choice(["", "<br>", "\n"])


_FORMS: Iterable[tuple[str, Sequence[str]]] = (
    (r' (?:class|id)="[^"]*"', ["", ' style="color: red"']),
    (r"<(/?)strong>", [r"<\1strong>", r"<\1b>", r"<\1span>"]),
    (r"<(/?)em>", [r"<\1em>", r"<\1i>"]),
    (r"<(/?)ul>", [r"<\1ul>", r"<\1ol>"]),
    (r"<(/?)div>", [r"<\1div>", r"<\1p>"]),
    (r"\\\((.*?)\\\)", [r"\\(\1\\)", r"[$]\1[/$]", r"$\1$", r"<anki-mathjax>\1</anki-mathjax>"]),
)


def _with_hard_blanks(text: str, chance: random.Random) -> str:
    return "".join("&nbsp;" if letter == " " and chance.random() < 0.1 else letter for letter in text)
