"""Which problems does the user want to hear of? The config and `ankigen-ignore::` switch rules off."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ankigen.config import Config
from ankigen.data import Block, Page, Position, Problem, Property, Severity
from ankigen.rules import LOUD, NAMES

_KEY = "ankigen-ignore"


@dataclass(frozen=True, slots=True)
class _Ignored:
    """Rules that are off from one line of a page to another."""

    path: str
    first: int
    last: float
    rules: frozenset[str]

    def covers(self, problem: Problem) -> bool:
        place = problem.position
        return problem.rule in self.rules and place.path == self.path and self.first <= place.line <= self.last


def heard(problems: Iterable[Problem], pages: Iterable[Page], selection: Path, settings: Config) -> tuple[Problem, ...]:
    """The problems of the selection, without those that are switched off, each once."""
    pages = [page for page in pages if _has_mark(page)]
    ignored = [one for page in pages for one in _ignored(page)]
    unknown = (problem for page in pages for problem in _unknown(page))
    wanted = (one for one in (*problems, *unknown) if Path(one.position.path).is_relative_to(selection))
    return tuple(sorted({one for one in wanted if not _is_off(one, ignored, settings)}))


def _is_off(problem: Problem, ignored: Iterable[_Ignored], settings: Config) -> bool:
    if problem.rule in LOUD:
        return False
    return settings.is_off(problem.rule, problem.position.path) or any(one.covers(problem) for one in ignored)


def _has_mark(page: Page) -> bool:
    return any(one.key == _KEY for one in _properties(page))


def _properties(page: Page) -> Iterator[Property]:
    yield from page.properties
    for block in page.blocks:
        for inner in block.walk():
            yield from inner.properties


def _ignored(page: Page) -> Iterator[_Ignored]:
    if rules := _rules(page.properties):
        yield _Ignored(page.path, 1, float("inf"), rules)
    for outer in page.blocks:
        for block in outer.walk():
            if rules := _rules(block.properties):
                yield _Ignored(page.path, block.line, _last_line(block), rules)


def _last_line(block: Block) -> int:
    return max(one.last_line for one in block.walk())


def _rules(properties: Iterable[Property]) -> frozenset[str]:
    return frozenset(name for one in properties if one.key == _KEY for name in _names(one))


def _names(one: Property) -> list[str]:
    return one.value.replace(",", " ").split()


def _unknown(page: Page) -> Iterator[Problem]:
    for one in _properties(page):
        for name in _names(one) if one.key == _KEY else ():
            if name not in NAMES:
                message = f"there is no rule `{name}`: see `ankigen check --rules`"
                yield Problem(Position(page.path, one.line), Severity.WARNING, "unknown-rule", message)
