"""From files to pages: what each is called, which deck its cards go to, and what its namespace hands down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from ankigen import identity, note_types
from ankigen.cards import FoundCards, find_cards, signs, spot_of, under_headings
from ankigen.config import Config
from ankigen.data import CardBlock, Page, Position, Problem, Property, Severity
from ankigen.source import graph, ids_and_aliases
from ankigen.source.cache import Cache, CachedPage, PageCard, TextSummary
from ankigen.source.page_names import PageName, page_name
from ankigen.source.switched_off import has_switches
from ankigen.source.walk import NoteFile
from ankigen.support.hashing import digest
from ankigen.support.normal_forms import page_key, searchable
from ankigen.support.structs import replace
from ankigen.syntax import decode, outline

_TITLE = "title"
UNREADABLE = "unreadable-file"


class ReadFile:
    """A file that was read, with what was kept of it the last time, or else with what its text says.

    `key` names content, place and settings: while it is the same, so is all that is made of the file by itself.
    """

    def __init__(self, file: NoteFile, content: bytes, key: str, kept: CachedPage | None, config: Config) -> None:
        self.file = file
        self.content = content
        self.key = key
        self.kept = kept
        self.config = config
        self._page: Page | None = None

    @cached_property
    def name(self) -> PageName:
        """What the page calls itself, or else its file."""
        if not self.title:
            return self.file.from_file_name
        return page_name(self.file.inner, self.title, self.file.graph.settings)

    @cached_property
    def title(self) -> str:
        """The title among the page's properties, if there is one."""
        if self.kept:
            return self.kept.title
        if not self.summary.mentions_title:
            return ""
        titles = (prop.value.strip('"') for prop in self._parsed().properties if prop.key == _TITLE and prop.value)
        return next(titles, "")

    @property
    def page(self) -> Page:
        """The page as it is written; parsed for the first who asks, and again after `release`."""
        return replace(self._parsed(), name=self.name.text)

    def release(self) -> None:
        """Free what was parsed."""
        self._page = None

    def _parsed(self) -> Page:
        if self._page is None:
            text, _ = decode.decode(self.content, self.file.shown)
            self._page = outline.parse(text, self.file.shown, self.file.from_file_name.text)
        return self._page

    @cached_property
    def summary(self) -> TextSummary:
        """What its text shows before it is parsed; most files of a graph need no more than that."""
        if self.kept:
            return self.kept.summary
        text, problems = decode.decode(self.content, self.file.shown)
        lowered = searchable(text)
        may_hold_cards = any(sign in lowered for sign in signs(self.config))
        faults = decode.check_text(text, self.file.shown) if may_hold_cards else ()
        return TextSummary(
            may_hold_cards=may_hold_cards,
            mentions_title=_TITLE in lowered,
            may_hold_aliases=ids_and_aliases.may_hold_aliases(lowered),
            ids=ids_and_aliases.ids_in(lowered),
            problems=(*problems, *faults),
        )


class CardPage:
    """A page that may hold cards, in its surroundings: the deck of those that name none, what its namespace hands down.

    It is parsed when something asks for more than what was kept of it, and again after `release`.
    """

    def __init__(self, file: ReadFile, default_deck: str, inherited: tuple[tuple[Property, ...], ...]) -> None:
        self.file = file
        self.default_deck = default_deck
        self.inherited = inherited
        self._found: tuple[Page, FoundCards] | None = None

    @cached_property
    def kept(self) -> CachedPage | None:
        """What was kept of the page in these surroundings."""
        kept = self.file.kept
        return kept if kept and kept.surroundings == self.surroundings else None

    @cached_property
    def surroundings(self) -> str:
        """A digest of all that the cards take from outside the page."""
        return digest(self.default_deck, repr(self.inherited), length=64)

    @property
    def cards(self) -> tuple[PageCard, ...]:
        """The cards as far as the page decides."""
        return tuple(_page_card(card, self.file.config) for card in self.found.cards)

    @property
    def faults(self) -> tuple[Problem, ...]:
        """What is wrong with the cards, and what only looks like one."""
        config = self.file.config
        of_kinds = (fault for card in self.found.cards for fault in note_types.kind_of(card).faults(card, config))
        return (*self.found.problems, *of_kinds)

    def pointed(self, problem: Problem) -> Problem:
        """A problem of one of its cards, pointing at what it speaks of."""
        card = next(card for card in self.found.cards if card.position == problem.position)
        spot = spot_of(problem.rule, card, self.file.config)
        return spot.problem(problem.severity, problem.rule, problem.message)

    @property
    def has_switches(self) -> bool:
        """Whether something on the page switches rules off."""
        return has_switches(self.page)

    @property
    def page(self) -> Page:
        """The page with what it inherits; outside Logseq a heading holds what stands below it."""
        return self._parsed()[0]

    @property
    def found(self) -> FoundCards:
        """The card blocks themselves."""
        return self._parsed()[1]

    def release(self) -> None:
        """Free what was parsed, as of the file."""
        self.file.release()
        self._found = None

    def _parsed(self) -> tuple[Page, FoundCards]:
        if self._found is None:
            config, is_logseq = self.file.config, self.file.file.graph.is_logseq
            written = self.file.page if is_logseq else under_headings(self.file.page, config)
            page = replace(written, inherited=self.inherited)
            self._found = page, find_cards(page, self.default_deck, config)
        return self._found


def _page_card(card: CardBlock, config: Config) -> PageCard:
    kind, deck = note_types.kind_of(card), graph.with_prefix(card.deck, config.deck_prefix)
    is_sound = card.is_sound and not any(fault.severity is Severity.ERROR for fault in kind.faults(card, config))
    return PageCard(identity.claim_of(card, kind.name), deck, card.tags, card.is_suspended, is_sound)


def read_files(files: Iterable[NoteFile], config: Config, cache: Cache) -> tuple[list[ReadFile], list[Problem]]:
    """Read all files that can be read, in their order."""
    found: list[ReadFile] = []
    problems: list[Problem] = []
    for file in files:
        try:
            content = file.path.read_bytes()
        except OSError as failure:
            problems.append(_unreadable(file, failure))
            continue
        key = cache.key(file.shown, content)
        found.append(ReadFile(file, content, key, cache.take_page(file.shown, key), config))
        problems += found[-1].summary.problems
    return found, problems


def _unreadable(file: NoteFile, failure: OSError) -> Problem:
    message = f"{failure.strerror or failure}: make the file readable, or move it out of the notes"
    return Problem(Position(file.shown), Severity.ERROR, UNREADABLE, message)


def card_pages(files: Sequence[ReadFile], config: Config) -> list[CardPage]:
    """The pages that may hold cards."""
    named = {(read.file.graph.root, read.name.key): read for read in reversed(files)}
    return [
        CardPage(read, graph.default_deck(read.file.graph, read.file.inner, read.name, config), _above(read, named))
        for read in files
        if read.summary.may_hold_cards
    ]


def _above(read: ReadFile, named: Mapping[tuple[str, str], ReadFile]) -> tuple[tuple[Property, ...], ...]:
    """The properties of the pages whose namespace holds this one, the nearest first; these are parsed only here."""
    keys = ((read.file.graph.root, page_key(name)) for name in read.name.parents)
    return tuple(named[key].page.properties for key in keys if key in named)
