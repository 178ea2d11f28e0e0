"""Checks that a sync with this Anki is possible, before anything is read or written."""

from __future__ import annotations

from ankigen.errors import AddOnTooOld, ApiKeyRefused, ImportMissing
from ankigen.support.structs import Struct
from ankigen.targets.anki_connect.wire import Action, Wire

_NEEDED = ("addTags", "apiReflect", "changeDeck", "deckNamesAndIds", "deleteMediaFile", "findCards", "findNotes",
    "getDeckConfig", "getDecks", "getMediaDirPath", "getMediaFilesNames", "importPackage", "modelFieldNames",
    "modelNamesAndIds", "modelStyling", "modelTemplates", "multi", "notesInfo", "removeTags", "storeMediaFile",
    "suspend", "unsuspend", "updateModelStyling", "updateModelTemplates")  # fmt: skip
_NEEDED_TO_ADOPT = ("deleteNotes", "exportPackage", "updateNoteModel")


class Reflection(Struct, frozen=True):
    """The actions that a server has."""

    actions: frozenset[str]


REFLECTION = Action("apiReflect", {"scopes": ["actions"], "actions": None}, Reflection)


def require_actions(reflection: Reflection) -> None:
    """Raise `ImportMissing` or `AddOnTooOld` if a server lacks an action that a sync needs."""
    missing = set(_NEEDED) - reflection.actions
    if "importPackage" in missing:
        raise ImportMissing
    if missing:
        raise AddOnTooOld(min(missing))


def require_adopting(reflection: Reflection) -> None:
    """Raise `AddOnTooOld` if a server lacks an action without which an adoption would be begun and never finished."""
    if missing := set(_NEEDED_TO_ADOPT) - reflection.actions:
        raise AddOnTooOld(min(missing))


def require_key(wire: Wire) -> None:
    """Raise `ApiKeyRefused` if a key was given but none is configured; checked before any request has the key."""
    if wire.key is not None and not wire.permission().get("requireApikey"):
        raise ApiKeyRefused(is_required=False, is_given=True)
