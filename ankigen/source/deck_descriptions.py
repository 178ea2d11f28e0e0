"""Deck descriptions: the `description::` of the page that names a deck, as HTML for Anki's overview page.

If there are several, the first in reading order is used.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ankigen import render
from ankigen.config import Config
from ankigen.data import Face, Html, Line, MediaFile, Problem, Refusal, Severity, Spot
from ankigen.source import graph
from ankigen.source.cache import Description
from ankigen.source.pages import SourceFile
from ankigen.support.normal_forms import deck_key, with_those_above
from ankigen.support.structs import Struct, replace
from ankigen.syntax.bounds import MOST_OF_DESCRIPTION
from ankigen.syntax.tracing import trace_property

_WARNING = Severity.WARNING


class Descriptions(Struct, frozen=True):
    """The descriptions by deck, and their problems."""

    html: Mapping[str, Html]
    problems: tuple[Problem, ...]


class _Links(render.NoLinks, frozen=True):
    """A description refers to nothing; `in_logseq` tells whether its page is in a Logseq graph."""

    in_logseq: bool = True

    def is_logseq(self, path: str) -> bool:  # noqa: ARG002 - all is on one page
        """Whether it is read as Logseq reads it."""
        return self.in_logseq

    def media(self, target: str, path: str) -> MediaFile | Refusal | None:
        """No file: Anki only imports media that notes show."""
        refused = super().media(target, path)
        message = f"{target} is left out of the description of a deck: Anki imports only the files that notes show"
        return Refusal("unsuitable-media", message) if refused else None


def descriptions(
    files: Iterable[tuple[SourceFile, Description | None]], decks: Iterable[str], config: Config
) -> Descriptions:
    """The descriptions of these decks and their parent decks, from the files."""
    spelled = {deck_key(level): level for deck in decks for level in with_those_above(deck)}
    first: dict[str, tuple[SourceFile, Description]] = {}
    html: dict[str, Html] = {}
    problems: list[Problem] = []
    for file, description in files:
        deck = description and spelled.get(deck_key(_deck(file, description, config)))
        if not description or not deck:
            continue
        if deck not in first:
            first[deck] = file, description
            face = _face(file, description, config)
            html[deck] = face.html
            problems += face.problems
        elif description.text != first[deck][1].text:
            problems.append(_second(file, description, deck, *first[deck]))
    return Descriptions({deck: text for deck, text in html.items() if text}, tuple(problems))


def _deck(file: SourceFile, description: Description, config: Config) -> str:
    if description.deck:
        return graph.with_prefix(description.deck, config.deck_prefix)
    return graph.deck_of_page(file.note_file.graph, file.note_file.path_in_graph, file.name, config)


def _face(file: SourceFile, description: Description, config: Config) -> Face:
    links = _Links(schemes=render.link_schemes(config.link_schemes), in_logseq=file.note_file.graph.is_logseq)
    lines = (Line(description.line, 1, description.text),)
    face = render.question(description.text[:MOST_OF_DESCRIPTION], file.note_file.relative_path, lines, links)
    if len(description.text) <= MOST_OF_DESCRIPTION:
        return face
    message = f"more than {MOST_OF_DESCRIPTION:,} characters of description: Anki shows the first of them"
    return replace(face, problems=(*face.problems, _spot(file, description).problem(_WARNING, "too-large", message)))


def _second(file: SourceFile, description: Description, deck: str, first: SourceFile, counts: Description) -> Problem:
    message = (
        f'the deck "{deck}" is described at {first.note_file.relative_path}:{counts.line}, too, and that counts: '
        "describe it on one page"
    )
    return _spot(file, description).problem(_WARNING, "deck-described-twice", message)


def _spot(file: SourceFile, description: Description) -> Spot:
    """The position of the description."""
    page = file.page
    prop = next(prop for prop in page.properties if prop.line == description.line)
    return trace_property(page.path, page.source, prop)
