"""The blocks and pages that cards refer to; a page is parsed once somebody asks for what may stand on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property

from ankigen.data import Block, Page
from ankigen.source import ids_and_aliases
from ankigen.source.pages import ReadFile
from ankigen.support.hashing import digest
from ankigen.support.normal_forms import page_key


class Referenced:
    """All that may be referred to in these files; the first of several counts."""

    def __init__(self, found: Sequence[ReadFile]) -> None:
        self._found = found
        self._blocks: dict[str, dict[str, Block]] = {}

    def block(self, id: str) -> tuple[str, Block] | None:
        """The block of that id, behind the path of its page."""
        for read in self._homes.get(id.lower(), ()):
            if found := self._blocks_of(read).get(id.lower()):
                return read.file.shown, found
        return None

    def page(self, name: str) -> Page | None:
        """The page of that name, or else with that alias."""
        key = page_key(name)
        read = self._named.get(key) or self._aliased.get(key)
        return read.page if read else None

    def lines(self, path: str) -> Sequence[str]:
        """The lines of the file at `path`."""
        return self._by_path[path].page.source

    def block_digest(self, id: str) -> str:
        """Names the content of all files that might hold the block of that id, and how they are read."""
        return _digest(self._homes.get(id.lower(), ()))

    def page_digest(self, name: str) -> str:
        """Names the content of the page of that name, or else of all files that may tell of aliases."""
        read = self._named.get(page_key(name))
        return _digest([read]) if read else self._aliases_digest

    def _blocks_of(self, read: ReadFile) -> dict[str, Block]:
        if read.file.shown not in self._blocks:
            self._blocks[read.file.shown] = ids_and_aliases.blocks(read.page)
        return self._blocks[read.file.shown]

    @cached_property
    def _by_path(self) -> dict[str, ReadFile]:
        return {read.file.shown: read for read in self._found}

    @cached_property
    def _homes(self) -> defaultdict[str, list[ReadFile]]:
        homes: defaultdict[str, list[ReadFile]] = defaultdict(list)
        for read in self._found:
            for id in read.summary.ids:
                homes[id].append(read)
        return homes

    @cached_property
    def _named(self) -> dict[str, ReadFile]:
        return {read.name.key: read for read in reversed(self._found)}

    @cached_property
    def _aliased(self) -> dict[str, ReadFile]:
        tellers = reversed(self._tellers)
        return {page_key(alias): read for read in tellers for alias in ids_and_aliases.aliases(read.page)}

    @cached_property
    def _tellers(self) -> list[ReadFile]:
        return [read for read in self._found if read.summary.may_hold_aliases]

    @cached_property
    def _aliases_digest(self) -> str:
        return _digest(self._tellers)


def _digest(reads: Iterable[ReadFile]) -> str:
    return digest(*(read.key for read in reads), length=32)
