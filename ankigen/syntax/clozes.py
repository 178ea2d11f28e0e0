"""Finds the clozes of a card, with number and hint, and marks them for rendering.

The many cloze syntaxes of Logseq and its plugin become marks with a number, which `render` turns into Anki's.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import TypeVar

from ankigen.data import Block, ClozeAnswer, ClozeSyntax, Line, Markdown
from ankigen.support.normal_forms import unquoted
from ankigen.support.structs import Struct
from ankigen.syntax import bounded_patterns
from ankigen.syntax.bounds import DEEPEST_TEXT, MOST_PATTERNS
from ankigen.syntax.cloze_grammar import CLOZE_ANSWER, CLOZE_CLOSE, CLOZE_HINT, CLOZE_OPEN
from ankigen.syntax.spans import Kind, Span, clean, scan
from ankigen.syntax.words import CODE_BLOCKS, OPAQUE_BLOCKS

LARGEST_NUMBER = 500
_UNCLOSED = re.compile(r"(?<!\\)\{\{(?:(?:cloze|c)\d*(?:,\d+)*(?:::|\s)|(?P<parted>c\d+,[\d, ]*::))")
_MISSPELT = re.compile(r"(?:[cC]loze|[cC])\d*:|C\d+(?:::)?|C[Ll][Oo][Zz][Ee]\d*", re.ASCII)
_TRANSPARENT = {Kind.MATH, Kind.DISPLAY, Kind.ENVIRONMENT, Kind.CLOZE, Kind.HIDDEN, Kind.BLOCK}
_REACHED = _TRANSPARENT | {Kind.CODE, Kind.FENCE}
_CLOZE_BLOCK = "CLOZE"
_OF_CODE = frozenset({Kind.CODE, Kind.FENCE})
_OF_NAMES = frozenset({Kind.PAGE, Kind.TARGET, Kind.MACRO, Kind.HICCUP})
_HELD = re.compile(r"\{\{(?:cloze\d*\s|c\d+(?:::|\s))[^\n]*?\}\}", re.ASCII)
"""A cloze in text where clozes are not read."""
_ITEM = re.compile(r"'(?P<text>(?:\\.|[^'\\])*)'|/(?P<pattern>(?:\\.|[^/\\])+)/(?P<flags>[a-z]*)")
_ESCAPED_QUOTE = re.compile(r"\\(?P<quote>['\"])")
_FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL}


class ClozeSpan(Struct, frozen=True):
    """A cloze in a text, by offsets: `start` to `end` with its marks, the answer in between.

    `numbers` are the author's; clozes of one `group` share a number (the matches of one item of `replacecloze::`).
    """

    start: int
    end: int
    answer_start: int
    answer_end: int
    hint: str = ""
    numbers: tuple[int, ...] = ()
    group: int | None = None


class BrokenCloze(Struct, frozen=True):
    """Text that looks like a cloze but hides nothing, from `start` to `end`.

    One `is_in_code` can be hidden by `replacecloze`; one that `is_quoted`, in inline code, may be intended.
    """

    start: int
    end: int
    message: str
    is_in_code: bool = False
    is_quoted: bool = False


class FoundClozes(Struct, frozen=True):
    """The clozes of one text in reading order, and text that only looks like one.

    `slow` are the items of `replacecloze` that were given up.
    """

    clozes: tuple[ClozeSpan, ...]
    broken: tuple[BrokenCloze, ...] = ()
    slow: tuple[str, ...] = ()


DEFAULTS = ClozeSyntax()
_Stretch = TypeVar("_Stretch", ClozeSpan, Span)


class CardText(Struct, frozen=True):
    """A text of a card that may have clozes, and its lines in the file."""

    text: str
    lines: tuple[Line, ...]


class ClozeMistake(Struct, frozen=True):
    """A broken cloze and its text."""

    text: CardText
    broken: BrokenCloze


_NOTHING = FoundClozes(())


def find(text: str, syntax: ClozeSyntax = DEFAULTS) -> FoundClozes:
    """Find the clozes of one text."""
    written = _written_clozes(text, syntax.colons) if _may_hide(text) else _NOTHING
    return _with_replacements(text, written, syntax.replaced, syntax.hints) if syntax.replaced else written


def _may_hide(text: str) -> bool:
    """Whether the text may have a cloze or something like one."""
    return "{{" in text or "#+" in text


@lru_cache(maxsize=8192)
def _written_clozes(text: str, colons: str) -> FoundClozes:
    """The clozes written in the text; cached, because notes are made after all cards are found."""
    broken: list[BrokenCloze] = []
    clozes = tuple(_clozes(text, 0, colons, broken, 1))
    return FoundClozes(clozes, tuple(sorted(broken, key=lambda mistake: mistake.start)))


def answers(question: str, blocks: Sequence[Block], syntax: ClozeSyntax = DEFAULTS) -> tuple[ClozeAnswer, ...]:
    """The cloze answers of a card, in reading order.

    All matches of one item of `replacecloze` count once; a cloze with several numbers counts once for each.
    """
    by_unit: dict[int, ClozeAnswer] = {}
    for text, cloze, units in _units(question, blocks, syntax):
        numbers = cloze.numbers or (None if syntax.each else 1,)
        for unit, number in zip(units, numbers, strict=True):
            by_unit.setdefault(unit, ClozeAnswer(text[cloze.answer_start : cloze.answer_end], number))
    return tuple(by_unit.values())


def mark(
    question: str, blocks: Sequence[Block], numbers: Sequence[int], syntax: ClozeSyntax = DEFAULTS
) -> tuple[Markdown, tuple[Block, ...]]:
    """Mark all clozes of a card for rendering; `numbers` are those of its `answers`."""
    texts = _texts(question, blocks)
    coming = iter([",".join(str(numbers[unit]) for unit in units) for _, _, units in _units(question, blocks, syntax)])
    marked = [_marked(text, find(text, syntax).clozes, coming) for text in texts]
    rest = iter(marked[1:])
    return Markdown(marked[0]), tuple(_with_texts(block, rest) for block in blocks)


def mistakes(question: CardText, blocks: Sequence[Block], syntax: ClozeSyntax = DEFAULTS) -> Iterator[ClozeMistake]:
    """Text that looks like a cloze but hides nothing.

    In code it counts unless `replacecloze` matches there; in inline code only if the card has no other clozes.
    """
    texts = [
        (text, _written_clozes(text.text, syntax.colons)) for text in texts_of(question, blocks) if _may_hide(text.text)
    ]
    is_hiding = any(written.clozes for _, written in texts)
    for text, written in texts:
        for broken in written.broken:
            if not (broken.is_in_code and syntax.replaced) and not (broken.is_quoted and is_hiding):
                yield ClozeMistake(text, broken)


def invalid_patterns(replaced: str) -> list[str]:
    """The invalid items of a `replacecloze`, as written."""
    return [item[0] for item in islice(_ITEM.finditer(replaced), MOST_PATTERNS) if _pattern(item) is None]


def slow_patterns(question: CardText, blocks: Sequence[Block], syntax: ClozeSyntax) -> Iterator[str]:
    """The items that were given up because they take too many steps, and the first one beyond the limit."""
    texts = texts_of(question, blocks) if syntax.replaced else ()
    yield from dict.fromkeys(item for text in texts for item in find(text.text, syntax).slow)
    yield from (item[0] for item in islice(_ITEM.finditer(syntax.replaced), MOST_PATTERNS, MOST_PATTERNS + 1))


def texts_of(question: CardText, blocks: Iterable[Block]) -> Iterator[CardText]:
    """The texts of a card, in reading order."""
    yield CardText(clean(question.text), question.lines)
    for outermost in blocks:
        for block in outermost.walk():
            yield CardText(clean(block.text), block.lines)


def _texts(question: str, blocks: Iterable[Block]) -> list[str]:
    texts = [clean(question)]
    for block in blocks:
        texts += [clean(inner.text) for inner in block.walk()] if block.children else [clean(block.text)]
    return texts


def _units(question: str, blocks: Iterable[Block], syntax: ClozeSyntax) -> Iterator[tuple[str, ClozeSpan, range]]:
    """Each cloze with its text, and its indexes in a count of clozes in which a group has one index."""
    texts = _texts(question, blocks)
    yield from ((texts[index], cloze, units) for index, cloze, units in _counted(texts, syntax))


def _counted(texts: Sequence[str], syntax: ClozeSyntax) -> Iterator[tuple[int, ClozeSpan, range]]:
    """Each cloze with the index of its text, and its indexes in the count."""
    groups: dict[int, int] = {}
    count = 0
    for index, text in enumerate(texts):
        for cloze in find(text, syntax).clozes:
            unit = count if cloze.group is None else groups.setdefault(cloze.group, count)
            units = range(unit, unit + max(len(cloze.numbers), 1))
            count = max(count, units.stop)
            yield index, cloze, units


def spans_of(
    question: CardText, blocks: Sequence[Block], syntax: ClozeSyntax
) -> Iterator[tuple[CardText, ClozeSpan, range]]:
    """Each cloze of a card with its text, and its indexes in `answers`."""
    texts = list(texts_of(question, blocks))
    yield from ((texts[index], cloze, units) for index, cloze, units in _counted([text.text for text in texts], syntax))


def plain_text(text: str) -> Markdown:
    """The text with its clozes shown."""
    clozes = find(text).clozes
    if not clozes:
        return Markdown(text)
    edits = [(cloze.start, cloze.answer_start, "") for cloze in clozes]
    return Markdown(_with_edits(text, [*edits, *((cloze.answer_end, cloze.end, "") for cloze in clozes)]))


def plain_block(block: Block) -> Block:
    """The block and all below it with their clozes shown."""
    texts = block.texts()
    shown = [plain_text(text) for text in texts]
    return block if shown == texts else _with_texts(block, iter(shown))


# Finding.


def _clozes(text: str, offset: int, colons: str, broken: list[BrokenCloze], level: int) -> Iterator[ClozeSpan]:
    """The clozes of a text at an offset into the whole, at this level of nested texts."""
    position = 0
    for span in scan(text, colons):
        _look_for_unclosed(text, position, span.start, offset, broken)
        position = span.end
        yield from _clozes_of(text, span, offset, colons, broken, level)
    _look_for_unclosed(text, position, len(text), offset, broken)


def _clozes_of(
    text: str, span: Span, offset: int, colons: str, broken: list[BrokenCloze], level: int
) -> Iterator[ClozeSpan]:
    if span.kind is Kind.MACRO and _MISSPELT.fullmatch(span.name):
        message = "this is no cloze: write {{cloze answer}} or {{c1::answer}}"
        broken.append(BrokenCloze(offset + span.start, offset + span.end, message))
    if span.kind not in _TRANSPARENT or (span.kind is Kind.BLOCK and span.name in OPAQUE_BLOCKS):
        broken += _held_clozes(text, span, offset)
        return
    start, end = span.inner
    if span.kind is Kind.CLOZE or (span.kind is Kind.BLOCK and span.name == _CLOZE_BLOCK):
        message = _mistake_in(text[start:end], span.name if span.kind is Kind.CLOZE else "")
        if message:
            broken.append(BrokenCloze(offset + span.start, offset + span.end, message))
            return
        hint = text[slice(*span.hint)] if span.hint else ""
        chosen = tuple(map(int, span.name.split(","))) if span.kind is Kind.CLOZE and span.name else ()
        yield ClozeSpan(offset + span.start, offset + span.end, offset + start, offset + end, hint, chosen)
    inner = text[start:end]
    if not _may_hide(inner):
        return
    if level < DEEPEST_TEXT:
        yield from _clozes(inner, offset + start, colons, broken, level + 1)
    elif "{{c" in inner:
        message = f"this cloze is nested deeper than {DEEPEST_TEXT} levels, and hides nothing: take it out"
        at = offset + start + inner.index("{{c")
        broken.append(BrokenCloze(at, at + len(inner[inner.index("{{c") :].partition("\n")[0]), message))


def _held_clozes(text: str, span: Span, offset: int) -> Iterator[BrokenCloze]:
    """The clozes in a span whose text is shown, but in which clozes are not read."""
    is_code = span.kind in _OF_CODE or (span.kind is Kind.BLOCK and span.name in CODE_BLOCKS)
    if not is_code and span.kind not in _OF_NAMES:
        return
    what = "code" if is_code else "a link, reference or macro"
    advice = "name what to hide in replacecloze:: on the block" if is_code else "write the cloze around the whole of it"
    for held in _HELD.finditer(text, *span.inner):
        message = f"a cloze within {what} hides nothing: {advice}"
        yield BrokenCloze(offset + held.start(), offset + held.end(), message, is_code, span.kind is Kind.CODE)


def _mistake_in(answer: str, numbers: str) -> str:
    if not answer.strip():
        return "this cloze hides nothing: write the answer before }}"
    if numbers and not all(map(_is_countable, numbers.split(","))):
        return f"Anki counts clozes from 1 to {LARGEST_NUMBER}: choose such a number"
    return ""


def _is_countable(digits: str) -> bool:
    """Whether Anki makes a card for that number."""
    return len(digits.lstrip("0")) <= 3 and 1 <= int(digits) <= LARGEST_NUMBER


def _look_for_unclosed(text: str, start: int, end: int, offset: int, broken: list[BrokenCloze]) -> None:
    if text.find("{{", start, end) >= 0:
        openers = list(_UNCLOSED.finditer(text, start, end))
        limits = [*(opener.start() for opener in openers[1:]), end]
        for opener, limit in zip(openers, limits, strict=False):
            stop = opener.start() + len(text[opener.start() : limit].partition("\n")[0].rstrip())
            is_parted = opener["parted"] is not None
            message = "write several numbers as in {{c1,2::answer}}" if is_parted else "close it with }}"
            message = f"this cloze {'hides nothing' if is_parted else 'does not end'}: {message}"
            broken.append(BrokenCloze(offset + opener.start(), offset + stop, message))


def _with_replacements(text: str, written: FoundClozes, replaced: str, hints: str) -> FoundClozes:
    """Add the matches of `replacecloze`: also in code and mathematics, but not across another cloze's marks."""
    spans = scan(text)
    clozes, slow = list(written.clozes), []
    waiting_hints = [unquoted(hint) for hint in unquoted(hints).split(",")]
    items = list(islice(_ITEM.finditer(replaced), MOST_PATTERNS))
    for group, item in enumerate(items):
        pattern = _pattern(item)
        stretches = bounded_patterns.find_all(pattern, text, len(items)) if pattern else ()
        if stretches is None:
            slow.append(item[0])
            continue
        hint = waiting_hints[group] if group < len(waiting_hints) else ""
        new = [ClozeSpan(*found, *found, hint, group=group) for found in stretches if text[slice(*found)].strip()]
        neighbours = zip(_overlapping(new, clozes), _overlapping(new, spans), strict=True)
        clozes += [
            cloze
            for cloze, (old, around) in zip(new, neighbours, strict=True)
            if all(_are_apart(cloze, other) for other in old) and _is_whole(cloze, around)
        ]
        clozes.sort(key=lambda cloze: (cloze.start, -cloze.end))
    return FoundClozes(tuple(clozes), written.broken, tuple(slow))


def _overlapping(stretches: Sequence[ClozeSpan], others: Sequence[_Stretch]) -> Iterator[list[_Stretch]]:
    """For each stretch the others that overlap it.

    Both are in reading order. The stretches do not overlap each other, the others may be nested.
    """
    waiting: list[_Stretch] = []
    coming = 0
    for stretch in stretches:
        while coming < len(others) and others[coming].start < stretch.end:
            waiting.append(others[coming])
            coming += 1
        waiting = [other for other in waiting if other.end > stretch.start]
        yield waiting


def _is_whole(new: ClozeSpan, spans: Iterable[Span]) -> bool:
    """Whether the match does not split code, a formula or a reference."""
    for span in spans:
        is_within = span.kind in _REACHED and span.inner[0] <= new.start and new.end <= span.inner[1]
        is_around = new.start <= span.start and span.end <= new.end
        if not (is_within or is_around or new.end <= span.start or span.end <= new.start):
            return False
    return True


def _pattern(item: re.Match[str]) -> re.Pattern[str] | None:
    if item["pattern"] is None:
        return re.compile(re.escape(_ESCAPED_QUOTE.sub(r"\g<quote>", item["text"]))) if item["text"] else None
    try:
        flags = [_FLAGS.get(flag, re.NOFLAG) for flag in item["flags"]]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # Python would print it beside the problems
            return re.compile(_ESCAPED_QUOTE.sub(r"\g<quote>", item["pattern"]), sum(flags, re.NOFLAG))
    except re.error:
        return None


def _are_apart(new: ClozeSpan, old: ClozeSpan) -> bool:
    """Whether the new cloze is outside the old one, fully in its answer, or around it."""
    return (
        new.end <= old.start
        or new.start >= old.end
        or (old.answer_start <= new.start and new.end <= old.answer_end and old.group is None)
        or (new.start <= old.start and new.end >= old.end and (new.start, new.end) != (old.start, old.end))
    )


# Marking.


def _marked(text: str, clozes: Iterable[ClozeSpan], numbers: Iterator[str]) -> str:
    edits: list[tuple[int, int, str]] = []
    for cloze in clozes:
        hint = f"{CLOZE_HINT}{cloze.hint}" if cloze.hint else ""
        edits += [
            (cloze.start, cloze.answer_start, f"{CLOZE_OPEN}{next(numbers)}{CLOZE_ANSWER}"),
            (cloze.answer_end, cloze.end, f"{hint}{CLOZE_CLOSE}"),
        ]
    return _with_edits(text, edits)


def _with_edits(text: str, edits: Iterable[tuple[int, int, str]]) -> str:
    """Replace stretches of the text; equal positions keep their order, in which earlier clozes are closed."""
    parts = []
    position = 0
    for start, end, new in sorted(edits, key=lambda edit: edit[:2]):
        parts += [text[position:start], new]
        position = max(position, end)
    return "".join([*parts, text[position:]])


def _with_texts(block: Block, texts: Iterator[str]) -> Block:
    """The block with its own and its descendants' texts replaced, in reading order."""
    text = next(texts)
    edited = block if text == block.text else block.with_lines(tuple(_numbered_lines(text, block)))
    if not block.children:
        return edited
    return edited.with_children(tuple(_with_texts(child, texts) for child in block.children))


def _numbered_lines(text: str, block: Block) -> Iterator[Line]:
    """The lines of a text that replaces a block's."""
    numbers = [line.number for line in block.lines] or [block.line]
    for index, line in enumerate(text.split("\n")):
        yield Line(numbers[min(index, len(numbers) - 1)], 1, line)


# What Anki finds.

_TOKEN = re.compile(r"\{\{c(?P<numbers>[0-9,]+)::|\}\}")
_DEEPEST = 10


def card_numbers(field: str) -> tuple[int, ...]:
    """The cloze numbers that Anki finds in a finished field; each makes a card."""
    numbers: set[int] = set()
    waiting: list[set[int]] = []
    for written in _TOKEN.findall(field):
        if written:
            if len(waiting) < _DEEPEST:
                waiting.append({int(digits) for digits in written.split(",") if digits and _is_countable(digits)})
        elif waiting:
            closed = waiting.pop()
            (waiting[-1] if waiting else numbers).update(closed)
    return tuple(sorted(numbers))
