"""Leaves out the problems that the config or `ankigen-ignore::` switches off."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from ankigen.config import Config
from ankigen.data import Page, Problem, Property, Severity
from ankigen.rules import LOUD, NAMES
from ankigen.support.structs import Struct
from ankigen.syntax import tracing

_KEY = "ankigen-ignore"


class _Switched(Struct, frozen=True):
    """Which rules are off on a page: those of `rules` from the line of the same place in `starts` to the next one."""

    starts: list[int]
    rules: list[frozenset[str]]

    def is_off(self, rule: str, line: int) -> bool:
        return rule in self.rules[bisect_right(self.starts, line) - 1]


def reported(
    problems: Iterable[Problem], pages: Iterable[Page], selection: Path, settings: Config
) -> tuple[Problem, ...]:
    """The problems of the selection, without those that are switched off on these pages or by the config, each once."""
    marked = list(pages)
    switched = {page.path: _switched(page) for page in marked}
    unknown = (problem for page in marked for problem in _unknown(page))
    wanted = (one for one in (*problems, *unknown) if Path(one.position.path).is_relative_to(selection))
    return tuple(sorted({one for one in wanted if not _is_off(one, switched, settings)}))


def _is_off(problem: Problem, switched: Mapping[str, _Switched], settings: Config) -> bool:
    if problem.rule in LOUD:
        return False
    rule, place = problem.rule, problem.position
    here = switched.get(place.path)
    return settings.is_off(rule, place.path) or (here is not None and here.is_off(rule, place.line))


def has_switches(page: Page) -> bool:
    """Whether something on the page switches rules off."""
    return any(one.key == _KEY for one in _properties(page))


def _properties(page: Page) -> Iterator[Property]:
    yield from page.properties
    for block in page.blocks:
        for inner in block.walk():
            yield from inner.properties


def _switched(page: Page) -> _Switched:
    """Walk the page once; a block adds its rules to those of the blocks around it."""
    found = _Switched([0], [_rules(page.properties)])
    ahead = [(block, found.rules[0]) for block in reversed(page.blocks)]
    while ahead:
        block, around = ahead.pop()
        rules = around | _rules(block.properties)
        found.starts.append(block.line)
        found.rules.append(rules)
        ahead += ((child, rules) for child in reversed(block.children))
    return found


def _rules(properties: Iterable[Property]) -> frozenset[str]:
    return frozenset(name for one in properties if one.key == _KEY for name in _names(one))


def _names(one: Property) -> list[str]:
    return one.value.replace(",", " ").split()


def _unknown(page: Page) -> Iterator[Problem]:
    for prop in _properties(page):
        names = _names(prop) if prop.key == _KEY else []
        for place, name in enumerate(names):
            if name not in NAMES:
                message = f"there is no rule `{name}`: see `ankigen check --rules`"
                spot = tracing.trace_value(page.path, page.source, prop, name, names[:place].count(name))
                yield spot.problem(Severity.WARNING, "unknown-rule", message)
