"""The cards selected by path, deck and tag, and their problems."""

from __future__ import annotations

from bisect import bisect
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from ankigen.data import Position, Problem, Selection
from ankigen.errors import NothingSelected
from ankigen.rules import OF_ABSENCE
from ankigen.source.make_notes import CardNote
from ankigen.source.page_notes import PageNotes
from ankigen.support.normal_forms import is_below_tag, is_in_deck, with_those_above
from ankigen.support.structs import Struct


class ChosenCards(Struct, frozen=True):
    """The places of the selected cards; `lines` are those of all cards, by path. Both are empty if all is selected."""

    positions: frozenset[Position]
    lines: Mapping[str, Sequence[int]]
    is_filtered: bool
    is_whole: bool = False

    def has(self, position: Position) -> bool:
        """Whether the card that stands there was asked for."""
        return self.is_whole or position in self.positions

    def problems(self, problems: Iterable[Problem]) -> tuple[Problem, ...]:
        """The problems of the selected cards, of the tops of their pages, and of files that could not be read."""
        if not self.is_filtered:
            return tuple(problems)
        pages = {position.path for position in self.positions}
        return tuple(problem for problem in problems if problem.rule in OF_ABSENCE or self._has(problem, pages))

    def _has(self, problem: Problem, pages: Iterable[str]) -> bool:
        path, lines = problem.position.path, self.lines.get(problem.position.path, ())
        before = bisect(lines, problem.position.line)
        return Position(path, lines[before - 1]) in self.positions if before else path in pages


def selected(paths: Iterable[str], decks: Iterable[str], tags: Iterable[str]) -> Selection:
    """The selection; decks and tags may be written as in the notes: `Physics/Optics`, `#optics`."""
    return Selection(
        tuple(dict.fromkeys(paths)),
        tuple(deck.replace("/", "::").strip(":") for deck in decks),
        tuple(tag.removeprefix("#").replace("/", "::").strip(":") for tag in tags),
    )


def chosen_cards(pages: Sequence[PageNotes], selection: Selection) -> ChosenCards:
    """The cards of a selection. Raises `NothingSelected` for a deck or tag that no card has."""
    if selection.is_whole:
        return ChosenCards(frozenset(), {}, is_filtered=False, is_whole=True)
    notes = [note for page in pages for note in page.notes]
    _require_known(notes, selection)
    lines: defaultdict[str, list[int]] = defaultdict(list)
    chosen = set()
    for note in notes:
        card, position = note.card, note.card.evidence.position
        lines[position.path].append(position.line)
        if selection.has_path(position.path) and selection.has_card(card.deck, card.tags):
            chosen.add(Position(position.path, position.line))
    return ChosenCards(
        frozenset(chosen), {path: sorted(of_page) for path, of_page in lines.items()}, selection.is_filtered
    )


def _require_known(notes: Sequence[CardNote], selection: Selection) -> None:
    if selection.decks:
        decks = dict.fromkeys(note.card.deck for note in notes)
        for name in selection.decks:
            if not any(is_in_deck(deck, name) for deck in decks):
                raise NothingSelected("is in deck", name, _close(name, decks))
    if selection.tags:
        tags = dict.fromkeys(tag for note in notes for tag in note.card.tags)
        for name in selection.tags:
            if not any(is_below_tag(tag, name) for tag in tags):
                raise NothingSelected("has the tag", name, _close(name, tags))


def _close(name: str, known: Iterable[str]) -> str:
    import difflib  # noqa: PLC0415 - most names are right

    names = [level for whole in known for level in with_those_above(whole)]
    return next(iter(difflib.get_close_matches(name, names, n=1)), "")
