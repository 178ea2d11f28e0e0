"""What each card block says about who it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from ankigen.compare import comparable, page_key
from ankigen.data import CardBlock, Position, Problem, Severity
from ankigen.digest import digest

STORED_QUESTION = 80
"""How much of a question the lock file holds."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A card block's evidence; `place` counts cards in reading order, `ordinal` equal questions of one page."""

    place: int
    card: CardBlock
    id: str | None
    page: str
    ordinal: int
    question: str
    question_digest: str
    answer_size: int
    answer_digest: str


def claims_of(cards: Iterable[CardBlock]) -> tuple[list[Claim], list[Problem]]:
    """Collect the evidence of all cards, and tell of each `id::` that stands twice."""
    claims, problems = [], []
    first: dict[str, CardBlock] = {}
    ordinals: Counter[tuple[str, str]] = Counter()
    for place, card in enumerate(cards):
        if card.id is not None and first.setdefault(card.id, card) is not card:
            problems.append(_duplicate_id(card, first[card.id]))
        page, question = page_key(card.page.name), comparable(card.wording)
        claims.append(_claim(place, card, page, ordinals[page, question], question))
        ordinals[page, question] += 1
    return claims, problems


def _claim(place: int, card: CardBlock, page: str, ordinal: int, question: str) -> Claim:
    answer = comparable("\n".join(block.text for child in (*card.answer, *card.extra) for block in child.walk()))
    question_digest, answer_digest = digest(question, length=16), digest(answer, length=16)
    return Claim(place, card, card.id, page, ordinal, question, question_digest, len(answer), answer_digest)


def _duplicate_id(card: CardBlock, first: CardBlock) -> Problem:
    message = f"id {card.id} stands at {first.position} too: delete the line in the card that is a copy"
    line = next(found.line for found in card.block.properties if found.value.lower() == card.id)
    return Problem(Position(card.page.path, line), Severity.WARNING, "duplicate-id", message)
