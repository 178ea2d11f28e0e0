"""Renders plain Markdown directly, and the rest with mistune: it saves a tenth to a fifth of a first build's time.

Whatever Markdown must not read (code, formulas, macros) is a token in the text and comes back unchanged. The tests
check that both ways give the same result.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape
from itertools import groupby
from typing import Any

from ankigen.support.structs import Struct

# A token is a letter to Markdown, so that emphasis may begin and end at it.
_INLINE, BLOCK, END = "\ufdd0", "\ufdd2", "\ufdd1"
TOKEN = re.compile(rf"0[{_INLINE}{BLOCK}](?P<index>\d+){END}0")
TARGET = re.compile(r"stash:(?P<index>\d+)")
_LONE_TOKEN = re.compile(rf"0{BLOCK}\d+{END}0")
TABLE_LINE = re.compile(r"[ \t]*\|(?P<cells>.*)\|[ \t]*")
_CELL = re.compile(r"(?:[^|\\]|\\.)*")
_RULE_CELL = re.compile(r"\s*(?P<left>:)?-+(?P<right>:)?\s*")
_BLOCKISH = re.compile(
    r"^[ \t]{0,3}(?:\#{1,6}(?:[ \t]|$)|[-*+](?:[ \t]|$)|\d{1,9}[.)](?:[ \t]|$)|>|\||<|\[[^\]\n]*\]:"
    rf"|(?:[-*_][ \t]*){{3,}}$|0{BLOCK})|\n[ \t]*\n",
    re.MULTILINE,
)
_MARKED = re.compile(r"[\\*_~^=<>&\[\]\n]")
_MARKED_OTHERWISE = re.compile(r"[\\_^<\[\]]|~~|==|&[#A-Za-z]")
_PLAIN_LINK = re.compile(
    rf"(?<![!\\])\[(?P<label>[^\s\\*_~^=<>&\[\]`](?:[^\n\\*_~^=<>&\[\]`]*[^\s\\*_~^=<>&\[\]`])?)\]\((?P<target>{TARGET.pattern})\)"
)
_BREAK = re.compile(r" *\n\s*")
_FREE_CELLS = 1_000
_MOST_PADDING = 4
"""How many cells a table may have per written cell, in addition to the free ones."""
_STARRED = re.compile(
    r"(?:(?<=[ (])|\A)(?P<stars>\*\*?)(?P<inside>[A-Za-z0-9](?:[^*]*[A-Za-z0-9])?)(?P=stars)(?=[ .,;:!?)]|\Z)"
)


class MarkdownContext(Struct):
    """The context of rendering one text: how to write links and pictures, and whether it has raw HTML.

    `link` and `image` turn the label (already HTML), the address and the title into HTML.
    """

    link: Callable[[str, str, str], str]
    image: Callable[[str, str, str], str]
    has_raw_html: bool = False


def inline_token(index: int) -> str:
    """A token for inline HTML."""
    return f"0{_INLINE}{index}{END}0"


def block_token(index: int) -> str:
    """A token for block HTML."""
    return f"0{BLOCK}{index}{END}0"


def is_blockish(text: str) -> bool:
    """Whether some line of the text may begin a list, a table or another block."""
    return _BLOCKISH.search(text) is not None


def to_html(text: str, context: MarkdownContext) -> str:
    """Render Markdown; a single paragraph gets no `<p>`."""
    if not is_blockish(text):
        return inline_html(text, context)
    if _LONE_TOKEN.fullmatch(text):
        return text
    runs = [(kind, list(lines)) for kind, lines in groupby(text.split("\n"), _kind_of)]
    if any(kind is None for kind, _ in runs):
        from ankigen.render import commonmark

        return commonmark.parsed(text, context)
    return "".join(_shown_run(kind, lines, context) for kind, lines in runs)


def inline_html(text: str, context: MarkdownContext) -> str:
    """Render a text without blocks."""
    if not _MARKED.search(text):
        return text.strip(" \t")
    if not _MARKED_OTHERWISE.search(_PLAIN_LINK.sub("", text)):
        shown = escape(text.strip(" \t\n"), quote=False)
        if "](" in shown:
            shown = _PLAIN_LINK.sub(lambda link: context.link(link["label"], link["target"], ""), shown)
        shown = _STARRED.sub(_emphasised, shown)
        if "*" not in shown:
            return _BREAK.sub("<br>", shown)
    from ankigen.render import commonmark

    return commonmark.parsed_inline(text, context)


# Texts of plain lines only: paragraphs, tables, stashed blocks.


def _kind_of(line: str) -> str | None:
    """The kind of a line, whatever is around it; `None` if only Markdown's rules can tell."""
    if not line or line != line.strip() or "\r" in line:
        return None
    if not _BLOCKISH.match(line):
        return "paragraph"
    return "token" if _LONE_TOKEN.fullmatch(line) else "table" if TABLE_LINE.fullmatch(line) else None


def _shown_run(kind: str | None, lines: list[str], context: MarkdownContext) -> str:
    if kind == "token":
        return "".join(lines)
    if kind == "paragraph":
        return f"<p>{inline_html(chr(10).join(lines), context)}</p>"
    rows = table_rows([cells_of(line[1:-1]) for line in lines])
    return table_html("".join(_shown_row(row["children"], context) for row in rows))


def table_html(rows: str) -> str:
    """A table with a `<tbody>`, as every browser would add it, so that Anki's editor changes nothing."""
    return f"<table><tbody>{rows}</tbody></table>"


def _shown_row(cells: list[dict[str, Any]], context: MarkdownContext) -> str:
    shown = (cell_html(inline_html(cell["text"], context), **cell["attrs"]) for cell in cells)
    return f"<tr>{''.join(shown)}</tr>"


def _emphasised(match: re.Match[str]) -> str:
    tag = "em" if match["stars"] == "*" else "strong"
    return f"<{tag}>{match['inside']}</{tag}>"


def cells_of(line: str) -> list[str]:
    """The cells of a table row, given without its outer bars."""
    if "\\" not in line:
        return [cell.strip() for cell in line.split("|")]
    cells = []
    position = 0
    while position <= len(line):
        cell = _CELL.match(line, position)
        assert cell is not None
        cells.append(cell[0].strip())
        position = cell.end() + 1
    return cells


def table_rows(rows: list[list[str]]) -> list[dict[str, Any]]:
    """The rows as mistune represents them: a second row of dashes makes the first one a header."""
    rules = [_RULE_CELL.fullmatch(cell) for cell in rows[1]] if len(rows) > 1 else []
    has_head = bool(rules) and all(rules)
    aligns = [_align(rule) for rule in rules] if has_head else []
    body = rows[:1] + rows[2:] if has_head else rows
    width = _padded_width([len(row) for row in body])
    return [_table_row(row, width, aligns, is_head=has_head and number == 0) for number, row in enumerate(body)]


def _padded_width(widths: Sequence[int]) -> int:
    """How many cells to pad the rows of a table to; 0 if one long row would add too many cells."""
    widest = max(widths)
    return widest if widest * len(widths) <= _FREE_CELLS + _MOST_PADDING * sum(widths) else 0


def _table_row(row: list[str], width: int, aligns: list[str], *, is_head: bool) -> dict[str, Any]:
    cells = row + [""] * (width - len(row))
    return {
        "type": "table_row",
        "children": [
            {
                "type": "table_cell",
                "text": cell.replace("\\|", "|"),
                "attrs": {"tag": "th" if is_head else "td", "align": aligns[index] if index < len(aligns) else ""},
            }
            for index, cell in enumerate(cells)
        ],
    }


def _align(rule: re.Match[str] | None) -> str:
    if rule is None or not rule["right"]:
        return ""
    return "center" if rule["left"] else "right"


def cell_html(text: str, tag: str, align: str) -> str:
    """A table cell; `text` is already HTML."""
    style = f' style="text-align:{align}"' if align else ""
    return f"<{tag}{style}>{text}</{tag}>"
