"""A reader who imports every package into one collection and reviews in between; the laws that must hold for them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from anki.collection import Collection
from anki.notes import NoteId

from ankigen.identity import LOCK_NAME
from tests.anki_library import import_package, open_collection
from tests.building import NOON, build
from tests.histories import NEW, Card, World

_STEP = 60_000
_SHOWN_FIELDS = slice(0, 4)
History = dict[int, tuple[int, int, int]]


@dataclass(frozen=True)
class SeenNote:
    """A note in Anki: the fields that the notes decide, and the private numbers on it."""

    shown: tuple[str, ...]
    tags: str


@dataclass
class Reader:
    """A collection, the record of which note carries which card, and of every review."""

    collection: Collection
    folder: Path
    now: int = NOON
    notes: dict[int, SeenNote] = field(default_factory=dict)
    number_of: dict[int, int] = field(default_factory=dict)
    reviews: dict[int, History] = field(default_factory=dict)

    def follow(self, world: World) -> None:
        """Build, import, check the laws, and review some cards."""
        before = self.notes
        seen = self.read(world)
        for card, allowed in world.fates().items():
            was = self.number_of.get(seen[card], NEW)
            assert was in allowed, f"went on as {was}, allowed: {allowed}, {card}"
        for note, content in before.items():
            is_living = note in seen.values()
            assert is_living or self.notes[note] == content, "a note without a card block was changed or deleted"
        self.settle(world, seen)
        for note, number in self.number_of.items():
            assert _history(self.collection, note) == self.reviews.get(number, _history_of_new(self.collection, note))
        self.review(world)

    def read(self, world: World, *, has_lock: bool = True) -> dict[Card, int]:
        """Build the package and import it; return the note of each card."""
        self.now += _STEP
        write_pages(world, self.folder / "notes")
        if not has_lock:
            (self.folder / "notes" / LOCK_NAME).unlink(missing_ok=True)
        build(self.folder / "notes", self.folder / "a.apkg", self.now)
        import_package(self.collection, self.folder / "a.apkg")
        before, self.notes = self.notes, _notes(self.collection)
        return self._recognise(world, before)

    def settle(self, world: World, seen: dict[Card, int]) -> None:
        """Take down which card each note carries from now on."""
        world.settle({card: self.number_of.get(note, NEW) for card, note in seen.items()})
        self.number_of |= {note: card.number for card, note in seen.items()}

    def _recognise(self, world: World, before: dict[int, SeenNote]) -> dict[Card, int]:
        """The one note of each card: it says what the card says, and bears its tag."""
        seen: dict[Card, int] = {}
        for page, card in world.cards():
            shown = SeenNote((card.question, card.answer, "", page), f" n{card.tag} ")
            found = [note for note, content in self.notes.items() if content == shown]
            written = [note for note in found if before.get(note) != shown]
            assert len(written or found) == 1, f"{len(written or found)} notes say {shown}"
            [seen[card]] = written or found
        assert len(set(seen.values())) == len(seen)
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
    folder.mkdir(exist_ok=True)
    for path in folder.glob("*.md"):
        if path.stem not in world.pages:
            path.unlink()
    for page in world.pages:
        (folder / f"{page}.md").write_text(world.text(page), "utf-8")


def _notes(collection: Collection) -> dict[int, SeenNote]:
    assert collection.db is not None
    rows = collection.db.all("select id, flds, tags from notes")
    return {id: SeenNote(tuple(fields.split("\x1f")[_SHOWN_FIELDS]), tags) for id, fields, tags in rows}


def _history(collection: Collection, note: int) -> History:
    """By the ordinal of each card: how often it was answered, its interval, the length of its review log."""
    assert collection.db is not None
    rows = collection.db.all(
        "select ord, reps, ivl, (select count() from revlog where cid = cards.id) from cards where nid = ?", note
    )
    return {ordinal: (repetitions, interval, answers) for ordinal, repetitions, interval, answers in rows}


def _history_of_new(collection: Collection, note: int) -> History:
    return dict.fromkeys(_history(collection, note), (0, 0, 0))
