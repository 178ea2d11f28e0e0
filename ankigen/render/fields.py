"""Renders the fields of notes; what cannot be shown comes back as a problem."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from ankigen.data import Block, Face, Html, Line
from ankigen.render.elements import has_blocks, opening, shown_blocks, visible
from ankigen.render.escape_for_anki import cloze_field, plain_field
from ankigen.render.links import NO_LINKS, Links
from ankigen.render.text import Place, Sheet
from ankigen.syntax.spans import clean


def question(text: str, path: str, lines: Sequence[Line] = (), links: Links = NO_LINKS) -> Face:
    """Render a text that was made of some lines of the page at `path`."""
    sheet = Sheet(links)
    html = sheet.text(visible(clean(text)), Place(path, lines))
    return _face(sheet, plain_field(html))


def answer(blocks: Sequence[Block], path: str, links: Links = NO_LINKS) -> Face:
    """Render the blocks below a card: a single plain one as a paragraph, more as a list."""
    if not blocks:
        return _NOTHING
    sheet = Sheet(links)
    return _face(sheet, plain_field(_below(sheet, blocks, Place(path))))


def cloze(text: str, blocks: Sequence[Block], path: str, lines: Sequence[Line] = (), links: Links = NO_LINKS) -> Face:
    """Render the text of a cloze note, marked by `clozes.mark`: the question, and below it the blocks as a list."""
    sheet = Sheet(links)
    place = Place(path, lines)
    above, below = sheet.text(visible(text), place), _below(sheet, blocks, place)
    return _face(sheet, cloze_field(_joined(above, below)))


def incremental(
    text: str,
    blocks: Sequence[Block],
    numbers: Sequence[int],
    path: str,
    lines: Sequence[Line] = (),
    links: Links = NO_LINKS,
) -> Face:
    """Render a note whose blocks, with all below them, are its clozes, numbered by `numbers`."""
    sheet = Sheet(links)
    place = Place(path, lines)
    above = sheet.text(visible(clean(text)), place)
    return _face(sheet, cloze_field(_joined(above, sheet.blocks(blocks, place, hidden=numbers))))


def breadcrumb(page: str, ancestors: Sequence[Block], path: str, links: Links = NO_LINKS) -> Face:
    """Render where a card stands: one line from the page's name down to its parent."""
    sheet = Sheet(links)
    steps = [(_step(page), Place(path)), *((_step(block.text), Place(path, block.lines)) for block in ancestors)]
    html = " › ".join([sheet.text(line, place) for line, place in steps if line])
    return _face(sheet, plain_field(html))


@lru_cache
def _step(text: str) -> str:
    """What a breadcrumb shows of a page's name or a block; the cards of a page ask for the same again and again."""
    return opening(visible(clean(text))).lstrip("#").strip()


def _joined(above: str, below: str) -> str:
    """One field of both, each a block of its own."""
    if not above or not below:
        return above or below
    return "".join(part if has_blocks(part) else f"<p>{part}</p>" for part in (above, below))


def _below(sheet: Sheet, blocks: Sequence[Block], place: Place) -> str:
    """The blocks as a list, a single one that has nothing below it without."""
    shown = shown_blocks(blocks)
    if len(shown) == 1 and not shown_blocks(shown[0].children):
        return sheet.block(shown[0], place)
    return sheet.blocks(shown, place)


_NOTHING = Face(Html(""))


def _face(sheet: Sheet, html: Html) -> Face:
    if not sheet.media and not sheet.problems:
        return Face(html)
    return Face(html, tuple(sheet.media[name] for name in sorted(sheet.media)), tuple(sheet.problems))
