"""Matches cards to the notes that the lock knows: the best evidence first, one to one, and never a guess.

A renamed page is the same page if unchanged cards show its new name (`renamed_pages`).

1. the same `id::`; cards that share one are distinguished by their text
2. the same text, question and answer: on the same page, else elsewhere (the card was moved); of equal ones the one
   in the same place
3. the same page and question: the answer was reworded; equal questions are distinguished by their order
4. a question elsewhere that never had another answer: moved, and the answer reworded; but not if its long answer
   stayed on its page, or the answers of both did, because then the questions were reworded
5. the same place, between the same neighbours, and the same answer, however short: the question was rewritten
6. the same page and answer, or the same long answer elsewhere under a similar question: the question was reworded
7. a similar question on the same page, or one less similar in the same place: question and answer were reworded

Two questions with the same template are not similar, nor is one in which a word was replaced and a short answer with it
(`replacing`). A remaining card is new. A removed note comes back by its id; by
its text, if no active note is in the card's place; by page and question, if no active note is similar to the card.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence, Set
from itertools import chain, islice
from types import MappingProxyType

from ankigen.data import Guid, Identity, Position
from ankigen.identity.evidence import SHORT_ANSWER, CardEvidence
from ankigen.identity.in_place import InPlace
from ankigen.identity.pairing import Pair, best_pairs, by_words, grouped, near, page_of, question_and_answer
from ankigen.identity.renamed_pages import on_pages_of_today
from ankigen.identity.similarity import (
    SIMILAR,
    CardOrIdentity,
    DistinctiveWords,
    Templates,
    distinctive_words,
    similar_pairs,
)
from ankigen.support.structs import Struct

_SHOWN_CANDIDATES = 3

Matcher = Callable[[Sequence[CardEvidence], Sequence[Identity]], Iterable[Pair]]
"""Pairs cards with known notes by one kind of evidence; each occurs in one pair at most."""


class Matches(Struct, frozen=True):
    """The known identity of each card by its position, and the ambiguous cards with their candidates.

    `at_once` are the cards that the two best kinds of evidence matched, while no page was renamed.
    """

    known: dict[Position, Identity]
    ambiguous: tuple[tuple[CardEvidence, tuple[Identity, ...]], ...]
    at_once: frozenset[Position] = frozenset()


NO_MATCHES = Matches({}, ())


def match(
    cards: Sequence[CardEvidence],
    known: Sequence[Identity],
    ordinals: Mapping[Position, int],
    faulty: Set[Position] = frozenset(),
    sure: Mapping[Position, Identity] = MappingProxyType({}),
) -> Matches:
    """Follow the evidence from the best to the weakest.

    `ordinals` distinguish equal questions on a page. `faulty` cards make no note: they keep the one that they had, but
    take none from a card with the same text, and none by their place, which the lock does not store. The `sure` matches
    are those that the two best kinds of evidence are known to make; they need no `ordinals`.
    """
    if not known:
        return NO_MATCHES
    originals = {identity.guid: identity for identity in known}
    all_cards, matched = cards, dict(sure)
    all_known = on_pages_of_today(cards, known, _if_sole(question_and_answer)(cards, _living(known)))
    is_renamed = all_known is not known
    in_order = _in_order(ordinals, faulty)
    same_words_and_page, same_words = (
        _in_groups(_page_question_and_answer, in_order),
        _in_groups(question_and_answer, in_order),
    )
    cards, known = _open(cards, all_known, sure) if sure else (cards, all_known)
    cards, known = _followed(_same_id(same_words_and_page, same_words), cards, known, matched)
    as_many = _among_living(_if_as_many(in_order, _page_question_and_answer))
    cards, known = _followed(as_many, cards, known, matched)
    at_once = frozenset() if is_renamed else frozenset(matched)
    if not cards or not known:
        return Matches(_as_stored(matched, originals), (), at_once)
    words, templates = distinctive_words([*all_cards, *_living(all_known)]), Templates([*all_cards, *all_known])
    faulty_words = {question_and_answer(card) for card in all_cards if card.position in faulty}
    sound = [card for card in all_cards if card.position not in faulty]
    in_place = InPlace(sound, all_known, matched, words, templates)
    sole_question = _sole_question(all_cards, all_known, faulty)
    matchers: tuple[Matcher, ...] = (
        _among_living(_if_sole(question_and_answer)),
        in_place.same_words(faulty_words),
        _among_living(same_words_and_page),
        _among_living(same_words),
        _among_living(_same_place),
        same_words_and_page,
        same_words,
        _unless_answers_stayed(all_cards, all_known, sole_question),
        in_place.same_answers,
        _among_living(_same_answer(words, templates)),
        _among_living(_same_answer(words, templates)),  # once more, for one that is the only one left now
        sole_question,
        _among_living(_moved_and_reworded(all_cards, all_known, words, templates)),
        _unless_copied(all_known, _similar_question(words, templates)),
        in_place.all,
        _same_place_again,
    )
    for matcher in matchers:
        if not cards or not known:
            break
        cards, known = _followed(matcher, cards, known, matched)
    return Matches(_as_stored(matched, originals), tuple(_ambiguous(cards, known, words)), at_once)


def _as_stored(matched: Mapping[Position, Identity], originals: Mapping[Guid, Identity]) -> dict[Position, Identity]:
    """The matches with the names of pages as the lock has them."""
    return {position: originals[identity.guid] for position, identity in matched.items()}


def _followed(
    matcher: Matcher, cards: Sequence[CardEvidence], known: Sequence[Identity], matched: dict[Position, Identity]
) -> tuple[Sequence[CardEvidence], Sequence[Identity]]:
    """What is still open after one kind of evidence, whose matches are added to `matched`."""
    found = {card.position: identity for card, identity in matcher(cards, known)}
    matched.update(found)
    return _open(cards, known, found) if found else (cards, known)


def _open(
    cards: Sequence[CardEvidence], known: Sequence[Identity], matched: Mapping[Position, Identity]
) -> tuple[list[CardEvidence], list[Identity]]:
    """The cards and the known notes that are not matched yet."""
    guids = {identity.guid for identity in matched.values()}
    return (
        [card for card in cards if card.position not in matched],
        [identity for identity in known if identity.guid not in guids],
    )


def _same_id(same_words_and_page: Matcher, same_words: Matcher) -> Matcher:
    sharing = tuple(_for_sharers(same_words_and_page, same_words))

    def matcher(cards: Sequence[CardEvidence], known: Sequence[Identity]) -> Iterator[Pair]:
        for ours, theirs in grouped(cards, [identity for identity in known if identity.id], _id):
            if len(ours) == len(theirs) == 1:
                yield ours[0], theirs[0]
            else:
                yield from _sharers(ours, theirs, sharing)

    return matcher


def _sharers(cards: Sequence[CardEvidence], known: Sequence[Identity], matchers: Iterable[Matcher]) -> Iterator[Pair]:
    """Match cards that share an id, because a block was copied with it: their text decides.

    If the text does not decide, one known note belongs to the first card with its id; several belong to none.
    """
    for matcher in matchers:
        pairs = list(matcher(cards, known))
        yield from pairs
        cards, known = _open(cards, known, {card.position: identity for card, identity in pairs})


def _for_sharers(same_words_and_page: Matcher, same_words: Matcher) -> Iterator[Matcher]:
    """The matchers for cards that share an id, best evidence first."""
    yield _among_living(same_words_and_page)
    yield _among_living(same_words)
    yield _among_living(_twins_in_order)
    yield same_words_and_page
    yield same_words
    for key in (_question, _page_and_answer, _answer, _id):
        yield _among_living(_first_with(key))
    yield _first_with(_id)


def _among_living(matcher: Matcher) -> Matcher:
    return lambda cards, known: matcher(cards, _living(known))


def _in_groups(key: Callable[[CardOrIdentity], Hashable], pairs: Matcher) -> Matcher:
    """Pair each group that shares a key separately."""

    def matcher(cards: Sequence[CardEvidence], known: Sequence[Identity]) -> Iterator[Pair]:
        for ours, theirs in grouped(cards, known, key):
            yield from pairs(ours, theirs)

    return matcher


def _unless_copied(all_known: Sequence[Identity], matcher: Matcher) -> Matcher:
    """Match active notes, but not a card with the text of a note that is already matched: it is a copy."""

    def unless_copied(cards: Sequence[CardEvidence], known: Sequence[Identity]) -> Iterable[Pair]:
        said = {question_and_answer(identity) for identity in _living(all_known)}
        return matcher([card for card in cards if question_and_answer(card) not in said], _living(known))

    return unless_copied


def _if_as_many(matcher: Matcher, key: Callable[[CardOrIdentity], Hashable]) -> Matcher:
    """Only if as many cards as notes share a key, so that none remains."""

    def as_many(cards: Sequence[CardEvidence], known: Sequence[Identity]) -> Iterator[Pair]:
        for ours, theirs in grouped(cards, known, key):
            if len(ours) == len(theirs):
                yield from matcher(ours, theirs)

    return as_many


def _if_sole(key: Callable[[CardOrIdentity], Hashable]) -> Matcher:
    """A card and a note that are the only ones with a key."""

    def matcher(cards: Sequence[CardEvidence], known: Sequence[Identity]) -> Iterator[Pair]:
        for ours, theirs in grouped(cards, known, key):
            if len(ours) == len(theirs) == 1:
                yield ours[0], theirs[0]

    return matcher


def _in_order(ordinals: Mapping[Position, int], faulty: Set[Position]) -> Matcher:
    """Cards and notes with the same text, in order.

    If some of the cards are faulty, the others go first, and first of all those in the place of a note.
    """

    def pairs(cards: Sequence[CardEvidence], known: Sequence[Identity]) -> Iterator[Pair]:
        if faulty and any(card.position in faulty for card in cards):
            places = {(identity.page, identity.ordinal): identity for identity in known}
            sound = [card for card in cards if card.position not in faulty]
            own = {card.position: places.get((card.page, ordinals[card.position])) for card in sound}
            matched = {position: identity for position, identity in own.items() if identity}
            yield from ((card, matched[card.position]) for card in sound if card.position in matched)
            cards, known = _open(cards, known, matched)
            first = sorted(cards, key=lambda card: card.position in faulty)[: len(known)]
            positions = {card.position for card in first}
            cards = [card for card in cards if card.position in positions]
        yield from zip(cards, known, strict=False)

    return pairs


def _twins_in_order(cards: Sequence[CardEvidence], known: Sequence[Identity]) -> Iterator[Pair]:
    """Equal questions on a page in order, if none of the known ones remains."""
    for ours, theirs in grouped(cards, known, _page_and_question):
        if len(ours) >= len(theirs):
            yield from zip(ours, theirs, strict=False)


def _first_with(key: Callable[[CardOrIdentity], Hashable]) -> Matcher:
    """The first of the cards that share a key with exactly one known note."""

    def matcher(cards: Sequence[CardEvidence], known: Sequence[Identity]) -> Iterator[Pair]:
        for [card, *_], [identity, *others] in grouped(cards, known, key):
            if not others:
                yield card, identity

    return matcher


def _same_place(cards: Sequence[CardEvidence], known: Sequence[Identity]) -> Iterator[Pair]:
    """Equal questions on a page are distinguished by their order, if there are as many as before."""
    for ours, theirs in grouped(cards, known, _page_and_question):
        if len(ours) == len(theirs):
            yield from zip(ours, theirs, strict=True)


def _same_place_again(cards: Sequence[CardEvidence], known: Sequence[Identity]) -> Iterator[Pair]:
    """Removed notes, if no active note remains that would match, too."""
    asked = {_page_and_question(identity) for identity in _living(known)}
    yield from _same_place([card for card in cards if _page_and_question(card) not in asked], known)


def _sole_question(all_cards: Sequence[CardEvidence], all_known: Sequence[Identity], faulty: Set[Position]) -> Matcher:
    """A question that always had the same answer in all notes, wherever it moved and whatever its answer is now.

    If several open notes have it, all have the same text: the first on its page is used, or else the first of all.
    The text of a faulty card is not stored, so if one has the question, it must occur once, now and before.
    """

    def matcher(cards: Sequence[CardEvidence], known: Sequence[Identity]) -> Iterator[Pair]:
        asked, was_asked = _answers(all_cards), _answers(all_known)
        unsure = {card.question_digest for card in all_cards if card.position in faulty}
        for ours, theirs in grouped(cards, _living(known), _question):
            question = ours[0].question_digest
            now, before = asked[question], was_asked[question]
            is_sole = len(theirs) == len(set(before)) == len(set(now) - set(before)) == 1
            if len(now) == len(before) == 1 or (is_sole and question not in unsure):
                yield next((card for card in ours if card.page == theirs[0].page), ours[0]), theirs[0]

    return matcher


def _unless_answers_stayed(
    all_cards: Sequence[CardEvidence], all_known: Sequence[Identity], matcher: Matcher
) -> Matcher:
    """Not a card and a note of two pages if their answers stayed there: then the questions were reworded.

    A long answer of the note that is still on its page is enough; else both answers must have stayed. An answer did not
    stay with a card that asks what another note of the page asks: that note got the answer.
    """

    def unless_stayed(cards: Sequence[CardEvidence], known: Sequence[Identity]) -> Iterator[Pair]:
        living = _living(known)
        pairs = [*matcher(cards, living)]
        if all(card.page == identity.page for card, identity in pairs):
            yield from pairs
            return
        asked, was_asked = {*map(_page_and_question, all_cards)}, {*map(_page_and_question, _living(all_known))}
        reworded = [card for card in cards if _page_and_question(card) not in was_asked]
        size_of = {_page_and_answer(card): card.answer_size for card in reworded}
        was_given = {_page_and_answer(note) for note in living if _page_and_question(note) not in asked}
        for card, identity in pairs:
            size = size_of.get(_page_and_answer(identity), 0)
            has_stayed = size > SHORT_ANSWER or (size > 0 and _page_and_answer(card) in was_given)
            if card.page == identity.page or not has_stayed:
                yield card, identity

    return unless_stayed


def _answers(items: Iterable[CardOrIdentity]) -> Mapping[str, list[str]]:
    """The answers by question."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for item in items:
        found[item.question_digest].append(item.answer_digest)
    return found


def _moved_and_reworded(
    all_cards: Sequence[CardEvidence], all_known: Sequence[Identity], words: DistinctiveWords, templates: Templates
) -> Matcher:
    """A long answer that occurs once in all notes, now and before, with a similar question, wherever it moved."""

    def matcher(cards: Sequence[CardEvidence], known: Sequence[Identity]) -> Iterator[Pair]:
        now = Counter(card.answer_digest for card in all_cards)
        before = Counter(identity.answer_digest for identity in all_known)
        for ours, theirs in grouped(cards, known, _answer):
            is_sole = now[ours[0].answer_digest] == before[ours[0].answer_digest] == 1
            if is_sole and ours[0].answer_size > SHORT_ANSWER:
                yield from best_pairs(ours, theirs, words, templates)

    return matcher


def _same_answer(words: DistinctiveWords, templates: Templates) -> Matcher:
    """The same answer on a page with another question, unless another card there had that or a similar question."""

    def matcher(cards: Sequence[CardEvidence], known: Sequence[Identity]) -> Iterator[Pair]:
        asked = {_page_and_question(identity) for identity in known}
        groups = grouped(cards, known, _page_and_answer)
        candidates = [pair for ours, theirs in groups for pair in pairs(ours, theirs)]
        nearly = near([card for card, _ in candidates], known, words, templates)
        for card, identity in candidates:
            is_near = nearly.is_near(card, identity) or not nearly.has_any(card)
            if is_near and _page_and_question(card) not in asked:
                yield card, identity

    def pairs(ours: Sequence[CardEvidence], theirs: Sequence[Identity]) -> Iterable[Pair]:
        if len(ours) == len(theirs) == 1 and ours[0].answer_size > SHORT_ANSWER:
            return [(ours[0], theirs[0])]
        return best_pairs(ours, theirs, words, templates)

    return matcher


def _similar_question(words: DistinctiveWords, templates: Templates) -> Matcher:
    """A question similar to an earlier one on the page."""

    def matcher(cards: Sequence[CardEvidence], known: Sequence[Identity]) -> Iterator[Pair]:
        for ours, theirs in grouped(cards, known, page_of):
            yield from best_pairs(ours, theirs, words, templates)

    return matcher


def _ambiguous(
    cards: Sequence[CardEvidence], known: Sequence[Identity], words: DistinctiveWords
) -> Iterator[tuple[CardEvidence, tuple[Identity, ...]]]:
    """Cards with some candidates: active notes with the same or a similar question on their page."""
    for ours, theirs in grouped(cards, _living(known), page_of):
        same: defaultdict[str, list[Identity]] = defaultdict(list)
        for identity in theirs:
            same[identity.question_digest].append(identity)
        its = by_words(theirs, words)
        nearby: defaultdict[str, list[str]] = defaultdict(list)
        for mine_words, its_words, score in similar_pairs(by_words(ours, words), its):
            if score >= SIMILAR:
                nearby[mine_words].append(its_words)
        for card in ours:
            groups = (same[card.question_digest], *(its[its_words] for its_words in nearby[words(card)]))
            candidates = dict.fromkeys(chain.from_iterable(group[:_SHOWN_CANDIDATES] for group in groups))
            if candidates:
                yield card, tuple(islice(candidates, _SHOWN_CANDIDATES))


def _living(known: Iterable[Identity]) -> list[Identity]:
    return [identity for identity in known if identity.removed is None]


def _id(card: CardOrIdentity) -> Hashable:
    return card.id


def _answer(card: CardOrIdentity) -> Hashable:
    return card.answer_digest


def _question(card: CardOrIdentity) -> Hashable:
    return card.question_digest


def _page_and_question(card: CardOrIdentity) -> Hashable:
    return card.page, card.question_digest


def _page_and_answer(card: CardOrIdentity) -> Hashable:
    return card.page, card.answer_digest


def _page_question_and_answer(card: CardOrIdentity) -> Hashable:
    return card.page, card.question_digest, card.answer_digest
