"""Renders text with mistune. It is slow to load and to run, so only texts that are not plain come here.

Logseq's differences from CommonMark: each line break counts, indented lines are not code, a line of dashes is a rule
and never makes a heading, a table needs no second line.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from html import escape
from typing import Any

import mistune
from mistune.core import BlockState
from mistune.plugins import import_plugin
from mistune.util import unescape

from ankigen.render.callouts import quoted_callout
from ankigen.render.plain_markdown import (
    BLOCK,
    END,
    TABLE_LINE,
    MarkdownContext,
    cell_html,
    cells_of,
    table_html,
    table_rows,
)
from ankigen.syntax.bounds import MOST_MARKS

_TOKEN_LINE = rf"^ {{0,3}}0{BLOCK}\d+{END}0[ \t]*$"
_TABLE = r"^ {0,3}\|[^\n]*\|[ \t]*(?:\n|$)"
_EMPHASIS = re.compile(r"\\.|<[^<>]*>|(?P<marks>[*_]+)", re.DOTALL)
_PARAGRAPH = re.compile(r"<p>(?P<inside>(?:(?!</?p>).)*)</p>\s*", re.DOTALL)


def parsed(text: str, context: MarkdownContext) -> str:
    """Render a text with blocks."""
    state = BlockState()
    state.env["context"] = context
    html = str(_MARKDOWN.parse(text, state)[0]).strip()
    lone = _PARAGRAPH.fullmatch(html)
    return lone["inside"] if lone else html


def parsed_inline(text: str, context: MarkdownContext) -> str:
    """Render a text without blocks."""
    state = BlockState()
    state.env["context"] = context
    tokens = _MARKDOWN.inline(text.strip(" \t\n"), state.env)
    return _RENDERER.render_tokens(tokens, state)


class _Renderer(mistune.HTMLRenderer):
    """Writes compact HTML; asks the context of its text how links and pictures look."""

    def render_token(self, token: dict[str, Any], state: BlockState) -> str:
        kind = token["type"]
        context: MarkdownContext = state.env["context"]
        if kind in {"link", "image"}:
            inside = self.render_tokens(token.get("children", ()), state)
            attributes = token["attrs"]
            show = context.link if kind == "link" else context.image
            return show(inside, attributes["url"], attributes.get("title") or "")
        if kind in {"inline_html", "block_html"}:
            context.has_raw_html = True
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
        return quoted_callout(text) or f"<blockquote>{text}</blockquote>"

    def list(self, text: str, ordered: bool, **attrs: Any) -> str:
        start = attrs.get("start")
        opening = f'ol start="{start}"' if ordered and start is not None else "ol" if ordered else "ul"
        return f"<{opening}>{text}</{opening[:2]}>"

    def list_item(self, text: str) -> str:
        return f"<li>{text}</li>"


class _Inline(mistune.InlineParser):
    """Parses a paragraph with a limited number of emphasis marks, which mistune compares pairwise."""

    def parse(self, state: Any) -> list[dict[str, Any]]:
        state.src = _with_few_marks(state.src)
        return super().parse(state)


def _with_few_marks(text: str) -> str:
    """The text with all asterisks and underscores beyond the limit escaped."""
    if text.count("*") + text.count("_") <= MOST_MARKS:
        return text
    count = itertools.count(1)

    def escaped(match: re.Match[str]) -> str:
        marks = match["marks"]
        return match[0] if not marks or next(count) <= MOST_MARKS else "".join(f"\\{mark}" for mark in marks)

    return _EMPHASIS.sub(escaped, text)


def _take_token(block: mistune.BlockParser, match: re.Match[str], state: BlockState) -> int:
    state.append_token({"type": "block_code", "raw": match[0].strip()})
    return match.end() + 1


def _take_table(block: mistune.BlockParser, match: re.Match[str], state: BlockState) -> int:
    position = match.start()
    rows = []
    while position < state.cursor_max and (line := TABLE_LINE.fullmatch(state.get_line(position).rstrip("\n"))):
        rows.append(cells_of(line["cells"]))
        position += len(state.get_line(position))
    state.append_token({"type": "table", "children": list(table_rows(rows))})
    return position


def _take_script(kind: str) -> Callable[[mistune.InlineParser, re.Match[str], Any], int]:
    def take(inline: mistune.InlineParser, match: re.Match[str], state: Any) -> int:
        below = state.copy()
        below.src = match[0][2:-1]
        state.append_token({"type": kind, "children": inline.render(below)})
        return match.end()

    return take


def _enclose(tag: str) -> Callable[[mistune.HTMLRenderer, str], str]:
    return lambda _, text: f"<{tag}>{text}</{tag}>"


def _render_task(renderer: mistune.HTMLRenderer, text: str, checked: bool = False) -> str:
    return f'<li class="task">{"☑" if checked else "☐"} {text}</li>'


def _create() -> mistune.Markdown:
    plugins = map(import_plugin, ("strikethrough", "mark", "insert", "task_lists"))
    markdown = mistune.Markdown(_RENDERER, inline=_Inline(hard_wrap=True), plugins=plugins)
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
    for name, tag in (("subscript", "sub"), ("superscript", "sup"), ("insert", "mark")):
        _RENDERER.register(name, _enclose(tag))
    _RENDERER.register("table", lambda _, text: table_html(text))
    _RENDERER.register("table_row", _enclose("tr"))
    _RENDERER.register("table_cell", lambda _, text, tag, align: cell_html(text, tag, align))
    _RENDERER.register("task_list_item", _render_task)
    return markdown


_RENDERER = _Renderer(escape=False)
_MARKDOWN = _create()
