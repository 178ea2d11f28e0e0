"""Reads notes that are not ankigen's, and the data that only an exported package has."""

from __future__ import annotations

import base64
import contextlib
from collections.abc import Collection as Group
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from ankigen.data import ExistingCard, ExistingNote, ExportedNote, Guid
from ankigen.errors import AnkiRefused, NotAnkiConnect
from ankigen.outputs import read_package
from ankigen.support import files
from ankigen.targets import searches
from ankigen.targets.anki_connect.reader import Info, notes_info
from ankigen.targets.anki_connect.wire import Action, Wire, action

EXPORT_NAME = "_ankigen-export.apkg"
"""The next run that writes deletes files with this prefix, which interrupted exports leave."""

_PER_REQUEST = 500


def read_foreign(wire: Wire, query: str | None) -> tuple[ExistingNote, ...]:
    """The notes without ankigen's fields, all or those that a search finds; their GUIDs are not known yet."""
    found = Action("findNotes", {"query": searches.foreign(query)}, list[int])
    notes = wire.ask(found)
    parts = [notes[start : start + _PER_REQUEST] for start in range(0, len(notes), _PER_REQUEST)]
    infos = [info for part in wire.multi(map(notes_info, parts)) for info in part if info.noteId]
    infos = [info for info in infos if not {"Guid", "Base"} <= info.fields.keys()]
    cards = [card for info in infos for card in info.cards]
    decks: dict[int, str] = {}
    filtered: frozenset[int] = frozenset()
    if cards:
        by_deck, lent = wire.multi(
            [
                action("getDecks", cards=cards),
                Action("findCards", {"query": "deck:filtered"}, frozenset[int]),
            ]
        )
        decks = {card: deck for deck, held in by_deck.items() for card in held}
        filtered = lent
    return tuple(_existing(info, decks, filtered) for info in infos)


def count_marked(wire: Wire, note_ids: Group[int], fields: Iterable[str]) -> int:
    """Count the notes without ankigen's fields that have one of the ids, or text in one of these fields."""
    return len(wire.ask(Action("findNotes", {"query": searches.marked(note_ids, fields)}, list[int])))


def _existing(info: Info, decks: dict[int, str], filtered: frozenset[int]) -> ExistingNote:
    return ExistingNote(
        id=info.noteId,
        guid=Guid(""),
        note_type=info.modelName,
        modified=info.mod,
        tags=info.tags,
        fields={name: held.value for name, held in info.fields.items()},
        cards=tuple(
            ExistingCard(card, decks.get(card, "Default"), is_filtered=card in filtered) for card in info.cards
        ),
    )


def read_exported(wire: Wire, decks: Iterable[str], folder: Path | None) -> dict[int, ExportedNote]:
    """The notes in exported packages of decks; subdecks are in the package of their parent.

    Anki exports into `folder` if it runs on this machine, else into its media folder.
    """
    found: dict[int, ExportedNote] = {}
    for deck in _outermost(decks):
        for content in _exported(wire, deck, folder):
            try:
                exported = read_package(content)
            except ValueError as failure:
                raise NotAnkiConnect(wire.url) from failure
            found |= {id_: _with_cards_of(note, found.get(id_)) for id_, note in exported.items()}
    return found


def _with_cards_of(note: ExportedNote, known: ExportedNote | None) -> ExportedNote:
    """The note with its cards from another deck's package added."""
    cards = {card.id: card for card in (*(known.cards if known else ()), *note.cards)}
    return ExportedNote(note.guid, tuple(sorted(cards.values(), key=lambda card: card.ordinal)))


def _outermost(decks: Iterable[str]) -> Sequence[str]:
    return sorted({deck.partition("::")[0] for deck in decks})


def _exported(wire: Wire, deck: str, folder: Path | None) -> Iterator[bytes]:
    """The package of a deck; nothing if Anki has no such deck."""
    if folder is not None:
        path = folder.absolute() / EXPORT_NAME
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with contextlib.suppress(AnkiRefused):  # Anki may live in a sandbox that cannot write there
                if not _export(wire, deck, str(path)):
                    return
            if path.is_file():
                yield files.read(path)
                return
        finally:
            path.unlink(missing_ok=True)
    try:
        if _export(wire, deck, f"{wire.call('getMediaDirPath')}/{EXPORT_NAME}"):
            yield base64.b64decode(wire.call("retrieveMediaFile", filename=EXPORT_NAME) or b"")
    finally:
        wire.call("deleteMediaFile", filename=EXPORT_NAME)


def _export(wire: Wire, deck: str, path: str) -> bool:
    return bool(wire.call("exportPackage", deck=deck, path=path, includeSched=True))
