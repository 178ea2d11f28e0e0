"""Finds the spans of a text in which no other mark counts: code, mathematics, macros, references.

One pass from left to right, in linear time: the first opening mark wins. Nothing raises; unclosed marks are text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from enum import Enum, auto
from functools import lru_cache

from ankigen.support.structs import Struct
from ankigen.syntax import html_tags
from ankigen.syntax.cloze_grammar import (
    CLOZE_ANSWER,
    CLOZE_CLOSE,
    CLOZE_HINT,
    CLOZE_OPEN,
    PLAIN_CLOZE,
    SEVERAL_NUMBERS,
    answer_and_hint,
    cloze_number,
    trimmed,
)
from ankigen.syntax.nearest import Nearest
from ankigen.syntax.words import ANY_UUID, PAGE_NAME

DEEPEST_MACRO = 8
_NEVER_SHOWN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


class Kind(Enum):
    """The kinds of spans."""

    FENCE = auto()
    CODE = auto()
    MATH = auto()
    DISPLAY = auto()
    ENVIRONMENT = auto()
    CLOZE = auto()
    MACRO = auto()
    HIDDEN = auto()
    BLOCK = auto()
    TARGET = auto()
    PAGE = auto()
    BLOCK_REFERENCE = auto()
    URL = auto()
    RUBY = auto()
    HICCUP = auto()
    COMMENT = auto()
    DECLARATION = auto()
    HTML = auto()


class Span(Struct, frozen=True):
    """A stretch of a text, by offsets; `inner` is the text between its marks.

    `name` is the language of a fence, the name of a macro, block (in upper case), environment or HTML element (in lower
    case), or the number of a cloze, several separated by commas.
    `hint` is shown in place of a cloze's answer, `lead` are the quote or list marks before a fence, `options` is the
    text after the name of a block.
    """

    kind: Kind
    start: int
    end: int
    inner: tuple[int, int]
    name: str = ""
    hint: tuple[int, int] | None = None
    lead: str = ""
    options: str = ""


def is_printable(text: str) -> bool:
    """Whether the lines of a text contain only harmless characters."""
    return text.isprintable() or text.replace("\n", "").isprintable()


def is_shown(character: str) -> bool:
    """Whether a text may contain the character."""
    return _NEVER_SHOWN.fullmatch(character) is None


def clean(text: str) -> str:
    """The text without characters that must not reach Anki: control characters, lone surrogates, noncharacters."""
    if is_printable(text):
        return text
    return _NEVER_SHOWN.sub("", text)


_LINE_OPENER = re.compile(
    r"""
    (?P<lead>[ \t]*(?:(?:>|[*+]|\d{1,9}[.)])[ \t]+|>)*)(?P<fence>`{3,}|~{3,})(?P<info>[^`\n]*)$
    | [ \t]*\#\+(?i:BEGIN)_(?P<block>\w+)(?P<options>[^\n]*)$
    | (?P<definition>[ ]{0,3}\[(?!\^)(?P<label>[^\]\n]+)\]:[ \t]+\S+)
    """,
    re.VERBOSE | re.MULTILINE,
)
_EMAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*"
_OPENER = re.compile(
    rf"""
    \\begin\{{(?P<environment>[A-Za-z]+\*?)\}}
    | (?P<tex>\\[(\[])
    | (?P<escape>\\[!-/:-@\[-`{{-~])
    | (?P<ticks>`+)
    | (?P<dollars>\${{1,2}})
    | (?P<macro>\{{\{{\{{?(?=[A-Za-z]))
    | (?P<ruby>\{{(?=[^{{}}|\n]*\|[^{{}}\n]*\}}))
    | (?P<brace>[{{}}])
    | (?P<target>\]\()
    | (?P<page>\#?\[\[)
    | (?P<reference>\(\((?P<id>{ANY_UUID})\)\))
    | (?P<hiccup>\[:(?P<element>[A-Za-z][A-Za-z0-9]*+)(?=[.\#\s\]]))
    | (?P<comment><!--)
    | (?P<declaration>(?<!\S)<[!?])
    | (?P<angle><(?:https?|ftp|mailto):[^\s<>\ufdd3-\ufdd6]*>
        |(?<!\S)<(?:[A-Za-z][A-Za-z0-9+.-]+:[^\s<>{{}}\ufdd3-\ufdd6]*|{_EMAIL})>)
    | (?P<html>{html_tags.TAG})
    | (?P<url>\bhttps?://[^\s<>{{}}"`|\\^\[\]\ufdd3-\ufdd6]+)
    | (?P<hide>[\ufdd3\ufdd6])
    """,
    re.VERBOSE,
)
_FIRST = re.compile(r"[\\`~${}#\[\](<\ufdd3\ufdd6]")
_FIRST_OR_ADDRESS = re.compile(r"[\\`~${}#\[\](<\ufdd3\ufdd6h]")
_OPENS_LINES = frozenset("`~#[")
"""The start of a fence, block or definition, after its lead."""
_MARK = re.compile(r"[\\`~${}\[\]<\ufdd3\ufdd6]")
"""Every span has one of these, or begins with `#+`, `((` or an address."""
_FENCE = re.compile(r"^[ \t]*(?:(?:>|[*+]|\d{1,9}[.)])[ \t]+|>)*(?P<marks>`{3,}+|~{3,}+)(?!\w)[^\n]*$", re.MULTILINE)
_TICKS = re.compile(r"`+")
_END_BLOCK = re.compile(r"^[ \t]*#\+(?i:END)_(?P<name>\w+)[ \t]*$", re.MULTILINE)
_END_ENVIRONMENT = re.compile(r"\\end\{(?P<name>[A-Za-z]+\*?)\}")
_MATH = re.compile(r"\$(?P<inner>(?![\s$])(?>(?:[^$\\\n]|\\.)*))\$(?!\d)")
_MATH_ENDS = re.compile(r".*[^\s(\[{\\]|.*\\.", re.DOTALL)
_TARGET = re.compile(
    r"\]\((?P<target>(?:<[^<>\n]*>|(?>(?:[^()\n\\]|\\.|\((?>(?:[^()\n\\]|\\.|\([^()\n]*+\))*)\))*)))\)(?P<size>\{[^{}\n]*\})?"
)
_PAGE = re.compile(rf"#?\[\[(?P<name>{PAGE_NAME})\]\]")
_RUBY = re.compile(r"\{(?P<base>[^{}|\n]+)\|(?P<reading>[^{}\n]+)\}")
_CJK = r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]"
"""Compiled at first use: such a wide class takes a third of this module's import time."""
_MACRO_NAME = re.compile(rf"(?P<name>{SEVERAL_NUMBERS}|[A-Za-z][\w-]*)(?P<after>::|:|\s|(?=\}}\}}))")
_URL_TAIL = ".,;:!?'*_~"


def scan(text: str, colons: str = "auto") -> tuple[Span, ...]:
    """Return the outermost spans in reading order; `colons` says whether `::` begins the hint of a plain cloze."""
    if _MARK.search(text) or "#+" in text or "((" in text or "://" in text:
        return _scan(text, colons)
    return ()


@lru_cache(maxsize=1024)
def _scan(text: str, colons: str) -> tuple[Span, ...]:
    """Cached, because several stages scan the same text."""
    spans = _Scanner(text, colons).run()
    tags = [
        html_tags.Tag(span.name, span.start, span.end)
        for span in spans
        if span.kind is Kind.HTML and span.name and span.name not in html_tags.TAKEN_AWAY
    ]
    if not tags:
        return tuple(spans)
    ends = html_tags.elements(text, tags)
    if all(ends.get(tag.start) == tag.end for tag in tags):
        return tuple(spans)
    return tuple(_Scanner(text, colons, {tag.start: ends.get(tag.start, 0) for tag in tags}).run())


class _Open(Struct):
    """An open brace or macro."""

    start: int
    marks: int = 0


class _Scanner:
    """`tag_ends` are the ends of tags outside macros, if a first scan found that not all tags are HTML."""

    def __init__(self, text: str, colons: str, tag_ends: Mapping[int, int] | None = None) -> None:
        self.text = text
        self.colons = colons
        self.tag_ends = tag_ends or {}
        self.spans: list[Span] = []
        self.open: list[_Open] = []
        self.macros = 0
        self.openers: list[int] = []
        self.nearest = Nearest(text)
        self.taken: dict[int, int] | None = None
        self.labels: Counter[str] | None = None
        self.pairs: dict[int, int] | None = None
        self.hiding: dict[int, tuple[int, int, int]] | None = None
        self.closers: dict[str, list[int]] | None = None
        self.fence_offsets: list[int] | None = None

    def run(self) -> list[Span]:
        first = _FIRST_OR_ADDRESS if "://" in self.text else _FIRST
        position = 0
        while mark := first.search(self.text, position):
            if self.macros < DEEPEST_MACRO and (plain := PLAIN_CLOZE.match(self.text, mark.start())):
                position = self.take_plain_cloze(plain)
                continue
            opener = self.opener_at(mark.start(), position)
            position = self.step(opener) if opener else mark.end()
        unclosed = [macro for macro in self.open if macro.marks]
        if unclosed:
            self.close_raw(unclosed)
        return self.spans

    def opener_at(self, offset: int, floor: int) -> re.Match[str] | None:
        """The opening mark at that offset, or with its whole line if that does not begin before `floor`."""
        if self.text[offset] in _OPENS_LINES:
            line = self.text.rfind("\n", max(0, floor - 1), offset) + 1
            if line >= floor and (opener := _LINE_OPENER.match(self.text, line)):
                return opener
        return _OPENER.match(self.text, offset)

    def step(self, opener: re.Match[str]) -> int:
        """Read the span that opens here, and return where to continue."""
        span = _TAKE[opener.lastgroup or ""](self, opener)
        if span is None:
            return opener.end()
        if isinstance(span, int):
            return span
        self.spans.append(span)
        return span.end

    # Whole lines.

    def take_fence(self, opener: re.Match[str]) -> Span | int | None:
        marks = opener["fence"]
        after = opener.end() + 1
        for offset in self.fences(after):
            closing = _FENCE.match(self.text, offset)
            assert closing is not None
            if closing["marks"].startswith(marks):
                info = opener["info"].strip()
                end = closing.end("marks")
                return Span(Kind.FENCE, opener.start(), end, (after, max(after, offset - 1)), info, lead=opener["lead"])
        return opener.end("fence")

    def fences(self, after: int) -> Iterator[int]:
        if self.fence_offsets is None:
            self.fence_offsets = [fence.start() for fence in _FENCE.finditer(self.text)]
        offsets = self.fence_offsets
        for index in range(bisect_left(offsets, after), len(offsets)):
            yield offsets[index]

    def take_block(self, opener: re.Match[str]) -> Span | None:
        name = opener["block"].upper()
        after = opener.end() + 1
        offset = self.next_closer(f"block {name}", after)
        if offset is None:
            return None
        closing = _END_BLOCK.match(self.text, offset)
        assert closing is not None
        inner = (min(after, offset), max(min(after, offset), offset - 1))
        return Span(Kind.BLOCK, opener.start(), closing.end(), inner, name, options=opener["options"].strip())

    # Mathematics and code.

    def take_environment(self, opener: re.Match[str]) -> Span | None:
        name = opener["environment"]
        offset = self.next_closer(f"end {name}", opener.end())
        if offset is None:
            return None
        end = offset + len(rf"\end{{{name}}}")
        return Span(Kind.ENVIRONMENT, opener.start(), end, (opener.end(), offset), name)

    def take_tex(self, opener: re.Match[str]) -> Span | None:
        is_display = opener["tex"] == r"\["
        return self.between(opener, r"\]" if is_display else r"\)", Kind.DISPLAY if is_display else Kind.MATH)

    def take_escape(self, opener: re.Match[str]) -> None:
        return None

    def take_ticks(self, opener: re.Match[str]) -> Span | None:
        ticks = opener["ticks"]
        offset = self.next_closer(f"ticks {len(ticks)}", opener.end())
        if offset is None or "\n" in self.text[opener.end() : offset]:
            return None
        return Span(Kind.CODE, opener.start(), offset + len(ticks), (opener.end(), offset))

    def take_dollars(self, opener: re.Match[str]) -> Span | int | None:
        if opener["dollars"] == "$$":
            return self.between(opener, "$$", Kind.DISPLAY)
        math = _MATH.match(self.text, opener.start())
        if math is None or not _MATH_ENDS.fullmatch(math["inner"]) or not self.is_balanced(math["inner"]):
            return None
        return Span(Kind.MATH, math.start(), math.end(), math.span("inner"))

    def between(self, opener: re.Match[str], closing: str, kind: Kind) -> Span | None:
        offset = self.nearest.find(closing, opener.end())
        if offset < 0:
            return None
        inner = self.text[opener.end() : offset]
        if not inner.strip() or not self.is_balanced(inner):
            return None
        return Span(kind, opener.start(), offset + len(closing), (opener.end(), offset))

    def is_balanced(self, inner: str) -> bool:
        """Whether a formula in a macro has balanced braces."""
        if not self.macros:
            return True
        depth = 0
        for brace in _BRACE.finditer(inner):
            depth += _STEPS.get(brace[0], 0)
            if depth < 0:
                return False
        return depth == 0

    # Braces.

    def take_plain_cloze(self, plain: re.Match[str]) -> int:
        start, end = plain.span()
        self.openers.append(start)
        answer = trimmed(self.text, *plain.span("answer"))
        self.spans.append(Span(Kind.CLOZE, start, end, answer, plain["number"] or plain["native"] or ""))
        return end

    def take_macro(self, opener: re.Match[str]) -> Span | int | None:
        marks = len(opener["macro"])
        name = _MACRO_NAME.match(self.text, opener.end())
        if marks == 3 and name and name["after"] == "::":
            self.open.append(_Open(opener.start()))
            return opener.start() + 1
        if name is None or self.macros >= DEEPEST_MACRO:
            self.open.extend(_Open(opener.start() + index) for index in range(marks))
            return opener.end()
        self.open.append(_Open(opener.start(), marks))
        self.openers.append(opener.start())
        self.macros += 1
        return name.start("after")

    def take_ruby(self, opener: re.Match[str]) -> Span | int:
        ruby = _RUBY.match(self.text, opener.start())
        if ruby and re.search(_CJK, ruby["base"]):
            return Span(Kind.RUBY, ruby.start(), ruby.end(), (ruby.start() + 1, ruby.end() - 1))
        self.open.append(_Open(opener.start()))
        return opener.end()

    def take_brace(self, opener: re.Match[str]) -> int:
        offset = opener.start()
        if opener["brace"] == "{":
            self.open.append(_Open(offset))
        elif self.open and not self.open[-1].marks:
            self.open.pop()
        elif self.open and self.text.startswith("}" * self.open[-1].marks, offset):
            return self.close(self.open.pop(), offset)
        return offset + 1

    def close(self, macro: _Open, offset: int) -> int:
        self.macros -= 1
        end = offset + macro.marks
        first = len(self.spans)
        while first and self.spans[first - 1].start > macro.start:
            first -= 1
        self.spans[first:] = [self.macro_span(macro, offset, self.spans[first:])]
        return end

    def macro_span(self, macro: _Open, offset: int, nested: list[Span]) -> Span:
        end = offset + macro.marks
        name = _MACRO_NAME.match(self.text, macro.start + macro.marks)
        assert name is not None
        body = min(name.end(), offset)
        number = cloze_number(name["name"], name["after"])
        if number is None:
            return Span(Kind.MACRO, macro.start, end, (body, offset), name["name"] + name["after"].strip())
        inside = [(span.start, span.end) for span in nested]
        answer, hint = answer_and_hint(self.text, (body, offset), inside, name["after"], number, self.colons)
        return Span(Kind.CLOZE, macro.start, end, answer, number, hint)

    def close_raw(self, unclosed: list[_Open]) -> None:
        """End a macro whose braces do not balance at the first `}}` before the next macro, as Logseq does."""
        for macro in unclosed:
            after = bisect_left(self.openers, macro.start + 1)
            limit = self.openers[after] if after < len(self.openers) else len(self.text)
            offset = self.text.find("}" * macro.marks, macro.start, limit)
            if offset >= 0:
                nested = [span for span in self.spans if macro.start < span.start and span.end <= offset]
                self.spans.append(self.macro_span(macro, offset, nested))
        self.spans.sort(key=lambda span: (span.start, -span.end))
        kept: list[Span] = []
        for span in self.spans:
            if not kept or span.start >= kept[-1].end:
                kept.append(span)
        self.spans = kept

    # References.

    def take_target(self, opener: re.Match[str]) -> Span | None:
        target = _TARGET.match(self.text, opener.start())
        if target is None:
            return None
        return Span(Kind.TARGET, target.start(), target.end(), target.span("target"), target["size"] or "")

    def take_page(self, opener: re.Match[str]) -> Span | int:
        page = _PAGE.match(self.text, opener.start())
        if page is None:
            return opener.start() + 1
        return Span(Kind.PAGE, page.start(), page.end(), page.span("name"))

    def take_reference(self, opener: re.Match[str]) -> Span:
        return Span(Kind.BLOCK_REFERENCE, opener.start(), opener.end(), opener.span("id"))

    def take_hiccup(self, opener: re.Match[str]) -> Span | int | None:
        if opener["element"].lower() not in html_tags.NAMES:
            return opener.start() + 1
        end = self.brackets().get(opener.start())
        return None if end is None else Span(Kind.HICCUP, opener.start(), end, (opener.start(), end))

    def take_comment(self, opener: re.Match[str]) -> Span | None:
        offset = self.nearest.find("-->", opener.end())
        return None if offset < 0 else Span(Kind.COMMENT, opener.start(), offset + 3, (opener.end(), offset))

    def take_angle(self, opener: re.Match[str]) -> Span:
        return Span(Kind.URL, opener.start(), opener.end(), (opener.start() + 1, opener.end() - 1))

    def take_declaration(self, opener: re.Match[str]) -> Span | None:
        start = opener.start()
        end = html_tags.declaration_end(self.text, start, self.nearest)
        return Span(Kind.DECLARATION, start, end, (start, end)) if end else None

    def take_html(self, opener: re.Match[str]) -> Span | int:
        """Read a tag, or a whole removed element; tags that are text are scanned inside."""
        name, start = opener["tag"].lower(), opener.start()
        if name in html_tags.TAKEN_AWAY:
            end = self.end_of_taken(start)
        else:
            end = self.tag_ends.get(start, opener.end()) if name in html_tags.NAMES else 0
        return Span(Kind.HTML, start, end, (start, end), name) if end else start + 1

    def end_of_taken(self, start: int) -> int:
        """The end of a removed element, 0 if it is not closed."""
        if self.taken is None:
            self.taken = html_tags.taken_ends(self.text)
        end = self.taken.get(start, 0)
        return 0 if self.macros and 0 <= self.nearest.find("}}", start) < end else end

    def take_definition(self, opener: re.Match[str]) -> Span | int:
        """Read a link definition; one without a link is text."""
        if self.labels is None:
            self.labels = Counter(label.casefold() for label in _LABEL.findall(self.text))
        if self.labels[opener["label"].casefold()] < 2:
            return opener.start("label")
        return Span(Kind.HTML, opener.start(), opener.end(), opener.span())

    def take_url(self, opener: re.Match[str]) -> Span:
        url = opener["url"]
        surplus = url.count(")") - url.count("(")
        end = len(url)
        while url[end - 1] in _URL_TAIL or (url[end - 1] == ")" and surplus > 0):
            surplus -= url[end - 1] == ")"
            end -= 1
        return Span(Kind.URL, opener.start(), opener.start() + end, (opener.start(), opener.start() + end))

    def take_hide(self, opener: re.Match[str]) -> Span | None:
        """Read a cloze that already has its number."""
        if opener["hide"] == CLOZE_CLOSE:
            return None
        start = opener.start()
        end, answer, hint = self.hidden().get(start, (0, -1, -1))
        if answer < 0:
            return None
        inner = (answer, hint if hint >= 0 else end - 1)
        shown = (hint + 1, end - 1) if hint >= 0 else None
        return Span(Kind.HIDDEN, start, end, inner, self.text[start + 1 : answer - 1], shown)

    def hidden(self) -> dict[int, tuple[int, int, int]]:
        """For each such closed cloze: its end, the start of its answer, and the mark of its hint."""
        if self.hiding is None:
            self.hiding = {}
            waiting: list[tuple[int, int, int]] = []
            for mark in _HIDING.finditer(self.text):
                if mark[0] == CLOZE_OPEN:
                    waiting.append((mark.start(), -1, -1))
                elif waiting:
                    start, answer, hint = waiting.pop()
                    if mark[0] == CLOZE_CLOSE:
                        self.hiding[start] = mark.end(), answer, hint
                    elif mark[0] == CLOZE_HINT:
                        waiting.append((start, answer, mark.start()))
                    else:
                        waiting.append((start, mark.end() if answer < 0 else answer, hint))
        return self.hiding

    # Offsets of closing marks, looked up once for the whole text.

    def brackets(self) -> dict[int, int]:
        """The closing offset of each opening bracket."""
        if self.pairs is None:
            self.pairs = {}
            waiting: list[int] = []
            for bracket in _BRACKET.finditer(self.text):
                if bracket[0] == "[":
                    waiting.append(bracket.start())
                elif waiting:
                    self.pairs[waiting.pop()] = bracket.end()
        return self.pairs

    def next_closer(self, key: str, start: int) -> int | None:
        offsets = self.all_closers().get(key, [])
        index = bisect_left(offsets, start)
        return offsets[index] if index < len(offsets) else None

    def all_closers(self) -> dict[str, list[int]]:
        if self.closers is None:
            self.closers = {}
            for ticks in _TICKS.finditer(self.text):
                self.closers.setdefault(f"ticks {len(ticks[0])}", []).append(ticks.start())
            for end in _END_BLOCK.finditer(self.text):
                self.closers.setdefault(f"block {end['name'].upper()}", []).append(end.start())
            for end in _END_ENVIRONMENT.finditer(self.text):
                self.closers.setdefault(f"end {end['name']}", []).append(end.start())
        return self.closers


_TAKE: dict[str, Callable[[_Scanner, re.Match[str]], Span | int | None]] = {
    "info": _Scanner.take_fence,
    "options": _Scanner.take_block,
    "definition": _Scanner.take_definition,
    "environment": _Scanner.take_environment,
    "tex": _Scanner.take_tex,
    "escape": _Scanner.take_escape,
    "ticks": _Scanner.take_ticks,
    "dollars": _Scanner.take_dollars,
    "macro": _Scanner.take_macro,
    "ruby": _Scanner.take_ruby,
    "brace": _Scanner.take_brace,
    "target": _Scanner.take_target,
    "page": _Scanner.take_page,
    "reference": _Scanner.take_reference,
    "hiccup": _Scanner.take_hiccup,
    "comment": _Scanner.take_comment,
    "declaration": _Scanner.take_declaration,
    "angle": _Scanner.take_angle,
    "html": _Scanner.take_html,
    "url": _Scanner.take_url,
    "hide": _Scanner.take_hide,
}
_STEPS = {"{": 1, "}": -1}
"""How each mark changes the depth."""
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_BRACKET = re.compile(r"[\[\]]")
_LABEL = re.compile(r"\[(?P<label>[^\[\]\n]+)\]")
_HIDING = re.compile(f"[{CLOZE_OPEN}{CLOZE_ANSWER}{CLOZE_HINT}{CLOZE_CLOSE}]")
