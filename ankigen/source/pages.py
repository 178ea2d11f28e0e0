"""From files to pages: what each is called, which deck its cards go to, and what its namespace hands down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from ankigen import cards, identity
from ankigen.config import Config
from ankigen.data import CardBlock, Page, Position, Problem, Property, Severity
from ankigen.source import graph, ids_and_aliases
from ankigen.source.cache.entries import Draft, Look, MadePage
from ankigen.source.cache.store import Store
from ankigen.source.graph import PageName
from ankigen.source.switched_off import has_switches
from ankigen.source.walk import NoteFile
from ankigen.support import structs
from ankigen.support.hashing import digest
from ankigen.support.normal_forms import page_key
from ankigen.support.structs import Struct, replace
from ankigen.syntax import decode, outline

_TITLE = "title"
UNREADABLE = "unreadable-file"


class ReadFile(Struct, frozen=True, eq=False, dict=True):
    """A file that was read, with what was kept of it the last time, or else with what its text says."""

    file: NoteFile
    content: bytes
    key: str
    kept: MadePage | None
    config: Config

    @cached_property
    def name(self) -> PageName:
        """What the page calls itself, or else its file."""
        if not self.title:
            return self.file.from_file_name
        return graph.page_name(self.file.inner, self.title, self.file.graph.settings)

    @cached_property
    def title(self) -> str:
        """The title among the page's properties, if there is one."""
        if self.kept:
            return self.kept.title
        if not self.look.mentions_title:
            return ""
        return next((one.value.strip('"') for one in self._parsed.properties if one.key == _TITLE and one.value), "")

    @cached_property
    def page(self) -> Page:
        """The page as it is written."""
        return replace(self._parsed, name=self.name.text)

    @cached_property
    def _parsed(self) -> Page:
        text, _ = decode.decode(self.content, self.file.shown)
        return outline.parse(text, self.file.shown, self.file.from_file_name.text)

    def forget(self) -> None:
        """Free what was parsed; it is parsed again for whoever asks once more."""
        for parsed in ("page", "_parsed"):
            self.__dict__.pop(parsed, None)

    @cached_property
    def look(self) -> Look:
        """What its text shows before it is parsed; most files of a graph need no more than that."""
        if self.kept:
            return self.kept.look
        text, problems = decode.decode(self.content, self.file.shown)
        lowered = text.lower()
        may_hold_cards = any(mark in lowered for mark in _marks(self.config))
        faults = decode.check_text(text, self.file.shown) if may_hold_cards else ()
        return Look(
            may_hold_cards=may_hold_cards,
            mentions_title=_TITLE in lowered,
            may_hold_aliases=ids_and_aliases.may_hold_aliases(lowered),
            ids=ids_and_aliases.ids_in(lowered),
            problems=(*problems, *faults),
        )


class CardPage(Struct, frozen=True, eq=False, dict=True):
    """A page that may hold cards, in its surroundings: the deck of those that name none, what its namespace hands down.

    It is parsed when something asks for more than what was kept of it.
    """

    read: ReadFile
    default_deck: str
    inherited: tuple[tuple[Property, ...], ...]

    @cached_property
    def kept(self) -> MadePage | None:
        """What was kept of the page in these surroundings."""
        kept = self.read.kept
        return kept if kept and kept.surroundings == self.surroundings else None

    @cached_property
    def surroundings(self) -> str:
        """Stands for all that the cards take from outside the page."""
        return digest(self.default_deck, repr(self.inherited), length=64)

    @property
    def drafts(self) -> tuple[Draft, ...]:
        """The cards as far as the page decides."""
        return tuple(_draft(card, self.read.config.deck_prefix) for card in self.found.cards)

    @property
    def has_switches(self) -> bool:
        """Whether something on the page switches rules off."""
        return has_switches(self.page)

    @cached_property
    def page(self) -> Page:
        """The page with what it inherits; outside Logseq a heading holds what stands below it."""
        page = (
            self.read.page if self.read.file.graph.is_logseq else cards.under_headings(self.read.page, self.read.config)
        )
        return replace(page, inherited=self.inherited)

    @cached_property
    def found(self) -> cards.Found:
        """The cards themselves."""
        return cards.find_cards(self.page, self.default_deck, self.read.config)

    def forget(self) -> None:
        """Free what was parsed, as of the file."""
        self.read.forget()
        for parsed in ("page", "found"):
            self.__dict__.pop(parsed, None)


def _draft(card: CardBlock, prefix: str) -> Draft:
    deck = graph.with_prefix(card.deck, prefix)
    return Draft(identity.claim_of(card), deck, card.tags, card.is_suspended, card.is_sound)


def read_files(files: Iterable[NoteFile], config: Config, store: Store) -> tuple[list[ReadFile], list[Problem]]:
    """Read all files that can be read, in their order."""
    found: list[ReadFile] = []
    problems: list[Problem] = []
    for file in files:
        try:
            content = file.path.read_bytes()
        except OSError as failure:
            problems.append(_unreadable(file, failure))
            continue
        key = store.key(file.shown, content)
        kept = store.take(file.shown, key)
        found.append(ReadFile(file, content, key, structs.from_bytes(MadePage, kept) if kept else None, config))
        problems += found[-1].look.problems
    return found, problems


def _unreadable(file: NoteFile, failure: OSError) -> Problem:
    message = f"{failure.strerror or failure}: make the file readable, or move it out of the notes"
    return Problem(Position(file.shown), Severity.ERROR, UNREADABLE, message)


def card_pages(found: Sequence[ReadFile], config: Config) -> list[CardPage]:
    """The pages that may hold cards."""
    named = {(read.file.graph.root, read.name.key): read for read in reversed(found)}
    return [
        CardPage(read, graph.default_deck(read.file.graph, read.file.inner, read.name, config), _above(read, named))
        for read in found
        if read.look.may_hold_cards
    ]


def _above(read: ReadFile, named: Mapping[tuple[str, str], ReadFile]) -> tuple[tuple[Property, ...], ...]:
    """The properties of the pages whose namespace holds this one, the nearest first; these are parsed only here."""
    keys = ((read.file.graph.root, page_key(name)) for name in read.name.parents)
    return tuple(named[key].page.properties for key in keys if key in named)


def _marks(config: Config) -> tuple[str, ...]:
    """What stands, in lower case, in every file that holds cards, or what looks like them."""
    arrows = (":-", "-:", ":<-") if config.swift_arrows else ()
    return ("card", "{{c", *(tag.lower() for tag in config.card_tags), *arrows)
