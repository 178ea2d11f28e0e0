"""A running Anki, reached before anything else is loaded or read: it takes its time to gather what it has."""

from __future__ import annotations

import os
from concurrent.futures import Future
from threading import Thread

from ankigen import folders, note_types
from ankigen.anki_connect import DEFAULT_URL, AnkiConnect
from ankigen.data import Collection


def connect(url: str | None = None) -> AnkiConnect:
    """Reach a running Anki: at `url`, else ANKIGEN_ANKICONNECT_URL, with the key in ANKIGEN_ANKICONNECT_KEY."""
    anki = AnkiConnect(
        url or os.environ.get("ANKIGEN_ANKICONNECT_URL") or DEFAULT_URL,
        os.environ.get("ANKIGEN_ANKICONNECT_KEY"),
        folder=folders.cache(),
    )
    anki.require_ready()
    return anki


def read_ahead(anki: AnkiConnect) -> Future[Collection]:
    """Begin to read the collection, so that Anki gathers it while the notes are read; `plan` raises what fails."""
    reading: Future[Collection] = Future()

    def gather() -> None:
        try:
            reading.set_result(read(anki))
        except BaseException as failure:  # whatever it is, it belongs to who asks for the result
            reading.set_exception(failure)

    # A daemon: where the notes cannot be read, nobody waits for Anki.
    Thread(target=gather, daemon=True).start()
    return reading


def read(anki: AnkiConnect) -> Collection:
    """Read the notes that carry a GUID, with their cards and note types, and our note types in any case."""
    return anki.read([one.id for one in note_types.ALL])
