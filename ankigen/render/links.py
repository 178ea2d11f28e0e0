"""What a card may point at outside itself: blocks, pages, files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from ankigen.data import Block, MediaFile, Page, Refusal
from ankigen.render.harmless import KNOWN_SCHEMES
from ankigen.support.structs import Struct, field
from ankigen.syntax.bounds import MOST_FROM_ELSEWHERE
from ankigen.syntax.footnotes import Footnote


class Links(Protocol):
    """Answers what a reference means. Paths are those of pages, relative to the notes' root."""

    @property
    def macros(self) -> Mapping[str, str]:
        """The user's own macros; `$1` and so on stand for their arguments."""

    @property
    def embed_depth(self) -> int:
        """How many embeds deep an embed is shown."""

    @property
    def room(self) -> int:
        """How many characters of what stands elsewhere a field may show."""

    @property
    def schemes(self) -> frozenset[str]:
        """What a link's address may begin with, before its colon."""

    def block(self, id: str) -> tuple[str, Block] | None:
        """The block of that id, with its clozes shown and without its tags, behind the path of its page."""

    def page(self, name: str, part: str = "") -> Page | None:
        """The page of that name, or a part of it: the section below a heading, or the block with a `^id`."""

    def is_logseq(self, path: str) -> bool:
        """Whether the page at `path` is one of Logseq's; others are read as Obsidian reads them."""

    def footnotes(self, path: str) -> Mapping[str, Footnote]:
        """The footnotes of the page at `path`, by name."""

    def lines(self, path: str) -> Sequence[str]:
        """The lines of the file at `path`, for a problem to point into."""

    def url(self, name: str) -> str | None:
        """Where a reference to that page leads, if anywhere."""

    def media(self, target: str, path: str) -> MediaFile | Refusal | None:
        """The file that a link on the page at `path` means; nothing for a remote one that stays where it is."""

    def size(self, file: MediaFile) -> tuple[int, int] | None:
        """Width and height of a picture in pixels; nothing if the file does not say."""

    def diagram(self, source: str) -> MediaFile | Refusal:
        """The picture of a Mermaid diagram."""

    def speech(self, text: str, language: str, voices: str, speed: str) -> MediaFile | Refusal | None:
        """The sound of a text; nothing where Anki itself is to read it. Voices are parted by commas."""


class NoLinks(Struct, frozen=True):
    """A text by itself: it points at nothing."""

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
        """No file; what is remote, or stands in the text, stays."""
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
