"""What a face may point at, given as it is: for tests that render without notes on a disk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from ankigen.data import Block, MediaFile, Page, Refusal
from ankigen.render.harmless import KNOWN_SCHEMES
from ankigen.source import ids_and_aliases
from ankigen.source.picture_size import size_of
from ankigen.support.normal_forms import page_key
from ankigen.syntax import footnotes
from ankigen.syntax.footnotes import Footnote


def no_file(target: str, page: str) -> None:
    """Leave every file where it is."""


def no_diagram(source: str) -> Refusal:
    """Draw nothing."""
    return Refusal("no-mermaid", "no")


@dataclass(frozen=True)
class FixedLinks:
    """Some pages, and ways to find files and draw diagrams."""

    pages: Iterable[Page] = ()
    find: Callable[[str, str], MediaFile | Refusal | None] = no_file
    draw: Callable[[str], MediaFile | Refusal] = no_diagram
    macros: Mapping[str, str] = field(default_factory=dict)
    page_address: str = ""
    embed_depth: int = 5
    room: int = 100_000
    schemes: frozenset[str] = KNOWN_SCHEMES

    def block(self, id: str) -> tuple[str, Block] | None:
        found = ((page.path, ids_and_aliases.blocks(page).get(id.lower())) for page in self.pages)
        return next(((path, block) for path, block in found if block), None)

    def page(self, name: str, part: str = "") -> Page | None:
        key = page_key(name)
        named = next((page for page in self.pages if page_key(page.name) == key), None)
        return named or next((page for page in self.pages if key in map(page_key, ids_and_aliases.aliases(page))), None)

    def is_logseq(self, path: str) -> bool:
        return True

    def footnotes(self, path: str) -> Mapping[str, Footnote]:
        return next((footnotes.of_page(page) for page in self.pages if page.path == path), {})

    def lines(self, path: str) -> Sequence[str]:
        return next((page.source for page in self.pages if page.path == path), ())

    def url(self, name: str) -> str | None:
        return self.page_address.replace("{page}", quote(name, safe="")) or None

    def media(self, target: str, path: str) -> MediaFile | Refusal | None:
        return self.find(target, path)

    def size(self, file: MediaFile) -> tuple[int, int] | None:
        return size_of(file.path)

    def diagram(self, source: str) -> MediaFile | Refusal:
        return self.draw(source)

    def speech(self, text: str, language: str, voices: str, speed: str) -> MediaFile | Refusal | None:
        return None
