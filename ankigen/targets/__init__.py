"""The targets of a sync. A new target is a module here that follows the protocol, and a line in `reach`."""

from __future__ import annotations

import os

from ankigen.errors import TwoTargets
from ankigen.support import folders
from ankigen.targets.anki_connect import DEFAULT_URL, AnkiConnect, url_of
from ankigen.targets.collection import (
    Ask,
    CollectionFile,
    SyncServer,
    account_at,
    collection_at,
    is_url,
    unknown_release,
)
from ankigen.targets.target import AdoptingTarget, PendingCollection, ReviewedTarget, Target, Writer

__all__ = [
    "AdoptingTarget",
    "Ask",
    "PendingCollection",
    "ReviewedTarget",
    "Target",
    "Writer",
    "reach",
    "unknown_release",
]


def reach(address: str | None = None, to: str | None = None, ask: Ask | None = None) -> ReviewedTarget:
    """The target at an address, or the one that `to` names; no request is sent yet.

    The address is that of AnkiConnect; without one ANKIGEN_ANKICONNECT_URL counts, or else its usual place on this
    machine. ANKIGEN_ANKICONNECT_KEY is its key. `to` is a collection's file, the name of a profile of Anki's, or the
    address of a sync server, whose password `ask` asks for if nothing else has it. Raises `WrongAddress`, `TwoTargets`,
    and what keeps a collection from being found, such as `NoSuchProfile` or `AnkiWebRefused`.
    """
    if to is not None:
        if address is not None:
            raise TwoTargets
        if is_url(to):
            return SyncServer(account_at(to), folders.state(), folders.cache(), ask)
        return CollectionFile(collection_at(to), folders.cache())
    url = url_of(address or os.environ.get("ANKIGEN_ANKICONNECT_URL") or DEFAULT_URL)
    return AnkiConnect(url, os.environ.get("ANKIGEN_ANKICONNECT_KEY"), folder=folders.cache())
