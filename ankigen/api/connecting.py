"""A running Anki, reached before anything else is loaded or read: it takes its time to gather what it has."""

from __future__ import annotations

import os

from ankigen import folders
from ankigen.anki_connect import DEFAULT_URL, Ahead, AnkiConnect
from ankigen.data import Collection


def connect(url: str | None = None) -> AnkiConnect:
    """Reach a running Anki: at `url`, else ANKIGEN_ANKICONNECT_URL, with the key in ANKIGEN_ANKICONNECT_KEY."""
    anki = _at(url)
    anki.require_ready()
    return anki


def read_ahead(url: str | None = None) -> tuple[AnkiConnect, Ahead]:
    """Reach a running Anki as `connect` does, and begin to read it: it gathers what it has while the notes are read."""
    anki = _at(url)
    return anki, anki.read_ahead(_own_note_types)


def read(anki: AnkiConnect) -> Collection:
    """Read the notes that carry a GUID, with their cards and note types, and our note types in any case."""
    return anki.read(_own_note_types())


def _at(url: str | None) -> AnkiConnect:
    return AnkiConnect(
        url or os.environ.get("ANKIGEN_ANKICONNECT_URL") or DEFAULT_URL,
        os.environ.get("ANKIGEN_ANKICONNECT_KEY"),
        folder=folders.cache(),
    )


def _own_note_types() -> list[int]:
    from ankigen import note_types  # noqa: PLC0415 - Anki is asked before

    return [one.id for one in note_types.ALL]
