"""The targets of a sync. A new target is a module here that follows the protocol, and a line in `reach`."""

from __future__ import annotations

import os

from ankigen.support import folders
from ankigen.targets.anki_connect import DEFAULT_URL, AnkiConnect, url_of
from ankigen.targets.target import AdoptingTarget, PendingCollection, ReviewedTarget, Target, Writer

__all__ = ["AdoptingTarget", "PendingCollection", "ReviewedTarget", "Target", "Writer", "reach"]


def reach(address: str | None = None) -> ReviewedTarget:
    """The target at an address; no request is sent yet.

    The address is AnkiConnect's, by default ANKIGEN_ANKICONNECT_URL, or else the usual port on this machine.
    ANKIGEN_ANKICONNECT_KEY is its key. Raises `WrongAddress`.
    """
    url = url_of(address or os.environ.get("ANKIGEN_ANKICONNECT_URL") or DEFAULT_URL)
    return AnkiConnect(url, os.environ.get("ANKIGEN_ANKICONNECT_KEY"), folder=folders.cache())
