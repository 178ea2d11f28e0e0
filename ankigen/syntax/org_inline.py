"""Turns a line of org-mode text into Markdown: emphasis, code, links, footnotes, lists, tables.

`[[page]]`, `((block))`, `#tag`, `{{macro}}` and mathematics are the same in both and stay as they are.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict

from ankigen.syntax.words import ANY_UUID, MEDIA, PAGE_NAME, any_of

# A link in org-mode ends at its first `]`: unlike a page link in Markdown it may have a label, but no nested reference.
_OPAQUE = re.compile(
    rf"""
      \[\[(?P<target>[^\[\]\n]++)\](?:\[(?P<label>[^\[\]\n]++)\])?\]
    | (?P<math>\$\$[^$]++\$\$ | \$(?![\s$])[^$]*+(?<![\s(\[{{])\$(?!\d)
        | \\\((?>(?:[^\\\n]|\\[^()\n])*)\\\) | \\\[(?>(?:[^\\\n]|\\[^\[\]\n])*)\\\])
    | (?P<url>\b(?:https?|ftp|file)://[^\s<>\[\]{{}}]++)
    | (?P<tag>\#\[\[{PAGE_NAME}\]\] | \#[^\s\#,!?'":\[]++)
    | (?P<reference>\(\([^()\n]++\)\))
    | \[fn:(?P<footnote>[^\]:\s]++)\]
    | (?P<mark>[*/_+~=])
    | (?P<tick>`)
    """,
    re.VERBOSE,
)
_CLOSER = re.compile(r"(?<=\S)(?P<mark>[*/_+~=])(?!(?P=mark)|[A-Za-z0-9])")
_WORD = re.compile(r"[A-Za-z0-9]")
_AROUND = {"*": ("**", "**"), "/": ("*", "*"), "_": ("<u>", "</u>"), "+": ("~~", "~~")}
_CODE = frozenset("~=")
_ASCII_ONLY = frozenset("/_+")
_ESCAPED = frozenset("*`")
_BLOCK_ID = re.compile(rf"id:(?P<id>{ANY_UUID})")
_ADDRESS = re.compile(r"(?:https?|ftp|mailto|file|zotero|logseq):", re.IGNORECASE)
_PATH = re.compile(r"file:|\.{0,2}/|~/", re.IGNORECASE)
_SHOWN = re.compile(rf"[^\n]*\.{any_of(sorted(MEDIA))}", re.IGNORECASE)
_ITEM = re.compile(r"(?:(?P<bullet>[-+*])|(?P<number>\d++)[.)])(?:[ \t]++(?P<text>.*)|$)")
_COUNTER = re.compile(r"\[@\w++\][ \t]*+")
_BOX = re.compile(r"\[(?P<state>[ xX-])\](?=[ \t]|$)")
_TERM = " :: "
_TABLE_RULE = re.compile(r"[ \t]*+\|-[-+|: \t]*+$")
_RULE = re.compile(r"-{5,}+[ \t]*$")
_FOOTNOTE = re.compile(r"\[fn:(?P<name>[^\]:\s]++)\][ \t]++")
_LINE_BREAK = "\\\\"
_TICKS = re.compile(r"`+")
_FIXED = re.compile(r":(?: (?P<text>.*)|$)")
_HEADLINE_TAGS = re.compile(r":[^\s:]++(?>(?::[^\s:]++)*):")
_PLAIN_TAG = re.compile(r"[\w@%-]++")


def headline(text: str) -> str:
    """The text of a headline; the org tags at its end become `#tags`."""
    *_, last = text.rsplit(None, 1) or [""]
    if not _HEADLINE_TAGS.fullmatch(last):
        return line(text)
    tags = " ".join(f"#{tag}" if _PLAIN_TAG.fullmatch(tag) else f"#[[{tag}]]" for tag in last[1:-1].split(":"))
    return f"{to_markdown(text.rstrip()[: -len(last)].rstrip())} {tags}".lstrip()


def line(text: str) -> str:
    """Convert a line outside code, with the same indent."""
    stripped = text.lstrip(" \t")
    indent = text[: len(text) - len(stripped)]
    return indent + _line(stripped, is_indented=bool(indent))


def _line(text: str, *, is_indented: bool) -> str:
    if _RULE.match(text):
        return "***"
    if fixed := _FIXED.match(text):
        return code(fixed["text"] or "")
    if (item := _ITEM.match(text)) and (is_indented or item["bullet"] != "*"):
        return f"{_bullet(item)} {_item(item['text'] or '')}"
    if text.rstrip().endswith(_LINE_BREAK):
        text = text.rstrip().removesuffix(_LINE_BREAK).rstrip()
    if footnote := _FOOTNOTE.match(text):
        return f"[^{footnote['name']}]: {to_markdown(text[footnote.end() :])}"
    return to_markdown(text)


def is_table_rule(text: str) -> bool:
    """Whether the line is the `|---+---|` of a table."""
    return _TABLE_RULE.match(text) is not None


def table_rule(text: str) -> str:
    """The same line in Markdown, with a bar after each column."""
    return text.replace("+", "|")


def code(text: str) -> str:
    """Inline code for any text, including backticks."""
    if not text.strip():
        return ""
    marks = "`" * (max(map(len, _TICKS.findall(text)), default=0) + 1)
    return f"{marks} {text} {marks}" if "`" in (text[0], text[-1]) else f"{marks}{text}{marks}"


def _bullet(item: re.Match[str]) -> str:
    """Bullets become asterisks: a line that begins with `-` would be a block."""
    return f"{item['number']}." if item["number"] else "*"


def _item(text: str) -> str:
    if counter := _COUNTER.match(text):
        text = text[counter.end() :]
    box = ""
    if state := _BOX.match(text):
        box, text = f"[{state['state'].replace('X', 'x').replace('-', ' ')}]", text[state.end() :]
    term, separator, rest = text.partition(_TERM)
    if not separator:
        return box + to_markdown(text)
    return f"{box}{' ' if box else ''}**{to_markdown(term.strip())}**: {to_markdown(rest)}"


def to_markdown(text: str) -> str:
    """The text with Markdown's marks instead of org's, in one pass for each level of emphasis."""
    closers: dict[str, list[int]] = defaultdict(list)
    for closer in _CLOSER.finditer(text):
        if text[closer.start() - 1] != closer["mark"]:
            closers[closer["mark"]].append(closer.start())
    return _OrgLine(text, closers).between(0, len(text))


def _is_joined(mark: str, neighbour: str) -> bool:
    """Whether a mark is text beside that character: in Logseq only asterisks may touch letters of other scripts."""
    return mark in _ASCII_ONLY and not neighbour.isascii() and not neighbour.isspace()


class _OrgLine:
    """A line with the positions where emphasis may close."""

    def __init__(self, text: str, closers: dict[str, list[int]]) -> None:
        self.text = text
        self.closers = closers

    def between(self, start: int, end: int) -> str:
        """Convert a part; no emphasis in it closes after its end, so that equal marks never nest."""
        parts = []
        while match := _OPAQUE.search(self.text, start, end):
            parts.append(self.text[start : match.start()])
            converted, start = self.converted(match, end)
            parts.append(converted)
        return "".join(parts) + self.text[start:end]

    def converted(self, match: re.Match[str], end: int) -> tuple[str, int]:
        """The replacement of a mark, and where to continue."""
        if match["target"]:
            return _link(match["target"], match["label"]), match.end()
        if match["footnote"]:
            return f"[^{match['footnote']}]", match.end()
        if match["mark"] and (close := self.close_of(match["mark"], match.start(), end)):
            return self.emphasised(match["mark"], match.end(), close), close + 1
        return self.escaped(match) if match["mark"] or match["tick"] else match[0], match.end()

    def close_of(self, mark: str, start: int, end: int) -> int | None:
        """The end of the emphasis that a mark begins, if any."""
        before, after = self.text[max(start - 1, 0) : start], self.text[start + 1 : start + 2]
        if mark in {before, after} or not after.strip() or _WORD.match(before) or _is_joined(mark, before):
            return None
        closers = self.closers[mark]
        index = bisect_left(closers, start + 2)
        close = closers[index] if index < len(closers) else end
        return close if close < end and not _is_joined(mark, self.text[close + 1 : close + 2]) else None

    def emphasised(self, mark: str, start: int, end: int) -> str:
        if mark in _CODE:
            return code(self.text[start:end])
        opening, closing = _AROUND[mark]
        return f"{opening}{self.between(start, end)}{closing}"

    def escaped(self, match: re.Match[str]) -> str:
        """A mark that is text in org, but not in Markdown; a double asterisk is taken as Markdown's."""
        mark = match[0]
        around = self.text[max(match.start() - 1, 0) : match.start()] + self.text[match.end() : match.end() + 1]
        return f"\\{mark}" if mark in _ESCAPED and mark not in around and around.strip() else mark


def _link(target: str, label: str | None) -> str:
    if block := _BLOCK_ID.fullmatch(target):
        return f"[{to_markdown(label)}]((({block['id']})))" if label else f"(({block['id']}))"
    if not (_ADDRESS.match(target) or _PATH.match(target) or _SHOWN.fullmatch(target)):
        return to_markdown(label) if label else f"[[{target}]]"
    address = target.removeprefix("file:")
    if label:
        return f"[{to_markdown(label)}]({address})"
    return f"![]({address})" if _SHOWN.fullmatch(target) else address if _ADDRESS.match(address) else f"[]({address})"
