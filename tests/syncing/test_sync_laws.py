"""Laws of sync: whatever author and reader do, and in whatever order, nobody's work is lost and no note is doubled.

The oracle is Anki's own library on one side, a plain record of what author and reader did on the other.
"""

from __future__ import annotations

import os
import shutil
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from ankigen import note_types
from ankigen.data import Note, NoteType, OwnNoteType
from ankigen.note_types import content_fields, own_kind_name, packed, stamped_css, stamped_template
from ankigen.outputs import apkg
from ankigen.support.structs import replace
from ankigen.syntax.occlusions import canonical_shapes
from tests.helpers import mask_editor
from tests.helpers.anki_server import running
from tests.helpers.contents import changed, occlusion_content, own_content
from tests.helpers.sync_server import Device, serving
from tests.helpers.syncing import Reader, Sync, contents, note

pytestmark = pytest.mark.thorough

NAMES = ["one", "two", "three"]
FIELDS = ["Front", "Back"]
DRESSES = [
    '<p>{}</p><ol class="choices one"><li>{}</li><li>no</li></ol>',
    '<ol class="choices one"><li class="right"><b class="mark" title="right">✓</b> {}</li></ol><p>{}</p>',
    "{}[anki:tts lang=fr_FR]{}[/anki:tts]",
    '{}<details class="hint"><summary>Hint</summary>{}</details>',
]
"""What a field says that has choices, is read aloud, or has a hint."""
AUTHOR = st.one_of(
    st.tuples(st.just("reword"), st.sampled_from(FIELDS)),
    st.tuples(st.just("dress"), st.sampled_from(FIELDS), st.sampled_from(DRESSES)),
    st.tuples(st.just("label"), st.frozensets(st.sampled_from(["a1", "A2", "a3::b"]))),
    st.tuples(st.sampled_from(["drop", "write"])),
)
READER = st.one_of(
    st.tuples(st.sampled_from(["edit", "adopt"]), st.sampled_from(FIELDS)),
    st.tuples(st.just("tag"), st.sampled_from(["mine", "leech"])),
    st.tuples(st.just("untag"), st.sampled_from(["a1", "a2", "mine"])),
    st.tuples(st.sampled_from(["move", "review", "rest"])),
    st.tuples(st.sampled_from(["review", "delete"])),
)
OWN = OwnNoteType(
    note_type=NoteType(
        id=1_600_000_000_123,
        name="Pair",
        fields=("Front", "Back", "Context", "Source", "Guid", "Base", "Later"),
        templates=(stamped_template("One", "{{Front}}", "{{Back}}"),),
        css=stamped_css(".card {}"),
        is_cloze=False,
        changed=1_700_000_000,
    ),
    kind=own_kind_name("Pair"),
    fields=("Front", "Back", "Later"),
    rest="Back",
)
LAW = settings(
    max_examples=int(os.environ.get("ANKIGEN_TEST_EXAMPLES", "15")),
    stateful_step_count=20,
    deadline=None,
    derandomize="ANKIGEN_TEST_EXAMPLES" not in os.environ,
    suppress_health_check=list(HealthCheck),
    database=None,
)


@dataclass
class Record:
    """What author and reader did to one note."""

    note: Note
    is_wanted: bool = True
    edits: dict[str, str] = field(default_factory=dict)
    own_tags: set[str] = field(default_factory=set)
    dropped_tags: set[str] = field(default_factory=set)
    own_deck: str | None = None
    reviews: int = 0
    is_resting: bool = False
    is_deleted: bool = False
    is_there: bool = False
    is_removed: bool = False

    @property
    def name(self) -> str:
        return self.note.identity.guid

    @property
    def is_at_hand(self) -> bool:
        return self.is_there and not self.is_deleted

    def say(self, name: str, text: str) -> None:
        content = changed(self.note.content, **{name.lower(): text})
        self.note = replace(self.note, content=content, identity=self._later())

    def _later(self) -> Any:
        return replace(self.note.identity, modified=self.note.identity.modified + 1)

    def said(self, name: str) -> str:
        return str(content_fields(self.note.content)[name])


class Life(RuleBasedStateMachine):
    """A collection with an author, a reader and a sync at work."""

    parts = {"Front": "Front", "Back": "Back"}  # noqa: RUF012 - of a kind, and never changed
    """The fields that stand for question and answer."""
    is_closed = False
    """Whether Anki is closed for each sync, and its collection's file is the target."""
    has_server = False
    """Whether a sync server is the target, with which the reader's Anki syncs, too."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(mkdtemp(prefix="ankigen-tests-"))
        self.stack = ExitStack()
        self.server = self.stack.enter_context(running(self.folder))
        own = [*note_types.note_types(), OWN.note_type]
        device = None
        if self.has_server:
            device = Device(self.folder, self.stack.enter_context(serving(self.folder)), self.server.collection)
            device.upload()
        self.sync = Sync(self.server, self.folder / "memory", own=own, is_closed=self.is_closed, device=device)
        self.reader = Reader(self.server.collection)
        self.records: dict[str, Record] = {}
        self.words = 0

    def teardown(self) -> None:
        self.stack.close()
        shutil.rmtree(self.folder)

    def word(self, part: str = "Front") -> str:
        """A text for a field that nobody has written yet."""
        self.words += 1
        return f"word {self.words}"

    def new_note(self, name: str) -> Note:
        """A note as it was written first; one of them is of a type that the user made."""
        if name != "three":
            return note(name, self.word(), self.word(), tags=("a1",))
        return note(name, content=own_content(OWN, front=self.word(), back=self.word()), tags=("a1",))

    def say_the_same(self, part: str, one: str, other: str) -> bool:
        """Whether a field says the same in two texts."""
        return one == other

    def wanted(self) -> list[Note]:
        return [record.note for record in self.records.values() if record.is_wanted]

    @initialize()
    def begin(self) -> None:
        self.records = {name: Record(self.new_note(name)) for name in NAMES}
        self.push()

    def push(self) -> None:
        raise NotImplementedError

    @rule(works=st.lists(st.tuples(st.sampled_from(NAMES), AUTHOR), min_size=1, max_size=5))
    def author_works(self, works: list[tuple[str, tuple[Any, ...]]]) -> None:
        for name, (work, *how) in works:
            getattr(self, work)(name, *how)

    def write(self, name: str) -> None:
        self.records[name].is_wanted = True

    def reword(self, name: str, part: str) -> None:
        self.records[name].say(self.parts[part], self.word(self.parts[part]))

    def dress(self, name: str, part: str, how: str) -> None:
        self.records[name].say(part, how.format(*[self.word()] * 2))

    def label(self, name: str, tags: frozenset[str]) -> None:
        self.records[name].note = replace(self.records[name].note, tags=tuple(sorted(tags)))

    def drop(self, name: str) -> None:
        self.records[name].is_wanted = False


class LifeWithReader(Life):
    """The reader works in Anki; only the sync brings the author's work there."""

    @rule(works=st.lists(st.tuples(st.sampled_from(NAMES), READER), min_size=1, max_size=5))
    def reader_works(self, works: list[tuple[str, tuple[Any, ...]]]) -> None:
        for name, (work, *how) in works:
            if self.records[name].is_at_hand:
                getattr(self, work)(self.records[name], *how)

    @rule(name=st.sampled_from(NAMES), deck=st.sampled_from(["A", "A::B", "C"]))
    def file(self, name: str, deck: str) -> None:
        self.records[name].note = replace(self.records[name].note, deck=deck)

    def edit(self, record: Record, part: str) -> None:
        part = self.parts[part]
        record.edits[part] = self.word(part)
        self.reader.edit(record.name, **{part: record.edits[part]})

    def adopt(self, record: Record, part: str) -> None:
        """The author takes the reader's text over."""
        part = self.parts[part]
        if part in record.edits:
            record.say(part, record.edits[part])

    def tag(self, record: Record, tag: str) -> None:
        record.own_tags.add(tag)
        self.reader.tag(record.name, tag)

    def untag(self, record: Record, tag: str) -> None:
        if tag in {held.lower() for held in self.reader.note(record.name).tags}:
            record.own_tags.discard(tag)
            record.dropped_tags.add(tag)
            self.reader.untag(record.name, tag)

    def move(self, record: Record) -> None:
        record.own_deck = "Mine"
        self.reader.move(record.name, "Mine")

    def review(self, record: Record) -> None:
        if not record.is_resting and not record.is_removed:
            record.reviews = 7
            self.reader.review(record.name)

    def rest(self, record: Record) -> None:
        if not record.is_removed:
            record.is_resting = True
            self.reader.suspend(record.name)

    def delete(self, record: Record) -> None:
        record.is_deleted = True
        self.reader.delete(record.name)

    @rule()
    def push(self) -> None:
        notes = self.wanted()
        assert self.sync.sync(notes).undone == ()
        for record in self.records.values():
            self.note_sync(record)
        held = contents(self.server.collection)
        assert set(held) == {name for name, record in self.records.items() if record.is_at_hand}
        for name, record in self.records.items():
            if record.is_at_hand:
                self.compare(record, held[name])
        assert self.sync.plan(notes).changes == ()

    def note_sync(self, record: Record) -> None:
        """What the two have agreed on once a sync is through."""
        record.is_removed = record.is_there and not record.is_wanted
        if not record.is_wanted:
            return
        record.is_there = True
        record.edits = {part: text for part, text in record.edits.items() if text != record.said(part)}
        record.dropped_tags &= {tag.lower() for tag in record.note.tags}

    def compare(self, record: Record, held: Any) -> None:
        if record.is_wanted:
            for part in self.parts.values():
                expected = record.edits.get(part, record.said(part))
                assert self.say_the_same(part, held.fields[part], expected), (held.fields[part], expected)
            ours = {tag.lower() for tag in record.note.tags} - record.dropped_tags
            assert {tag.lower() for tag in held.tags} == ours | record.own_tags
            assert held.decks == (record.own_deck or record.note.deck,)
        else:
            for part, text in record.edits.items():
                assert self.say_the_same(part, held.fields[part], text)
            assert held.tags >= record.own_tags | {"ankigen::removed"}
        assert held.suspended == (record.is_resting or record.is_removed,)
        assert held.reviews == (record.reviews,)


class LifeWithMasks(LifeWithReader):
    """The notes hide a part of a picture, and the reader opens them in Anki's mask editor as well."""

    parts = {"Front": "Header", "Back": "Occlusion"}  # noqa: RUF012 - of a kind, and never changed

    def word(self, part: str = "Header") -> str:
        """A mask in a place of its own, or words."""
        words = super().word()
        place = f"left={self.words % 180 / 200:.4f}:top={self.words // 180 / 200:.4f}"
        return f"{{{{c1::image-occlusion:rect:{place}:width=.1:height=.1}}}}<br>" if part == "Occlusion" else words

    def new_note(self, name: str) -> Note:
        fields = {"header": self.word(), "occlusion": self.word("Occlusion"), "image": '<img src="leaf.svg">'}
        return note(name, content=occlusion_content(**fields), tags=("a1",))

    def dress(self, name: str, part: str, how: str) -> None:
        """Nothing but words and masks is drawn on."""
        self.reword(name, part)

    def say_the_same(self, part: str, one: str, other: str) -> bool:
        """A mask may have been moved onto a pixel."""
        if part != "Occlusion":
            return one == other
        return canonical_shapes(one) == canonical_shapes(other) is not None

    @rule(name=st.sampled_from(NAMES), width=st.integers(205, 2000), height=st.integers(205, 2000))
    def save_masks(self, name: str, width: int, height: int) -> None:
        """The reader saves in the mask editor, and moves nothing."""
        record = self.records[name]
        if record.is_at_hand:
            shapes = record.edits.get("Occlusion", record.said("Occlusion"))
            if self.say_the_same("Occlusion", self.reader.note(name)["Occlusion"], shapes):
                self.reader.edit(name, Occlusion=mask_editor.saved(shapes, width, height))


class LifeWithPackages(Life):
    """The author's work comes by sync and by packages, new and old ones, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.built: list[bytes] = []

    @precondition(lambda self: self.wanted())
    @rule()
    def build(self) -> None:
        self.built.append(apkg.pack([packed(one, self.sync.own) for one in self.wanted()]))

    @precondition(lambda self: self.built)
    @rule(data=st.data())
    def open(self, data: Any) -> None:
        path = self.folder / "opened.apkg"
        path.write_bytes(data.draw(st.sampled_from(self.built)))
        request = ImportAnkiPackageRequest(package_path=str(path), options=ImportAnkiPackageOptions())
        self.server.collection.import_anki_package(request)

    @rule()
    def push(self) -> None:
        notes = self.wanted()
        assert self.sync.sync(notes).undone == ()
        held = contents(self.server.collection)
        for name, record in self.records.items():
            if record.is_wanted:
                assert [held[name].fields[part] for part in FIELDS] == [record.said(part) for part in FIELDS]
                assert {tag.lower() for tag in held[name].tags} == {tag.lower() for tag in record.note.tags}
                assert held[name].suspended == (False,)
        assert self.sync.plan(notes).changes == ()


@pytest.fixture(params=["running", "closed", "server"])
def life(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each way to a collection."""
    monkeypatch.setattr(Life, "is_closed", request.param == "closed")
    monkeypatch.setattr(Life, "has_server", request.param == "server")


def test_nothing_that_author_or_reader_did_is_lost(life: None) -> None:
    run_state_machine_as_test(LifeWithReader, settings=LAW)


def test_nothing_that_author_or_reader_did_to_masks_is_lost(life: None) -> None:
    run_state_machine_as_test(LifeWithMasks, settings=LAW)


@pytest.mark.thorough
def test_packages_and_syncs_mixed_in_any_order_make_one_note_per_card(life: None) -> None:
    run_state_machine_as_test(LifeWithPackages, settings=LAW)
