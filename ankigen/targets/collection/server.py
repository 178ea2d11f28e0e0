"""A sync server: a copy of its collection on this machine, brought in step before each plan and after each writing.

The copy is nobody's original. What was written into it and perhaps not sent is known by a mark beside it, and the next
run then takes a new copy, so that looking never sends anything.
"""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Collection as Group
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ankigen.data import Collection, Guid, PackedNote, Template
from ankigen.errors import (
    CollectionChanged,
    CollectionReplaced,
    CopyOutOfStep,
    FullSyncWanted,
    NotASyncServer,
    ServerEmpty,
    SyncMoved,
    SyncPasswordWrong,
    SyncRefused,
    SyncUnreachable,
)
from ankigen.support import files
from ankigen.support.hashing import content_hash
from ankigen.support.structs import replace
from ankigen.targets.collection.client import CollectionFile, stamp_of
from ankigen.targets.collection.opening import make, require_library
from ankigen.targets.collection.reader import media_of
from ankigen.targets.collection.sync_address import Account, Ask, password_of
from ankigen.targets.collection.writer import CollectionWriter

if TYPE_CHECKING:
    from anki.collection import Collection as AnkiCollection

_NOTHING, _ORDINARY, _FULL, _DOWNLOAD = 0, 1, 2, 3
"""What a sync says that it needs; 4 is an upload."""
_MOVED = re.compile(r'code: 308, context: "(?P<other>[^"]*)"')
_A_MOMENT = 0.005
"""Seconds: what is written in the very millisecond in which a sync ended, the next one would not see."""
_LOOK = 0.1
"""Seconds between two looks at the sync of media."""


class SyncServer(CollectionFile):
    """The collection of an account; `folder` is this machine's own for what has to last."""

    _is_copy = True

    def __init__(self, account: Account, folder: Path, packages: Path, ask: Ask | None = None) -> None:
        self.account = account
        self.home = folder / "mirrors" / content_hash(account.name.encode(), 16)
        super().__init__(self.home / "collection.anki2", packages)
        self._ask = ask

    @property
    def name(self) -> str:
        """The server and the account: the same on all machines."""
        return self.account.name

    @contextmanager
    def opened(self) -> Iterator[AnkiCollection]:
        """The copy, open for the length of a `with` block; an empty one is made where there is none."""
        require_library()
        if not self.path.exists():
            self._make()
        with super().opened() as collection:
            yield collection

    def _make(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        make(self.path)

    # Reading

    def require_ready(self) -> None:
        """Log in and bring the copy in step. Raises what keeps either from being done."""
        with self.opened_in_step():
            pass

    def read(self, note_types: Group[int] = (), guids: Group[Guid] | None = None) -> Collection:
        """Read as a file is read; before all notes are read, what is new comes from the server."""
        if guids is None:
            self.require_ready()
        return super().read(note_types, guids)

    def read_around(self, collection: Collection, decks: Group[str] = (), *, with_media: bool = False) -> Collection:
        """The collection as it is, with the names of all media if they are asked for: then all of them come."""
        if not with_media:
            return collection
        with self.opened_in_step() as (copy, auth):
            self._sync_media(copy, auth)
            return replace(collection, media=media_of(copy))

    @contextmanager
    def opened_in_step(self) -> Iterator[tuple[AnkiCollection, Any]]:
        """The copy with all that the server has, and the key of the account; nothing of ours is sent."""
        if self._unsent.exists():
            shutil.rmtree(self.home / "collection.media", ignore_errors=True)
            for path in self.home.glob("collection.*"):
                if path.is_file():
                    path.unlink()
            self._unsent.unlink()
        with self.opened() as collection:
            auth = self._pull(collection)
            yield collection, auth

    @property
    def _unsent(self) -> Path:
        return self.home / "unsent"

    def _pull(self, collection: AnkiCollection) -> Any:
        try:
            auth, required = self._synced(collection)
        except CopyOutOfStep:
            auth, required = self._synced(collection)  # the library wants the whole collection now
        if required in {_FULL, _DOWNLOAD}:
            with self._asked():
                collection.close_for_full_sync()
                collection.full_upload_or_download(auth=auth, server_usn=None, upload=False)
                collection.reopen(after_full_sync=True)
            self._unsent.unlink(missing_ok=True)
        elif required not in {_NOTHING, _ORDINARY} or _is_new(collection):
            raise ServerEmpty(self.account.endpoint)
        return auth

    def _synced(self, collection: AnkiCollection) -> tuple[Any, int]:
        """The key, and what the server says is needed after an ordinary sync."""
        from anki.errors import SyncError, SyncErrorKind  # noqa: PLC0415

        auth = self._known_key()
        if auth is not None:
            try:
                return auth, self._sync(collection, auth)
            except SyncPasswordWrong as failure:
                cause = failure.__cause__
                assert isinstance(cause, SyncError)
                assert cause.kind is SyncErrorKind.AUTH
        auth = self._login(collection)
        return auth, self._sync(collection, auth)

    def _sync(self, collection: AnkiCollection, auth: Any) -> int:
        with self._asked(), self._in_step(collection):
            answer = collection.sync_collection(auth, False)
        if answer.new_endpoint.rstrip("/") not in {"", self.account.endpoint.rstrip("/")}:
            raise SyncMoved(self.account.endpoint, answer.new_endpoint)
        _pause(_A_MOMENT)
        return int(answer.required)

    @contextmanager
    def _in_step(self, collection: AnkiCollection) -> Iterator[None]:
        """Raise `CopyOutOfStep` if a sync ends with the count of both sides, and that differs; see to a new copy then.

        The server takes back what it got. This can happen if another device syncs at the same moment.
        """
        from anki.errors import SyncError  # noqa: PLC0415

        try:
            yield
        except SyncError as failure:
            if str(failure) != collection.tr.sync_sanity_check_failed():
                raise
            files.replace(self._unsent, b"")
            raise CopyOutOfStep(self.account.endpoint) from failure

    def _login(self, collection: AnkiCollection) -> Any:
        password = password_of(self.account, self._ask)
        with self._asked():
            auth = collection.sync_login(self.account.user, password, self.account.endpoint)
        files.replace(self._key, auth.hkey.encode())
        self._key.chmod(0o600)
        return self._auth(auth.hkey)

    @property
    def _key(self) -> Path:
        return self.home / "key"

    def _known_key(self) -> Any:
        return self._auth(files.read(self._key).decode()) if self._key.exists() else None

    def _auth(self, key: str) -> Any:
        from anki.sync import SyncAuth  # noqa: PLC0415

        return SyncAuth(hkey=key, endpoint=self.account.endpoint)

    @contextmanager
    def _asked(self) -> Iterator[None]:
        """Raise what the library says of a server as a failure of ours."""
        from anki.errors import InvalidInput, NetworkError, SyncError, SyncErrorKind  # noqa: PLC0415

        try:
            yield
        except NetworkError as failure:
            raise SyncUnreachable(self.account.endpoint, _first_line(failure)) from failure
        except InvalidInput as failure:
            raise NotASyncServer(self.account.endpoint) from failure
        except SyncError as failure:
            if failure.kind is SyncErrorKind.AUTH:
                self._key.unlink(missing_ok=True)
                raise SyncPasswordWrong(self.account.endpoint, self.account.user) from failure
            if moved := _MOVED.search(str(failure)):
                raise SyncMoved(self.account.endpoint, moved["other"]) from failure
            if "missing original size" in str(failure):  # what the library says of a web page
                raise NotASyncServer(self.account.endpoint) from failure
            raise SyncRefused(self.account.endpoint, _first_line(failure)) from failure

    # Writing

    @contextmanager
    def _writing(self, imports: Sequence[PackedNote], pack: partial[bytes]) -> Iterator[CollectionWriter]:
        """Write into the copy if the server has nothing new since it was read, and send all."""
        package = pack(imports) if imports else None
        with self.opened_in_step() as (collection, auth):
            self._require_unchanged(collection)
            files.replace(self._unsent, b"")
            with self._step(collection, package, pack, partial(self._sending_media, collection, auth)) as writer:
                yield writer
            self._send(collection, auth)
            self._stamp = stamp_of(collection)
        self._unsent.unlink()

    def _require_unchanged(self, collection: AnkiCollection) -> None:
        try:
            super()._require_unchanged(collection)
        except CollectionChanged as failure:
            raise CollectionChanged(self.account.endpoint) from failure

    @contextmanager
    def _sending_media(self, collection: AnkiCollection, auth: Any) -> Iterator[None]:
        """Know all files before some are written, and send those before anything else is.

        So no note shows what is not there. It may take minutes, in which the reader is at work: what came meanwhile
        must not be written over.
        """
        before = stamp_of(collection)
        self._sync_media(collection, auth)
        yield
        self._sync_media(collection, auth)
        if self._sync(collection, auth) not in {_NOTHING, _ORDINARY} or stamp_of(collection) != before:
            raise CollectionChanged(self.account.endpoint)

    def _send(self, collection: AnkiCollection, auth: Any) -> None:
        if self._sync(collection, auth) not in {_NOTHING, _ORDINARY}:
            raise CollectionReplaced(self.account.endpoint)

    def _sync_media(self, collection: AnkiCollection, auth: Any) -> None:
        with self._asked():
            collection.sync_media(auth)
            while collection.media_sync_status().active:
                _pause(_LOOK)

    def extend(self, note_type: str, fields: Iterable[str], templates: Iterable[Template] = ()) -> None:
        """Refuse: all devices would have to upload or download everything."""
        raise FullSyncWanted(self.account.endpoint)


def _is_new(collection: AnkiCollection) -> bool:
    """Whether a server has never had anything: its number of the next change, which the copy takes over, is zero."""
    assert collection.db is not None
    return not collection.db.scalar("select usn from col")


def _first_line(failure: Exception) -> str:
    return next(iter(str(failure).splitlines()), "it gave no reason")


def _pause(seconds: float) -> None:
    threading.Event().wait(seconds)
