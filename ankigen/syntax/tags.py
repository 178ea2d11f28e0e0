"""Finds the tags and page references of a text, outside code, formulas, macros and addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from ankigen.support.structs import Struct, replace
from ankigen.syntax import spans
from ankigen.syntax.bounds import DEEPEST_TEXT
from ankigen.syntax.spans import Kind, Span
from ankigen.syntax.words import OPAQUE_BLOCKS, PAGE_NAME, UNSEEN

_MASK = "\ufffc"
_TAG = re.compile(r"""\\[!-/:-@\[-`{-~]|\(\([^()\n]*\)\)|#(?P<name>[^ \t\n\r\f\v#,!?'":]+)""")
_MAY_REFER = re.compile(r"""#[^ \t\n\r\f\v#,!?'":]|\[\[""")
_LENIENT_END = re.compile(
    rf"[)\]}}*<{UNSEEN}\u3001-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff3d\uff5b-\uff65{_MASK}]|~~|==|\^\^|__$"
)
_NAMING = frozenset({Kind.PAGE, Kind.TARGET, Kind.BLOCK})
"""The spans that may be or contain references."""
_PAGE = re.compile(rf"\[\[(?P<name>{PAGE_NAME})\]\]")
_BRACKET = re.compile(r"[\[\]]")


class Reference(Struct, frozen=True):
    """A `#tag` or `[[page]]`, by offsets.

    `is_strict` says whether Logseq sees it, too: Logseq takes a bracket, an asterisk or Chinese punctuation after a tag
    as part of its name, and finds no tags in emphasis.
    """

    name: str
    start: int
    end: int
    is_tag: bool
    is_strict: bool = True


def references(text: str) -> tuple[Reference, ...]:
    """Return the tags and page references in reading order."""
    return _referred(text, 1)


def _referred(text: str, level: int) -> tuple[Reference, ...]:
    """The references of a text at this level of nested `#+BEGIN_…`."""
    return _references(text, level) if ("#" in text or "[[" in text) and _MAY_REFER.search(text) else ()


@lru_cache(maxsize=1024)
def _references(text: str, level: int) -> tuple[Reference, ...]:
    """Cached, because they are needed again."""
    found_spans = spans.scan(text)
    if not found_spans:
        return tuple(_tags(text))
    if _NAMING.isdisjoint([span.kind for span in found_spans]):
        return tuple(_tags(_without_spans(text, found_spans, ())))
    pages = [page for span in found_spans for page in _pages(text, span)]
    plain = {page.start: page for page in pages if not page.is_tag}
    masked = _without_spans(text, found_spans, _labels(text, found_spans))
    tags = [_with_page(text, tag, plain) for tag in _tags(masked)]
    taken = {tag.end for tag in tags}
    open_blocks = filter(_is_open_block, found_spans if level < DEEPEST_TEXT else ())
    inner = [reference for span in open_blocks for reference in _shifted(text, span, level + 1)]
    all_references = [*tags, *(page for page in pages if page.end not in taken), *inner]
    return tuple(sorted(all_references, key=lambda reference: reference.start))


def _pages(text: str, span: Span) -> Iterator[Reference]:
    """The page that a span refers to, and those nested in its name; a link may refer to a page, too."""
    is_tag = text.startswith("#", span.start)
    if span.kind is Kind.PAGE:
        yield Reference(text[slice(*span.inner)], span.start, span.end, is_tag)
    if span.kind in {Kind.PAGE, Kind.TARGET}:
        for page in _PAGE.finditer(text, *span.inner):
            yield Reference(page["name"], span.start, span.end, is_tag)


def _tags(masked: str) -> Iterator[Reference]:
    for match in _TAG.finditer(masked):
        strict = match["name"] or ""
        is_plain = strict.isascii() and strict.isalnum()
        name = strict if is_plain else _LENIENT_END.split(strict, maxsplit=1)[0]
        is_strict = name == strict
        if (name := name.rstrip(".;")) and not name.startswith("+"):
            yield Reference(name, match.start(), match.start("name") + len(name), is_tag=True, is_strict=is_strict)


def _with_page(text: str, tag: Reference, pages: Mapping[int, Reference]) -> Reference:
    """`#a.[[b c]]` is one tag."""
    page = pages.get(tag.end) or pages.get(tag.end + 1)
    if page is None or text[tag.end : page.start] not in ("", "."):
        return tag
    name = tag.name + text[tag.end : page.start] + page.name
    return replace(tag, name=name, end=page.end, is_strict=True)


def _without_spans(text: str, found_spans: Sequence[Span], labels: Iterable[tuple[int, int]]) -> str:
    """The text with each span and link label masked; a tag's own `#` ends another tag."""
    parts: list[str] = []
    position = 0
    for start, end in sorted([*[(span.start, span.end) for span in found_spans], *labels]):
        if end > position:
            sign = "#" if start >= position and text[start] == "#" else ""
            parts += [text[position:start], sign, _MASK * (end - max(start, position) - len(sign))]
            position = end
    return "".join(parts) + text[position:]


def _labels(text: str, found_spans: Iterable[Span]) -> Iterator[tuple[int, int]]:
    """The labels of links: from the bracket that the link's `](` closes."""
    waiting: list[int] = []
    position = 0
    for span in found_spans:
        for bracket in _BRACKET.finditer(text, position, span.start):
            if bracket[0] == "[":
                waiting.append(bracket.start())
            elif waiting:
                waiting.pop()
        if span.kind is Kind.TARGET and waiting:
            yield waiting.pop(), span.start
        position = span.end


def _is_open_block(span: Span) -> bool:
    """Whether text within a `#+BEGIN_…` block is read like any other."""
    return span.kind is Kind.BLOCK and span.name not in OPAQUE_BLOCKS


def _shifted(text: str, block: Span, level: int) -> Iterator[Reference]:
    start, end = block.inner
    for reference in _referred(text[start:end], level):
        yield replace(reference, start=reference.start + start, end=reference.end + start)
