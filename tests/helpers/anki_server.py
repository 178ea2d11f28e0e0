# ruff: noqa: N802, N803 - actions and parameters have the spelling of the wire
# ruff: noqa: SLF001, S608 - as the add-on does
"""AnkiConnect for tests: the add-on's wire and manners over a real collection of Anki's own library.

The contract suite holds it to a true desktop. Only the window is missing: there is no tick of 25 ms, no screen and no
undo. A `Fault` cuts a chosen request off, and `carried_out` is called between the work and its reply: that is what a
desktop cannot be asked to do.
"""

from __future__ import annotations

import base64
import contextlib
import glob
import hashlib
import inspect
import json
import socket
import threading
import unicodedata
from collections.abc import Callable, Iterator
from enum import Enum
from pathlib import Path
from typing import Any

import anki.lang
from anki.collection import Collection
from anki.errors import NotFoundError
from anki.utils import ids2str, int_time

from tests.helpers.anki_library import export_as_ankiconnect, import_as_ankiconnect

API_VERSION = 6
_PATIENCE = 60
"""Seconds that the server waits for a client that says nothing: it has one thread, which must end with the test."""
Reply = Any


class Fault(Enum):
    """What goes wrong with one request."""

    CUT_BEFORE = "the connection is cut before the request is read"
    CUT_AFTER = "the request is carried out and the reply is lost"
    GARBAGE = "the request is carried out and the reply is not JSON"
    DISK_FULL = "the disk of Anki's machine is full"


class Actions:
    """The actions of the add-on that ankigen uses; each method is one, in the add-on's spelling."""

    def __init__(self, collection: Collection | None, profile: str, key: str | None) -> None:
        self._open = collection
        self._profile = profile
        self._key = key
        self._browser: list[int] = []

    @property
    def _col(self) -> Collection:
        if self._open is None:
            raise RuntimeError("collection is not available")
        return self._open

    def _note_type(self, name: str) -> Any:
        found = self._col.models.by_name(name)
        if found is None:
            raise RuntimeError(f"model was not found: {name}")
        return found

    # Talking

    def version(self) -> int:
        return API_VERSION

    def requestPermission(self) -> dict[str, Any]:
        return {"permission": "granted", "requireApikey": bool(self._key), "version": API_VERSION}

    def apiReflect(self, scopes: list[str], actions: list[str] | None = None) -> dict[str, Any]:
        known = sorted(name for name in dir(type(self)) if not name.startswith("_"))
        return {"scopes": scopes, "actions": [name for name in known if actions is None or name in actions]}

    def getActiveProfile(self) -> str:
        return self._profile

    def multi(self, actions: list[dict[str, Any]]) -> list[Reply]:
        return [answer(self, action) for action in actions]

    # Reading

    def deckNames(self) -> list[str]:
        return [deck.name for deck in self._col.decks.all_names_and_ids()]

    def deckNamesAndIds(self) -> dict[str, int]:
        return {deck.name: int(deck.id) for deck in self._col.decks.all_names_and_ids()}

    def getDeckConfig(self, deck: str) -> Any:
        if deck not in self.deckNames():
            return False
        deck_id = self._col.decks.id(deck)
        assert deck_id is not None
        return self._col.decks.config_dict_for_deck_id(deck_id)

    def findNotes(self, query: str | None = None) -> list[int]:
        return [] if query is None else [int(note) for note in self._col.find_notes(query)]

    def findCards(self, query: str | None = None) -> list[int]:
        return [] if query is None else [int(card) for card in self._col.find_cards(query)]

    def getReviewsOfCards(self, cards: list[int]) -> dict[int, list[dict[str, int]]]:
        names = ("id", "usn", "ease", "ivl", "lastIvl", "factor", "time", "type")
        columns = "cid, id, usn, ease, ivl, lastIvl, factor, time, type"
        found: dict[int, list[dict[str, int]]] = {card: [] for card in cards}
        for card, *row in self._all(f"select {columns} from revlog where cid in {ids2str(cards)} order by id"):
            found[card].append(dict(zip(names, row, strict=True)))
        return found

    def notesInfo(self, notes: list[int] | None = None, query: str | None = None) -> list[dict[str, Any]]:
        chosen = self.findNotes(query) if query is not None else list(notes or [])
        cards: dict[int, list[int]] = {}
        for card, note in self._all(f"select id, nid from cards where nid in {ids2str(chosen)} order by ord"):
            cards.setdefault(note, []).append(card)
        return [self._note_info(note, cards) for note in chosen]

    def _all(self, sql: str) -> list[Any]:
        assert self._col.db is not None
        return list(self._col.db.all(sql))

    def _note_info(self, note_id: int, cards: dict[int, list[int]]) -> dict[str, Any]:
        try:
            note = self._col.get_note(note_id)  # type: ignore[arg-type]
        except NotFoundError:
            return {}
        note_type = note.note_type()
        assert note_type is not None
        return {
            "noteId": note.id,
            "profile": self._profile,
            "tags": note.tags,
            "fields": {
                field["name"]: {"value": note.fields[field["ord"]], "order": field["ord"]}
                for field in note_type["flds"]
            },
            "modelName": note_type["name"],
            "mod": note.mod,
            "cards": cards[note.id],  # a note without a card fails the whole call, its id being the error text
        }

    def notesModTime(self, notes: list[int]) -> list[dict[str, int]]:
        times = dict(self._all(f"select id, mod from notes where id in {ids2str(notes)}"))
        return [{"noteId": note, "mod": times[note]} if note in times else {} for note in notes]

    def getDecks(self, cards: list[int]) -> dict[str, list[int]]:
        places = dict(self._all(f"select id, did from cards where id in {ids2str(cards)}"))
        decks: dict[str, list[int]] = {}
        for card in cards:
            decks.setdefault(self._col.decks.name(places.get(card, 1)), []).append(card)
        return decks

    def areSuspended(self, cards: list[int]) -> list[bool | None]:
        queues = dict(self._all(f"select id, queue from cards where id in {ids2str(cards)}"))
        return [queues[card] == -1 if card in queues else None for card in cards]

    # Note types

    def modelNames(self) -> list[str]:
        return [note_type.name for note_type in self._col.models.all_names_and_ids()]

    def modelNamesAndIds(self) -> dict[str, int]:
        return {note_type.name: int(note_type.id) for note_type in self._col.models.all_names_and_ids()}

    def modelFieldNames(self, modelName: str) -> list[str]:
        return [field["name"] for field in self._note_type(modelName)["flds"]]

    def modelTemplates(self, modelName: str) -> dict[str, dict[str, str]]:
        templates = self._note_type(modelName)["tmpls"]
        return {template["name"]: {"Front": template["qfmt"], "Back": template["afmt"]} for template in templates}

    def modelStyling(self, modelName: str) -> dict[str, str]:
        return {"css": self._note_type(modelName)["css"]}

    def findModelsByName(self, modelNames: list[str]) -> list[Any]:
        return [self._note_type(name) for name in modelNames]

    def updateModelTemplates(self, model: dict[str, Any]) -> None:
        note_type = self._note_type(model["name"])
        for template in note_type["tmpls"]:
            new = model["templates"].get(template["name"], {})
            template["qfmt"] = new.get("Front") or template["qfmt"]
            template["afmt"] = new.get("Back") or template["afmt"]
        self._col.models.update_dict(note_type)

    def updateModelStyling(self, model: dict[str, str]) -> None:
        note_type = self._note_type(model["name"])
        note_type["css"] = model["css"]
        self._col.models.update_dict(note_type)

    def modelFieldAdd(self, modelName: str, fieldName: str, index: int | None = None) -> None:
        note_type = self._note_type(modelName)
        if fieldName not in self._col.models.field_names(note_type):
            self._col.models.add_field(note_type, self._col.models.new_field(fieldName))
        if index is not None:
            self._col.models.reposition_field(note_type, self._col.models.field_map(note_type)[fieldName][1], index)
        self._col.models.update_dict(note_type)

    def modelTemplateAdd(self, modelName: str, template: dict[str, str]) -> None:
        note_type = self._note_type(modelName)
        for known in note_type["tmpls"]:
            if known["name"] == template["Name"]:  # shown from now on, but saved by nobody
                known["qfmt"], known["afmt"] = template["Front"], template["Back"]
                return
        new = self._col.models.new_template(template["Name"])
        new["qfmt"], new["afmt"] = template["Front"], template["Back"]
        self._col.models.add_template(note_type, new)
        self._col.models.update_dict(note_type)

    # Notes and cards

    def importPackage(self, path: str) -> bool:
        import_as_ankiconnect(self._col, Path(path))
        return True

    def exportPackage(self, deck: str, path: str, includeSched: bool = False) -> bool:
        known = self._col.decks.by_name(deck)
        if known is None:
            return False
        export_as_ankiconnect(self._col, known["id"], Path(path), with_scheduling=includeSched)
        return True

    def updateNoteModel(self, note: dict[str, Any]) -> None:
        if not note.get("fields") or not isinstance(note["fields"], dict):
            raise RuntimeError("Fields must be provided as a dictionary")
        known = self._col.get_note(note["id"])
        note_type = self._col.models.by_name(note["modelName"])
        if note_type is None:
            raise RuntimeError(f"Model '{note['modelName']}' not found")
        given = {name.lower(): value for name, value in note["fields"].items()}
        known.mid = note_type["id"]
        known._fmap = self._col.models.field_map(note_type)
        known.fields = [given.get(field["name"].lower(), "") for field in note_type["flds"]]
        known.tags = note.get("tags", [])
        self._col.update_note(known, skip_undo_entry=True)

    def addTags(self, notes: list[int], tags: str, add: bool = True) -> None:
        if add:
            self._col.tags.bulk_add(notes, tags)  # type: ignore[arg-type]
        else:
            self._col.tags.bulk_remove(notes, tags)  # type: ignore[arg-type]

    def removeTags(self, notes: list[int], tags: str) -> None:
        self.addTags(notes, tags, add=False)

    def createDeck(self, deck: str) -> int | None:
        return self._col.decks.id(deck)

    def changeDeck(self, cards: list[int], deck: str) -> None:
        deck_id = self._col.decks.id(deck)
        self._col.sched.remFromDyn(cards)  # type: ignore[arg-type]
        assert self._col.db is not None
        sql = f"update cards set usn=?, mod=?, did=? where id in {ids2str(cards)}"
        self._col.db.execute(sql, self._col.usn(), int_time(), deck_id)

    def suspend(self, cards: list[int], suspend: bool = True) -> bool:
        states = [self._col.get_card(card).queue == -1 for card in cards]  # type: ignore[arg-type]
        rest = [card for card, is_suspended in zip(cards, states, strict=True) if is_suspended != suspend]
        if rest and suspend:
            self._col.sched.suspend_cards(rest)  # type: ignore[arg-type]
        elif rest:
            self._col.sched.unsuspend_cards(rest)  # type: ignore[arg-type]
        return bool(rest)

    def unsuspend(self, cards: list[int]) -> None:
        self.suspend(cards, suspend=False)

    def deleteNotes(self, notes: list[int]) -> None:
        self._col.remove_notes(notes)  # type: ignore[arg-type]

    # Media

    def storeMediaFile(
        self,
        filename: str,
        data: str | None = None,
        path: str | None = None,
        deleteExisting: bool = True,
        skipHash: str | None = None,
    ) -> str | None:
        if not (data or path):
            raise RuntimeError('You must provide a "data", "path", or "url" field.')
        content = base64.b64decode(data) if data else Path(str(path)).read_bytes()
        if skipHash == hashlib.md5(content).hexdigest():  # noqa: S324 - the add-on's choice
            return None
        if deleteExisting:
            self.deleteMediaFile(filename)
        return self._col.media.write_data(filename, content)

    def getMediaFilesNames(self, pattern: str = "*") -> list[str]:
        return [Path(path).name for path in glob.glob(str(Path(self._col.media.dir()) / pattern))]  # noqa: PTH207

    def getMediaDirPath(self) -> str:
        return str(Path(self._col.media.dir()).absolute())

    def retrieveMediaFile(self, filename: str) -> str | bool:
        path = Path(self._col.media.dir()) / unicodedata.normalize("NFC", Path(filename).name)
        return base64.b64encode(path.read_bytes()).decode() if path.is_file() else False

    def deleteMediaFile(self, filename: str) -> None:
        self._col.media.trash_files([filename])

    # Screen

    def guiSelectedNotes(self) -> list[int]:
        return list(self._browser)

    def guiBrowse(self, query: str | None = None) -> list[int]:
        self._browser = self.findNotes(query)[:1]
        return self.findCards(query)


def answer(actions: Actions, request: dict[str, Any]) -> Reply:
    """Carry out one request, nested or not; below version 5 a result comes bare, an error never does."""
    try:
        result = _carry_out(actions, request)
    except Exception as failure:
        return {"result": None, "error": str(failure)}
    return result if request.get("version", 4) <= 4 else {"result": result, "error": None}


def _carry_out(actions: Actions, request: dict[str, Any]) -> Any:
    name = request.get("action", "")
    if request.get("key") != actions._key and name != "requestPermission":
        raise RuntimeError("valid api key must be provided")
    method = None if name.startswith("_") else getattr(actions, name, None)
    if not inspect.ismethod(method):
        raise RuntimeError("unsupported action")
    return method(**request.get("params", {}))


class AnkiServer:
    """A collection behind a socket; one connection at a time, closed after each reply without notice."""

    def __init__(
        self, folder: Path, profile: str = "ankigen-test", key: str | None = None, *, is_open: bool = True
    ) -> None:
        anki.lang.set_lang("en_US")
        self.collection = Collection(str(folder / "collection.anki2"))
        assert self.collection.db is not None
        self.collection.db.execute("pragma synchronous = off")  # these collections need not outlive a power cut
        self.actions = Actions(self.collection if is_open else None, profile, key)
        self.requests: list[dict[str, Any]] = []
        self.fault: Callable[[int, dict[str, Any]], Fault | None] = lambda _number, _request: None
        self.carried_out: Callable[[int], None] = lambda _number: None
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=5)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()
        self.collection.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError):
                connection.settimeout(_PATIENCE)
                self._converse(connection)

    def _converse(self, connection: socket.socket) -> None:
        body = _read_body(connection)
        if body is None:
            return
        request = json.loads(body) if body else {}
        self.requests.append(request)
        fault = self.fault(len(self.requests), request)
        if fault is Fault.CUT_BEFORE:
            return
        reply = _reply_to(self.actions, body, fault)
        self.carried_out(len(self.requests))
        if fault is not Fault.CUT_AFTER:
            connection.sendall(_http(b"<html>not JSON" if fault is Fault.GARBAGE else json.dumps(reply).encode()))


def _reply_to(actions: Actions, body: bytes, fault: Fault | None) -> Reply:
    if not body:
        return {"apiVersion": f"AnkiConnect v.{API_VERSION}"}
    if fault is Fault.DISK_FULL:
        return {"result": None, "error": "[Errno 28] No space left on device"}
    return answer(actions, json.loads(body))


def _read_body(connection: socket.socket) -> bytes | None:
    """Read one request as the add-on does: by Content-Length alone, deaf to chunks and to Expect."""
    received = b""
    while b"\r\n\r\n" not in received:
        if not (chunk := connection.recv(65536)):
            return None
        received += chunk
    head, _, body = received.partition(b"\r\n\r\n")
    headers = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
    length = int(headers.get(b"content-length", 0))
    while len(body) < length:
        if not (chunk := connection.recv(65536)):
            return None
        body += chunk
    return body[:length]


def _http(body: bytes) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


@contextlib.contextmanager
def running(folder: Path, **settings: Any) -> Iterator[AnkiServer]:
    """Serve a new collection in `folder` for the length of a `with` block."""
    server = AnkiServer(folder, **settings)
    try:
        yield server
    finally:
        server.close()
