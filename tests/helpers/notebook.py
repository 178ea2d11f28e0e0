"""Notes that are edited from version to version, and the lock that remembers them between."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ankigen import cards, identity
from ankigen.config import Config
from ankigen.data import Guid, Lock, Problem, SourceId
from ankigen.note_types import kind_of
from ankigen.syntax import outline
from tests.helpers.building import NOON

_CARD = re.compile(r"(?P<name>\w+)(?:@(?P<id>\d))?(?P<ambiguous>\?)?: (?P<question>.*?) = (?P<answer>.*)")
_PAGE = re.compile(r"== (?P<page>.+)")


@dataclass
class Notebook:
    """Reads versions of notes one after the other.

    A version has a line `name: question = answer` for each card, and `== page` above the cards of a page other than
    `a`. The name says which note the card must be: one that an earlier version named, or a new one. `name@1` is a block
    with an `id::`, equal ones for equal digits; an answer `-` is none; `name?` is a card of which a warning says that
    it could be several.
    """

    lock: Lock = field(default_factory=lambda: identity.new_lock(SourceId("abcdef012345")))
    names: dict[Guid, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    now: int = NOON

    def read(self, version: str) -> list[str]:
        """What each card turned out to be, in the form in which the version names it."""
        cards = [card for page, text in _pages(version).items() for card in cards_of(text, page)]
        recognised, self.problems = identity.recognise(cards, self.lock)
        unsure = {problem.position for problem in self.problems if problem.rule == "ambiguous-identity"}
        known = dict(self.names)
        for card, name in zip(recognised, _names(version), strict=True):
            self.names.setdefault(card.guid, name)
        contents = {card.guid: f"{card.evidence.question} {card.evidence.answer_digest}" for card in recognised}
        self.lock = identity.update_lock(recognised, contents, self.lock, self.now)
        self.now += 60_000
        return [
            (known.get(card.guid) or _new(name, known)) + "?" * (card.evidence.position in unsure)
            for card, name in zip(recognised, _names(version), strict=True)
        ]


def expected(version: str) -> list[str]:
    """What each card of a version must be."""
    return [card["name"] + (card["ambiguous"] or "") for card in _CARD.finditer(version)]


def cards_of(text: str, page: str = "a") -> list[identity.CardEvidence]:
    """What identity looks at in the cards of a page."""
    found = cards.find_cards(outline.parse(text, f"{page}.md", page), "deck", Config())
    return [identity.evidence_of(card, kind_of(card).name) for card in found.cards]


def id_of(digit: str) -> str:
    """The `id::` that `name@digit` bears."""
    return f"5b6f0c1e-2d3a-4f7b-9c8d-00000000000{digit}"


def _new(name: str, known: dict[Guid, str]) -> str:
    return f"({name} began anew)" if name in known.values() else name


def _names(version: str) -> list[str]:
    return [card["name"] for card in _CARD.finditer(version)]


def _pages(version: str) -> dict[str, str]:
    pages = {"a": ""}
    page = "a"
    for line in filter(None, map(str.strip, version.splitlines())):
        if heading := _PAGE.fullmatch(line):
            page = heading["page"]
            pages[page] = ""
        else:
            card = _CARD.fullmatch(line)
            assert card, line
            id = f"\n  id:: {id_of(card['id'])}" if card["id"] else ""
            answer = "" if card["answer"] == "-" else f"\t- {card['answer']}\n"
            pages[page] += f"- {card['question']} #card{id}\n{answer}"
    return pages
