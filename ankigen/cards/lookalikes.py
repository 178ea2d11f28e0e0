"""Finds what looks like a card and is none; told once a page, with a count, for silence would look like lost cards."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence

from ankigen.config import Config
from ankigen.data import Block, Line, Page, Problem, Property, Severity, Spot
from ankigen.support.normal_forms import page_key
from ankigen.support.structs import Struct
from ankigen.syntax import clozes, tags, tracing
from ankigen.syntax.cloze_grammar import SIGNS

_REVIEW_KEYS = frozenset({"card-last-interval", "card-repeats", "card-ease-factor", "card-next-schedule"})
_WRITTEN_TAG = re.compile(r"#card(?![\w-])|\[\[card\]\]", re.IGNORECASE)


class _Stretch(Struct, frozen=True):
    """Where in some lines of a page, joined, something stands."""

    lines: Sequence[Line]
    start: int
    end: int

    @property
    def line(self) -> int:
        """The line of the file that it begins on."""
        return self.lines[_text(self.lines).count("\n", 0, self.start)].number

    def spot(self, page: Page) -> Spot:
        origin = tracing.Origin(page.path, page.source, self.lines)
        return tracing.trace(origin, _text(self.lines), self.start, self.end)


def signs() -> tuple[str, ...]:
    """What every text with a lookalike contains one of, in lower case: its tag, its review keys, its cloze."""
    return ("card", *SIGNS)


def find(page: Page, card_lines: Container[int], config: Config) -> Iterator[Problem]:
    """Count what no card holds; `card_lines` are the lines of blocks that are cards, or are left out on purpose."""
    others = list(_outside(page.blocks, card_lines))
    yield from _lost_reviews(page, others)
    message = "#card inside code, a formula or a macro: it makes no card"
    yield from _told(page, _written_tags(others), "card-tag-in-code", message)
    message = "#card outside any block makes no card: write `- ` or `# ` in front of its line"
    yield from _told(page, _tags_above_blocks(page, config), "card-outside-block", message)
    if not config.cloze_without_card:
        message = "a cloze outside any card: tag its block with #card, or set cloze_without_card"
        yield from _told(page, _clozes(others), "cloze-without-card", message)


def _outside(blocks: Iterable[Block], card_lines: Container[int]) -> Iterator[Block]:
    ahead = list(blocks)[::-1]
    while ahead:
        block = ahead.pop()
        if block.line not in card_lines:
            yield block
            ahead += reversed(block.children)


def _lost_reviews(page: Page, blocks: Iterable[Block]) -> Iterator[Problem]:
    """Blocks with what Logseq writes when it has asked a card."""
    if found := [prop for block in blocks if (prop := _review(block)) is not None]:
        message = f"a block with review properties but no #card{_counted(len(found))}"
        spot = tracing.property_of(page.path, page.source, found[0])
        yield spot.problem(Severity.WARNING, "review-without-card", message)


def _review(block: Block) -> Property | None:
    return next((prop for prop in block.properties if prop.key in _REVIEW_KEYS), None)


def _written_tags(blocks: Iterable[Block]) -> Iterator[_Stretch]:
    """The first tag in each block."""
    for block in blocks:
        if found := _WRITTEN_TAG.search(block.text):
            yield _Stretch(block.lines, *found.span())


def _clozes(blocks: Iterable[Block]) -> Iterator[_Stretch]:
    """The first cloze in each block."""
    for block in blocks:
        for cloze in clozes.find(block.text).clozes[:1]:
            yield _Stretch(block.lines, cloze.start, cloze.end)


def _tags_above_blocks(page: Page, config: Config) -> Iterator[_Stretch]:
    """The tags of the text above the first block, one a line; that is all the text of a page without bullets."""
    seen: set[int] = set()
    for tag in tags.references(_text(page.preamble)):
        found = _Stretch(page.preamble, tag.start, tag.end)
        if page_key(tag.name) in config.card_tags and found.line not in seen:
            seen.add(found.line)
            yield found


def _text(lines: Iterable[Line]) -> str:
    return "\n".join([line.text for line in lines])


def _told(page: Page, stretches: Iterable[_Stretch], rule: str, message: str) -> Iterator[Problem]:
    if found := list(stretches):
        yield found[0].spot(page).problem(Severity.WARNING, rule, message + _counted(len(found)))


def _counted(number: int) -> str:
    return f" ({number} on this page)" if number > 1 else ""
