"""Records what notes looked up outside their page: a cached note is valid while the answers are the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol, TypeVar, assert_never

from ankigen.data import Block, MediaFile, Page, Refusal
from ankigen.render import Links
from ankigen.support.structs import Struct, field
from ankigen.syntax.bounds import MOST_FROM_ELSEWHERE
from ankigen.syntax.footnotes import Footnote

Answer = TypeVar("Answer", MediaFile | Refusal, MediaFile | Refusal | None, str)
Subject = Literal["media", "diagram", "speech", "block", "page", "footnotes"]


class LinkSource(Links, Protocol):
    """What cards may refer to, with a digest for each block and page that needs no parsing."""

    def block_digest(self, id: str) -> str:
        """A digest that changes whenever the block with that id may have changed."""

    def page_digest(self, name: str) -> str:
        """A digest that changes whenever the page with that name may have changed."""

    def footnotes_digest(self, path: str) -> str:
        """A digest that changes whenever the footnotes of the page at `path` may have changed."""


class Lookup(Struct, frozen=True):
    """A lookup of a card outside its page, and the answer: for a block or page, the digest."""

    subject: Subject
    arguments: tuple[str, ...]
    answer: MediaFile | Refusal | str | None

    def still_holds(self, links: LinkSource) -> bool:
        """Whether the answer is the same today."""
        return _answer(self, links) == self.answer


def _answer(lookup: Lookup, links: LinkSource) -> MediaFile | Refusal | str | None:
    match lookup.subject:
        case "media":
            return links.media(*lookup.arguments)
        case "diagram":
            return links.diagram(*lookup.arguments)
        case "speech":
            return links.speech(*lookup.arguments)
        case "block":
            return links.block_digest(*lookup.arguments)
        case "page":
            return links.page_digest(*lookup.arguments)
        case "footnotes":
            return links.footnotes_digest(*lookup.arguments)
        case _:
            assert_never(lookup.subject)


class RecordingLinks(Struct):
    """Links that record each lookup, except macros, embed depth and URLs, which depend only on the settings."""

    links: LinkSource
    room: int = MOST_FROM_ELSEWHERE
    lookups: list[Lookup] = field(default_factory=list)

    @property
    def macros(self) -> Mapping[str, str]:
        """The user's own macros."""
        return self.links.macros

    @property
    def embed_depth(self) -> int:
        """How deeply nested embeds are shown."""
        return self.links.embed_depth

    @property
    def schemes(self) -> frozenset[str]:
        """The allowed link schemes."""
        return self.links.schemes

    def block(self, id: str) -> tuple[str, Block] | None:
        """A block of any page."""
        self._record("block", (id,), self.links.block_digest(id))
        return self.links.block(id)

    def page(self, name: str, part: str = "") -> Page | None:
        """Any page, or a part of it."""
        self._record("page", (name,), self.links.page_digest(name))
        return self.links.page(name, part)

    def is_logseq(self, path: str) -> bool:
        """Whether a page is in a Logseq graph, which depends only on its folder."""
        return self.links.is_logseq(path)

    def footnotes(self, path: str) -> Mapping[str, Footnote]:
        """The footnotes of any page."""
        self._record("footnotes", (path,), self.links.footnotes_digest(path))
        return self.links.footnotes(path)

    def lines(self, path: str) -> Sequence[str]:
        """The lines of a file; no note depends on them."""
        return self.links.lines(path)

    def url(self, name: str) -> str | None:
        """The URL of a reference to that page."""
        return self.links.url(name)

    def media(self, target: str, path: str) -> MediaFile | Refusal | None:
        """A file on disk or on the web."""
        return self._record("media", (target, path), self.links.media(target, path))

    def size(self, file: MediaFile) -> tuple[int, int] | None:
        """The size of a picture, which depends on its content, and so on the recorded name."""
        return self.links.size(file)

    def diagram(self, source: str) -> MediaFile | Refusal:
        """A picture, or why there is none now."""
        return self._record("diagram", (source,), self.links.diagram(source))

    def speech(self, text: str, language: str, voices: str, speed: str) -> MediaFile | Refusal | None:
        """The sound of a text; whether there is a program depends only on the settings."""
        sound = self.links.speech(text, language, voices, speed)
        return sound and self._record("speech", (text, language, voices, speed), sound)

    def _record(self, subject: Subject, arguments: tuple[str, ...], answer: Answer) -> Answer:
        self.lookups.append(Lookup(subject, arguments, answer))
        return answer
