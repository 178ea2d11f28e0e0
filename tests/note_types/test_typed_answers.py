"""An answer of several parts can be typed: with a blank between them, as Anki's own library compares it."""

import re

import pytest

from ankigen.data import Note
from ankigen.note_types import content_fields
from tests.helpers.judge import Judge
from tests.helpers.pages import desired_of, sides


def answer(note: Note, name: str) -> str:
    return str(content_fields(note.content)[name])


def is_right(judge: Judge, expected: str, typed: str) -> bool:
    """Whether Anki finds nothing to correct."""
    shown = judge.collection.compare_answer(expected, typed)
    return "typeBad" not in shown and "typeMissed" not in shown


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("- Q #card #type-in\n\t- oxygen\n\t- nitrogen\n", "oxygen nitrogen"),
        ("- Q #card #type-in\n\t- air\n\t\t- oxygen\n\t\t- nitrogen\n\t- water\n", "air oxygen nitrogen water"),
        ("- Q #card #type-in\n\t- 1. oxygen\n\t  2. nitrogen\n", "oxygen nitrogen"),
        ("- Q #card #type-in\n\t- oxygen\n\t  nitrogen\n", "oxygen nitrogen"),
        ("- Q #card #type-in\n\t- oxygen\n\n\t  nitrogen\n", "oxygen nitrogen"),
        ("- Q #card #type-in\n\t- | a | b |\n\t  | c | d |\n", "a b c d"),
        ("- Q #card #type-in\n\t- **oxygen**\n", "oxygen"),
    ],
)
def test_the_parts_of_an_answer_are_typed_with_blanks_between(judge: Judge, text: str, typed: str) -> None:
    [note] = desired_of(text).notes
    assert is_right(judge, answer(note, "Back"), typed)
    assert not is_right(judge, answer(note, "Back"), typed.replace(" ", "") + "!")


def test_so_are_those_of_a_question_that_is_typed(judge: Judge) -> None:
    [note] = desired_of("- a\n\n  b #card #type-in #reversed\n\t- Q\n").notes
    assert is_right(judge, answer(note, "Front"), "a b")


def test_so_are_those_of_a_cloze(judge: Judge) -> None:
    [note] = desired_of("- Air: #card #incremental #type-in\n\t- gases\n\t\t- oxygen\n\t\t- nitrogen\n").notes
    hidden = re.search(r"\{\{c1::(.*)\}\}", answer(note, "Text"), re.DOTALL)
    assert hidden
    assert is_right(judge, hidden[1], "gases oxygen nitrogen")


def test_what_is_not_typed_is_as_it_was() -> None:
    assert sides("- Q #card\n\t- a\n\t- b\n") == ["Q = <ul><li>a</li><li>b</li></ul>"]
