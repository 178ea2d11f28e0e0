"""Matching takes no more than linear time, however much was rewritten at once."""

import random
import time
from collections.abc import Callable

import pytest

from ankigen import cards, identity
from ankigen.config import Config
from ankigen.note_types import BASIC
from ankigen.syntax import outline

WORDS = ["".join(random.Random(n).choices("abcdefghijklmnoprstuvwyz", k=6)) for n in range(20_000)]


def unlike(chance: random.Random, n: int, version: int) -> str:
    return " ".join(chance.sample(WORDS, 5))


def alike(chance: random.Random, n: int, version: int) -> str:
    return f"What is the meaning of term {n} in chapter {n // 40} {'' if version else 'here'}?"


def twins(chance: random.Random, n: int, version: int) -> str:
    return f"Def {'of it' if version else 'of that'}"


def groups(chance: random.Random, n: int, version: int) -> str:
    """Each word stands in as many questions as it may before it counts as common."""
    return " ".join(f"{WORDS[n // 14 * 10 + word]}" for word in range(9)) + f" {WORDS[version]}"


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
@pytest.mark.parametrize("question", [unlike, alike, twins, groups], ids=lambda one: str(one.__name__))
def test_a_page_of_cards_that_are_all_rewritten_takes_no_more_than_linear_time(
    question: Callable[[random.Random, int, int], str], answer: str
) -> None:
    """Four times the cards may take some eight times as long, where a square would take sixteen.

    A machine that is busy with something else gets a second chance.
    """
    tries = ([seconds(count, question, answer) for count in (1_000, 4_000)] for _ in range(2))
    assert any(large < 8 * small + 0.2 for small, large in tries)


def seconds(count: int, question: Callable[[random.Random, int, int], str], answer: str) -> float:
    before, after = page(count, question, answer, 0), page(count, question, answer, 1)
    first, _ = identity.recognise(before, identity.new_lock())
    lock = identity.update_lock(first, {one.guid: "" for one in first}, identity.new_lock(), 0, is_complete=True)
    start = time.process_time()
    identity.recognise(after, lock)
    return time.process_time() - start
