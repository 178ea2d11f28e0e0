"""From files to pages: what each is called, which deck its cards go to, and what its namespace hands down."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from ankigen import cards, decode, graph, outline
from ankigen.compare import page_key
from ankigen.config import Config
from ankigen.data import Page, Position, Problem, Property, Severity
from ankigen.graph import PageName
from ankigen.reading.walk import NoteFile

_TITLE = "title"


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page that may hold cards, and the deck of those that name none; `written` is the page as it was parsed."""

    page: Page
    default_deck: str
    written: Page


@dataclass(frozen=True, slots=True)
class _Named:
    file: NoteFile
    name: PageName
    page: Page


@dataclass(frozen=True, slots=True)
class _Library:
    """The files of notes by page; those without cards are parsed only when a page of their namespace asks."""

    files: dict[tuple[str, str], NoteFile] = field(default_factory=dict)
    properties: dict[tuple[str, str], tuple[Property, ...]] = field(default_factory=dict)

    def add(self, file: NoteFile, name: PageName) -> None:
        self.files.setdefault((file.graph.root, name.key), file)

    def above(self, page: _Named) -> tuple[tuple[Property, ...], ...]:
        """The properties of the pages whose namespace holds this one, the nearest first."""
        keys = [(page.file.graph.root, page_key(name)) for name in page.name.parents]
        return tuple(self._properties(key) for key in keys if key in self.files)

    def _properties(self, key: tuple[str, str]) -> tuple[Property, ...]:
        if key not in self.properties:
            text, _ = _read(self.files[key])
            self.properties[key] = _parse(text, self.files[key]).page.properties
        return self.properties[key]


def read_pages(files: Iterable[NoteFile], config: Config) -> tuple[list[ReadPage], list[Problem]]:
    """Read the pages that may hold cards, in the order of the files."""
    library = _Library()
    marks = tuple(_marks(config))
    found: list[_Named] = []
    problems: list[Problem] = []
    for file in files:
        text, problems_here = _read(file)
        problems += problems_here
        lowered = text.lower()
        is_needed = any(mark in lowered for mark in marks)
        page = _parse(text, file) if is_needed or _TITLE in lowered else None
        library.add(file, page.name if page else file.from_file_name)
        if page and is_needed:
            found.append(page)
            problems += decode.check_text(text, file.shown)
    return [_finished(page, library, config) for page in found], problems


def read_whole(files: Iterable[NoteFile], known: Mapping[str, Page]) -> Iterator[Page]:
    """Parse all pages, with cards or without, but for those that are known by their paths."""
    for file in files:
        if file.shown in known:
            yield known[file.shown]
            continue
        text, problems = _read(file)
        if not problems:
            yield _parse(text, file).page


def _marks(config: Config) -> Iterator[str]:
    """What stands, in lower case, in every file that holds cards, or what looks like them."""
    yield from ("card", "{{c")
    yield from (tag.lower() for tag in config.card_tags)
    if config.swift_arrows:
        yield from (":-", "-:", ":<-")


def _read(file: NoteFile) -> tuple[str, list[Problem]]:
    try:
        return decode.decode(file.path.read_bytes(), file.shown)
    except OSError as failure:
        message = f"{failure.strerror or failure}: make the file readable, or move it out of the notes"
        return "", [Problem(Position(file.shown), Severity.ERROR, "unreadable-file", message)]


def _parse(text: str, file: NoteFile) -> _Named:
    page = outline.parse(text, file.shown, file.from_file_name.text)
    title = next((one.value for one in page.properties if one.key == _TITLE and one.value), None)
    if not title:
        return _Named(file, file.from_file_name, page)
    name = graph.page_name(file.inner, title.strip('"'), file.graph.settings)
    return _Named(file, name, replace(page, name=name.text))


def _finished(page: _Named, library: _Library, config: Config) -> ReadPage:
    deck = graph.default_deck(page.file.graph, page.file.inner, page.name, config)
    whole = page.page if page.file.graph.is_logseq else cards.under_headings(page.page, config)
    return ReadPage(replace(whole, inherited=library.above(page)), deck, page.page)
