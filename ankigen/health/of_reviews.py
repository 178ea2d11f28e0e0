"""Statistics from Anki's review log: which cards are often forgotten, and which are due."""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from statistics import median

from ankigen import note_types
from ankigen.data import Collection, Desired, Guid, Note, Review, Studied
from ankigen.health.confusable import Confusable
from ankigen.support.structs import Struct

LEECH_LAPSES = 8
"""The number of lapses after which Anki calls a card a leech, by default."""

_LEECH_TAG = "leech"
_FEWEST = 5
"""Fewer answers than this say nothing about a card."""
_POOR = 0.7
"""A share of remembered answers below this is poor."""
_SLOW = 20_000
"""In milliseconds."""
_LONG_ANSWER = 60
"""In words."""
_MANY_CLOZES = 5
_LAST = 30
_MOST_HARD = 50
_TAG = re.compile(r"<[^>]*>")

Shares = tuple[tuple[str, int, int], ...]
"""Names, with the number of remembered answers and of all answers."""


class HardNote(Struct, frozen=True):
    """A note that is hard to remember: its lapses, `remembered` of all `asked` answers, and possible reasons.

    `buttons` are those of its last answers, latest last; `seconds` is the median answer time.
    """

    note: Note
    is_leech: bool
    lapses: int
    remembered: int
    asked: int
    seconds: float
    buttons: tuple[int, ...]
    reasons: tuple[str, ...]


class ReviewsHealth(Struct, frozen=True):
    """Hard notes, hardest first; retention by page and by deck, lowest first; cards due per day from today.

    `unseen` counts the cards never reviewed, `orphaned` the notes in Anki that are no longer in the user's notes.
    """

    hard: tuple[HardNote, ...]
    by_page: Shares
    by_deck: Shares
    due: tuple[int, ...]
    unseen: int
    orphaned: int
    asked: int
    remembered: int


def health_of_reviews(
    desired: Desired, collection: Collection, studied: Studied, confusable: Iterable[Confusable]
) -> ReviewsHealth:
    """Match notes and reviews by their GUIDs."""
    births = {guid: known.created for guid, known in desired.lock.identities.items()}
    copies_first = sorted(
        collection.notes, key=lambda one: one.is_the_note(births.get(one.guid))
    )  # the note comes last
    held = {existing.guid: existing for existing in copies_first}
    found = [(note, held[note.identity.guid]) for note in desired.notes if note.identity.guid in held]
    by_note = {
        note.identity.guid: [studied.reviews.get(card.id, ()) for card in existing.cards] for note, existing in found
    }
    confused = _confused(confusable)
    tagged = {existing.guid for _, existing in found if _LEECH_TAG in map(str.lower, existing.tags)}
    hard = [
        hard
        for note, _ in found
        if (hard := _hard(note, by_note[note.identity.guid], confused, is_tagged=note.identity.guid in tagged))
    ]
    hard.sort(key=lambda each: (not each.is_leech, -each.lapses, each.remembered / max(1, each.asked)))
    of_set = {guid for guid in desired.lock.identities if guid in held}
    shares = [(note, _tests(by_note[note.identity.guid])) for note, _ in found]
    tests = [test for _, each in shares for test in each]
    return ReviewsHealth(
        hard=tuple(hard[:_MOST_HARD]),
        by_page=_shares((note.position.path, each) for note, each in shares),
        by_deck=_shares((note.deck, each) for note, each in shares),
        due=studied.due,
        unseen=sum(not answers for cards in by_note.values() for answers in cards),
        orphaned=len(of_set - {note.identity.guid for note in (*desired.notes, *desired.others)}),
        asked=len(tests),
        remembered=sum(test.button > 1 for test in tests),
    )


def _tests(cards: Iterable[Sequence[Review]]) -> list[Review]:
    return [review for answers in cards for review in answers if review.tests_memory]


def _hard(
    note: Note, cards: Sequence[Sequence[Review]], confused: Mapping[Guid, str], *, is_tagged: bool
) -> HardNote | None:
    """The note, if it is hard to remember."""
    tests = _tests(cards)
    lapses = max((sum(review.button == 1 for review in _tests([answers])) for answers in cards), default=0)
    remembered = sum(review.button > 1 for review in tests)
    seconds = median([review.taken for review in tests]) / 1000 if tests else 0.0
    is_leech = is_tagged or lapses >= LEECH_LAPSES
    is_poor = len(tests) >= _FEWEST and remembered / len(tests) < _POOR
    is_slow = len(tests) >= _FEWEST and seconds * 1000 >= _SLOW
    if not (is_leech or is_poor or is_slow):
        return None
    answers = sorted((review for each in cards for review in each if review.button), key=lambda review: review.moment)
    buttons = tuple(review.button for review in answers[-_LAST:])
    reasons = tuple(_reasons(note, confused))
    return HardNote(note, is_leech, lapses, remembered, len(tests), seconds, buttons, reasons)


def _reasons(note: Note, confused: Mapping[Guid, str]) -> Iterator[str]:
    if other := confused.get(note.identity.guid):
        yield f"easily confused with {other}"
    question, answer = note_types.sides_of(note.content)
    words = len(html.unescape(_TAG.sub(" ", answer)).split())
    if question != answer and words > _LONG_ANSWER:
        yield f"the answer has {words} words"
    if len(note.content.ordinals) > _MANY_CLOZES:
        yield f"the note has {len(note.content.ordinals)} cards"


def _confused(confusable: Iterable[Confusable]) -> dict[Guid, str]:
    """For each note, the place of the note that it is most easily confused with."""
    places: dict[Guid, str] = {}
    for pair in confusable:
        for note, other in ((pair.one, pair.other), (pair.other, pair.one)):
            places.setdefault(note.identity.guid, f"{other.position.path}:{other.position.line}")
    return places


def _shares(tests: Iterable[tuple[str, Sequence[Review]]]) -> Shares:
    """By name, lowest retention first; names with too few answers are left out."""
    by_name: defaultdict[str, list[Review]] = defaultdict(list)
    for name, each in tests:
        by_name[name] += each
    shares = [
        (name, sum(test.button > 1 for test in each), len(each))
        for name, each in by_name.items()
        if len(each) >= _FEWEST
    ]
    return tuple(sorted(shares, key=lambda share: (share[1] / share[2], share[0])))
