"""The evidence in each card block for which note it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ankigen.data import CardBlock, ClozeAnswer, Guid, KindName, Position, Problem, Severity
from ankigen.support.hashing import digest
from ankigen.support.normal_forms import comparable, page_key
from ankigen.support.structs import Struct
from ankigen.syntax.words import UUID

STORED_QUESTION = 80
"""How many characters of a question the lock file stores."""
SHORT_ANSWER = 12
"""Unrelated cards share answers up to this length (`Yes`, `1848`); if one differs, it is another fact."""
NO_ANSWER = digest("", length=16)
_OWN_GUID = re.compile(rf"[0-9a-f]{{20}}|{UUID}")


class CardEvidence(Struct, frozen=True):
    """The evidence for which note a card block is, all from its own page; each has a different position.

    `page` and `question` are normalised for comparing. `answer_size` counts characters.
    """

    position: Position
    kind: KindName
    id: str | None
    page: str
    question: str
    question_digest: str
    answer_size: int
    answer_digest: str
    clozes: tuple[ClozeAnswer, ...]


def guid_for(*parts: str) -> Guid:
    """Derive a GUID from the parts of an identity: 20 hex digits, the same on every machine, forever."""
    return Guid(digest("ankigen", *parts, length=20))


def is_own_guid(guid: Guid) -> bool:
    """Whether ankigen made a GUID; otherwise it is from another tool, or from a note made by hand."""
    return _OWN_GUID.fullmatch(guid) is not None


def evidence_of(card: CardBlock, kind: KindName) -> CardEvidence:
    """Collect the evidence of a card, which becomes a note of this kind."""
    page, question = page_key(card.page.name), comparable(card.wording)
    answer = comparable("\n".join([text for child in (*card.answer, *card.extra) for text in child.texts()]))
    return CardEvidence(
        position=card.position,
        kind=kind,
        id=card.id,
        page=page,
        question=question,
        question_digest=digest(question, length=16),
        answer_size=len(answer),
        answer_digest=digest(answer, length=16),
        clozes=card.clozes,
    )


def ordinals_of(cards: Iterable[CardEvidence]) -> dict[Position, int]:
    """A number from 0 for each card, to distinguish equal questions on a page; `cards` are in reading order."""
    counts: dict[tuple[str, str], int] = {}
    ordinals = {}
    for card in cards:
        question = (card.page, card.question)
        ordinals[card.position] = counts.get(question, 0)
        counts[question] = ordinals[card.position] + 1
    return ordinals


def doubled_ids(cards: Iterable[CardEvidence]) -> Iterator[Problem]:
    """A problem for each `id::` that an earlier card has too."""
    first: dict[str, Position] = {}
    for card in cards:
        if card.id is not None and first.setdefault(card.id, card.position) != card.position:
            message = f"id {card.id} stands at {first[card.id]} too: delete the line in the card that is a copy"
            yield Problem(card.position, Severity.WARNING, "duplicate-id", message)
