"""Decides which tags in a text are HTML, and which are text: as in Logseq, a tag counts if its element is closed.

`vector<int>`, `<stdio.h>` and `What does the <script> tag load?` are text. If HTML is intended and no word can be lost,
ankigen is more lenient than Logseq: within a word (`H<sub>2</sub>O`), and for void elements (`<br>`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from ankigen.support.structs import Struct
from ankigen.syntax.nearest import Nearest
from ankigen.syntax.words import any_of

SHOWN = frozenset({
    "a", "abbr", "acronym", "area", "article", "aside", "audio", "b", "bdi", "bdo", "big", "blockquote", "br",
    "caption", "center", "cite", "code", "col", "colgroup", "data", "dd", "del", "details", "dfn", "div", "dl", "dt",
    "em", "figcaption", "figure", "font", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "i",
    "img", "input", "ins", "kbd", "li", "map", "mark", "nav", "ol", "p", "picture", "pre", "q", "rp", "rt", "rtc",
    "ruby", "s", "samp", "section", "small", "source", "span", "strike", "strong", "sub", "summary", "sup", "table",
    "tbody", "td", "th", "thead", "time", "tr", "tt", "u", "ul", "var", "video", "wbr",
})  # fmt: skip
"""The elements that a card may show."""
TAKEN_AWAY = frozenset({
    "base", "canvas", "embed", "iframe", "keygen", "link", "math", "meta", "object", "param", "script", "style", "svg",
    "template", "track",
})  # fmt: skip
"""The elements removed with all their content, which is not text; Logseq shows `svg` and `math` as written."""
LOGSEQ = SHOWN - {
    "acronym", "big", "center", "font", "hgroup", "picture", "strike", "tt",
} | TAKEN_AWAY - {"math", "svg"} | {
    "address", "body", "button", "datalist", "fieldset", "form", "head", "html", "label", "legend", "main", "meter",
    "noscript", "optgroup", "option", "output", "progress", "rb", "select", "textarea", "tfoot", "title",
}  # fmt: skip
"""The elements that Logseq's parser knows. If they are neither shown nor removed, their text stays."""
NAMES = SHOWN | LOGSEQ | TAKEN_AWAY
VOID = frozenset({"area", "br", "col", "hr", "img", "input", "source", "wbr"})
"""The void elements that a card may show."""

_MARK = "\ufdd3-\ufdd6"
"""The marks of clozes: a tag that would hide one is text."""
_QUOTED = r"(?>(?:[^{quote}{{}}{mark}]|\{{(?!\{{)|\}}(?!\}}))*)"
_IN_TAG = (
    rf'[^<>{{}}"\'{_MARK}]'
    rf'|"{_QUOTED.format(quote=chr(34), mark=_MARK)}"'
    rf"|'{_QUOTED.format(quote=chr(39), mark=_MARK)}'"
)
TAG = rf"</?(?P<tag>[A-Za-z][A-Za-z0-9]*+)(?=[\s/>])(?>(?:{_IN_TAG})*)>"
"""A tag whose name may be an HTML element; one that contains a cloze is not a tag."""
_TAG = re.compile(TAG)
_DECLARATIONS = (("<?", "?>"), ("<![CDATA[", "]]>"), ("<!", ">"))
_TAKEN = re.compile(rf"<(?P<slash>/?)(?P<name>{any_of(sorted(TAKEN_AWAY))})(?=[\s/>])[^<>]*>", re.IGNORECASE)
_WORTHLESS = re.compile(r"<[A-Za-z0-9]+\s*/?>")
_CLOSED_ITSELF = re.compile(r"\s/>\Z")


class Tag(Struct, frozen=True):
    """A tag of a text, from `start` to `end`, its name in lower case."""

    name: str
    start: int
    end: int


def elements(text: str, tags: Sequence[Tag]) -> dict[int, int]:
    """The end of each tag that is HTML, by its start.

    The tags are those of the text, in reading order, without removed elements. An element ends at the closing tag with
    its name, with nesting; tags inside it need not be closed.
    """
    closers = _closers(text, tags)
    found: dict[int, int] = {}
    reach = 0
    for index, tag in enumerate(tags):
        last = closers.get(index)
        if tag.start < reach or last or _stands_alone(text, tag):
            found[tag.start] = tag.end
            if tag.start >= reach and last:
                reach = tags[last].end
    return found


def taken_ends(text: str) -> dict[int, int]:
    """The end of each removed element, by its start; nothing in it is Markdown, so no span counts."""
    ends = {}
    waiting: defaultdict[str, list[int]] = defaultdict(list)
    for tag in _TAKEN.finditer(text):
        openers = waiting[tag["name"].lower()]
        if closed_itself(text, Tag("", *tag.span())):
            ends[tag.start()] = tag.end()
        elif not tag["slash"]:
            openers.append(tag.start())
        elif openers:
            ends[openers.pop()] = tag.end()
    return ends


def declaration_end(text: str, start: int, nearest: Nearest) -> int:
    """The end on its line, if something begins here that a browser takes for a comment by accident.

    Such are `<!DOCTYPE html>`, `<?php … ?>`, `<![CDATA[ … ]]>`.
    """
    opening, closing = next(marks for marks in _DECLARATIONS if text.startswith(marks[0], start))
    end = nearest.find_on_line(closing, start + len(opening))
    return 0 if end < 0 else end + len(closing)


def closed_itself(text: str, tag: Tag) -> bool:
    """Whether it is like `<span />`, with the space that Logseq needs."""
    return _CLOSED_ITSELF.search(text, tag.start, tag.end) is not None


def reaches_over(text: str, offset: int) -> bool:
    """Whether an element that Logseq knows begins before this offset and ends after it."""
    found = (Tag(tag["tag"].lower(), *tag.span()) for tag in _TAG.finditer(text))
    tags = [tag for tag in found if tag.name in LOGSEQ]
    return any(tags[first].start < offset <= tags[last].start for first, last in _closers(text, tags).items())


def _stands_alone(text: str, tag: Tag) -> bool:
    """Whether the tag means something without a closing one; an `<img>` without attributes is text."""
    if text.startswith("</", tag.start):
        return False
    if tag.name not in VOID:
        return closed_itself(text, tag)
    return tag.name in _BREAKS or _WORTHLESS.fullmatch(text, tag.start, tag.end) is None


_BREAKS = {"br", "hr", "wbr"}


def _closers(text: str, tags: Sequence[Tag]) -> dict[int, int]:
    """The index of the closing tag of each closed element, by the index of its opening tag."""
    waiting: defaultdict[str, list[int]] = defaultdict(list)
    closers = {}
    for index, tag in enumerate(tags):
        if not text.startswith("</", tag.start):
            waiting[tag.name].append(index)
        elif waiting[tag.name]:
            closers[waiting[tag.name].pop()] = index
    return closers


_PIECE = re.compile(rf"(?P<comment><!--)|(?P<declaration>(?<!\S)<[!?])|(?P<html>{TAG})|<")


def pieces(html: str) -> Iterator[tuple[str, str]]:
    """Split HTML into shown and removed parts: pairs of which one is empty.

    Removed parts are named; a `<` that is not part of a tag becomes text.
    """
    found = list(_PIECE.finditer(html))
    named = [(piece, (piece["tag"] or "").lower()) for piece in found]
    kept = elements(html, [Tag(name, *piece.span()) for piece, name in named if name in NAMES - TAKEN_AWAY])
    taken, nearest = taken_ends(html), Nearest(html)
    position = 0
    for piece, name in named:
        start = piece.start()
        if start < position:
            continue
        yield html[position:start], ""
        position = piece.end()
        if start in taken:
            position = taken[start]
            yield "", f"<{name}>"
        elif piece["comment"] and (end := nearest.find("-->", start)) >= 0:
            position = end + len("-->")
        elif piece["declaration"] and (end := declaration_end(html, start, nearest)):
            position = end
            yield "", html[start:end]
        elif start in kept:
            yield piece[0], ""
        else:
            yield f"&lt;{piece[0][1:]}", ""
    yield html[position:], ""
