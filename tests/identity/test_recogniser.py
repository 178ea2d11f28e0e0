"""Cards that are recognised again and again are what they are when they are recognised once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ankigen import identity
from ankigen.data import KindName, Lock, Position
from ankigen.identity import CardEvidence, Recognised, Recogniser
from ankigen.support.hashing import digest
from tests.helpers.building import NOON
from tests.helpers.notebook import cards_of

Said = tuple[str, str, str | None, bool]
"""Question, answer, id, and whether the card is faulty."""
QUESTIONS = ("what", "which of them", "who is the king of France")
ANSWERS = ("red", "a long answer that stands alone", "")
IDS = (None, None, "1", "2")
FAULTY = (False, False, False, True)
PAGES = ("a", "b", "c", "d")

said = st.tuples(*(st.sampled_from(values) for values in (QUESTIONS, ANSWERS, IDS, FAULTY)))
page = st.tuples(st.sampled_from(PAGES), st.lists(said, min_size=1, max_size=3))
edit = st.tuples(st.integers(0, 3), st.integers(0, 2), said, st.integers(-1, 4), st.booleans())
"""Which file and which card of it, what it says then, which part of that, and whether the notes are built then."""
Edit = tuple[int, int, Said, int, bool]


def changed(cards: list[Said], place: int, now: Said, part: int) -> list[Said]:
    """The cards with a part of one replaced; all of it with -1, and with 4 the card goes, or a new one comes."""
    if part == len(now):
        return [*cards[:place], *cards[place + 1 :]] if place < len(cards) else [*cards, now]
    place %= len(cards) or 1
    was = cards[place] if cards else now
    said = now if part < 0 else (*was[:part], now[part], *was[part + 1 :])
    return [*cards[:place], said, *cards[place + 1 :]]  # type: ignore[list-item]


def evidence(number: int, page: str, cards: Iterable[Said]) -> tuple[CardEvidence, ...]:
    return tuple(
        CardEvidence(
            position=Position(f"{number}.md", line),
            kind=KindName("basic"),
            id=id,
            page=page,
            question=question,
            question_digest=digest(question, length=16),
            answer_size=len(answer),
            answer_digest=digest(answer, length=16),
            clozes=(),
        )
        for line, (question, answer, id, _) in enumerate(cards, 1)
    )


class Twice:
    """Recognises cards by what was remembered of them, and once more by nothing: both must say the same."""

    def __init__(self) -> None:
        self.lock = identity.new_lock()
        self.recogniser = Recogniser()

    def recognise(self, files: Sequence[tuple[CardEvidence, ...]], faulty: Set[Position]) -> list[Recognised]:
        found, problems = self.recogniser.recognise(files, self.lock, faulty)
        once = identity.recognise([card for cards in files for card in cards], self.lock, faulty)
        assert ([card for cards in found for card in cards], problems) == once
        return once[0]

    def build(
        self, files: Sequence[tuple[CardEvidence, ...]], recognised: list[Recognised], faulty: Set[Position]
    ) -> None:
        sound = [card for card in recognised if card.evidence.position not in faulty]
        contents = {card.guid: card.evidence.answer_digest for card in sound}

        def again(lock: Lock, faulty: Set[Position]) -> list[Recognised]:
            return [card for cards in self.recogniser.recognise(files, lock, faulty)[0] for card in cards]

        settled = identity.settled_lock(recognised, contents, self.lock, NOON, again=again)
        assert settled == identity.settled_lock(recognised, contents, self.lock, NOON)
        self.lock = settled


ALONE: Said = ("what", "red", None, False)
NAMED: Said = ("what", "red", "1", False)
OTHER: Said = ("which of them", "", "2", False)


@given(st.lists(page, min_size=4, max_size=4), st.lists(edit, min_size=1, max_size=8))
@example([("a", [NAMED]), ("b", [OTHER]), ("c", []), ("d", [])], [(0, 0, ALONE, 2, False), (1, 0, NAMED, 2, False)])
@example([("a", [NAMED]), ("b", [OTHER]), ("c", []), ("d", [])], [(0, 0, ALONE, 2, False), (1, 0, NAMED, -1, True)])
@example([("a", [ALONE]), ("b", [ALONE]), ("c", []), ("d", [])], [(1, 0, ALONE, 4, True), (0, 0, ALONE, 4, False)])
@settings(deadline=None)
def test_what_is_remembered_of_pages_changes_no_answer(first: list[tuple[str, list[Said]]], edits: list[Edit]) -> None:
    twice, written = Twice(), list(first)
    files = [evidence(number, *written[number]) for number in range(len(written))]
    for number, place, now, part, is_built in [
        (0, 0, first[0][1][0], 0, True),
        (0, 0, first[0][1][0], 0, False),
        *edits,
    ]:
        page, cards = written[number]
        if (said := changed(cards, place, now, part)) != cards:
            written[number] = page, said
            files[number] = evidence(number, page, said)
        faulty = {
            Position(f"{number}.md", line)
            for number, (_, cards) in enumerate(written)
            for line, (*_, is_faulty) in enumerate(cards, 1)
            if is_faulty
        }
        recognised = twice.recognise(files, faulty)
        if is_built:
            twice.build(files, recognised, faulty)


def test_a_page_that_nothing_reaches_is_not_matched_again() -> None:
    files = [tuple(cards_of(f"- Who is number {name}? #card\n\t- {name}\n", name)) for name in "abc"]
    lock, recogniser = identity.new_lock(), Recogniser()
    first, _ = recogniser.recognise(files, lock)
    contents = {cards[0].guid: "" for cards in first}
    lock = identity.update_lock([card for cards in first for card in cards], contents, lock, 0)
    before, _ = recogniser.recognise(files, lock)
    files[1] = tuple(cards_of("- Who is number b? #card\n\t- another\n", "b"))
    now, _ = recogniser.recognise(files, lock)
    assert [cards is old for cards, old in zip(now, before, strict=True)] == [True, False, True]
    assert now[1][0].guid == before[1][0].guid
