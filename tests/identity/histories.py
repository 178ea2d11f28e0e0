"""Histories of edits to notes, with a record of which card is which that knows nothing of the lock file.

Every card has a private number, and its block a tag of its own, where identity does not look, so that the notes in
a package tell which block they were made from. What an edit does to a card's identity is said by rules in plain words
(`fates`), never by asking the code under test.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace

_ALPHABETS = (
    "abcdefghijklmnoprstuvwyz",
    "αβγδεζηθικλμνξοπρστυφχψω",
    "абвгдежзиклмнопрстуфхцчшы",
    "가나다라마바사아자차카타파하",
)
_TWIN_QUESTIONS = ("Def", "Example")
_PATTERN = "What is the French for"
PATTERN = frozenset(_PATTERN.split())
_SHORT_ANSWERS = ("Yes", "No", "1848")
OWN_TAG = "pair"
"""Makes a block a card of a note type that the user made."""
PICTURE, AREA = "leaf.svg", "10 20 30 40"
_PICTURED = f" ![]({PICTURE})"
NEW = 0
"""The number of no card: the fate of a block whose note begins anew."""


@dataclass(frozen=True)
class Saying:
    """What a card said when the package was built last, and where."""

    page: str
    question: str
    answer: str
    id: str | None = None
    hidden: frozenset[str] = field(default=frozenset(), compare=False)
    is_pictured: bool = field(default=False, compare=False)

    @property
    def words(self) -> tuple[str, str]:
        return self.question, self.answer


@dataclass(eq=False)
class Card:
    """A card block. `number` is `NEW` until its note is seen; copies and what became of them are one family.

    The words of the question that are `hidden` make a cloze note of it. If it `is_pictured`, its answer is the name of
    what is hidden on a picture, and no word is. Without any, a `wrong` answer beside its own makes a choice of it. A
    `hint`, and a text that `is_heard`, change what it shows and not which card it is.
    """

    question: str
    answer: str
    family: int
    tag: int
    id: str | None = None
    hidden: frozenset[str] = frozenset()
    number: int = NEW
    before: Saying | None = None
    was_gone: bool = False
    is_pictured: bool = False
    wrong: str = ""
    hint: str = ""
    is_heard: bool = False

    @property
    def asked(self) -> str:
        """The question with its picture."""
        return self.question + _PICTURED * self.is_pictured

    @property
    def is_of_own_type(self) -> bool:
        """Whether it asks for a note type that the user made; a card that hides something does not."""
        return self.family % 4 == 0 and not self.clozes

    @property
    def is_choice(self) -> bool:
        return bool(self.wrong) and not self.clozes and not self.is_of_own_type

    @property
    def answering(self) -> str:
        """What is written below the question."""
        return f"[x] {self.answer} [ ] {self.wrong}" if self.is_choice else self.answer

    @property
    def clozes(self) -> tuple[str, ...]:
        if self.is_pictured:
            return (self.answer,)
        return tuple(word for word in self.question.split() if word in self.hidden)


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
    order: dict[str, list[int]] = field(default_factory=dict)
    """The numbers of the cards of each page as they stood when a package was built last."""
    named: dict[str, str] = field(default_factory=dict)
    """What each page was called then that got another name since."""

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

    def new_id(self) -> str:
        return str(uuid.UUID(int=random.Random(self.next_tag()).getrandbits(128), version=4))

    def cards(self) -> list[tuple[str, Card]]:
        return [(page, card) for page, cards in self.pages.items() for card in cards]

    def page_of(self, card: Card) -> str:
        return next(page for page, other in self.cards() if other is card)

    def text(self, page: str) -> str:
        return "".join(map(_block, self.pages[page]))

    def sayings(self) -> dict[Card, Saying]:
        """What each card says now."""
        return {
            card: Saying(page, card.asked, card.answering, card.id, card.hidden, card.is_pictured)
            for page, card in self.cards()
        }

    def settle(self, seen: dict[Card, int]) -> None:
        """A package was built and read: take down which number each card's note had, and who is gone."""
        left = {one.number: one for one in (*(card for _, card in self.cards()), *self.deleted_now) if one.before}
        now = self.sayings()
        for card in now:
            card.number = seen[card] or self.next_number()
            left.pop(card.number, None)
            self.gone.pop(card.number, None)
        self.order = {page: [card.number for card in cards] for page, cards in self.pages.items()}
        self.gone |= {number: (card.before, card.family) for number, card in left.items() if card.before}
        for card, saying in now.items():
            card.before, card.was_gone = saying, False
        self.deleted_now.clear()
        self.named.clear()


def _block(card: Card) -> str:
    hidden = frozenset() if card.is_pictured else card.hidden
    words = (f"{{{{cloze {word}}}}}" if word in hidden else word for word in card.question.split(" "))
    picture, area = (_PICTURED, f"\n\t  area:: {AREA}") if card.is_pictured else ("", "")
    id = f"\n  id:: {card.id}" if card.id else ""
    tag = OWN_TAG if card.is_of_own_type else "card"
    choice = " #choice" if card.is_choice else ""
    hint = f"\n  hint:: {card.hint}" if card.hint else ""
    speech = "\n  speak:: fr_FR" if card.is_heard else ""
    answer = f"[x] {card.answer}\n\t- [ ] {card.wrong}" if card.is_choice else f"{card.answer}{area}"
    return f"- {' '.join(words)}{picture} #{tag}{choice} #n{card.tag}{id}{hint}{speech}\n\t- {answer}\n"


Edit = Callable[[World], None]


def insert(world: World) -> None:
    kind = world.chance.randrange(4)
    question = world.chance.choice(_TWIN_QUESTIONS) if kind == 0 else world.sentence(5) + "?"
    answer = world.chance.choice(_SHORT_ANSWERS) if kind == 1 else world.sentence(6)
    _put(world, _any_page(world), _new_card(world, question, answer))


def insert_of_a_pattern(world: World) -> None:
    """As in a list of words: all ask the same of another word, and answer in a word that others answer, too."""
    question = f"{_PATTERN} {world.word()}?"
    _put(world, _any_page(world), _new_card(world, question, world.chance.choice([*_SHORT_ANSWERS, world.word()])))


def say_anew_in_a_pattern(world: World) -> None:
    """One word of the pattern is another, as when a typing mistake is mended, or all of it."""
    if card := _any_card(world):
        card.question = f"{_PATTERN} {world.word()}?"


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
        answer, wrong = gone.answer, ""
        if answer.startswith("[x] "):
            answer, _, wrong = answer.removeprefix("[x] ").partition(" [ ] ")
        card = Card(
            gone.question.removesuffix(_PICTURED),
            answer,
            family,
            world.next_tag(),
            gone.id,
            gone.hidden,
            number,
            gone,
            was_gone=True,
            is_pictured=gone.is_pictured,
            wrong=wrong,
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
    new = _new_page(world)
    world.pages[new] = world.pages.pop(page)
    world.named[new] = world.named.pop(page, page)


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
        _put_copy(world, card, id=None)


def clone_with_id(world: World) -> None:
    """As when a file is copied, or a block is pasted by an editor that knows nothing of ids."""
    if card := _any_card(world, has_id=True):
        _put_copy(world, card, card.id)


def _put_copy(world: World, card: Card, id: str | None) -> None:
    page = world.chance.choice([world.page_of(card), _any_page(world)])
    _put(world, page, replace(card, id=id, number=NEW, tag=world.next_tag(), before=None, was_gone=False))


def gain_id(world: World) -> None:
    if card := _any_card(world):
        card.id = world.new_id()


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


def hide_word(world: World) -> None:
    """One more cloze; the first of a card changes its kind."""
    if card := _any_card(world):
        card.hidden |= {world.chance.choice(card.question.split())}


def show_word(world: World) -> None:
    """One cloze fewer."""
    if card := _any_card(world, has_clozes=True):
        card.hidden -= {world.chance.choice(card.clozes)}


def show_all(world: World) -> None:
    """A cloze note becomes a basic one."""
    if card := _any_card(world, has_clozes=True):
        card.hidden = frozenset()


def hide_on_a_picture(world: World) -> None:
    """The answer becomes the name of what is hidden on a picture."""
    if card := _any_card(world):
        card.is_pictured = True


def take_the_picture_out(world: World) -> None:
    """It asks as it did before, by clozes or by nothing but its question."""
    pictured = [card for _, card in world.cards() if card.is_pictured]
    if pictured:
        world.chance.choice(pictured).is_pictured = False


def reword_cloze(world: World) -> None:
    if card := _any_card(world, has_clozes=True):
        old, new = world.chance.choice(card.clozes), world.word()
        card.question = " ".join(new if word == old else word for word in card.question.split())
        card.hidden |= {new}


def gain_boxes(world: World) -> None:
    """A card becomes a choice, or gets another wrong answer."""
    if card := _any_card(world):
        card.wrong = world.word()


def lose_boxes(world: World) -> None:
    if card := _any_card(world):
        card.wrong = ""


def hint_or_none(world: World) -> None:
    if card := _any_card(world):
        card.hint = "" if card.hint else world.word()


def read_aloud_or_not(world: World) -> None:
    if card := _any_card(world):
        card.is_heard = not card.is_heard


def reorder_words(world: World) -> None:
    if card := _any_card(world):
        words = card.question.split()
        card.question = " ".join(world.chance.sample(words, len(words)))


EDITS: tuple[Edit, ...] = (
    insert,
    insert_of_a_pattern,
    say_anew_in_a_pattern,
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
    hide_word,
    hide_word,
    show_word,
    show_all,
    hide_on_a_picture,
    take_the_picture_out,
    reword_cloze,
    reorder_words,
    gain_boxes,
    lose_boxes,
    hint_or_none,
    read_aloud_or_not,
    gain_id,
    lose_id,
    rewrite_and_move_with_id,
    clone_with_id,
)


REPLACEMENTS = (replace_both, ask_what_another_asks)
"""Edits that make another card of a block."""
ID_EDITS = (gain_id, lose_id, rewrite_and_move_with_id, clone_with_id)
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


def _any_card(world: World, *, has_id: bool = False, has_clozes: bool = False) -> Card | None:
    cards = [card for _, card in world.cards() if (card.id or not has_id) and (_has_clozes(card) or not has_clozes)]
    return world.chance.choice(cards) if cards else None


def _has_clozes(card: Card) -> bool:
    return bool(card.clozes) and not card.is_pictured


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
