"""What edits do to the identity of cards, as rules in plain words that know nothing of the lock file."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tests.identity.histories import NEW, PATTERN, Card, Saying, World

_LONG_ANSWER = 12
_MOST = 4 / 5


def fates_of(world: World) -> dict[Card, set[int]]:
    """For each card the numbers that its note may have had before, `NEW` among them where it may begin anew."""
    now = _on_known_pages(world)
    touched = [card for card, saying in now.items() if card.was_gone or card.before != saying]
    moment = _Moment(world, now, [*touched, *world.deleted_now])
    return {card: moment.fates_of(card) for card in now}


def _on_known_pages(world: World) -> dict[Card, Saying]:
    """What each card says now, and on which page: one that got another name is known again by a card that stayed on it.

    That card says what it said, and nobody else says it or said it. No card of the page went to another unheard-of one.
    """
    now = world.sayings()
    said = [saying.question for saying in now.values()]
    said += [one.before.question for one in world.deleted_now if one.before]
    said += [
        one.before.question for one, saying in now.items() if one.before and one.before.question != saying.question
    ]
    said += [gone.question for gone, _ in world.gone.values()]
    kept, homes = set(), defaultdict(set)
    for card, saying in now.items():
        if card.before and not card.was_gone and saying.page not in world.order:
            homes[card.before.page].add(saying.page)
            if saying.words == card.before.words and said.count(saying.question) == 1:
                kept.add(saying.page)
    origins = Counter(page for pages in homes.values() for page in pages)
    known = {
        page: old
        for page, old in world.named.items()
        if page in kept and homes[old] == {page} and origins[page] == 1 and old not in world.pages
    }
    return {card: replace(saying, page=known.get(saying.page, saying.page)) for card, saying in now.items()}


@dataclass(frozen=True)
class _Moment:
    """What all cards say now, and those that came, went or changed since the last package."""

    world: World
    now: dict[Card, Saying]
    touched: list[Card]

    def fates_of(self, card: Card) -> set[int]:
        """Its own fates, and those of every card from which nothing tells it, directly or by way of others.

        An id that no other block has ever borne tells a card from all.
        """
        if (named := self._named(self.now[card])) is not None:
            return {named}
        group = {card}
        ahead = [card]
        allowed: set[int] = set()
        while ahead:
            one = ahead.pop()
            allowed |= self._own_fates(one, self.now[one]) if one in self.now else {one.number}
            for other in self._others(one):
                is_named = other in self.now and self._named(self.now[other]) is not None
                if other not in group and not is_named and self._say_the_same(one, other):
                    group.add(other)
                    ahead.append(other)
        is_put_in_place = card.before is not None and is_another(self.now[card], card.before)
        if is_put_in_place and group == {card} and not self._bearers(self.now[card].id):
            allowed.discard(card.number)
        return allowed

    def _own_fates(self, card: Card, now: Saying) -> set[int]:
        bearers = self._bearers(now.id)
        is_sure = self._stands_out(card, now, bearers) if bearers else self._must_keep(card, now)
        is_sure = is_sure or (not bearers and self._stayed_in_place(card, now))
        if is_sure:
            return {card.number}
        gone = {number for number, (gone, _) in self.world.gone.items() if _asks_again(now, gone)}
        left = {
            twin.number
            for one in self._others_touched(card)
            if one.before and (self._goes_on(now, one.before) or self._may_be_in_place_of(one.before, one, card))
            for twin in self._twins(one.before)
        }
        return {card.number, NEW} | gone | left | {number for number, _ in bearers}

    def _named(self, now: Saying) -> int | None:
        """The number of the one card that bore the id, if one block bears it now."""
        bearers = self._bearers(now.id)
        is_sole = len(bearers) == 1 and sum(saying.id == now.id for saying in self.now.values()) == 1
        return bearers[0][0] if is_sole else None

    def _twins(self, before: Saying) -> list[Card]:
        """Who said this on this page: nothing tells which of them is left."""
        known = (*self.now, *self.world.deleted_now)
        return [
            one for one in known if one.before and (one.before.page, one.before.words) == (before.page, before.words)
        ]

    def _bearers(self, id: str | None) -> list[tuple[int, Saying]]:
        """The cards that bore the id, and what they said."""
        known = [(one.number, one.before) for one in (*self.now, *self.world.deleted_now)]
        known += [(number, saying) for number, (saying, _) in self.world.gone.items()]
        return [(number, saying) for number, saying in known if id and saying and saying.id == id]

    def _stands_out(self, card: Card, now: Saying, bearers: list[tuple[int, Saying]]) -> bool:
        """Where blocks share an id: whether this one kept all its words, or on its page a question of its own."""
        before = card.before
        if before is None or card.was_gone or before.id != now.id:
            return False
        others = [saying for other, saying in self.now.items() if other is not card and saying.id == now.id]
        others += [saying for number, saying in bearers if number != card.number]
        has_own_question = now.question not in [saying.question for saying in others]
        kept_question = (now.page, now.question) == (before.page, before.question)
        return now.words == before.words or (kept_question and has_own_question)

    def _others(self, card: Card) -> Iterator[Card]:
        yield from (other for other in self.now if other is not card)
        yield from (other for other in self.world.deleted_now if other.before)

    def _others_touched(self, card: Card) -> list[Card]:
        return [other for other in self.touched if other is not card]

    def _is_named_away(self, before: Saying) -> bool:
        """An id names its card: whoever bears now the one that a card bore may go on in its place."""
        return bool(before.id) and any(saying.id == before.id for saying in self.now.values())

    def _must_keep(self, card: Card, now: Saying) -> bool:
        """Whether nothing about this card's edit can be mistaken.

        It kept all its words; a card that was gone came back alone with all its words. Else it must be the
        only one of its kind that was touched, not say what a card said that is gone, and on its page have kept its
        question, or a long answer that no other touched one there gives or gave, or most words of a question that no
        other there resembles or resembled, while none there took over its long answer; or its question moved and stands
        once in all that the notes ever said.
        """
        before = card.before
        if before is None or self._is_named_away(before):
            return False
        is_crowded = any(_are_kin(card, other) for other in self._others_touched(card))
        is_like_gone = any(gone.words == now.words for gone, _ in self.world.gone.values())
        has_all_words = now.words == before.words
        if card.was_gone:
            return has_all_words and not is_crowded and not is_like_gone
        if has_all_words:
            return True
        if is_crowded or is_like_gone or self._asks_like_another(card, now, before):
            return False
        if now.page == before.page:
            kept_answer = self._kept_long_answer(card, now, before)
            return now.question == before.question or kept_answer or self._kept_most_of_question(card, now, before)
        return now.question == before.question and self._stands_once(card)

    def _asks_like_another(self, card: Card, now: Saying, before: Saying) -> bool:
        """Whether its question was reworded to one that is much like what another touched one asked on its page."""
        others = [one.before for one in self._others_touched(card) if one.before and one.before.page == now.page]
        return now.question != before.question and any(self._is_much_like(now.question, one.question) for one in others)

    def _is_much_like(self, one: str, other: str) -> bool:
        """The words of a pattern count where no third question has them, for then nothing shows the pattern."""
        is_like_it = _shared(one, other) >= 1 / 2
        return is_like_it or (_shared(one, other, frozenset()) >= 1 / 2 and not self._are_of_a_template(one, other))

    def _stayed_in_place(self, card: Card, now: Saying) -> bool:
        """Whether it gives the same answer, and stands alone between the same two cards as before.

        These were not touched and are like no others; an end of the page is as good. And nobody else asks or asked what
        it asks or asked, or much of it.
        """
        before = card.before
        if before is None or card.was_gone or before.page != now.page or before.answer != now.answer:
            return False
        if before.id or now.id or self._gap(card) != ([card.number], [card]):
            return False
        others = [saying for other in self._others(card) for saying in (self.now.get(other), other.before) if saying]
        others += [gone for gone, _ in self.world.gone.values()]
        questions = (now.question, before.question)
        is_like_another = any(
            question == other.question or self._is_much_like(question, other.question)
            for question in questions
            for other in others
        )
        return not is_like_another

    def _gap(self, card: Card) -> tuple[list[int], list[Card]] | None:
        """What stood and what stands between the two sure cards around it; nothing where the order of these changed."""
        page = self.world.page_of(card)
        cards, numbers = self.world.pages[page], self.world.order.get(self.world.named.get(page, page), [])
        sure = [other for other in cards if other.number in numbers and self._is_sure(other)]
        order = [numbers.index(other.number) for other in sure]
        if order != sorted(order):
            return None
        here = cards.index(card)
        above = [other for other in sure if cards.index(other) < here]
        below = [other for other in sure if cards.index(other) > here]
        first, last = (cards.index(above[-1]) if above else -1), (cards.index(below[0]) if below else len(cards))
        old_first = numbers.index(above[-1].number) if above else -1
        old_last = numbers.index(below[0].number) if below else len(numbers)
        return numbers[old_first + 1 : old_last], cards[first + 1 : last]

    def _is_sure(self, card: Card) -> bool:
        """Whether it was not touched, and nobody says or said what it says."""
        said = [saying for other in self._others(card) for saying in (self.now.get(other), other.before) if saying]
        said += [gone for gone, _ in self.world.gone.values()]
        return card not in self.touched and all(saying.question != card.question for saying in said)

    def _may_be_in_place_of(self, before: Saying, other: Card, card: Card) -> bool:
        """Whether it gives the answer of a card that stood on its page where it stands now.

        A page that got another name is the same page.
        """
        now = self.now[card]
        if (self.world.named.get(now.page, now.page), now.answer) != (before.page, before.answer):
            return False
        gap = self._gap(card)
        return gap is None or other.number in gap[0]

    def _kept_long_answer(self, card: Card, now: Saying, before: Saying) -> bool:
        said = [saying for one in self._others_touched(card) for saying in (one.before, self.now.get(one)) if saying]
        given = [(saying.page, saying.answer) for saying in said]
        return now.answer == before.answer and len(now.answer) > _LONG_ANSWER and (now.page, now.answer) not in given

    def _kept_most_of_question(self, card: Card, now: Saying, before: Saying) -> bool:
        said = (saying for one in self._others(card) for saying in (self.now.get(one), one.before))
        others = (saying.question for saying in said if saying and saying.page == now.page)
        is_like_another = any(_shared(now.question, question) >= 1 / 2 for question in others)
        answers = [saying.answer for other, saying in self.now.items() if other is not card and saying.page == now.page]
        gave_answer_away = len(before.answer) > _LONG_ANSWER and before.answer in answers
        is_other = is_another(now, before) or self._are_of_a_template(now.question, before.question)
        is_doubtful = is_like_another or gave_answer_away or is_other
        return _shared(now.question, before.question) >= _MOST and not is_doubtful

    def _goes_on(self, now: Saying, before: Saying) -> bool:
        """Who asks the question, or on its page gives the long answer or asks much of the question, may be it."""
        is_answer_kept = now.answer == before.answer and len(now.answer) > _LONG_ANSWER
        is_like_it = is_answer_kept or self._is_much_like(now.question, before.question)
        return now.question == before.question or (now.page == before.page and is_like_it)

    def _are_of_a_template(self, one: str, other: str) -> bool:
        """Whether each has words of its own, and a third question, of now or once, has those that they share."""
        ours, theirs = _words(one), _words(other)
        if ours <= theirs or theirs <= ours:
            return False
        said = [saying for card in (*self.now, *self.world.deleted_now) for saying in (self.now.get(card), card.before)]
        said += [gone for gone, _ in self.world.gone.values()]
        thirds = [_words(saying.question) for saying in said if saying]
        return any(ours & theirs <= third and not (ours <= third or theirs <= third) for third in thirds)

    def _stands_once(self, card: Card) -> bool:
        others = [question for other in self._others(card) for question in _questions(other)]
        return card.question not in [*others, *(gone.question for gone, _ in self.world.gone.values())]

    def _say_the_same(self, one: Card, other: Card) -> bool:
        """Cards that said the same, or say it now, on one page or both touched: nothing tells which is which."""
        mine, now, before, after = one.before, self.now.get(one), other.before, self.now.get(other)
        are_touched = one in self.touched and other in self.touched
        if now and after and after.words == now.words and (after.page == now.page or are_touched):
            return True
        if mine and before and before.words == mine.words and (before.page == mine.page or are_touched):
            return True
        says_what_other_said = now and before and now.words == before.words
        says_what_one_said = after and mine and after.words == mine.words
        return are_touched and bool(says_what_other_said or says_what_one_said)


def _questions(card: Card) -> set[str]:
    return {card.question, card.before.question} if card.before else {card.question}


def _are_kin(one: Card, other: Card) -> bool:
    return one.family == other.family or bool(_questions(one) & _questions(other))


def _asks_again(now: Saying, gone: Saying) -> bool:
    """Who says what a card that is gone said, or asks on its page what it asked there, may be that card again."""
    return now.words == gone.words or (now.page, now.question) == (gone.page, gone.question)


def begins_anew(now: Saying, before: Saying) -> bool:
    """Whether question and answer are both said anew: so a card is replaced, and what stands there is a new one."""
    is_said_anew = now.answer != before.answer and _shared(now.question, before.question) < 1 / 2
    return is_said_anew or is_another(now, before)


def is_another(now: Saying, before: Saying) -> bool:
    """Whether a word of the question stands where another stood, and so does another answer, which is short.

    Or a longer one, where no word of the question stayed. What is hidden is an answer; a card that begins or ceases to
    hide something is reworded.
    """
    hides, hid = _hides(now), _hides(before)
    is_answer_kept = now.answer == before.answer or bool(hides & hid)
    ours, theirs = _words(now.question) - hides, _words(before.question) - hid
    if bool(hides) != bool(hid) or is_answer_kept or not _are_other_words(ours, theirs):
        return False
    answers = hides or {now.answer}
    return all(len(answer) <= _LONG_ANSWER for answer in answers) or not ours & theirs


def _hides(saying: Saying) -> set[str]:
    return {saying.answer} if saying.is_pictured else _words(saying.question) & saying.hidden


def _are_other_words(ours: set[str], theirs: set[str]) -> bool:
    """Whether each has words of its own; the words of histories are made by chance, so none is a form of another."""
    return bool(ours - theirs and theirs - ours)


def _words(question: str) -> set[str]:
    return set(question.replace("?", " ").split())


def _shared(one: str, other: str, common: frozenset[str] = PATTERN) -> float:
    """The share of words that two questions have in common, but for those that all of a pattern have."""
    ours, theirs = set(one.split()) - common, set(other.split()) - common
    return len(ours & theirs) / max(len(ours), len(theirs), 1)
