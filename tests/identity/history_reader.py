"""A reader who imports every package into one collection and reviews in between; the laws that must hold for them."""

from __future__ import annotations

import re
import shutil
import sqlite3
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from anki.collection import Collection
from anki.notes import NoteId

from ankigen.identity import LOCK_NAME
from ankigen.note_types import BASIC, CLOZE, OCCLUSION
from tests.helpers.anki_library import import_package, open_collection
from tests.helpers.building import NOON, build
from tests.identity.fates import fates_of
from tests.identity.histories import NEW, OWN_TAG, PICTURE, Card, World

_STEP = 60_000
_OWN_ID = 1_600_000_000_123
_SHOWN_FIELDS = {
    BASIC.note_type.id: slice(0, 4),
    CLOZE.note_type.id: slice(0, 3),
    OCCLUSION.note_type.id: slice(0, 6),
    _OWN_ID: slice(0, 3),
}
_OWN_TYPE = {
    "note_type.toml": f'fields = ["Word", "Meaning"]\ncards = ["One"]\ntags = ["{OWN_TAG}"]\nid = {_OWN_ID}\n',
    "One.front.html": "{{Word}}",
    "One.back.html": "{{Meaning}}",
}
_LEAF = '<svg xmlns="http://www.w3.org/2000/svg" width="26" height="20"/>'
_MASK = "{{image-occlusion:rect:left=.1:top=.2:width=.3:height=.4}}<br>"
_IMAGE = '<img src="leaf-<hash>.svg">'
_NAME = re.compile(r"leaf-[0-9a-f]{16}")
_CLOZE = re.compile(r"\{\{c(?P<number>\d+)::(?P<answer>.+?)\}\}")
_NOTES = "select id, guid, mid, flds, tags from notes"
_NO_ANSWER = (0, 0, 0)
History = dict[int, tuple[int, int, int]]
Numbers = dict[str, int]


@dataclass(frozen=True)
class SeenNote:
    """A note in a package or in Anki: what the notes decide of it, and the private numbers on it."""

    guid: str
    note_type: int
    shown: tuple[str, ...]
    tags: str

    @property
    def plain(self) -> tuple[str, ...]:
        """What it shows, but for the numbers of clozes."""
        return tuple(_NAME.sub("leaf-<hash>", _CLOZE.sub(r"{{\g<answer>}}", one)) for one in self.shown)

    @property
    def clozes(self) -> Numbers:
        """The number of each answer."""
        return {found["answer"]: int(found["number"]) for one in self.shown for found in _CLOZE.finditer(one)}


@dataclass(frozen=True)
class Asked:
    """The answers that a card hid last, in their order, and the number of each that it ever hid."""

    last: tuple[str, ...] = ()
    ever: Numbers = field(default_factory=dict)


@dataclass
class Reader:
    """A collection, the record of which note carries which card, of the answers of each card, and of every review."""

    collection: Collection
    folder: Path
    now: int = NOON
    packed: dict[str, SeenNote] = field(default_factory=dict)
    notes: dict[int, SeenNote] = field(default_factory=dict)
    number_of: dict[int, int] = field(default_factory=dict)
    asked: dict[int, Asked] = field(default_factory=dict)
    reviews: dict[int, History] = field(default_factory=dict)

    def follow(self, world: World) -> None:
        """Build, import, check the laws, and review some cards."""
        before = self.notes
        seen = self.read(world)
        asked: dict[Card, Asked] = {}
        for card, allowed in fates_of(world).items():
            was = self.number_of.get(seen[card], NEW)
            assert was in allowed, f"went on as {was}, allowed: {allowed}, {card}"
            numbers = self.packed[_tag(card)].clozes
            named = dict(zip(card.clozes, numbers.values(), strict=True)) if card.is_pictured else numbers
            asked[card] = _asked(self.asked.get(was, Asked()), card, named)
        for note, content in before.items():
            is_living = note in seen.values()
            assert is_living or self.notes[note] == content, "a note without a card block was changed or deleted"
        self.settle(world, seen)
        self.asked |= {card.number: found for card, found in asked.items()}
        for note, number in self.number_of.items():
            history = _history(self.collection, note)
            assert history == dict.fromkeys(history, _NO_ANSWER) | self.reviews.get(number, {})
        self.review(world)

    def read(self, world: World, *, has_lock: bool = True) -> dict[Card, int]:
        """Build the package and import it; return the note of each card."""
        self.now += _STEP
        write_pages(world, self.folder / "notes")
        if not has_lock:
            (self.folder / "notes" / LOCK_NAME).unlink(missing_ok=True)
        package = self.folder / "a.apkg"
        build(self.folder / "notes", package, self.now)
        import_package(self.collection, package)
        assert self.collection.db is not None
        self.packed = {note.tags: note for note in _packed(package).values()}
        before, self.notes = self.notes, _notes(self.collection.db.all(_NOTES))
        return self._recognise(world, before)

    def settle(self, world: World, seen: dict[Card, int]) -> None:
        """Take down which card each note carries from now on."""
        world.settle({card: self.number_of.get(note, NEW) for card, note in seen.items()})
        self.number_of |= {note: card.number for card, note in seen.items()}

    def _recognise(self, world: World, before: dict[int, SeenNote]) -> dict[Card, int]:
        """The one note of each card: it says what the card says, unless it is still of the kind that the card was."""
        ids = {note.guid: id for id, note in self.notes.items()}
        assert len(ids) == len(self.notes), "a note is there twice"
        seen: dict[Card, int] = {}
        for page, card in world.cards():
            packed = self.packed[_tag(card)]
            assert (packed.note_type, packed.plain) == _said(page, card)
            id = seen[card] = ids[packed.guid]
            is_kept = self.notes[id].note_type != packed.note_type
            assert self.notes[id] == (before[id] if is_kept else packed)
        assert len(set(seen.values())) == len(seen) == len(self.packed)
        assert self.notes.keys() - before.keys() <= set(seen.values()), "a note without a card block was added"
        return seen

    def review(self, world: World) -> None:
        """Answer a few cards, and take down what Anki then says of them."""
        notes = sorted(self.notes)
        for note in world.chance.sample(notes, min(2, len(notes))):
            for id in self.collection.card_ids_of_note(NoteId(note)):
                card = self.collection.get_card(id)
                card.start_timer()
                self.collection.sched.answerCard(card, world.chance.choice((3, 4)))
            self.reviews[self.number_of[note]] = _history(self.collection, note)


@contextmanager
def reader(empty: Path, folder: Path) -> Iterator[Reader]:
    """A reader with a copy of the empty collection in the folder."""
    folder.mkdir(parents=True)
    shutil.copy(empty, folder / "collection.anki2")
    try:
        with open_collection(folder) as collection:
            yield Reader(collection, folder)
    finally:
        shutil.rmtree(folder)


def write_pages(world: World, folder: Path) -> None:
    """Make the folder hold the world's pages and no others."""
    type_folder = folder / "note_types/Pair"
    type_folder.mkdir(parents=True, exist_ok=True)
    for name, text in _OWN_TYPE.items():
        (type_folder / name).write_text(text, "utf-8")
    folder.mkdir(exist_ok=True)
    (folder / PICTURE).write_text(_LEAF)
    for path in folder.glob("*.md"):
        if path.stem not in world.pages:
            path.unlink()
    for page in world.pages:
        (folder / f"{page}.md").write_text(world.text(page), "utf-8")


def _tag(card: Card) -> str:
    return f" n{card.tag} "


def _said(page: str, card: Card) -> tuple[int, tuple[str, ...]]:
    """The note type that a card makes, and the fields, but for the numbers of clozes."""
    if card.is_of_own_type:
        return _OWN_ID, (card.question + _heard(card, card.question), card.answer, page)
    if card.is_pictured:
        header = card.question + _hint(card) + _heard(card, card.question)
        return OCCLUSION.note_type.id, (_MASK, _IMAGE, header, "", "", page)
    if not card.clozes:
        return BASIC.note_type.id, (*_sides(card), "", page)
    heard = _heard(card, card.question)
    words = (f"{{{{{word}}}}}" if word in card.hidden else word for word in card.question.split(" "))
    return CLOZE.note_type.id, (" ".join(words), card.answer + heard, page)


def _sides(card: Card) -> tuple[str, str]:
    """Front and back of a card that hides nothing."""
    hint = _hint(card)
    if not card.is_choice:
        return card.question + hint + _heard(card, card.question), card.answer
    right, wrong = (f'<b class="mark" title="{word}">{sign}</b> ' for word, sign in (("right", "✓"), ("wrong", "✗")))
    front = f'<p>{card.question}</p><ol class="choices one"><li>{card.answer}</li><li>{card.wrong}</li></ol>'
    back = f'<li class="right">{right}{card.answer}</li><li class="wrong">{wrong}{card.wrong}</li>'
    heard = _heard(card, card.question, card.answer, card.wrong)
    return front + hint + heard, f'<ol class="choices one">{back}</ol>'


def _hint(card: Card) -> str:
    return f'<details class="hint"><summary>Hint</summary>{card.hint}</details>' if card.hint else ""


def _heard(card: Card, *lines: str) -> str:
    """What is read aloud, with a pause behind each line but the last that does not end with a sign."""
    paused = [line if line.endswith("?") else f"{line}," for line in lines[:-1]]
    text = " ".join([*paused, lines[-1]])
    return f"[anki:tts lang=fr_FR]{text}[/anki:tts]" if card.is_heard else ""


def _asked(before: Asked, card: Card, now: Numbers) -> Asked:
    """Check the numbers of a card's answers: each keeps its own for ever, and no other answer gets it.

    One that is reworded between the same neighbours is the same answer.
    """
    assert tuple(now) == card.clozes
    assert len(set(now.values())) == len(now)
    changed = [pair for pair in zip(before.last, now, strict=False) if pair[0] != pair[1]]
    if len(before.last) == len(now) and len(changed) == 1 and changed[0][1] not in before.ever:
        [(old, new)] = changed
        assert now[new] == before.ever[old]
    for answer, number in now.items():
        owners = {one for one, its in before.ever.items() if its == number}
        allowed = {answer} if answer in before.ever else set(before.last) - now.keys()
        assert owners <= allowed, f"{answer} got the number of {owners}"
    kept = {answer: number for answer, number in before.ever.items() if number not in now.values()}
    return Asked(card.clozes, kept | now)


def _packed(package: Path) -> dict[int, SeenNote]:
    with closing(sqlite3.connect(":memory:")) as connection, zipfile.ZipFile(package) as archive:
        connection.deserialize(archive.read("collection.anki2"))
        return _notes(connection.execute(_NOTES))


def _notes(rows: Iterable[Sequence[Any]]) -> dict[int, SeenNote]:
    return {
        id: SeenNote(guid, note_type, tuple(fields.split("\x1f")[_SHOWN_FIELDS[note_type]]), tags)
        for id, guid, note_type, fields, tags in rows
    }


def _history(collection: Collection, note: int) -> History:
    """By the ordinal of each card: how often it was answered, its interval, the length of its review log."""
    assert collection.db is not None
    rows = collection.db.all(
        "select ord, reps, ivl, (select count() from revlog where cid = cards.id) from cards where nid = ?", note
    )
    return {ordinal: (repetitions, interval, answers) for ordinal, repetitions, interval, answers in rows}
