"""What a card may refer to: blocks, pages, files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from ankigen.data import Block, MediaFile, Page, Refusal
from ankigen.render.harmless import KNOWN_SCHEMES
from ankigen.support.structs import Struct, field
from ankigen.syntax.bounds import MOST_FROM_ELSEWHERE
from ankigen.syntax.footnotes import Footnote


class Links(Protocol):
    """Resolves references. Paths are those of pages, relative to the notes' root."""

    @property
    def macros(self) -> Mapping[str, str]:
        """The user's own macros; `$1` and so on stand for their arguments."""

    @property
    def embed_depth(self) -> int:
        """How deeply nested embeds are shown."""

    @property
    def room(self) -> int:
        """How many characters from elsewhere a field may show."""

    @property
    def schemes(self) -> frozenset[str]:
        """The allowed schemes of links."""

    def block(self, id: str) -> tuple[str, Block] | None:
        """The path of the page and the block with that id, with its clozes shown and without its tags."""

    def page(self, name: str, part: str = "") -> Page | None:
        """The page with that name, or a part of it: the section below a heading, or the block with a `^id`."""

    def is_logseq(self, path: str) -> bool:
        """Whether the page at `path` is in a Logseq graph; others are read as in Obsidian."""

    def footnotes(self, path: str) -> Mapping[str, Footnote]:
        """The footnotes of the page at `path`, by name."""

    def lines(self, path: str) -> Sequence[str]:
        """The lines of the file at `path`, for the spots of problems."""

    def url(self, name: str) -> str | None:
        """The URL of a reference to that page, if any."""

    def media(self, target: str, path: str) -> MediaFile | Refusal | None:
        """The file of a link on the page at `path`; `None` for one that stays on the web."""

    def size(self, file: MediaFile) -> tuple[int, int] | None:
        """Width and height of a picture in pixels; `None` if unknown."""

    def diagram(self, source: str) -> MediaFile | Refusal:
        """The picture of a Mermaid diagram."""

    def speech(self, text: str, language: str, voices: str, speed: str) -> MediaFile | Refusal | None:
        """The sound of a text; `None` if Anki itself reads it. Voices are separated by commas."""


class NoLinks(Struct, frozen=True):
    """For a text on its own, without references."""

    macros: Mapping[str, str] = field(default_factory=dict)
    embed_depth: int = 5
    room: int = MOST_FROM_ELSEWHERE
    schemes: frozenset[str] = KNOWN_SCHEMES

    def block(self, id: str) -> tuple[str, Block] | None:
        """No block."""
        return None

    def page(self, name: str, part: str = "") -> Page | None:
        """No page."""
        return None

    def is_logseq(self, path: str) -> bool:
        """It is."""
        return True

    def footnotes(self, path: str) -> Mapping[str, Footnote]:
        """No footnotes."""
        return {}

    def lines(self, path: str) -> Sequence[str]:
        """No lines."""
        return ()

    def url(self, name: str) -> str | None:
        """Nowhere."""
        return None

    def media(self, target: str, path: str) -> MediaFile | Refusal | None:
        """No file; a remote picture, or one in the text, stays as it is."""
        if "://" in target or target[:5].lower() == "data:":
            return None
        return Refusal("missing-media", f"there is no file {target}: check the link, or put the file there")

    def size(self, file: MediaFile) -> tuple[int, int] | None:
        """No size."""
        return None

    def diagram(self, source: str) -> MediaFile | Refusal:
        """No picture."""
        return Refusal("no-mermaid", "a diagram is shown as its source: install mmdc (Mermaid's command line)")

    def speech(self, text: str, language: str, voices: str, speed: str) -> MediaFile | Refusal | None:
        """No sound: Anki reads it."""
        return None


NO_LINKS = NoLinks()
