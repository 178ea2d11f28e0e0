"""What the cards of these notes may refer to: blocks, pages and files, looked up at first use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from urllib.parse import quote

from ankigen import cards, render
from ankigen.config import Config
from ankigen.data import Block, CardBlock, MediaFile, Page, Refusal
from ankigen.source.data_pictures import DataPictures, is_data
from ankigen.source.diagrams import Mermaid
from ankigen.source.graph import Graph
from ankigen.source.media import MISSING, OUTSIDE, MediaFinder, media_name
from ankigen.source.pages import SourceFile
from ankigen.source.picture_size import size_of
from ankigen.source.referenced import Referenced
from ankigen.source.remote_media import remote
from ankigen.source.speech import speaker
from ankigen.source.vault_files import VaultFiles
from ankigen.source.walk import Walk
from ankigen.support import folders
from ankigen.syntax.bounds import MOST_FROM_ELSEWHERE
from ankigen.syntax.footnotes import Footnote

_MEGABYTE = 1024 * 1024
_NO_LINK = "none"
_LOGSEQ_BLOCK = "logseq://graph/{graph}?block-id={id}"
_LOGSEQ_PAGE = "logseq://graph/{graph}?page={page}"


class NoteLinks:
    """The notes as their cards see them."""

    def __init__(self, walk: Walk, files: Sequence[SourceFile], config: Config) -> None:
        self._walk = walk
        self._referenced = Referenced(files)
        self._config = config
        self._shown: dict[str, tuple[str, Block] | None] = {}
        self._footnotes: dict[str, Mapping[str, Footnote]] = {}
        self._shown_pages: dict[tuple[str, str], Page | None] = {}
        self._media = MediaFinder(walk.root)
        self._vault_files = VaultFiles(walk.root, self._media)
        self._data_pictures = DataPictures(folders.cache() / "data", media_name)
        self._speaker = speaker(config.tts, folders.cache() / "speech", media_name)
        self._mermaid = Mermaid(folders.cache() / "diagrams", media_name)
        self._remote = remote(folders.cache(), media_name, config.media.size_limit * _MEGABYTE)

    @cached_property
    def macros(self) -> Mapping[str, str]:
        """The macros of all graphs."""
        return {name: text for graph in self._graphs.values() for name, text in graph.settings.macros.items()}

    @property
    def embed_depth(self) -> int:
        """How deeply nested embeds are shown, from the config."""
        return self._config.embed_depth

    @property
    def room(self) -> int:
        """The maximum that a field may show; less if many cards share a page."""
        return MOST_FROM_ELSEWHERE

    @cached_property
    def schemes(self) -> frozenset[str]:
        """The link schemes of the config, without those that are always refused."""
        return render.link_schemes(self._config.link_schemes)

    def block(self, id: str) -> tuple[str, Block] | None:
        """The path of a page, and the block with that id as a card shows it, computed once."""
        if id not in self._shown:
            found = self._referenced.block(id)
            self._shown[id] = (found[0], cards.shown_elsewhere(found[1], self._config)) if found else None
        return self._shown[id]

    def page(self, name: str, part: str = "") -> Page | None:
        """The page with that name, or a part of it, as a card shows it, computed once."""
        page = self._referenced.page(name)
        if page is None:
            return None
        if (page.path, part) not in self._shown_pages:
            shown = cards.part_elsewhere(page, part, self._config) if part else cards.page_elsewhere(page, self._config)
            self._shown_pages[page.path, part] = shown
        return self._shown_pages[page.path, part]

    def is_logseq(self, path: str) -> bool:
        """Whether the page at `path` is in a Logseq graph."""
        return path in self._graphs and self._graphs[path].is_logseq

    def footnotes(self, path: str) -> Mapping[str, Footnote]:
        """The footnotes of the page at `path`."""
        if path not in self._footnotes:
            self._footnotes[path] = self._referenced.footnotes(path)
        return self._footnotes[path]

    def footnotes_digest(self, path: str) -> str:
        """A digest that changes whenever they may have changed."""
        return self._referenced.path_digest(path)

    def lines(self, path: str) -> Sequence[str]:
        """The lines of the file at `path`."""
        return self._referenced.lines(path)

    def block_digest(self, id: str) -> str:
        """A digest that changes whenever that block may have changed."""
        return self._referenced.block_digest(id)

    def page_digest(self, name: str) -> str:
        """A digest that changes whenever that page may have changed."""
        return self._referenced.page_digest(name)

    def url(self, name: str) -> str | None:  # noqa: ARG002 - the protocol's
        """Nowhere: a link in a question distracts, and the card links to its source anyway."""
        return None

    def media(self, target: str, path: str) -> MediaFile | Refusal | None:
        """The file of a link on the page at `path`; `None` for one that stays on the web."""
        if is_data(target):
            return self._data_pictures.find(target)
        file = self._media.find(target, path)
        if isinstance(file, Refusal) and file.rule in {MISSING, OUTSIDE} and not self.is_logseq(path):
            file = self._vault_files.find(target, path) or file
        return self._remote.find(target) if file is None and self._config.media.remote == "download" else file

    def size(self, file: MediaFile) -> tuple[int, int] | None:
        """The size of a picture, if its file states one."""
        return size_of(file.path)

    def diagram(self, source: str) -> MediaFile | Refusal:
        """The picture of a diagram."""
        return self._mermaid.draw(source)

    def speech(self, text: str, language: str, voices: str, speed: str) -> MediaFile | Refusal | None:
        """The sound of a text, if the user's own settings name a program."""
        return self._speaker.say(text, language, voices, speed) if self._speaker else None

    def source(self, card: CardBlock) -> str:
        """The address that leads from a card back to its block, by the config's template or else Logseq's own."""
        graph = self._graphs.get(card.page.path)
        template = self._config.source_url
        if template == _NO_LINK:
            return ""
        if not template and graph and graph.is_logseq:
            template = _LOGSEQ_BLOCK if card.id else _LOGSEQ_PAGE
        if not template:
            return ""
        values = {
            "graph": graph.name if graph else "",
            "page": card.page.name,
            "path": card.page.path,
            "line": str(card.block.line),
            "id": card.id or "",
        }
        for name, value in values.items():
            template = template.replace(f"{{{name}}}", quote(value, safe="/" if name == "path" else ""))
        return template

    @cached_property
    def _graphs(self) -> dict[str, Graph]:
        return {file.relative_path: file.graph for file in self._walk.files}
