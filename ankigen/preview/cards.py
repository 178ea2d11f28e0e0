"""The page's data for a set of notes: each card, each problem, and which belong together."""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from types import MappingProxyType

from ankigen import note_types
from ankigen.data import Desired, Note, NoteType
from ankigen.support.hashing import digest
from ankigen.support.structs import Struct, to_json

_PICTURE = re.compile(r'<img\b[^>]*?\bsrc="(?P<name>[^"]*)"')
Link = Callable[[str, int], str]
"""Makes the address of a line from a path and a number."""


class PreviewedProblem(Struct, frozen=True):
    """A problem, and by its address a card that stands where the problem is; none if no card was made of the block."""

    severity: str
    rule: str
    message: str
    path: str
    line: int
    column: int
    end_line: int | None
    end_column: int | None
    card: str | None
    link: str


class PreviewedCard(Struct, frozen=True):
    """A card; its `address` is the note's GUID and the card's ordinal. What it looks like changes with its `look`.

    `picture` is the name of the one that parts can be drawn on, if the question shows one.
    """

    address: str
    look: str
    title: str
    name: str
    kind: str
    deck: str
    tags: tuple[str, ...]
    path: str
    line: int
    link: str
    is_suspended: bool
    is_new: bool
    picture: str


class Preview(Struct, frozen=True):
    """Cards in the order of the notes, problems as they are read; `revision` names the whole."""

    revision: str
    name: str
    cards: tuple[PreviewedCard, ...]
    problems: tuple[PreviewedProblem, ...]


class PreviewedPage(Struct, frozen=True):
    """The cards of a page; `digest` names what they are, `made_of` is all that they hang on."""

    cards: tuple[PreviewedCard, ...]
    digest: str
    made_of: tuple[object, ...]


class PlanInWords(Struct, frozen=True):
    """The text of `ankigen plan` for the page.

    It `needs_a_person` if something is taken away, was edited on both sides, or cannot be brought to Anki.
    """

    text: str
    changes: int
    needs_a_person: bool


Pages = Mapping[str, PreviewedPage]
"""Pages by their paths, in the order of these."""


def preview_of(desired: Desired, own: Sequence[NoteType], editor_url: str = "") -> Preview:
    """What the page shows; `own` are the note types, with the user's CSS.

    `editor_url` is an address with `{path}` and `{line}` in it, which opens a file at a line in the user's editor.
    """
    link = editor_link(desired.root, editor_url)
    return preview_of_pages(desired, pages_of(desired, own, link), link)


def pages_of(desired: Desired, own: Sequence[NoteType], link: Link, before: Pages = MappingProxyType({})) -> Pages:
    """The cards by their pages; what was made `before` of the same notes is taken as it is."""
    known = desired.stored_lock.identities if desired.stored_lock else {}
    looks = {note_type.name: digest(note_type.css, repr(note_type.templates), length=8) for note_type in own}
    by_path: defaultdict[str, list[Note]] = defaultdict(list)
    for note in desired.notes:
        by_path[note.position.path].append(note)
    pages = {}
    for path in sorted(by_path):
        notes = by_path[path]
        is_new = [note.identity.guid not in known for note in notes]
        made_of = (notes, is_new, looks, link(path, 0))
        page = before.get(path)
        pages[path] = page if page and page.made_of == made_of else _page(notes, is_new, looks, link, made_of)
    return pages


def preview_of_pages(desired: Desired, pages: Pages, link: Link) -> Preview:
    """What the page shows of these pages."""
    problems = tuple(_problems(desired, pages, link))
    parts = [part for path, page in pages.items() for part in (path, page.digest)]
    revision = digest(*parts, to_json(problems).decode(), length=16)
    cards = tuple(chain.from_iterable(page.cards for page in pages.values()))
    return Preview(revision, desired.root.name, cards, problems)


def _page(
    notes: Sequence[Note], is_new: Sequence[bool], looks: Mapping[str, str], link: Link, made_of: tuple[object, ...]
) -> PreviewedPage:
    in_order = sorted(zip(notes, is_new, strict=True), key=lambda pair: pair[0].position)
    cards = tuple([card for note, is_new in in_order for card in _cards(note, looks, link, is_new=is_new)])
    return PreviewedPage(cards, digest(to_json(cards).decode(), length=16), made_of)


def editor_link(root: Path, template: str) -> Link:
    """What gives the address that opens a file of the notes at a line; nothing if the user named no editor."""
    return lambda path, line: template.replace("{path}", f"{root.as_posix()}/{path}").replace("{line}", str(line))


def _cards(note: Note, looks: Mapping[str, str], link: Link, *, is_new: bool) -> Iterator[PreviewedCard]:
    note_type = note_types.note_type_of(note.content)
    look = looks[note_type.name] + note.identity.content_digest
    picture = picture_of(note)
    for ordinal in note.content.ordinals:
        yield PreviewedCard(
            address=f"{note.identity.guid}/{ordinal}",
            look=look,
            title=note.identity.question,
            name=f"Cloze {ordinal + 1}" if note_type.is_cloze else note_type.templates[ordinal].name,
            kind=note.content.kind,
            deck=note.deck,
            tags=note.tags,
            path=note.position.path,
            line=note.position.line,
            link=link(note.position.path, note.position.line),
            is_suspended=note.suspended,
            is_new=is_new,
            picture=picture,
        )


def picture_of(note: Note) -> str:
    """The name of the first picture in the question, as far as it is among the note's media."""
    fields = note_types.content_fields(note.content)
    asked = fields.get("Image") or note_types.question_of(note.content)
    shown = (html.unescape(found["name"]) for found in _PICTURE.finditer(asked))
    return next((name for name in shown if name in note.media), "")


def _problems(desired: Desired, pages: Pages, link: Link) -> Iterator[PreviewedProblem]:
    paths = {problem.position.path for problem in desired.problems}
    cards = [card for path in paths if path in pages for card in reversed(pages[path].cards)]
    addresses = {(card.path, card.line): card.address for card in cards}
    blocks = sorted((position.path, position.line) for position in desired.cards if position.path in paths)
    for problem in desired.problems:
        position, end = problem.position, problem.end
        above = bisect_right(blocks, (position.path, position.line)) - 1
        block = blocks[above] if above >= 0 else ("", 0)
        yield PreviewedProblem(
            severity=problem.severity.value,
            rule=problem.rule,
            message=problem.message,
            path=position.path,
            line=position.line,
            column=position.column,
            end_line=end.line if end else None,
            end_column=end.column if end else None,
            card=addresses.get(block) if block[0] == position.path else None,
            link=link(position.path, position.line),
        )
