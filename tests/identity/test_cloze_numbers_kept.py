"""Which number an answer takes over, which it never may, and what is remembered of answers that are gone."""

import pytest

from ankigen.data import ClozeAnswer, ClozeNumber
from ankigen.identity.cloze_numbers import number_clozes


def numbers(answers: str, known: str = "") -> str:
    """Numbers of answers, told as `red=1 green=2`; the author wrote a number in `answers`, `~` is one not used now."""
    told = number_clozes([_answer(text) for text in answers.split()], [_known(text) for text in known.split()])
    return " ".join(f"{cloze.answer}{'=' if cloze.is_used else '~'}{cloze.number}" for cloze in told)


def _answer(text: str) -> ClozeAnswer:
    answer, _, written = text.partition("=")
    return ClozeAnswer(answer, int(written) if written else None)


def _known(text: str) -> ClozeNumber:
    is_used = "=" in text
    answer, _, value = text.partition("=" if is_used else "~")
    return ClozeNumber(answer, int(value), is_used=is_used)


@pytest.mark.parametrize(
    ("why", "answers", "known", "told"),
    [
        ("a card without clozes has no numbers", "", "", ""),
        ("new answers are counted", "red green", "", "red=1 green=2"),
        ("nothing changed, nothing changes", "red green", "red=3 green=1", "red=3 green=1"),
        ("what is used no more stands behind", "red green", "blue~2 red=3 green=1", "red=3 green=1 blue~2"),
        ("all answers went: all numbers wait", "", "red=3 green=1", "red~3 green~1"),
        ("an answer in use goes before one that is not", "red", "red~1 red=2", "red=2 red~1"),
        ("and the other waits for the next one", "red red", "red~1 red=2", "red=2 red=1"),
        ("in whichever order the lock names them", "red blue", "red~1 red=2 green~3", "red=2 blue=4 red~1 green~3"),
        ("equal answers keep their order", "red x red", "red=2 red=1", "red=2 x=3 red=1"),
        ("a written number stands, though its answer is new", "blue=7 red", "red=1", "blue=7 red=1"),
        ("a written number stands against what is known", "red=7", "red=1", "red=7 red~1"),
        ("a written number of its own leaves nothing behind", "red=1", "red=1", "red=1"),
        ("a number that another was given is open no more", "blue=1 red", "red=1", "blue=1 red=2"),
        ("a written answer takes no number that it does not need", "red=7 red", "red=1", "red=7 red=1"),
        ("a new answer gets no number of one that is gone", "x y", "red~1 green~2", "x=3 y=4 red~1 green~2"),
        ("but the lowest that no answer had", "x=2 y z", "", "x=2 y=1 z=3"),
        ("nor one that is written further on", "x y=1", "red~2", "x=3 y=1 red~2"),
        ("a reworded answer stands between the same neighbours", "a x c", "a=1 b=2 c=3", "a=1 x=2 c=3"),
        ("also behind a new order", "c a x", "a=1 b=2 c=3", "c=3 a=1 x=2"),
        ("an answer in another gap is another one", "x a c", "a=1 b=2 c=3", "x=4 a=1 c=3 b~2"),
        ("at the beginning there is no neighbour", "x b", "a=1 b=2", "x=1 b=2"),
        ("a gap that grew tells nothing", "a x y c", "a=1 b=2 c=3", "a=1 x=4 y=5 c=3 b~2"),
        ("two in a gap of two", "a x y d", "a=1 b=2 c=3 d=4", "a=1 x=2 y=3 d=4"),
        ("what is used no more fills no gap", "a x c", "a=1 b~2 c=3", "a=1 x=4 c=3 b~2"),
        ("a written number takes part in no gap", "a y=9 x c", "a=1 b=2 c=3", "a=1 y=9 x=2 c=3"),
    ],
)
def test_each_answer_has_the_number_that_it_had(why: str, answers: str, known: str, told: str) -> None:
    assert numbers(answers, known) == told, why


@pytest.mark.parametrize(
    ("answer", "stored"),
    [
        ("x" * 40, "x" * 40),
        ("x" * 41, "x" * 40 + "…" + "6861697f"),
        ("a  b\n c", "a b c"),
        ("Cafe\u0301", "Caf\u00e9"),
    ],
)
def test_an_answer_is_remembered_by_forty_letters_and_a_hash_of_all(answer: str, stored: str) -> None:
    """The lock of each reader holds answers in this form: another one would be other answers."""
    assert number_clozes([ClozeAnswer(answer)], ()) == (ClozeNumber(stored, 1),)
