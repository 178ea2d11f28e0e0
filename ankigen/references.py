"""What does a reference mean: which block, page, address, file?"""

from __future__ import annotations

from collections.abc import Iterable

from ankigen.compare import page_key
from ankigen.data import Block, Page


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


def _aliases(page: Page) -> Iterable[str]:
    for prop in page.properties:
        if prop.key in {"alias", "aliases"}:
            for alias in prop.value.replace("，", ",").split(","):
                if name := alias.strip().removeprefix("[[").removesuffix("]]"):
                    yield name
