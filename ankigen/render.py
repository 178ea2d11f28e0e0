"""How does Markdown with Logseq's marks look as Anki HTML?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import mistune

from ankigen.data import Block, Face, Html, Markdown, MediaFile, Page, Position, Refusal

_MARKDOWN = mistune.create_markdown(escape=False, hard_wrap=True, plugins=["strikethrough", "table"])


class Links(Protocol):
    """What a face may point at outside itself; the paths are those of pages, relative to the notes' root."""

    @property
    def macros(self) -> Mapping[str, str]:
        """The user's own macros: `$1` and so on stand for their arguments."""

    def block(self, id: str) -> tuple[str, Block] | None:
        """The block of that id, and the path of its page."""

    def page(self, name: str) -> Page | None:
        """The page of that name."""

    def url(self, name: str) -> str | None:
        """Where a reference to that page leads, if anywhere."""

    def media(self, target: str, path: str) -> MediaFile | Refusal:
        """The file that a link on the page at `path` means."""

    def diagram(self, source: str) -> MediaFile | Refusal:
        """The picture of a Mermaid diagram."""


@dataclass(frozen=True)
class NoLinks:
    """Nothing outside the text."""

    macros: Mapping[str, str] = field(default_factory=dict)

    def block(self, id: str) -> None:
        """Know no block."""

    def page(self, name: str) -> None:
        """Know no page."""

    def url(self, name: str) -> None:
        """Lead nowhere."""

    def media(self, target: str, path: str) -> Refusal:
        """Find no file."""
        return Refusal("missing-media", f"there is no file {target}")

    def diagram(self, source: str) -> Refusal:
        """Draw nothing."""
        return Refusal("mermaid", "nothing draws diagrams here")


NO_LINKS = NoLinks()


def question(text: Markdown, place: Position, links: Links = NO_LINKS) -> Face:
    """Render text that begins at `place`."""
    return Face(_html(text))


def answer(blocks: Sequence[Block], path: str, links: Links = NO_LINKS) -> Face:
    """Render the blocks below a card: a single plain one as a paragraph, more as a list."""
    if len(blocks) == 1 and not blocks[0].children:
        return Face(_html(blocks[0].text))
    return Face(_list(blocks))


def _list(blocks: Sequence[Block]) -> Html:
    items = (f"<li>{_html(block.text)}{_list(block.children) if block.children else ''}</li>" for block in blocks)
    return Html(f"<ul>{''.join(items)}</ul>")


def _html(text: str) -> Html:
    html = str(_MARKDOWN(text)).strip()
    if html.startswith("<p>") and html.endswith("</p>") and html.count("<p>") == 1:
        html = html[3:-4]
    return Html(html)
