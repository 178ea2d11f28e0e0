"""The blocks and pages that cards refer to; a page is parsed when something that it may contain is looked up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import PurePosixPath

from ankigen.data import Block, Page
from ankigen.source import ids_and_aliases
from ankigen.source.pages import SourceFile
from ankigen.support.hashing import digest
from ankigen.support.normal_forms import page_key
from ankigen.syntax import footnotes
from ankigen.syntax.footnotes import Footnote

_LONGEST_WAY = 8
"""How many folders a link with a partial path may name."""


class Referenced:
    """Everything that cards may refer to in these files; of several with the same id or name the first is used."""

    def __init__(self, files: Sequence[SourceFile]) -> None:
        self._files = files
        self._blocks: dict[str, dict[str, Block]] = {}

    def block(self, id: str) -> tuple[str, Block] | None:
        """The block with that id, and the path of its page."""
        for file in self._files_by_id.get(id.lower(), ()):
            if block := self._blocks_in(file).get(id.lower()):
                return file.note_file.relative_path, block
        return None

    def page(self, name: str) -> Page | None:
        """The page with that name, or else in the file with that name, or else with that alias."""
        file = self._named(name) or self._files_by_alias.get(page_key(name))
        return file.page if file else None

    def lines(self, path: str) -> Sequence[str]:
        """The lines of the file at `path`."""
        return self._files_by_path[path].page.source

    def footnotes(self, path: str) -> Mapping[str, Footnote]:
        """The footnotes of the page at `path`."""
        file = self._files_by_path.get(path)
        return footnotes.of_page(file.page) if file else {}

    def path_digest(self, path: str) -> str:
        """A digest of the key of the file at `path`."""
        return _digest([self._files_by_path[path]] if path in self._files_by_path else [])

    def block_digest(self, id: str) -> str:
        """A digest of the keys of all files that may contain the block with that id."""
        return _digest(self._files_by_id.get(id.lower(), ()))

    def page_digest(self, name: str) -> str:
        """A digest of the key of the page with that name, or else of the keys of all files that may have aliases."""
        file = self._named(name)
        return _digest([file]) if file else self._aliases_digest

    def _named(self, name: str) -> SourceFile | None:
        """The file of the page with that name; outside Logseq a link may also have the file's name or path."""
        key = page_key(name)
        return self._files_by_name.get(key) or self._plain_files.get(key)

    def _blocks_in(self, file: SourceFile) -> dict[str, Block]:
        if file.note_file.relative_path not in self._blocks:
            self._blocks[file.note_file.relative_path] = ids_and_aliases.blocks(file.page)
        return self._blocks[file.note_file.relative_path]

    @cached_property
    def _files_by_path(self) -> dict[str, SourceFile]:
        return {file.note_file.relative_path: file for file in self._files}

    @cached_property
    def _files_by_id(self) -> defaultdict[str, list[SourceFile]]:
        by_id: defaultdict[str, list[SourceFile]] = defaultdict(list)
        for file in self._files:
            for id in file.summary.ids:
                by_id[id].append(file)
        return by_id

    @cached_property
    def _files_by_name(self) -> dict[str, SourceFile]:
        return {file.page_key: file for file in reversed(self._files)}

    @cached_property
    def _plain_files(self) -> dict[str, SourceFile]:
        """The files outside Logseq by path, by the end of their path, and by name; the least nested first."""
        plain = [file for file in self._files if not file.note_file.graph.is_logseq]
        by_path: dict[str, SourceFile] = {}
        for file in sorted(plain, key=lambda file: file.note_file.relative_path.count("/")):
            path = PurePosixPath(file.note_file.relative_path)
            for written in (path, path.with_suffix("")):
                by_path.setdefault(page_key(str(written)), file)
        for file in dict.fromkeys(by_path.values()):
            parts = PurePosixPath(file.note_file.relative_path).with_suffix("").parts
            for count in range(1, min(len(parts), _LONGEST_WAY) + 1):
                by_path.setdefault(page_key("/".join(parts[-count:])), file)
        return by_path

    @cached_property
    def _files_by_alias(self) -> dict[str, SourceFile]:
        files = reversed(self._files_with_aliases)
        return {page_key(alias): file for file in files for alias in ids_and_aliases.aliases(file.page)}

    @cached_property
    def _files_with_aliases(self) -> list[SourceFile]:
        return [file for file in self._files if file.summary.may_hold_aliases]

    @cached_property
    def _aliases_digest(self) -> str:
        return _digest(self._files_with_aliases)


def _digest(files: Iterable[SourceFile]) -> str:
    return digest(*(file.key for file in files), length=32)
