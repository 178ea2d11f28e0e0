"""Outside Logseq, splits paragraphs so that each question of Obsidian's Spaced Repetition is a separate block.

`question::answer` and `question:::answer` are a line, `?` and `??` are alone on a line between question and answer
paragraphs. `ways.question_mark` decides which of them are cards.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ankigen.cards import instructions
from ankigen.cards.headings import HEADING, is_bullet, level_of
from ankigen.config import Config
from ankigen.data import Block, Line, Page, Property
from ankigen.support.structs import Struct, replace
from ankigen.syntax import obsidian, spans
from ankigen.syntax.properties import without_review_comment
from ankigen.syntax.words import BOOKKEEPING, BOOKKEEPING_PREFIXES

_SIGN = re.compile(r"(?<!:)(?P<sign>:{2,3})(?!:)")
_ALONE = re.compile(r"[ \t]*(?P<sign>\?{1,2})[ \t]*")
_MASK = "\ufffc"


class Parted(Struct, frozen=True):
    """The lines of question and answer, and the sign between them; the answer may also be below."""

    question: tuple[Line, ...]
    answer: tuple[Line, ...]
    sign: str

    @property
    def is_both_ways(self) -> bool:
        """Whether there is a reverse card, too."""
        return self.sign in {":::", "??"}


def parted(lines: Sequence[Line]) -> Parted | None:
    """The sides of a question that consists of all these lines, or `None`."""
    masked = _masked(lines)
    for index, line in enumerate(masked):
        if index and (alone := _ALONE.fullmatch(line)):
            return Parted(tuple(lines[:index]), tuple(lines[index + 1 :]), alone["sign"])
    return _parted_line(lines[0], masked[0]) if len(lines) == 1 else None


def _parted_line(line: Line, masked: str) -> Parted | None:
    sign = _SIGN.search(masked)
    if sign is None or masked.lstrip().startswith("|") or _is_field(masked[: sign.start()]):
        return None
    left, right = line.text[: sign.start()].rstrip(), line.text[sign.end() :]
    if not left.strip() or not right.strip():
        return None
    answer = Line(line.number, line.column + sign.end() + len(right) - len(right.lstrip()), right.strip())
    return Parted((replace(line, text=left),), (answer,), sign["sign"])


def _is_field(before: str) -> bool:
    """Whether a bracket is open before the sign, as in `[key:: value]`, a field of another plugin."""
    return any(before.count(opening) > before.count(closing) for opening, closing in ("[]", "()"))


def _masked(lines: Sequence[Line]) -> list[str]:
    """The lines with code, formulas, links and the like masked, so that they contain no gap."""
    text = "\n".join([line.text for line in lines])
    found = spans.scan(text)
    if not found:
        return [line.text for line in lines]
    characters = list(text)
    for span in found:
        for index in range(span.start, span.end):
            characters[index] = f"{_MASK}\n" if text[index] == "\n" else _MASK
    return "".join(characters).split("\n")


def with_questions(page: Page, config: Config) -> Page:
    """The page with a separate block for each question; the text of cards with a tag is not split."""
    if not config.question_marks:
        return page
    fields, properties, reviews = _fields(page.properties, page)
    above = tuple(sorted((*page.preamble, *fields), key=lambda line: line.number))
    rest, questions = _taken_out(above, (*page.reviews, *reviews))
    blocks = [*questions, *_top_blocks(page, config)]
    return replace(page, preamble=rest, properties=properties, blocks=tuple(_with_lists(blocks, page)))


def _top_blocks(page: Page, config: Config) -> Iterator[Block]:
    is_of_card = False
    for block in page.blocks:
        is_heading = level_of(block, page) > 0
        if is_heading:
            is_of_card = instructions.instructions_of(block, config).triggers(config)
        yield from [block] if is_of_card else _split(block, page, config, is_heading=is_heading)


def _split(block: Block, page: Page, config: Config, *, is_heading: bool = False) -> Iterator[Block]:
    """A block, followed by those of the questions in its text; below a bullet they become its children."""
    if instructions.instructions_of(block, config).triggers(config):
        yield block
        return
    fields, properties, reviews = _fields(block.properties, page)
    lines = tuple(sorted((*block.lines, *fields), key=lambda line: line.number))
    rest, questions = _taken_out(lines, (*block.reviews, *reviews))
    children = tuple(inner for child in block.children for inner in _split(child, page, config))
    given = [review for question in questions for review in question.reviews]
    left = tuple(review for review in block.reviews if review not in given)
    block = replace(block, properties=properties)
    if questions and (not rest or questions[0].line == block.line):
        own, *questions = questions
        block = replace(block, lines=own.lines, reviews=(*own.reviews, *left))
        questions += [_block(rest)] if rest else []
    else:
        block = replace(block, lines=rest, reviews=left)
    if is_heading:
        yield replace(block.with_children(children), last_line=block.lines[-1].number if questions else block.last_line)
        yield from questions
    else:
        yield block.with_children((*questions, *children))


def _fields(
    properties: Iterable[Property], page: Page
) -> tuple[tuple[Line, ...], tuple[Property, ...], tuple[Property, ...]]:
    """The lines that only look like properties, all other properties, and reviews among them."""
    lines, kept, reviews = [], [], []
    for prop in properties:
        written, review = without_review_comment(obsidian.as_shown(page.source[prop.line - 1]), prop.line)
        text = written.lstrip(" \t").removeprefix("- ")
        if "::" in text and prop.value and not (prop.key in BOOKKEEPING or prop.key.startswith(BOOKKEEPING_PREFIXES)):
            lines.append(Line(prop.line, len(written) - len(text) + 1, text))
            reviews += [review] if review else []
        else:
            kept.append(prop)
    return tuple(lines), tuple(kept), tuple(reviews)


def _taken_out(lines: tuple[Line, ...], reviews: Sequence[Property]) -> tuple[tuple[Line, ...], list[Block]]:
    """The lines that belong to no question, and a block for each question, with the reviews in it or right below it."""
    masked = _masked(lines)
    taken: list[tuple[int, int]] = []
    for index, line in enumerate(masked):
        end = taken[-1][1] if taken else 0
        if index > end and _ALONE.fullmatch(line) and masked[index - 1].strip():
            begin = index
            while begin > end and masked[begin - 1].strip() and not (begin < index and HEADING.match(masked[begin])):
                begin -= 1
            taken.append((begin, _end_of_paragraph(masked, index + 1)))
    within = {index for begin, end in taken for index in range(begin, end)}
    singles = [
        (index, index + 1)
        for index, line in enumerate(masked)
        if "::" in line and index not in within and _parted_line(lines[index], line)
    ]
    every = sorted([*taken, *singles])
    held = {index for begin, end in every for index in range(begin, end)}
    rest = tuple(line for index, line in enumerate(lines) if index not in held)
    return instructions.filled(rest), [_block(lines[begin:end], reviews) for begin, end in every]


def _end_of_paragraph(masked: Sequence[str], begin: int) -> int:
    """Where the contiguous lines end; code has no gaps."""
    return next((index for index in range(begin, len(masked)) if not masked[index].strip()), len(masked))


def _block(lines: Sequence[Line], reviews: Iterable[Property] = ()) -> Block:
    first, last = lines[0].number, lines[-1].number
    its_reviews = tuple(review for review in reviews if first <= review.line <= last + 1)
    return Block(first, last, 1, tuple(lines), reviews=its_reviews)


def _with_lists(blocks: Sequence[Block], page: Page) -> Iterator[Block]:
    """The blocks, with a list directly after a question's final sign nested in it as its answer."""
    index = 0
    while index < len(blocks):
        block = blocks[index]
        index += 1
        answers = []
        if block.lines and not block.children and _ALONE.fullmatch(block.lines[-1].text):
            while index < len(blocks) and _follows(blocks[index], page):
                answers.append(blocks[index])
                index += 1
        yield block.with_children(tuple(answers)) if answers else block


def _follows(block: Block, page: Page) -> bool:
    """Whether a block is a bullet without a gap above it."""
    above = page.source[block.line - 2] if block.line > 1 else ""
    return bool(above.strip()) and is_bullet(block, page)
