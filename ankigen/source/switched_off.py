"""Filters out problems that the config or `ankigen-ignore::` switches off."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping

from ankigen.config import Config
from ankigen.data import Page, Problem, Property, Selection, Severity
from ankigen.rules import LOUD, NAMES
from ankigen.support.structs import Struct
from ankigen.syntax import tracing

_KEY = "ankigen-ignore"


class _Switched(Struct, frozen=True):
    """Which rules are off on a page: `rules[i]` from line `starts[i]` on, up to the line `starts[i + 1]`."""

    starts: list[int]
    rules: list[frozenset[str]]

    def is_off(self, rule: str, line: int) -> bool:
        return rule in self.rules[bisect_right(self.starts, line) - 1]


def reported(
    problems: Iterable[Problem], pages: Iterable[Page], selection: Selection, settings: Config
) -> tuple[Problem, ...]:
    """The distinct problems of the selection that neither these pages nor the config switch off."""
    marked = list(pages)
    switched = {page.path: _switched(page) for page in marked}
    unknown = (problem for page in marked for problem in _unknown(page))
    wanted = (problem for problem in (*problems, *unknown) if selection.has_path(problem.position.path))
    return tuple(sorted({problem for problem in wanted if not _is_off(problem, switched, settings)}))


def _is_off(problem: Problem, switched: Mapping[str, _Switched], settings: Config) -> bool:
    if problem.rule in LOUD:
        return False
    rule, position = problem.rule, problem.position
    on_page = switched.get(position.path)
    return settings.is_off(rule, position.path) or (on_page is not None and on_page.is_off(rule, position.line))


def has_switches(page: Page) -> bool:
    """Whether something on the page switches rules off."""
    return any(prop.key == _KEY for prop in _properties(page))


def _properties(page: Page) -> Iterator[Property]:
    yield from page.properties
    for block in page.blocks:
        for inner in block.walk():
            yield from inner.properties


def _switched(page: Page) -> _Switched:
    """Walk the page once; a block adds its rules to those of its parents."""
    switched = _Switched([0], [_rules(page.properties)])
    stack = [(block, switched.rules[0]) for block in reversed(page.blocks)]
    while stack:
        block, around = stack.pop()
        rules = around | _rules(block.properties)
        switched.starts.append(block.line)
        switched.rules.append(rules)
        stack += ((child, rules) for child in reversed(block.children))
    return switched


def _rules(properties: Iterable[Property]) -> frozenset[str]:
    return frozenset(name for prop in properties if prop.key == _KEY for name in _names(prop))


def _names(prop: Property) -> list[str]:
    return prop.value.replace(",", " ").split()


def _unknown(page: Page) -> Iterator[Problem]:
    for prop in _properties(page):
        names = _names(prop) if prop.key == _KEY else []
        for place, name in enumerate(names):
            if name not in NAMES:
                message = f"there is no rule `{name}`: see `ankigen check --rules`"
                spot = tracing.trace_value(page.path, page.source, prop, name, names[:place].count(name))
                yield spot.problem(Severity.WARNING, "unknown-rule", message)
