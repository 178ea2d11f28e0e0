"""What has to be true of any folder of notes, whatever is in it."""

from __future__ import annotations

import atexit
import functools
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ankigen import api, report
from ankigen.data import Desired, Note, ProblemFormat
from ankigen.errors import BrokenConfig, CannotWrite
from ankigen.note_types import fields_of
from ankigen.source import load
from ankigen.support.normal_forms import deck_key, tag_key
from tests.fuzz.folders import Folder, put
from tests.helpers.anki_library import import_package, open_collection
from tests.helpers.building import NOON
from tests.helpers.hostile import faults

LATER = NOON + 60_000


def judge(files: Folder, work: Path) -> None:
    """Raise whatever is wrong with what ankigen makes of a folder, in an empty folder `work`."""
    notes = work / "notes"
    notes.mkdir()
    put(notes, files)
    try:
        with cache_in(work / "cache"):
            first = load(notes, NOON)
            require_harmless_words(first)
            if first.notes:
                require_built_again(first, notes, work)
            require_stamped(notes)
    except BrokenConfig:
        assert "ankigen.toml" in files


@contextmanager
def cache_in(folder: Path) -> Iterator[None]:
    """Keep the cache there for as long."""
    before = os.environ.get("XDG_CACHE_HOME")
    os.environ["XDG_CACHE_HOME"] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ["XDG_CACHE_HOME"]
        else:
            os.environ["XDG_CACHE_HOME"] = before


def require_harmless_words(desired: Desired) -> None:
    """Nothing of the notes begins a line, a command or an escape sequence."""
    lines = api.quoted_lines(desired)
    for format in ProblemFormat:
        told = report.problems_text(desired.problems, "notes", format, lines)
        assert faults(told, has_commands=format is ProblemFormat.GITHUB) == []
    listed = [report.listing(desired.notes, desired.selection), report.listing_json(desired.notes)]
    for told in (*listed, report.decks(desired.notes), report.changelog_text(api.changelog(desired, None))):
        assert faults(told) == []


def require_built_again(first: Desired, notes: Path, work: Path) -> None:
    """The same bytes from what was kept, and from nothing; the lock is settled; and Anki takes it all."""
    package = work / "first.apkg"
    api.build(first, package)
    kept = load(notes, LATER)
    require_equal(first, kept)
    api.build(kept, work / "kept.apkg", is_locked=True)
    with cache_in(work / "other"):
        fresh = load(notes, LATER)
    require_equal(first, fresh)
    api.build(fresh, work / "fresh.apkg", is_locked=True)
    assert package.read_bytes() == (work / "kept.apkg").read_bytes() == (work / "fresh.apkg").read_bytes()
    require_taken(package, first, work)
    require_one_file_each(fresh, work / "decks")


def require_equal(one: Desired, other: Desired) -> None:
    assert other.lock == one.lock
    assert other.notes == one.notes
    assert other.problems == one.problems
    assert set(other.media) == set(one.media)


def require_taken(package: Path, desired: Desired, work: Path) -> None:
    """Anki imports every note as it is, finds nothing to mend, and no card is empty."""
    collected = work / "anki"
    collected.mkdir()
    shutil.copy(empty_collection(), collected / "collection.anki2")
    with open_collection(collected) as collection:
        log = import_package(collection, package)
        assert len(log.new) == len(desired.notes)
        assert not [*log.conflicting, *log.first_field_match, *log.missing_notetype, *log.missing_deck]
        assert not collection.get_empty_cards().notes
        stored = {note.guid: note for note in map(collection.get_note, collection.find_notes(""))}
        for note in desired.notes:
            there = stored[note.identity.guid]
            assert dict(there.items()) == dict(fields_of(note))
            assert set(map(tag_key, there.tags)) == set(map(tag_key, note.tags))
            cards = there.cards()
            assert sorted(card.ord for card in cards) == sorted(note.content.ordinals)
            assert {deck_key(collection.decks.name(card.did)) for card in cards} == {deck_key(note.deck)}
        shown = {name for note in desired.notes for name in note.media}
        assert {file.name for file in Path(collection.media.dir()).iterdir()} == shown
        words, is_whole = collection.fix_integrity()
        assert is_whole, words
        assert len(collection.find_notes("")) == len(desired.notes)


@functools.cache
def empty_collection() -> Path:
    """A new collection of Anki's, made once in a process."""
    folder = Path(tempfile.mkdtemp(prefix="ankigen-empty-"))
    atexit.register(shutil.rmtree, folder)
    with open_collection(folder):
        pass
    return folder / "collection.anki2"


def require_one_file_each(desired: Desired, folder: Path) -> None:
    """A package for each top deck, and no note in none; a name that no disk takes is told."""
    try:
        built = api.build(desired, folder, is_locked=True)
    except CannotWrite:
        assert any(len(note.deck.encode()) > 200 for note in desired.notes)
        return
    assert len(built.packages) <= len({note.deck.partition("::")[0] for note in desired.notes})


def require_stamped(notes: Path) -> None:
    """Ids change neither which note is which nor what it says, and a second stamp has nothing to do."""
    before = load(notes, NOON)
    api.stamp(notes)
    after = load(notes, LATER)
    assert [identity_of(note) for note in after.notes] == [identity_of(note) for note in before.notes]
    texts = {path: path.read_bytes() for path in notes.rglob("*") if path.is_file()}
    again = api.stamp(notes)
    assert (again.files, again.ids) == ((), 0)
    assert {path: path.read_bytes() for path in notes.rglob("*") if path.is_file()} == texts


def identity_of(note: Note) -> tuple[object, ...]:
    """What an id may not change: all but the note's place in its file, and the link back, which may name the id."""
    fields = {name: text for name, text in fields_of(note).items() if name not in {"Source", "Base"}}
    return note.identity.guid, note.deck, note.tags, note.suspended, note.media, tuple(fields.items())
