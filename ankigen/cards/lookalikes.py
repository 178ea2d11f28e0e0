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


def second_cards(
    page: Page, blocks: Iterable[Block], config: Config, *, can_ask_by_heading: bool = False
) -> Iterator[Problem]:
    """What would be a card of its own, if it were not a further line of one of these blocks, which are cards."""
    if several := [stretch for block in blocks for stretch in _further_tags(block, config)]:
        number = several[0].line
        line = next(line.text for line in several[0].lines if line.number == number)
        advice = block_advice(line, page.format, can_ask_by_heading=can_ask_by_heading)
        message = f"#{card_tag(config)} on a second line of a block, which is one card: for another, {advice}"
        yield from _counted_problem(page, several, "card-twice", message)


def _further_tags(block: Block, config: Config) -> Iterator[_Stretch]:
    """The first tag of each line but the first that has one; a line of nothing but tags asks nothing."""
    text = block.text
    if "\n" not in text or text.count("#") == 1:
        return
    tagged: dict[int, list[tags.Reference]] = {}
    for tag in tags.references(text):
        tagged.setdefault(text.count("\n", 0, tag.start), []).append(tag)
    on_lines = {number: list(_asking(found, config)) for number, found in tagged.items()}
    for number in [number for number, found in on_lines.items() if found][1:]:
        if _says_more(block.lines[number].text, [text[tag.start : tag.end] for tag in tagged[number]]):
            first = on_lines[number][0]
            yield _Stretch(block.lines, first.start, first.end)


def _asking(found: Iterable[tags.Reference], config: Config) -> Iterator[tags.Reference]:
    """The tags that make a card; a link to the page of cards is more often a part of the text."""
    yield from (tag for tag in found if tag.is_tag and _is_card(tag, config))


def _says_more(line: str, written: Iterable[str]) -> bool:
    for tag in written:
        line = line.replace(tag, "", 1)
    return any(sign.isalnum() for sign in line)


def _joined_text(lines: Iterable[Line]) -> str:
    return "\n".join([line.text for line in lines])


def _counted_problem(page: Page, stretches: Iterable[_Stretch], rule: str, message: str) -> Iterator[Problem]:
    """One problem for all stretches, at the first of them; none if there is none."""
    if several := list(stretches):
        yield several[0].spot(page).problem(Severity.WARNING, rule, message + _counted(len(several)))


def _counted(number: int) -> str:
    return f" ({number} on this page)" if number > 1 else ""
