"""Talks to a running Anki through AnkiConnect, with frozen values instead of JSON.

After `ConnectionLost` or `AnkiTimedOut` in a write, read again: it may have been carried out.
"""

from __future__ import annotations

import base64
import contextlib
import time
from collections.abc import Collection as Group
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from ankigen.data import (
    Collection,
    ExistingNote,
    ExportedNote,
    Guid,
    Html,
    MediaFile,
    NoteType,
    PackedNote,
    Studied,
    Template,
)
from ankigen.errors import (
    AddOnTooOld,
    AnkigenError,
    AnkiRefused,
    CannotRead,
    ImportRefused,
    MediaNameTaken,
)
from ankigen.outputs import pack
from ankigen.support import files
from ankigen.support.hashing import content_hash
from ankigen.targets import searches
from ankigen.targets.anki_connect import copied, foreign, reader, studied
from ankigen.targets.anki_connect.reader import PendingReading
from ankigen.targets.anki_connect.readiness import REFLECTION, require_actions, require_adopting, require_key
from ankigen.targets.anki_connect.wire import Action, Wire, action, begin
from ankigen.targets.anki_connect.writer import writing
from ankigen.targets.carrier import CARRIER
from ankigen.targets.target import Writer

LARGEST_PACKAGE = 700_000  # in base64 and with its envelope it is smaller than the largest body

_TRANSFER = "_ankigen-"


@dataclass(frozen=True)
class AnkiConnect(Wire):
    """A running Anki.

    Anki on this machine reads packages from `folder`, and media from where they are; without `folder`, both are
    uploaded.
    """

    folder: Path | None = None

    def require_ready(self) -> None:
        """Raise what prevents a sync, before anything is read or written."""
        require_key(self)
        require_actions(self.ask(REFLECTION))

    # Reading

    def read(self, note_types: Group[int] = (), guids: Group[Guid] | None = None) -> Collection:
        """Read the notes, cards and note types that a sync needs.

        `note_types` are ids to read even if no note has them; `guids`, if given, are the only notes to read.
        """
        return reader.Reading.begin(self, guids).collection(note_types)

    def begin_reading(self, note_types: Group[int]) -> PendingReading:
        """Begin to read in the background.

        Reading Anki while the notes are read takes 0.18 s off a plan of 10,000 notes (0.86 s).
        """
        require_key(self)
        return PendingReading.begin(self, note_types)

    def read_around(self, collection: Collection, decks: Group[str] = (), *, with_media: bool = False) -> Collection:
        """Add which of the target `decks` are filtered, and, if asked, the names of all media."""
        return reader.read_around(self, collection, decks, with_media=with_media)

    def read_studied(self, cards: Sequence[int], days: int) -> Studied:
        """Read all reviews of these cards, and how many of ankigen's cards are due on each of the next `days`."""
        return studied.read_studied(self, cards, days)

    def read_foreign(self, query: str | None = None) -> tuple[ExistingNote, ...]:
        """Read the notes without ankigen's fields, all or those that a search finds."""
        return foreign.read_foreign(self, query)

    def count_marked(self, note_ids: Group[int], fields: Iterable[str]) -> int:
        """Count the notes without ankigen's fields that have one of many ids, or text in one of these fields."""
        return foreign.count_marked(self, note_ids, fields)

    def read_exported(self, collection: str, decks: Group[str]) -> dict[int, ExportedNote]:
        """Read GUIDs and cards of the notes in decks and below, from packages that Anki exports with all media.

        Raises `AddOnTooOld` if the add-on could not convert these notes afterwards.
        """
        require_adopting(self.ask(REFLECTION))
        return foreign.read_exported(self, decks, self.beside(collection).folder)

    def copied_note_type(self, name: str) -> NoteType:
        """A note type with all that is needed to copy it, by its name. Raises `NoSuchNoteType`."""
        return copied.read_note_type(self, name)

    def find_notes(self, guid: Guid) -> list[int]:
        """Return the ids of the notes with a GUID, which is in its plain form."""
        return list(self.call("findNotes", query=searches.with_guid(guid)))

    def note_type_names(self) -> dict[int, str]:
        """Return the names of all note types by their ids."""
        return {id_: name for name, id_ in self.call("modelNamesAndIds").items()}

    # Writing

    def writing(
        self,
        collection: str,
        written: AbstractSet[int],
        imports: Sequence[PackedNote],
        descriptions: Mapping[str, Html],
    ) -> AbstractContextManager[Writer]:
        """Clean up after interrupted runs, pack the imports, and keep Anki's browser from overwriting them."""
        return writing(self.beside(collection), written, imports, partial(pack, descriptions=descriptions))

    def wait(self, seconds: float) -> None:
        """Give Anki's windows time to finish."""
        time.sleep(seconds)

    def beside(self, collection: str) -> AnkiConnect:
        """The same Anki, without `folder` if it runs on another machine, even one reached through a tunnel.

        `collection` is the path of its media folder: on this machine, if Anki runs here.
        """
        host = urlsplit(self.url).hostname or ""
        is_loopback = host in {"localhost", "::1"} or host.startswith("127.")
        return self if is_loopback and Path(collection).is_dir() else replace(self, folder=None)

    def prepare(self) -> Future[frozenset[int]]:
        """Begin to remove leftovers of interrupted runs; the result is the ids of notes that Anki's browser shows."""
        return begin(self._prepare)

    def _prepare(self) -> frozenset[int]:
        listing = action("getMediaFilesNames", pattern=f"{_TRANSFER}*.apkg")
        finding = action("findNotes", query=searches.with_guid(CARRIER))
        try:
            strays, carriers, selected = self.multi([listing, finding, action("guiSelectedNotes")])
        except AddOnTooOld:  # a server without a window has no browser
            strays, carriers, selected = *self.multi([listing, finding]), ()
        deletion = [action("deleteNotes", notes=carriers)] if carriers else []
        self.multi([*deletion, *(action("deleteMediaFile", filename=name) for name in strays)])
        for path in self.folder.glob(f"{_TRANSFER}*.apkg") if self.folder else ():
            path.unlink(missing_ok=True)
        return frozenset(selected)

    def largest_package(self) -> int | None:
        """The largest size of a package in bytes, if there is a limit."""
        return LARGEST_PACKAGE if self.folder is None else None

    def import_package(self, content: bytes) -> None:
        """Let Anki import a package, from `folder` if it can read there, else by a temporary upload.

        Anki gives the same reply whether it imported a note or skipped it, so the caller has to read back.
        Raises `ImportRefused` if Anki refuses the package.
        """
        if self.folder is not None:
            path = self.folder.absolute() / _transfer_name(content)
            with files.lent(path, content), contextlib.suppress(ImportRefused):
                self._import(str(path))
                return
        self._import_uploaded(content)

    def _import_uploaded(self, content: bytes) -> None:
        stored = self.call(
            "storeMediaFile", filename=_transfer_name(content), data=_base64(content), deleteExisting=False
        )
        try:
            self._import(f"{self.call('getMediaDirPath')}/{stored}")
        finally:
            # If this fails, the next run removes it: `prepare`.
            with contextlib.suppress(AnkigenError):
                self.call("deleteMediaFile", filename=stored)

    def _import(self, path: str) -> None:
        if self.call("importPackage", path=path) is not True:
            raise ImportRefused("")

    def send_media(self, media: Iterable[MediaFile]) -> None:
        """Put files into Anki's media folder; raises `MediaNameTaken` if another file has one of the names."""
        chosen = [file for file in media if _size(file)]  # Anki refuses an empty file
        for file, stored in zip(chosen, self._store(chosen), strict=True):
            if stored != file.name:
                self.call("deleteMediaFile", filename=stored)
                raise MediaNameTaken(file.name)

    def _store(self, media: Sequence[MediaFile]) -> list[str]:
        if media and self.folder is not None:
            with contextlib.suppress(AnkiRefused):  # Anki may live in a sandbox that cannot open the path
                return self.multi(_store_action(file, path=str(Path(file.path).absolute())) for file in media)
        return self.multi(_store_action(file, data=_base64(files.read(Path(file.path)))) for file in media)

    def move(self, cards: Iterable[int], deck: str) -> None:
        """Move cards to a deck, which is created if needed and must not be filtered."""
        self.call("changeDeck", cards=list(cards), deck=deck)

    def suspend(self, cards: Iterable[int]) -> None:
        """Suspend cards; if one of them does not exist, none is suspended."""
        self.call("suspend", cards=list(cards))

    def unsuspend(self, cards: Iterable[int]) -> None:
        """Unsuspend cards; this would also unbury buried ones."""
        self.call("unsuspend", cards=list(cards))

    def add_tags(self, notes: Mapping[str, Iterable[int]]) -> None:
        """Add each tag to its notes, whose modification time becomes now."""
        self.multi(action("addTags", notes=list(ids), tags=tag) for tag, ids in notes.items())

    def remove_tag(self, notes: Iterable[int], tag: str) -> None:
        """Remove one tag and its child tags from many notes, whose modification time becomes now."""
        self.call("removeTags", notes=list(notes), tags=tag)

    def delete_notes(self, notes: Iterable[int]) -> None:
        """Delete notes with their cards and schedules, permanently."""
        self.call("deleteNotes", notes=list(notes))

    def update_note_types(self, notes: Mapping[int, PackedNote], names: Mapping[int, str]) -> None:
        """Change the note type of notes, by their ids, with all fields and tags; `names` has the note types by id."""
        self.multi(_conversion_action(id_, packed, names[packed.note_type.id]) for id_, packed in notes.items())

    def extend(self, note_type: str, fields: Iterable[str], templates: Iterable[Template] = ()) -> None:
        """Add fields and cards at the end; Anki then needs a full sync, and new fields make all notes modified now.

        The fields come first, because the cards may show them.
        """
        for name in fields:
            self.call("modelFieldAdd", modelName=note_type, fieldName=name)
        for template in templates:
            texts = {"Name": template.name, "Front": template.front, "Back": template.back}
            self.call("modelTemplateAdd", modelName=note_type, template=texts)

    def restyle(self, note_type: str, templates: Iterable[Template], css: str) -> None:
        """Replace the text of existing templates and the CSS; read back, since Anki may use a stale cache."""
        texts = {template.name: {"Front": template.front, "Back": template.back} for template in templates}
        self.multi([
            action("updateModelTemplates", model={"name": note_type, "templates": texts}),
            action("updateModelStyling", model={"name": note_type, "css": css}),
        ])  # fmt: skip

    def clear_browser(self) -> None:
        """Make the browser show no notes, so that its editor cannot write back a stale note; it takes the focus."""
        self.call("guiBrowse", query="nid:0")


def _transfer_name(content: bytes) -> str:
    return f"{_TRANSFER}{content_hash(content, 16)}.apkg"


def _conversion_action(note: int, packed: PackedNote, note_type: str) -> Action:
    """The action with all fields and tags, since Anki empties those not given."""
    fields = dict(zip(packed.note_type.fields, packed.values, strict=True))
    given = {"id": note, "modelName": note_type, "fields": fields, "tags": list(packed.tags)}
    return action("updateNoteModel", note=given)


def _size(file: MediaFile) -> int:
    try:
        return Path(file.path).stat().st_size
    except OSError as failure:
        raise CannotRead(Path(file.path), failure) from failure


def _store_action(file: MediaFile, **content: str) -> Action:
    return action("storeMediaFile", filename=file.name, deleteExisting=False, **content)


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")
