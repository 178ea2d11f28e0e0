"""The canonical form of a field, which does not change when Anki's editors rewrite the HTML.

An editor writes bold text as `<b>`, a space at a line's end as `&nbsp;`, a new line as `<div>`, and gives each table a
`<tbody>`. The form is the same for all of these. It is not for display: only its hash is stored, in the field `Base` of
version 2. So it is frozen with that version, and parsed by its own rules, independent of other packages and of Python's
version. A field may contain any HTML; HTML that no browser would show is kept as it is.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from html import entities, unescape

from ankigen.support.structs import Struct
from ankigen.syntax.occlusions import canonical_shapes

_NO_BREAK = "\u00a0"
_BLANKS = " \t\n\r\f"
_BLANK = "[ \t\n\r\f]"
_RENAMED = {"b": "strong", "i": "em", "s": "del"}
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "caption", "center", "col", "colgroup", "dd", "details", "div", "dl",
    "dt", "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "li", "main",
    "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip
"""The elements that begin and end lines, so that spaces beside them and a break before them are invisible."""
_WRAPPERS = frozenset({
    "a", "abbr", "acronym", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "ins", "kbd",
    "mark", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
})  # fmt: skip
"""The elements that show only their content: an empty one does not make a line."""
_WITHOUT_END = frozenset({"br", "col", "hr", "img", "input", "source", "wbr"})
_DROPPED = frozenset({"div", "tbody"})
"""The elements without meaning if they have no attribute."""

_QUOTED = """"(?P<double>[^"]*+)"|'(?P<single>[^']*+)'"""
_BARE = r"""(?P<bare>[^ \t\n\r\f>"'][^ \t\n\r\f>]*+)"""
_VALUE = rf"{_BLANK}*+={_BLANK}*+(?:{_QUOTED}|{_BARE}|(?=>))"
_ATTRIBUTE = rf"(?P<name>[^ \t\n\r\f/>][^ \t\n\r\f/>=]*+)(?:{_VALUE}|(?!{_BLANK}*+=))"
_UNNAMED = re.compile(r"\(\?P<\w+>")
_RAW = "script|style|textarea|title|xmp|iframe|noembed|noframes|noscript"
_PIECE = re.compile(
    rf"(?P<comment><!--(?:-?>|.*?-->))"
    rf"|(?P<raw><(?i:(?P<element>{_RAW}))(?=[ \t\n\r\f/>]).*?</(?i:(?P=element))(?=[ \t\n\r\f/>])[^>]*+(?:>|\Z))"
    rf"|(?P<tag><(?!(?i:{_RAW}|plaintext)[ \t\n\r\f/>])/?[A-Za-z][^ \t\n\r\f/>]*+"
    rf"(?>(?:[ \t\n\r\f/]++|{_UNNAMED.sub('(?:', _ATTRIBUTE)})*)>)"
    r"|(?P<bogus><(?:!(?!--)|\?|/(?![A-Za-z]))[^>]*+>)"
    r"|(?P<rest><(?=[A-Za-z/!?]).*)",
    re.DOTALL,
)
"""A piece that is not text; an unclosed one reaches to the end, as in a browser."""
_TAG = re.compile(r"<(?P<slash>/?)(?P<name>[A-Za-z][^ \t\n\r\f/>]*)(?P<attributes>.*)>", re.DOTALL)
_ATTRIBUTES = re.compile(_ATTRIBUTE)
_MARKUP = re.compile(f"[<>&{_NO_BREAK}]")
_REFERENCE = re.compile(r"&(?:#[0-9]++;?|#[xX][0-9A-Fa-f]++;?|[A-Za-z][A-Za-z0-9]{0,31}+;?)?|[<>]")
_LONGEST_NUMBER = 12
_NO_BREAKS = re.compile(rf"\[sound:[^\]]*+(?:\]|\Z)|{_NO_BREAK}")
_CLOZE_MARKS = re.compile(r"\{\{c[0-9,]++::|\}\}")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_DECODED = frozenset("&<>\"' \t\n")
"""The ASCII characters that editors write as references. Other references hide commands from Anki, and are kept."""


class _Tag(Struct, frozen=True):
    """A tag in canonical form; `is_bare` if it is only its name."""

    name: str
    form: str
    is_closing: bool
    is_bare: bool


def canonical(html: str) -> str:
    """The canonical form of a field's HTML, independent of editors' rewriting; empty if nothing is shown."""
    if (shapes := canonical_shapes(html)) is not None:
        return shapes
    if not _MARKUP.search(html):
        return html.rstrip(_BLANKS)
    form = _Form()
    position = 0
    for piece in _PIECE.finditer(html):
        form.add_text(html[position : piece.start()])
        position = piece.end()
        if piece["tag"]:
            form.add_tag(_read_tag(piece["tag"]))
        else:
            form.add_inline(piece[0], fills=not piece["comment"])
    form.add_text(html[position:])
    return form.finished()


@dataclass
class _Form:
    """The form so far, and the state that decides whether pending spaces and breaks are visible.

    `is_filled` means that the line shows something; `is_at_edge` that it has only begun, so that spaces are invisible.
    `has_break` is a break that ended a filled line, and `blanks` are spaces at an edge: both are invisible before a
    block. `opened` has the open elements that may be dropped, each with whether it was. `depth` counts `<pre>`, in
    which all spaces and breaks are visible.
    """

    pieces: list[str] = field(default_factory=list)
    blanks: list[str] = field(default_factory=list)
    has_break: bool = False
    is_filled: bool = False
    is_at_edge: bool = True
    opened: defaultdict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    depth: int = 0

    def add_text(self, html: str) -> None:
        """Add a piece that is not a tag."""
        text = _text_form(html)
        if self.is_at_edge and not self.depth and not text.strip(_BLANKS):
            self.blanks.append(text)
        elif text:
            self._write(text)
            self.is_at_edge = False
            self.is_filled = self.is_filled or bool(_CLOZE_MARKS.sub("", text).strip(_BLANKS))

    def add_inline(self, form: str, *, fills: bool) -> None:
        """Add a piece within a line; it `fills` the line if it shows something."""
        self._write(form)
        self.is_filled |= fills
        self.is_at_edge = False

    def add_tag(self, tag: _Tag) -> None:
        """Add a tag."""
        if tag.name in _DROPPED and self._is_dropped(tag):
            if tag.name == "div" and not self.depth:
                self._end_line()
        elif self.depth and tag.name != "pre":
            self._write(tag.form)
        elif tag.name in _BLOCKS:
            self._add_block(tag)
        elif tag.form == "<br>":
            self._add_break()
        else:
            self.add_inline(tag.form, fills=tag.name not in _WRAPPERS)

    def finished(self) -> str:
        """The complete form, without breaks and spaces at its end."""
        if not self.depth:
            while self.pieces and (self.pieces[-1] == "<br>" or not self.pieces[-1].strip(_BLANKS)):
                self.pieces.pop()
            if self.pieces and not self.pieces[-1].startswith("<"):
                self.pieces[-1] = self.pieces[-1].rstrip(_BLANKS)
        return "".join(self.pieces)

    def _write(self, form: str) -> None:
        if self.has_break:
            self.pieces.append("<br>")
            self.has_break = False
        self.pieces += self.blanks
        self.blanks.clear()
        self.pieces.append(form)

    def _is_dropped(self, tag: _Tag) -> bool:
        """Whether the tag has no meaning, or closes nothing."""
        opened = self.opened[tag.name]
        if tag.is_closing:
            return opened.pop() if opened else True
        opened.append(tag.is_bare and not self.depth)
        return opened[-1]

    def _end_line(self) -> None:
        """Begin a new line, unless this one is empty."""
        self.blanks.clear()
        if self.is_filled:
            self.has_break, self.is_filled = True, False
        self.is_at_edge = True

    def _add_break(self) -> None:
        if self.is_filled:
            self._end_line()
        else:
            self.blanks.clear()
            self._write("<br>")
            self.is_at_edge = True

    def _add_block(self, tag: _Tag) -> None:
        self.blanks.clear()
        self.has_break = self.is_filled = False
        self.is_at_edge = True
        self.pieces.append(tag.form)
        if tag.name == "pre":
            self.depth = max(0, self.depth + (-1 if tag.is_closing else 1))


@lru_cache(maxsize=4096)
def _read_tag(html: str) -> _Tag:
    """Parse a tag; its attributes are sorted and double-quoted, and of two with the same name the first is used."""
    tag = _TAG.fullmatch(html)
    assert tag is not None, "a piece that is a tag has a name"
    name = tag["name"].lower()
    name = _RENAMED.get(name, name)
    if tag["slash"]:
        return _Tag(name, f"</{name}>", is_closing=True, is_bare=False)
    found = [*_ATTRIBUTES.finditer(tag["attributes"])]
    values = {attribute["name"].lower(): _value_form(attribute) for attribute in reversed(found)}
    attributes = "".join(f' {key}="{values[key]}"' for key in sorted(values))
    is_closed = name not in _WITHOUT_END and _ATTRIBUTES.sub("", tag["attributes"]).endswith("/")
    form = f"<{name}{attributes}{' /' if is_closed else ''}>"
    return _Tag(name, form, is_closing=False, is_bare=not attributes)


def _value_form(attribute: re.Match[str]) -> str:
    written = attribute["double"] or attribute["single"] or attribute["bare"] or ""
    return _REFERENCE.sub(_in_value, written).replace('"', "&quot;") if written else ""


def _in_value(reference: re.Match[str]) -> str:
    """Decode a reference in an attribute, where a name without `;` may be part of an address (`?a=1&copy=2`)."""
    name = reference[0][1:]
    if name[:1].isalpha():
        is_part = not name.endswith(";") and reference.string.startswith("=", reference.end())
        return "&amp;" + name if is_part or name not in entities.html5 else _decoded(reference[0])
    return _decoded(reference[0])


def _text_form(html: str) -> str:
    if not _MARKUP.search(html):
        return html
    text = _REFERENCE.sub(lambda reference: _decoded(reference[0]), html)
    return _NO_BREAKS.sub(lambda found: " " if found[0] == _NO_BREAK else found[0], text)


@lru_cache(maxsize=1024)
def _decoded(reference: str) -> str:
    """The characters of a reference, with markup escaped; also for a lone `&`, `<` or `>`.

    The number of an invalid character stays a number.
    """
    if reference.startswith("&#") and len(reference) > _LONGEST_NUMBER:
        return reference.rstrip(";") + ";"
    text = unescape(reference)
    if not text:
        return reference.rstrip(";").lower() + ";"
    if len(text) == 1 and text.isascii() and text not in _DECODED:
        return f"&#{ord(text)};"
    return "".join(_ESCAPES.get(character, character) for character in text)
