"""Multiple choice: the answers of a card are check boxes, and the ticked ones are right.

A box is a block that begins with `[x]` or `[ ]`, one with a Logseq task word (`DONE` is right), or such a list item in
the text of a block. All other blocks below the question explain the answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set

from ankigen.cards import instructions, pointers
from ankigen.cards.question_and_answer import Sides
from ankigen.config import Config
from ankigen.data import Block, CardBlock, Choice, Choices, Direction, Format, Line, Page, Problem, Severity, Spot
from ankigen.support.normal_forms import comparable
from ankigen.support.structs import replace
from ankigen.syntax import clozes, spans, tracing

IN_ORDER_TAG = "no-shuffle"
_BOX = re.compile(r"[ \t]*\[(?P<state>[ xX])\][ \t]+(?=\S)")
_ITEM = re.compile(rf"(?P<indent>[ \t]*)(?:[-+*]|\d{{1,9}}[.)])[ \t]+{_BOX.pattern}")
_TASKS = {"DONE": True, "TODO": False, "LATER": False, "NOW": False, "DOING": False}
_TASK_BEFORE = re.compile(rf"(?:^|[ \t])(?P<word>{'|'.join(_TASKS)})[ \t]+(?:\[#.\][ \t]+)?\Z")
_HEADING = re.compile(r"#+[ \t]+")
_FEWEST = 2


def choosing(card: CardBlock, sides: Sides, pages: Set[str], config: Config) -> tuple[CardBlock, list[Problem]]:
    """The card with its choices, if any, and their problems; `pages` are the keys of its instructions.

    With the tag a card is always a choice; by its boxes alone only if it hides nothing.
    """
    is_asked = instructions.CHOICE in pages
    if not is_asked and (not config.choice_from_boxes or card.is_hiding):
        return card, []
    question, answer = _with_items(sides, card.page)
    options = [Choice(block, state) for block in answer if (state := _state(block, card.page)) is not None]
    boxes = sum(_BOX.match(choice.block.text) is not None for choice in options)
    if (len(options) if is_asked else boxes) < _FEWEST:
        return card, [_too_few(card, len(options))] if is_asked else []
    shown = tuple(replace(choice, block=clozes.plain_block(_with_box(choice, card.page))) for choice in options)
    explanation = tuple(clozes.plain_block(block) for block in answer if _state(block, card.page) is None)
    problems = [*_faults(card, options, shown), *_ignored(card)]
    choices = Choices(shown, explanation, is_shuffled=IN_ORDER_TAG not in pages)
    return _as_choice(card, Sides(question, answer, sides.extra), choices), problems


def _as_choice(card: CardBlock, sides: Sides, choices: Choices) -> CardBlock:
    """The card without what a choice cannot have: clozes, reverse cards, typed answers."""
    return replace(
        card,
        question=clozes.plain_text(sides.question.text),
        question_lines=sides.question.lines,
        wording=clozes.plain_text(sides.question.text),
        answer=tuple(clozes.plain_block(block) for block in sides.answer),
        extra=sides.extra,
        direction=Direction.FORWARD,
        is_typed=False,
        is_incremental=False,
        clozes=(),
        choices=choices,
    )


def unheard(card: CardBlock, pages: Set[str]) -> Iterator[Problem]:
    """A problem for `#choice` on a card that already has another kind."""
    if instructions.CHOICE in pages:
        kind = f"of the note type {card.own.name}" if card.own else "a picture with hidden parts"
        message = f"a card that is {kind} is no choice: take #choice away"
        yield pointers.choice_spot(card).problem(Severity.WARNING, "choice-direction", message)


def _too_few(card: CardBlock, count: int) -> Problem:
    has = "has one check box" if count else "has no check boxes"
    advice = "write two or more below it, [x] for those that are right, or take #choice away"
    message = f"a choice {has}, so it is a card like any other: {advice}"
    return pointers.choice_spot(card).problem(Severity.WARNING, "choice-one", message)


def _faults(card: CardBlock, options: Sequence[Choice], shown: Sequence[Choice]) -> Iterator[Problem]:
    if not any(choice.is_right for choice in options):
        message = "no choice is right: write [x] in front of those that are"
        yield pointers.choice_spot(card).problem(Severity.ERROR, "choice-no-right", message)
    seen: set[str] = set()
    for choice, written in zip(shown, options, strict=True):
        text = comparable(_BOX.sub("", choice.block.text, count=1)).casefold()
        if text in seen:
            message = "this choice says the same as one above it: reword or remove it"
            yield _spot(card, written.block).problem(Severity.WARNING, "choice-twice", message)
        seen.add(text)
        if _has_boxes_within(written.block, card.page):
            message = "boxes below a box are no choices, and are shown with the answer alone: move them up"
            yield _spot(card, written.block).problem(Severity.WARNING, "choice-nested", message)


def _ignored(card: CardBlock) -> Iterator[Problem]:
    """A problem for all options of the card that a choice ignores."""
    words = [
        *(["its direction"] if card.direction is not Direction.FORWARD else []),
        *(["#type-in"] if card.is_typed else []),
        *(["#incremental"] if card.is_incremental else []),
        *(["what its clozes hide"] if card.clozes and not card.is_incremental else []),
    ]
    if words:
        verb = "are" if len(words) > 1 else "is"
        message = f"a choice is asked forwards, by its boxes: {' and '.join(words)} {verb} left out: take it away"
        yield pointers.choice_spot(card).problem(Severity.WARNING, "choice-direction", message)


def _has_boxes_within(block: Block, page: Page) -> bool:
    return any(_ITEM.match(line.text) for line in block.lines[1:]) or any(
        _state(inner, page) is not None or any(_ITEM.match(line.text) for line in inner.lines)
        for child in block.children
        for inner in child.walk()
    )


def _state(block: Block, page: Page) -> bool | None:
    """Whether a block is a ticked box; `None` if it is not a box."""
    if box := _BOX.match(block.text):
        return box["state"] != " "
    word, _ = _task(block, page)
    return _TASKS.get(word)


def _task(block: Block, page: Page) -> tuple[str, str]:
    """The task word that was cut out of a block's first line, and the rest of that line.

    If it was after the marks of a heading, these remain in front of the text.
    """
    if not block.lines or block.lines[0].number != block.line or block.line > len(page.source):
        return "", ""
    written, first = page.source[block.line - 1], block.lines[0]
    heading = _HEADING.match(first.text)
    for cut in (0, heading.end() if heading else 0):
        if task := _TASK_BEFORE.search(written[: first.column - 1 + cut]):
            return task["word"], first.text[cut:]
    return "", ""


def _with_box(choice: Choice, page: Page) -> Block:
    """A choice that begins with a box, however it was written: after a box, nothing begins a list or a quote."""
    block = choice.block
    if _BOX.match(block.text):
        return block
    first, *rest = block.lines
    _, text = _task(block, page)
    return block.with_lines((replace(first, text=f"[{'x' if choice.is_right else ' '}] {text}"), *rest))


def _with_items(sides: Sides, page: Page) -> tuple[Block, tuple[Block, ...]]:
    """Question and answers, with a separate block for each box in a list in their texts."""
    first, *items = _split(sides.question)
    answer = [
        part
        for block in sides.answer
        for part in (_split(block) if _state(block, page) is None else _ended(block, page))
    ]
    return first, (*items, *(block for block in answer if block.lines or block.children))


def _ended(block: Block, page: Page) -> list[Block]:
    """A box, and the text after its list in Markdown: a paragraph that is not indented more than the bullet."""
    lines = block.lines
    if page.format is Format.ORG or len(lines) == 1 or lines[-1].number > len(page.source):
        return [block]
    margin = _indent(page.source[block.line - 1])
    gaps = (index for index in range(1, len(lines)) if not lines[index - 1].text.strip() and lines[index].text.strip())
    end = next((index for index in gaps if _indent(page.source[lines[index].number - 1]) <= margin), None)
    if end is None:
        return [block]
    behind = lines[end:]
    rest = Block(behind[0].number, behind[-1].number, block.level, behind)
    return [block.with_lines(instructions.filled(lines[:end])), rest]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


def _split(block: Block) -> list[Block]:
    """The text of a block before a list of boxes, each box, and the text after; the block if there is no list.

    The children of the block stay below the text before the list.
    """
    begin = next((index for index in _outside(block) if _ITEM.match(block.lines[index].text)), None)
    if begin is None:
        return [block]
    parts: list[list[Line]] = []
    rest: list[Line] = []
    indent = 0
    for line in block.lines[begin:]:
        item = _ITEM.match(line.text)
        inset = _indent(line.text)
        if item and (not parts or inset <= indent) and not rest:
            indent = inset
            start = item.start("state") - 1
            parts.append([Line(line.number, line.column + start, line.text[start:])])
        elif not rest and (inset > indent or not line.text.strip()):
            parts[-1].append(
                Line(line.number, line.column + min(inset, indent + 2), line.text[min(inset, indent + 2) :])
            )
        else:
            rest.append(line)
    before = block.with_lines(instructions.filled(block.lines[:begin]))
    texts = [instructions.filled(tuple(lines)) for lines in (*parts, rest)]
    return [before, *(Block(lines[0].number, lines[-1].number, 1, lines) for lines in texts if lines)]


def _outside(block: Block) -> Iterator[int]:
    """The indexes of lines that are not in code, a formula or the like."""
    found = sorted(spans.scan(block.text), key=lambda span: span.start, reverse=True)
    offset = reached = 0
    for index, line in enumerate(block.lines):
        while found and found[-1].start < offset:
            reached = max(reached, found.pop().end)
        if offset >= reached:
            yield index
        offset += len(line.text) + 1


def _spot(card: CardBlock, block: Block) -> Spot:
    origin = tracing.Origin(card.page.path, card.page.source, block.lines)
    return tracing.trace(origin, block.text, 0, len(block.text))
