"""Turns files into pages: their names, their default decks, and the properties inherited from the namespace."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from ankigen import identity, note_types
from ankigen.cards import (
    FoundCards,
    deck_name,
    find_cards,
    order_of,
    signs,
    spot_of,
    spot_of_deck,
    under_headings,
    with_questions,
)
from ankigen.config import Config
from ankigen.data import CardBlock, OwnNoteType, Page, Position, Problem, Property, Severity, Spot
from ankigen.source import graph, ids_and_aliases
from ankigen.source.absent import LFS_POINTER
from ankigen.source.cache import Cache, CachedPage, Description, PageCard, TextSummary
from ankigen.source.page_names import PageName, page_name
from ankigen.source.switched_off import has_switches
from ankigen.source.walk import UNREADABLE, NoteFile
from ankigen.support.files import open_plain
from ankigen.support.hashing import digest
from ankigen.support.normal_forms import is_text, page_key, searchable, unquoted
from ankigen.support.structs import Struct, replace
from ankigen.syntax import block_tree, decode, merge_marks, obsidian, outline, yaml_front_matter

_TITLE = "title"
_DESCRIPTION = "description"
_MENTIONS_DESCRIPTION = re.compile(rf"{_DESCRIPTION}[\"']?[ \t]*+:")
UNMERGED = "unmerged-page"
_BROKEN_FRONT_MATTER = "broken-front-matter"
_NAMELESS = "the name of the file, or of a folder that holds it, is not UTF-8: rename it"


class SourceFile:
    """A file of notes that was read: its cached result, or else its text.

    `key` is a digest of content, path and settings: while it is the same, so is every result from the file alone.
    """

    def __init__(
        self, note_file: NoteFile, content: bytes, key: str, cached: CachedPage | None, config: Config
    ) -> None:
        self.note_file = note_file
        self.content = content
        self.key = key
        self.cached = cached
        self.config = config
        self._page: Page | None = None

    @cached_property
    def name(self) -> PageName:
        """The page's name, from its title or file name."""
        if not self.title:
            return self.note_file.from_file_name
        return page_name(self.note_file.path_in_graph, self.title, self.note_file.graph.settings)

    @cached_property
    def page_key(self) -> str:
        """The key of the page's name."""
        return self.name.key

    @cached_property
    def title(self) -> str:
        """The title from the page's properties, or empty."""
        if self.cached:
            return self.cached.title
        if not self.summary.mentions_title:
            return ""
        titles = (unquoted(prop.value) for prop in self._parsed().properties if prop.key == _TITLE and prop.value)
        return next(titles, "")

    @cached_property
    def description(self) -> Description | None:
        """The page's description of a deck, if any."""
        if self.cached:
            return self.cached.description
        if not self.summary.mentions_description:
            return None
        written = {prop.key: prop for prop in reversed(self._parsed().properties)}
        if not (found := written.get(_DESCRIPTION)) or not (text := unquoted(found.value)):
            return None
        return Description(text, found.line, deck_name(written["deck"].value) if "deck" in written else "")

    @property
    def page(self) -> Page:
        """The page as written; parsed at the first use, and again after `release`."""
        return replace(self._parsed(), name=self.name.text)

    def release(self) -> None:
        """Free the parsed page."""
        self._page = None

    def _parsed(self) -> Page:
        if self._page is None:
            text, _ = decode.decode(self.content, self.note_file.relative_path)
            self._page = self._parse(text)
        return self._page

    def _parse(self, text: str) -> Page:
        path, name = self.note_file.relative_path, self.note_file.from_file_name.text
        if self.note_file.graph.is_logseq or outline.is_org(path):
            return outline.parse(text, path, name)
        page = outline.parse(obsidian.as_shown(text), path, name, reads_yaml=True)
        return replace(page, source=tuple(block_tree.lines_of(text)))

    @cached_property
    def summary(self) -> TextSummary:
        """What is known before parsing, which is enough for most files of a graph."""
        if self.cached:
            return self.cached.summary
        text, problems = decode.decode(self.content, self.note_file.relative_path)
        if absence := _absence(self.content, text, self.note_file.relative_path):
            return TextSummary(mentions_title=_TITLE in searchable(text), problems=(absence,))
        lowered = searchable(text)
        may_hold_cards = any(sign in lowered for sign in signs(self.config))
        if may_hold_cards and (fault := self._fault_of_front_matter(text)):
            return TextSummary(mentions_title=_TITLE in lowered, problems=(*problems, fault))
        faults = decode.check_text(text, self.note_file.relative_path) if may_hold_cards else ()
        return TextSummary(
            may_hold_cards=may_hold_cards,
            mentions_title=_TITLE in lowered,
            mentions_description=_MENTIONS_DESCRIPTION.search(lowered) is not None,
            may_hold_aliases=ids_and_aliases.may_hold_aliases(lowered),
            ids=ids_and_aliases.ids_in(lowered),
            problems=(*problems, *faults),
        )

    def _fault_of_front_matter(self, text: str) -> Problem | None:
        """Why the deck and tags of the page are unknown; Logseq has its own rules for front matter."""
        path = self.note_file.relative_path
        if not text.startswith(yaml_front_matter.FENCE) or self.note_file.graph.is_logseq or outline.is_org(path):
            return None
        read = yaml_front_matter.read(block_tree.lines_of(text))
        message = (
            f"this front matter is not valid YAML ({read.fault}): put quotes around what holds `:`, `#` or brackets; "
            "until then none of the page's notes changes"
        )
        position = Position(path, read.line)
        return Problem(position, Severity.ERROR, _BROKEN_FRONT_MATTER, message) if read.fault else None

    @property
    def is_here(self) -> bool:
        """Whether this is the page itself, and not a placeholder for it."""
        return not any(
            problem.rule in {UNREADABLE, UNMERGED, _BROKEN_FRONT_MATTER} for problem in self.summary.problems
        )


def _absence(content: bytes, text: str, path: str) -> Problem | None:
    """Why this page cannot be read: a placeholder, or a page with merge conflicts."""
    if content.startswith(LFS_POINTER):
        message = "a pointer of Git LFS, and not the page: run `git lfs pull`; until then none of its notes is removed"
        return Problem(Position(path), Severity.ERROR, UNREADABLE, message)
    if content[:1] == b"\0" and not content.strip(b"\0"):
        message = "nothing but zeros, as a crash leaves them: restore the file; until then none of its notes is removed"
        return Problem(Position(path), Severity.ERROR, UNREADABLE, message)
    if line := merge_marks.unmerged_line(text):
        message = "a conflict that is not merged: decide it and delete its marks; until then none of its notes changes"
        return Problem(Position(path, line), Severity.ERROR, UNMERGED, message)
    return None


class CardPage:
    """A page that may have cards, with its default deck and what it inherits from its namespace.

    It is parsed when the cache is not enough, and again after `release`. `inherited` has the properties of its parent
    pages in the namespace, the nearest first.
    """

    def __init__(
        self,
        file: SourceFile,
        default_deck: str,
        inherited: tuple[tuple[Property, ...], ...],
        own: Sequence[OwnNoteType] = (),
        own_digest: str = "",
    ) -> None:
        self.file = file
        self.default_deck = default_deck
        self.inherited = inherited
        self.own = own
        self.own_digest = own_digest
        self._found: tuple[Page, FoundCards] | None = None

    @cached_property
    def cached(self) -> CachedPage | None:
        """The cached result for the page, if it was made in the same surroundings."""
        cached = self.file.cached
        return cached if cached and cached.surroundings == self.surroundings else None

    @cached_property
    def surroundings(self) -> str:
        """A digest of the default deck, of the inherited properties and of the user's note types."""
        own = [self.own_digest] if self.own else []
        return digest(self.default_deck, repr(self.inherited), *own, length=64)

    @property
    def cards(self) -> tuple[PageCard, ...]:
        """The parts of the cards that depend only on this page."""
        return tuple(_page_card(card, self.file.config) for card in self.found.cards)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The problems of the cards, and of text that only looks like one."""
        config = self.file.config
        of_kinds = (problem for card in self.found.cards for problem in note_types.kind_of(card).faults(card, config))
        return (*self.found.problems, *of_kinds)

    def pointed(self, problems: Iterable[Problem]) -> Iterator[Problem]:
        """Problems of its cards, each with its exact spot."""
        by_position = {card.position: card for card in self.found.cards}
        for problem in problems:
            spot = spot_of(problem.rule, by_position[problem.position], self.file.config)
            yield spot.problem(problem.severity, problem.rule, problem.message)

    def deck_spot(self, deck: str) -> Spot:
        """The spot of this deck name on the page; the page itself if it comes from elsewhere."""
        prefix = self.file.config.deck_prefix
        return spot_of_deck(self.page, lambda written: graph.with_prefix(written, prefix) == deck)

    @property
    def has_switches(self) -> bool:
        """Whether something on the page switches rules off."""
        return has_switches(self.page)

    @property
    def page(self) -> Page:
        """The page with inherited properties; outside Logseq, text below a heading is nested in it."""
        return self._parsed()[0]

    @property
    def found(self) -> FoundCards:
        """The card blocks, and the problems of finding them."""
        return self._parsed()[1]

    def release(self) -> None:
        """Free the parsed page, as for the file."""
        self.file.release()
        self._found = None

    def _parsed(self) -> tuple[Page, FoundCards]:
        if self._found is None:
            config, is_logseq = self.file.config, self.file.note_file.graph.is_logseq
            if is_logseq or outline.is_org(self.file.note_file.relative_path):
                config = replace(config, question_marks=False)
            page = with_questions(self.file.page, config)
            written = page if is_logseq else under_headings(page, config)
            page = replace(written, inherited=self.inherited)
            cards = find_cards(page, self.default_deck, config, self.own, can_ask_by_heading=not is_logseq)
            self._found = page, cards
        return self._found


def _page_card(card: CardBlock, config: Config) -> PageCard:
    kind, deck = note_types.kind_of(card), graph.with_prefix(card.deck, config.deck_prefix)
    is_sound = card.is_sound and not any(problem.severity is Severity.ERROR for problem in kind.faults(card, config))
    evidence = identity.evidence_of(card, kind.name)
    order = order_of(card)
    return PageCard(evidence, deck, card.tags, card.is_suspended, is_sound, order, card.schedules)


class ReadPages(Struct, frozen=True):
    """The files that are here, in order, those that are absent for now, and the problems of both.

    `unread` are files that could not be opened, `absent` those that are placeholders.
    """

    files: list[SourceFile]
    absent: list[SourceFile]
    unread: list[NoteFile]
    problems: list[Problem]


def read_files(
    note_files: Iterable[NoteFile], config: Config, cache: Cache, instead: Mapping[str, bytes] | None = None
) -> ReadPages:
    """Read the files; one that cannot be read, or has an invalid name, is absent and gives a problem.

    `instead` replaces the contents of files, by their paths from the root.
    """
    pages = ReadPages([], [], [], [])
    for note_file in note_files:
        if not is_text(note_file.relative_path):
            pages.unread.append(note_file)
            pages.problems.append(_unreadable(note_file, _NAMELESS))
            continue
        try:
            content = (instead or {}).get(note_file.relative_path)
            if content is None:
                with open_plain(note_file.path) as file:
                    content = file.read()
        except OSError as failure:
            reason = failure.strerror or str(failure)
            pages.unread.append(note_file)
            advice = "make the file readable, or move it out of the notes"
            pages.problems.append(_unreadable(note_file, f"{reason}: {advice}"))
            continue
        path = note_file.relative_path
        key = cache.key(path, content)
        read = SourceFile(note_file, content, key, cache.take_page(path, key), config)
        pages.problems.extend(read.summary.problems)
        (pages.files if not read.summary.problems or read.is_here else pages.absent).append(read)
    return pages


def _unreadable(note_file: NoteFile, message: str) -> Problem:
    return Problem(Position(note_file.relative_path), Severity.ERROR, UNREADABLE, message)


def card_pages(files: Sequence[SourceFile], config: Config, own: Sequence[OwnNoteType] = ()) -> list[CardPage]:
    """The pages that may have cards."""
    named = {(file.note_file.graph.root, file.page_key): file for file in reversed(files)}
    own_digest = digest(repr(own), length=64)
    return [
        CardPage(file, _default_deck(file, config), _inherited(file, named), own, own_digest)
        for file in files
        if file.summary.may_hold_cards
    ]


def _default_deck(file: SourceFile, config: Config) -> str:
    return graph.default_deck(file.note_file.graph, file.note_file.path_in_graph, file.name, config)


def _inherited(file: SourceFile, named: Mapping[tuple[str, str], SourceFile]) -> tuple[tuple[Property, ...], ...]:
    """The properties of the parent pages in the namespace, the nearest first; only those are parsed."""
    keys = ((file.note_file.graph.root, page_key(name)) for name in file.name.parents)
    return tuple(named[key].page.properties for key in keys if key in named)
