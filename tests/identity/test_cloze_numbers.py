"""An answer keeps its cloze number for ever."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankigen.data import ClozeAnswer, ClozeNumber
from ankigen.identity.cloze_numbers import number_clozes


def numbered(*answers: str | tuple[str, int], known: tuple[ClozeNumber, ...] = ()) -> tuple[ClozeNumber, ...]:
    """Number answers given as `text`, or as `(text, number)` where the author wrote the number."""
    given = [ClozeAnswer(answer) if isinstance(answer, str) else ClozeAnswer(*answer) for answer in answers]
    return number_clozes(given, known)


def used(clozes: tuple[ClozeNumber, ...]) -> list[int]:
    return [cloze.number for cloze in clozes if cloze.is_used]


FIRST = numbered("red", "green", "blue")


def test_answers_are_numbered_in_reading_order() -> None:
    assert used(FIRST) == [1, 2, 3]


@pytest.mark.parametrize(
    ("change", "answers", "numbers"),
    [
        ("inserted on top", ["black", "red", "green", "blue"], [4, 1, 2, 3]),
        ("inserted in the middle", ["red", "black", "green", "blue"], [1, 4, 2, 3]),
        ("removed", ["red", "blue"], [1, 3]),
        ("reordered", ["blue", "red", "green"], [3, 1, 2]),
        ("reworded", ["red", "light green", "blue"], [1, 2, 3]),
        ("the last one reworded", ["red", "green", "azure"], [1, 2, 3]),
        ("all reworded", ["rot", "grün", "blau"], [1, 2, 3]),
        ("two reworded side by side", ["rot", "grün", "blue"], [1, 2, 3]),
        ("one removed, its neighbour reworded", ["rot", "blue"], [4, 3]),
        ("one reworded, one put beside it", ["red", "olive", "lime", "blue"], [1, 4, 5, 3]),
        ("the same answer twice", ["red", "red", "green", "blue"], [1, 4, 2, 3]),
        ("a written number of another answer", [("black", 2), "red", "green", "blue"], [2, 1, 4, 3]),
        ("a written number of its own", ["red", ("green", 7), "blue"], [1, 7, 3]),
    ],
)
def test_numbers_stay_when_answers_are(change: str, answers: list[str | tuple[str, int]], numbers: list[int]) -> None:
    assert used(numbered(*answers, known=FIRST)) == numbers


def test_written_numbers_are_left_out_when_the_others_are_counted() -> None:
    assert used(numbered("a", ("b", 1), "c", ("d", 3), "e")) == [2, 1, 4, 3, 5]


def test_a_number_that_was_given_up_waits_for_its_answer() -> None:
    without = numbered("red", "blue", known=FIRST)
    assert without[-1] == ClozeNumber("green", 2, is_used=False)
    assert used(numbered("red", "black", "blue", known=without)) == [1, 4, 3]
    assert used(numbered("red", "green", "blue", known=without)) == [1, 2, 3]


def test_long_answers_that_begin_alike_stay_apart() -> None:
    one, other = "x" * 60 + " one", "x" * 60 + " other"
    assert used(numbered(other, known=numbered(one, other))) == [2]


answers = st.lists(st.sampled_from("abcdefgh"), max_size=6)


@given(st.lists(answers, min_size=2, max_size=5))
def test_an_answer_that_stands_once_keeps_its_number_through_any_history(versions: list[list[str]]) -> None:
    known: tuple[ClozeNumber, ...] = ()
    before: dict[str, int] = {}
    for version in versions:
        known = numbered(*version, known=known)
        now = dict(zip(version, used(known), strict=True))
        assert len(set(used(known))) == len(version)
        once = {answer for answer in version if version.count(answer) == 1}
        both = once & before.keys()
        assert {answer: now[answer] for answer in both} == {answer: before[answer] for answer in both}
        before = {answer: value for answer, value in now.items() if answer in once}
