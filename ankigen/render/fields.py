"""Renders the fields of notes; what cannot be shown becomes a problem."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from html import escape

from ankigen.data import Block, Face, Html, Line
from ankigen.render.callouts import with_clozes_in_sight
from ankigen.render.elements import (
    as_line,
    has_blocks,
    is_said,
    opening,
    shown_blocks,
    shows_something,
    with_number,
    without_task_marks,
)
from ankigen.render.escape_for_anki import cloze_field, plain_field
from ankigen.render.harmless import SOURCE_SCHEMES
from ankigen.render.links import NO_LINKS, Links
from ankigen.render.text import FieldRenderer, TextPosition
from ankigen.syntax.spans import clean


def question(text: str, path: str, lines: Sequence[Line] = (), links: Links = NO_LINKS) -> Face:
    """Render a text from some lines of the page at `path`."""
    renderer = FieldRenderer(links)
    html = renderer.text(without_task_marks(clean(text)), TextPosition(path, lines))
    return face_of(renderer, plain_field(renderer.footnotes.behind(html), links.schemes))


def answer(blocks: Sequence[Block], path: str, links: Links = NO_LINKS, elsewhere: int = 0) -> Face:
    """Render the blocks below a card: a single plain one as a paragraph, more as a list.

    `elsewhere` is the number of their characters that other cards show, too.
    """
    if not blocks:
        return _NOTHING
    renderer = FieldRenderer(links)
    if not renderer.has_room(elsewhere, TextPosition(path, blocks[0].lines)):
        return face_of(renderer, Html("…"))
    return face_of(
        renderer,
        plain_field(renderer.footnotes.behind(html_below(renderer, blocks, TextPosition(path))), links.schemes),
    )


def cloze(text: str, blocks: Sequence[Block], path: str, lines: Sequence[Line] = (), links: Links = NO_LINKS) -> Face:
    """Render the text of a cloze note, marked by `clozes.mark`: the question, and below it the blocks as a list."""
    renderer = FieldRenderer(links, is_marked=True)
    position = TextPosition(path, lines)
    above, below = renderer.text(without_task_marks(text), position), html_below(renderer, blocks, position)
    html = renderer.footnotes.behind(joined(above, below))
    return face_of(renderer, cloze_field(with_clozes_in_sight(html), links.schemes))


def incremental(
    text: str,
    blocks: Sequence[Block],
    numbers: Sequence[int],
    path: str,
    lines: Sequence[Line] = (),
    links: Links = NO_LINKS,
) -> Face:
    """Render a note whose blocks, with all below them, are its clozes, numbered by `numbers`."""
    renderer = FieldRenderer(links)
    position = TextPosition(path, lines)
    above = renderer.text(without_task_marks(clean(text)), position)
    return face_of(
        renderer, cloze_field(joined(above, renderer.blocks(blocks, position, hidden=numbers)), links.schemes)
    )


def breadcrumb(page: str, ancestors: Sequence[Block], path: str, links: Links = NO_LINKS) -> Face:
    """Render the context of a card: one line from the page's name down to its parent, without repetition."""
    renderer = FieldRenderer(links, is_line=True)
    steps = [
        (_step(page), TextPosition(path)),
        *((_step(block.text), TextPosition(path, block.lines)) for block in ancestors),
    ]
    shown: list[str] = []
    for line, position in steps:
        step = as_line(_shown_step(renderer, line, position)) if line else ""
        if shows_something(step) and not (shown and is_said(step, shown[-1], is_page=len(shown) == 1)):
            shown.append(step)
    return face_of(renderer, plain_field(" › ".join(shown)))


def _shown_step(renderer: FieldRenderer, line: str, position: TextPosition) -> str:
    return renderer.text(line, position) if renderer.has_room(len(line), position) else "…"


def source_link(address: str, name: str) -> Face:
    """Render the link back to a page of the notes."""
    return Face(plain_field(f'<a href="{escape(clean(address))}">{escape(clean(name))}</a>', SOURCE_SCHEMES))


@lru_cache
def _step(text: str) -> str:
    """One step of a breadcrumb; cached, since the cards of a page have the same ones."""
    line = opening(without_task_marks(clean(text)))
    return with_number(line if line.startswith("#+") else line.lstrip("#").strip())


def joined(above: str, below: str) -> str:
    """One field with both, each in its own block."""
    if not above or not below:
        return above or below
    return "".join(part if has_blocks(part) else f"<p>{part}</p>" for part in (above, below))


def html_below(renderer: FieldRenderer, blocks: Sequence[Block], position: TextPosition) -> str:
    """The blocks as a list; a single one without children as plain text."""
    shown = shown_blocks(blocks)
    if len(shown) == 1 and not shown_blocks(shown[0].children):
        return renderer.block(shown[0], position)
    return renderer.blocks(shown, position)


_NOTHING = Face(Html(""))


def face_of(renderer: FieldRenderer, html: Html) -> Face:
    """A finished field with its media and problems."""
    if not renderer.media and not renderer.problems:
        return Face(html)
    return Face(html, tuple(renderer.media[name] for name in sorted(renderer.media)), tuple(renderer.problems))
