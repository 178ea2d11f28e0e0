"""What does a reference mean: which block, page, address, file?"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from ankigen.data import Block, MediaFile, Page, Refusal

Find = Callable[[str, str], MediaFile | Refusal | None]
Draw = Callable[[str], MediaFile | Refusal]


@dataclass(frozen=True)
class References:
    """What the pages of the notes hold under an id or a name; where two claim one, the first has it.

    `page_address` is a template with `{page}`, or empty; `tidy` takes from a block what no card shows.
    """

    blocks: Mapping[str, tuple[str, Block]]
    pages: Mapping[str, Page]
    find_media: Find
    draw: Draw
    macros: Mapping[str, str] = field(default_factory=dict)
    page_address: str = ""
    tidy: Callable[[Block], Block] = lambda block: block

    def block(self, id: str) -> tuple[str, Block] | None:
        """The block of that id, behind the path of its page."""
        found = self.blocks.get(id.lower())
        return (found[0], self.tidy(found[1])) if found else None

    def page(self, name: str) -> Page | None:
        """The page of that name, as Logseq compares names."""
        return self.pages.get(page_key(name))

    def url(self, name: str) -> str | None:
        """Where a reference to that page leads."""
        return self.page_address.replace("{page}", quote(name, safe="")) or None

    def media(self, target: str, path: str) -> MediaFile | Refusal | None:
        """The file that a link on the page at `path` means."""
        return self.find_media(target, path)

    def diagram(self, source: str) -> MediaFile | Refusal:
        """The picture of a Mermaid diagram."""
        return self.draw(source)


def index(pages: Iterable[Page]) -> tuple[dict[str, tuple[str, Block]], dict[str, Page]]:
    """The blocks by their `id::`, the pages by their names and aliases."""
    blocks: dict[str, tuple[str, Block]] = {}
    named: dict[str, Page] = {}
    aliased: dict[str, Page] = {}
    for page in pages:
        named.setdefault(page_key(page.name), page)
        for alias in _aliases(page):
            aliased.setdefault(page_key(alias), page)
        for top in page.blocks:
            for block in top.walk():
                for prop in block.properties:
                    if prop.key in {"id", "custom-id"}:
                        blocks.setdefault(prop.value.strip().lower(), (page.path, block))
    return blocks, aliased | named


def page_key(name: str) -> str:
    """A page's name as Logseq compares it."""
    return unicodedata.normalize("NFC", name.strip().removeprefix("/").removesuffix("/").lower())


def _aliases(page: Page) -> Iterable[str]:
    for prop in page.properties:
        if prop.key in {"alias", "aliases"}:
            for alias in prop.value.replace("，", ",").split(","):
                if name := alias.strip().removeprefix("[[").removesuffix("]]"):
                    yield name
