"""Talk to a running Anki through AnkiConnect: its wire, its data as frozen nouns, its writing in our words.

Each request has a connection of its own and is sent once: the server closes the socket after every reply without
saying so, and a write whose reply was lost may have been carried out. Who meets `ConnectionLost` or `AnkiTimedOut`
in a write has to read again.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import http.client
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Collection as Group
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from urllib.parse import urlsplit

import requests

from ankigen.data import Collection, ExistingCard, ExistingNote, ExistingNoteType, Guid, Html, MediaFile, Template
from ankigen.errors import (
    AddOnTooOld,
    AnkiDiskFull,
    AnkigenError,
    AnkiNotRunning,
    AnkiRefused,
    AnkiTimedOut,
    ApiKeyRefused,
    CollectionBusy,
    ConnectionLost,
    ImportMissing,
    ImportRefused,
    MediaNameTaken,
    NoProfileOpen,
    NotAnkiConnect,
)

DEFAULT_URL = "http://127.0.0.1:8765"
API_VERSION = 6

# The server parses a body again with every kilobyte that arrives, and Anki's window stands still meanwhile.
LARGEST_BODY = 1_000_000
LARGEST_PACKAGE = 700_000  # in base64 and in its envelope it stays below the largest body
_CARDS_PER_ACTION = 50_000

_CONNECT_SECONDS = 5.0
_REPLY_SECONDS = 600.0

_NEEDED = ("addTags", "apiReflect", "changeDeck", "deckNames", "deleteMediaFile", "findCards", "findNotes",
    "getDeckConfig", "getDecks", "getMediaDirPath", "getMediaFilesNames", "importPackage", "modelFieldNames",
    "modelNamesAndIds", "modelStyling", "modelTemplates", "multi", "notesInfo", "removeTags", "storeMediaFile",
    "suspend", "unsuspend", "updateModelStyling", "updateModelTemplates")  # fmt: skip
_MANAGED = '"Guid:_*"'
_MOST_BY_EXPRESSION = 500
_PLAIN_GUID = re.compile(r"[0-9A-Za-z-]+")  # every GUID of ours; no other is worth escaping
_TRANSFER = "_ankigen-"

_TOO_OLD = re.compile(r"^unsupported action$|unexpected keyword argument|missing \d+ required positional argument")
_SITUATIONS: tuple[tuple[re.Pattern[str], type[NoProfileOpen | AnkiDiskFull | CollectionBusy]], ...] = (
    (re.compile(r" (is|are) not available$"), NoProfileOpen),
    (re.compile(r"No space left on device|disk is full|not enough space", re.IGNORECASE), AnkiDiskFull),
    (re.compile(r"CollectionNotOpen|database is locked|'NoneType' object has no attribute"), CollectionBusy),
)
_NO_IMPORTER = re.compile(r"^unsupported action$|anki\.importing|AnkiPackageImporter")


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to ask for, by the wire's name."""

    name: str
    params: Mapping[str, Any] = field(default_factory=dict)


def action(name: str, **params: Any) -> Action:
    """Name an action and its parameters."""
    return Action(name, params)


def _summary(query: str) -> tuple[Action, ...]:
    return (
        action("getMediaDirPath"),
        action("deckNames"),
        action("modelNamesAndIds"),
        action("findCards", query=f"is:suspended {query}"),
        action("findCards", query=f"deck:filtered {query}"),
    )


def _query(guids: Group[Guid] | None) -> str:
    """Search for all notes with a GUID, or for some of them by one expression, the quickest search there is."""
    if guids is None or len(guids) > _MOST_BY_EXPRESSION or not all(map(_PLAIN_GUID.fullmatch, guids)):
        return _MANAGED
    return f'"Guid:re:^({"|".join(sorted(guids))})$"'


@dataclass(frozen=True, slots=True)
class AnkiConnect:
    """A running Anki.

    `folder` is where packages and media are laid for an Anki on this machine, which then reads them itself; without
    one, and for an Anki elsewhere, they are uploaded.
    """

    url: str = DEFAULT_URL
    key: str | None = field(default=None, repr=False)
    folder: Path | None = None
    seconds: float = _REPLY_SECONDS

    # Talking

    def call(self, name: str, **params: Any) -> Any:
        """Ask for one action and return its result."""
        wanted = action(name, **params)
        return self._result(wanted, self._send(self._body(wanted), name))

    def multi(self, actions: Iterable[Action]) -> list[Any]:
        """Ask for many actions in as few requests as their size allows; the first refusal is raised after the last."""
        results: list[Any] = []
        for batch in _batches(list(actions), self._size):
            nested = [self._envelope(wanted) for wanted in batch]
            replies = self.call("multi", actions=nested)
            if not isinstance(replies, list) or len(replies) != len(batch):
                raise NotAnkiConnect(self.url)
            results += [self._result(wanted, reply) for wanted, reply in zip(batch, replies, strict=True)]
        return results

    def _size(self, wanted: Action) -> int:
        return len(self._body(wanted)) + 2

    def _envelope(self, wanted: Action) -> dict[str, Any]:
        envelope = {"action": wanted.name, "version": API_VERSION, "params": dict(wanted.params)}
        return envelope if self.key is None else envelope | {"key": self.key}

    def _body(self, wanted: Action) -> bytes:
        return json.dumps(self._envelope(wanted)).encode()

    def _send(self, body: bytes, name: str) -> Any:
        try:
            with requests.Session() as session:
                session.trust_env = False  # a proxy has no business between two programs of one user
                answer = session.post(self.url, data=body, timeout=(_CONNECT_SECONDS, self.seconds))
                return answer.json()
        except requests.exceptions.JSONDecodeError as failure:
            raise NotAnkiConnect(self.url) from failure
        except requests.ConnectTimeout as failure:
            raise AnkiNotRunning(self.url) from failure
        except requests.Timeout as failure:
            raise AnkiTimedOut(name, self.seconds) from failure
        except requests.RequestException as failure:
            raise self._explained(failure, name) from failure

    def _explained(self, failure: requests.RequestException, name: str) -> AnkigenError:
        reason = failure.args[0] if failure.args else None
        cause = reason.args[-1] if isinstance(reason, Exception) and reason.args else None
        if isinstance(cause, http.client.BadStatusLine) and not isinstance(cause, http.client.RemoteDisconnected):
            return NotAnkiConnect(self.url)
        # What gave up before there was a connection carries the reason of its last try.
        if isinstance(failure, ValueError) or isinstance(getattr(reason, "reason", None), Exception):
            return AnkiNotRunning(self.url)
        return ConnectionLost(name)

    def _result(self, wanted: Action, reply: Any) -> Any:
        if not isinstance(reply, dict) or reply.keys() != {"result", "error"}:
            raise NotAnkiConnect(self.url)
        if reply["error"] is not None:  # an error's text may be empty
            raise _refusal(wanted.name, str(reply["error"]), is_key_given=self.key is not None)
        return reply["result"]

    # Preflight and reading

    def require_ready(self) -> None:
        """Raise what would keep a sync from being done, before anything is read or written."""
        permission = self._permission()
        if permission.get("requireApikey") and self.key is None:
            raise ApiKeyRefused(is_required=True, is_given=False)
        if not permission.get("requireApikey") and self.key is not None:
            raise ApiKeyRefused(is_required=False, is_given=True)
        missing = set(_NEEDED) - set(self.call("apiReflect", scopes=["actions"], actions=None)["actions"])
        if "importPackage" in missing:
            raise ImportMissing
        if missing:
            raise AddOnTooOld(min(missing))

    def _permission(self) -> dict[str, Any]:
        # The only action that needs no key: it carries none, so that no stranger on the port gets to see it.
        body = json.dumps({"action": "requestPermission", "version": API_VERSION}).encode()
        permission = self._result(action("requestPermission"), self._send(body, "requestPermission"))
        if not isinstance(permission, dict) or permission.get("permission") != "granted":
            raise NotAnkiConnect(self.url)
        if permission.get("version", 0) < API_VERSION:
            raise AddOnTooOld("version")
        return permission

    def read(
        self,
        decks: Group[str] = (),
        note_types: Group[int] = (),
        guids: Group[Guid] | None = None,
        *,
        with_media: bool = False,
    ) -> Collection:
        """Read what sync has to know, in a number of requests that does not grow with the notes.

        `decks` are those that notes shall go to, of which the filtered ones are told; `note_types` are ids to read
        even if no note has them; `guids`, if given, are the only notes to read.
        """
        query = _query(guids)
        name, known_decks, ids, suspended, filtered = self.multi(_summary(query))
        found, cardless = self._managed_notes(query)
        kinds = {kind for kind, id_ in ids.items() if id_ in note_types} | {note["modelName"] for note in found}
        places = self._places([card for note in found for card in note["cards"]])
        cards = _Cards(places, frozenset(suspended), frozenset(filtered))
        return Collection(
            name=name,
            notes=tuple(_existing(note, cards) for note in found),
            note_types=self._note_types({kind: ids[kind] for kind in sorted(kinds)}),
            decks=tuple(known_decks),
            filtered=self._filtered([deck for deck in known_decks if deck in decks]),
            media=frozenset(self.call("getMediaFilesNames") if with_media else ()),
            cardless=cardless,
        )

    def _managed_notes(self, query: str) -> tuple[list[dict[str, Any]], tuple[int, ...]]:
        """Return the notes that carry a GUID and a base, and the ids of those among them that have no card."""
        cardless: set[int] = set()
        try:
            found = self.call("notesInfo", query=query)
        except AnkiRefused as refused:
            if not refused.text.isdigit():
                raise
            # One note without a card fails the whole call. To ask for a property of cards leaves such notes out.
            found = self.call("notesInfo", query=f"{query} prop:lapses>=0")
            cardless = set(self.call("findNotes", query=query)) - {note["noteId"] for note in found if note}
        return [note for note in found if note and {"Guid", "Base"} <= note["fields"].keys()], tuple(sorted(cardless))

    def _places(self, cards: Sequence[int]) -> dict[int, str]:
        chunks = [cards[start : start + _CARDS_PER_ACTION] for start in range(0, len(cards), _CARDS_PER_ACTION)]
        decks = self.multi(action("getDecks", cards=chunk) for chunk in chunks)
        return {card: deck for chunk in decks for deck, inside in chunk.items() for card in inside}

    def _note_types(self, ids: Mapping[str, int]) -> tuple[ExistingNoteType, ...]:
        parts = ("modelFieldNames", "modelTemplates", "modelStyling")
        results = iter(self.multi(action(part, modelName=name) for name in ids for part in parts))
        return tuple(
            ExistingNoteType(
                id=id_,
                name=name,
                fields=tuple(next(results)),
                templates=tuple(Template(kind, text["Front"], text["Back"]) for kind, text in next(results).items()),
                css=next(results)["css"],
            )
            for name, id_ in ids.items()
        )

    def _filtered(self, decks: Sequence[str]) -> frozenset[str]:
        configs = self.multi(action("getDeckConfig", deck=deck) for deck in decks)
        return frozenset(deck for deck, config in zip(decks, configs, strict=True) if config and config["dyn"])

    def find_notes(self, guid: Guid) -> list[int]:
        """Return the ids of the notes that carry a GUID of plain letters, digits and hyphens."""
        return list(self.call("findNotes", query=f'"Guid:{guid}"'))

    def note_type_names(self) -> dict[int, str]:
        """Return the names of all note types by their ids."""
        return {id_: name for name, id_ in self.call("modelNamesAndIds").items()}

    def selected_in_browser(self) -> frozenset[int]:
        """Return the ids of the notes that Anki's browser shows in its editor; none if it is closed."""
        with contextlib.suppress(AddOnTooOld):  # a server without a window has no browser
            return frozenset(self.call("guiSelectedNotes"))
        return frozenset()

    # Writing

    def largest_package(self) -> int | None:
        """Return how many bytes a package may have, if not any number."""
        return None if self.folder is not None and self._is_here() else LARGEST_PACKAGE

    def import_package(self, content: bytes) -> None:
        """Let Anki import a package: from `folder` if it can read there, else by an upload that is removed again.

        Anki answers the same whether it took a note or left it out: who called must read back.
        """
        if self.folder is not None and self._is_here():
            with _laid_out(content, self.folder) as path, contextlib.suppress(ImportRefused):
                self._import(path)
                return
        self._import_uploaded(content)

    def _is_here(self) -> bool:
        host = urlsplit(self.url).hostname or ""
        is_loopback = host in {"localhost", "::1"} or host.startswith("127.")
        return is_loopback and Path(self.call("getMediaDirPath")).is_dir()

    def _import_uploaded(self, content: bytes) -> None:
        name = f"{_TRANSFER}{hashlib.sha256(content).hexdigest()[:16]}.apkg"
        stored = self.call("storeMediaFile", filename=name, data=_base64(content), deleteExisting=False)
        try:
            self._import(f"{self.call('getMediaDirPath')}/{stored}")
        finally:
            # Gone astray or not, the next run removes it: `remove_strays`.
            with contextlib.suppress(AnkigenError):
                self.call("deleteMediaFile", filename=stored)

    def _import(self, path: str) -> None:
        if self.call("importPackage", path=path) is not True:
            raise ImportRefused("")

    def remove_strays(self) -> None:
        """Remove the packages that a run left behind when it was cut off."""
        strays = self.call("getMediaFilesNames", pattern=f"{_TRANSFER}*.apkg")
        self.multi(action("deleteMediaFile", filename=name) for name in strays)
        for path in self.folder.glob(f"{_TRANSFER}*.apkg") if self.folder else ():
            path.unlink(missing_ok=True)

    def send_media(self, files: Iterable[MediaFile]) -> None:
        """Put files into Anki's media folder; those whose name is taken by other content raise `MediaNameTaken`."""
        chosen = [file for file in files if Path(file.path).stat().st_size]  # Anki refuses an empty file
        for file, stored in zip(chosen, self._store(chosen), strict=True):
            if stored != file.name:
                self.call("deleteMediaFile", filename=stored)
                raise MediaNameTaken(file.name)

    def _store(self, files: Sequence[MediaFile]) -> list[str]:
        if files and self.folder is not None and self._is_here():
            with contextlib.suppress(AnkiRefused):  # Anki may live in a sandbox that cannot open the path
                return self.multi(_store_action(file, path=str(Path(file.path).absolute())) for file in files)
        return self.multi(_store_action(file, data=_base64(Path(file.path).read_bytes())) for file in files)

    def move(self, cards: Iterable[int], deck: str) -> None:
        """Move cards to a deck, which is made if it does not exist; never give a filtered one."""
        self.call("changeDeck", cards=list(cards), deck=deck)

    def suspend(self, cards: Iterable[int]) -> None:
        """Suspend cards; if one of them is gone, none is suspended."""
        self.call("suspend", cards=list(cards))

    def unsuspend(self, cards: Iterable[int]) -> None:
        """Let suspended cards be asked again; a buried one would be dug up as well."""
        self.call("unsuspend", cards=list(cards))

    def add_tags(self, notes: Mapping[str, Iterable[int]]) -> None:
        """Add each tag to its notes, whose modification time becomes now."""
        self.multi(action("addTags", notes=list(ids), tags=tag) for tag, ids in notes.items())

    def remove_tag(self, notes: Iterable[int], tag: str) -> None:
        """Remove one tag and those below it from many notes, whose modification time becomes now."""
        self.call("removeTags", notes=list(notes), tags=tag)

    def delete_notes(self, notes: Iterable[int]) -> None:
        """Delete notes with their cards and schedules, for good."""
        self.call("deleteNotes", notes=list(notes))

    def convert_note(self, note: int, note_type: str, fields: Mapping[str, str], tags: Sequence[str]) -> None:
        """Give a note another type with all of its fields and tags: what is not given is emptied."""
        wanted = {"id": note, "modelName": note_type, "fields": dict(fields), "tags": list(tags)}
        self.call("updateNoteModel", note=wanted)

    def add_field(self, note_type: str, name: str) -> None:
        """Add a field at the end; Anki then asks for a full sync, and every note of the type becomes modified now."""
        self.call("modelFieldAdd", modelName=note_type, fieldName=name)

    def restyle(self, note_type: str, templates: Iterable[Template], css: str) -> None:
        """Write the text of templates that exist, and the CSS; read back, since either may come from a stale cache."""
        texts = {template.name: {"Front": template.front, "Back": template.back} for template in templates}
        self.multi([
            action("updateModelTemplates", model={"name": note_type, "templates": texts}),
            action("updateModelStyling", model={"name": note_type, "css": css}),
        ])  # fmt: skip

    def clear_browser(self) -> None:
        """Make the browser show nothing, so that its editor cannot write a stale note back; it takes the focus."""
        self.call("guiBrowse", query="nid:0")


@dataclass(frozen=True, slots=True)
class _Cards:
    """What was read about cards, by id."""

    decks: Mapping[int, str]
    suspended: frozenset[int]
    filtered: frozenset[int]

    def card(self, id_: int) -> ExistingCard:
        return ExistingCard(id_, self.decks[id_], id_ in self.suspended, id_ in self.filtered)


def _existing(note: Mapping[str, Any], cards: _Cards) -> ExistingNote:
    return ExistingNote(
        id=note["noteId"],
        guid=Guid(note["fields"]["Guid"]["value"]),
        note_type=note["modelName"],
        modified=note["mod"],
        tags=tuple(note["tags"]),
        fields={name: Html(held["value"]) for name, held in note["fields"].items()},
        cards=tuple(cards.card(id_) for id_ in note["cards"]),
    )


def _refusal(name: str, text: str, *, is_key_given: bool) -> AnkigenError:
    """Find the class of a refusal by the add-on's text, which is Python's own for what it did not foresee."""
    if text == "valid api key must be provided":
        return ApiKeyRefused(is_required=True, is_given=is_key_given)
    if name == "importPackage" and _NO_IMPORTER.search(text):
        return ImportMissing()
    if _TOO_OLD.search(text):
        return AddOnTooOld(name)
    for sign, situation in _SITUATIONS:
        if sign.search(text):
            return situation()
    return ImportRefused(text) if name == "importPackage" else AnkiRefused(name, text)


def _batches(actions: Sequence[Action], size: Callable[[Action], int]) -> Iterator[Sequence[Action]]:
    """Part actions, in order, so that no body is larger than `LARGEST_BODY` unless a single action is."""
    start, room = 0, LARGEST_BODY
    for end, wanted in enumerate(actions):
        if (need := size(wanted)) > room and end > start:
            yield actions[start:end]
            start, room = end, LARGEST_BODY
        room -= need
    if actions[start:]:
        yield actions[start:]


@contextlib.contextmanager
def _laid_out(content: bytes, folder: Path) -> Iterator[str]:
    folder.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=folder, prefix=_TRANSFER, suffix=".apkg", delete=False) as file:
        file.write(content)
    try:
        yield str(Path(file.name).absolute())
    finally:
        Path(file.name).unlink(missing_ok=True)


def _store_action(file: MediaFile, **content: str) -> Action:
    return action("storeMediaFile", filename=file.name, deleteExisting=False, **content)


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")
