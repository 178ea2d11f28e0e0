"""Finds text that only looks like a card; reported once a page, with a count, so that no card seems lost."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from functools import cache
from itertools import islice

from ankigen.cards.instructions import instructions_of, said_by
from ankigen.cards.pointers import block_advice
from ankigen.cards.surroundings import value_of
from ankigen.config import Config, card_tag
from ankigen.data import Block, Line, Page, Problem, Property, Severity, Spot
from ankigen.support.structs import Struct
from ankigen.syntax import clozes, tags, tracing
from ankigen.syntax.cloze_grammar import SIGNS

_REVIEW_KEYS = frozenset({"card-last-interval", "card-repeats", "card-ease-factor", "card-next-schedule"})


class _Stretch(Struct, frozen=True):
    """A stretch in some joined lines of a page."""

    lines: Sequence[Line]
    start: int
    end: int

    @property
    def line(self) -> int:
        """The line of the file where it begins."""
        return self.lines[_joined_text(self.lines).count("\n", 0, self.start)].number

    def spot(self, page: Page) -> Spot:
        origin = tracing.Origin(page.path, page.source, self.lines)
        return tracing.trace(origin, _joined_text(self.lines), self.start, self.end)


def signs(config: Config) -> tuple[str, ...]:
    """Every text with a lookalike contains one of these, in lower case: a tag, review keys, a cloze."""
    return ("card", *config.card_tags, *SIGNS)


def find_lookalikes(
    page: Page, card_lines: Container[int], config: Config, *, can_ask_by_heading: bool = False
) -> Iterator[Problem]:
    """Report lookalikes outside cards; `card_lines` are the lines of cards and of blocks excluded on purpose."""
    others = list(_outside(page.blocks, card_lines))
    tag = f"#{card_tag(config)}"
    message = f"{tag} inside a template makes no card: cards are made where the template is used"
    yield from _counted_problem(page, _tags_in_templates(page.blocks, config), "card-in-template", message)
    yield from _lost_reviews(page, others, tag)
    message = f"{tag} inside code, a formula or a macro: it makes no card; write it outside to make one"
    in_code = [*_tags_in_code_above_blocks(page, config), *_tags_in_code(others, config)]
    yield from _counted_problem(page, in_code, "card-tag-in-code", message)
    yield from _tags_above_blocks(page, config, can_ask_by_heading=can_ask_by_heading)
    if not config.cloze_without_card:
        message = f"a cloze outside any card: tag its block with {tag}, or set `cloze_without_card = true`"
        yield from _counted_problem(page, _stray_clozes(others), "cloze-without-card", message)


def _outside(blocks: Iterable[Block], card_lines: Container[int]) -> Iterator[Block]:
    stack = list(blocks)[::-1]
    while stack:
        block = stack.pop()
        if _is_template(block):
            continue
        if block.line not in card_lines:
            yield block
            stack += reversed(block.children)


def _is_template(block: Block) -> bool:
    return value_of(block.properties, "template") is not None


def _tags_in_templates(blocks: Iterable[Block], config: Config) -> Iterator[_Stretch]:
    """The card tags in template blocks; the whole line if it is a property."""
    templates = (block for outermost in blocks for block in outermost.walk() if _is_template(block))
    inside = {block.line: block for template in templates for block in template.walk()}
    for block in inside.values():
        if instructions_of(block, config).triggers(config):
            tagged = (tag for tag in tags.references(block.text) if _is_card(tag, config))
            stretches = (_Stretch(block.lines, tag.start, tag.end) for tag in tagged)
            yield next(stretches, _Stretch((Line(block.line, 1, ""),), 0, 0))


def _is_card(tag: tags.Reference, config: Config) -> bool:
    return any(page in config.card_tags for page in said_by(tag.name, is_tag=tag.is_tag))


def _lost_reviews(page: Page, blocks: Iterable[Block], tag: str) -> Iterator[Problem]:
    """Blocks with Logseq's review properties."""
    if reviews := [prop for block in blocks if (prop := _review(block)) is not None]:
        message = f"a block with review properties but no {tag}: tag it again{_counted(len(reviews))}"
        spot = tracing.trace_property(page.path, page.source, reviews[0])
        yield spot.problem(Severity.WARNING, "review-without-card", message)


def _review(block: Block) -> Property | None:
    return next((prop for prop in block.properties if prop.key in _REVIEW_KEYS), None)


@cache
def _written(card_tags: tuple[str, ...]) -> re.Pattern[str]:
    """The pattern of one of these tags."""
    names = "|".join(map(re.escape, card_tags))
    return re.compile(rf"#(?:{names})(?![\w-])|\[\[(?:{names})\]\]", re.IGNORECASE)


def _tags_in_code(blocks: Iterable[Block], config: Config) -> Iterator[_Stretch]:
    """The first tag in each block."""
    if not config.card_tags:
        return
    written = _written(config.card_tags)
    for block in blocks:
        if tag := written.search(block.text):
            yield _Stretch(block.lines, *tag.span())


def _stray_clozes(blocks: Iterable[Block]) -> Iterator[_Stretch]:
    """The first cloze in each block."""
    for block in blocks:
        for cloze in clozes.find(block.text).clozes[:1]:
            yield _Stretch(block.lines, cloze.start, cloze.end)


def _tags_in_code_above_blocks(page: Page, config: Config) -> Iterator[_Stretch]:
    """The first tag above the first block, if all tags there are in code; others are reported elsewhere."""
    text = _joined_text(page.preamble)
    if config.card_tags and not any(_is_card(tag, config) for tag in tags.references(text)):
        written = islice(_written(config.card_tags).finditer(text), 1)
        yield from (_Stretch(page.preamble, *tag.span()) for tag in written)


def _tags_above_blocks(page: Page, config: Config, *, can_ask_by_heading: bool) -> Iterator[Problem]:
    """The tags above the first block, one per line; on a page without bullets, that is all its text."""
    stretches: dict[int, _Stretch] = {}
    for tag in tags.references(_joined_text(page.preamble)):
        stretch = _Stretch(page.preamble, tag.start, tag.end)
        if _is_card(tag, config):
            stretches.setdefault(stretch.line, stretch)
    if stretches:
        first = next(line.text for line in page.preamble if line.number in stretches)
        advice = block_advice(first, page.format, can_ask_by_heading=can_ask_by_heading)
        message = f"#{card_tag(config)} outside any block makes no card: {advice}"
        yield from _counted_problem(page, stretches.values(), "card-outside-block", message)


def _joined_text(lines: Iterable[Line]) -> str:
    return "\n".join([line.text for line in lines])


def _counted_problem(page: Page, stretches: Iterable[_Stretch], rule: str, message: str) -> Iterator[Problem]:
    """One problem for all stretches, at the first of them; none if there is none."""
    if several := list(stretches):
        yield several[0].spot(page).problem(Severity.WARNING, rule, message + _counted(len(several)))


def _counted(number: int) -> str:
    return f" ({number} on this page)" if number > 1 else ""
