"""Small charts as SVG without scripts; each comes with its numbers as a table."""

from __future__ import annotations

import html
from collections.abc import Sequence

_ROW = 22
_LABEL = 190
_BARS = 300
_NUMBER = 90
_WIDTH = _LABEL + _BARS + _NUMBER
_LONGEST_LABEL = 28
_MOST_ROWS = 15
_HEIGHT = 120
_AXIS = 22


def bars(title: str, rows: Sequence[tuple[str, float, str]], largest: float | None = None) -> str:
    """A bar for each row: its name, its value, and the value in words; the last rows are only in the table."""
    drawn = rows[:_MOST_ROWS]
    top = largest or max((value for _, value, _ in drawn), default=0) or 1
    height = _ROW * len(drawn) + 4
    lines = []
    for index, (name, value, words) in enumerate(drawn):
        y = index * _ROW + 4
        width = max(1.0, _BARS * value / top) if value else 0
        lines.append(
            f'<text class="label" x="{_LABEL - 8}" y="{y + 13}" text-anchor="end">{_escaped(_shortened(name))}</text>'
            f'<rect x="{_LABEL}" y="{y}" width="{width:.1f}" height="{_ROW - 6}" rx="3"></rect>'
            f'<text x="{_LABEL + width + 6:.1f}" y="{y + 13}">{_escaped(words)}</text>'
        )
    return _figure(
        title, f'viewBox="0 0 {_WIDTH} {height}"', "".join(lines), [(name, words) for name, _, words in rows]
    )


def columns(title: str, values: Sequence[tuple[str, int]], every: int = 5) -> str:
    """A column for each value, with a name below every `every`-th column."""
    top = max((value for _, value in values), default=0) or 1
    step = _WIDTH / max(1, len(values))
    lines = []
    for index, (name, value) in enumerate(values):
        x, height = index * step, _HEIGHT * value / top
        lines.append(
            f'<rect x="{x + 1:.1f}" y="{_HEIGHT - height + 16:.1f}" width="{max(1.0, step - 2):.1f}" '
            f'height="{height:.1f}" rx="2"><title>{_escaped(name)}: {value:,}</title></rect>'
        )
        if index % every == 0:
            lines.append(f'<text class="label" x="{x + 1:.1f}" y="{_HEIGHT + 16 + 15}">{_escaped(name)}</text>')
    lines.append(f'<text class="label" x="0" y="11">{top:,}</text>')
    view = f'viewBox="0 0 {_WIDTH} {_HEIGHT + 16 + _AXIS}"'
    return _figure(title, view, "".join(lines), [(name, f"{value:,}") for name, value in values])


def answers(buttons: Sequence[int]) -> str:
    """The last answers to a card, a stroke for each: low if it was forgotten, higher the easier it was."""
    strokes = "".join(
        f'<rect class="button{button}" x="{index * 6}" y="{20 - button * 5}" width="4" height="{button * 5}"></rect>'
        for index, button in enumerate(buttons)
    )
    words = ", ".join({1: "again", 2: "hard", 3: "good", 4: "easy"}.get(button, "") for button in buttons)
    width = max(6, len(buttons) * 6)
    return (
        f'<svg class="answers" role="img" aria-label="{words}" width="{width}" height="20" '
        f'viewBox="0 0 {width} 20">{strokes}</svg>'
    )


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table; its cells are already HTML."""
    head = "".join(f'<th scope="col">{_escaped(name)}</th>' for name in heads)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _figure(title: str, view: str, drawing: str, rows: Sequence[tuple[str, str]]) -> str:
    numbers = table(["", title], [(_escaped(name), _escaped(words)) for name, words in rows])
    return (
        f'<figure><figcaption>{_escaped(title)}</figcaption><svg role="img" aria-label="{_escaped(title)}" {view}>'
        f"{drawing}</svg><details><summary>Numbers</summary>{numbers}</details></figure>"
    )


def _shortened(name: str) -> str:
    return name if len(name) <= _LONGEST_LABEL else f"…{name[1 - _LONGEST_LABEL :]}"


def _escaped(text: str) -> str:
    return html.escape(text)
