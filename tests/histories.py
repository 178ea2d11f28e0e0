"""Histories of edits to notes, with a record of which card is which that knows nothing of the lock file.

Every card has a private number, and its block a tag of its own, where identity does not look, so that the notes in
Anki tell which block they were made from. What an edit does to a card's identity is said by rules in plain words
(`World.fates`), never by asking the code under test.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

_ALPHABETS = (
    "abcdefghijklmnoprstuvwyz",
    "αβγδεζηθικλμνξοπρστυφχψω",
    "абвгдежзиклмнопрстуфхцчшы",
    "가나다라마바사아자차카타파하",
)
_TWIN_QUESTIONS = ("Def", "Example")
_SHORT_ANSWERS = ("Yes", "No", "1848")
_LONG_ANSWER = 12
_MOST = 4 / 5
NEW = 0
"""The number of no card: the fate of a block whose note begins anew."""


@dataclass(frozen=True)
class Saying:
    """What a card said when the package was built last, and where."""

    page: str
    question: str
    answer: str
    id: str | None = None

    @property
    def words(self) -> tuple[str, str]:
        return self.question, self.answer


@dataclass(eq=False)
class Card:
    """A card block. `number` is `NEW` until its note is seen; copies and what became of them are one family."""

    question: str
    answer: str
    family: int
    id: str | None = None
    number: int = NEW
    tag: int = NEW
    before: Saying | None = None
    was_gone: bool = False


@dataclass
class World:
    """The notes as they stand, and the cards that stood in them once."""

    chance: random.Random = field(default_factory=random.Random)
    pages: dict[str, list[Card]] = field(default_factory=dict)
    gone: dict[int, tuple[Saying, int]] = field(default_factory=dict)
    deleted_now: list[Card] = field(default_factory=list)
    numbers: int = NEW
    tags: int = NEW
    words: int = 0

    def next_number(self) -> int:
        self.numbers += 1
        return self.numbers

    def next_tag(self) -> int:
        self.tags += 1
        return self.tags

    def word(self) -> str:
        """A word unlike any other."""
        self.words += 1
        source = random.Random(self.words)
        return "".join(source.choices(source.choice(_ALPHABETS), k=6))

    def sentence(self, length: int = 5) -> str:
        return " ".join(self.word() for _ in range(length))

    def cards(self) -> list[tuple[str, Card]]:
        return [(page, card) for page, cards in self.pages.items() for card in cards]

    def page_of(self, card: Card) -> str:
        return next(page for page, other in self.cards() if other is card)

    def saying(self, page: str, card: Card) -> Saying:
        return Saying(page, card.question, card.answer, card.id)

    def text(self, page: str) -> str:
        return "".join(map(_block, self.pages[page]))

    def fates(self) -> dict[Card, set[int]]:
        """For each card the numbers that its note may have had before, `NEW` among them where it may begin anew."""
        return {card: self._fates_of(page, card) for page, card in self.cards()}

    def _fates_of(self, page: str, card: Card) -> set[int]:
        """Its own fates, and those of every card from which nothing tells it, directly or by way of others."""
        group = {card}
        ahead: list[tuple[Card, Saying | None]] = [(card, self.saying(page, card))]
        allowed: set[int] = set()
        while ahead:
            one, now = ahead.pop()
            allowed |= self._own_fates(one, now) if now else {one.number}
            for other, after in self._others(one):
                if other not in group and _say_the_same(one.before, now, other.before, after):
                    group.add(other)
                    ahead.append((other, after))
        return allowed

    def _own_fates(self, card: Card, now: Saying) -> set[int]:
        if card.before and self._must_keep(card, now):
            return {card.number}
        gone = {number for number, (gone, _) in self.gone.items() if _asks_again(now, gone)}
        left = {one.number for one in self._touched(card) if one.before and _goes_on(now, one.before)}
        return {card.number, NEW} | gone | left

    def _others(self, card: Card) -> Iterator[tuple[Card, Saying | None]]:
        yield from ((other, self.saying(page, other)) for page, other in self.cards() if other is not card)
        yield from ((other, None) for other in self.deleted_now if other.before)

    def _must_keep(self, card: Card, now: Saying) -> bool:
        """Whether nothing about this card's edit can be mistaken.

        It kept its id, or all its words; a card that was gone came back alone with all its words. Else it must be the
        only one of its kind that was touched, not say what a card said that is gone, and on its page have kept its
        question, or a long answer, or most words of a question that no other resembles; or its question moved and
        stands once in all that the notes ever said.
        """
        before = card.before
        assert before is not None
        is_crowded = any(_are_kin(card, other) for other in self._touched(card))
        is_like_gone = any(gone.words == now.words for gone, _ in self.gone.values())
        has_all_words = now.words == before.words
        if card.was_gone and not now.id:
            return has_all_words and not is_crowded and not is_like_gone
        if (now.id and now.id == before.id) or has_all_words:
            return True
        if is_crowded or is_like_gone:
            return False
        if now.page == before.page:
            kept_answer = now.answer == before.answer and len(now.answer) > _LONG_ANSWER
            return now.question == before.question or kept_answer or self._kept_most_of_question(card, now, before)
        return now.question == before.question and self._stands_once(card)

    def _kept_most_of_question(self, card: Card, now: Saying, before: Saying) -> bool:
        others = (one.question for one in self.pages[now.page] if one is not card)
        is_like_another = any(_shared(now.question, question) >= 1 / 2 for question in others)
        return _shared(now.question, before.question) >= _MOST and not is_like_another

    def _touched(self, card: Card) -> list[Card]:
        """The other cards that came, went or changed since the last package."""
        living = [other for page, other in self.cards() if other.was_gone or other.before != self.saying(page, other)]
        return [other for other in (*living, *self.deleted_now) if other is not card]

    def _stands_once(self, card: Card) -> bool:
        others = [question for _, other in self.cards() if other is not card for question in _questions(other)]
        others += [gone.question for gone, _ in self.gone.values()]
        return card.question not in others and not any(card.question in _questions(one) for one in self.deleted_now)

    def settle(self, seen: dict[Card, int]) -> None:
        """A package was built and read: take down which number each card's note had, and who is gone."""
        left = {one.number: one for one in (*(card for _, card in self.cards()), *self.deleted_now) if one.before}
        for _, card in self.cards():
            if card.number != seen[card] or not card.number:
                card.number, card.tag = seen[card] or self.next_number(), self.next_tag()
            left.pop(card.number, None)
            self.gone.pop(card.number, None)
        self.gone |= {number: (card.before, card.family) for number, card in left.items() if card.before}
        for page, card in self.cards():
            card.before, card.was_gone = self.saying(page, card), False
        self.deleted_now.clear()


def _block(card: Card) -> str:
    id = f"\n  id:: {card.id}" if card.id else ""
    return f"- {card.question} #card #n{card.tag}{id}\n\t- {card.answer}\n"


def _questions(card: Card) -> set[str]:
    return {card.question, card.before.question} if card.before else {card.question}


def _are_kin(one: Card, other: Card) -> bool:
    return one.family == other.family or bool(_questions(one) & _questions(other))


def _say_the_same(mine: Saying | None, now: Saying | None, before: Saying | None, after: Saying | None) -> bool:
    """Cards that said the same, or say it now, on one page or both touched: nothing tells which is which."""
    are_touched = now != mine and after != before
    if now and after and after.words == now.words and (after.page == now.page or are_touched):
        return True
    if mine and before and before.words == mine.words and (before.page == mine.page or are_touched):
        return True
    says_what_other_said = now and before and now.words == before.words
    says_what_one_said = after and mine and after.words == mine.words
    return are_touched and bool(says_what_other_said or says_what_one_said)


def _asks_again(now: Saying, gone: Saying) -> bool:
    """Who says what a card that is gone said, or asks on its page what it asked there, may be that card again."""
    return now.words == gone.words or (now.page, now.question) == (gone.page, gone.question)


def _goes_on(now: Saying, before: Saying) -> bool:
    """So may be who asks the question, or on its page gives the long answer or asks much of the question, of a card."""
    is_answer_kept = now.answer == before.answer and len(now.answer) > _LONG_ANSWER
    is_like_it = is_answer_kept or _shared(now.question, before.question) >= 1 / 2
    return now.question == before.question or (now.page == before.page and is_like_it)


def _shared(one: str, other: str) -> float:
    """The share of words that two questions have in common."""
    ours, theirs = set(one.split()), set(other.split())
    return len(ours & theirs) / max(len(ours), len(theirs))


Edit = Callable[[World], None]


def insert(world: World) -> None:
    kind = world.chance.randrange(4)
    question = world.chance.choice(_TWIN_QUESTIONS) if kind == 0 else world.sentence(5) + "?"
    answer = world.chance.choice(_SHORT_ANSWERS) if kind == 1 else world.sentence(6)
    _put(world, _any_page(world), _new_card(world, question, answer))


def delete(world: World) -> None:
    """Any card but the last: a package holds one at least."""
    if len(world.cards()) > 1 and (card := _any_card(world)):
        _take(world, card)
        world.deleted_now.append(card)


def restore(world: World) -> None:
    """A card that was deleted comes back with its words, on its page if that is there."""
    if world.gone:
        number = world.chance.choice(sorted(world.gone))
        gone, family = world.gone.pop(number)
        page = gone.page if gone.page in world.pages else _any_page(world)
        card = Card(
            gone.question, gone.answer, family, gone.id, number, tag=world.next_tag(), before=gone, was_gone=True
        )
        _put(world, page, card)


def reword_question(world: World) -> None:
    if card := _any_card(world):
        card.question = _reworded(world, card.question)


def replace_question(world: World) -> None:
    if card := _any_card(world):
        card.question = world.sentence(5) + "?"


def reword_answer(world: World) -> None:
    if card := _any_card(world):
        card.answer = _reworded(world, card.answer)


def replace_answer(world: World) -> None:
    if card := _any_card(world):
        card.answer = world.chance.choice([*_SHORT_ANSWERS, world.sentence(6)])


def reword_both(world: World) -> None:
    if card := _any_card(world):
        card.question, card.answer = _reworded(world, card.question), world.sentence(6)


def replace_both(world: World) -> None:
    if card := _any_card(world):
        card.question, card.answer = world.sentence(5) + "?", world.sentence(6)


def ask_what_another_asks(world: World) -> None:
    if (card := _any_card(world)) and (other := _any_card(world)):
        card.question = other.question


def move(world: World) -> None:
    if card := _any_card(world):
        _take(world, card)
        _put(world, _any_page(world), card)


def move_and_reword_answer(world: World) -> None:
    if card := _any_card(world):
        _take(world, card)
        card.answer = _reworded(world, card.answer)
        _put(world, _any_page(world), card)


def reorder(world: World) -> None:
    if world.pages:
        world.chance.shuffle(world.pages[world.chance.choice(sorted(world.pages))])


def rename_page(world: World) -> None:
    page = world.chance.choice(sorted(world.pages))
    world.pages[_new_page(world)] = world.pages.pop(page)


def split_page(world: World) -> None:
    page = world.chance.choice(sorted(world.pages))
    half = len(world.pages[page]) // 2
    world.pages[_new_page(world)] = world.pages[page][half:]
    world.pages[page] = world.pages[page][:half]


def join_pages(world: World) -> None:
    one, *others = world.chance.sample(sorted(world.pages), min(2, len(world.pages)))
    for other in others:
        world.pages[one] += world.pages.pop(other)


def split_card(world: World) -> None:
    """The second half of an answer becomes a card of its own below it."""
    if (card := _any_card(world)) and len(card.answer.split()) > 1:
        words = card.answer.split()
        card.answer, rest = " ".join(words[: len(words) // 2]), " ".join(words[len(words) // 2 :])
        cards = world.pages[world.page_of(card)]
        cards.insert(cards.index(card) + 1, _new_card(world, world.sentence(5) + "?", rest))


def join_cards(world: World) -> None:
    """A card takes in the next one's answer."""
    cards = world.pages[_any_page(world)]
    if len(cards) > 1:
        place = world.chance.randrange(len(cards) - 1)
        gone = cards.pop(place + 1)
        cards[place].answer += f" {gone.answer}"
        world.deleted_now.append(gone)


def exchange_answers(world: World) -> None:
    cards = world.pages[_any_page(world)]
    if len(cards) > 1:
        one, other = world.chance.sample(cards, 2)
        one.answer, other.answer = other.answer, one.answer


def clone(world: World) -> None:
    if card := _any_card(world):
        page = world.chance.choice([world.page_of(card), _any_page(world)])
        _put(world, page, replace(card, id=None, number=NEW, tag=world.next_tag(), before=None, was_gone=False))


def gain_id(world: World) -> None:
    if card := _any_card(world):
        card.id = str(uuid.UUID(int=world.chance.getrandbits(128), version=4))


def lose_id(world: World) -> None:
    if card := _any_card(world, has_id=True):
        card.id = None


def rewrite_and_move_with_id(world: World) -> None:
    if card := _any_card(world, has_id=True):
        _take(world, card)
        card.question, card.answer = world.sentence(5), world.sentence(6)
        _put(world, _any_page(world), card)


def change_white_space(world: World) -> None:
    if card := _any_card(world):
        card.question = card.question.replace(" ", world.chance.choice(["  ", "\u00a0", " "]), 1)


EDITS: tuple[Edit, ...] = (
    insert,
    delete,
    restore,
    reword_question,
    replace_question,
    reword_answer,
    replace_answer,
    reword_both,
    replace_both,
    ask_what_another_asks,
    move,
    move_and_reword_answer,
    reorder,
    rename_page,
    split_page,
    join_pages,
    split_card,
    join_cards,
    exchange_answers,
    clone,
    gain_id,
    lose_id,
    rewrite_and_move_with_id,
)


REPLACEMENTS = (replace_both, ask_what_another_asks)
"""Edits that make another card of a block."""
ID_EDITS = (gain_id, lose_id, rewrite_and_move_with_id)
"""Edits that need or change an `id::`."""


def new_world(seed: int) -> World:
    """Three pages with a few cards, some of them twins."""
    world = World(random.Random(seed))
    world.pages = {"optics": [], "waves": [], "colours": []}
    for _ in range(7):
        insert(world)
    return world


def _new_card(world: World, question: str, answer: str) -> Card:
    tag = world.next_tag()
    return Card(question, answer, family=tag, tag=tag)


def _any_page(world: World) -> str:
    return world.chance.choice(sorted(world.pages))


def _any_card(world: World, *, has_id: bool = False) -> Card | None:
    cards = [card for _, card in world.cards() if card.id or not has_id]
    return world.chance.choice(cards) if cards else None


def _new_page(world: World) -> str:
    return f"{world.word()}"


def _take(world: World, card: Card) -> None:
    world.pages[world.page_of(card)].remove(card)


def _put(world: World, page: str, card: Card) -> None:
    cards = world.pages[page]
    cards.insert(world.chance.randint(0, len(cards)), card)


def _reworded(world: World, text: str) -> str:
    """One word of the text is another, or there is one more."""
    words = text.split()
    place = world.chance.randrange(len(words))
    words[place : place + world.chance.randint(0, 1)] = [world.word()]
    return " ".join(words)
