"""A running Anki, reached through AnkiConnect."""

from ankigen.targets.anki_connect.address import url_of
from ankigen.targets.anki_connect.client import LARGEST_PACKAGE, AnkiConnect
from ankigen.targets.anki_connect.wire import API_VERSION, DEFAULT_URL, LARGEST_BODY, Action, action

__all__ = ["API_VERSION", "DEFAULT_URL", "LARGEST_BODY", "LARGEST_PACKAGE", "Action", "AnkiConnect", "action", "url_of"]
