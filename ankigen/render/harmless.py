"""The HTML allowed in a field: attributes, addresses and styles of the shown elements, and the check.

`sanitise` makes HTML fit the list; `is_harmless` checks it, accepting only one strict form of tags. So no HTML parser
can find anything in it that was not checked here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from html import unescape
from urllib.parse import unquote

from ankigen.syntax.html_tags import SHOWN

KNOWN_SCHEMES = frozenset({
    "http", "https", "mailto", "tel", "sms", "geo", "ftp", "doi", "isbn", "logseq", "obsidian", "zotero", "anki",
    "bear", "bookends", "calibre", "capacities", "craftdocs", "devonthink", "drafts", "eudic", "evernote", "goodnotes",
    "heptabase", "highlights", "hook", "ibooks", "joplin", "kindle", "liquidtext", "marginnote3app", "marginnote4app",
    "marginnoteapp", "mendeley", "message", "mobilenotes", "msteams", "notability", "noteplan", "notion", "omnifocus",
    "onenote", "org-protocol", "papers", "papers3", "raindrop", "readwise", "remnote", "sioyek", "siyuan", "skim",
    "slack", "spotify", "standardnotes", "tana", "things", "ticktick", "todoist", "ulysses", "workflowy",
    "x-devonthink", "x-devonthink-item",
})  # fmt: skip
"""The default schemes of links in notes: the web, mail, and note-taking programs."""
KNOWN = "known"
"""The name for all of them in the option `link_schemes`."""
REFUSED_SCHEMES = frozenset({"about", "blob", "data", "file", "filesystem", "javascript", "vbscript", "view-source"})
"""Schemes that are always refused: they run something, or read this machine."""
SOURCE_SCHEMES = KNOWN_SCHEMES | {"file", "vscode"}
"""The allowed schemes of the link back to the notes, which is an option."""
PICTURE_DATA = ("data:image/png;", "data:image/jpeg;", "data:image/gif;", "data:image/webp;")
"""Pictures as `data:` URLs. SVG is excluded, because it can contain scripts."""
TAGS = SHOWN
_OF_CELLS = frozenset({"align", "char", "charoff"})
_OF_MEDIA = frozenset({"src", "alt", "width", "height", "controls", "loop", "poster", "type"})
_OF_CHANGES = frozenset({"cite", "datetime"})
EVERYWHERE = frozenset({"class", "dir", "lang", "style", "title", "id", "hidden"})
ATTRIBUTES = {
    "a": frozenset({"href", "hreflang"}),
    "audio": _OF_MEDIA,
    "bdo": frozenset({"dir"}),
    "blockquote": frozenset({"cite"}),
    "col": _OF_CELLS | {"span"},
    "colgroup": _OF_CELLS | {"span"},
    "del": _OF_CHANGES,
    "details": frozenset({"open"}),
    "font": frozenset({"color", "size", "face"}),
    "hr": frozenset({"align", "size", "width"}),
    "img": _OF_MEDIA | {"align"},
    "input": frozenset({"type", "checked", "disabled"}),
    "ins": _OF_CHANGES,
    "ol": frozenset({"start", "type"}),
    "q": frozenset({"cite"}),
    "source": _OF_MEDIA,
    "table": _OF_CELLS | {"summary"},
    "tbody": _OF_CELLS,
    "td": _OF_CELLS | {"colspan", "headers", "rowspan"},
    "th": _OF_CELLS | {"colspan", "headers", "rowspan", "scope"},
    "thead": _OF_CELLS,
    "tr": _OF_CELLS,
    "video": _OF_MEDIA,
}
STYLES = frozenset({
    "background-color", "border", "border-collapse", "border-color", "border-radius", "border-spacing", "border-style",
    "border-width", "clear", "color", "columns", "direction", "display", "float", "font-family", "font-size",
    "font-style", "font-variant", "font-weight", "gap", "height", "letter-spacing", "line-height", "list-style-type",
    "margin", "margin-bottom", "margin-left", "margin-right", "margin-top", "max-height", "max-width", "min-width",
    "opacity", "padding", "padding-bottom", "padding-left", "padding-right", "padding-top", "text-align",
    "text-decoration", "text-indent", "text-transform", "unicode-bidi", "vertical-align", "white-space", "width",
})  # fmt: skip
"""CSS properties that can neither load anything nor move a part of the card."""

_SCHEME = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):")
_BLANKS = re.compile(r"[\s\x00-\x20]+")
_INPUTS = {"checkbox", "radio"}
_ADDRESSES = {"href", "cite", "src", "poster"}
_TAG = re.compile(r"<[^<>]*>?")
_ATTRIBUTE = r' [a-z-]+(?:="[^"<>]*")?'
_OPENING = re.compile(rf"<(?P<name>[a-z][a-z0-9]*)(?P<attributes>(?:{_ATTRIBUTE})*)>")
_NAMED_VALUE = re.compile(r' (?P<name>[a-z-]+)(?:="(?P<value>[^"<>]*)")?')
_CLOSING = re.compile(r"</(?P<name>[a-z][a-z0-9]*)>")
_STRANGE_REFERENCE = re.compile(r"&(?!(?:amp|lt|gt|quot|nbsp|#x27|#8203);)")
_WORD = r"""(?:[-+]?[\w.]+%?|\#[0-9A-Fa-f]+|(?:rgb|hsl)a?\([\w.,%/ ]*\)|"[\w .-]*"|'[\w .-]*')"""
_STYLE_VALUE = re.compile(rf"{_WORD}(?:(?: *[,/] *| +){_WORD})*(?: *! *important)?", re.IGNORECASE)


def link_schemes(written: Iterable[str]) -> frozenset[str]:
    """The schemes from the option, with `known` expanded, without refused ones."""
    words = {word.strip().removesuffix("//").removesuffix(":").lower() for word in written}
    return frozenset(words - {KNOWN} | (KNOWN_SCHEMES if KNOWN in words else set())) - REFUSED_SCHEMES


def scheme_of(target: str) -> str:
    """The scheme of an address, however it is obfuscated; empty for a path."""
    for _ in range(3):
        target = unquote(target)
    scheme = _SCHEME.match(_BLANKS.sub("", target))
    return scheme["scheme"].lower() if scheme and len(scheme["scheme"]) > 1 else ""


def is_harmless(html: str, schemes: frozenset[str] = KNOWN_SCHEMES) -> bool:
    """Whether the HTML contains only allowed tags, in their strict form, and plain text."""
    if "<" not in html and ">" not in html:
        return _STRANGE_REFERENCE.search(html) is None
    if _STRANGE_REFERENCE.search(html):
        return False
    return ">" not in _TAG.sub("", html) and all(_is_harmless_tag(tag, schemes) for tag in set(_TAG.findall(html)))


@lru_cache(maxsize=4096)
def _is_harmless_tag(tag: str, schemes: frozenset[str]) -> bool:
    if closing := _CLOSING.fullmatch(tag):
        return closing["name"] in TAGS
    opening = _OPENING.fullmatch(tag)
    if opening is None or opening["name"] not in TAGS:
        return False
    found = [(found["name"], found["value"]) for found in _NAMED_VALUE.finditer(opening["attributes"])]
    names = [name for name, _ in found]
    return len(set(names)) == len(names) and all(
        value_allowed(opening["name"], name, unescape(value or ""), schemes) for name, value in found
    )


def value_allowed(tag: str, name: str, value: str, schemes: frozenset[str] = KNOWN_SCHEMES) -> bool:
    """Whether a tag may have this attribute with this value, as the browser will decode it.

    Links may have these `schemes`.
    """
    if name not in EVERYWHERE and name not in ATTRIBUTES.get(tag, ()):
        return False
    if name == "style":
        return harmless_style(value) == value
    if name in _ADDRESSES:
        return _address_allowed(tag, name, value, schemes)
    return tag != "input" or name != "type" or value in _INPUTS


def _address_allowed(tag: str, name: str, value: str, schemes: frozenset[str]) -> bool:
    scheme = scheme_of(value)
    if scheme == "data":
        return (tag, name) == ("img", "src") and value.lower().startswith(PICTURE_DATA)
    return not scheme or scheme in (schemes if name == "href" else {"http", "https"})


def harmless_style(style: str) -> str:
    """The harmless declarations of a style."""
    declarations = [declaration for declaration in style.split(";") if _is_harmless_declaration(declaration)]
    return style if len(declarations) == style.count(";") + 1 else ";".join(declarations)


def _is_harmless_declaration(declaration: str) -> bool:
    name, _, value = declaration.partition(":")
    name, value = name.strip().lower(), value.strip()
    if name not in STYLES or not _STYLE_VALUE.fullmatch(value):
        return False
    return not (name.startswith("margin") and "-" in value)
