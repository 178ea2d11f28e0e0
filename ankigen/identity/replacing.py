"""Distinguishes a replaced card from a reworded one: people overwrite a block to make another card.

This happens most in lists of words: `verstehen`, to understand, becomes `entstehen`, to arise. The questions look
alike, but the reviews of one card say nothing about the other.
"""

from __future__ import annotations

from ankigen.data import Identity
from ankigen.identity.cloze_numbers import stored
from ankigen.identity.evidence import NO_ANSWER, SHORT_ANSWER, STORED_QUESTION, CardEvidence
from ankigen.identity.similarity import CardOrIdentity, are_other_words, joined, likeness, word_set, words_in

_INFLECTED = 70
"""How similar, out of 100, the letters of two forms of one word must be."""


def is_replaced(card: CardEvidence, note: Identity) -> bool:
    """Whether a word of the question was replaced by another, and the answer as well.

    A short answer is one fact, so a different one is another fact. A long answer may differ by one word, which a
    digest cannot show: then the card counts as reworded, as long as the two questions share a word.
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
    """Whether the new word is a form of the old one, as `fastest` of `fast`: most of the question must be the same.

    In a question of one or two words it can be another word: `to run` and `to ruin`, `affect` and `effect`.
    """
    is_most_kept = len(mine & its) > min(len(mine), len(its)) / 2
    return is_most_kept and likeness(joined(mine - its), joined(its - mine)) >= _INFLECTED


def _is_cut(card: CardEvidence, note: Identity) -> bool:
    """Whether a question is too long to compare: a word added at its start would change the words at the cut."""
    return max(len(card.question), len(note.question)) >= STORED_QUESTION - 1  # a blank at the cut goes


def _is_answer_kept(card: CardEvidence, note: Identity, still_hidden: frozenset[str]) -> bool:
    is_same = card.answer_digest == note.answer_digest
    return bool(still_hidden) or (is_same and (not card.clozes or card.answer_digest != NO_ANSWER))


def _is_short(card: CardEvidence) -> bool:
    if card.clozes:
        return all(len(cloze.text) <= SHORT_ANSWER for cloze in card.clozes)
    return card.answer_size <= SHORT_ANSWER


def hidden_by(item: CardOrIdentity) -> frozenset[str]:
    """The text that its clozes hide, as the lock file stores it."""
    if isinstance(item, Identity):
        return frozenset(cloze.answer for cloze in item.clozes if cloze.is_used)
    return frozenset(stored(cloze.text) for cloze in item.clozes)


def _words_of(texts: frozenset[str]) -> frozenset[str]:
    return frozenset(word for text in texts for word in words_in(text))
