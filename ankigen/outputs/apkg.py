"""Packs notes and media into an `.apkg`, the same bytes each time.

genanki makes the empty collection with its decks and note types. We write the rows ourselves, a whole table at once,
and the zip, because genanki dates its entries by the clock. The format is the oldest one (`collection.anki2`), which
every Anki on every platform reads.
"""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

from ankigen.data import Html, MediaFile, Note, NoteType, PackedNote, Schedule
from ankigen.note_types import packed
from ankigen.outputs import scheduled_rows
from ankigen.outputs.sqlite_bytes import database_bytes, new_database, without_indexes
from ankigen.support import files
from ankigen.support.guids import held_guid
from ankigen.support.hashing import digest
from ankigen.support.normal_forms import deck_key, with_those_above
from ankigen.support.structs import Struct

_LEVEL = 1
"""The compression level: the default one takes four times as long and saves only a tenth."""

_FILE_MODE = 0o644 << 16
_UNIX = 3
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NONE: Mapping[str, Html] = MappingProxyType({})
_DEFAULT_DECK = 1
# Constant values are in the statements: never synced (-1), no flags, a review that took no time.
_ADD_NOTE = "insert into notes values (?, ?, ?, ?, -1, ?, ?, ?, 0, 0, '')"
_ADD_CARD = "insert into cards values (?, ?, ?, ?, ?, -1, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, ?)"
_ADD_REVIEW = "insert into revlog values (?, ?, -1, ?, ?, ?, ?, 0, 1)"


class Apkg(Struct, frozen=True):
    """Anki packages."""

    suffix: str = ".apkg"

    def content(
        self,
        notes: Sequence[Note],
        media: Iterable[MediaFile],
        own: Sequence[NoteType],
        descriptions: Mapping[str, Html] = _NONE,
    ) -> bytes:
        """A package with the notes and their media; `own` are the note types with the user's CSS."""
        return pack((packed(note, own) for note in notes), media, descriptions)


def pack(
    contents: Iterable[PackedNote], media: Iterable[MediaFile] = (), descriptions: Mapping[str, Html] = _NONE
) -> bytes:
    """Return an Anki package of notes with final fields, tags and cards.

    It uses the `descriptions`, by deck, of the notes' decks and their parent decks.
    Raises `CannotRead` if a media file cannot be read.
    """
    buffer = io.BytesIO()
    pictures = sorted(media, key=lambda file: file.name)
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        with archive.open("collection.anki2", "w") as entry:
            entry.writelines(_database(contents, descriptions))
        with archive.open("media", "w") as entry:
            entry.write(json.dumps({str(number): file.name for number, file in enumerate(pictures)}).encode())
        for number, file in enumerate(pictures):
            archive.writestr(zipfile.ZipInfo(str(number)), files.read(Path(file.path)))
        for info in archive.infolist():
            info.external_attr, info.create_system = _FILE_MODE, _UNIX
    return buffer.getvalue()


def _database(contents: Iterable[PackedNote], descriptions: Mapping[str, Html]) -> Iterator[bytes | memoryview]:
    with new_database() as connection:
        _fill(connection, list(contents), descriptions)
        yield from database_bytes(connection)


def _fill(connection: sqlite3.Connection, contents: Sequence[PackedNote], descriptions: Mapping[str, Html]) -> None:
    """Fill the database with a new collection of all notes, deck by deck, new cards in the order of the notes."""
    from ankigen.outputs import empty_collection  # noqa: PLC0415 - a sync with nothing to send needs no genanki

    assert len({note.guid for note in contents}) == len(contents), "a GUID twice is a duplicate for ever"
    decks = {name: _deck_id(name) for name in dict.fromkeys(note.deck for note in contents)}
    # Anki creates the parent decks even if they are not in the package.
    levels = (level for deck in decks for level in with_those_above(deck))
    described = {level: descriptions[level] for level in levels if level in descriptions}
    all_decks = decks | {name: _deck_id(name) for name in described}
    empty_collection.create(
        connection, all_decks, described, {note.note_type.id: note.note_type for note in contents}.values()
    )
    if any(note.schedules for note in contents):
        empty_collection.count_days(connection, scheduled_rows.CREATED, scheduled_rows.DAYS)
    deck_order = {name: number for number, name in enumerate(decks)}
    ordered = sorted(enumerate(contents), key=lambda numbered: deck_order[numbered[1].deck])
    following: dict[int, int] = {}
    rows = sorted([(_free(note.created, following), due, note) for due, note in ordered])
    with without_indexes(connection):
        connection.executemany(_ADD_NOTE, (_note_row(id, note) for id, _, note in rows))
        reviews: list[tuple[int, ...]] = []
        connection.executemany(_ADD_CARD, _card_rows(rows, decks, reviews))
        connection.executemany(_ADD_REVIEW, sorted(reviews))


def _deck_id(name: str) -> int:
    """Anki matches decks by name; the id only has to be unique and stable. Each collection has `Default` already."""
    return _DEFAULT_DECK if deck_key(name) == "default" else 2 + int(digest("deck", name, length=12), 16)


def _free(wanted: int, following: dict[int, int]) -> int:
    """Take the next free id; Anki reads a note's id as its creation time.

    `following` maps each taken id to a later one, skipping other taken ids: a lock file may give all notes the same
    creation time, and then no note has to try all the others' ids.
    """
    passed = []
    while wanted in following:
        passed.append(wanted)
        wanted = following[wanted]
    following[wanted] = wanted + 1
    for id in passed:
        following[id] = wanted + 1
    return wanted


def _note_row(id: int, note: PackedNote) -> tuple[object, ...]:
    assert len(note.values) == len(note.note_type.fields), "a note has a value for each field"
    tags, fields = f" {' '.join(note.tags)} ", "\x1f".join(note.values)
    return (id, held_guid(note.guid), note.note_type.id, note.modified, tags, fields, note.values[0])


def _card_rows(
    rows: Iterable[tuple[int, int, PackedNote]], decks: Mapping[str, int], reviews: list[tuple[int, ...]]
) -> Iterator[tuple[object, ...]]:
    """A row for each card of the notes; each of `rows` is a note's id, its place among the new cards, and the note.

    Review rows are added to `reviews`.
    """
    following: dict[int, int] = {}
    following_review: dict[int, int] = {}
    for note_id, due, note in rows:
        deck, state = decks[note.deck], scheduled_rows.new_card(due, is_suspended=note.is_suspended)
        schedules = dict(note.schedules)
        for ordinal in note.ordinals:
            id = _free(note.created + ordinal, following)
            if schedule := schedules.get(ordinal):
                reviewed = _reviewed(schedule, ordinal, following_review)
                if reviewed is not None and schedule.rating is not None:
                    reviews.append(scheduled_rows.review_row(reviewed, id, schedule))
                scheduled = scheduled_rows.review_card(schedule, due, reviewed, is_suspended=note.is_suspended)
                yield (id, note_id, deck, ordinal, note.modified, *scheduled)
            else:
                yield (id, note_id, deck, ordinal, note.modified, *state)


def _reviewed(schedule: Schedule, ordinal: int, following: dict[int, int]) -> int | None:
    """The time of a card's last review, in milliseconds, made unique: Anki uses it as the review's id."""
    if schedule.last is None:
        return None
    wanted = (schedule.last - _EPOCH) // timedelta(milliseconds=1) + ordinal
    return _free(wanted, following)


APKG = Apkg()
