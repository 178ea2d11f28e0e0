"""Tells a card that was put in place of another from one that was reworded: people make a new card of an old block.

In a list of words above all: `verstehen`, to understand, becomes `entstehen`, to arise. The block stays and its
question looks alike, but the reviews of the one say nothing of the other.
"""

from __future__ import annotations

from ankigen.data import Identity
from ankigen.identity.cloze_numbers import stored
from ankigen.identity.evidence import NO_ANSWER, SHORT_ANSWER, STORED_QUESTION, CardEvidence
from ankigen.identity.similarity import CardOrIdentity, are_other_words, joined, likeness, word_set, words_in

_INFLECTED = 70
"""How alike, of 100, the letters of two forms of one word are at least."""


def is_replaced(card: CardEvidence, note: Identity) -> bool:
    """Whether a word of the question stands in place of another, and the answer is another as well.

    A short answer is one fact, so another one is another fact. A long answer may have changed by a word, which its
    digest does not tell: then the card counts as reworded as long as the two questions share a word.
    """
    hidden, was_hidden = hidden_by(card), hidden_by(note)
    is_of_another_kind = bool(hidden) != bool(was_hidden)
    if is_of_another_kind or _is_cut(card, note) or _is_answer_kept(card, note, hidden & was_hidden):
        return False
    mine, its = word_set(card) - _words_of(hidden), word_set(note) - _words_of(was_hidden)
    if not are_other_words(mine, its) or _is_inflected(mine, its):
        return False
    return _is_short(card) or not mine & its


def _is_inflected(mine: frozenset[str], its: frozenset[str]) -> bool:
    """Whether a word is another form of the old one, as `fastest` of `fast`, which the rest of the question shows.

    In a question of one word or two it may be another word: `to run` and `to ruin`, `affect` and `effect`.
    """
    is_most_kept = len(mine & its) > min(len(mine), len(its)) / 2
    return is_most_kept and likeness(joined(mine - its), joined(its - mine)) >= _INFLECTED


def _is_cut(card: CardEvidence, note: Identity) -> bool:
    """Whether the end of a question is not compared: then a word more at its start makes other words of its end."""
    return max(len(card.question), len(note.question)) >= STORED_QUESTION - 1  # a blank at the cut goes


def _is_answer_kept(card: CardEvidence, note: Identity, still_hidden: frozenset[str]) -> bool:
    is_same = card.answer_digest == note.answer_digest
    return bool(still_hidden) or (is_same and (not card.clozes or card.answer_digest != NO_ANSWER))


def _is_short(card: CardEvidence) -> bool:
    if card.clozes:
        return all(len(cloze.text) <= SHORT_ANSWER for cloze in card.clozes)
    return card.answer_size <= SHORT_ANSWER


def hidden_by(item: CardOrIdentity) -> frozenset[str]:
    """What its clozes hide, as the lock holds it."""
    if isinstance(item, Identity):
        return frozenset(cloze.answer for cloze in item.clozes if cloze.is_used)
    return frozenset(stored(cloze.text) for cloze in item.clozes)


def _words_of(texts: frozenset[str]) -> frozenset[str]:
    return frozenset(word for text in texts for word in words_in(text))
