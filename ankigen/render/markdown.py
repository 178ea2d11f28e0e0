"""Markdown as Logseq reads it, through one instance of mistune.

What Logseq reads otherwise than CommonMark: each line break counts, indented lines are no code, a line of dashes is a
rule and never makes a heading, a table needs no second line. Whatever is opaque to Markdown (code, formulas, macros)
stands in the text as a token and comes back untouched.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import Any

import mistune
from mistune.core import BlockState
from mistune.util import unescape

# A token is a letter to Markdown, so that emphasis may begin and end at it.
_INLINE, _BLOCK, _END = "\ufdd0", "\ufdd2", "\ufdd1"
TOKEN = re.compile(rf"0[{_INLINE}{_BLOCK}](?P<index>\d+){_END}0")
TARGET = re.compile(r"stash:(?P<index>\d+)")
_TOKEN_LINE = rf"^ {{0,3}}0{_BLOCK}\d+{_END}0[ \t]*$"
_LONE_TOKEN = re.compile(rf"0{_BLOCK}\d+{_END}0")
_TABLE = r"^ {0,3}\|[^\n]*\|[ \t]*(?:\n|$)"
_TABLE_LINE = re.compile(r"[ \t]*\|(?P<cells>.*)\|[ \t]*")
_CELL = re.compile(r"(?:[^|\\]|\\.)*")
_RULE_CELL = re.compile(r"\s*(?P<left>:)?-+(?P<right>:)?\s*")
_BLOCKISH = re.compile(
    r"^[ \t]{0,3}(?:\#{1,6}(?:[ \t]|$)|[-*+](?:[ \t]|$)|\d{1,9}[.)](?:[ \t]|$)|>|\||<|\[[^\]\n]*\]:"
    rf"|(?:[-*_][ \t]*){{3,}}$|0{_BLOCK})|\n[ \t]*\n",
    re.MULTILINE,
)
_MARKED = re.compile(r"[\\*_~^=<>&\[\]\n]")
_MARKED_OTHERWISE = re.compile(r"[\\_~^=<>&\[\]]")
_BREAK = re.compile(r" *\n\s*")
_STARRED = re.compile(
    r"(?:(?<=[ (])|\A)(?P<stars>\*\*?)(?P<inside>[A-Za-z0-9](?:[^*]*[A-Za-z0-9])?)(?P=stars)(?=[ .,;:!?)]|\Z)"
)
_CALLOUT = re.compile(r"\A<p>\[!(?P<kind>\w+)\][+-]?[ \t]*(?P<title>[^<\n]*)(?:<br>)?")
_PARAGRAPH = re.compile(r"<p>(?P<inside>(?:(?!</?p>).)*)</p>\s*", re.DOTALL)


@dataclass(slots=True)
class Notes:
    """What one run of Markdown asks for and tells: how links and pictures look; whether raw HTML was met."""

    link: Callable[[str, str, str], str]
    image: Callable[[str, str, str], str]
    has_raw_html: bool = False


def inline_token(index: int) -> str:
    """Stand for something within a line."""
    return f"0{_INLINE}{index}{_END}0"


def block_token(index: int) -> str:
    """Stand for something that takes lines of its own."""
    return f"0{_BLOCK}{index}{_END}0"


def is_blockish(text: str) -> bool:
    """Whether some line of the text may begin a list, a table or another block."""
    return _BLOCKISH.search(text) is not None


def to_html(text: str, notes: Notes) -> str:
    """Render Markdown; a lone paragraph comes without its tag."""
    if not is_blockish(text):
        return inline_html(text, notes)
    if _LONE_TOKEN.fullmatch(text):
        return text
    runs = [(kind, list(lines)) for kind, lines in groupby(text.split("\n"), _kind_of)]
    if any(kind is None for kind, _ in runs):
        return parsed(text, notes)
    return "".join(_shown_run(kind, lines, notes) for kind, lines in runs)


def inline_html(text: str, notes: Notes) -> str:
    """Render a text that holds no blocks."""
    if not _MARKED.search(text):
        return text.strip(" \t")
    if not _MARKED_OTHERWISE.search(text):
        shown = _STARRED.sub(_emphasised, text.strip(" \t\n"))
        if "*" not in shown:
            return _BREAK.sub("<br>", shown)
    return parsed_inline(text, notes)


# What mistune makes of a text. It is slow, and the plain texts above come out the same without it.


def parsed(text: str, notes: Notes) -> str:
    """Let mistune read the blocks of a text."""
    state = BlockState()
    state.env["notes"] = notes
    html = str(_MARKDOWN.parse(text, state)[0]).strip()
    lone = _PARAGRAPH.fullmatch(html)
    return lone["inside"] if lone else html


def parsed_inline(text: str, notes: Notes) -> str:
    """Let mistune read a text that holds no blocks."""
    state = BlockState()
    state.env["notes"] = notes
    tokens = _MARKDOWN.inline(text.strip(" \t\n"), state.env)
    return _RENDERER.render_tokens(tokens, state)


# Texts of plain lines: paragraphs, tables, stashed blocks.


def _kind_of(line: str) -> str | None:
    """What a line is by itself, whatever stands around it; nothing if that takes Markdown's rules to tell."""
    if not line or line != line.strip() or "\r" in line:
        return None
    if not _BLOCKISH.match(line):
        return "paragraph"
    return "token" if _LONE_TOKEN.fullmatch(line) else "table" if _TABLE_LINE.fullmatch(line) else None


def _shown_run(kind: str | None, lines: list[str], notes: Notes) -> str:
    if kind == "token":
        return "".join(lines)
    if kind == "paragraph":
        return f"<p>{inline_html(chr(10).join(lines), notes)}</p>"
    rows = _table_rows([_cells(line[1:-1]) for line in lines])
    return f"<table>{''.join(_shown_row(row['children'], notes) for row in rows)}</table>"


def _shown_row(cells: list[dict[str, Any]], notes: Notes) -> str:
    shown = (_render_cell(_RENDERER, inline_html(cell["text"], notes), **cell["attrs"]) for cell in cells)
    return f"<tr>{''.join(shown)}</tr>"


def _emphasised(found: re.Match[str]) -> str:
    tag = "em" if found["stars"] == "*" else "strong"
    return f"<{tag}>{found['inside']}</{tag}>"


class _Renderer(mistune.HTMLRenderer):
    """Writes compact HTML; asks the notes of its run how links and pictures look."""

    def render_token(self, token: dict[str, Any], state: BlockState) -> str:
        kind = token["type"]
        notes: Notes = state.env["notes"]
        if kind in {"link", "image"}:
            inside = self.render_tokens(token.get("children", ()), state)
            attributes = token["attrs"]
            show = notes.link if kind == "link" else notes.image
            return show(inside, attributes["url"], attributes.get("title") or "")
        if kind in {"inline_html", "block_html"}:
            notes.has_raw_html = True
        return super().render_token(token, state)

    def text(self, text: str) -> str:
        return escape(unescape(text), quote=False)

    def linebreak(self) -> str:
        return "<br>"

    def paragraph(self, text: str) -> str:
        return f"<p>{text}</p>"

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        return f"<h{level}>{text}</h{level}>"

    def thematic_break(self) -> str:
        return "<hr>"

    def block_code(self, code: str, info: str | None = None) -> str:
        return code

    def block_html(self, html: str) -> str:
        return html.strip()

    def block_quote(self, text: str) -> str:
        callout = _CALLOUT.match(text)
        if callout is None:
            return f"<blockquote>{text}</blockquote>"
        rest = f"<p>{text[callout.end() :]}".replace("<p></p>", "", 1)
        return callout_html(callout["kind"], callout["title"], rest)

    def list(self, text: str, ordered: bool, **attrs: Any) -> str:
        start = attrs.get("start")
        opening = f'ol start="{start}"' if ordered and start is not None else "ol" if ordered else "ul"
        return f"<{opening}>{text}</{opening[:2]}>"

    def list_item(self, text: str) -> str:
        return f"<li>{text}</li>"


def callout_html(kind: str, title: str, inside: str) -> str:
    """A box with a title, as for `> [!NOTE]` and `#+BEGIN_NOTE`."""
    kind = kind.lower()
    return f'<div class="callout {kind}"><p class="title">{title.strip() or kind.title()}</p>{inside}</div>'


def _take_token(block: mistune.BlockParser, found: re.Match[str], state: BlockState) -> int:
    state.append_token({"type": "block_code", "raw": found[0].strip()})
    return found.end() + 1


def _take_table(block: mistune.BlockParser, found: re.Match[str], state: BlockState) -> int:
    position = found.start()
    rows = []
    while position < state.cursor_max and (line := _TABLE_LINE.fullmatch(state.get_line(position).rstrip("\n"))):
        rows.append(_cells(line["cells"]))
        position += len(state.get_line(position))
    state.append_token({"type": "table", "children": list(_table_rows(rows))})
    return position


def _cells(line: str) -> list[str]:
    cells = []
    position = 0
    while position <= len(line):
        cell = _CELL.match(line, position)
        assert cell is not None
        cells.append(cell[0].strip())
        position = cell.end() + 1
    return cells


def _table_rows(rows: list[list[str]]) -> list[dict[str, Any]]:
    rules = [_RULE_CELL.fullmatch(cell) for cell in rows[1]] if len(rows) > 1 else []
    has_head = bool(rules) and all(rules)
    aligns = [_align(rule) for rule in rules] if has_head else []
    body = rows[:1] + rows[2:] if has_head else rows
    width = max(len(row) for row in body)
    return [_table_row(row, width, aligns, is_head=has_head and number == 0) for number, row in enumerate(body)]


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


def _render_cell(renderer: mistune.HTMLRenderer, text: str, tag: str, align: str) -> str:
    style = f' style="text-align:{align}"' if align else ""
    return f"<{tag}{style}>{text}</{tag}>"


def _take_script(kind: str) -> Callable[[mistune.InlineParser, re.Match[str], Any], int]:
    def take(inline: mistune.InlineParser, found: re.Match[str], state: Any) -> int:
        below = state.copy()
        below.src = found[0][2:-1]
        state.append_token({"type": kind, "children": inline.render(below)})
        return found.end()

    return take


def _enclose(tag: str) -> Callable[[mistune.HTMLRenderer, str], str]:
    return lambda _, text: f"<{tag}>{text}</{tag}>"


def _render_task(renderer: mistune.HTMLRenderer, text: str, checked: bool = False) -> str:
    return f'<li class="task">{"☑" if checked else "☐"} {text}</li>'


def _create() -> mistune.Markdown:
    plugins = ["strikethrough", "mark", "insert", "footnotes", "task_lists"]
    markdown = mistune.create_markdown(renderer=_RENDERER, hard_wrap=True, plugins=plugins)
    block, inline = markdown.block, markdown.inline
    block.register("fenced_code", _TOKEN_LINE, _take_token)
    block.register("table", _TABLE, _take_table, before="list")
    for rules in (block.rules, block.list_rules, block.block_quote_rules):
        rules[:] = [rule for rule in rules if rule not in {"indent_code", "setex_heading"}]
        if "table" not in rules:
            rules.insert(1, "table")
    inline.register("subscript", r"_\{[^{}\n]+\}", _take_script("subscript"), before="emphasis", start_chars="_")
    inline.register("superscript", r"\^\{[^{}\n]+\}", _take_script("superscript"), before="emphasis", start_chars="^")
    inline.rules.remove("codespan")
    for name, tag in (("subscript", "sub"), ("superscript", "sup"), ("insert", "mark"), ("table", "table")):
        _RENDERER.register(name, _enclose(tag))
    _RENDERER.register("table_row", _enclose("tr"))
    _RENDERER.register("table_cell", _render_cell)
    _RENDERER.register("task_list_item", _render_task)
    _RENDERER.register("footnote_ref", lambda _, key, index: f"<sup>{index}</sup>")
    _RENDERER.register("footnotes", lambda _, text: f'<section class="footnotes"><ol>{text}</ol></section>')
    _RENDERER.register("footnote_item", lambda _, text, key, index: f"<li>{text}</li>")
    return markdown


_RENDERER = _Renderer(escape=False)
_MARKDOWN = _create()
