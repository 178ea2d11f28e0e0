"""Matching takes no more than linear time, however much was rewritten at once.

The words and numbers are made of few letters, so that their pieces stand in as many questions of the smaller page as
they may before they count as common: no card of any page has more candidates than one has there.
"""

import random
from collections.abc import Callable

import pytest

from ankigen import cards, identity
from ankigen.config import Config
from ankigen.note_types import BASIC
from ankigen.syntax import outline
from tests.helpers.growth import LINEAR, growth, steps
from tests.helpers.notebook import cards_of

pytestmark = pytest.mark.thorough

CARDS = 125


def words(letters: str) -> list[str]:
    chance = random.Random(0)
    return ["".join(chance.choices(letters, k=6)) for _ in range(20_000)]


FEW_LETTERS = words("abcd")
ALL_LETTERS = words("abcdefghijklmnoprstuvwyz")


def unlike(chance: random.Random, n: int, version: int) -> str:
    return " ".join(chance.sample(FEW_LETTERS, 5))


def alike(chance: random.Random, n: int, version: int) -> str:
    return f"What is the meaning of term {ternary(n)} in chapter {n // 40} {'' if version else 'here'}?"


def ternary(n: int) -> str:
    return (ternary(n // 3) if n > 2 else "") + str(n % 3)


def twins(chance: random.Random, n: int, version: int) -> str:
    return f"Def {'of it' if version else 'of that'}"


def groups(chance: random.Random, n: int, version: int) -> str:
    """Each word stands in as many questions as it may before it counts as common."""
    return " ".join(ALL_LETTERS[n // 14 * 10 + word] for word in range(9)) + f" {ALL_LETTERS[version]}"


def page(
    count: int, question: Callable[[random.Random, int, int], str], answer: str, version: int
) -> list[identity.CardEvidence]:
    chance = random.Random(version)
    text = "".join(
        f"- {question(chance, n, version)} #card\n\t- {answer.format(n=n, version=version)}\n" for n in range(count)
    )
    found = cards.find_cards(outline.parse(text, "a.md", "a"), "deck", Config()).cards
    return [identity.evidence_of(card, BASIC.name) for card in found]


@pytest.mark.parametrize("answer", ["Answer {n} as of {version}", "Answer to all"], ids=["rewritten", "shared"])
@pytest.mark.parametrize("question", [unlike, alike, twins, groups])
def test_a_page_of_cards_that_are_all_rewritten_takes_no_more_than_linear_time(
    question: Callable[[random.Random, int, int], str], answer: str
) -> None:
    def rewritten(count: int) -> int:
        before, after = page(count, question, answer, 0), page(count, question, answer, 1)
        first, _ = identity.recognise(before, identity.new_lock())
        bases = {known.guid: "" for known in first}
        lock = identity.update_lock(first, bases, identity.new_lock(), 0)
        return steps(lambda: identity.recognise(after, lock))

    assert growth(rewritten, CARDS) < LINEAR


def test_a_page_that_is_split_into_as_many_as_it_has_cards_takes_no_more_than_linear_time() -> None:
    """Each other card is asked anew over its short answer, and stands at the end of a page of its own."""

    def split(count: int) -> int:
        chance = random.Random(0)
        kept = [f"- {question} #card\n\t- Kept {number}\n" for number, question in enumerate(_questions(chance, count))]
        old = [f"- {question} #card\n\t- {number}\n" for number, question in enumerate(_questions(chance, count))]
        new = [f"- {question} #card\n\t- {number}\n" for number, question in enumerate(_questions(chance, count))]
        before = cards_of("".join(map("".join, zip(kept, old, strict=True))))
        pages = [cards_of(text + own, f"p{number}") for number, (text, own) in enumerate(zip(kept, new, strict=True))]
        after = [card for page in pages for card in page]
        first, _ = identity.recognise(before, identity.new_lock())
        lock = identity.update_lock(first, {known.guid: "" for known in first}, identity.new_lock(), 0)
        recognised, _ = identity.recognise(after, lock)
        assert all(card.known for card in recognised)
        return steps(lambda: identity.recognise(after, lock))

    assert growth(split, CARDS) < LINEAR


def _questions(chance: random.Random, count: int) -> list[str]:
    return [" ".join(chance.sample(ALL_LETTERS, 3)) for _ in range(count)]
